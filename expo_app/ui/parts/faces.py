"""A page of several faces: one header with the facts and buttons of the one in front, and the switch between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from expo_app.i18n import _
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Segmented
from expo_app.ui.kit.panels import PageHeader, column, row
from expo_app.ui.page import Page

PLACED = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.Show, QEvent.Type.Resize)
"""After these a panel beside is placed anew: it opens, closes, and takes its width as it is shown."""


class Face(Page):
    """One face. `fact_changed(words)`: the line under the page's title."""

    fact_changed = Signal(str)

    @property
    def shown(self) -> Page:
        """What it shows: the list in front where it has some, else itself."""
        return self

    def buttons(self) -> Sequence[QWidget]:
        """Buttons at the right of the header while it is in front, primary last; made once."""
        return ()

    def side_panel(self) -> QWidget | None:
        """A panel that stands beside header and face, over the whole height; over both in a narrow window."""
        return None


@dataclass(frozen=True)
class FaceDef:
    """A face, made when it is first looked at."""

    key: str
    words: str
    icon: str
    make: Callable[[Context], Face]


class FacedPage(Page):
    """`faces` in the order of the switch, which is not there while there is one face alone."""

    has_icons = True
    """Whether the switch shows icons: four faces leave no room for them beside buttons and panel."""

    def __init__(self, context: Context, title: str, faces: Sequence[FaceDef], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._defs = tuple(faces)
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.faces: dict[str, Face] = {}
        self._facts: dict[str, str] = {}
        self._holders: dict[str, QWidget] = {}
        self._beside = row(self, 0)
        lines = column(spacing=theme.Space.M)
        self._beside.addLayout(lines, 1)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(title)
        self.switch = Segmented([(face.key, _(face.words), face.icon if self.has_icons else "") for face in self._defs])
        self.switch.setToolTip(_("Ctrl+Tab 换下一个"))
        self.switch.chosen.connect(lambda key: self.show_face(str(key)))
        self.header.add_beside(self.switch)
        self.switch.setVisible(len(self._defs) > 1)  # in its place: alone it would be a window
        lines.addWidget(self.header)
        self._stack = QStackedWidget()
        lines.addWidget(self._stack, 1)
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.next_face, step))
        self.key = ""
        self.show_face(self._defs[0].key)

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
        self._place_panels()
        self.setFocusProxy(self.face)
        if had_focus:
            self.face.setFocus(Qt.FocusReason.OtherFocusReason)
        self.header.set_fact(self._facts.get(key, ""))

    def next_face(self, step: int = 1) -> None:
        """Ctrl+Tab: the face beside, round."""
        keys = [face.key for face in self._defs]
        self.show_face(keys[(keys.index(self.key) + step) % len(keys)])
        self.face.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make(self, key: str) -> None:
        face = next(one for one in self._defs if one.key == key).make(self.context)
        self.faces[key] = face
        face.fact_changed.connect(partial(self._on_fact, key))
        for button in face.buttons():
            self.header.add(button)
        self._stack.addWidget(face)
        if (panel := face.side_panel()) is not None:
            holder = QWidget(self)  # its face's way in and out of front is not the panel's own
            row(holder, 0).addWidget(panel)
            panel.hide()
            self._holders[key] = holder
            panel.installEventFilter(self)

    def _on_fact(self, key: str, words: str) -> None:
        self._facts[key] = words
        if key == self.key:
            self.header.set_fact(words)

    # --- the panel beside ---

    def _place_panels(self) -> None:
        """That of the face in front, where it is open: in the row beside the header, or over it at the right edge where
        the window is too narrow for both.
        """
        is_narrow = self.window().width() < theme.NARROW_WINDOW
        for key, holder in self._holders.items():
            panel = self.faces[key].side_panel()
            if not is_narrow and self._beside.indexOf(holder) < 0:
                self._beside.addWidget(holder)
            holder.setVisible(key == self.key and panel is not None and not panel.isHidden())
            if is_narrow and panel is not None:
                self._beside.removeWidget(holder)
                wide = panel.maximumWidth()
                holder.setGeometry(self.width() - wide, 0, wide, self.height())
                holder.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_panels()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in PLACED:
            self._place_panels()
        return False

    # --- what the frame asks ---

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
