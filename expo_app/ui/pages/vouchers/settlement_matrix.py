"""往来: what each region issued to each other one, as a heat table. Arrows go from cell to cell, Enter opens the pair.

Rows issue, columns are paid; the diagonal are local uses, hatched, which are in no total. The number is always written.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.rules.settlement import Amount, Settlement
from expo_app.specs.fields import MISSING
from expo_app.specs.settlement_words import sum_words, yuan
from expo_app.ui.kit import theme
from expo_app.ui.kit.charts import LEFT, MIDDLE, RIGHT
from expo_app.ui.kit.labels import elided

ROW, LOW_ROW, HEAD, FOOT, PAD, GAP = 45, 34, 34, 32, 12, 1
LABEL, LEAST, MOST_LABEL = 84, 104, 150
FROM, TO = 0.06, 0.34
"""How much of the token is in the cell with the smallest and the largest amount."""
LINES_BELOW = 2
Place = tuple[int, int]


class SettlementMatrix(QWidget):
    """`opened(issuer, payee)`: a cell was pressed; on the diagonal both are one region."""

    opened = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settlement = Settlement({})
        self.at: Place = (0, 0)
        self.picked: frozenset[str] = frozenset()
        self._name: Callable[[str], str] = str
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # --- what is shown ---

    def set(self, settlement: Settlement, name: Callable[[str], str]) -> None:
        """Show these amounts under these names; the arrows stay where they were as far as there is something."""
        self.settlement, self._name = settlement, name
        n = len(settlement.parties)
        self.at = (min(self.at[0], max(n - 1, 0)), min(self.at[1], max(n - 1, 0)))
        self.fit()
        self._tell()

    def pick(self, codes: frozenset[str]) -> None:
        """Frame both directions of a pair."""
        self.picked = codes
        self.update()

    def fit(self) -> None:
        """As high as its rows, as wide as its columns need at least."""
        n = len(self.settlement.parties)
        self.setMinimumWidth(int(self._label + (n + 1) * LEAST))
        self.setFixedHeight(HEAD + self._row * n + FOOT * LINES_BELOW)
        self.updateGeometry()
        self.update()

    @property
    def _row(self) -> int:
        return LOW_ROW if self.window().height() < theme.LOW_WINDOW else ROW

    @property
    def _label(self) -> float:
        metrics = QFontMetrics(theme.font("strong"))
        words = [*map(self._name, self.settlement.parties), _("收款合计"), _("出券 \\ 收款")]
        wide = max(map(metrics.horizontalAdvance, words), default=0) + 2 * PAD
        return min(max(LABEL, wide), MOST_LABEL)

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.height())

    def box(self, place: Place) -> QRectF:
        """Where a cell is; the column behind the last region holds the sums, the rows below both lines of them."""
        n = len(self.settlement.parties)
        wide = (self.width() - self._label) / (n + 1)
        row, column = place
        top = HEAD + self._row * min(row, n) + FOOT * max(0, row - n)
        return QRectF(self._label + wide * column, top, wide, self._row if row < n else FOOT)

    def amount(self, place: Place) -> Amount:
        """What a cell says: what is owed, on the diagonal all local uses."""
        parties = self.settlement.parties
        cell = self.settlement.cell(parties[place[0]], parties[place[1]])
        return cell.all if place[0] == place[1] else cell.paid

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        parties = self.settlement.parties
        n = len(parties)
        painter.fillRect(QRectF(0, 0, self.width(), HEAD), theme.color("bg.subtle"))
        self._words(painter, QRectF(PAD, 0, self._label - PAD, HEAD), _("出券 \\ 收款"), "caption.bold", "text.2", LEFT)
        heads = [*map(self._name, parties), _("出券合计")]
        for column, words in enumerate(heads):
            box = self.box((0, column))
            self._words(painter, QRectF(box.x(), 0, box.width() - PAD, HEAD), words, "caption.bold", "text.2")
        most = max((self.amount((r, c)).fen for r in range(n) for c in range(n) if r != c), default=0)
        for row, code in enumerate(parties):
            self._line(painter, self.box((row, 0)).y())
            name = QRectF(PAD, self.box((row, 0)).y(), self._label - PAD, self._row)
            self._words(painter, name, self._name(code), "strong", "text.1", LEFT)
            for column in range(n):
                self._cell(painter, (row, column), most)
            self._two(painter, self.box((row, n)), self.settlement.issued[code], bold=True)
        self._sums(painter)
        if self.hasFocus() and n:
            self._ring(painter, self.box(self.at), "focus")

    def _cell(self, painter: QPainter, place: Place, most: int) -> None:
        box, amount = self.box(place), self.amount(place)
        parties = self.settlement.parties
        if place[0] == place[1]:
            painter.fillRect(box.adjusted(GAP, GAP, 0, 0), theme.color("bg.subtle"))
            hatch = QBrush(theme.color("border"), Qt.BrushStyle.BDiagPattern)
            painter.fillRect(box.adjusted(GAP, GAP, 0, 0), hatch)
            words = yuan(amount.yuan) if amount.count else MISSING
            self._words(painter, box.adjusted(0, 0, -PAD, 0), words, "caption", "text.3")
            return
        if amount.fen > 0 and most:
            share = FROM + (TO - FROM) * amount.fen / most
            painter.fillRect(box.adjusted(GAP, GAP, 0, 0), theme.tint("plum", share))
        is_picked = self.picked == {parties[place[0]], parties[place[1]]}
        self._two(painter, box, amount, bold=is_picked)
        if is_picked:
            self._ring(painter, box, "primary")

    def _two(self, painter: QPainter, box: QRectF, amount: Amount, *, bold: bool = False) -> None:
        """The amount and below it how many uses."""
        if not amount.count:
            self._words(painter, box.adjusted(0, 0, -PAD, 0), MISSING, "body", "text.3")
            return
        count = _("{n} 笔").format(n=f"{amount.count:,}")
        inner, role = box.adjusted(0, 3, -PAD, -3), "strong" if bold else "body"
        upper = QRectF(inner.x(), inner.y(), inner.width(), inner.height() * 0.56)
        lower = QRectF(inner.x(), upper.bottom(), inner.width(), inner.height() * 0.44)
        self._words(painter, upper, yuan(amount.yuan), role, "text.1")
        self._words(painter, lower, count, "caption", "text.2")

    def _sums(self, painter: QPainter) -> None:
        parties = self.settlement.parties
        n = len(parties)
        for line, title in enumerate((_("收款合计"), _("净额"))):
            top = self.box((n + line, 0)).y()
            painter.fillRect(QRectF(0, top, self.width(), FOOT), theme.color("bg.subtle"))
            self._line(painter, top)
            self._words(painter, QRectF(PAD, top, self._label - PAD, FOOT), title, "strong", "text.1", LEFT)
        for column, code in enumerate(parties):
            received, net = self.settlement.received[code], self.settlement.net(code)
            box = self.box((n, column)).adjusted(0, 0, -PAD, 0)
            self._words(painter, box, yuan(received.yuan), "strong", "text.1")
            tone = "ok" if net > 0 else "bad" if net < 0 else "text.2"
            below, words = self.box((n + 1, column)).adjusted(2, 0, -PAD, 0), sum_words(net)
            fits = QFontMetrics(theme.font("strong")).horizontalAdvance(words) <= below.width()
            self._words(painter, below, words, "strong" if fits else "caption.bold", tone)
        whole = self.box((n, n)).adjusted(0, 0, -PAD, 0)
        self._words(painter, whole, yuan(self.settlement.paid.yuan), "strong", "text.1")
        self._words(painter, self.box((n + 1, n)).adjusted(0, 0, -PAD, 0), sum_words(0), "body", "text.2")

    def _words(
        self, painter: QPainter, box: QRectF, words: str, role: str, token: str,
        side: Qt.AlignmentFlag = RIGHT,
    ) -> None:  # fmt: skip
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(token))
        painter.drawText(box, MIDDLE | side, elided(words, painter.fontMetrics(), box.width() + 1))

    def _line(self, painter: QPainter, top: float) -> None:
        painter.setPen(theme.color("border"))
        painter.drawLine(QPointF(0, top), QPointF(self.width(), top))

    def _ring(self, painter: QPainter, box: QRectF, token: str) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color(token), 2))
        painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), theme.Radius.MARK, theme.Radius.MARK)

    # --- pointer and keys ---

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        n = len(self.settlement.parties)
        places = ((row, column) for row in range(n) for column in range(n))
        place = next((one for one in places if self.box(one).contains(event.position())), None)
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(place)
            self.press()

    def press(self) -> None:
        """Open the pair where the arrows are."""
        parties = self.settlement.parties
        if parties:
            self.opened.emit(parties[self.at[0]], parties[self.at[1]])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = Qt.Key(event.key()), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ways = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        n = len(self.settlement.parties)
        if plain and key in ways and n:
            down, right = ways[key]
            self._go((min(max(self.at[0] + down, 0), n - 1), min(max(self.at[1] + right, 0), n - 1)))
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.press()
        else:
            super().keyPressEvent(event)

    def _go(self, place: Place) -> None:
        self.at = place
        self._tell()
        self.update()

    def _tell(self) -> None:
        """What a screen reader says: who issued to whom, how much in how many uses."""
        parties = self.settlement.parties
        if not parties:
            self.setAccessibleName(_("往来"))
            return
        issuer, payee = (self._name(parties[at]) for at in self.at)
        amount = self.amount(self.at)
        count = _("{n} 笔").format(n=f"{amount.count:,}")
        self.setAccessibleName(f"{issuer} → {payee} · {yuan(amount.yuan)} · {count}")

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()
