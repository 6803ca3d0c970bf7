"""Clients of the providers that carry our messages; used by the worker only."""
