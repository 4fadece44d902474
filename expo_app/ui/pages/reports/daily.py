"""定时: which reports are made by themselves every day, when, into which folder; a setting of this computer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from expo_app.documents import Document, all_documents
from expo_app.i18n import _
from expo_app.rules.daily_run import read_hour
from expo_app.settings import Settings
from expo_app.ui.kit.buttons import Button, Segmented, Tick
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import row
from expo_app.ui.pages.reports.gallery import FORMATS

USUAL = "bulletin"


def daily_words(settings: Settings) -> str:
    """定时每日 18:00; 定时 where nothing is made by itself."""
    return _("定时每日 {time}").format(time=settings.daily_at) if settings.daily_reports else _("定时")


class DailyDialog(Dialog):
    """Closes with the settings to remember by name, {} to leave them."""

    def __init__(self, parent: QWidget, settings: Settings, folder: Path) -> None:
        super().__init__(parent, _("定时报表"))
        chosen = dict(report.partition(".")[::2] for report in settings.daily_reports)
        self.lines: list[tuple[Document, Tick, Segmented]] = []
        self.body.addWidget(
            Label(_("窗口开着，到点自动生成；错过的，下次打开补一次。只在这台电脑上。"), "secondary", wrap=True)
        )
        line = row()
        self.hour = LineEditor()
        self.hour.setText(settings.daily_at)
        self.hour_field = FormField(_("每天几点"), self.hour)
        self.hour.textChanged.connect(self.hour_field.clear_problem)
        line.addWidget(self.hour_field)
        self.folder = LineEditor()
        self.folder.setReadOnly(True)
        self.folder.set_value(settings.daily_folder or folder)
        line.addWidget(FormField(_("保存到"), self.folder), 1)
        self.body.addLayout(line)
        change = row()
        change.addStretch(1)
        change.addWidget(Button(_("更改…"), clicked=self._choose_folder))
        self.body.addLayout(change)
        for document in (one for one in all_documents() if one.shape != "cards"):
            self._add(document, chosen)
        if settings.daily_reports:
            self.add_action(Button(_("不再定时"), clicked=lambda: self.close_with({"daily_reports": []})))
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.add_action(Button(_("保存"), "primary", clicked=self.save))

    def _add(self, document: Document, chosen: dict[str, str]) -> None:
        tick = Tick(_(document.title))
        tick.setChecked(document.name in chosen if chosen else document.name == USUAL)
        ending = chosen.get(document.name)
        formats = Segmented([(kind, FORMATS[kind]) for kind in document.formats], ending)
        line = row()
        line.addWidget(tick, 1)
        line.addWidget(formats)
        self.body.addLayout(line)
        self.lines.append((document, tick, formats))

    @property
    def reports(self) -> Sequence[str]:
        """Those ticked, name and ending."""
        return [f"{document.name}.{formats.key}" for document, tick, formats in self.lines if tick.isChecked()]

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("保存到"), self.folder.text())
        if folder:
            self.folder.set_value(folder)

    def save(self) -> None:
        """Take over what is chosen; from now on, nothing that was due before."""
        try:
            hour = read_hour(self.hour.text())
        except ValueError as problem:
            self.hour_field.set_problem(str(problem))
            return
        values = {"daily_reports": list(self.reports), "daily_at": f"{hour:%H:%M}", "daily_folder": self.folder.text()}
        self.close_with(values)
