"""The rules of billing: what prices come to, for which periods, and the end of unpaid ones."""
