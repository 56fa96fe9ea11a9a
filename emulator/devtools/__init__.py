"""What makes `schemas/` and says what is covered. Not shipped."""
