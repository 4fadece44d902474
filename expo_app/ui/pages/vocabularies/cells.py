"""What a vocabulary's table shows: lines, columns as data, the model, and how a cell is painted and pressed."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from expo_app.i18n import _
from expo_app.rules.categories import CategoryTerm
from expo_app.rules.terms import Term
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import draw_box, draw_pill, elided, pill_width
from expo_app.ui.kit.table import Index
from expo_app.ui.kit.table_cells import BAR, PAD, advance
from expo_app.ui.pages.vocabularies.looks import SWATCH, draw_term

if TYPE_CHECKING:
    from expo_app.ui.pages.vocabularies.table import WordTable

ICON, TAG, GAP = theme.IconSize.INLINE, theme.Height.PILL, theme.Space.XS
ACTS = (("merge", "git-merge-line"), ("hide", "eye-off-line"), ("more", "more-line"))
NAME = 116
"""px that a name has at least, as it is typed there."""
BAND = (40, 30)
"""px of a badge's band with its letter."""
DOTS = ((-3, -5), (3, -5), (-3, 0), (3, 0), (-3, 5), (3, 5))


@dataclass(frozen=True)
class Line:
    """A word and how many records use it (None: no list tells); without a word the line where a new one is typed."""

    term: Term | None
    used: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> uuid.UUID | None:
        """The word's id."""
        return self.term.id if self.term else None


Words = Callable[[Line], str]


@dataclass(frozen=True)
class Column:
    """kind: handle, look, band, text, strong, two (two lines), tags, pill, link, acts. `edited`: in place.

    `tags` gives what a column of tags shows, `asks` the verb that Enter or a press on it means.
    """

    name: str
    label: str
    words: Words
    kind: str = "text"
    edited: bool = False
    stretch: bool = False
    asks: str = ""
    tags: Callable[[Line], Sequence[str]] = lambda _line: ()
    tone: Callable[[Line], str] = lambda _line: "mute"

    @property
    def right(self) -> bool:
        """Whether its words stand at the right."""
        return self.kind == "link"


@dataclass(frozen=True)
class Part:
    """A place in a cell that can be pressed: what it asks for, and about what."""

    rect: QRect
    verb: str
    about: str = ""
    words: str = ""


