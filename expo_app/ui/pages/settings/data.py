"""Imports and merges that can be undone, backups, and the check of file and machine."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import BatchKind
from expo_app.paths import own_folder
from expo_app.services import backups, imports
from expo_app.services.access import require
from expo_app.services.mending import mend
from expo_app.specs import SPECS
from expo_app.store import backup, doctor
from expo_app.store.damage import Damage
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.fields import SpinBox
from expo_app.ui.kit.item_row import ItemRow, ask_line
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import Card, FactRow, PageHeader, clear, column, row, scrolled
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.page import Page

SHOWN = 50
MEGABYTE = 1_000_000
LEVELS = {
    "ok": ("checkbox-circle-line", "ok", N_("正常")),
    "warning": ("alert-line", "warn", N_("留意")),
    "error": ("error-warning-line", "bad", N_("有问题")),
}
"""Icon, kind and word of a finding."""


@dataclass(frozen=True)
class BatchLook:
    """How a batch stands in the history, and what is said when it is taken back."""

    icon: str
    tone: str
    detail: str
    verb: str
    question: str
    consequence: str
    said: str


LOOKS = {
    BatchKind.IMPORT: BatchLook(
        "file-excel-2-line", "mute", N_("第 {n} 次 · {what} · 新增 {new} · 更新 {changed} · {when}"), N_("撤销导入"),
        N_("撤销“{name}”的导入？"),
        N_("新增的 {new} 条会删去，更新的 {changed} 条改回原值。之后又被用到或改动的，整批不撤。"),
        N_("已撤销导入"),
    ),
    BatchKind.MERGE: BatchLook(
        "git-merge-line", "info", N_("第 {n} 次 · {what} · 改动 {changed} 处 · {when}"), N_("撤销合并"),
        N_("撤销合并“{name}”？"), N_("两条恢复成合并前的样子，跟过去的都回到原处。之后又被用到或改动的，整次不撤。"),
        N_("已撤销合并，又是两条"),
    ),
}  # fmt: skip


class Section(Page):
    """A page of cards under a head; `fill()` puts them in whenever it is shown or its tables change."""

    tables: frozenset[str] = frozenset()

    def __init__(self, context: Context, title: str) -> None:
        super().__init__()
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        content = QWidget()
        lines = column(content, theme.Space.L)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(title)
        lines.addWidget(self.header)
        self.cards = column(spacing=theme.Space.L)
        lines.addLayout(self.cards)
        lines.addStretch(1)
        column(self).addWidget(scrolled(content))
        context.changed.connect(self._on_changed)

    def fill(self) -> None:
        """Put the cards in."""

    def refresh(self) -> None:
        self.fill()

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & self.tables and self.isVisible():
            self.fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fill()

    def attempt(self, act: object, said: str) -> None:
        """Do it and say so; a UserError is shown instead."""
        try:
            act()  # type: ignore[operator]
        except UserError as error:
            messages.show(self, error)
        else:
            messages.show(self, said, "ok")


class ImportsSection(Section):
    """Every imported file and every merge, newest first; each can be taken back as a whole."""

    tables = frozenset({"import_batch"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("导入与合并"))

    def fill(self) -> None:
        clear(self.cards)
        batches = imports.history(self.context.db, self.context.expo_id)
        merges = sum(batch.kind is BatchKind.MERGE for batch in batches)
        said = _("导入 {n} 次，合并 {m} 次；每一次都可以整个撤销").format(n=len(batches) - merges, m=merges)
        self.header.set_fact(said)
        if not batches:
            hint = _("在参展商、观众等列表里点“导入”；重复的在“查重与合并”里合并。")
            self.cards.addWidget(EmptyState("upload-2-line", _("还没有导入或合并过"), hint))
            return
        card = Card()
        for number, batch in list(imports.numbered(batches).items())[: -SHOWN - 1 : -1]:
            card.body.addWidget(self._row(number, batch))
        self.cards.addWidget(card)

    def _row(self, number: int, batch: imports.Batch) -> ItemRow:
        look = LOOKS[batch.kind]
        spec = SPECS.get(batch.spec)
        when = f"{_local(self.context, batch.at)} {batch.operator}".strip()
        detail = _(look.detail).format(
            n=number,
            what=spec.label if spec else batch.spec,
            new=batch.new_count,
            changed=batch.changed_count,
            when=when,
        )
        lead = (batch.kind.label, look.tone)
        if batch.undone_at is not None:
            return ItemRow(batch.file_name, detail, look.icon, (_("已撤销"), "mute"), lead)
        undo = Button(_(look.verb), "link", clicked=partial(self._ask, batch))
        own = spec.permission if spec and batch.kind is BatchKind.MERGE else "data.import"
        undo.setEnabled(self.context.may_write(own))
        return ItemRow(batch.file_name, detail, look.icon, lead=lead, buttons=[undo])

    def _ask(self, batch: imports.Batch) -> None:
        look = LOOKS[batch.kind]
        text = _(look.consequence).format(new=batch.new_count, changed=batch.changed_count)
        messages.confirm(
            self, _(look.question).format(name=batch.file_name), text, _(look.verb),
            partial(self._undo, batch), danger=True, safe=_("保留"),
        )  # fmt: skip

    def _undo(self, batch: imports.Batch) -> None:
        look, db = LOOKS[batch.kind], self.context.db
        said = partial(messages.show, self, _(look.said), "ok")
        self.context.run(_(look.verb), lambda _progress: imports.undo(db, batch.id), lambda _none: said(), parent=self)


class BackupSection(Section):
    """Backups of this file, one now, and the way back to one."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("备份与恢复"))
        folder = Button(_("换文件夹"), icon="folder-line", clicked=self._choose_folder)
        now = Button(_("立即备份"), "primary", "save-line", clicked=self._back_up)
        now.setEnabled(context.may("backup.run"))
        for button in (folder, now):
            self.header.add(button)

    def fill(self) -> None:
        clear(self.cards)
        context = self.context
        card = Card(_("自动备份"))
        card.body.addWidget(FactRow(_("数据库"), context.db.url))
        card.body.addWidget(FactRow(_("备份到"), str(context.settings.backup_path)))
        line = row()
        every = SpinBox(1, 240)
        every.setValue(context.settings.backup_minutes)
        every.setAccessibleName(_("自动备份间隔（分钟）"))
        every.valueChanged.connect(lambda n: context.remember(backup_minutes=n))
        words = Label(_("分钟备份一次，每份都核对过才算数"), "secondary")
        for widget in (Label(_("有改动时每"), "secondary"), every, words):
            line.addWidget(widget)
        line.addStretch(1)
        card.body.addLayout(line)
        self.cards.addWidget(card)
        self.cards.addWidget(self._list())

    def _list(self) -> QWidget:
        folder = self.context.settings.backup_path
        made = backup.backups(folder) if folder.is_dir() else []
        self.header.set_fact(_("共 {n} 份备份").format(n=len(made)))
        card = Card(_("已有备份"))
        if not made:
            card.body.addWidget(Label(_("还没有备份"), "secondary"))
        for info in made[:SHOWN]:
            detail = _("{rows} 行 · {size} MB · {source}").format(
                rows=f"{sum(info.counts.values()):,}", size=f"{info.size / MEGABYTE:.1f}", source=Path(info.source).name
            )
            title = _when(self.context, info.made_at)
            asked = _("恢复到 {when} 的备份？").format(when=title)
            restore = Button(_("恢复"), "link", clicked=partial(self._ask, Path(info.path), asked))
            restore.setEnabled(self.context.db.is_sqlite and self.context.may("restore.run"))
            card.body.addWidget(ItemRow(title, detail, "archive-line", buttons=[restore]))
        other = Button(_("从别处的备份恢复"), "text", "folder-open-line", clicked=self._choose_backup)
        other.setEnabled(self.context.db.is_sqlite and self.context.may("restore.run"))
        line = row()
        line.addWidget(other)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    def _back_up(self) -> None:
        require(self.context.db, "backup.run")
        folder, db = self.context.settings.backup_path, self.context.db
        own_folder(folder)

        def done(info: backup.BackupInfo) -> None:
            messages.show(self, _("已备份并核对：{name}").format(name=Path(info.path).name), "ok")
            self.fill()
            self.context.backed_up.emit()

        self.context.run(_("备份"), lambda progress: backups.make(db, folder, progress), done)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("备份到"), str(self.context.settings.backup_path))
        if chosen:
            self.context.remember(backup_folder=chosen)
            self.fill()

    def _choose_backup(self) -> None:
        kinds = _("备份 (*.db)")
        chosen, _kind = QFileDialog.getOpenFileName(self, _("选择备份"), str(self.context.settings.backup_path), kinds)
        if chosen:
            self._ask(Path(chosen))

    def _ask(self, path: Path, title: str = "") -> None:
        text = _("当前数据会被这份备份替换；替换前的文件另存在旁边，不会丢。恢复前先核对备份。")
        messages.confirm(
            self, title or _("恢复到“{name}”？").format(name=path.name), text, _("恢复"),
            partial(self.context.restore_wanted.emit, path), danger=True, safe=_("保留现状"),
        )  # fmt: skip


