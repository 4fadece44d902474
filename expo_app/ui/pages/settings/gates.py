"""入口与通道: who may enter where and when, and is it too full now."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import N_, _
from expo_app.model import Ways
from expo_app.routes import ListRoute
from expo_app.rules.verdict import ALARM
from expo_app.services import checkin_gates, record_writer, steps
from expo_app.services.checkin_gates import Alarms, Board, Crowd, DeskLine, GateLine
from expo_app.services.records import Row
from expo_app.specs import DESKS, GATES
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import icons, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, SectionTitle, draw_meter, draw_pill, elided, pill_width
from expo_app.ui.kit.panels import Card, column, row
from expo_app.ui.kit.placeholders import Banner, EmptyState
from expo_app.ui.kit.table import Column, Index
from expo_app.ui.kit.table_cells import PAD, CellDelegate
from expo_app.ui.parts.crowd_words import said_count, said_share
from expo_app.ui.records.form import Form
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.records.record_panel import ABOUT, RecordPanel
from expo_app.ui.records.undo_list import step_act

LOOK_AGAIN = 15_000
"""Milliseconds after which hours and desks are looked at again though nobody scans."""
OLD = 60.0
"""Seconds after which a count is said in grey."""
LINE = 66
"""Height of a row."""
WAYS = {Ways.IN: "login-box-line", Ways.OUT: "logout-box-line", Ways.BOTH: "arrow-left-right-line"}
TOKENS = {"ok": "ok.solid", "warn": "warn.solid", "bad": "bad"}


def below_count(gate: GateLine) -> str:
    """What stands under a count that has no bar."""
    if not gate.crowd.sees_out:
        return _("出口不扫码")
    return "" if gate.crowd.approved else _("未设核定人数")


def said_hours(gate: GateLine) -> tuple[str, str]:
    """Today's hours, and why it is open or not."""
    hours = "、".join(span.text for span in gate.hours)
    if gate.is_hidden:
        return hours or _("全天"), _("已隐藏")
    if gate.stopped_by:
        return hours or _("全天"), _("已停止放行")
    if gate.follows_programme:
        return _("跟日程走"), _("开放中") if gate.is_open else _("现在没有活动")
    if not hours and gate.place.hours:
        return _("今天不开放"), ""
    return hours or _("全天"), _("开放中") if gate.is_open else _("现在没开")


def said_allowed(gate: GateLine) -> tuple[str, ...]:
    """Who may pass, in the fewest words: all, all but one or two, or each."""
    if not gate.missing:
        return (_("全部证件"),)
    if len(gate.missing) <= 2 < len(gate.allowed):
        return (_("{names}除外").format(names="、".join(category.label for category in gate.missing)),)
    return tuple(category.label for category in gate.allowed) or (_("没有人"),)


def said_desks(desks: Sequence[DeskLine]) -> tuple[str, str]:
    """How many desks, and how many of them are there."""
    off = sum(not desk.is_online for desk in desks)
    if not desks:
        return _("没有"), ""
    return _("{n} 台").format(n=len(desks)), _("{n} 台离线").format(n=off) if off else _("都在线")


WIDTHS = {
    "name": 104, "hours": 112, "categories": 124, "ways": 80, "approved_headcount": 130, "desks": 78,
}  # fmt: skip


