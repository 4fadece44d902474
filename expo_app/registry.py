"""Every area there is, for the layers below: central code asks here and names no area itself.

An area is one file in `expo_app/areas/`, whose `AREA` says what it registers; `areas/registration.py` has the types.
This module stands at the bottom so that a save, an import or a report can ask it; the areas are loaded at the first
question.
"""

from functools import cache
from importlib import import_module
from typing import Any


@cache
def areas() -> tuple[Any, ...]:
    """Every `areas.registration.Area`, in the order of the rail."""
    found: tuple[Any, ...] = import_module("expo_app.areas").AREAS
    return found
