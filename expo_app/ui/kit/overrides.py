"""Errors that leave a method which Qt calls: PySide on Python 3.11 and older ends the process at some of them.

An error raised by C code (1 / 0, a missing key) is no object yet when it leaves the method, and PySide's words in front
of it are written into nothing: a segmentation fault wherever Python had asked Qt for something (`show`, `setFocus`)
and Qt called back. Catching it once makes it an object; then the last-resort handler hears of it like of any other.
"""

import functools
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject

FIRST_GOOD = (3, 12)
ENDINGS = ("Event", "event", "eventFilter", "Hint", "HintForColumn", "HintForRow")
OTHERS = frozenset(
    {
        "paint", "paintCell", "boundingRect", "drawBackground", "drawForeground", "itemChange", "data", "setGeometry",
        "heightForWidth", "createEditor", "createIndex", "headerData", "focusNextPrevChild", "inputMethodQuery",
    }
)  # fmt: skip


def is_called_by_qt(name: str) -> bool:
    """Whether a method of this name takes the place of one that Qt calls; slots are not among them."""
    return name.endswith(ENDINGS) or name in OTHERS


def caught_once(method: Callable[..., Any]) -> Callable[..., Any]:
    """The same method; an error that leaves it is an object."""

    @functools.wraps(method)
    def call(*args: Any, **named: Any) -> Any:
        try:
            return method(*args, **named)
        except BaseException:
            raise

    return call


def guard() -> None:
    """From now on for every class made of one of Qt's."""
    base: Any = QObject.__mro__[1]  # what Qt's classes have in common, graphics items too

    def on_subclass(cls: type, **named: Any) -> None:
        super(base, cls).__init_subclass__(**named)
        for name, method in list(vars(cls).items()):
            if isinstance(method, FunctionType) and is_called_by_qt(name):
                setattr(cls, name, caught_once(method))

    base.__init_subclass__ = classmethod(on_subclass)


if sys.version_info < FIRST_GOOD:
    guard()
