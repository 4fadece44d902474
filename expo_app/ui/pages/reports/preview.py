"""A document on the screen before it is kept: the PDF itself, page by page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.reports import preview
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.labels import Label
from expo_app.ui.records import printing

MM_PER_INCH = 25.4


class PreviewDialog(Dialog):
    """Pages of `path` as wide as the dialog; `make` is called by 生成. UserError where the file is no readable PDF."""

    def __init__(self, parent: QWidget, title: str, path: Path, make: Callable[[], object]) -> None:
        super().__init__(parent, title, theme.Width.DIALOG_LARGE)
        self._path, self._make = path, make
        self.sizes = preview.page_sizes(path)
        self.number = 0
        self.sheet = Label()
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.sheet)
        self.back = IconButton("arrow-left-s-line", _("上一页"), lambda: self.turn(-1))
        self.where = Label("", "secondary")
        self.on = IconButton("arrow-right-s-line", _("下一页"), lambda: self.turn(1))
        for widget in (self.back, self.where, self.on):
            self.add_left(widget)
        self.add_action(Button(_("关闭"), clicked=self.cancel), safe=True)
        self.add_action(Button(_("生成"), "primary", "play-circle-line", clicked=self._keep))
        self.turn(0)

    def turn(self, by: int) -> None:
        """Show the page `by` further on, as far as there is one."""
        self.number = min(max(self.number + by, 0), len(self.sizes) - 1)
        outer = min(theme.Width.DIALOG_LARGE, self._window.width() - theme.Space.XXXL)
        room = outer - 2 * theme.Space.XL - theme.Space.L
        ratio = self.devicePixelRatioF()
        wide = self.sizes[self.number][0]
        picture = printing.image_of(preview.render(self._path, self.number, room * ratio * MM_PER_INCH / wide))
        picture.setDevicePixelRatio(ratio)
        self.sheet.setPixmap(QPixmap.fromImage(picture))
        said = _("第 {n} 页，共 {total} 页").format(n=self.number + 1, total=len(self.sizes))
        self.where.setText(said)
        self.sheet.setAccessibleName(said)
        self.back.setEnabled(self.number > 0)
        self.on.setEnabled(self.number < len(self.sizes) - 1)
        self._area.verticalScrollBar().setValue(0)

    def _keep(self) -> None:
        self.close_with(True)
        self._make()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if event.key() in steps:
            self.turn(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
