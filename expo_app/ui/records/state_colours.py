"""Which colour and shape a state or category has, for tables, panels and pills alike, as its area registers it."""

from functools import cache
from typing import Any

from expo_app import registry
from expo_app.damaged import is_damaged
from expo_app.specs import Outcome

_OUTCOMES = {Outcome.NEW: "ok", Outcome.CHANGED: "info", Outcome.SAME: "mute", Outcome.INVALID: "bad"}


@cache
def _pills() -> dict[Any, str]:
    return _OUTCOMES | {key: kind for area in registry.areas() for key, kind in area.pills.items()}


@cache
def _dots() -> dict[Any, str]:
    return {key: token for area in registry.areas() for key, token in area.dots.items()}


def pill(value: Any) -> str:
    """The kind of a state's pill; neutral for what has no rule."""
    return "mute" if is_damaged(value) else _pills().get(value, "mute")


def dot(value: Any) -> str:
    """The colour token of a category's mark; grey for what has no rule."""
    return _dots().get(value, "cat.service")