class WordModel(QAbstractTableModel):
    """The lines in the expo's order."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns, self.lines = tuple(columns), list[Line]()

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def place_of(self, key: uuid.UUID | None) -> int:
        """The row of a word; -1 where it is not shown."""
        return next((place for place, line in enumerate(self.lines) if line.key == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, column = self.lines[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.words(line)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.label} {column.words(line) or _('空')}".strip()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int((side | Qt.AlignmentFlag.AlignVCenter).value)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return usual if index.isValid() else Qt.ItemFlag.NoItemFlags


class WordDelegate(QStyledItemDelegate):
    """Paints every kind of cell; `parts` says what of it can be pressed."""

    def __init__(self, table: "WordTable") -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, column = self._table.words.lines[index.row()], self._table.words.columns[index.column()]
        rect, chosen = option.rect, bool(option.state & QStyle.StateFlag.State_Selected)
        self._ground(painter, rect, index, chosen)
        if line.term is not None:
            painter.save()
            getattr(self, f"_{column.kind}")(painter, rect, line, column)
            painter.restore()
        if self._table.hasFocus() and self._table.currentIndex() == index and self._table.may_edit:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius = theme.Radius.CONTROL
            painter.drawRoundedRect(QRectF(rect).adjusted(3, 4, -3, -5), radius, radius)

    def _ground(self, painter: QPainter, rect: QRect, index: Index, chosen: bool) -> None:
        token = "bg.selected" if chosen else "bg.hover" if index.row() == self._table.hovered else "bg.surface"
        painter.fillRect(rect, theme.color(token))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color("border"))
        if chosen and index.column() == 0:
            painter.fillRect(rect.x(), rect.y(), BAR, rect.height(), theme.color("primary"))

    # --- kinds of cells ---

    def _handle(self, painter: QPainter, rect: QRect, _line: Line, _column: Column) -> None:
        if not self._table.can_move:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("text.3"))
        for x, y in DOTS:
            painter.drawEllipse(QPoint(rect.center().x() + x, rect.center().y() + y), 1, 1)

    def _look(self, painter: QPainter, rect: QRect, line: Line, _column: Column) -> None:
        if line.term is None:
            return
        box = QRectF(rect.x() + PAD, rect.center().y() - SWATCH / 2, SWATCH, SWATCH)
        draw_term(painter, box, line.term)
        if self._table.may_edit:
            icons.draw(painter, "arrow-down-s-line", "text.2", QRectF(box.right() + GAP, box.y() + 1, ICON, ICON))

    def _band(self, painter: QPainter, rect: QRect, line: Line, _column: Column) -> None:
        """As on the badge: the colour at the left, the letter beside it."""
        if not isinstance(line.term, CategoryTerm):
            return
        box = QRectF(rect.x() + PAD, rect.center().y() - BAND[1] / 2, *BAND)
        draw_box(painter, box, theme.color("bg.surface"), theme.color("border.button"), theme.Radius.MARK)
        shape = QPainterPath()
        shape.addRoundedRect(box, theme.Radius.MARK, theme.Radius.MARK)
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(QRectF(box.x(), box.y(), PAD, box.height()), theme.color(line.term.token))
        painter.restore()
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color(_ink(line)))
        painter.drawText(box.adjusted(PAD, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, line.term.letter)

    def _text(self, painter: QPainter, rect: QRect, line: Line, column: Column, face: str = "body") -> None:
        self._say(painter, QRectF(rect.adjusted(PAD, 0, -PAD, -1)), column.words(line), face, _ink(line))

    def _strong(self, painter: QPainter, rect: QRect, line: Line, column: Column) -> None:
        hidden = line.term is not None and line.term.is_hidden
        self._text(painter, rect, line, column, "body" if hidden else "strong")

    def _two(self, painter: QPainter, rect: QRect, line: Line, column: Column) -> None:
        first, _line, second = column.words(line).partition("\n")
        half = rect.height() // 2
        upper = QRectF(rect.x() + PAD, rect.y() + 4, rect.width() - 2 * PAD, half - 4)
        if not second:
            upper = QRectF(rect.adjusted(PAD, 0, -PAD, -1))
        self._say(painter, upper, first, "strong" if column.edited else "body", _ink(line))
        lower = QRectF(upper.x(), rect.y() + half, upper.width(), half - 6)
        if second:
            self._say(painter, lower, second, "caption", "text.2")

    def _say(
        self,
        painter: QPainter,
        inner: QRectF,
        words: str,
        face: str,
        token: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        painter.setFont(theme.font(face))
        painter.setPen(theme.color(token if words else "text.3"))
        shown = elided(words or "—", painter.fontMetrics(), inner.width() + 1)
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _pill(self, painter: QPainter, rect: QRect, line: Line, column: Column) -> None:
        if words := column.words(line):
            room = rect.width() - 2 * PAD
            box = QRectF(rect.x() + PAD, rect.center().y() - TAG / 2, min(room, pill_width(words)), TAG)
            draw_pill(painter, box, column.tone(line), words)

    def _tags(self, painter: QPainter, rect: QRect, line: Line, column: Column) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown, rest, plus = self._tag_boxes(rect, column.tags(line), bool(column.edited))
        for words, box in shown:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("mute.soft"))
            painter.drawRoundedRect(box, theme.Radius.MARK, theme.Radius.MARK)
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("text.2" if line.term and line.term.is_hidden else "text.1"))
            inner = box.adjusted(6, 0, -6, 0)
            cross = self._cross(box)
            if column.edited and self._table.may_edit:
                inner.setRight(cross.x() - 2)
                icons.draw(painter, "close-line", "text.2", QRectF(cross))
            fitting = elided(words, painter.fontMetrics(), inner.width() + 1)
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, fitting)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        if rest is not None:
            painter.drawText(rest[1], Qt.AlignmentFlag.AlignVCenter, rest[0])
        if plus is not None and self._table.may_edit:
            if column.tags(line):
                icons.draw(painter, "add-line", "text.2", QRectF(plus))
            else:
                painter.drawText(plus, Qt.AlignmentFlag.AlignVCenter, _("加别名"))

    def _tag_boxes(
        self, rect: QRect, tags: Sequence[str], edited: bool
    ) -> tuple[list[tuple[str, QRect]], tuple[str, QRect] | None, QRect | None]:
        """The tags that fit into the cell, how many more there are, and where one is added."""
        close = ICON - 2 if edited and self._table.may_edit else 0
        widths = [advance("caption", tag) + 12 + close for tag in tags]
        x, top = rect.x() + PAD, rect.center().y() - TAG // 2
        end = rect.right() - PAD - (ICON + GAP if edited else 0)
        shown: list[tuple[str, QRect]] = []
        for place, (tag, width) in enumerate(zip(tags, widths, strict=True)):
            is_last = place == len(tags) - 1
            room = end - x - (0 if is_last else advance("caption", "+99") + GAP)
            if width > room and (shown or room < 3 * ICON):
                break
            shown.append((tag, QRect(x, top, min(width, room), TAG)))
            x += min(width, room) + GAP
        rest = None
        if len(shown) < len(tags):
            words = f"+{len(tags) - len(shown)}"
            rest = words, QRect(x, top, advance("caption", words) + GAP, TAG)
            x += rest[1].width()
        if not edited:
            return shown, rest, None
        size = QSize(ICON, TAG) if tags else QSize(max(ICON, rect.right() - PAD - x), TAG)
        if tags:
            return shown, rest, QRect(QPoint(x + GAP, rect.center().y() - ICON // 2), QSize(ICON, ICON))
        return shown, rest, QRect(QPoint(x, top), size)

    @staticmethod
    def _cross(box: QRect) -> QRect:
        edge = ICON - 4
        return QRect(box.right() - edge - 3, box.center().y() - edge // 2, edge, edge)

    def _link(self, painter: QPainter, rect: QRect, line: Line, column: Column) -> None:
        inner = QRectF(rect.adjusted(PAD, 0, -PAD, -1))
        words = column.words(line)
        token = "primary" if line.used else "text.2"
        self._say(painter, inner, words, "body", token, Qt.AlignmentFlag.AlignRight)
        if line.used:
            pen = QPen(theme.color("primary"), 1)
            pen.setDashPattern([1.5, 2.5])
            painter.setPen(pen)
            y = int(inner.center().y()) + 10
            painter.drawLine(int(inner.right()) - advance("body", words), y, int(inner.right()), y)

    def _acts(self, painter: QPainter, rect: QRect, line: Line, _column: Column) -> None:
        icon_of = dict(ACTS)
        for part in self._act_parts(rect, line):
            verb, icon = part.verb, icon_of[part.verb]
            shown = "eye-line" if verb == "hide" and line.term and line.term.is_hidden else icon
            square = QRectF(0, 0, ICON, ICON)
            square.moveCenter(QRectF(part.rect).center())
            icons.draw(painter, shown, "text.2", square)

    def _act_parts(self, rect: QRect, line: Line) -> list[Part]:
        if not self._table.may_edit:
            return []
        hidden = line.term is not None and line.term.is_hidden
        words = {"merge": _("并入另一个词"), "hide": _("重新显示") if hidden else _("隐藏这个词"), "more": _("更多")}
        width = rect.width() // len(ACTS)
        return [
            Part(QRect(rect.x() + n * width, rect.y(), width, rect.height()), verb, words=words[verb])
            for n, (verb, _icon) in enumerate(ACTS)
        ]

    # --- what can be pressed ---

    def parts(self, rect: QRect, line: Line, column: Column) -> Iterator[Part]:
        """The places of a cell that can be pressed, the smallest first."""
        if line.term is None:
            return
        if column.kind == "link":
            if line.used:
                yield Part(rect, "used", words=_("打开名单"))
            return
        if not self._table.may_edit:
            return
        if column.kind == "handle":
            if self._table.can_move:
                yield Part(rect, "drag", words=_("拖动排序，或按 Alt+↑↓"))
        elif column.kind == "acts":
            yield from self._act_parts(rect, line)
        elif column.kind == "tags" and column.edited:
            shown, _rest, plus = self._tag_boxes(rect, column.tags(line), True)
            for words, box in shown:
                yield Part(self._cross(box).adjusted(-3, -3, 3, 3), "untag", words, _("去掉“{tag}”").format(tag=words))
            if plus is not None:
                yield Part(plus.adjusted(-3, -3, 3, 3), "tag", words=_("加别名"))
            yield Part(rect, "edit")
        elif column.edited:
            yield Part(rect, "edit")
        elif column.asks:
            yield Part(rect, column.asks)

    def need(self, line: Line, column: Column) -> int:
        """Pixels the cell needs to show all of its words."""
        words = column.words(line) or "—"
        fixed = {"handle": 24, "look": PAD + SWATCH + GAP + ICON, "band": PAD + BAND[0] + GAP, "acts": 3 * 30}
        if column.kind in fixed:
            return fixed[column.kind]
        if column.kind == "pill":
            return pill_width(words) + 2 * PAD
        if column.kind == "tags":
            tags = column.tags(line)
            return sum(advance("caption", tag) + 12 + ICON + GAP for tag in tags) + ICON + 2 * PAD
        face = "strong" if column.kind in ("strong", "two") else "body"
        least = NAME if column.edited and column.kind in ("strong", "two") else 0
        return max(least, *(advance(face, part) + 2 * PAD + 4 for part in words.split("\n")))


def _ink(line: Line) -> str:
    return "text.2" if line.term is not None and line.term.is_hidden else "text.1"
