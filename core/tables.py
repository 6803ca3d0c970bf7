"""Every table of the domain, gathered for Alembic."""

import importlib.util
import pkgutil

import core


def load() -> None:
    """Import each noun's tables, so that the shared metadata knows them all."""
    for module in pkgutil.iter_modules(core.__path__, "core."):
        if module.ispkg and importlib.util.find_spec(f"{module.name}.tables"):
            importlib.import_module(f"{module.name}.tables")
