"""筹备检查: which lots may be called, and what is missing of the others; who presides, and the rules read out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.routes import ListRoute
from expo_app.rules.auction_checklist import Item, Mark
from expo_app.services import auction_checklist
from expo_app.services.auction_checklist import Checklist
from expo_app.services.auction_hall import read_rules
from expo_app.services.steps import Step
from expo_app.specs import AUCTIONS, LOTS
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import Label, Line, Pill
from expo_app.ui.kit.panels import Card, clear, column, row
from expo_app.ui.kit.placeholders import EmptyState, ErrorState
from expo_app.ui.pages.auction.check_table import CheckTable
from expo_app.ui.pages.auction.forms import AuctionDialog, LotDialog
from expo_app.ui.pages.auction.view import AuctionView
from expo_app.ui.records.undo_list import UndoList, step_act

SHOWN = frozenset({"auction", "lot", "lot_right", "lot_patent", "bidder", "organisation", "expo"})
"""Tables whose change may turn an item."""


class ChecklistView(AuctionView):
    """A table of all lots of the session; every cell leads to its field."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.checklist: Checklist | None = None
        self.acts = UndoList(self)
        self.table = CheckTable()
        self.table.opened.connect(self.open_item)
        self.table.moved.connect(self._on_moved)
        self._pages = QStackedWidget()
        column(self, 0).addWidget(self._pages)
        self._pages.addWidget(self._make_page())
        self._state: QWidget | None = None
        self.setFocusProxy(self.table)
        context.changed.connect(self._on_changed)

    def _make_page(self) -> QWidget:
        page = QWidget()
        lines = column(page, theme.Space.M)
        head = Card()
        held = row(spacing=theme.Space.L)
        self._who, self._paper = Label("", "body", wrap=True), Label("", "fact", wrap=True)
        words = column(spacing=theme.Space.XS)
        words.addWidget(self._who)
        words.addWidget(self._paper)
        held.addLayout(words, 1)
        self._read = Pill("", "mute")
        self._rules = Button(_("宣读规则"), icon="mic-line", clicked=self.read_rules)
        self._session = Button(_("编辑专场"), icon="edit-line", clicked=self.edit_session)
        for widget in (self._read, self._rules, self._session):
            held.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        head.body.addLayout(held)
        lines.addWidget(head)
        card = Card(padding=0)
        card.set_padding(1, 1)  # its edge stays free
        top = row(spacing=theme.Space.S)
        top.setContentsMargins(theme.Space.L, theme.Space.M, theme.Space.L, theme.Space.M)
        top.addWidget(Label(_("筹备检查"), "section"))
        self._about = Label("", "fact")
        top.addWidget(self._about, 1)
        self._counts = row(spacing=theme.Space.S)
        top.addLayout(self._counts)
        card.body.addLayout(top)
        self._area = QScrollArea()
        self._area.setWidget(self.table)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        card.body.addWidget(self._area, 1)
        card.body.addWidget(Line())
        foot = row()
        foot.setContentsMargins(theme.Space.L, theme.Space.S, theme.Space.L, theme.Space.S)
        foot.addWidget(Label(_("保留价只有授权人可看，每次查看留痕；此处只显示设没设"), "fact"), 1)
        foot.addWidget(Label(_("方向键选，Enter 去填"), "fact"))
        card.body.addLayout(foot)
        lines.addWidget(card, 1)
        return page

    # --- reading ---

    def refresh(self) -> None:
        if self.session_id is None:
            self._show_state(self._none())
            return
        try:
            self.checklist = auction_checklist.read(self.context.db, self.session_id)
        except UserError as error:
            self._show_state(ErrorState(_("读不出筹备检查"), error, self.refresh))
            return
        if not self.checklist.lines:
            self._show_state(self._none_here())
        else:
            self._pages.setCurrentIndex(0)
        self._say(self.checklist)

    def _say(self, found: Checklist) -> None:
        self.table.set(found.lines)
        zone = self.context.expo.zone if self.context.expo else None
        at = f"{found.starts_at:%m-%d %H:%M}" if found.starts_at else _("时间未定")
        self._about.setText(_("{at} · {n} 件").format(at=at, n=len(found.lines)))
        clear(self._counts)
        kinds = (
            (Mark.OK, _("可上拍 {n}"), "ok"), (Mark.REMIND, _("要提醒 {n}"), "warn"),
            (Mark.BLOCKS, _("不能上拍 {n}"), "bad"),
        )  # fmt: skip
        for mark, words, kind in kinds:
            n = found.count(mark)
            self._counts.addWidget(Pill(words.format(n=n), kind if n else "mute"))
        self._who.setText(_told(found))
        self._paper.setText(
            _("拍卖人、拍卖师证号已登记，文件称“{word}”").format(word=found.called)
            if found.is_auction
            else _("拍卖人和拍卖师的证照四项没有填全，文件和屏幕都称“{word}”").format(word=found.called)
        )
        read = found.rules_read_at
        words = _("{at} 已宣读").format(at=f"{read.astimezone(zone):%H:%M}") if read else _("未宣读规则")
        self._read.set(words, "ok" if read else "warn")
        self._rules.setVisible(read is None)
        self._rules.setEnabled(self.context.may_write("auction.run") and not found.is_over)

    def _none(self) -> EmptyState:
        buttons: list[QWidget] = []
        if self.context.may_write(AUCTIONS.permission) and self.context.expo_id is not None:
            add = Button(_("新增专场"), "primary", "add-line", clicked=self.add_session)
            buttons.append(add)
        text = _("先建一个专场，再登记标的和竞买人；也可以从名单导入。")
        return EmptyState("auction-line", _("还没有专场"), text, buttons)

    def _none_here(self) -> EmptyState:
        buttons: list[QWidget] = []
        if self.context.may_write(LOTS.permission):
            route = ListRoute(LOTS, imports=True)
            buttons.append(Button(_("导入标的"), icon="upload-2-line", clicked=lambda: self.context.navigate(route)))
            buttons.append(Button(_("新增标的"), "primary", "add-line", clicked=self.add_lot))
        return EmptyState("list-check", _("还没有标的"), _("登记标的后，这里逐件查能不能上拍。"), buttons)

    def _show_state(self, state: QWidget) -> None:
        if self._state is not None:
            self._pages.removeWidget(self._state)
            self._state.deleteLater()
        self._state = state
        self._pages.addWidget(state)
        self._pages.setCurrentWidget(state)

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & SHOWN and self.isVisible():
            self.refresh()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.refresh()

    def _on_moved(self, box: QRectF) -> None:
        self._area.ensureVisible(round(box.center().x()), round(box.center().y()), round(box.width()), 40)

    # --- acts ---

    def open_item(self, lot_id: uuid.UUID, item: Item | None) -> None:
        """The form of the lot, or of its session, where an item is filled in."""
        if item is not None and item.of_session:
            self.edit_session(item.field)
            return
        dialog = LotDialog(self, self.context, LOTS, lot_id, noun=LOTS.title)
        dialog.cell = item.cell if item else ""
        self._open(dialog, item.field if item else "")

    def edit_session(self, field: str = "") -> None:
        """The session's form."""
        if self.session_id is not None:
            self._open(AuctionDialog(self, self.context, AUCTIONS, self.session_id, noun=AUCTIONS.title), field)

    def add_session(self) -> None:
        """The form of a new session."""
        self._open(AuctionDialog(self, self.context, AUCTIONS, noun=AUCTIONS.title), "")

    def add_lot(self) -> None:
        """The form of a new lot of this session."""
        title = self.checklist.title if self.checklist else ""
        self._open(LotDialog(self, self.context, LOTS, noun=LOTS.title, values={"auction_id": title}), "")

    def _open(self, dialog: AuctionDialog | LotDialog, field: str) -> None:
        dialog.wanted = field
        dialog.saved.connect(self._on_saved)
        dialog.open()

    def _on_saved(self, _record_id: uuid.UUID, _values: Any, step: Step | None) -> None:
        if step is not None and step.wrote:
            self.acts.add(step_act(_("已保存"), self.context.db, step))
        self.refresh()

    def read_rules(self) -> None:
        """The rules were read out: now."""
        if self.session_id is None:
            return
        try:
            read_rules(self.context.db, self.session_id)
        except UserError as error:
            messages.show(self, error)
            return
        self.acts.bar(_("已记下宣读规则的时间"))
        self.refresh()

    def undo(self) -> None:
        self.acts.undo()

    def redo(self) -> None:
        self.acts.redo()

    def buttons(self) -> Sequence[QWidget]:
        return ()


def _told(found: Checklist) -> str:
    """Who runs the session and who presides, with their numbers."""
    parts = [
        (_("拍卖人"), found.house, found.licence_no), (_("拍卖师"), found.auctioneer, found.auctioneer_no),
        (_("记录人"), found.recorder, ""),
    ]  # fmt: skip
    said = []
    for what, name, number in parts:
        told = f"{name}（{number}）" if name and number else name or _("未填")
        said.append(f"{what} {told}")
    return " · ".join(said)
