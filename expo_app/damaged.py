"""A value in the file that cannot be read: one wrong letter in an enum, a day that is none, bytes that are no text.

It is its row's problem. It can be shown, and nothing else can be done with it: whatever counts, compares or looks it
up gets a `DamagedValue`, one sentence that says where to mend it. `store/damage.py` finds them all.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any, NoReturn, Self, TypeVar

from expo_app.errors import UserError
from expo_app.i18n import N_, _

SHOWN = N_("⚠ 数据损坏")
"""What stands in its place, on screens and in documents."""
Row = TypeVar("Row", bound=Iterable[Any])
_met: ContextVar[list["DamagedText"] | None] = ContextVar("met", default=None)


class DamagedValue(UserError):  # noqa: N818  (a UserError like the others)
    """A damaged value was needed for something else than being shown."""

    def __init__(self, column: str) -> None:
        words = _("有一条记录的“{column}”已损坏，这一步没有做完。其他数据不受影响。请用检查（doctor）找到并修复它。")
        super().__init__(words.format(column=column), "E-DAMAGED")


class DamagedText(str):
    """In the place of a text. `column`: as the statement called it; `raw`: what stands in the file."""

    __slots__ = ("column", "raw")
    column: str
    raw: Any

    def __new__(cls, column: str, raw: Any) -> Self:
        made = super().__new__(cls, _(SHOWN))
        made.column, made.raw = column, raw
        if (met := _met.get()) is not None:
            met.append(made)
        return made


class Damaged(DamagedText):
    """In the place of a number, a day, a word of a list or whatever else is no text."""

    __slots__ = ()

    @property
    def label(self) -> str:
        """Like that of an enum."""
        return str(self)

    def __format__(self, _spec: str) -> str:
        return str(self)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)  # how Python and its libraries ask what an object can do
        raise DamagedValue(self.column)

    def __add__(self, other: object) -> str:
        return str(self) + other if isinstance(other, str) else self._refuse()

    def __radd__(self, other: object) -> str:
        return other + str(self) if isinstance(other, str) else self._refuse()

    def _refuse(self, *_others: object) -> NoReturn:
        raise DamagedValue(self.column)

    __iter__ = __getitem__ = __contains__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _refuse
    __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __floordiv__ = __neg__ = _refuse
    __round__ = __divmod__ = __and__ = __or__ = _refuse
    __int__ = __float__ = __index__ = _refuse


def is_damaged(value: object) -> bool:
    """Whether this stands for a value that cannot be read."""
    return isinstance(value, DamagedText)


class DamagedFlag(Damaged):
    """In the place of a yes or no: taken for no, so that it hides and stops nothing."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


@contextmanager
def noticed() -> Iterator[list[DamagedText]]:
    """The damaged values that are read inside."""
    met: list[DamagedText] = []
    token = _met.set(met)
    try:
        yield met
    finally:
        _met.reset(token)


def readable(value: Any, instead: Any = None) -> Any:
    """The value, or what is given `instead` of a damaged one: where nothing is decided by it."""
    return instead if is_damaged(value) else value


def told(value: Any, column: str) -> Any:
    """The value; where `readable` left none of what every row has, what is shown in its place."""
    return Damaged(column, None) if value is None else value


def sound(rows: Iterable[Row]) -> list[Row]:
    """Those of the rows in which everything can be read."""
    return [row for row in rows if not any(map(is_damaged, row))]


def read_past(row: Any, **instead: Any) -> Any:
    """A row of a result whose damaged values are None, or what is given `instead`; itself where there are none."""
    if not any(map(is_damaged, row)):
        return row
    return SimpleNamespace(**{name: readable(value, instead.get(name)) for name, value in row._mapping.items()})
