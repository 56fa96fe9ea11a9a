"""An OpenAPI 3.1 document of the contract: what other tools read, and what the fuzzer asks by."""

from emulator.contract.openapi.document import document, operation_id
from emulator.contract.openapi.parameters import Known

__all__ = ["Known", "document", "operation_id"]
