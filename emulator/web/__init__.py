"""HTTP: requests and answers of /v1, /v2 and /_emulator, and the pages for people."""
