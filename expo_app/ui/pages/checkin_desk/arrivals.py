"""Who comes without a code: found by what is known of them (F3), or registered on the spot (F2)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.rules import phones
from expo_app.rules.categories import WalkIn
from expo_app.rules.terms import Term, Terms
from expo_app.services.attendees import Registration, Said
from expo_app.services.checkin import Found, Matches
from expo_app.services.known_people import AlreadyKnown, KnownPerson, Newcomer
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, Tick
from expo_app.ui.kit.fields import ComboBox, FormField, SearchField
from expo_app.ui.kit.labels import Label
from expo_app.ui.pages.checkin_desk.desk_widgets import LineList
from expo_app.ui.pages.checkin_desk.panels import ENTER, Ask, SidePanel
from expo_app.ui.pages.checkin_desk.verdict_words import found_line
from expo_app.ui.parts.known_person import KnownNotice, newcomer

NAME, PHONE, PLACE = 60, 40, 120


class SearchPanel(SidePanel):
    """F3: one Chinese character, pinyin, initials, four digits, company or number; arrows, Enter admits."""

    picked = Signal(object)  # Found

    def __init__(self, ask: Ask, find: Callable[..., Matches], text: str = "") -> None:
        """`find(text, after=n)`: some of those found behind the first n, and how many there are."""
        super().__init__(_("人工查询"))
        self._ask, self._find, self._asked, self.found = self.while_here(ask), find, "", list[Found]()
        self.total, self._is_adding = 0, False
        self.line = SearchField(_("姓名、拼音、手机后四位、单位"))
        self.line.searched.connect(self._search)
        self.line.installEventFilter(self)
        self.first = self.line
        self.results = LineList(can_pick=True)
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.picked.connect(lambda n: self.picked.emit(self.found[n]))
        self.results.moved.connect(self._on_moved)
        self.results.show_lines([], _("输入一个字就能查"))
        self.count = Label("", "caption")
        self.body.addWidget(self.line)
        self.body.addWidget(self.count)
        self.body.addWidget(self.results, 1)
        self.body.addWidget(Label(_("↑↓ 选择 · Enter 签到 · Esc 返回"), "caption"))
        if text:
            self.line.setText(text)
            self.line.selectAll()

    def set_low(self, low: bool) -> None:
        """Lower rows in a low window."""
        self.results.row_height = theme.Kiosk.ROW_LOW if low else theme.Kiosk.ROW

    def _search(self, text: str) -> None:
        self._asked = text
        self._ask(partial(self._find, text), partial(self._show, text), self.say)

    def _show(self, text: str, matches: Matches) -> None:
        if text != self._asked:
            return  # an older question answered late
        self.say("")
        self.found, self.total, self._is_adding = list(matches.found), matches.total, False
        note = _("没有找到“{text}”，可按 F2 登记").format(text=text) if text.strip() else _("输入一个字就能查")
        self.results.show_lines([found_line(one) for one in self.found], note)
        self._show_count()

    def _show_count(self) -> None:
        words = _("第 {at} 人，共 {n} 人").format(at=f"{self.results.current + 1:,}", n=f"{self.total:,}")
        self.count.setText(words if self.found else "")

    def _on_moved(self, n: int) -> None:
        """The next ones are fetched before the last row is reached."""
        self._show_count()
        if self._is_adding or len(self.found) >= self.total or n + self.results.room < len(self.found):
            return
        self._is_adding = True
        text, after = self._asked, len(self.found)
        self._ask(partial(self._find, text, after=after), partial(self._add, text, after), self._on_add_failed)

    def _add(self, text: str, after: int, matches: Matches) -> None:
        if text != self._asked or after != len(self.found):
            return
        self._is_adding = False
        self.found += matches.found
        self.total = matches.total if matches.found else len(self.found)
        self.results.add_lines([found_line(one) for one in matches.found])
        self._show_count()

    def _on_add_failed(self, error: Exception) -> None:
        self._is_adding = False
        self.say(error)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        page = self.results.room
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        if event.key() in steps:
            self.results.move_current(steps[Qt.Key(event.key())])
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return True
        if event.key() in ENTER and self.line.text() == self._asked and self._asked:
            self.results.pick()
            return True
        return False


class WalkInPanel(SidePanel):
    """F2: registers a visitor on the spot; then offers the badge. What was typed stays until saved or Esc.

    Enter goes on to the next field and, in the last one, registers; who is known is said while typing, and nobody is
    registered while it is open whether it is that person. `seen(known)`: go to that registration.
    """

    registered = Signal(object)  # Registration
    seen = Signal(object)  # Known

    def __init__(
        self,
        ask: Ask,
        register: Callable[[Mapping[str, Any], Said], Registration],
        find: Callable[[Newcomer, Collection[uuid.UUID]], KnownPerson | None],
        categories: Terms[Term],
        today: date | None,
        offered: Mapping[str, Any],
    ) -> None:
        """`today`: the day of the expo that it is; `offered`: what the last one registered here said, by field."""
        super().__init__(_("现场登记"))
        self._ask, self._register, self._is_saving = self.while_here(ask), register, False
        self.name, self.phone, self.place = QLineEdit(), QLineEdit(), QLineEdit()
        for line, most in ((self.name, NAME), (self.phone, PHONE), (self.place, PLACE)):
            line.setMaxLength(most)
        self._offered = offered
        self.place.setText(offered.get("organisation_id") or "")
        self.category = ComboBox()
        for category in categories.offered:
            self.category.addItem(category.label, category.name)
        names = [category.name for category in categories.offered]
        usual = WalkIn().of(categories)
        wanted = next((name for name in (offered.get("category_id"), usual and usual.name) if name in names), None)
        if wanted is not None:
            self.category.setCurrentIndex(names.index(wanted))
        self.phone.editingFinished.connect(self._check_phone)
        self.today = Tick(_("只当天有效（{day}）").format(day=f"{today:%m-%d}") if today else "")
        self._day = today
        self.today.setChecked(bool(offered.get("valid_days")))
        self.consent = Tick(_("已告知并同意隐私条款"))
        self.notice = KnownNotice(self._somebody, find, lambda work, done: self._ask(work, done, self.say))
        self.notice.seen.connect(self.seen)
        self.notice.changed.connect(self._on_known)
        self.notice.decided.connect(self._on_decided)
        of_last = _("上一位的单位，直接输入就换掉") if self.place.text() else ""
        self.fields = {
            "person.name": FormField(_("姓名"), self.name, required=True),
            "person.phone": FormField(_("手机"), self.phone),
            "organisation_id": FormField(_("单位"), self.place, of_last),
            "category_id": FormField(_("类别"), self.category),
        }
        for field in self.fields.values():
            self.body.addWidget(field)
        for widget in (*([self.today] if today else []), self.consent, self.notice):
            self.body.addWidget(widget)
        self.save = Button(_("登记并签到"), "primary", keys="Ctrl+Return", clicked=self._save)
        self.add_buttons(Button(_("返回"), clicked=self.closed.emit), self.save)
        self._keys = Label(_("Enter 下一栏，最后一栏登记 · Ctrl+Enter 登记"), "caption")
        self.body.addWidget(self._keys)
        self.body.addStretch(1)
        self.first = self.name
        for line in (self.name, self.phone, self.place):
            line.textEdited.connect(lambda _text, line=line: self.notice.edited(line is self.name))

    @property
    def is_started(self) -> bool:
        """Whether anything was typed that should not be lost."""
        place = self.place.text().strip()
        return bool(self.name.text().strip() or self.phone.text().strip()) or place != (
            self._offered.get("organisation_id") or ""
        )

    def _check_phone(self) -> None:
        """As the registration form does: said when the field is left, but not under a pointer that presses a button."""
        if isinstance(QApplication.focusWidget(), QAbstractButton):
            return
        field, text = self.fields["person.phone"], self.phone.text().strip()
        field.clear_problem()
        try:
            if text:
                phones.parse(text)
        except ValueError as error:
            field.set_problem(str(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = QApplication.focusWidget()
        if event.key() not in ENTER or focused is None:
            super().keyPressEvent(event)
        elif focused is self.save or focused in self.notice.buttons:
            focused.click()
        elif focused is self.consent:
            self._save()
        else:
            self.focusNextChild()

    # --- who is known ---

    def _somebody(self) -> Newcomer:
        return newcomer(self.name.text(), self.phone.text(), self.place.text())

    def _on_decided(self) -> None:
        self.save.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_known(self) -> None:
        self._keys.setVisible(not self.notice.blocks)  # a low window has no room for both

    # --- registering ---

    @property
    def values(self) -> dict[str, Any]:
        """What is filled in, by field."""
        return {
            "person.name": self.name.text(), "person.phone": self.phone.text() or None,
            "organisation_id": self.place.text().strip() or None, "category_id": self.category.currentData(),
            "valid_days": [self._day.isoformat()] if self._day and self.today.isChecked() else None,
            "consent": self.consent.isChecked(),
        }  # fmt: skip

    def _save(self) -> None:
        if self._is_saving:
            return
        if self.notice.is_open:
            self.notice.focus()
            return
        for field in self.fields.values():
            field.clear_problem()
        self._is_saving = True
        self.save.setEnabled(False)
        self._ask(partial(self._register, self.values, self.notice.said), self._on_saved, self._on_refused)

    def _on_refused(self, error: Exception) -> None:
        self._is_saving = False
        self.save.setEnabled(True)
        if isinstance(error, AlreadyKnown):
            self.notice.refused(error.known)
            return
        problems = error.problems if isinstance(error, InvalidRecord) else {}
        beside = {name: words for name, words in problems.items() if name in self.fields}
        for name, words in beside.items():
            self.fields[name].set_problem(words)
        if len(beside) < len(problems) or not problems:
            self.say(error)
        wrong = next((self.fields[name].editor for name in self.fields if name in beside), self.name)
        wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_saved(self, made: Registration) -> None:
        self.registered.emit(made)
