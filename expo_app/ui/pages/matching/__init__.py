"""供需对接: suggestions, meetings and their timetable, each a face of one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from expo_app.i18n import N_, _
from expo_app.routes import ListRoute, Route
from expo_app.routes.matching import MatchingRoute
from expo_app.rules.palette_rows import Command
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Segmented
from expo_app.ui.kit.panels import PageHeader, column, row
from expo_app.ui.page import Page
from expo_app.ui.pages.matching.face import Face
from expo_app.ui.pages.matching.meetings import MeetingsFace
from expo_app.ui.pages.matching.suggestions import SuggestionsFace
from expo_app.ui.pages.matching.timetable import TimetableFace


@dataclass(frozen=True)
class FaceDef:
    """A face, made when it is first looked at."""

    key: str
    words: str
    icon: str
    make: Callable[[Context], Face]


FACES: tuple[FaceDef, ...] = (
    FaceDef("suggestions", N_("建议"), "lightbulb-line", SuggestionsFace),
    FaceDef("meetings", N_("洽谈"), "user-received-line", MeetingsFace),
    FaceDef("timetable", N_("排程"), "calendar-check-line", TimetableFace),
)
"""In the order of the switch in the header, which is not there while there is one face alone."""
MEETING_LISTS = ("meetings", "standby")
"""Lists that the face of meetings shows."""


class MatchingPage(Page):
    """One header for all faces: title, the face's own facts, the switch, the face's buttons."""

    takes_codes = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.faces: dict[str, Face] = {}
        self._facts: dict[str, str] = {}
        self._beside = row(self, 0)
        lines = column(spacing=theme.Space.M)
        self._beside.addLayout(lines, 1)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_("供需对接"))
        self.switch = Segmented([(face.key, _(face.words), face.icon) for face in FACES])
        self.switch.setToolTip(_("Ctrl+Tab 换下一个"))
        self.switch.chosen.connect(lambda key: self.show_face(str(key)))
        self.header.add(self.switch)
        self.switch.setVisible(len(FACES) > 1)  # in its place: alone it would be a window
        lines.addWidget(self.header)
        self._stack = QStackedWidget()
        lines.addWidget(self._stack, 1)
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.next_face, step))
        self.key = ""
        self.show_face(FACES[0].key)

    @property
    def face(self) -> Face:
        """The one in front."""
        return self.faces[self.key]

    @property
    def shown(self) -> Page:
        """What the face in front shows, as a page with several lists says it."""
        return self.face.shown

    def show_face(self, key: str) -> None:
        """Bring a face to front, made if it was not looked at yet."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self._stack.isAncestorOf(focused)
        if key not in self.faces:
            self._make(key)
        self.key = key
        self.switch.choose(key)
        for other, face in self.faces.items():
            for button in face.buttons():
                button.setVisible(other == key)
        self._stack.setCurrentWidget(self.face)
        self.setFocusProxy(self.face)
        if had_focus:
            self.face.setFocus(Qt.FocusReason.OtherFocusReason)
        self.header.set_fact(self._facts.get(key, ""))

    def next_face(self, step: int = 1) -> None:
        """Ctrl+Tab: the face beside, round."""
        keys = [face.key for face in FACES]
        self.show_face(keys[(keys.index(self.key) + step) % len(keys)])
        self.face.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make(self, key: str) -> None:
        face = next(one for one in FACES if one.key == key).make(self.context)
        self.faces[key] = face
        face.fact_changed.connect(partial(self._on_fact, key))
        for button in face.buttons():
            self.header.add(button)
        self._stack.addWidget(face)
        if (panel := face.side_panel()) is not None:
            panel.setParent(self)
            panel.hide()
            panel.installEventFilter(self)
            self._place_panel()

    def _on_fact(self, key: str, words: str) -> None:
        self._facts[key] = words
        if key == self.key:
            self.header.set_fact(words)

    # --- the panel beside ---

    def _place_panel(self) -> None:
        """In the row beside the header, or over it at the right edge where the window is too narrow for both."""
        is_narrow = self.window().width() < theme.NARROW_WINDOW
        for panel in filter(None, (face.side_panel() for face in self.faces.values())):
            if not is_narrow and self._beside.indexOf(panel) < 0:
                self._beside.addWidget(panel)
            elif is_narrow:
                self._beside.removeWidget(panel)
                wide = panel.maximumWidth()
                panel.setGeometry(self.width() - wide, 0, wide, self.height())
                panel.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_panel()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._place_panel()
        return False

    # --- what the frame asks ---

    def open_with(self, route: Route) -> None:
        if isinstance(route, MatchingRoute):
            is_one = route.demand is not None or route.offer is not None
            self.show_face(route.face or (FACES[0].key if is_one else self.key))
            self.face.open_with(route)
        elif isinstance(route, ListRoute) and route.spec.name in MEETING_LISTS:
            self.show_face("meetings")
            self.face.open_with(route)

    def place(self) -> Route | None:
        return self.face.place() or MatchingRoute(face=self.key)

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

    def read_code(self, raw: str) -> None:
        if not self.face.takes_codes:
            self.show_face("meetings")
        self.face.read_code(raw)

    def commands(self) -> list[Command]:
        """Those of the face in front, and the ways to the others."""
        others = (face for face in FACES if face.key != self.key)
        ways = [Command(_(f.words), _("供需对接"), f.icon, "", partial(self.show_face, f.key)) for f in others]
        return [*self.face.commands(), *ways]