class DoctorSection(Section):
    """What is right and wrong with the file and this machine."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("检查"))
        self.header.add(Button(_("再查一次"), icon="refresh-line", clicked=self.fill))

    def fill(self) -> None:
        db, folder = self.context.db, self.context.settings.backup_path
        target = db.target
        self.header.set_fact(_("正在检查"))
        jobs.run_job(self, _("检查"), lambda _progress: doctor.doctor(target, folder), self._on_found, card=False)

    def _on_found(self, findings: list[doctor.Finding]) -> None:
        clear(self.cards)
        wrong = sum(finding.level != "ok" for finding in findings)
        self.header.set_fact(_("{n} 项要留意").format(n=wrong) if wrong else _("一切正常"))
        card = Card()
        for finding in findings:
            icon, kind, words = LEVELS[finding.level]
            found = finding.damage
            buttons = [self._mend_button(found, found.record_id)] if found and found.record_id else []
            card.body.addWidget(ItemRow(finding.title, finding.text, icon, (_(words), kind), buttons=buttons))
        self.cards.addWidget(card)

    def _mend_button(self, damage: Damage, record_id: uuid.UUID) -> Button:
        button = Button(_("修复"), "link", clicked=partial(self._ask_value, damage, record_id))
        button.setEnabled(self.context.may_write("settings.edit"))
        return button

    def _ask_value(self, damage: Damage, record_id: uuid.UUID) -> None:
        place = f"{damage.table}.{damage.column}"

        def answer(text: str) -> str:
            try:
                mend(self.context.db, place, record_id, text)
            except UserError as error:
                return str(error)
            return ""

        words = _("这里存的是“{found}”，读不出来。写上它应有的值；留空表示没有。改动记入日志。")
        box = ask_line(
            self, _("修复损坏的值"), words.format(found=damage.found), (place, str(record_id)), _("修复"), answer
        )
        box.closed.connect(lambda taken: self.fill() if taken is not None else None)


def _local(context: Context, at: datetime) -> str:
    zone = context.expo.zone if context.expo else None
    return f"{at.astimezone(zone):%m-%d %H:%M}"


def _when(context: Context, at: datetime) -> str:
    """A moment by the expo's clock, as everywhere in the window; beside it this computer's, where that is another."""
    there, here = at.astimezone(context.expo.zone if context.expo else None), at.astimezone()
    words = f"{there:%Y-%m-%d %H:%M}"
    if there.utcoffset() == here.utcoffset():
        return words
    return _("{when}（本机时间 {time}）").format(when=words, time=f"{here:%m-%d %H:%M}")
