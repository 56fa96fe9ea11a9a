"""What an IBAN says about its bank: country, bank code, branch code."""

from __future__ import annotations

from typing import Final, NamedTuple

# Country -> letters before the bank code, of the bank code, of the branch code. BE, DE, FI, FR and
# HR are observed; the others are the IBAN registry's.
_LAYOUTS: Final[dict[str, tuple[int, int, int]]] = {
    "AT": (0, 5, 0),
    "BE": (0, 3, 0),
    "BG": (0, 4, 4),
    "CH": (0, 5, 0),
    "CY": (0, 3, 5),
    "CZ": (0, 4, 0),
    "DE": (0, 8, 0),
    "DK": (0, 4, 0),
    "EE": (0, 2, 0),
    "ES": (0, 4, 4),
    "FI": (0, 6, 0),
    "FR": (0, 5, 5),
    "GB": (0, 4, 6),
    "GI": (0, 4, 0),
    "GR": (0, 3, 4),
    "HR": (0, 7, 0),
    "HU": (0, 3, 4),
    "IE": (0, 4, 6),
    "IT": (1, 5, 5),
    "LI": (0, 5, 0),
    "LT": (0, 5, 0),
    "LU": (0, 3, 0),
    "LV": (0, 4, 0),
    "MC": (0, 5, 5),
    "MT": (0, 4, 5),
    "NL": (0, 4, 0),
    "NO": (0, 4, 0),
    "PL": (0, 8, 0),
    "PT": (0, 4, 4),
    "RO": (0, 4, 0),
    "SE": (0, 3, 0),
    "SI": (0, 5, 0),
    "SK": (0, 4, 0),
    "SM": (1, 5, 5),
}
_USUAL: Final = (0, 4, 0)


class Iban(NamedTuple):
    """number: without spaces, in capitals. branch_code: empty where the country has none."""

    number: str
    country: str
    bank_code: str
    branch_code: str

    @property
    def last4(self) -> str:
        return self.number[-4:]


def read(text: str) -> Iban:
    """The parts of an IBAN, valid or not."""
    number = text.replace(" ", "").replace("-", "").upper()
    country = number[:2]
    skip, bank, branch = _LAYOUTS.get(country, _USUAL)
    start = 4 + skip
    return Iban(
        number,
        country,
        number[start : start + bank],
        number[start + bank : start + bank + branch],
    )
