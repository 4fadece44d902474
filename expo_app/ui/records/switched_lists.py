"""Several lists on one page, one of them in front: what a page with a switch in its header is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.i18n import _
from expo_app.routes import ListRoute, Route
from expo_app.rules.palette_rows import Command
from expo_app.ui.context import Context
from expo_app.ui.kit.buttons import Segmented
from expo_app.ui.kit.panels import column
from expo_app.ui.page import Page
from expo_app.ui.records.list_page import ListPage


class SwitchedList(ListPage):
    """One of the lists; `switch` chooses among them. `lists`: (name of the spec, words) of each."""

    lists: ClassVar[tuple[tuple[str, str], ...]]

    def actions(self) -> list[QWidget]:  # type: ignore[override]
        self.switch = Segmented([(name, _(words)) for name, words in self.lists], self.spec.name)
        return [self.switch]


class SwitchedLists(Page):
    """The page: `pages` by the name of their spec, the first one in front; each is made on its first visit."""

    pages: ClassVar[Mapping[str, type[SwitchedList]]]

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._made: dict[str, SwitchedList] = {}
        self._stack = QStackedWidget()
        column(self, 0).addWidget(self._stack)
        self.show_list(next(iter(self.pages)))

    @property
    def shown(self) -> SwitchedList:
        """The list in front."""
        return next(page for page in self._made.values() if page is self._stack.currentWidget())

    def pane(self) -> QWidget:
        return self.shown.panel

    def show_list(self, name: str) -> SwitchedList:
        """Bring a list to front, made on the first visit; KeyError for an unknown one."""
        if name not in self._made:
            page = self.pages[name](self.context)
            page.switch.chosen.connect(self._on_chosen)
            self._made[name] = page
            self._stack.addWidget(page)
        page = self._made[name]
        page.switch.choose(name)
        self._stack.setCurrentWidget(page)
        self.setFocusProxy(page.view)
        return page

    def _on_chosen(self, name: str) -> None:
        self.show_list(name).view.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_with(self, route: Route) -> None:
        if isinstance(route, ListRoute):
            self.show_list(route.spec.name).open_with(route)

    # --- what the window asks for ---

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
