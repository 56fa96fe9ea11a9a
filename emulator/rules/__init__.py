"""Stripe's rules as pure functions over the tables in `schemas/rules/`: no state, no world."""
