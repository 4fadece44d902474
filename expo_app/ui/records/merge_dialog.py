"""Two records side by side: which one stays, which value of each field, which badge; what follows and which figures
change is said before anything is done. Nothing here is area's own: `services.merging` says all of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services import imports, merging
from expo_app.specs.merging import BadgeSide, Pair, Preview
from expo_app.specs.records import by_name
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.either import Either
from expo_app.ui.kit.labels import ElidedLabel, KeyCap, Label, Line, Pill, SectionTitle
from expo_app.ui.kit.panels import FactRow, caption_width, clear, column, row
from expo_app.ui.kit.placeholders import Banner, ErrorState, Skeleton
from expo_app.ui.records.undo_list import Act, UndoList

Done = tuple[uuid.UUID, int]
"""A merge: its batch and its number in the history."""


def open_merge(host: QWidget, context: Context, acts: UndoList, pair: Pair) -> MergeDialog:
    """Ask how two records become one; what was done stands on the page's list of acts."""
    dialog = MergeDialog(host, context, pair)

    def on_closed(done: Done | None) -> None:
        if done is not None and dialog.shown is not None:
            acts.add(merge_act(context, dialog.pair, dialog.shown.kept_name, done))

    dialog.closed.connect(on_closed)
    dialog.open()
    return dialog


def merge_act(context: Context, pair: Pair, name: str, done: Done) -> Act:
    """A merge as an act: taken back by its batch, done again as a new one."""
    words = _("已合并为“{name}”（第 {n} 次）").format(name=name, n=done[1])
    return several_act(context, words, [(pair, done[0])])


def several_act(context: Context, words: str, merged: Sequence[tuple[Pair, uuid.UUID]]) -> Act:
    """Merges as one act. Where one cannot be taken back, those after it have been; another press goes on there."""
    db, expo_id = context.db, context.expo_id
    done, undone = list(merged), list[Pair]()

    def undo() -> None:
        while done:
            pair, batch_id = done[-1]
            try:
                imports.undo(db, batch_id)
            except UserError as error:
                if error.code != "E-UNDONE" or len(merged) == 1:
                    raise
            done.pop()
            undone.append(pair)

    def redo() -> None:
        while undone:
            done.append((undone[-1], merging.merge(db, undone[-1], expo_id)))
            undone.pop()

    return Act(words, undo, redo, slow=True)


