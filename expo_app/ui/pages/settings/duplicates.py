"""查重与合并: the records that are probably one, likeliest first; a pair is looked at side by side, or told apart."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.routes import Route
from expo_app.routes.duplicates import DuplicatesRoute
from expo_app.rules import likeness
from expo_app.rules.search_key import search_key, search_terms
from expo_app.services import duplicates, merging
from expo_app.services.duplicates import SURE_ALL, PairOfIds, Suspect
from expo_app.specs import ATTENDEES, ORGANISATIONS, PEOPLE, RecordSpec
from expo_app.specs.merging import Effect, Pair
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, ChipRow
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.kit.labels import KeyCap, Label, Line
from expo_app.ui.kit.panels import PageHeader, column, row
from expo_app.ui.kit.placeholders import Banner, EmptyState, ErrorState, NoResult, Skeleton, StateStack
from expo_app.ui.kit.table import Column, Index, TableModel
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.kit.table_cells import PAD, CellDelegate, advance, draw_two_lines
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.page import Page
from expo_app.ui.records.merge_dialog import open_merge, several_act
from expo_app.ui.records.undo_list import Act, UndoList

ROW, LIKE = 46, 232
SOON, PATIENCE, SLOW = 300, 5, 1
"""Milliseconds from a change to another look, and as many times as the last one took, at least; seconds from which on
a kind is looked at again only while it is the one on the screen.
"""
SEARCH = 264
KEYS = (("↑↓", N_("选择")), ("Enter", N_("并排看")), ("S", N_("合并")), ("D", N_("不是同一个")))
Found = tuple[Suspect, str]
"""A pair and what it is searched by."""


@dataclass
class Kind:
    """One kind of record, its tables, and what was found of it; `rows` None: not yet."""

    spec: RecordSpec
    title: str
    tables: frozenset[str]
    rows: list[Found] | None = None
    stale: bool = True
    seconds: float = 0
    error: UserError | None = None
    stopped: bool = False

    @property
    def label(self) -> str:
        """What the records are called."""
        return _(self.title)

    def forget(self) -> None:
        """As at first."""
        self.rows, self.stale, self.error, self.stopped = None, True, None, False


@dataclass
class Merging:
    """A run over many pairs: what was done, what was refused; kept also where it was stopped."""

    total: int
    done: list[tuple[Pair, uuid.UUID]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class _Delegate(CellDelegate):
    """Names with what tells them apart, over what is known of each."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self._ground(painter, option.rect, index, bool(option.state & QStyle.StateFlag.State_Selected))
        draw_two_lines(painter, QRectF(option.rect), *self._lines(index))

    def _lines(self, index: Index) -> tuple[Any, ...]:
        """Words, small words, and for names the spans that differ."""
        model = self._view.rows_model
        pair = model.value(index.row(), index.column())
        name = model.columns[index.column()].name
        if name == "like":
            return _likeness(pair), pair.why, (), "strong"
        side = int(name == "other")
        return pair.names[side], pair.details[side], likeness.differing(*pair.names)[side]

    def whole_text(self, index: Index) -> str:
        words, small, *_rest = self._lines(index)
        room = self._view.columnWidth(index.column()) - 2 * PAD
        fits = advance("strong", words) <= room and advance("caption", small) <= room
        return "" if fits else f"{words}\n{small}"


