"""Every refusal the emulator can answer with. Wording is contract: change it here, nowhere else.

`params` refuses what a request says, `requests` who says it and where, `objects` what it is about,
`cards` is what issuers answer, `money` and `accounts` are the rules of Connect, `control` our own
routes.
"""

from emulator.kernel.errors.refusal import Refusal, doc_url, invalid, refuse

__all__ = ["Refusal", "doc_url", "invalid", "refuse"]
