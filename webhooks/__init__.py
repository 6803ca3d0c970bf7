"""The composition root: the app, the worker, the command line and the inbound adapters."""
