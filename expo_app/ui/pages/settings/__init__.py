"""数据与设置: one list or card page per subject, chosen at the left."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from expo_app.i18n import N_, _
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import column, row, scrolled


@dataclass(frozen=True)
class SectionDef:
    """A subject: its page ("module:Class" in this package) is imported and made when it is first chosen."""

    key: str
    title: str
    icon: str
    path: str
    group: str = ""

    def make(self, context: Context) -> QWidget:
        """Its page."""
        module, _colon, name = self.path.partition(":")
        made: QWidget = getattr(import_module(f"{__name__}.{module}"), name)(context)
        return made


SECTIONS: tuple[SectionDef, ...] = (
    SectionDef("expos", N_("展会"), "calendar-event-line", "lists:ExposList", N_("展会与场地")),
    SectionDef("venues", N_("展馆"), "community-line", "lists:VenuesList"),
    SectionDef("halls", N_("展厅"), "layout-column-line", "lists:HallsList"),
    SectionDef("zones", N_("展区"), "map-2-line", "lists:ZonesList"),
    SectionDef("booths", N_("展位"), "store-2-line", "lists:BoothsList"),
    SectionDef("rooms", N_("会场"), "mic-line", "lists:RoomsList"),
    SectionDef("gates", N_("入口与通道"), "door-line", "lists:GatesList", N_("现场")),
    SectionDef("desks", N_("签到台"), "computer-line", "lists:DesksList"),
    SectionDef("operators", N_("操作员"), "user-settings-line", "lists:OperatorsList"),
    SectionDef("organisations", N_("单位"), "building-line", "lists:OrganisationsList", N_("名录")),
    SectionDef("people", N_("人员"), "user-line", "lists:PeopleList"),
    SectionDef("imports", N_("导入记录"), "upload-2-line", "data:ImportsSection", N_("数据")),
    SectionDef("backup", N_("备份与恢复"), "archive-line", "data:BackupSection"),
    SectionDef("doctor", N_("检查"), "shield-check-line", "data:DoctorSection"),
    SectionDef("look", N_("外观与语言"), "palette-line", "look:LookSection", N_("本机")),
)


class SettingsPage(QWidget):
    """`open_with(section=…)` shows a subject; `new=True` opens its form (of a new expo), `rows=True` booths by rows."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._made: dict[str, QWidget] = {}
        self._buttons: dict[str, Button] = {}
        outer = row(self, 0)
        outer.addWidget(self._contents())
        self._stack = QStackedWidget()
        outer.addWidget(self._stack, 1)
        self.key = ""
        self.choose(SECTIONS[0].key)

    def _contents(self) -> QFrame:
        side = QFrame()
        side.setProperty("role", "side")
        side.setFixedWidth(theme.Width.RAIL)
        content = QWidget()
        lines: QVBoxLayout = column(content, theme.Space.XS)
        lines.setContentsMargins(theme.Space.L, theme.Space.L, theme.Space.S, theme.Space.L)
        lines.addWidget(Label(_("数据与设置"), "title"))
        for section in SECTIONS:
            if section.group:
                lines.addSpacing(theme.Space.S)
                lines.addWidget(Label(_(section.group), "fact"))
            button = Button(_(section.title), "section", section.icon, clicked=partial(self.choose, section.key))
            button.setCheckable(True)
            button.setAutoExclusive(True)
            self._buttons[section.key] = button
            lines.addWidget(button)
        lines.addStretch(1)
        self._area = scrolled(content)
        column(side).addWidget(self._area)
        return side

    @property
    def current(self) -> QWidget:
        """The subject's page."""
        return self._made[self.key]

    def choose(self, key: str) -> None:
        """Show a subject."""
        self.key = key
        self._buttons[key].setChecked(True)
        self._reveal()
        if key not in self._made:
            section = next(s for s in SECTIONS if s.key == key)
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

    def open_with(self, section: str = "", new: bool = False, rows: bool = False, **wanted: Any) -> None:
        """Go to a subject; what else is wanted goes to its list. `rows` opens the generator of booths."""
        if section or new or rows:
            self.choose(section or ("booths" if rows else "expos"))
        if rows and hasattr(self.current, "generate"):
            self.current.generate()
        if (new or wanted) and hasattr(self.current, "open_with"):
            self.current.open_with(new=new, **wanted)

    def place(self) -> dict[str, str]:
        """The subject shown, as `open_with` would be told."""
        return {"section": self.key}

    def undo(self) -> None:
        """Take back the last act of the list on the screen."""
        if hasattr(self.current, "undo"):
            self.current.undo()

    def redo(self) -> None:
        """Do it again."""
        if hasattr(self.current, "redo"):
            self.current.redo()

    def refresh(self) -> None:
        """Read the subject on the screen again."""
        again = getattr(self.current, "refresh", None) or getattr(self.current, "fill", None)
        if again is not None:
            again()
