"""A value in the file that cannot be read: one wrong letter in an enum, a day that is none, bytes that are no text.

It is its row's problem. It can be shown, and nothing else can be done with it: whatever counts, compares or looks it
up gets a `DamagedValue`, one sentence that says where to mend it. `store/damage.py` finds them all.
"""

from typing import Any, NoReturn, Self

from expo_app.errors import UserError
from expo_app.i18n import N_, _

SHOWN = N_("⚠ 数据损坏")
"""What stands in its place, on screens and in documents."""


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

    def _refuse(self, *_others: object) -> NoReturn:
        raise DamagedValue(self.column)

    __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __neg__ = _refuse
    __int__ = __float__ = __index__ = _refuse


def is_damaged(value: object) -> bool:
    """Whether this stands for a value that cannot be read."""
    return isinstance(value, DamagedText)
