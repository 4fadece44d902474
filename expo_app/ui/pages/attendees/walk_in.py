"""现场登记: the quick form at the registration desk. It stays open for the next person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.services import attendees
from expo_app.services.attendees import Registration
from expo_app.services.known_people import AlreadyKnown, KnownPerson, Newcomer
from expo_app.specs import ATTENDEES, Field
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import KeyCap, Label
from expo_app.ui.kit.panels import DetailPanel, clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.parts.known_person import TELLING, KnownNotice, asking, finder, newcomer
from expo_app.ui.records.editors import TagChips
from expo_app.ui.records.form import Form

FIELDS = ("person.name", "person.phone", "organisation_id", "title", "category_id", "valid_days", "consent")
OFFERED = ("organisation_id", "category_id", "valid_days")
"""What the next form begins with: the people of one bus have these in common."""


class NarrowForm(Form):
    """One field below the other. The person is typed, not picked: who is at the desk is not yet known to us."""

    def source_of(self, field: Field) -> str:
        return "" if field.name.startswith("person.") else super().source_of(field)

    def _arrange(self) -> None:
        for box in self._boxes.values():
            self._lines.addWidget(box)


class WalkInPanel(DetailPanel):
    """`registered(registration, name)` after the commit; `print_wanted(attendee id)`; `known_wanted(attendee id)`.

    Enter goes on to the next field and, in the last one, registers. While it is open whether somebody known is meant,
    nothing registers: Enter leads to the choice.
    """

    registered = Signal(object, str)
    print_wanted = Signal(object)
    known_wanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.last: Registration | None = None
        self.set_head(_("现场登记"), _("登记后即为已确认，同时制证"))
        self._top = column(spacing=theme.Space.S)
        self.body.addLayout(self._top)
        self.notice = KnownNotice(self._somebody, finder(context), asking(self))
        self.notice.seen.connect(lambda known: self.known_wanted.emit(known.attendee_id))
        self.notice.changed.connect(self._show_top)
        self.notice.decided.connect(self._on_decided)
        self.body.addWidget(self.notice)
        self.form = NarrowForm(
            ATTENDEES, look_up=context.options, terms=context.terms, fields=[ATTENDEES.field(name) for name in FIELDS],
            zone=context.expo.zone if context.expo else None, usual=context.usual_day(ATTENDEES),
            offers={"valid_days": self._days()},
        )  # fmt: skip
        self.body.addWidget(self.form)
        self.body.addWidget(self._make_keys())
        self.submit_button = Button(_("登记并制证"), "primary", "user-add-line", clicked=self.submit)
        self.clear_button = Button(_("清空"), "text", "eraser-line", clicked=self.start)
        self.set_actions(self.clear_button, self.submit_button)
        self.form.edited.connect(self._on_edited)
        for keys, call in (("Ctrl+Return", self.submit), ("Ctrl+Enter", self.submit), ("Ctrl+P", self._print_last)):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        self.start()

    def _make_keys(self) -> QWidget:
        box = QWidget()
        line = row(box)
        line.setContentsMargins(0, theme.Space.S, 0, 0)
        for keys, words in (("Enter", _("下一栏，最后一栏登记")), ("Ctrl+Enter", _("登记"))):
            line.addWidget(KeyCap(keys))
            line.addWidget(Label(words, "fact"))
        line.addStretch(1)
        return box

    # --- filling in ---

    def start(self) -> None:
        """An empty form."""
        self._begin({})

    def _begin(self, offered: Mapping[str, Any]) -> None:
        """The next person; what the last one had in common with many is offered, to be typed over."""
        self._offer_days()
        self.form.set_values(offered)
        of_last = _("上一位的单位，直接输入就换掉") if offered.get("organisation_id") else ""
        self.form.box("organisation_id").set_hint(of_last)
        self.notice.start()
        self._show_top()
        self.focus_first()

    def _days(self) -> list[str]:
        """Today and the days after it; before the expo all of it."""
        expo = self.context.expo
        days = expo.days if expo else []
        left = [day for day in days if expo and day >= expo.local_day(self.context.now())]
        return [day.isoformat() for day in left or days]

    def _offer_days(self) -> None:
        days, chips = self._days(), self.form.editor("valid_days")
        if isinstance(chips, TagChips):
            chips.set_offered(days)
        expo = self.context.expo
        is_today = bool(days) and expo is not None and days[0] == expo.local_day(self.context.now()).isoformat()
        hint = _("{day} 是今天；不选就是类别规定的日期").format(day=days[0]) if is_today else ""
        self.form.box("valid_days").set_hint(hint or _("不选就是类别规定的日期"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._offer_days()

    def focus_first(self) -> None:
        """Put the focus on the name."""
        if self.isVisible():
            self.form.focus("person.name")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not plain or event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and (focused is self.submit_button or focused in self.notice.buttons):
            focused.click()
        elif focused is not None:
            self._go_on(focused)

    def _go_on(self, focused: QWidget) -> None:
        """From one field to the next, however many buttons it has; behind the last one it is registered."""
        fields = iter(FIELDS)
        here = next((name for name in fields if self.form.box(name).isAncestorOf(focused)), "")
        following = next(fields, "")
        if not here:
            self.focusNextChild()
        elif not following:
            self.submit()
        else:
            self.form.focus(following)
            if isinstance(line := self.form.editor(following), QLineEdit):
                line.selectAll()  # what is offered is typed over

    def _on_edited(self, name: str) -> None:
        if name in TELLING:
            self.notice.edited(name == "person.name")

    @property
    def known(self) -> KnownPerson | None:
        """Who is known as whoever is typed."""
        return self.notice.known

    def _somebody(self) -> Newcomer:
        return newcomer(*(str(self.form.editor(name).value()) for name in TELLING))

    def _on_decided(self) -> None:
        """On with the form, and to the end of it where it was left."""
        self.submit_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_top(self) -> None:
        clear(self._top)
        if self.known is None and self.last is not None:
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
        if self.notice.is_open:
            self.notice.focus()
            return
        if not self.form.check_all() or self.context.expo_id is None:
            return
        values = self.form.values()
        try:
            made = attendees.walk_in(self.context.db, self.context.expo_id, values, self.notice.said)
        except InvalidRecord as refused:
            self._refuse(refused.problems)
        except AlreadyKnown as refused:
            self.notice.refused(refused.known)
        except UserError as error:
            messages.show(self, error)
        else:
            self.last, self._last_name = made, values["person.name"].strip()
            self._begin({name: values[name] for name in OFFERED if values.get(name)})
            self.registered.emit(made, self._last_name)

    def _refuse(self, problems: Mapping[str, str]) -> None:
        rest: dict[str, Any] = self.form.show_problems(problems)
        if rest:
            messages.show(self, "；".join(rest.values()), "bad")
