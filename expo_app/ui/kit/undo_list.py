"""What a page can take back: acts with their opposite, said in a toast that offers 撤销."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.ui.kit import messages


@dataclass(frozen=True)
class Act:
    """Something done: what to say, how to take it back, how to do it again (None: cannot be repeated)."""

    words: str
    undo: Callable[[], object]
    redo: Callable[[], object] | None = None


class UndoList:
    """The acts of one page, newest last."""

    def __init__(self, host: QWidget) -> None:
        self._host = host
        self._done: list[Act] = []
        self._undone: list[Act] = []
        self._offer: messages.Toast | None = None

    def add(self, act: Act, say: bool = True) -> None:
        """Remember what was done, and say it (a page that says it itself: `say=False`)."""
        self._done.append(act)
        self._undone.clear()
        self._withdraw()
        if say:
            self._offer = messages.show(self._host, act.words, "ok", (_("撤销"), self.undo))

    def _withdraw(self) -> None:
        """The 撤销 of a toast means the act it tells of: it goes once another act is the last one."""
        if self._offer is not None and isValid(self._offer) and self._offer.isVisible():
            self._offer.dismiss()
        self._offer = None

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to take back."""
        return bool(self._done)

    def clear(self) -> None:
        """Forget everything."""
        self._withdraw()
        self._done.clear()
        self._undone.clear()

    def undo(self) -> None:
        """Take back the last act; where that is refused it stays on the list."""
        act = self._done[-1] if self._done else None
        if act is not None and attempt(self._host, act.undo, _("已撤销：{what}").format(what=act.words)):
            self._done.remove(act)
            self._withdraw()
            if act.redo is not None:
                self._undone.append(act)

    def redo(self) -> None:
        """Do again what was taken back last."""
        act = self._undone[-1] if self._undone else None
        if act is not None and act.redo is not None and attempt(self._host, act.redo, act.words):
            self._done.append(self._undone.pop())


def attempt(host: QWidget, act: Callable[[], object], said: str = "") -> bool:
    """Do it and say so; a UserError is shown instead. Whether it worked."""
    try:
        act()
    except UserError as error:
        messages.show(host, error)
        return False
    if said:
        messages.show(host, said, "ok")
    return True