class DuplicatesPage(Page):
    """Three kinds to choose; what is found is looked for again when their tables change."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.acts = UndoList(self)
        body = {"organisation", "not_same"}
        self.kinds = {
            spec.name: Kind(spec, title, frozenset(tables))
            for spec, title, tables in (
                (ORGANISATIONS, N_("单位"), body),
                (PEOPLE, N_("人员"), {*body, "person"}),
                (ATTENDEES, N_("参会人员"), {*body, "person", "attendee", "badge"}),
            )
        }
        self._terms: tuple[tuple[str, ...], ...] = ()
        self.job: jobs.Job | None = None
        self.asking: jobs.Job | None = None
        self.merging: jobs.Job | None = None
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._find)
        self._build()
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        context.actor_changed.connect(self._show)

    # --- building ---

    def _build(self) -> None:
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        lines = column(self, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_("查重与合并"))
        self.again = Button(_("重新查"), icon="refresh-line", clicked=self.refresh)
        self.all_button = Button(_("全部合并（≥ {n}%）").format(n=_percent(SURE_ALL)), clicked=self.ask_all)
        self.header.add(self.again)
        self.header.add(self.all_button)
        lines.addWidget(self.header)
        lines.addLayout(self._bar())
        self._no_right = Banner("info", _("只能看：合并要有改这份名单的权限。"), small=True)
        lines.addWidget(self._no_right)
        self._make_table()
        self._stack = StateStack(self._card())
        lines.addWidget(self._stack, 1)
        self.setFocusProxy(self.view)

    def _bar(self) -> Any:
        line = row(spacing=theme.Space.L)
        self.search = SearchField(_("名称、单位、拼音首字母"))
        self.search.setFixedWidth(self.search.fitting_width(SEARCH))
        self.search.searched.connect(self._on_search)
        self.chips = ChipRow([(kind.spec.name, kind.label, None) for kind in self.kinds.values()], wrap=False)
        self.chips.chosen.connect(lambda _name: self._on_kind())
        self.merge_button = Button(_("合并…"), "text", "git-merge-line", clicked=self.merge)
        self.apart_button = Button(_("不是同一个"), "text", "close-circle-line", clicked=self.set_apart)
        line.addWidget(self.search)
        line.addWidget(self.chips)
        line.addStretch(1)
        for button in (self.merge_button, self.apart_button):
            line.addWidget(button)
        return line

    def _make_table(self) -> None:
        columns = [
            Column(
                "like", _("像在哪里"), LIKE, text=_likeness, key=lambda pair: (-pair.likeness, pair.names), held=True
            ),
            Column("keep", _("留下"), 260, text=lambda pair: pair.names[0], key=_name_of(0), stretch=True, held=True),
            Column(
                "other", _("并入左边"), 260, text=lambda pair: pair.names[1], key=_name_of(1), stretch=True, held=True
            ),
        ]
        self.model = TableModel(columns)
        self.view = TableView(self.model, _("像是同一个的"))
        self.view.verticalHeader().setDefaultSectionSize(ROW)
        self.view.setItemDelegate(_Delegate(self.view))
        self.view.installEventFilter(self)
        self.view.opened.connect(lambda _pair: self.merge())
        self.view.selectionModel().selectionChanged.connect(lambda *_ranges: self._show_acts())

    def _card(self) -> TableCard:
        card, foot = TableCard(self.view), QWidget()
        line = row(foot)
        line.setContentsMargins(theme.Space.M, theme.Space.XS, theme.Space.M, theme.Space.XS)
        self.counted = Label("", "fact")
        line.addWidget(self.counted)
        line.addStretch(1)
        for keys, words in KEYS:
            line.addWidget(KeyCap(keys))
            line.addWidget(Label(_(words), "fact"))
        card.add_below(Line())
        card.add_below(foot)
        return card

    # --- what is shown ---

    @property
    def kind(self) -> Kind:
        """The kind that is looked at."""
        return self.kinds[str(self.chips.key)]

    @property
    def may(self) -> bool:
        """Whether the operator may merge these."""
        return self.context.may_write(self.kind.spec.permission)

    def _show(self) -> None:
        """Everything as it stands."""
        items = [(name, k.label, None if k.rows is None else len(k.rows)) for name, k in self.kinds.items()]
        self.chips.set_items(items)
        kind = self.kind
        every = [pair for pair, _words in kind.rows or ()]
        shown = [pair for pair, words in kind.rows or () if self._is_found(words)]
        self.model.set_rows([(_ids(pair), pair, pair, pair) for pair in shown])
        self.header.set_fact(self._fact(kind))
        found = _("显示 {n} · ").format(n=f"{len(shown):,}") if len(shown) < len(every) else ""
        self.counted.setText(found + _("共 {n} 对").format(n=f"{len(every):,}"))
        self._no_right.setHidden(self.may)
        state = self._state(kind, every, shown)
        if state is None:
            self._stack.show_content()
            if not self.view.current_id() and self.model.rowCount():
                self.view.select_id(self.model.id_at(0))
        else:
            self._stack.show_state(state)
        self._show_acts()

    def _fact(self, kind: Kind) -> str:
        if kind.rows is None:
            return _("正在查") if self.job is not None else ""
        if not kind.rows:
            return ""
        sure = sum(pair.likeness >= SURE_ALL for pair, _words in kind.rows)
        said = _("{n} 对像是同一个，{m} 对相似 {p}% 以上；合不合并都由你定")
        return said.format(n=f"{len(kind.rows):,}", m=f"{sure:,}", p=_percent(SURE_ALL))

    def _state(self, kind: Kind, every: Sequence[Suspect], shown: Sequence[Suspect]) -> QWidget | None:
        """What stands in the table's place."""
        if kind.spec is ATTENDEES and self.context.expo_id is None:
            return EmptyState("calendar-event-line", _("还没有展会"), _("先建一届展会，再查登记的人。"))
        if kind.error is not None:
            return ErrorState(_("没有查成"), kind.error, self.refresh)
        if kind.rows is None and kind.stopped:
            again = Button(_("接着查"), "primary", "refresh-line", clicked=self.refresh)
            return EmptyState("git-merge-line", _("没有查完"), _("查重停下了，数据没有动。"), [again])
        if kind.rows is None:
            return Skeleton()
        if not every:
            text = _("名单一变会自动再查；已说过“不是同一个”的不再列出。")
            return EmptyState("checkbox-circle-line", _("没有像重复的"), text)
        if not shown:
            return NoResult(self.search.text(), _("去掉一个条件试试，或清除全部条件。"), self._clear_search)
        return None

    def _show_acts(self) -> None:
        may, chosen = self.may and self.merging is None, self.view.selected_ids()
        self.merge_button.setEnabled(may and len(chosen) == 1)
        self.apart_button.setEnabled(may and bool(chosen))
        self.all_button.setEnabled(may and any(pair.likeness >= SURE_ALL for pair in self._shown()))

    def _shown(self) -> list[Suspect]:
        return [row_[1] for row_ in self.model.rows()]

    # --- searching ---

    def _is_found(self, words: str) -> bool:
        return all(any(spelling in words for spelling in term) for term in self._terms)

    def _on_search(self, text: str) -> None:
        self._terms = search_terms(text)
        self._show()

    def _clear_search(self) -> None:
        self.search.set_text("")
        self._on_search("")

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # --- finding ---

    def refresh(self) -> None:
        """Look again, at this kind first."""
        self.kind.stale, self.kind.stopped, self.kind.error = True, False, None
        self._find()

    def _on_kind(self) -> None:
        self.view.clearSelection()
        self._show()
        self._find()

    def _on_changed(self, tables: frozenset[str]) -> None:
        touched = [kind for kind in self.kinds.values() if tables & kind.tables]
        for kind in touched:
            kind.stale, kind.error = True, None
        if touched and self.isVisible() and not self._later.isActive():
            wait = max(SOON, *(round(PATIENCE * 1000 * kind.seconds) for kind in touched))
            self._later.start(wait)

    def _on_expo(self) -> None:
        for kind in self.kinds.values():
            kind.forget()
        self.acts.clear()
        if self.job is not None:
            self.job.cancel()  # what it finds is of the other expo
        self._show()
        if self.isVisible():
            self._find()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()
        self._find()

    def _find(self) -> None:
        """Look for what is not known, one kind after the other, the one looked at first."""
        if self.job is not None or self.merging is not None or not self.isVisible():
            return
        order = sorted(self.kinds.values(), key=lambda kind: kind is not self.kind)
        kind = next(filter(self._is_wanted, order), None)
        if kind is None:
            return
        kind.stale = False  # what changes from here on asks again
        work = partial(_look, self.context.db, kind.spec, self.context.expo_id)
        title = _("查重：{what}").format(what=kind.label)
        job = self.job = jobs.run_job(self, title, work, partial(self._on_found, kind), partial(self._on_failed, kind))
        job.stopping = _("正在停下，数据没有动")
        job.finished.connect(partial(self._on_looked, kind, job))
        if kind is self.kind:
            self._show()

    def _is_wanted(self, kind: Kind) -> bool:
        """Whether to look at a kind now: of a slow one that is not on the screen the count may be a while old."""
        if not kind.stale or kind.stopped or (kind.spec is ATTENDEES and self.context.expo_id is None):
            return False
        return kind is self.kind or kind.rows is None or kind.seconds < SLOW

    def _on_found(self, kind: Kind, rows: list[Found]) -> None:
        if self.job is not None and not self.job.is_cancelled:
            kind.rows, kind.seconds = rows, self.job.seconds

    def _on_failed(self, kind: Kind, error: Exception) -> None:
        kind.error = error if isinstance(error, UserError) else UserError(_("查重没有做完，数据没有动。请重试。"))

    def _on_looked(self, kind: Kind, job: jobs.Job) -> None:
        self.job = None
        if job.is_cancelled and not kind.stale:
            kind.stale = kind.stopped = True
        self._show()
        self._find()

    # --- acts ---

    def _chosen(self) -> list[Suspect]:
        chosen = set(self.view.selected_ids())
        return [pair for pair in self._shown() if _ids(pair) in chosen]

    def merge(self) -> None:
        """Show the current pair side by side; whoever may not merge looks at it."""
        current = self.view.current_id()
        if current is not None and self.merging is None:
            box = open_merge(self, self.context, self.acts, Pair(self.kind.spec.name, *current))
            box.closed.connect(lambda done: self._drop(lambda pair: current[1] in pair) if done is not None else None)

    def set_apart(self) -> None:
        """The chosen pairs are not the same: remembered, and offered no more."""
        pairs = [_ids(pair) for pair in self._chosen()]
        if not pairs or not self.may or self.merging is not None:
            return
        db, spec = self.context.db, self.kind.spec
        first = self._chosen()[0].names
        try:
            said = duplicates.set_apart(db, spec, pairs)
        except UserError as error:
            messages.show(self, error)
            return
        words = _("已记下 {n} 对不是同一个").format(n=len(pairs))
        if len(pairs) == 1:
            words = _("已记下“{one}”和“{other}”不是同一个").format(one=first[0], other=first[1])
        again, back = partial(duplicates.set_apart, db, spec, said), partial(duplicates.offer_again, db, spec, said)
        self.acts.add(Act(words, back, again))
        self._drop(lambda pair: pair in pairs)

    def _drop(self, is_gone: Callable[[PairOfIds], bool]) -> None:
        """Show these no longer, until all is looked for again; the row that comes to their place is the current one."""
        kind, place = self.kind, self.view.currentIndex().row()
        kind.rows = [found for found in kind.rows or () if not is_gone(_ids(found[0]))]
        self._show()
        if self.model.rowCount():
            self.view.select_id(self.model.id_at(min(max(place, 0), self.model.rowCount() - 1)))
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- all above ---

    def ask_all(self) -> None:
        """Ask once, saying how many; only what is shown is meant."""
        pairs = [pair for pair in self._shown() if pair.likeness >= SURE_ALL]
        if not pairs or not self.may or self.merging is not None or self.asking is not None:
            return
        hidden = sum(pair.likeness >= SURE_ALL for pair, _words in self.kind.rows or ()) - len(pairs)
        text = _(
            "每对留下左边的一条，它空着的由另一条补上，另一条的名称记作别名。每对各算一次，可以一起撤销，也可以单独撤销。"
        )
        if self.kind.spec is ATTENDEES:
            text += _("两张胸卡的，留下建议的一张，另一张作废。")
        if hidden:
            text += _("没有显示的 {n} 对不动。").format(n=f"{hidden:,}")
        title = _("合并相似 {p}% 以上的 {n} 对{what}？").format(
            n=f"{len(pairs):,}", p=_percent(SURE_ALL), what=self.kind.label
        )
        verb = _("合并 {n} 对").format(n=f"{len(pairs):,}")
        db, wanted = self.context.db, [Pair(self.kind.spec.name, *_ids(pair)) for pair in pairs]

        def ask(effects: Sequence[Effect]) -> None:
            changes = _("；").join(_("{label} {before} → {after}").format(**vars(one)) for one in effects)
            figures = _("会变的数字：{changes}。").format(changes=changes) if effects else _("没有数字会变。")
            messages.confirm(self, title, text + figures, verb, partial(self._merge_all, pairs))

        work = lambda progress: merging.effects_of(db, wanted, progress)  # noqa: E731
        self.asking = jobs.run_job(self, _("看会变的数字"), work, ask)
        self.asking.finished.connect(self._on_asked)

    def _on_asked(self) -> None:
        self.asking = None

    def _merge_all(self, pairs: list[Suspect]) -> None:
        kind, run = self.kind, Merging(len(pairs))
        work = partial(_merge_all, self.context.db, kind.spec, self.context.expo_id, pairs, run)
        job = self.merging = jobs.run_job(self, _("合并{what}").format(what=kind.label), work)
        job.stopping = _("正在停下，已合并的不变")
        job.finished.connect(partial(self._on_merged, kind, run))
        self._show_acts()

    def _on_merged(self, kind: Kind, run: Merging) -> None:
        """Say what was done, also where it was stopped half way."""
        self.merging = None
        gone = {pair.other for pair, _batch in run.done}
        kind.rows = [found for found in kind.rows or () if gone.isdisjoint(_ids(found[0]))]
        left = run.total - len(run.done) - len(run.refused)
        words = _("已合并 {n} 对{what}").format(n=f"{len(run.done):,}", what=kind.label)
        others = ((_("{n} 对合不了"), len(run.refused)), (_("{n} 对没有动"), left))
        words = _("，").join([words, *(said.format(n=f"{n:,}") for said, n in others if n)])
        if run.done:
            self.acts.add(several_act(self.context, words, run.done))
        elif run.refused:
            messages.show(self, words, "warn")
        for reason in dict.fromkeys(run.refused):
            messages.show(self, reason, "warn")
        self._show()
        self._find()

    # --- keys, places ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Letters in the table are acts, no search by first letter."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        is_letter = event.modifiers() == Qt.KeyboardModifier.NoModifier and event.text().isalpha()
        if is_letter and event.key() == Qt.Key.Key_S:
            self.merge()
        elif is_letter and event.key() == Qt.Key.Key_D:
            self.set_apart()
        return is_letter

    def open_with(self, route: Route) -> None:
        if isinstance(route, DuplicatesRoute) and route.spec in self.kinds:
            self.chips.choose(route.spec)
            self._on_kind()

    def place(self) -> Route:
        return DuplicatesRoute(spec=self.kind.spec.name)

    def undo(self) -> None:
        self.acts.undo()

    def redo(self) -> None:
        self.acts.redo()


