"""The same value with something changed, as the type checker wants it."""

from typing import TYPE_CHECKING

__all__ = ["replace"]

if TYPE_CHECKING:  # which knows the names and types of a Struct's fields here; by msgspec's own it would take anything
    from dataclasses import replace
else:
    from msgspec.structs import replace
