"""The column beside the plan: clashes with their remedies, the tray, and the keys."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from expo_app.i18n import N_, _
from expo_app.rules.programme_clashes import Clash, ClashKind
from expo_app.rules.programme_remedies import Remedy
from expo_app.services.programme import Item
from expo_app.ui.canvas.surroundings import DragCard, KeysCard
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.item_row import REASON_LENGTH
from expo_app.ui.kit.labels import ElidedLabel, IconView, Label, Pill, SectionTitle
from expo_app.ui.kit.panels import Card, column, row, scrolled
from expo_app.ui.pages.programme.blocks import tray_words
from expo_app.ui.pages.programme.timeline_block import PROBLEM_ICONS

KEYS = (
    (("↑↓",), N_("移 5 分钟")), (("←→",), N_("换会场")), (("Shift+↑↓",), N_("改时长")), (("Ctrl+Z",), N_("撤销")),
    (("Enter",), N_("编辑")), (("U",), N_("待排")), (("N",), N_("下一冲突")),
)  # fmt: skip
MARK = 4  # px: the colour at the left of a card in the tray


class ClashCard(Card):
    """One clash: what, where, by how much; its remedy and its waiver. A press shows it on the plan."""

    pressed = Signal()
    remedied = Signal(object)  # Remedy
    waived = Signal(str)  # the reason, "" takes the waiver back
    edit_wanted = Signal()

    def __init__(self, clash: Clash, remedy: Remedy | None, may_edit: bool) -> None:
        super().__init__(padding=theme.Space.M)
        self.clash, self.remedy = clash, remedy
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.body.setSpacing(theme.Space.XS)
        head = row(spacing=theme.Space.S)
        self._ink = "bad" if clash.blocks else "warn"
        waived = clash.waived is not None
        icon = "checkbox-circle-line" if waived else PROBLEM_ICONS[self._ink]
        head.addWidget(IconView(icon, "text.3" if waived else self._ink))
        head.addWidget(Label(clash.kind.label, "strong"), 1)
        if clash.blocks:
            head.addWidget(Pill(_("不能发布"), "bad"))
        self.body.addLayout(head)
        self.body.addWidget(Label(clash.text, "fact", wrap=True))
        self.body.addWidget(Label(clash.detail, "fact"))
        if clash.waived is not None:
            self.body.addWidget(Label(_("已允许：{reason}").format(reason=clash.waived), "fact", wrap=True))
        if may_edit:
            self._make_acts()

    def _make_acts(self) -> None:
        self._acts = QWidget()
        acts = FlowLayout(self._acts, theme.Space.XS)
        if self.clash.waived is not None:
            acts.addWidget(Button(_("撤回"), "text", clicked=lambda: self.waived.emit("")))
        else:
            if self.remedy is not None:
                self.remedy_button = Button(self.remedy.label, clicked=lambda: self.remedied.emit(self.remedy))
                acts.addWidget(self.remedy_button)
            words = _("换嘉宾") if self.clash.kind is ClashKind.SPEAKER_OVERLAP else _("修改")
            acts.addWidget(Button(words, "text", clicked=self.edit_wanted.emit))
            if not self.clash.blocks:
                self.waive_button = Button(_("允许一次"), "text", clicked=self.ask_reason)
                acts.addWidget(self.waive_button)
        self.body.addWidget(self._acts)

    def ask_reason(self) -> None:
        """Ask in the card itself why this may stay."""
        self._acts.hide()
        self.why = LineEditor()
        self.why.setMaxLength(REASON_LENGTH)
        self.why.setPlaceholderText(_("为什么可以，例如：嘉宾提前离场"))
        self.why.setAccessibleName(_("原因"))
        self.why.returnPressed.connect(self._answer)
        self.allow_button = Button(_("允许"), clicked=self._answer)
        foot = row()
        foot.addWidget(self.allow_button)
        foot.addWidget(Button(_("取消"), "text", clicked=self._forget))
        foot.addStretch(1)
        self._question = QWidget()
        lines = column(self._question, theme.Space.S)
        lines.addWidget(self.why)
        lines.addLayout(foot)
        self.body.addWidget(self._question)
        self.why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self) -> None:
        if self.why.text().strip():
            self.waived.emit(self.why.text().strip())
        else:
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget(self) -> None:
        self._question.hide()
        self._question.deleteLater()
        self._acts.show()

    def set_chosen(self, chosen: bool) -> None:
        """Stand out while one of its items is chosen on the plan."""
        stands_out = chosen and self.clash.waived is None
        self.set_colors(*((f"{self._ink}.soft", self._ink) if stands_out else ("bg.surface", "border")))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()


class TrayCard(DragCard):
    """An item without a place: dragged onto the plan, or opened by Enter or a press."""

    menu_wanted = Signal(QPoint)

    def __init__(self, item: Item, may_edit: bool) -> None:
        super().__init__(f"{item.slot.title} {tray_words(item)}", may_edit)
        self.item = item
        if may_edit:
            self.rest_cursor = Qt.CursorShape.OpenHandCursor
            self.setCursor(self.rest_cursor)
        line = row(self, theme.Space.S)
        line.setContentsMargins(theme.Space.M + MARK + theme.Space.S, theme.Space.S, theme.Space.M, theme.Space.S)
        words = column(spacing=0)
        words.addWidget(ElidedLabel(item.slot.title))
        words.addWidget(ElidedLabel(tray_words(item), "fact"))
        line.addLayout(words, 1)
        if may_edit:
            line.addWidget(IconView("drag-move-2-line"))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self.item.kind.token))
        mark = QRectF(theme.Space.M - 1, theme.Space.S + 2, MARK, self.height() - 2 * theme.Space.S - 4)
        painter.drawRoundedRect(mark, MARK / 2, MARK / 2)


class Side(QWidget):
    """Clashes, tray, keys. Signals carry what was pressed."""

    clash_pressed = Signal(object)
    remedied = Signal(object, object)  # Clash, Remedy
    waived = Signal(object, str)  # Clash, reason
    edit_wanted = Signal(object)  # item id
    menu_wanted = Signal(object, object)
    tray_dragged = Signal(object, object)  # Item, global position
    tray_dropped = Signal(object, object)
    new_wanted = Signal()

    def __init__(self, may_edit: bool) -> None:
        super().__init__()
        self._may_edit = may_edit
        self.setFixedWidth(theme.Width.PANEL_NARROW)
        content = QWidget()
        lines = column(content, theme.Space.S)
        self.clash_count, self.tray_count = Pill("0", "mute", shape=False), Pill("0", "mute", shape=False)
        lines.addLayout(self._head(_("冲突"), self.clash_count))
        self._clashes = column(spacing=theme.Space.S)
        lines.addLayout(self._clashes)
        lines.addSpacing(theme.Space.S)
        self.new_button = Button(_("新建场次"), "text", "add-line", clicked=self.new_wanted.emit)
        lines.addLayout(self._head(_("待排"), self.tray_count, self.new_button))
        self.new_button.setVisible(may_edit)
        self._tray = column(spacing=theme.Space.S)
        lines.addLayout(self._tray)
        lines.addStretch(1)
        if may_edit:
            lines.addWidget(KeysCard(KEYS))
        self.tray_area = scrolled(content)
        column(self, 0).addWidget(self.tray_area)
        self.cards: list[ClashCard] = []
        self.tray: list[TrayCard] = []

    def _head(self, words: str, count: Pill, *more: QWidget) -> QHBoxLayout:
        line = row()
        title = SectionTitle(words)
        title.setMinimumHeight(theme.Height.CONTROL)
        line.addWidget(title)
        line.addWidget(count)
        line.addStretch(1)
        for widget in more:
            line.addWidget(widget)
        return line

    def is_over(self, at: QPoint) -> bool:
        """Whether a global position lies above this column: what is dropped there goes into the tray."""
        return self.rect().contains(self.mapFromGlobal(at))

    def show_clashes(self, clashes: Sequence[Clash], remedy: Callable[[Clash], Remedy | None]) -> None:
        """Show these; open ones first. A card whose clash is still the same stays, with what is typed in it."""
        opened = [clash for clash in clashes if clash.waived is None]
        self.clash_count.set(str(len(opened)), "bad" if opened else "mute")
        kept = self.cards
        self.cards = [self._card(clash, remedy(clash), kept) for clash in opened]
        self.cards += [self._card(clash, None, kept) for clash in clashes if clash.waived is not None]
        _fill(self._clashes, self.cards, _("会场、嘉宾、换场和座位都没有冲突。"))

    def _card(self, clash: Clash, remedy: Remedy | None, kept: Sequence[ClashCard]) -> ClashCard:
        for card in kept:
            if (card.clash, card.remedy) == (clash, remedy):
                return card
        card = ClashCard(clash, remedy, self._may_edit)
        card.pressed.connect(partial(self.clash_pressed.emit, clash))
        card.remedied.connect(partial(self.remedied.emit, clash))
        card.waived.connect(partial(self.waived.emit, clash))
        card.edit_wanted.connect(partial(self.edit_wanted.emit, clash.item_ids[-1]))
        return card

    def show_tray(self, items: Sequence[Item]) -> None:
        """Show what has no place yet."""
        self.tray_count.set(str(len(items)), "mute")
        kept = self.tray
        self.tray = [self._tray_card(item, kept) for item in items]
        _fill(self._tray, self.tray, _("都已排好。把场次拖到这里，可以先放一放。"))

    def _tray_card(self, item: Item, kept: Sequence[TrayCard]) -> TrayCard:
        for card in kept:
            if card.item == item:
                return card
        card = TrayCard(item, self._may_edit)
        card.pressed.connect(partial(self.edit_wanted.emit, item.id))
        card.menu_wanted.connect(partial(self.menu_wanted.emit, item.id))
        card.dragged.connect(partial(self.tray_dragged.emit, item))
        card.dropped.connect(partial(self.tray_dropped.emit, item))
        return card

    def choose(self, item_id: uuid.UUID | None) -> None:
        """Let the clashes of an item stand out."""
        for card in self.cards:
            card.set_chosen(item_id in card.clash.item_ids)


def _fill(place: QVBoxLayout, wanted: Sequence[QWidget], otherwise: str) -> None:
    """Show these widgets in this order, or a sentence; those that are there already keep focus and content."""
    items = [place.itemAt(n) for n in range(place.count())]
    there = [widget for item in items if item is not None and (widget := item.widget()) is not None]
    if there and there == list(wanted):
        return
    for widget in there:
        place.removeWidget(widget)
        if widget not in wanted:
            widget.hide()
            widget.deleteLater()
    for widget in wanted or [Label(otherwise, "caption", wrap=True)]:
        place.addWidget(widget)
        widget.show()
