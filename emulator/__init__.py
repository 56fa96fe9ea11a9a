"""A Stripe-compatible server for teams who build on Stripe Connect."""

__version__ = "0.1.0"
