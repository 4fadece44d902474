"""现场登记: the quick form at the registration desk. It stays open for the next person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.rules import phones
from expo_app.services import attendees
from expo_app.services.attendees import Registration
from expo_app.specs import ATTENDEES, Field
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import KeyCap, Label
from expo_app.ui.kit.panels import DetailPanel, clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records.form import Form

FIELDS = ("person.name", "person.phone", "organisation_id", "title", "category_id", "consent")
LOOK = 250  # ms after the last key before it is looked up who is registered already


class NarrowForm(Form):
    """One field below the other. The person is typed, not picked: who is at the desk is not yet known to us."""

    def source_of(self, field: Field) -> str:
        return "" if field.name.startswith("person.") else super().source_of(field)

    def _arrange(self) -> None:
        for box in self._boxes.values():
            self._lines.addWidget(box)


class WalkInPanel(DetailPanel):
    """`registered(registration, name)` after the commit; `print_wanted(attendee id)`; `known_wanted(attendee id)`."""

    registered = Signal(object, str)
    print_wanted = Signal(object)
    known_wanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.last: Registration | None = None
        self.known: tuple[uuid.UUID, str] | None = None
        self.set_head(_("现场登记"), _("登记后即为已确认，同时制证"))
        self._top = column(spacing=theme.Space.S)
        self.body.addLayout(self._top)
        self.form = NarrowForm(
            ATTENDEES, look_up=context.options, terms=context.terms, fields=[ATTENDEES.field(name) for name in FIELDS],
            zone=context.expo.zone if context.expo else None, usual=context.usual_day(ATTENDEES),
        )  # fmt: skip
        self.body.addWidget(self.form)
        self.body.addWidget(self._make_keys())
        self.submit_button = Button(_("登记并制证"), "primary", "user-add-line", clicked=self.submit)
        self.clear_button = Button(_("清空"), "text", "eraser-line", clicked=self.start)
        self.set_actions(self.clear_button, self.submit_button)
        self._wait = QTimer(self, singleShot=True, interval=LOOK)
        self._wait.timeout.connect(self._look)
        self.form.edited.connect(self._on_edited)
        for keys, call in (("Ctrl+Return", self.submit), ("Ctrl+Enter", self.submit), ("Ctrl+P", self._print_last)):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        self.start()

    def _make_keys(self) -> QWidget:
        box = QWidget()
        line = row(box)
        line.setContentsMargins(0, theme.Space.S, 0, 0)
        for keys, words in (("Enter", _("下一栏")), ("Ctrl+Enter", _("提交"))):
            line.addWidget(KeyCap(keys))
            line.addWidget(Label(words, "fact"))
        line.addStretch(1)
        return box

    # --- filling in ---

    def start(self) -> None:
        """An empty form for the next person; the category stays as it was."""
        chosen = self.form.editor("category_id").value()
        self.form.set_values({"category_id": chosen} if chosen else {})
        self.known = None
        self._show_top()
        self.focus_first()

    def focus_first(self) -> None:
        """Put the focus on the name."""
        if self.isVisible():
            self.form.focus("person.name")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not plain or event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self.submit_button.hasFocus():
            self.submit()
        elif self.form.editor(FIELDS[-1]).hasFocus():
            self.submit_button.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.focusNextChild()

    def _on_edited(self, name: str) -> None:
        if name in ("person.name", "person.phone"):
            self._wait.start()

    def _look(self) -> None:
        """Whether this person is registered already: said while typing, not after."""
        name = self.form.editor("person.name").value().strip()
        try:
            phone = phones.parse(self.form.editor("person.phone").value())
        except ValueError:
            phone = ""
        known = None
        if name and phone and self.context.expo_id is not None:
            known = attendees.registered_as(self.context.db, self.context.expo_id, name, phone)
        if known != self.known:
            self.known = known
            self._show_top()

    def _show_top(self) -> None:
        clear(self._top)
        if self.known is not None:
            attendee_id, number = self.known
            words = _("已登记过：{number}").format(number=number)
            see = Button(_("查看"), "link", clicked=lambda: self.known_wanted.emit(attendee_id))
            self._top.addWidget(Banner("warn", words, [see], small=True))
        elif self.last is not None:
            words = _("{number} {name} 已登记").format(number=self.last.badge_no, name=self._last_name)
            print_it = Button(_("打印"), "link", "printer-line", clicked=self._print_last)
            print_it.setToolTip("Ctrl+P")
            self._top.addWidget(Banner("ok", words, [print_it], small=True))

    def _print_last(self) -> None:
        if self.last is not None:
            self.print_wanted.emit(self.last.attendee_id)

    # --- registering ---

    def submit(self) -> None:
        """Register and make a badge; a refusal stays beside its field."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.submit_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._wait.stop()
        self._look()
        if self.known is not None or not self.form.check_all() or self.context.expo_id is None:
            return
        values = self.form.values()
        try:
            made = attendees.walk_in(self.context.db, self.context.expo_id, values)
        except InvalidRecord as refused:
            self._refuse(refused.problems)
        except UserError as error:
            messages.show(self, error)
        else:
            self.last, self._last_name = made, values["person.name"].strip()
            self.start()
            self.registered.emit(made, self._last_name)

    def _refuse(self, problems: Mapping[str, str]) -> None:
        rest: dict[str, Any] = self.form.show_problems(problems)
        if rest:
            messages.show(self, "；".join(rest.values()), "bad")
