"""What a page can take back: acts with their opposite, said in a toast that offers 撤销."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services import steps
from expo_app.services.steps import Step
from expo_app.store.database import Database
from expo_app.ui.kit import jobs, messages

MOOT = ("E-GONE", "E-UNDONE")
"""Refusals after which an act has nothing left to take back."""


@dataclass(frozen=True)
class Act:
    """Something done: what to say, how to take it back (None: it cannot be), how to do it again (None: not so either).

    `slow`: taking it back and doing it again are work for a job. `wrote`: not so where it left everything as it was.
    """

    words: str
    undo: Callable[[], object] | None
    redo: Callable[[], object] | None = None
    slow: bool = False
    wrote: bool = True


class UndoList:
    """The acts of one page, newest last. Nothing is taken back past an act that cannot be."""

    def __init__(self, host: QWidget) -> None:
        self._host = host
        self._done: list[Act] = []
        self._undone: list[Act] = []
        self._offer: messages.Toast | None = None
        self._job: jobs.Job | None = None

    def add(self, act: Act, say: bool = True) -> None:
        """Remember what was done, and say it (a page that says it itself: `say=False`)."""
        if not act.wrote:
            if say:
                messages.show(self._host, act.words, "ok")
            return
        if act.undo is None:
            self._done.clear()  # it may rest on any of them
        self._done.append(act)
        self._undone.clear()
        self._withdraw()
        if say:
            offer = (_("撤销"), self.undo) if act.undo is not None else None
            self._offer = messages.show(self._host, act.words, "ok", offer)

    def bar(self, words: str, say: bool = True) -> None:
        """Remember something that cannot be taken back: neither can what came before it."""
        self.add(Act(words, None), say)

    def _withdraw(self) -> None:
        """The 撤销 of a toast means the act it tells of: it goes once another act is the last one."""
        if self._offer is not None and isValid(self._offer) and self._offer.isVisible():
            self._offer.dismiss()
        self._offer = None

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to take back."""
        return bool(self._done) and self._done[-1].undo is not None

    @property
    def last(self) -> Act | None:
        """What would be taken back next."""
        return self._done[-1] if self._done else None

    def has(self, act: Act) -> bool:
        """Whether an act is done and can still be taken back, after those that came later."""
        return any(one is act for one in self._done)

    def clear(self) -> None:
        """Forget everything."""
        self._withdraw()
        self._done.clear()
        self._undone.clear()

    def undo(self) -> None:
        """Take back the last act; where that is refused it stays on the list, and so does what came before it."""
        act = self._done[-1] if self._done else None
        if act is None or self._job is not None:
            return
        if act.undo is None:
            messages.show(self._host, _("“{what}”不能撤销").format(what=act.words))
        elif act.slow:
            title = _("撤销“{what}”").format(what=act.words.removeprefix("已"))
            self._begin(title, act.undo, lambda: self._taken_back(act), lambda error: self._refused(act, error))
        else:
            try:
                act.undo()
            except UserError as error:
                self._refused(act, error)
            else:
                self._taken_back(act)

    def _begin(
        self, title: str, work: Callable[[], object], done: Callable[[], None], refused: Callable[[UserError], None]
    ) -> None:
        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                refused(error)

        self._withdraw()
        job = self._job = jobs.run_job(self._host, title, lambda _progress: work(), lambda _none: done(), failed)
        job.finished.connect(self._on_finished)

    def _on_finished(self) -> None:
        self._job = None

    def _refused(self, act: Act, error: UserError) -> None:
        messages.show(self._host, error)
        if error.code in MOOT and act in self._done:
            self._done.remove(act)

    def _taken_back(self, act: Act) -> None:
        if act in self._done:
            self._done.remove(act)
            self._undone.append(act)
        self._withdraw()
        messages.show(self._host, _("已撤销“{what}”").format(what=act.words.removeprefix("已")), "ok")

    def redo(self) -> None:
        """Do again what was taken back last; what was done after something that cannot be, cannot be either."""
        act = self._undone[-1] if self._undone and self._job is None else None
        if act is None:
            return
        if act.redo is None:
            messages.show(self._host, _("“{what}”撤销后不能重做").format(what=act.words))
        elif act.slow:
            title = _("重做“{what}”").format(what=act.words.removeprefix("已"))
            self._begin(title, act.redo, lambda: self._done_again(act), self._say)
        elif attempt(self._host, act.redo):
            self._done_again(act)

    def _say(self, error: UserError) -> None:
        messages.show(self._host, error)

    def _done_again(self, act: Act) -> None:
        if act in self._undone:
            self._undone.remove(act)
            self._done.append(act)
        messages.show(self._host, act.words, "ok")


def step_act(words: str, db: Database, step: Step | None) -> Act:
    """A save as an act: everything it wrote goes, and comes again, at once."""
    if step is None:
        return Act(words, None)
    if not step.wrote:
        return Act(words, None, wrote=False)
    return Act(words, partial(steps.take_back, db, step), partial(steps.do_again, db, step))


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