class GateCells(CellDelegate):
    """Two lines to a cell, from the board; the lists' own cells for what has none."""

    def __init__(self, page: GatesList) -> None:
        super().__init__(page.view)
        self._page = page

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._view.rows_model
        column_, gate = model.columns[index.column()], self._page.line_of(model.id_at(index.row()))
        if gate is None or column_.kind == "check":
            super().paint(painter, option, index)
            return
        self._ground(painter, option.rect, index, bool(option.state & QStyle.StateFlag.State_Selected))
        inner = QRectF(option.rect.adjusted(PAD, 0, -PAD, -1))
        painter.save()
        painter.setOpacity(0.55 if gate.is_hidden else 1)
        getattr(self, f"_paint_{column_.name}")(painter, inner, gate)
        painter.restore()

    def whole_text(self, index: Index) -> str:
        gate = self._page.line_of(self._view.rows_model.id_at(index.row()))
        name = self._view.rows_model.columns[index.column()].name
        return "、".join(said_allowed(gate)) if gate and name == "categories" else ""

    def _lines(self, painter: QPainter, inner: QRectF, first: str, second: str, token: str = "text.2") -> None:
        """The first one stands in the middle where there is no second."""
        middle = inner.center().y()
        top = middle - 22 if second else middle - 10
        self._line(painter, QRectF(inner.x(), top, inner.width(), 22), first, "body", "text.1")
        self._line(painter, QRectF(inner.x(), middle + 1, inner.width(), 18), second, "caption", token)

    def _line(self, painter: QPainter, box: QRectF, words: str, face: str, token: str) -> None:
        painter.setFont(theme.font(face))
        painter.setPen(theme.color(token))
        shown = elided(words, painter.fontMetrics(), box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_name(self, painter: QPainter, inner: QRectF, gate: GateLine) -> None:
        middle = inner.center().y()
        about = gate.leads_to if gate.leads_to not in ("", gate.name) else _("默认") if gate.is_default else ""
        kind = " · ".join(filter(None, (gate.kind.label, about)))
        self._line(painter, QRectF(inner.x(), middle - 22, inner.width(), 22), gate.name, "strong", "text.1")
        self._line(painter, QRectF(inner.x(), middle + 1, inner.width(), 18), kind, "caption", "text.2")

    def _paint_hours(self, painter: QPainter, inner: QRectF, gate: GateLine) -> None:
        is_alarming = bool(gate.stopped_by) and not gate.is_hidden
        self._lines(painter, inner, *said_hours(gate), "bad" if is_alarming else "text.2")

    def _paint_categories(self, painter: QPainter, inner: QRectF, gate: GateLine) -> None:
        """Chips on at most two lines, then how many more."""
        words = said_allowed(gate)
        kind, lines, left = "info" if gate.missing == () or len(words) == 1 else "mute", [[]], list(words)  # type: ignore[var-annotated]
        width, gap = inner.width(), theme.Space.XS
        while left:
            rest = f"+{len(left) - 1}" if len(left) > 1 else ""
            used = sum(pill_width(word, False) + gap for word in lines[-1])
            last = len(lines) == 2
            needed = used + pill_width(left[0], False) + (gap + pill_width(rest, False) if last and rest else 0)
            if needed <= width or not lines[-1]:
                lines[-1].append(left.pop(0))
            elif not last:
                lines.append([])
            else:
                lines[-1].append(f"+{len(left)}")
                break
        high = theme.Height.PILL
        y = inner.center().y() - (len(lines) * high + (len(lines) - 1) * 4) / 2
        for line in lines:
            x = inner.x()
            for word in line:
                wide = min(pill_width(word, False), width)
                draw_pill(painter, QRectF(x, y, wide, high), kind, word, shape=False)
                x += wide + gap
            y += high + 4

    def _paint_ways(self, painter: QPainter, inner: QRectF, gate: GateLine) -> None:
        size = theme.IconSize.INLINE
        icons.draw(painter, WAYS[gate.ways], "text.2", QRectF(inner.x(), inner.center().y() - size / 2, size, size))
        self._lines(painter, inner.adjusted(size + theme.Space.S, 0, 0, 0), gate.ways.label, "")

    def _paint_approved_headcount(self, painter: QPainter, inner: QRectF, gate: GateLine) -> None:
        crowd, middle = gate.crowd, inner.center().y()
        if not crowd.approved:
            self._lines(painter, inner, said_count(crowd), below_count(gate))
            return
        is_calm = crowd.level == "ok"
        ink = {"ok": "text.1", "warn": "warn", "bad": "bad"}[crowd.level]
        box = QRectF(inner.x(), middle - 22, inner.width(), 22)
        self._line(painter, box, said_count(crowd), "body" if is_calm else "strong", ink)
        share = said_share(crowd)
        if is_calm:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("text.2"))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, share)
        else:
            wide = pill_width(share)
            draw_pill(painter, QRectF(box.right() - wide, box.y() + 1, wide, theme.Height.PILL), crowd.level, share)
        meter = QRectF(inner.x(), middle + 7, inner.width(), 6)
        draw_meter(painter, meter, crowd.share, TOKENS[crowd.level])

    def _paint_desks(self, painter: QPainter, inner: QRectF, gate: GateLine) -> None:
        is_off = any(not desk.is_online for desk in gate.desks)
        self._lines(painter, inner, *said_desks(gate.desks), "warn" if is_off else "text.2")


