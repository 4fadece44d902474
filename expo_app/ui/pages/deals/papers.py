"""What the panel of a deal has beside its facts: the papers kept with it, and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from expo_app.documents import deals as documents
from expo_app.i18n import _
from expo_app.model import Attachment, Role
from expo_app.rules.paper_kinds import PAPERS
from expo_app.rules.who import called
from expo_app.services import deals_attachments
from expo_app.services.deals_history import Event
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.item_row import ItemRow, ask_reason
from expo_app.ui.kit.labels import Label, Line, SectionTitle
from expo_app.ui.kit.panels import clear, column
from expo_app.ui.records import files, state_colours
from expo_app.ui.records.undo_list import attempt

DIGITS = 12
"""Of a SHA-256, as it is shown; enough to compare by eye."""


class Papers(QWidget):
    """The files of a deal: added by a dialog or by dropping them, opened as a copy, taken away with a reason.

    `changed` comes after one was added or removed.
    """

    changed = Signal()

    def __init__(self, context: Context, deal_id: uuid.UUID, deal_no: str, needs_reason: bool) -> None:
        super().__init__()
        self.context, self.deal_id, self._no, self._needs_reason = context, deal_id, deal_no, needs_reason
        self._may = context.may_write("deals.edit")
        self.setAcceptDrops(self._may)
        lines = column(self, theme.Space.S)
        self._list = column(spacing=theme.Space.XS)
        lines.addLayout(self._list)
        if self._may:
            self.add_button = Button(_("添加附件"), icon="add-line", clicked=self.ask)
            lines.addWidget(self.add_button)
            most = deals_attachments.MOST // 1024 // 1024
            lines.addWidget(Label(_("也可以把文件拖到这里，每个不超过 {n} MB。").format(n=most), "caption", wrap=True))
        lines.addWidget(Line())
        if context.may("data.export"):
            lines.addWidget(Button(_("签约确认单"), icon="file-pdf-line", clicked=self.confirm))
        self.show_files()

    def show_files(self) -> None:
        """The files there are."""
        clear(self._list)
        kept = deals_attachments.attachments(self.context.db, self.deal_id)
        for one in kept:
            self._list.addWidget(self._row(one))
        if not kept:
            self._list.addWidget(Label(_("还没有附件"), "fact"))

    def _row(self, one: Attachment) -> QWidget:
        size = _("{n} KB").format(n=f"{max(1, round(one.size / 1024)):,}")
        detail = " · ".join(filter(None, (one.kind.label, size, f"SHA-256 {one.sha256[:DIGITS]}")))
        bin_ = IconButton("delete-bin-line", _("移除“{name}”").format(name=one.name), partial(self.remove, one))
        shown = ItemRow(
            one.name, detail, "file-text-line", buttons=[bin_] if self._may else [], clicked=partial(self.open, one),
            below=True,
        )  # fmt: skip
        shown.setToolTip(f"SHA-256 {one.sha256}")
        return shown

    def ask(self) -> None:
        """Choose files to add."""
        kinds = _("文档和图片 ({suffixes})").format(suffixes=" ".join(f"*{ending}" for ending in PAPERS))
        chosen, _filter = QFileDialog.getOpenFileNames(self, _("添加附件"), str(files.folder_of(self.context)), kinds)
        self.add([Path(path) for path in chosen])

    def add(self, paths: Sequence[Path]) -> None:
        """Keep files, in a worker: they may be large."""
        if not paths:
            return
        db, deal_id = self.context.db, self.deal_id
        said = _("已添加 {n} 个附件").format(n=len(paths))
        self.context.run(
            _("添加附件"), lambda progress: deals_attachments.add(db, deal_id, paths, progress=progress),
            lambda _keys: self._done(said), parent=self,
        )  # fmt: skip

    def _done(self, said: str) -> None:
        messages.show(self, said, "ok")
        self.show_files()
        self.changed.emit()

    def open(self, one: Attachment) -> None:
        """Show a copy, made in a worker, with whatever program the system has for it."""
        db, show = self.context.db, partial(files.open_paper, self)
        self.context.run(_("打开附件"), lambda _progress: deals_attachments.write_out(db, one.id), show, parent=self)

    def remove(self, one: Attachment) -> None:
        """Take a file away; the papers of a signed deal only with a reason."""
        take: Callable[[str], object] = partial(self._remove, one)
        if self._needs_reason:
            words = _("文件从数据库里删去，日志里留下名称和校验值。")
            ask_reason(self, _("移除附件"), words, _("移除"), take)
        else:
            take("")

    def _remove(self, one: Attachment, reason: str) -> None:
        if attempt(self, partial(deals_attachments.remove, self.context.db, one.id, reason)):
            self._done(_("已移除附件"))

    def confirm(self) -> None:
        """The page with which the parties confirm the deal."""
        if (expo := self.context.expo) is None:
            return
        name = files.safe_name(_("签约确认单 {no}").format(no=self._no)) + ".pdf"
        path = files.ask_where(self, self.context, _("签约确认单"), name, _("PDF 文件 (*.pdf)"))
        if path is None:
            return
        db, deal_id = self.context.db, self.deal_id
        said = _("已存为 {name}").format(name=path.name)
        self.context.run(
            _("签约确认单"), lambda progress: documents.confirm(db, expo, deal_id, path, progress),
            lambda _nothing: messages.show(self, said, "ok", (_("打开文件夹"), partial(files.open_folder, path))),
            parent=self,
        )  # fmt: skip

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.add(dropped(event.mimeData().urls()))


def dropped(urls: Sequence[QUrl]) -> list[Path]:
    """The files among what is dropped."""
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def story(events: Sequence[Event], zone: ZoneInfo | None) -> list[QWidget]:
    """What became of a deal, the latest first: where it stood, what was changed, by whom and why."""
    widgets: list[QWidget] = []
    for event in reversed(events):
        who = " · ".join(filter(None, (_when(event, zone), called(event.operator) or Role.ADMIN.label, event.reason)))
        if event.stage is not None and event.entry is not None:
            pill = (event.entry.label, state_colours.pill(event.entry))
            widgets.append(ItemRow(event.stage.label, who, "flag-line", pill, below=True))
            continue
        widgets.append(ItemRow(_("改动"), who, "edit-line", below=True))
        for title, before, after in event.changes:
            words = _("{what}：{before} → {after}").format(what=title, before=before or "—", after=after or "—")
            line = Label(words, "secondary", wrap=True)
            line.setContentsMargins(theme.Space.XL, 0, 0, 0)
            widgets.append(line)
    return [SectionTitle(_("经过")), *widgets, Line()]


def _when(event: Event, zone: ZoneInfo | None) -> str:
    at: datetime = event.at.astimezone(zone)
    day = _("（{day}）").format(day=event.on_date.isoformat()) if event.on_date else ""
    return f"{at:%Y-%m-%d %H:%M}{day}"
