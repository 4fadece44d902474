"""路演记录台: what runs, what experts say, who is interested; by keys alone, every entry saved at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _, named
from expo_app.routes import ListRoute, Route
from expo_app.routes.roadshow import RoadshowRoute
from expo_app.rules.roadshow_scores import Criterion
from expo_app.services import roadshow
from expo_app.services.record_writer import followed
from expo_app.services.roadshow_screen import Board
from expo_app.services.roadshow_screen import board as board_of
from expo_app.services.steps import step_of
from expo_app.specs import INTERESTS, PITCHES
from expo_app.specs.roadshow_hall import PitchLine, Show, ShowInfo
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.fields import ComboBox
from expo_app.ui.kit.panels import PageHeader, column, row
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.page import Page
from expo_app.ui.pages.roadshow.board import BoardStage
from expo_app.ui.pages.roadshow.interest_form import InterestCard
from expo_app.ui.pages.roadshow.order import OrderCard
from expo_app.ui.pages.roadshow.running import RunningCard
from expo_app.ui.pages.roadshow.scoring import ScoreCard
from expo_app.ui.parts.projector import Projector
from expo_app.ui.records import drafts
from expo_app.ui.records.undo_list import UndoList, step_act

TABLES = frozenset(
    {
        "pitch", "pitch_score", "pitch_comment", "score_criterion", "interest", "programme_item", "achievement",
        "organisation", "speaker", "person", "room",
    }
)  # fmt: skip
BEAT, DRAFT = 250, 500
"""Milliseconds between two looks at the clock, and after the last key until what is typed is kept."""
KEYS = {
    Qt.Key.Key_F7: "run", Qt.Key.Key_F8: "next", Qt.Key.Key_F9: "longer", Qt.Key.Key_PageUp: "up",
    Qt.Key.Key_PageDown: "down", Qt.Key.Key_F2: "score", Qt.Key.Key_F3: "comment", Qt.Key.Key_F4: "interest",
}  # fmt: skip
MINUTE = 1


class RoadshowPage(Page):
    """One roadshow: its order at the left, the pitch looked at in the middle, who is interested at the right."""

    takes_codes = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.acts = UndoList(self)
        self.infos: list[ShowInfo] = []
        self.item_id: uuid.UUID | None = None
        self.pitch_id: uuid.UUID | None = None
        self._typed: dict[str, Mapping[str, str]] = {}
        """Interests that were begun, by pitch."""
        self._asked: uuid.UUID | None = None
        """The pitch that was given already and would begin again: F7 once more does it."""
        self.show_: Show | None = None
        self.projector = Projector(self, BoardStage)
        self._build()
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self._on_beat)
        self._later = QTimer(self, singleShot=True, interval=DRAFT)
        self._later.timeout.connect(self.keep_draft)
        for card in (self.scores, self.interests):
            card.edited.connect(self._later.start)
        self.order.picked.connect(self.choose)
        self.projector.changed.connect(self._on_projector)
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        self.refresh()

    def _build(self) -> None:
        lines = column(self, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_("路演记录台"))
        self.chooser = ComboBox()
        self.chooser.setAccessibleName(_("路演场次"))
        self.chooser.setMaximumWidth(theme.Width.PANEL_NARROW)
        self.chooser.activated.connect(lambda _n: self.show_item(self.chooser.currentData()))
        self.lists = Button(
            _("路演记录"), icon="file-list-3-line", clicked=lambda: self.context.navigate(ListRoute(INTERESTS))
        )
        self.project = Button(_("打开大屏"), icon="slideshow-3-line", clicked=self.toggle_board)
        own: tuple[QWidget, ...] = (self.chooser, self.lists, self.project)
        for widget in own:
            self.header.add(widget)
        lines.addWidget(self.header)
        self.order = OrderCard()
        self.running = RunningCard(self.do)
        self.scores = ScoreCard(self._score, self._comment)
        self.interests = InterestCard(self.context, self._interest)
        self.scores.done.connect(self.keep_draft)
        self.setFocusProxy(self.scores.expert)
        body = QWidget()
        across = row(body, theme.Space.M)
        middle = column(spacing=theme.Space.M)
        middle.addWidget(self.running)
        middle.addWidget(self.scores, 1)
        across.addWidget(self.order)
        across.addLayout(middle, 1)
        across.addWidget(self.interests)
        pitches = Button(_("去排路演项目"), "primary", clicked=lambda: self.context.navigate(ListRoute(PITCHES)))
        words = _("先在日程里排一场路演，再给它加路演项目。")
        self._empty = EmptyState("slideshow-3-line", _("还没有路演项目"), words, [pitches])
        self._stack = QStackedWidget()
        for widget in (self._empty, body):
            self._stack.addWidget(widget)
        lines.addWidget(self._stack, 1)

    # --- what there is ---

    def refresh(self) -> None:
        """F5: everything again; what is shown stays where it is still there."""
        db, expo_id = self.context.db, self.context.expo_id
        self.infos = roadshow.shows(db, expo_id) if expo_id else []
        known = {info.id for info in self.infos}
        self.chooser.clear()
        for info in self.infos:
            self.chooser.addItem(self._when(info), info.id)
        self.chooser.setVisible(len(self.infos) > 1)
        self.show_item(self.item_id if self.item_id in known else roadshow.usual(self.infos, self.context.now()))

    def show_item(self, item_id: uuid.UUID | None) -> None:
        """Another roadshow, or the same one read again."""
        is_other = item_id != self.item_id
        if is_other:
            self.leave_pitch()
            self.keep_draft()
            self._typed = {}
        self.item_id = item_id
        self.chooser.setCurrentIndex(next((n for n, info in enumerate(self.infos) if info.id == item_id), -1))
        self._read()
        if is_other:
            self._restore()

    def _read(self) -> None:
        """The running order, and the pitch that is looked at: the one chosen, else the one that runs or comes next."""
        show = self.show_ = roadshow.read_show(self.context.db, self.item_id) if self.item_id else None
        there = show.of(self.pitch_id) if show else None
        if show is None or not show.pitches:
            self.pitch_id = None
            self._stack.setCurrentIndex(0)
        else:
            self.pitch_id = (there or show.current or show.next or show.pitches[-1]).id
            self._stack.setCurrentIndex(1)
            self.order.show_order(show, self.pitch_id)
        self._read_sheet()
        self._say()
        self._show_clock()

    def _read_sheet(self) -> None:
        sheet = roadshow.read_sheet(self.context.db, self.pitch_id) if self.pitch_id else None
        may = self.context.may_write(roadshow.RECORD)
        for card in (self.scores, self.interests):
            card.show_sheet(sheet)
            card.set_editable(may)

    @property
    def pitch(self) -> PitchLine | None:
        """The pitch that is looked at."""
        return self.show_.of(self.pitch_id) if self.show_ else None

    def choose(self, pitch_id: uuid.UUID) -> None:
        """Look at another pitch; what was typed of the one before is kept."""
        if pitch_id == self.pitch_id or not self.leave_pitch():
            return
        self.pitch_id = pitch_id
        self._read()
        self.interests.put_back(self._typed.pop(str(pitch_id), {}))
        self.scores.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_pitch(self) -> bool:
        """Save what was entered half, points and a comment; False where it is refused. An interest that was begun is
        there again when one comes back."""
        if self.pitch_id is not None and self.interests.typed:
            self._typed[str(self.pitch_id)] = self.interests.typed
        return self.pitch_id is None or self.scores.flush()

    def _say(self) -> None:
        show, expo = self.show_, self.context.expo
        if show is None or expo is None:
            self.header.set_fact("")
            return
        over = sum(pitch.ended_at is not None for pitch in show.pitches)
        facts = (
            show.info.title, self._when(show.info), _("已讲 {n} / {all}").format(n=over, all=len(show.held)),
        )  # fmt: skip
        self.header.set_fact(" · ".join(dict.fromkeys(filter(None, facts))))

    def _when(self, info: ShowInfo) -> str:
        """11-29 09:30 · C 会场; the title of one that has no time yet."""
        if info.starts_at is None or self.context.expo is None:
            return info.title
        at = info.starts_at.astimezone(self.context.expo.zone)
        return " · ".join(filter(None, (f"{at:%m-%d %H:%M}", info.room)))

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES and self.is_watched:
            self._read()

    def _on_expo(self) -> None:
        self.acts.clear()
        self.item_id = self.pitch_id = None
        self.refresh()

    # --- the hall ---

    @property
    def is_watched(self) -> bool:
        """Whether anybody looks at the roadshow through this page."""
        return self.isVisible() or self.projector.is_open

    def _on_projector(self) -> None:
        self.project.set_text(_("关闭大屏") if self.projector.window is not None else _("打开大屏"))
        self._heed()
        self._show_clock()

    def toggle_board(self) -> None:
        """What the audience sees, on or off; the keys stay the clerk's."""
        self.projector.toggle()
        self.window().activateWindow()

    def _heed(self) -> None:
        self.context.hurry(self, self.is_watched)
        (self._beat.start if self.is_watched else self._beat.stop)()

    def _on_beat(self) -> None:
        self._show_clock()

    def _show_clock(self) -> None:
        self.running.show_pitch(self.pitch, self.show_, self.context.now(), self.context.may_write(roadshow.RECORD))
        if self.projector.is_open:
            self.projector.show_screen(self.board())

    def board(self) -> Board:
        """What the audience sees now."""
        expo = self.context.expo
        assert expo is not None  # noqa: S101  (there is nothing to project without one)
        name = named(expo.name, expo.name_en)
        return board_of(self.show_, name, self.context.now(), expo.zone, is_sample=expo.is_sample)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._heed()
        self._read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.keep_draft()
        self._heed()

    # --- acts ---

    def event(self, event: QEvent) -> bool:
        """Keys of the page go before the window's own."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.do(KEYS[event.key()])  # type: ignore[index]
        else:
            super().keyPressEvent(event)

    def do(self, act: str) -> None:
        """An act by its name, as in `KEYS`."""
        show, pitch = self.show_, self.pitch
        if show is None or pitch is None:
            return
        asked, self._asked = self._asked, None
        may = self.context.may_write(roadshow.RECORD)
        if act == "run" and pitch.ended_at is not None and asked != pitch.id and may:
            self._asked = pitch.id
            words = _("“{title}”已经讲完。重讲会改掉原来的起止时间，要重讲再按一次 F7。")
            messages.show(self, words.format(title=pitch.title), "warn")
        elif act in ("up", "down"):
            at = show.pitches.index(pitch) + (1 if act == "down" else -1)
            self.choose(show.pitches[max(0, min(len(show.pitches) - 1, at))].id)
        elif act == "score":
            self.scores.first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif act == "comment":
            self.scores.comment.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif act == "interest":
            self.interests.begin()
        elif may:
            self._run(act, show, pitch)

    def _run(self, act: str, show: Show, pitch: PitchLine) -> None:
        db = self.context.db
        if act == "run" and pitch.is_running:
            self._try(partial(roadshow.end, db, pitch.id), _("“{title}”讲完").format(title=pitch.title))
        elif act == "run":
            self._try(partial(roadshow.start, db, pitch.id), _("“{title}”开讲").format(title=pitch.title))
        elif act == "longer" and pitch.minutes is not None:
            give = partial(roadshow.give_minutes, db, pitch.id, pitch.minutes + MINUTE)
            self._try(give, _("“{title}”加 {n} 分钟").format(title=pitch.title, n=MINUTE))
        elif act == "drop":
            words = _("“{title}”已恢复") if pitch.is_cancelled else _("“{title}”已取消，不计入项数")
            drop = partial(roadshow.cancel, db, pitch.id, not pitch.is_cancelled)
            self._try(drop, words.format(title=pitch.title))
        elif act == "next":
            self._next(show)

    def _next(self, show: Show) -> None:
        """F8: the one that runs ends, the next one begins and is looked at; behind the last it is over."""
        db, following, current = self.context.db, show.next, show.current
        if following is not None:
            begin = partial(roadshow.start, db, following.id)
            if self._try(begin, _("“{title}”开讲").format(title=following.title)):
                self.choose(following.id)
        elif current is not None:
            self._try(partial(roadshow.end, db, current.id), _("“{title}”讲完").format(title=current.title))
        else:
            messages.show(self, _("各项都讲过了。要重讲，选中它按 F7。"))

    def _keep(self, act: Callable[[], Any], words: str, *, say: bool = True) -> Any:
        """Do it as an act that can be taken back; what it gave. UserError where it is refused."""
        with followed() as writers:
            found = act()
        self.acts.add(step_act(words, self.context.db, step_of(roadshow.RECORD, writers)), say)
        return found

    def _try(self, act: Callable[[], Any], words: str) -> bool:
        try:
            self._keep(act, words)
        except UserError as error:
            messages.show(self, error)
            return False
        self._read()
        return True

    def _score(
        self, pitch_id: uuid.UUID, criterion: Criterion, expert: str, points: str, seen: Mapping[str, Any]
    ) -> None:
        words = _("{expert}：{criterion} {points}").format(
            expert=expert, criterion=criterion.name, points=points or "—"
        )
        self._enter(partial(roadshow.score, self.context.db, pitch_id, criterion.id, expert, points, seen), words)

    def _comment(self, pitch_id: uuid.UUID, expert: str, words: str, seen: Mapping[str, Any]) -> None:
        said = _("{expert}的点评已记下").format(expert=expert)
        self._enter(partial(roadshow.comment, self.context.db, pitch_id, expert, words, seen), said)

    def _enter(self, act: Callable[[], Any], words: str) -> None:
        """What is there is read again, kept or refused: what another clerk entered meanwhile is seen."""
        try:
            self._keep(act, words)
        finally:
            self._read_sheet()

    def _interest(self, values: Mapping[str, Any], interest_id: uuid.UUID | None, seen: Mapping[str, Any]) -> uuid.UUID:
        if self.pitch_id is None:
            raise UserError(_("先选一个路演项目，没有记意向。"), "E-PITCH")
        words = _("意向已改") if interest_id else _("意向已记下")
        act = partial(roadshow.record_interest, self.context.db, self.pitch_id, values, interest_id, seen)
        key: uuid.UUID = self._keep(act, words)
        self._read_sheet()
        return key

    # --- badges ---

    def read_code(self, raw: str) -> None:
        """A badge was read: its holder is interested in the pitch that is looked at; 1, 2, 3 say how much."""
        if self.pitch is None or not self.context.may_write(roadshow.RECORD):
            messages.show(self, _("读到一张胸卡，没有记意向：没有可记的路演项目，或没有权限。"), "warn")
            return
        try:
            with followed() as writers:
                scanned = roadshow.interest_of_badge(self.context.db, self.pitch.id, raw, self.interests.chosen_level)
        except UserError as error:
            messages.show(self, error, "warn", stays=messages.STAYS)
            return
        who = " · ".join(filter(None, (scanned.name, scanned.organisation)))
        if scanned.is_again:
            messages.show(self, _("{who}的意向已经记过，可以改。").format(who=who), "info")
        else:
            words = _("{who}的意向已记下").format(who=who)
            self.acts.add(step_act(words, self.context.db, step_of(roadshow.RECORD, writers)))
        self._read_sheet()
        sheet = self.interests.sheet
        line = next((one for one in sheet.interests if one.id == scanned.id), None) if sheet else None
        if line is not None:
            self.interests.add_who(line)

    # --- what is typed and not entered yet ---

    @property
    def _draft(self) -> str:
        return f"roadshow-{self.item_id}"

    def keep_draft(self) -> None:
        """What is typed outlives the program's end; nothing typed, nothing kept."""
        self._later.stop()
        if self.item_id is None or self.pitch_id is None:
            return
        comment = self.scores.comment.text() if self.scores.comment.isModified() else ""
        begun = {**self._typed, **({str(self.pitch_id): self.interests.typed} if self.interests.typed else {})}
        values = {"interests": begun, "comment": comment}
        try:
            if any(values.values()):
                drafts.keep(self._draft, {**values, "pitch": str(self.pitch_id), "expert": self.scores.name})
            else:
                drafts.discard(self._draft)
        except UserError as error:
            messages.show(self, error)

    def _restore(self) -> None:
        """What was typed when the program ended, back in its pitch."""
        found = drafts.find(self._draft) if self.item_id is not None else None
        show = self.show_
        if found is None or show is None:
            return
        kept = found.values
        pitch = next((one for one in show.pitches if str(one.id) == kept.get("pitch")), None)
        if pitch is None:
            return
        self.pitch_id = pitch.id
        self._read()
        self.scores.expert.setText(str(kept.get("expert", "")))
        if kept.get("comment"):
            self.scores.comment.setText(str(kept["comment"]))
            self.scores.comment.setModified(True)
        self._typed = dict(kept.get("interests") or {})
        self.interests.put_back(self._typed.pop(str(pitch.id), {}))

    # --- what the frame asks ---

    def open_with(self, route: Route) -> None:
        if not isinstance(route, RoadshowRoute):
            return
        if route.item is not None and any(info.id == route.item for info in self.infos):
            self.show_item(route.item)
        if route.pitch is not None and self.show_ is not None and self.show_.of(route.pitch) is not None:
            self.choose(route.pitch)

    def place(self) -> Route | None:
        return RoadshowRoute(self.item_id, self.pitch_id)

    def focus_search(self) -> None:
        self.scores.first().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def undo(self) -> None:
        self.acts.undo()
        self._read()

    def redo(self) -> None:
        self.acts.redo()
        self._read()

    def pane(self) -> QWidget | None:
        return self.interests
