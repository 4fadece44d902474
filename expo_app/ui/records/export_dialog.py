"""Export a list: which rows, which columns, Excel or CSV, masked unless a reason is given. Never overwrites a file."""

import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from expo_app import documents
from expo_app.i18n import _
from expo_app.specs import Field, RecordSpec
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button, Chip, Segmented, Tick
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.item_row import REASON_LENGTH
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import row
from expo_app.ui.records import files


class ExportDialog(Dialog):
    """`every` row of the list, with what ships beside it, those `shown`, those `checked` (ids, in the list's order)."""

    def __init__(
        self,
        parent: QWidget,
        context: Context,
        spec: RecordSpec,
        every: Sequence[uuid.UUID],
        shown: Sequence[uuid.UUID],
        checked: Sequence[uuid.UUID],
        noun: str = "",
    ) -> None:
        super().__init__(parent, _("导出{what}").format(what=noun or spec.label))
        self.context, self.spec = context, spec
        self._ids = {"every": list(every), "shown": list(shown), "checked": list(checked)}
        self._make_rows(every, shown, checked)
        self._make_columns()
        self._make_privacy()
        self._make_place(noun or spec.label)
        self.body.addStretch(1)
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.export_button = Button(_("导出"), "primary", "download-2-line", clicked=self.submit)
        self.add_action(self.export_button)

    # --- building ---

    def _make_rows(self, every: Sequence[object], shown: Sequence[object], checked: Sequence[object]) -> None:
        whole = len(every) + len(documents.shipped_rows(self.context.db, self.spec))
        items = [("every", _("全部 {n}").format(n=f"{whole:,}"))]
        if len(shown) < len(every):
            items.append(("shown", _("筛选后 {n}").format(n=f"{len(shown):,}")))
        if checked:
            items.append(("checked", _("已选 {n}").format(n=f"{len(checked):,}")))
        self.rows = Segmented(items, items[-1][0])
        self.kind = Segmented([("xlsx", "Excel"), ("csv", "CSV")])
        self.kind.chosen.connect(self._on_kind)
        line = row(spacing=theme.Space.XL)
        line.addWidget(FormField(_("行"), self.rows))
        line.addWidget(FormField(_("格式"), self.kind))
        line.addStretch(1)
        self.body.addLayout(line)

    def _make_columns(self) -> None:
        head = row()
        head.addWidget(Label(_("列"), "caption.bold"))
        head.addStretch(1)
        head.addWidget(Button(_("全选"), "link", clicked=partial(self._check_all, True)))
        head.addWidget(Button(_("清空"), "link", clicked=partial(self._check_all, False)))
        self.body.addLayout(head)
        box = QWidget()
        flow = FlowLayout(box, theme.Space.S)
        self.chips: dict[str, Chip] = {}
        for field in self.spec.excel_fields:
            chip = Chip(field.header)
            chip.setChecked(True)
            chip.clicked.connect(self._on_columns)
            flow.addWidget(chip)
            self.chips[field.name] = chip
        self.body.addWidget(box)

    def _make_privacy(self) -> None:
        has_names = any(f.secret for f in self.spec.excel_fields)
        self.reveal = Tick(_("显示手机、邮箱和要求保密的名字") if has_names else _("显示完整手机和邮箱"))
        may = self.context.may_write("data.reveal")
        self.reveal.setEnabled(may)
        if not may:
            self.reveal.setToolTip(_("{role}没有这项权限").format(role=self.context.actor.role.label))
        self.reveal.toggled.connect(self._on_reveal)
        self.why = LineEditor()
        self.why.setMaxLength(REASON_LENGTH)
        self.reason = FormField(_("原因"), self.why, _("谁、何时、为何导出会记入日志"), required=True)
        self.reason.hide()
        has_personal = any(f.mask or f.secret for f in self.spec.excel_fields)
        self.body.addWidget(self.reveal)
        self.reveal.setVisible(has_personal)
        self.body.addWidget(self.reason)

    def _make_place(self, noun: str) -> None:
        expo = self.context.expo
        stem = files.safe_name(f"{noun}_{expo.code}" if expo else noun)
        self.path = LineEditor()
        self.path.set_value(files.free(files.folder_of(self.context) / f"{stem}.xlsx"))
        self.place = FormField(_("文件"), self.path, _("已有同名文件时另起名，不覆盖"), required=True)
        line = row()
        line.addWidget(self.place, 1)
        line.addWidget(Button(_("选位置"), icon="folder-line", clicked=self._choose))
        self.body.addLayout(line)

    # --- choices ---

    def _on_kind(self, kind: object) -> None:
        self.path.set_value(files.free(Path(self.path.text()).with_suffix(f".{kind}")))

    def _check_all(self, on: bool) -> None:
        for chip in self.chips.values():
            chip.setChecked(on)
        self._on_columns()

    def _on_columns(self) -> None:
        self.export_button.setEnabled(any(chip.isChecked() for chip in self.chips.values()))

    def _on_reveal(self, on: bool) -> None:
        self.reason.setVisible(on)
        if on:
            self.why.setFocus()

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("导出到"), str(Path(self.path.text()).parent))
        if folder:
            self.context.remember(export_folder=folder)
            self.path.set_value(files.free(Path(folder) / Path(self.path.text()).name))

    @property
    def fields(self) -> list[Field]:
        """The columns chosen."""
        return [field for field in self.spec.excel_fields if self.chips[field.name].isChecked()]

    # --- write ---

    def submit(self) -> None:
        """Write the file in a job; the dialog closes at once."""
        reason = self.why.text().strip() if self.reveal.isChecked() else ""
        if self.reveal.isChecked() and not reason:
            self.reason.set_problem(_("不能为空。"))
            self.why.setFocus()
            return
        path = Path(self.path.text().strip()).expanduser()
        if not path.parent.is_dir():
            self.place.set_problem(_("没有这个文件夹，选一个已有的。"))
            return
        path = files.free(path.with_suffix(f".{self.kind.key}"))
        context, host, which = self.context, self._window, str(self.rows.key)
        work = partial(
            documents.export, context.db, context.expo, self.spec, path, reveal=reason, fields=self.fields,
            ids=self._ids[which], shipped=which == "every",
        )  # fmt: skip
        self.close_with(path)

        def done(count: int) -> None:
            said = _("已导出 {n} 行：{name}").format(n=f"{count:,}", name=path.name)
            messages.show(host, said, "ok", (_("打开文件夹"), partial(files.open_folder, path)))

        context.run(_("导出 {name}").format(name=path.name), work, done, parent=host)
