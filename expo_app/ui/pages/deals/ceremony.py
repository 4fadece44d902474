"""签约仪式: what is signed in which batch and place, moved by Alt+↑↓ or the mouse; who signs, and what is missing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from expo_app import documents
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import Entry, PartyRole
from expo_app.rules import deals_stage_order as stage_order
from expo_app.rules.deals_ceremony import Signing, all_problems, batch_name, batch_words, course_words
from expo_app.rules.deals_numbering import short_deal_no
from expo_app.services import deals_ceremony, records
from expo_app.services.steps import Turned
from expo_app.specs import DEALS
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import ComboBox
from expo_app.ui.kit.labels import ElidedLabel, KeyCap, Label, SectionTitle
from expo_app.ui.kit.panels import clear, column, row
from expo_app.ui.kit.picker import pick
from expo_app.ui.pages.deals.asking import expo_of
from expo_app.ui.records import files
from expo_app.ui.records.form import Form
from expo_app.ui.records.undo_list import attempt

OFFERED = 30
SIDE = 400  # px, the column of who signs
KEYS = (
    ("↑↓", N_("选")), ("Alt+↑↓", N_("移动")), ("B", N_("从这里起新的一批")), ("Delete", N_("撤下台")),
    ("Ctrl+Z", N_("撤销")),
)  # fmt: skip
OF_SIDE = {PartyRole.SELLER: "sellers", PartyRole.BUYER: "buyers", PartyRole.PARTY: "others"}
COLUMNS = {"signer": 6, "signer_post": 6, "mandate": 6, "assistant": 6}
Remember = Callable[[str, Callable[[], object], Callable[[], object]], object]


class StageRow(QFrame):
    """A signing in its place. `chosen` by a press; `dropped(place)` after it was drawn elsewhere; keys go to `keyed`,
    before the area around takes the arrows.
    """

    chosen = Signal()
    dropped = Signal(QPoint)

    def __init__(self, signing: Signing, problems: list[str], keyed: Callable[[QKeyEvent], bool]) -> None:
        super().__init__()
        self.signing, self.is_chosen, self._keyed = signing, False, keyed
        self._pressed: QPoint | None = None
        self._is_drawn = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        line = row(self, theme.Space.S)
        line.setContentsMargins(theme.Space.M, theme.Space.S, theme.Space.M, theme.Space.S)
        number = Label(str(signing.order or "—"), "strong")
        number.setFixedWidth(theme.Space.XL)
        line.addWidget(number)
        words = column(spacing=0)
        words.addWidget(ElidedLabel(f"{signing.title} · {short_deal_no(signing.deal_no)}", "strong"))
        words.addWidget(ElidedLabel(sides_of(signing), "secondary"))
        said = _("；").join(problems)
        words.addWidget(Label(said or _("齐全"), "caption", "warn" if problems else "ok", wrap=True))
        line.addLayout(words, 1)
        self.setAccessibleName(f"{signing.title} {sides_of(signing)} {said}")

    def set_chosen(self, on: bool) -> None:
        """Tab comes to the chosen one, arrows go on from there."""
        self.is_chosen = on
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._is_drawn = event.position().toPoint(), False
            self.chosen.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            way = (event.position().toPoint() - self._pressed).manhattanLength()
            self._is_drawn = self._is_drawn or way >= QApplication.startDragDistance()
            if self._is_drawn:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        was_drawn, self._pressed, self._is_drawn = self._is_drawn, None, False
        if was_drawn:
            self.dropped.emit(self.mapToParent(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keyed(event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("focus" if self.hasFocus() else "border"))
        painter.setBrush(theme.color("bg.selected" if self.is_chosen else "bg.surface"))
        painter.drawRoundedRect(box, theme.Radius.CONTROL, theme.Radius.CONTROL)


def sides_of(signing: Signing) -> str:
    """甲 王一 ／ 乙 李二."""
    sides = ("、".join(f"{one.organisation} {one.signer}".strip() for one in side) for side in signing.sides if side)
    return " ／ ".join(sides)


class CeremonyDialog(Dialog):
    """The stage of one item of the programme, or of all. `remember` puts an act on the page's undo list."""

    def __init__(self, parent: QWidget, context: Context, remember: Remember, item: uuid.UUID | None = None) -> None:
        super().__init__(parent, _("签约仪式"), theme.Width.DIALOG_WIDE)
        self.context, self._remember, self._acts = context, remember, list[Turned]()
        self._may = context.may_write("deals.edit")
        self.signings: list[Signing] = []
        self.rows: list[StageRow] = []
        self.current: uuid.UUID | None = None
        self._make_top(item)
        line = row(spacing=theme.Space.XL)
        left = QWidget()
        self._stage = column(left, theme.Space.S)
        line.addWidget(left, 1)
        side = QWidget()
        side.setFixedWidth(SIDE)
        self._side = column(side, theme.Space.S)
        line.addWidget(side)
        line.setAlignment(side, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(line)
        self.body.addStretch(1)
        self._form: Form | None = None
        for keys, words in KEYS if self._may else ():
            self.add_left(KeyCap(keys))
            self.add_left(Label(_(words), "fact"))
        if context.may("data.export"):
            for ending in ("xlsx", "pdf"):
                words = _("运行单 Excel") if ending == "xlsx" else _("运行单和提示卡")
                self.add_action(Button(words, icon=f"file-{'excel-2' if ending == 'xlsx' else 'pdf'}-line",
                                       clicked=partial(self.write, ending)))  # fmt: skip
        self.add_action(Button(_("关闭"), "primary", clicked=self.cancel), safe=True)
        self.read()

    def first_focus(self) -> QWidget | None:
        """The chosen one, so that the keys mean it."""
        return next((shown for shown in self.rows if shown.is_chosen), None) or super().first_focus()

    def _make_top(self, item: uuid.UUID | None) -> None:
        line = row()
        self.items = ComboBox()
        self.items.setAccessibleName(_("签约场次"))
        self.items.addItem(_("全部场次"), None)
        zone = self.context.expo.zone if self.context.expo else None
        for key, title, at in deals_ceremony.items(self.context.db, expo_of(self.context)):
            when = f"{at.astimezone(zone):%m-%d %H:%M} " if at else ""
            self.items.addItem(f"{when}{title}", key)
        keys = [self.items.itemData(n) for n in range(self.items.count())]
        self.items.setCurrentIndex(keys.index(item) if item in keys else 0)
        self.items.activated.connect(lambda _index: self.read())
        line.addWidget(self.items)
        line.addStretch(1)
        if self._may:
            line.addWidget(Button(_("添加项目"), icon="add-line", clicked=self.ask_more))
        self.body.addLayout(line)
        self.body.addWidget(Label(course_words(), "caption", wrap=True))

    # --- what is there ---

    def read(self) -> None:
        """Show the stage as it is now."""
        self.keep()
        self.signings = deals_ceremony.signings(self.context.db, expo_of(self.context), self.items.currentData())
        problems = all_problems(self.signings)
        clear(self._stage)
        self.rows = []
        batch: str | None = None
        for signing in self.signings:
            if signing.batch != batch:
                batch = signing.batch
                count = sum(one.batch == batch for one in self.signings)
                title = batch_words(batch) or _("未分批次")
                self._stage.addWidget(SectionTitle(f"{title} · {_('{n} 项').format(n=count)}"))
            self._add_row(signing, problems.get(signing.id, []))
        if not self.signings:
            self._stage.addWidget(Label(_("还没有排进签约仪式的项目。用“添加项目”排入。"), "secondary", wrap=True))
        self._stage.addStretch(1)
        self.note.setText(_("{n} 项，{m} 项待处理").format(n=len(self.signings), m=len(problems)))
        ids = [one.id for one in self.signings]
        self.choose(self.current if self.current in ids else next(iter(ids), None))

    def _add_row(self, signing: Signing, problems: list[str]) -> None:
        shown = StageRow(signing, problems, self.on_key)
        shown.chosen.connect(partial(self.choose, signing.id))
        shown.dropped.connect(partial(self._on_dropped, signing.id))
        self._stage.addWidget(shown)
        self.rows.append(shown)

    def choose(self, key: uuid.UUID | None) -> None:
        """Show who signs this one; what was typed of the one before is kept."""
        if key == self.current and self._form is not None:
            return
        self.keep()
        self.current = key
        for shown in self.rows:
            shown.set_chosen(shown.signing.id == key)
        clear(self._side)
        self._form = None
        signing = next((one for one in self.signings if one.id == key), None)
        if signing is not None:
            self._show_side(signing)

    def _show_side(self, signing: Signing) -> None:
        self.seen = records.get(self.context.db, DEALS, signing.id)
        roles = dict.fromkeys(one.role for one in signing.signatories if one.role in OF_SIDE)
        spans = {f"{OF_SIDE[role]}_{name}": wide for role in roles for name, wide in COLUMNS.items()}
        spans |= {"witness": 12, "is_text_ready": 12}
        fields = [DEALS.field(name) for name in spans]
        self._form = Form(DEALS, fields=fields, spans=spans, look_up=self.context.options)
        self._form.judge = lambda values: {}
        self._form.set_values(self.seen)
        self._form.set_read_only(not self._may)
        for field in fields:
            self._form.editor(field.name).left.connect(self._on_left)
        self._form.edited.connect(lambda name: self._on_left() if name == "is_text_ready" else None)
        self._side.addWidget(self._form)

    def _on_left(self) -> None:
        """Kept when the focus goes on; the warnings follow."""
        if self.keep():
            problems = all_problems(deals_ceremony.signings(
                self.context.db, expo_of(self.context), self.items.currentData()))  # fmt: skip
            self.note.setText(_("{n} 项，{m} 项待处理").format(n=len(self.signings), m=len(problems)))

    def keep(self) -> bool:
        """Save what was typed of the chosen one; whether there was anything."""
        if self._form is None or self.current is None or not (changes := self._form.changes()):
            return False
        try:
            deals_ceremony.prepare(self.context.db, expo_of(self.context), self.current, changes, self.seen)
        except UserError as refused:
            problems = getattr(refused, "problems", {})
            if not problems or self._form.show_problems(problems):
                messages.show(self, refused)
            return False
        self.seen = records.get(self.context.db, DEALS, self.current)
        self._form.set_values(self.seen)
        return True

    def cancel(self) -> None:
        """Closing keeps what was typed; what cannot be kept stays on the screen."""
        if self._form is not None and self._form.is_dirty and not self.keep():
            return
        self.close_with(None)

    # --- the order ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.on_key(event):
            super().keyPressEvent(event)

    def on_key(self, event: QKeyEvent) -> bool:
        """Do what a key of the stage means; whether it means anything."""
        alone = event.modifiers() == Qt.KeyboardModifier.NoModifier
        way = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if way is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_by(way)
        elif way is not None and alone:
            self.step(way)
        elif alone and event.key() == Qt.Key.Key_B:
            self.begin_batch()
        elif alone and event.key() == Qt.Key.Key_Delete:
            self.take_off()
        elif event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.undo()
        else:
            return False
        return True

    def step(self, way: int) -> None:
        """Choose the next one, or the one before."""
        ids = [one.id for one in self.signings]
        if self.current in ids:
            place = min(max(ids.index(self.current) + way, 0), len(ids) - 1)
            self.choose(ids[place])
            self.rows[place].setFocus()

    def move_by(self, way: int) -> None:
        """Move the chosen one a place up or down, over the border of its batch."""
        if self.current is not None:
            self._arrange(stage_order.moved(self._order(), self.current, way))

    def begin_batch(self) -> None:
        """The chosen one and those after it in its batch are a batch of their own."""
        if self.current is not None:
            self._arrange(stage_order.split(self._order(), self.current))

    def take_off(self) -> None:
        """The chosen one is no longer in any batch."""
        if self.current is not None:
            self._arrange(stage_order.without(self._order(), self.current))

    def _on_dropped(self, key: uuid.UUID, at: QPoint) -> None:
        others = [shown for shown in self.rows if shown.signing.id != key]
        after = [shown.signing.id for shown in others if shown.geometry().center().y() < at.y()]
        self._arrange(stage_order.put(self._order(), key, after[-1] if after else None))

    def _order(self) -> stage_order.Order:
        found: dict[str, list[uuid.UUID]] = {}
        for one in self.signings:
            found.setdefault(one.batch, []).append(one.id)
        return list(found.items())

    def _arrange(self, order: stage_order.Order) -> None:
        """Keep an order; its batches are numbered as they follow each other."""
        self.keep()
        named = stage_order.named(order, batch_name)
        db, changed = self.context.db, dict[uuid.UUID, Any]()
        keep = partial(deals_ceremony.arrange, db, named, self.signings)
        if self._may and attempt(self, lambda: changed.update(keep())) and changed:
            self._acts.append(changed)
            back = partial(deals_ceremony.rearrange, db, changed)
            self._remember(_("已调整签约顺序"), back, partial(back, forth=True))
        self._again()

    def undo(self) -> None:
        """Take back the last change of the order made here."""
        if self._acts and attempt(self, partial(deals_ceremony.rearrange, self.context.db, self._acts[-1])):
            self._acts.pop()
        self._again()

    def _again(self) -> None:
        self._form = None
        self.read()
        place = next((n for n, shown in enumerate(self.rows) if shown.signing.id == self.current), None)
        if place is not None:
            self.rows[place].setFocus()

    # --- more of them; sheets ---

    def ask_more(self) -> None:
        """Choose a deal that is to be signed here too."""
        pick(self, _("添加项目"), "hand-coin-line", self.offered, lambda key, _name: self.add(key))

    def offered(self, text: str) -> list[tuple[uuid.UUID, str]]:
        """Deals that are not on the stage yet, void ones left out."""
        there = {one.id for one in self.signings}
        fields = tuple(map(DEALS.field, ("deal_no", "title", "entry")))
        found = records.list_rows(self.context.db, DEALS, expo_of(self.context), fields, search=text)
        free = [one for one in found if one[0] not in there and one[3] is not Entry.VOID]
        return [(one[0], f"{short_deal_no(one[1])} {one[2]}") for one in free[:OFFERED]]

    def add(self, key: uuid.UUID) -> None:
        """Put a deal at the end of the last batch, and into the chosen item."""
        item = self.items.currentData()
        if item is not None:
            attempt(self, partial(deals_ceremony.move_to_item, self.context.db, key, item))
        self.keep()
        self._form, self.current = None, key
        self._arrange(stage_order.added(self._order(), key))

    def write(self, ending: str) -> None:
        """The day's sheets as a file."""
        if (expo := self.context.expo) is None:
            return
        self.keep()
        kinds = files.excel_kinds() if ending == "xlsx" else _("PDF 文件 (*.pdf)")
        path = files.ask_where(self, self.context, _("签约仪式"), f"{_('签约仪式')}.{ending}", kinds)
        if path is None:
            return
        db, said = self.context.db, _("已存为 {name}").format(name=path.name)
        self.context.run(
            _("签约仪式"), lambda progress: documents.write(db, expo, "stage", path, progress),
            lambda _nothing: messages.show(self, said, "ok", (_("打开文件夹"), partial(files.open_folder, path))),
            parent=self,
        )  # fmt: skip
