FROM python:3.13-slim

WORKDIR /src
COPY . .
RUN pip install --no-cache-dir . && rm -rf /src/* && useradd --system --no-create-home emulator

WORKDIR /
USER emulator
ENV EMULATOR_HOST=0.0.0.0
EXPOSE 12111
HEALTHCHECK --interval=5s --timeout=3s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('EMULATOR_PORT', '12111') + '/_emulator/health', timeout=2)"]
CMD ["connect-emulator"]
