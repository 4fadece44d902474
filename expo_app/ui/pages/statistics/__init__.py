"""统计: the statistic tables and whatever else stands beside them, each a face of one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.i18n import N_, _
from expo_app.routes import Route
from expo_app.routes.statistics import StatisticsRoute
from expo_app.rules.palette_rows import Command
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Segmented
from expo_app.ui.kit.panels import PageHeader, column
from expo_app.ui.page import Page
from expo_app.ui.pages.statistics.face import Face
from expo_app.ui.pages.statistics.press_face import PressFace
from expo_app.ui.pages.statistics.tables_face import TablesFace


@dataclass(frozen=True)
class FaceDef:
    """A face, made when it is first looked at."""

    key: str
    words: str
    icon: str
    make: Callable[[Context], Face]


FACES: tuple[FaceDef, ...] = (
    FaceDef("tables", N_("统计表"), "table-line", TablesFace),
    FaceDef("press", N_("发布口径"), "profile-line", PressFace),
)
"""In the order of the switch in the header, which is not there while there is one face alone."""


class StatisticsPage(Page):
    """One header for all faces: title, the face's own facts, the switch, the face's actions."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.faces: dict[str, Face] = {}
        self._facts: dict[str, str] = {}
        lines = column(self, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_("统计"))
        self.switch = Segmented([(face.key, _(face.words), face.icon) for face in FACES])
        self.switch.chosen.connect(lambda key: self.show_face(str(key)))
        self.header.add(self.switch)
        self.switch.setVisible(len(FACES) > 1)  # in its place: alone it would be a window
        lines.addWidget(self.header)
        self._stack = QStackedWidget()
        lines.addWidget(self._stack, 1)
        self.key = ""
        self.show_face(FACES[0].key)

    @property
    def face(self) -> Face:
        """The one in front."""
        return self.faces[self.key]

    def show_face(self, key: str) -> None:
        """Bring a face to front, made if it was not looked at yet."""
        if key not in self.faces:
            self._make(key)
        self.key = key
        self.switch.choose(key)
        for other, face in self.faces.items():
            for action in face.buttons():
                action.setVisible(other == key)
        self._stack.setCurrentWidget(self.face)
        self.header.set_fact(self._facts.get(key, ""))

    def _make(self, key: str) -> None:
        face = next(one for one in FACES if one.key == key).make(self.context)
        self.faces[key] = face
        face.fact_changed.connect(lambda words: self._on_fact(key, words))
        for action in face.buttons():
            self.header.add(action)
        self._stack.addWidget(face)

    def _on_fact(self, key: str, words: str) -> None:
        self._facts[key] = words
        if key == self.key:
            self.header.set_fact(words)

    # --- what the frame asks ---

    def open_with(self, route: Route) -> None:
        if isinstance(route, StatisticsRoute):
            if route.face:
                self.show_face(route.face)
            self.face.open_with(route)

    def place(self) -> Route | None:
        return self.face.place() or StatisticsRoute(face=self.key)

    def refresh(self) -> None:
        self.face.refresh()

    def focus_search(self) -> None:
        self.face.focus_search()

    def undo(self) -> None:
        self.face.undo()

    def redo(self) -> None:
        self.face.redo()

    def pane(self) -> QWidget | None:
        return self.face.pane()

    def commands(self) -> list[Command]:
        return [command for face in self.faces.values() for command in face.commands()]
