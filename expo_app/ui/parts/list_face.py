"""A face made of lists, one of them in front: the switch and its buttons stand in the page's one header.

class UsesFace(ListsFace):
    lists = {"voucher-uses": (N_("用券"), UseList), "vouchers": (N_("券"), VoucherList)}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.routes import ListRoute, Route
from expo_app.rules.palette_rows import Command
from expo_app.services import steps
from expo_app.services.record_writer import Writer, followed
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.panels import column, row
from expo_app.ui.parts.faces import Face
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.records.undo_list import step_act


class InFace(ListPage):
    """A list inside a face: the page's header shows its line and its buttons."""

    fact_shown = Signal(str)
    add_words = ""
    """What the button for a new record says, where that is not 新增."""

    def _build(self) -> None:
        super()._build()
        self.header.hide()
        self._lines.setContentsMargins(0, 0, 0, 0)

    def _toolbar(self) -> list[Button]:
        self.tools = super()._toolbar()
        if self.add_words:
            self.tools[-1].setText(_(self.add_words))
        return []

    def refreshed(self) -> None:
        self.fact_shown.emit(self.fact(self.rows))

    def do(self, said: str, act: Callable[[], object], permission: str) -> None:
        """One act, taken back as a whole; what it refuses is for who asked."""
        with followed() as writers:
            act()
        self.remember_work(said, permission, writers)

    def try_to(self, said: str, act: Callable[[], object], permission: str, host: QWidget | None = None) -> bool:
        """The same; what it refuses is said. Whether it worked."""
        try:
            self.do(said, act, permission)
        except UserError as error:
            messages.show(host or self, error)
            return False
        return True

    def remember_work(self, said: str, permission: str, writers: Sequence[Writer]) -> None:
        """What was written is one act to take back."""
        self.acts.add(step_act(said, self.context.db, steps.step_of(permission, writers)))


class ListsFace(Face):
    """The face. `lists`: words and class of each list by the name of its spec, the first one in front.

    `is_switch_above`: the switch stands above the lists, where the header has no room for two.
    """

    is_switch_above = False
    lists: ClassVar[Mapping[str, tuple[str, type[InFace]]]]

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._stack = QStackedWidget()
        self._lines = column(self, theme.Space.M)
        self._lines.addWidget(self._stack)
        self.made: dict[str, InFace] = {}
        self._facts: dict[str, str] = {}
        self._tools = QWidget()
        line = row(self._tools)
        self.switch = Segmented([(key, _(words)) for key, (words, _make) in self.lists.items()])
        self.switch.chosen.connect(lambda key: self.show_list(str(key)).view.setFocus(Qt.FocusReason.OtherFocusReason))
        if self.is_switch_above:
            self._lines.insertWidget(0, self.switch)
        else:
            line.addWidget(self.switch)
        for key, (_words, make) in self.lists.items():
            self.made[key] = page = make(context)
            page.fact_shown.connect(partial(self._on_fact, key))
            self._stack.addWidget(page)
            for button in page.tools:
                line.addWidget(button)
        self.key = ""
        self.show_list(next(iter(self.lists)))

    @property
    def shown(self) -> InFace:
        """The list in front."""
        return self.made[self.key]

    def show_list(self, key: str) -> InFace:
        """Bring a list to front; KeyError for an unknown one."""
        self.key = key
        self.switch.choose(key)
        self._stack.setCurrentWidget(self.shown)
        for other, page in self.made.items():
            for button in page.tools:
                button.setVisible(other == key)
        self.setFocusProxy(self.shown.view)
        self.fact_changed.emit(self._facts.get(key, ""))
        return self.shown

    def _on_fact(self, key: str, words: str) -> None:
        self._facts[key] = words
        if key == self.key:
            self.fact_changed.emit(words)

    def buttons(self) -> Sequence[QWidget]:
        return (self._tools,)

    # --- what the frame asks ---

    def open_with(self, route: Route) -> None:
        if isinstance(route, ListRoute) and route.spec.name in self.lists:
            self.show_list(route.spec.name).open_with(route)

    def place(self) -> Route | None:
        return ListRoute(self.shown.spec)

    def pane(self) -> QWidget:
        return self.shown.panel

    def refresh(self) -> None:
        self.shown.refresh()

    def focus_search(self) -> None:
        self.shown.focus_search()

    def undo(self) -> None:
        self.shown.undo()

    def redo(self) -> None:
        self.shown.redo()

    def commands(self) -> Sequence[Command]:
        return self.shown.commands()