def _percent(value: float) -> int:
    return round(100 * value)


def _likeness(pair: Suspect) -> str:
    return _("相似 {n}%").format(n=_percent(pair.likeness))


def _name_of(side: int) -> Callable[[Suspect], str]:
    return lambda pair: pair.names[side]


def _look(db: Database, spec: RecordSpec, expo_id: uuid.UUID | None, progress: jobs.Progress) -> list[Found]:
    """The suspects and what each is searched by."""
    found = duplicates.suspects(db, spec, expo_id, progress)
    return [(pair, search_key(*pair.names, *pair.details)) for pair in found]


def _ids(pair: Suspect) -> PairOfIds:
    return pair.keep, pair.other


def _merge_all(
    db: Database,
    spec: RecordSpec,
    expo_id: uuid.UUID | None,
    pairs: Sequence[Suspect],
    run: Merging,
    progress: jobs.Progress,
) -> None:
    """One merge after the other: those that are surely one have the same record that stays, so that the order is free.
    One that is refused stops none of the others.
    """
    for number, pair in enumerate(pairs):
        progress(number, len(pairs), pair.names[0])
        wanted = Pair(spec.name, *_ids(pair))
        try:
            run.done.append((wanted, merging.merge(db, wanted, expo_id)))
        except UserError as refused:
            run.refused.append(str(refused))
