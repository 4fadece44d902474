"""数据与设置: one list or card page per subject, chosen at the left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from operator import attrgetter
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QStackedWidget, QVBoxLayout, QWidget

from expo_app.i18n import _
from expo_app.registry import areas
from expo_app.routes import ListRoute, Route
from expo_app.routes.settings import SectionRoute
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import column, row, scrolled
from expo_app.ui.page import Page


@dataclass(frozen=True)
class Subject:
    """A subject as its area registers it; its page is made when it is first chosen."""

    order: int
    key: str
    title: str
    icon: str
    group: str
    make: Callable[[Context], Page]


def _subject(section: Any, key: str, make: Callable[[Context], Page]) -> Subject:
    return Subject(section.order, key, section.title, section.icon, section.group, make)


@cache
def subjects() -> tuple[Subject, ...]:
    """Every subject that is named at the left, in order."""
    lists = [entry for area in areas() for entry in area.lists if entry.section and not entry.section.inside]
    found = [_subject(entry.section, entry.spec.name, entry.make) for entry in lists]
    found += [_subject(section, section.key, section.make) for area in areas() for section in area.sections]
    return tuple(sorted(found, key=attrgetter("order")))


@cache
def homes() -> dict[str, str]:
    """Lists that stand inside another subject → that subject."""
    lists = [entry for area in areas() for entry in area.lists if entry.section]
    return {entry.spec.name: entry.section.inside for entry in lists if entry.section.inside}


class SettingsPage(Page):
    """A `SectionRoute` shows a subject, the `ListRoute` of a list its own and what is wanted there."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._made: dict[str, Page] = {}
        self._buttons: dict[str, Button] = {}
        self._group = QButtonGroup(self)
        outer = row(self, 0)
        outer.addWidget(self._contents())
        self._stack = QStackedWidget()
        outer.addWidget(self._stack, 1)
        self.key = ""
        self.choose(subjects()[0].key)

    def _contents(self) -> QFrame:
        side = QFrame()
        side.setProperty("role", "side")
        side.setFixedWidth(theme.Width.RAIL)
        content = QWidget()
        lines: QVBoxLayout = column(content, theme.Space.XS)
        lines.setContentsMargins(theme.Space.L, theme.Space.L, theme.Space.S, theme.Space.S)
        lines.addWidget(Label(_("数据与设置"), "title"))
        group = ""
        for section in subjects():
            if section.group != group:
                lines.addSpacing(theme.Space.XS)
                lines.addWidget(Label(_(section.group), "fact"))
            group = section.group
            button = Button(_(section.title), "section", section.icon, clicked=partial(self.choose, section.key))
            button.setCheckable(True)
            self._group.addButton(button)
            self._buttons[section.key] = button
            lines.addWidget(button)
        lines.addStretch(1)
        self._area = scrolled(content)
        column(side).addWidget(self._area)
        return side

    @property
    def current(self) -> Page:
        """The subject's page."""
        return self._made[self.key]

    def choose(self, key: str) -> None:
        """Show a subject."""
        self.key = key
        self._buttons[key].setChecked(True)
        self._reveal()
        if key not in self._made:
            section = next(s for s in subjects() if s.key == key)
            self._made[key] = section.make(self.context)
            self._stack.addWidget(self._made[key])
        self._stack.setCurrentWidget(self._made[key])

    def _reveal(self) -> None:
        """The chosen subject in sight, however low the window is."""
        if self.key:
            self._area.ensureWidgetVisible(self._buttons[self.key], 0, theme.Space.L)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._reveal)  # the list has its new height by then

    def open_with(self, route: Route) -> None:
        key = route.key if isinstance(route, SectionRoute) else route.spec.name if isinstance(route, ListRoute) else ""
        if key:
            self.choose(homes().get(key, key))
        self.current.open_with(route)

    def place(self) -> Route:
        return self.current.place() or SectionRoute(self.key)

    def focus_search(self) -> None:
        self.current.focus_search()

    def undo(self) -> None:
        self.current.undo()

    def redo(self) -> None:
        self.current.redo()

    def refresh(self) -> None:
        self.current.refresh()
