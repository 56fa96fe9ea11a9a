"""Reads the installed `stripe` package and writes the facts in it to `schemas/stripe/`.

Only names, types and values are taken: no prose. Run `python -m emulator.devtools.contract`.
"""