class MergeDialog(Dialog):
    """The preview is worked out beside the window, anew after every choice; the button waits for it."""

    def __init__(self, parent: QWidget, context: Context, pair: Pair) -> None:
        spec = by_name(pair.spec)
        super().__init__(parent, _("合并两条{what}").format(what=spec.label), theme.Width.DIALOG_LARGE)
        self.context, self.pair = context, pair
        self.shown: Preview | None = None
        self.rows: dict[str, Either] = {}
        self.badges: list[Either] = []
        self._badge_ids: list[uuid.UUID] = []
        self._is_chosen = pair.takes is not None
        self._looking: jobs.Job | None = None
        self._merging: jobs.Job | None = None
        self._again = False
        self._may = context.may_write(spec.permission)
        self._build()
        self._look()

    # --- building ---

    def _build(self) -> None:
        self._skeleton = Skeleton()
        self._skeleton.setMinimumHeight(9 * theme.Height.ROW)
        self._shown_part = QWidget()
        self._shown_part.hide()
        lines = column(self._shown_part, theme.Space.M)
        self._fields = column(spacing=theme.Space.S)
        self._badge_lines, self._said = column(spacing=theme.Space.S), QWidget()
        self._rest = column(self._said, theme.Space.S)
        lines.addLayout(self._head_line())
        lines.addLayout(self._fields)
        lines.addLayout(self._badge_lines)
        lines.addWidget(self._said)
        self.body.addWidget(self._skeleton)
        self.body.addWidget(self._shown_part)
        for keys, words in (("←→", _("选值")), ("↑↓", _("换行")), ("X", _("对换"))):
            self.add_left(KeyCap(keys))
            self.add_left(Label(words, "fact"))
        self.show_submit_keys()
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.merge_button = Button(_("合并"), "primary", "git-merge-line", clicked=self.submit)
        self.merge_button.setEnabled(False)
        self.add_action(self.merge_button)

    def _head_line(self) -> QHBoxLayout:
        """Which one stays, over the columns of their values."""
        line = row()
        self.swap_button = IconButton("arrow-left-right-line", _("对换：留下另一条"), self.swap)
        self.swap_button.setEnabled(self._may)
        self._swap_place = QWidget()
        row(self._swap_place).addWidget(self.swap_button, 0, Qt.AlignmentFlag.AlignRight)
        line.addWidget(self._swap_place)
        self.names = (ElidedLabel("", "strong"), ElidedLabel("", "strong"))
        for label, pill in zip(self.names, ((_("留下"), "ok"), (_("并入左边"), "mute")), strict=True):
            side = QWidget()
            side.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            inner = row(side)
            inner.addWidget(Pill(*pill))
            inner.addWidget(label, 1)
            line.addWidget(side, 1)
        return line

    def first_focus(self) -> QWidget | None:
        return next(iter(self._choices()), None) or self.close_button

    def _choices(self) -> list[Either]:
        return [*self.rows.values(), *self.badges]

    # --- the preview ---

    def _look(self) -> None:
        """Work the preview out; a choice made meanwhile asks again."""
        self.merge_button.setEnabled(False)
        self._said.setEnabled(False)  # grey: of what was chosen before
        if self._looking is not None:
            self._again = True
            return
        pair, db = self.pair, self.context.db
        self._looking = jobs.run_job(
            self, self.title.text(), lambda _progress: merging.preview(db, pair), self._show, self._failed, card=False
        )
        self._looking.finished.connect(self._on_looked)

    def _on_looked(self) -> None:
        self._looking = None
        if self._again:
            self._again = False
            self._look()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self.close_with(None)
            return
        self.shown = None
        self._shown_part.hide()
        self._skeleton.hide()
        self.body.addWidget(ErrorState(_("这两条现在合并不了"), error))
        self._again = False

    def _show(self, preview: Preview) -> None:
        if self._again:
            return  # it is of a choice that was changed meanwhile
        self.shown = preview
        takes = frozenset(line.name for line in preview.lines if line.takes)
        badges = frozenset(side.attendee_id for two in preview.badges for side in two.sides if side.stays)
        self.pair = replace(preview.pair, takes=takes, badges=badges)
        focused = next((name for name, line in self.rows.items() if line.hasFocus()), "")
        is_first = self._shown_part.isHidden()
        self._swap_place.setFixedWidth(self._caption_width(preview))
        for label, name in zip(self.names, preview.names, strict=True):
            label.set_text(name)
        self._fill_fields(preview)
        self._fill_badges(preview)
        self._fill_rest(preview)
        self._skeleton.hide()
        self._said.setEnabled(True)
        self._shown_part.show()
        self.merge_button.setEnabled(self._may)
        if is_first or focused:
            target = self.rows.get(focused) or self.first_focus()
            if target is not None:
                target.setFocus(Qt.FocusReason.OtherFocusReason)

    @staticmethod
    def _caption_width(preview: Preview) -> int:
        names = [line.title for line in preview.lines if not line.is_same]
        return caption_width([*names, *(two.expo for two in preview.badges)])

    def _fill_fields(self, preview: Preview) -> None:
        differing = [line for line in preview.lines if not line.is_same]
        width = self._caption_width(preview)
        if [line.name for line in differing] == list(self.rows):
            for line in differing:
                self.rows[line.name].show_sides((line.ours, line.theirs), int(line.takes))
            return
        clear(self._fields)
        self.rows = {}
        for line in differing:
            either = Either(line.title, (line.ours, line.theirs), int(line.takes), width)
            either.setEnabled(self._may)
            either.chosen.connect(partial(self._choose, line.name))
            either.walked.connect(partial(self._walk, either))
            self.rows[line.name] = either
            self._fields.addWidget(either)
        same = [line for line in preview.lines if line.is_same and line.ours]
        if same:
            self._fields.addWidget(self._folded(same, width))

    def _folded(self, same: Sequence[merging.Line], width: int) -> QWidget:
        """What is equal, behind one line."""
        place, inner = QWidget(), QWidget()
        lines, facts = column(place, theme.Space.XS), column(inner, theme.Space.XS)
        for line in same:
            facts.addWidget(FactRow(line.title, line.ours, width))
        inner.hide()
        words = _("另有 {n} 项相同").format(n=len(same))
        self.fold = Button(words, "link", "arrow-down-s-line")
        self.fold.setCheckable(True)
        self.fold.toggled.connect(inner.setVisible)
        head = row()
        head.addWidget(self.fold)
        head.addStretch(1)
        lines.addLayout(head)
        lines.addWidget(inner)
        return place

    def _fill_badges(self, preview: Preview) -> None:
        asked = [two for two in preview.badges if all(side.has_badge for side in two.sides)]
        ids = [two.sides[0].attendee_id for two in asked]
        if ids == self._badge_ids:
            for either, two in zip(self.badges, asked, strict=True):
                either.show_sides([_badge(side) for side in two.sides], int(two.sides[1].stays))
            return
        clear(self._badge_lines)
        self.badges, self._badge_ids = [], ids
        if not asked:
            return
        head = row()
        head.addWidget(SectionTitle(_("哪张胸卡留着用")))
        head.addWidget(Label(_("另一张作废"), "caption"), 1)
        self._badge_lines.addLayout(head)
        for two in asked:
            width = self._caption_width(preview)
            either = Either(two.expo, [_badge(side) for side in two.sides], int(two.sides[1].stays), width)
            either.setEnabled(self._may)
            either.chosen.connect(partial(self._keep_badge, [side.attendee_id for side in two.sides]))
            either.walked.connect(partial(self._walk, either))
            self.badges.append(either)
            self._badge_lines.addWidget(either)

    def _fill_rest(self, preview: Preview) -> None:
        """What to know, then side by side what goes over and which figures change."""
        clear(self._rest)
        for note in preview.notes:
            self._rest.addWidget(Banner("warn", note, small=True))
        self._rest.addWidget(Line())
        width = caption_width([*(name for name, _n in preview.follows), *(e.label for e in preview.effects)])
        sides = row(spacing=theme.Space.L)
        for part in (self._followed(preview, width), self._changed(preview, width)):
            part.addStretch(1)
            sides.addLayout(part, 1)
        self._rest.addLayout(sides)

    @staticmethod
    def _followed(preview: Preview, width: int) -> QVBoxLayout:
        part = column(spacing=theme.Space.XS)
        part.addWidget(SectionTitle(_("跟着过来的")))
        for name, count in preview.follows:
            part.addWidget(FactRow(name, f"{count:,}", width))
        if not preview.follows:
            part.addWidget(Label(_("没有别的记录用到它。"), "secondary", wrap=True))
        return part

    @staticmethod
    def _changed(preview: Preview, width: int) -> QVBoxLayout:
        part = column(spacing=theme.Space.XS)
        part.addWidget(SectionTitle(_("会变的数字")))
        for expo, effects in groupby(preview.effects, lambda effect: effect.expo):
            part.addWidget(Label(expo, "caption", wrap=True))
            for effect in effects:
                part.addWidget(FactRow(effect.label, f"{effect.before} → {effect.after}", width))
        words = _("已发布的版本照旧。") if preview.effects else _("没有数字会变；已发布的版本照旧。")
        part.addWidget(Label(words, "caption", wrap=True))
        return part

    # --- choices ---

    def _choose(self, name: str, side: int) -> None:
        takes = self.pair.takes or frozenset()
        self._decide(replace(self.pair, takes=takes | {name} if side else takes - {name}))

    def _keep_badge(self, ids: Sequence[uuid.UUID], side: int) -> None:
        self._decide(replace(self.pair, badges=(self.pair.badges - set(ids)) | {ids[side]}))

    def _decide(self, pair: Pair) -> None:
        self.pair, self._is_chosen = pair, True
        self._look()

    def swap(self) -> None:
        """The other one stays; values that were chosen stay chosen."""
        if self.shown is None or not self._may:
            return
        every = frozenset(line.name for line in self.shown.lines if not line.is_same)
        takes = every - (self.pair.takes or frozenset()) if self._is_chosen else None
        badges = self.pair.badges if self._is_chosen else frozenset[uuid.UUID]()
        self.pair = replace(self.pair, keep=self.pair.other, other=self.pair.keep, takes=takes, badges=badges)
        self._look()

    def _walk(self, either: Either, by: int) -> None:
        every = self._choices()
        place = every.index(either) + by
        if 0 <= place < len(every):
            every[place].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(every[place])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_X and not event.modifiers():
            self.swap()
        super().keyPressEvent(event)

    # --- doing it ---

    def submit(self) -> None:
        """Merge as shown; where one of the two was changed meanwhile, show that first."""
        if self.shown is None or self._merging is not None or not self.merge_button.isEnabled():
            return
        self.merge_button.setEnabled(False)
        title = _("合并“{name}”").format(name=self.shown.kept_name)
        work = partial(_merge, self.context.db, self.pair, self.shown, self.context.expo_id)
        self._merging = jobs.run_job(self, title, lambda _progress: work(), self._merged, self._refused)

    def _merged(self, outcome: Preview | Done) -> None:
        self._merging = None
        if isinstance(outcome, Preview):
            self._show(outcome)
            messages.show(self, _("其中一条刚被改过，已重新算好，没有合并。请再看一遍。"), "warn")
        else:
            self.close_with(outcome)

    def _refused(self, error: Exception) -> None:
        self._merging = None
        if isinstance(error, UserError):
            messages.show(self, error)
            self._look()

    def cancel(self) -> None:
        """Not while the two are being made one: that is done in a moment, and told."""
        if self._merging is None:
            super().cancel()


def _badge(side: BadgeSide) -> str:
    return f"{side.badge_no} · {side.words}"


def _merge(db: Database, pair: Pair, shown: Preview, expo_id: uuid.UUID | None) -> Preview | Done:
    """What there is now where it is not what was shown (figures may go on meanwhile), else the merge."""
    now = merging.preview(db, pair)
    if (now.names, now.lines, now.badges) != (shown.names, shown.lines, shown.badges):
        return now
    batch_id = merging.merge(db, pair, expo_id)
    return batch_id, imports.number_of(db, batch_id, expo_id)
