"""导出登记表: what is not complete is listed first and needs one more press."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from expo_app import documents
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services import contracts_report
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records import files

DOCUMENT = "register"
SHOWN = 12


class ExportDialog(Dialog):
    """`ids`: every contract of the register."""

    def __init__(self, parent: QWidget, context: Context, ids: Sequence[uuid.UUID]) -> None:
        super().__init__(parent, _("导出登记表"), theme.Width.DIALOG)
        self.context, self.count = context, len(ids)
        self.gaps = contracts_report.lacking(context.db, ids)
        self._asked = not self.gaps
        expo = context.expo
        stem = files.safe_name(_("技术合同登记表_{code}").format(code=expo.code) if expo else _("技术合同登记表"))
        if self.gaps:
            words = _("{n} 份还有缺项，登记机构可能退回；照样导出要再按一次。")
            self.body.addWidget(Banner("warn", words.format(n=len(self.gaps))))
            for gap in self.gaps[:SHOWN]:
                detail = _("缺 {n} 项：{names}").format(n=len(gap.lacking), names=_("、").join(gap.lacking))
                self.body.addWidget(ItemRow(gap.title, detail, "error-warning-fill", token="warn", below=True))  # noqa: S106
            if len(self.gaps) > SHOWN:
                self.body.addWidget(Label(_("另有 {n} 份").format(n=len(self.gaps) - SHOWN), "fact"))
        self.path = LineEditor()
        self.path.set_value(files.free(files.folder_of(context) / f"{stem}.xlsx"))
        hint = _("登记机构的列，金额以元计。已有同名文件时另起名，不覆盖")
        self.place = FormField(_("文件"), self.path, hint, required=True)
        self.body.addWidget(self.place)
        self.add_action(Button(_("取消"), clicked=self.cancel))
        words = _("导出") if self._asked else _("缺着也导出")
        self.export_button = Button(words, "primary", "file-excel-2-line", clicked=self.submit)
        self.add_action(self.export_button)

    def submit(self) -> None:
        """Write the file in a job; with gaps the first press only says so once more."""
        if not self._asked:
            self._asked = True
            self.export_button.setText(_("再按一次，导出 {n} 份").format(n=self.count))
            return
        path = Path(self.path.text().strip()).expanduser()
        if not path.parent.is_dir():
            self.place.set_problem(_("没有这个文件夹，选一个已有的。"))
            return
        path = files.free(path.with_suffix(".xlsx"))
        context, host = self.context, self._window
        expo = context.expo
        if expo is None:
            raise UserError(_("先选一个展会，没有写入。"), "E-NO-EXPO")
        self.close_with(path)

        def done(_none: object) -> None:
            said = _("已导出登记表：{name}").format(name=path.name)
            messages.show(host, said, "ok", (_("打开文件夹"), partial(files.open_folder, path)))

        context.run(
            _("导出 {name}").format(name=path.name),
            lambda progress: documents.write(context.db, expo, DOCUMENT, path, progress),
            done,
            parent=host,
        )
