"""Files: what is uploaded, what is made for reading, and who may fetch it.

Read `files`, then `links`; `papers` are made for reading, such as the PDF of an invoice.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.files.files import FILES
from emulator.resources.files.links import FILE_LINKS

RESOURCES: Final[tuple[Resource, ...]] = (FILES, FILE_LINKS)