class _Bar(QWidget):
    """How full the expo is, with a mark at 90 %."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(30)
        self.setMinimumWidth(120)
        self._crowd = Crowd()

    def show_crowd(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self.setVisible(bool(crowd.approved))
        self.setAccessibleName(f"{crowd.share:.0%}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(0, self.height() - 12, self.width(), 8)
        draw_meter(painter, box, self._crowd.share, TOKENS[self._crowd.level])
        at = box.width() * ALARM
        painter.fillRect(QRectF(at - 1, box.y() - 4, 2, box.height() + 8), theme.color("warn"))
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("warn"))
        words = _("90% 提醒")
        wide = painter.fontMetrics().horizontalAdvance(words)
        painter.drawText(QPointF(min(at - wide / 2, box.width() - wide), 12), words)


class Strip(Card):
    """全馆在场: the number, how much of the approved one, in − out."""

    def __init__(self) -> None:
        super().__init__()
        line = row(spacing=theme.Space.XL)
        left = column(spacing=0)
        self.caption, self.number, self.approved = Label("", "caption"), Label("", "kpi"), Label("", "secondary")
        left.addWidget(self.caption)
        numbers = row(spacing=theme.Space.S)
        numbers.addWidget(self.number, 0, Qt.AlignmentFlag.AlignBottom)
        numbers.addWidget(self.approved, 0, Qt.AlignmentFlag.AlignBottom)
        left.addLayout(numbers)
        line.addLayout(left)
        self.bar = _Bar()
        line.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(0)
        right = column(spacing=0)
        self.ways, self.room = Label("", ""), Label("", "fact")
        for label in (self.ways, self.room):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            label.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
            right.addWidget(label)
        line.addLayout(right)
        self.body.addLayout(line)

    def show_crowd(self, crowd: Crowd) -> None:
        self.caption.setText(_("全馆在场") if crowd.sees_out else _("全馆已进 · 有出口不扫码，算不出在场"))
        self.number.setText(f"{crowd.inside:,}")
        approved = _("/ 核定 {n} 人").format(n=f"{crowd.approved:,}") if crowd.approved else _("未设核定人数")
        self.approved.setText(approved)
        self.bar.show_crowd(crowd)
        came, gone = (f"{n:,}" for n in (crowd.come, crowd.gone))
        self.ways.setText(_("进 {come} · 出 {gone}").format(come=came, gone=gone))
        words = ""
        if crowd.level == "bad":
            words = _("已满，已停止放行")
        elif crowd.approved:
            words = _("{share}，还能进 {n} 人").format(share=f"{crowd.share:.0%}", n=f"{crowd.room:,}")
        self.room.setText(words)
        self.room.setVisible(bool(words))


class GatePanel(RecordPanel):
    """The form itself beside the list; what was typed stays while counts change."""

    def __init__(self, page: GatesList) -> None:
        super().__init__(page)
        self._gates = page
        self.form: Form | None = None
        self._seen: Mapping[str, Any] = {}
        self._shown: uuid.UUID | None = None

    def show_record(self, record_id: uuid.UUID, keep_tab: bool = False, reveal: str = "") -> None:
        is_typing = self.form is not None and self.form.is_dirty and record_id == self._shown and self.isVisible()
        if not is_typing:
            super().show_record(record_id, keep_tab, reveal)
            self._shown = self.record_id
        elif line := self._gates.line_of(record_id):
            self.set_head(*self._gates.head_of(line))

    def _fill(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> None:
        self.clear_tabs()
        self._panels = {}
        body = self.add_tab(ABOUT, "")
        for notice in self._page.notices(record_id, values):
            body.addWidget(notice)
        context = self._page.context
        zone = context.expo.zone if context.expo else None
        form = Form(GATES, zone=zone, look_up=context.options, terms=context.terms, narrow=True)
        with_own_names = {f.name: values.get(f.name) for f in GATES.fields}
        form.set_values(with_own_names)
        form.set_read_only(not context.may_write(GATES.permission))
        self.form, self._seen = form, dict(with_own_names)
        body.addWidget(form)
        self._add_desks(body, record_id)
        self.choose_tab(ABOUT)

    def _add_desks(self, body: QVBoxLayout, record_id: uuid.UUID) -> None:
        line = self._gates.line_of(record_id)
        body.addWidget(SectionTitle(_("签到台")))
        for desk in line.desks if line else ():
            seen = f" · {desk.seen_at:%H:%M}" if desk.seen_at else ""
            pill = (_("在线") + seen, "ok") if desk.is_online else (_("离线") + seen, "warn")
            go = partial(self._page.context.navigate, ListRoute(DESKS, record=desk.id))
            body.addWidget(ItemRow(desk.name, icon="computer-line", pill=pill, clicked=go))
        if self._page.context.may_write(DESKS.permission):
            route = ListRoute(DESKS, new=True, values={"gate_id": record_id})
            more = Button(_("加一台"), "link", "add-line", clicked=lambda: self._page.context.navigate(route))
            held = row(spacing=0)
            held.addWidget(more)
            held.addStretch(1)
            body.addLayout(held)

    def _actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        page = self._gates
        line = page.line_of(record_id)
        if line is None or not page.context.may_write(GATES.permission):
            return []
        if line.is_hidden:
            return [Button(_("重新启用"), "primary", "eye-line", clicked=partial(page.show_again, record_id))]
        words, icon = (_("恢复放行"), "lock-unlock-line") if line.stopped_by else (_("停止放行"), "lock-line")
        turn = Button(words, "plain" if line.stopped_by else "danger", icon, clicked=partial(page.turn, record_id))
        turn.setToolTip("O")
        keep = Button(_("保存"), "primary", "check-line", keys="Ctrl+S", clicked=self.keep)
        keep.setToolTip(_("Ctrl+S；从下一次扫码起生效"))
        return [turn, keep]

    def keep(self) -> None:
        """Save what was typed."""
        form, record_id = self.form, self.record_id
        if form is None or record_id is None or not form.check_all(edited_only=True):
            return
        try:
            with record_writer.followed() as writers:
                self._page.save(form.changes(), record_id, self._seen)
        except InvalidRecord as problem:
            left = form.show_problems(problem.problems)
            if left:
                messages.show(self, problem)
            return
        except UserError as error:
            messages.show(self, error)
            return
        step = steps.step_of(GATES.permission, writers)
        form.set_values(form.spec.clean(form.values(), form.zone, partial=True))
        self._page.acts.add(step_act(_("已保存，从下一次扫码起生效"), self._page.context.db, step))
        self.show_record(record_id)


class GatesList(ListPage):
    """The gates with how full they are; the panel is their form."""

    spec, noun, counted = GATES, N_("入口与通道"), N_("共 {n} 个")
    placeholder = N_("搜索入口，可用拼音首字母")
    columns = ("name", "hours", "categories", "ways", "approved_headcount", "desks")
    also_reads = ("is_hidden",)
    stretch = "categories"
    ticks = False
    gives_way = ("desks", "ways", "hours")
    also_shows = ("check_in", "gate_hours", "desk", "desk_signal", "programme_item", "expo")
    slow_tables = ("check_in", "desk_signal", "programme_item")
    panel_class = GatePanel

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._board: Board | None = None
        self._read_at = 0.0
        self._alarms = Alarms()
        super().__init__(context, parent)
        self.model.columns = tuple(self._as_painted(column_) for column_ in self.model.columns)
        self.view.setItemDelegate(GateCells(self))
        self.view.verticalHeader().setDefaultSectionSize(LINE)
        self._beat = QTimer(self, interval=LOOK_AGAIN)
        self._beat.timeout.connect(self._look_again)

    def _as_painted(self, given: Column) -> Column:
        """A column as wide as what is painted in it; counts stand beside the approved number."""
        if given.name not in WIDTHS:
            return given
        label = _("在场 / 核定") if given.name == "approved_headcount" else given.label
        return replace(
            given, label=label, width=WIDTHS[given.name], kind="text", align="left", sortable=False, held=True
        )

    # --- what is shown ---

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        rows = super().load(db, expo_id)
        self._board = checkin_gates.board(db, expo_id) if expo_id else None
        self._read_at = time.monotonic()
        return sorted(rows, key=lambda row_: bool(self.value(row_, "is_hidden")))

    def line_of(self, record_id: Any) -> GateLine | None:
        """How a gate stands."""
        return self._board.by_id.get(record_id) if self._board else None

    def fact(self, rows: Sequence[Row]) -> str:
        if self._board is None:
            return super().fact(rows)
        desks = self._board.desks
        return _("{n} 个 · {desks} 个签到台在线 {online} 个 · 数到 {time}").format(
            n=len(rows), desks=len(desks), online=sum(desk.is_online for desk in desks),
            time=f"{self._board.at:%H:%M}",
        )  # fmt: skip

    def above_table(self) -> QWidget:
        self._strip = Strip()
        return self._strip

    def refreshed(self) -> None:
        board = self._board
        self._strip.setVisible(bool(self.rows) and board is not None)
        if board is None:
            return
        self._strip.show_crowd(board.whole)
        crowds = {gate.id: gate.crowd for gate in board.gates if not gate.is_hidden}
        if self.context.expo_id is not None:
            crowds[self.context.expo_id] = board.whole
        for key in self._alarms.crossed(crowds):
            gate = board.by_id.get(key)
            crowd = gate.crowd if gate else board.whole
            words = _("{place}快满了：{count}").format(place=gate.name if gate else _("全馆"), count=said_count(crowd))
            messages.show(self, words, "warn")

    def _look_again(self) -> None:
        self.header.set_stale(time.monotonic() - self._read_at > OLD)
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._beat.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._beat.stop()

    def head_of(self, line: GateLine) -> tuple[str, str, list[tuple[str, str]]]:
        """Name, counts and states for the panel."""
        pills = [(_("开放中"), "ok") if line.is_open else (_("没开"), "mute")]
        if line.is_hidden:
            pills = [(_("已隐藏"), "mute")]
        elif line.stopped_by:
            pills = [(_("已停止放行"), "bad")]
        if line.crowd.level != "ok":
            full = line.crowd.level == "bad"
            words = _("已满") if full else _("{share} 快满").format(share=f"{line.crowd.share:.0%}")
            pills.append((words, line.crowd.level))
        online = sum(desk.is_online for desk in line.desks)
        said = said_count(line.crowd) if not line.crowd.sees_out else _("{n} 人在场").format(n=said_count(line.crowd))
        return line.name, " · ".join((line.kind.label, said, _("{n} 台在线").format(n=online))), pills

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]] | None:
        line = next((g for g in self._board.gates if g.name == values["name"]), None) if self._board else None
        return self.head_of(line) if line else None

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        line = self.line_of(record_id)
        if line is None or line.is_hidden:
            return []
        if line.stopped_by:
            zone = self.context.expo.zone if self.context.expo else None
            at = f"{line.stopped_at.astimezone(zone):%H:%M}" if line.stopped_at else "—"
            words = _("{who} {time} 起停止放行，里面的人不受影响").format(who=line.stopped_by, time=at)
            return [Banner("bad", words, small=True)]
        if line.crowd.level == "ok":
            return []
        if line.crowd.level == "bad":
            words = _("已满，自动停止放行；主管口令可放行") if line.crowd.stops else _("已到核定人数，只提醒")
            return [Banner("bad" if line.crowd.stops else "warn", words, small=True)]
        words = (
            _("还能进 {n} 人；到 {approved} 自动停止放行")
            if line.crowd.stops
            else _("还能进 {n} 人；到 {approved} 只提醒")
        )
        said = words.format(n=line.crowd.room, approved=line.crowd.approved)
        now = Button(_("现在停"), "link", clicked=partial(self.turn, record_id))
        return [Banner("warn", said, [now], small=True)]

    def _empty(self) -> EmptyState:
        if not self.context.may_write(GATES.permission):
            return super()._empty()
        buttons = [
            Button(_("新增"), icon="add-line", clicked=self.add),
            Button(_("按会场生成"), "primary", "mic-line", clicked=self.make_from_venue),
        ]
        text = _("一个主入口带一个签到台，每个会场一个入口；生成后可以再改。")
        return EmptyState("door-line", _("还没有入口"), text, buttons)

    # --- acts ---

    def make_from_venue(self) -> None:
        """An entrance, and a gate for every room."""
        expo_id = self.context.expo_id
        if expo_id is not None:
            self.attempt(lambda: checkin_gates.make_from_venue(self.context.db, expo_id), _("已按会场生成"))

    def turn(self, record_id: uuid.UUID | None = None) -> None:
        """O: stop admission, asked once, or admit again."""
        key = record_id or self.view.current_id()
        line = self.line_of(key)
        if line is None or line.is_hidden or not self.context.may_write(GATES.permission):
            return
        db = self.context.db
        if line.stopped_by:
            self.attempt(partial(checkin_gates.admit_again, db, line.id), _("{name} 已恢复放行").format(name=line.name))
            return
        title = _("停止“{name}”放行？").format(name=line.name)
        text = _("从下一次扫码起，签到台不再放人进；已在里面的人不受影响。随时可以恢复。")
        stop = partial(
            self.attempt, partial(checkin_gates.stop, db, line.id), _("{name} 已停止放行").format(name=line.name)
        )
        messages.confirm(self, title, text, _("停止放行"), stop, danger=True, safe=_("取消"))

    def show_again(self, record_id: uuid.UUID) -> None:
        """A hidden gate is in use again."""
        self.attempt(partial(checkin_gates.show_again, self.context.db, record_id), _("已重新启用"))

    def remove(self, ids: Sequence[uuid.UUID] | None = None) -> None:
        wanted = list(ids or self.meant())
        if not wanted or not self.context.may_write(GATES.permission):
            return
        title = _("删除“{name}”？").format(name=self.name_of(wanted[0]))
        if len(wanted) > 1:
            title = _("删除选中的 {n} 条{what}？").format(n=len(wanted), what=self.what)
        text = _("有签到记录的入口不会删除，只是隐藏：记录都在，随时可以重新启用。没有记录的直接删除。")
        messages.confirm(self, title, text, _("删除"), partial(self._delete, wanted), danger=True, safe=_("保留"))

    def _delete(self, ids: list[uuid.UUID]) -> None:
        if self.panel.record_id in ids:
            self.panel.close_panel()
        hidden: list[str] = []
        if self.attempt(lambda: hidden.extend(checkin_gates.remove(self.context.db, ids))):
            words = _("已删除 {n} 条").format(n=len(ids) - len(hidden))
            if hidden:
                words = _("{names} 有签到记录，已隐藏").format(names="、".join(hidden))
            self.acts.bar(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_O and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.turn()
        else:
            super().keyPressEvent(event)
