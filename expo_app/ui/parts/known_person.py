"""Whether who is being registered is known: said in the form while it is filled in, with who it is and a choice."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules import phones
from expo_app.services.attendees import UNSAID, Said
from expo_app.services.known_people import KnownPerson, Newcomer, find_known
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.jobs import run_job
from expo_app.ui.kit.panels import clear, column, row
from expo_app.ui.kit.placeholders import Banner

TELLING = ("person.name", "person.phone", "organisation_id")
"""Fields that say who it is."""
ALSO = ("person.email", "person.name_en")
"""And of a form that has them."""
LOOK = 250  # ms after the last key before it is looked up who is known


def newcomer(name: str, phone: str, organisation: str, email: str = "", name_en: str = "") -> Newcomer:
    """What a form says so far; a number that is no telephone number yet says nothing."""
    kept = ""
    with suppress(ValueError):
        kept = phones.parse(phone) if phone.strip() else ""
    return Newcomer(name.strip(), kept, organisation.strip(), None, email.strip(), name_en.strip())


Ask = Callable[[Callable[[], Any], Callable[[Any], object]], object]
"""`ask(work, done)`: `work()` off the window's thread, then `done(result)` on it."""
Find = Callable[[Newcomer, Collection[uuid.UUID]], KnownPerson | None]


def finder(context: Context) -> Find:
    """Who is known in the expo that is open."""

    def find(somebody: Newcomer, apart: Collection[uuid.UUID]) -> KnownPerson | None:
        return find_known(context.db, context.expo_id, somebody, apart) if context.expo_id else None

    return find


def asking(owner: QWidget) -> Ask:
    """Questions of a form: answered while it is there."""
    return lambda work, done: run_job(owner, "", lambda _progress: work(), done, card=False)


class KnownNotice(QWidget):
    """Asks, a moment after the last key and off the window's thread, whether `somebody()` is known, and says so.

    `seen(known)`: go to that registration. `changed`: something else is said. `decided`: something was chosen.
    """

    seen = Signal(object)
    changed = Signal()
    decided = Signal()

    def __init__(self, somebody: Callable[[], Newcomer], find: Find, ask: Ask) -> None:
        super().__init__()
        self._somebody, self._find, self._ask = somebody, find, ask
        self._wait = QTimer(self, singleShot=True, interval=LOOK)
        self._wait.timeout.connect(self.look)
        self._lines = column(self, theme.Space.S)
        self.known: KnownPerson | None = None
        self.said: Said = UNSAID
        self.buttons: list[Button] = []
        self.hide()

    @property
    def blocks(self) -> bool:
        """Whether nobody may be registered as things stand."""
        return self.known is not None and (self.known.is_registered or not self.known.is_sure)

    @property
    def is_open(self) -> bool:
        """Whether what is shown is about what is typed, and nobody may be registered."""
        return self.blocks and not self._wait.isActive()

    def edited(self, is_name: bool = False) -> None:
        """Something else is typed: who was meant is open again; of another name everything is."""
        self.said = UNSAID if is_name else Said(apart=self.said.apart)
        self._wait.start()

    def look(self, then: Callable[[], object] = lambda: None) -> None:
        """Ask now; `then` follows the answer."""
        self._wait.stop()
        asked = self._asked()
        if not asked.name and asked.person_id is None:
            self.show_known(None)
            return

        def answered(known: KnownPerson | None) -> None:
            if asked == self._asked():  # else a later question is on its way
                self.show_known(known)
                then()

        self._ask(partial(self._find, asked, self.said.apart), answered)

    def _asked(self) -> Newcomer:
        """The newcomer with what was chosen here."""
        somebody = self._somebody()
        return replace(somebody, person_id=self.said.person_id) if self.said.person_id else somebody

    def refused(self, known: KnownPerson) -> None:
        """Another desk was faster, or nobody had looked: the choice is here now."""
        self._wait.stop()
        self.show_known(known)
        self.focus()

    def start(self) -> None:
        """The next person."""
        self.said = UNSAID
        self._wait.stop()
        self.show_known(None)

    def show_known(self, known: KnownPerson | None) -> None:
        """Say who it is, or probably is."""
        if known == self.known and known is not None:
            return
        self.known, self.buttons = known, []
        clear(self._lines)
        if known is None:
            self.hide()
            self.changed.emit()
            return
        kind, words = _said_of(known)
        self._lines.addWidget(Banner(kind, words, small=True))
        line = row(spacing=theme.Space.S)
        self.buttons = self._choices(known)
        for button in self.buttons:
            line.addWidget(button)
        line.addStretch(1)
        self._lines.addLayout(line)
        self.show()
        for button in self.buttons:
            button.show()  # at once: it is to take the focus
        self.changed.emit()

    def focus(self) -> None:
        """Put the focus on what is to be chosen."""
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _choices(self, known: KnownPerson) -> list[Button]:
        see = partial(self.seen.emit, known)
        if known.is_registered and known.is_sure:
            return [Button(_("查看"), clicked=see)]
        other = Button(_("另一个人，照样登记"), clicked=partial(self._is_apart, known))
        if known.is_sure:
            return [other]
        same = Button(_("就是这位"), clicked=see if known.is_registered else partial(self._is_the_one, known))
        return [same, other]

    def _is_the_one(self, known: KnownPerson) -> None:
        self._decide(replace(self.said, person_id=known.person_id))

    def _is_apart(self, known: KnownPerson) -> None:
        self._decide(Said(apart=self.said.apart | {known.person_id}))

    def _decide(self, said: Said) -> None:
        self.said = said
        self.show_known(None)
        self.decided.emit()
        self.look(lambda: self.focus() if self.blocks else None)


def _said_of(known: KnownPerson) -> tuple[str, str]:
    """(kind of banner, words)."""
    if known.is_registered and known.is_sure:
        return "warn", _("已登记过：{number}").format(number=known.badge_no)
    if known.is_registered:
        return "warn", _("可能已经登记过：{who}。{why}。").format(who=known.words, why=known.why)
    if known.is_sure:
        return "info", _("已有这位的资料：{who}。登记用同一份。").format(who=known.words)
    return "warn", _("可能已有这位的资料：{who}。{why}。").format(who=known.words, why=known.why)
