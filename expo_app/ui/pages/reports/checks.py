"""What is to be corrected before a document is made, record by record, each one press away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.specs.report_data import Finding
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label

MOST = 200
"""Findings that are listed at once; the rest follows when these are put right."""


def summed(findings: Sequence[Finding]) -> str:
    """3 处要改，41 处印出时自动改正."""
    mended = sum(finding.is_mended for finding in findings)
    open_ones = len(findings) - mended
    parts = [_("{n} 处要改").format(n=open_ones)] if open_ones else []
    parts += [_("{n} 处印出时自动改正").format(n=mended)] if mended else []
    return _("，").join(parts) or _("没有要改的")


class ChecksDialog(Dialog):
    """The findings of a document; `go`(finding) opens its record."""

    def __init__(
        self, parent: QWidget, title: str, findings: Sequence[Finding], go: Callable[[Finding], object]
    ) -> None:
        super().__init__(parent, _("{title}核对").format(title=title), theme.Width.DIALOG_LARGE, note=summed(findings))
        self._go = go
        self.rows = [self._row(finding) for finding in findings[:MOST]]
        for row in self.rows:
            self.body.addWidget(row)
        if len(findings) > MOST:
            more = _("另有 {n} 处没有列出，改好这些再看。").format(n=len(findings) - MOST)
            self.body.addWidget(Label(more, "fact"))
        if not findings:
            self.body.addWidget(Label(_("没有要改的，可以生成。"), "secondary"))
        self.body.addStretch(1)
        self.add_action(Button(_("关闭"), clicked=self.cancel), safe=True)

    def _row(self, finding: Finding) -> ItemRow:
        icon, token = ("information-line", "text.3") if finding.is_mended else ("error-warning-line", "warn")
        return ItemRow(
            finding.name, finding.words, icon, token=token, clicked=partial(self._leave, finding), below=True
        )  # fmt: skip

    def _leave(self, finding: Finding) -> None:
        self.close_with(True)
        self._go(finding)
