"""Fetches what people sent from the providers that hold it; used by the worker only."""
