"""The day plan: rooms as columns, items as blocks; every move is saved in the draft at once and can be taken back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import ItemState, WordRole
from expo_app.routes import ListRoute
from expo_app.rules.programme_remedies import remedy
from expo_app.services import programme
from expo_app.services.programme import Item, Position, Programme
from expo_app.services.programme_checkins import present
from expo_app.specs import PROGRAMME, ROOMS
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, theme
from expo_app.ui.kit.buttons import Button, MenuButton, Segmented
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import PageHeader, column, row
from expo_app.ui.kit.placeholders import EmptyState, ErrorState, StateStack
from expo_app.ui.pages.programme import blocks
from expo_app.ui.pages.programme.commands import PlanActs
from expo_app.ui.pages.programme.day_choice import DayChoice
from expo_app.ui.pages.programme.side import Side
from expo_app.ui.pages.programme.timeline import Place, Timeline
from expo_app.ui.records import printing

TABLES = frozenset({"programme_item", "speaker", "agenda_entry", "pitch", "person", "room", "venue", "expo", "word"})
SNAPS = (5, 15, 30)
BEAT, SLOWLY = 20_000, 10_000  # ms: the line of the present; between two countings of who is there
EDIT = PROGRAMME.permission


class DayPlanView(QWidget):
    """See the top of this file. `switch` is the choice of views, shown in its second line."""

    import_wanted = Signal()

    def __init__(self, context: Context, switch: Segmented, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.context, self.switch = context, switch
        self.acts = PlanActs(self, context, self._on_done)
        self.programme: Programme | None = None
        self.day: date | None = None
        self._present: dict[uuid.UUID, int] = {}
        self._counted: object = None
        self._stale = True
        self._wanted: tuple[uuid.UUID | None, bool] = (None, False)
        self._build()
        self._connect()

    # --- building ---

    def _build(self) -> None:
        lines = column(self, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_("日程"))
        self.undo_button = Button(_("撤销"), icon="arrow-go-back-line", clicked=self.acts.undo)
        self.undo_button.setToolTip("Ctrl+Z")
        self.print_button = MenuButton(_("打印日程"), self._fill_print, icon="printer-line")
        if not self.context.may("data.export"):
            self.print_button.setEnabled(False)
            self.print_button.setToolTip(_("{role}没有这项权限").format(role=self.context.actor.role.label))
        self.publish_button = Button(_("发布改动"), "primary", "check-line", clicked=self.acts.publish)
        for button in (self.undo_button, self.print_button, self.publish_button):
            self.header.add(button)
        lines.addWidget(self.header)
        bar = row(spacing=theme.Space.S)
        self.day_choice = DayChoice()
        self.day_choice.chosen.connect(self.show_day)
        bar.addWidget(self.day_choice)
        bar.addStretch(1)
        self.snap = Segmented([(n, _("{n} 分").format(n=n)) for n in SNAPS], SNAPS[0])
        self._beside_days = (Label(_("吸附"), "fact"), self.snap, self.switch)
        for widget in self._beside_days:
            bar.addWidget(widget)
        lines.addLayout(bar)
        plan = QWidget()
        middle = row(plan, theme.Space.L)
        self.timeline = Timeline()
        self.side = Side(self.may_edit)
        middle.addWidget(self.timeline, 1)
        middle.addWidget(self.side)
        self._pages = StateStack(plan)
        lines.addWidget(self._pages, 1)

    def _connect(self) -> None:
        context, view, side = self.context, self.timeline.view, self.side
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        self.snap.chosen.connect(lambda minutes: setattr(view, "snap", minutes))
        view.judge = self._judge
        view.may_move = self.may_edit
        view.selected.connect(side.choose)
        view.opened.connect(self.acts.edit)
        view.moved.connect(self._on_moved)
        view.refused.connect(self.acts.refuse)
        view.thrown.connect(self._on_thrown)
        view.tray_wanted.connect(self.acts.to_tray)
        view.next_wanted.connect(self.next_clash)
        view.menu_wanted.connect(self._show_menu)
        view.let_go.connect(lambda: self.refresh() if self._stale else None)
        side.clash_pressed.connect(lambda clash: self.show_item(clash.item_ids[-1]))
        side.remedied.connect(self.acts.remedy)
        side.waived.connect(self.acts.waive)
        side.edit_wanted.connect(self.acts.edit)
        side.menu_wanted.connect(self._show_menu)
        side.tray_dragged.connect(self._on_tray_dragged)
        side.tray_dropped.connect(lambda _item, _at: view.drop_in())
        side.new_wanted.connect(self.acts.add)
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self._show_now)
        self._beat.start()
        self._later = QTimer(self, singleShot=True, interval=SLOWLY)
        self._later.timeout.connect(self.refresh)

    @property
    def panel(self) -> QWidget:
        """The column beside, for F6."""
        return self.side

    @property
    def may_edit(self) -> bool:
        """Whether anything may be moved."""
        return self.context.may_write(EDIT)

    # --- reading ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()
        self._show_now()

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            self._stale = True
            if self.isVisible():
                self.refresh()
        elif "check_in" in tables and not self._later.isActive():
            self._counted = None
            self._later.start()

    def _on_expo(self) -> None:
        self.acts.clear()
        self.day, self._counted = None, None
        self.timeline.view.select(None)
        self._stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read the programme again; selection and scroll place stay. Not while a block is in the hand."""
        expo = self.context.expo
        if expo is None:
            self._pages.show_state(EmptyState("calendar-event-line", _("还没有展会"), _("先建一届展会，再排日程。")))
            return
        if self.timeline.view.carried is not None:
            self._stale = True
            return
        try:
            self.programme = programme.load(self.context.db, expo.id)
        except UserError as error:
            self._pages.show_state(ErrorState(_("读不出日程"), error, self.refresh))
            return
        self._stale = False
        self.acts.planned = self.programme
        self._take()

    def _take(self) -> None:
        self._show_head()
        if not self._planned.items or not self._planned.frame.rooms:
            self._pages.show_state(self._empty())
        else:
            self._pages.show_content()
            self._show_days()
            self._show_day()
        record, new = self._wanted
        self._wanted = (None, False)
        if record is not None:
            self.show_item(record)
        if new:
            self.acts.add()

    @property
    def _planned(self) -> Programme:
        if self.programme is None:
            raise RuntimeError("the programme has not been read yet")
        return self.programme

    def _show_head(self) -> None:
        planned = self._planned
        kept = [item for item in planned.items if item.slot.state is not ItemState.CANCELLED]
        forums = sum(item.kind.role is not WordRole.CEREMONY for item in kept)  # as services.statistics counts them
        meetings = sum(item.kind.role in blocks.MEETINGS for item in kept)
        words = [_("{n} 场论坛与路演，其中签约与对接 {m} 场").format(n=forums, m=meetings)]
        if len(kept) < len(planned.items):
            words.append(_("已取消 {n} 场").format(n=len(planned.items) - len(kept)))
        changed = len(planned.changed)
        words.append(_("未发布的改动 {n} 处").format(n=changed) if changed else _("没有未发布的改动"))
        self.header.set_fact(" · ".join(words))
        self.undo_button.setEnabled(self.acts.can_undo)
        may_publish = self.context.may_write("programme.publish")
        self.publish_button.setEnabled(may_publish)
        self.publish_button.setToolTip("" if may_publish else _("发布由管理员或主管来做"))

    def _empty(self) -> EmptyState:
        if not self._planned.frame.rooms:
            build = partial(self.context.navigate, ListRoute(ROOMS, new=True))
            go = Button(_("去建会场"), "primary", "add-line", clicked=build)
            words = _("日程按会场排列。先在“数据与设置”里给场馆建会场。")
            return EmptyState("door-open-line", _("还没有会场"), words, [go])
        buttons: list[QWidget] = []
        if self.may_edit:
            buttons = [
                Button(_("导入日程"), icon="upload-2-line", clicked=self.import_wanted.emit),
                Button(_("新建场次"), "primary", "add-line", clicked=self.acts.add),
            ]
        words = _("从 Excel 导入日程，或逐场新建。冲突会在这里标出来。")
        return EmptyState("calendar-event-line", _("还没有活动"), words, buttons)

    # --- days ---

    def _show_days(self) -> None:
        expo, planned = self.context.expo, self._planned
        if expo is None:
            return
        strays = {day for item in planned.items for day in programme.days_of(item)}
        days = sorted({*expo.days, *strays})
        if self.day not in days:
            today = expo.local_day(self.context.now())
            self.day = today if today in days else days[0]
        self.day_choice.offer({day: len(programme.placed_on(planned.items, day)) for day in days}, self.day)
        self._fit_days()

    def _fit_days(self) -> None:
        taken = sum(widget.sizeHint().width() + theme.Space.S for widget in self._beside_days)
        self.day_choice.fit(self.width() - 2 * theme.Space.XL - taken)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_days()

    def show_day(self, day: date) -> None:
        """Show another day."""
        self.day = day
        if self.programme is not None and day in self.day_choice.counts:
            self.day_choice.choose(day)
            self._show_day()

    def _show_day(self) -> None:
        planned, day, expo = self._planned, self.day, self.context.expo
        if day is None or expo is None:
            return
        self.acts.day = day
        now = self.context.now().astimezone(expo.zone)
        if self._counted != day:
            self._present, self._counted = present(self.context.db, expo.id, day), day
        lanes, shown = blocks.lanes_of(planned), blocks.blocks_on(planned, day, self._present, now)
        self.timeline.set_day(lanes, shown, blocks.minutes_of(now, day))
        self.side.show_clashes(planned.clashes, lambda clash: remedy(clash, planned.slots, planned.frame))
        was_in_tray = any(card.hasFocus() for card in self.side.tray)
        self.side.show_tray([i for i in planned.items if not i.is_placed and i.slot.state is not ItemState.CANCELLED])
        if was_in_tray and not any(card.hasFocus() for card in self.side.tray):
            self.timeline.view.setFocus(Qt.FocusReason.OtherFocusReason)  # its card is gone: Qt would choose anything
        self.side.choose(self.timeline.view.key)

    def _show_now(self) -> None:
        expo = self.context.expo
        if self.day is not None and expo is not None and self.isVisible():
            now = self.context.now().astimezone(expo.zone)
            self.timeline.view.set_now(blocks.minutes_of(now, self.day))

    # --- going somewhere ---

    def open_with(self, record: uuid.UUID | None, new: bool, day: date | None) -> None:
        """Show an item, a day, or the form for a new item; once the programme has been read."""
        if day is not None:
            self.day = day
        self._wanted = (record, new)
        if not self._stale:
            self._take()

    def show_item(self, item_id: uuid.UUID) -> None:
        """Choose an item on its day, or put the focus on it in the tray."""
        item = self._planned.find(item_id)
        days = programme.days_of(item) if item else []
        if item is None:
            return
        if days and item.slot.state is not ItemState.CANCELLED:
            if self.day not in days:
                self.show_day(days[0])
            self.timeline.view.select(item_id, show=True)
            self.timeline.view.setFocus(Qt.FocusReason.OtherFocusReason)
        for card in self.side.tray:
            if card.item.id == item_id:
                card.setFocus(Qt.FocusReason.OtherFocusReason)
                self.side.tray_area.ensureWidgetVisible(card)

    def next_clash(self) -> None:
        """N: the item of the next open clash after the one chosen, on whatever day."""
        found = self._planned.open_clashes
        if not found:
            self.acts.say(_("没有冲突"), "ok")
            return
        key = self.timeline.view.key
        order = [item_id for clash in found for item_id in clash.item_ids[-1:]]
        self.show_item(order[(order.index(key) + 1) % len(order) if key in order else 0])

    # --- moving ---

    def _position(self, place: Place) -> Position | None:
        zone: Any = self._planned.frame.starts_at.tzinfo
        return blocks.position_of(place, self.day, zone) if self.day else None

    def _judge(self, key: Any, place: Place) -> str:
        """What would clash there, in a few words."""
        item, to = self.acts.find(key), self._position(place)
        if item is None or to is None:
            return ""
        return blocks.several([blocks.reason(clash, item.id) for clash in self.acts.clashes_at(item, to)])

    def _on_moved(self, key: Any, place: Place, by_mouse: bool) -> None:
        item, to = self.acts.find(key), self._position(place)
        if item is not None and to is not None:
            self.acts.put(item, to, quiet=not by_mouse)

    def _on_thrown(self, key: Any, at: QPoint) -> None:
        if self.side.is_over(at):
            self.acts.to_tray(key)

    def _on_tray_dragged(self, item: Item, at: QPoint) -> None:
        if self.day is not None:
            block = blocks.block_of(item, self.day)
            length = max(programme.SHORTEST, item.position.minutes)
            self.timeline.view.carry_block(replace(block, place=Place(None, 0, length)), at)

    def _on_done(self, item_id: uuid.UUID | None) -> None:
        self.refresh()
        if item_id is not None and self.programme is not None:
            self.show_item(item_id)

    # --- menu, print ---

    def _show_menu(self, key: Any, at: QPoint) -> None:
        item = self.acts.find(key)
        if item is not None:
            menu = self.acts.menu_of(item)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(at)

    def _fill_print(self, menu: Menu) -> None:
        title = _("日程")
        menu.add(_("打印"), lambda: printing.print_made(self, title, self._make_pdf))
        menu.add(_("存为 PDF"), lambda: printing.save_pdf(self, title, self._make_pdf))

    def _make_pdf(self, path: Path, progress: jobs.Progress) -> None:
        from expo_app import documents

        expo = self.context.expo
        if expo is not None:
            documents.write(self.context.db, expo, "programme", path, progress)
