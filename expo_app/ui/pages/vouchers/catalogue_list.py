"""The list of the catalogue: two lines of a resource, price over its unit, a tag for each voucher it takes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from expo_app.i18n import N_, _, language
from expo_app.rules.catalogue import PRICE, TITLE, Catalogue, Entry, Issuer, tags_of
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import draw_pill, elided, pill_width
from expo_app.ui.kit.table import Column, Index, Row, TableModel
from expo_app.ui.kit.table_cells import PAD, CellDelegate, advance, draw_two_lines
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.pages.vouchers import catalogue_words

HIGH, TAG, GAP = 46, 20, 4
"""px of a row, of a tag's height, between tags."""
TAKEN, TAKEN_EN = 132, 200
"""px of the tags' column; English names are whole."""
SAMPLE = N_("示例")


def columns(head: str) -> tuple[Column, ...]:
    """`head`: what the first one is called."""
    taken = TAKEN_EN if language() == "en" else TAKEN
    return (
        Column(TITLE, head, 260, text=_title, stretch=True),
        Column("place", _("地区"), 84, role="muted", sortable=False),
        Column(PRICE, _("价格（元）"), 112, "number", text=catalogue_words.price, role="strong"),
        Column("takes", _("收券"), taken, text=_("、").join, sortable=False, held=True),
    )


def _title(entry: Entry) -> str:
    return entry.title


def rows_of(catalogue: Catalogue) -> list[Row]:
    """A row for each entry: its key, what its columns show."""
    names = {issuer.code: issuer.name for issuer in catalogue.issuers}
    taken: dict[tuple[str, ...], tuple[str, ...]] = {}
    rows: list[Row] = []
    for entry, codes in zip(catalogue.entries, catalogue.takes, strict=True):
        if codes not in taken:
            taken[codes] = tuple(names[code] for code in codes)
        rows.append((entry.id, entry, entry.body.place, entry, taken[codes]))
    return rows


class ResourceCells(CellDelegate):
    """Paints what is in two lines and the tags; `own`: the name of the region whose tag is that of the company."""

    def __init__(self, view: ResourceView) -> None:
        super().__init__(view)
        self._list = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._list.rows_model
        name, row = model.columns[index.column()].name, model.row(index.row())
        if name == "place":
            super().paint(painter, option, index)
            return
        painter.save()
        self._ground(painter, option.rect, index, bool(option.state & QStyle.StateFlag.State_Selected))
        cell, entry, is_faded = QRectF(option.rect), row[1], model.is_faded(row)
        if name == TITLE:
            self._title(painter, cell, entry, is_faded)
        elif name == PRICE:
            self._price(painter, cell, entry, is_faded)
        else:
            self._tags(painter, cell, row[4])
        painter.restore()

    def _title(self, painter: QPainter, cell: QRectF, entry: Entry, is_faded: bool) -> None:
        mark = _(SAMPLE) if entry.is_sample and _(SAMPLE) not in entry.title else ""
        wide = pill_width(mark, False) + GAP if mark else 0
        room = cell.adjusted(0, 0, -wide, 0)
        small = entry.body.name if entry.title != entry.body.name else entry.category
        draw_two_lines(painter, room, entry.title, small, (), "body", "text.3" if is_faded else "text.1")
        if mark:
            at = min(cell.x() + PAD + advance("body", entry.title) + GAP, room.right() - PAD)
            draw_pill(painter, QRectF(at, cell.y() + 4, wide - GAP, 18), "warn", mark, False)

    def _price(self, painter: QPainter, cell: QRectF, entry: Entry, is_faded: bool) -> None:
        words, unit = catalogue_words.price(entry), catalogue_words.per(entry)
        inner = cell.adjusted(PAD, 3, -PAD, -4)
        right = Qt.AlignmentFlag.AlignRight
        painter.setFont(theme.font("strong" if entry.price is not None else "body"))
        painter.setPen(theme.color("text.3" if is_faded or entry.price is None else "text.1"))
        up = Qt.AlignmentFlag.AlignTop if unit else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, right | up, elided(words, painter.fontMetrics(), inner.width()))
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        below = elided(unit, painter.fontMetrics(), inner.width())
        painter.drawText(inner, right | Qt.AlignmentFlag.AlignBottom, below)

    def _tags(self, painter: QPainter, cell: QRectF, names: Sequence[str]) -> None:
        shown = sorted(names, key=lambda name: name != self._list.own)
        tags = [self._list.tags[name] for name in shown]
        room, x = cell.width() - 2 * PAD, cell.x() + PAD
        fitting = _fitting(tags, room)
        if fitting < len(tags):
            tags = [*tags[:fitting], f"+{len(tags) - fitting}"]
        for place, tag in enumerate(tags):
            wide = advance("caption", tag) + 10
            is_own = place < fitting and shown[place] == self._list.own
            box = QRectF(x, cell.center().y() - TAG / 2, wide, TAG)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("plum.soft" if is_own else "mute.soft"))
            painter.drawRoundedRect(box, theme.Radius.MARK, theme.Radius.MARK)
            painter.setPen(theme.color("plum" if is_own else "text.2"))
            painter.setFont(theme.font("caption"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tag)
            x += wide + GAP

    def whole_text(self, index: Index) -> str:
        model = self._list.rows_model
        name, row = model.columns[index.column()].name, model.row(index.row())
        if name == "takes":
            return _("、").join(row[4])
        if name != TITLE:
            return super().whole_text(index)
        room = self._list.columnWidth(index.column()) - 2 * PAD
        fits = advance("body", row[1].title) <= room and advance("caption", row[1].body.name) <= room
        return "" if fits else f"{row[1].title}\n{row[1].body.name}"


def _fitting(tags: Sequence[str], room: float) -> int:
    """How many of the tags there is room for, with one for the number of the others where not all fit."""
    wide = [advance("caption", tag) + 10 + GAP for tag in tags]
    if sum(wide) - GAP <= room:
        return len(tags)
    more, count = advance("caption", f"+{len(tags)}") + 10, 0
    while count < len(tags) and sum(wide[: count + 1]) + more <= room:
        count += 1
    return count


class _Chosen(Sequence[Row]):
    """Rows at some places of a long list, looked up when they are asked for."""

    def __init__(self, rows: Sequence[Row], places: Sequence[int]) -> None:
        self._rows, self.places = rows, places

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self._rows[place] for place in self.places[at]]
        return self._rows[self.places[at]]


class ResourceModel(TableModel):
    """Shows those of all rows that were found: a key costs what finding costs, however many rows there are."""

    def __init__(self) -> None:
        super().__init__(columns(""), sorts_outside=True)
        self._whole: Sequence[Row] = ()
        self._at: Mapping[Hashable, int] = {}

    def take(self, rows: Sequence[Row]) -> None:
        """All there are."""
        self._whole, self._at = rows, {row[0]: place for place, row in enumerate(rows)}

    def show_places(self, places: Sequence[int]) -> None:
        """Show the rows at these places, in this order."""
        self.beginResetModel()
        self._all = self._rows = cast("list[Row]", _Chosen(self._whole, places))
        self.endResetModel()
        self.rows_changed.emit()

    def place_of(self, row_id: Hashable) -> int:
        place, shown = self._at.get(row_id, -1), self._rows
        places = shown.places if isinstance(shown, _Chosen) else ()
        return places.index(place) if place in places else -1


class ResourceView(TableView):
    """The list; `show_places` of what was found, in its order. More than one is chosen with Ctrl or Shift."""

    def __init__(self) -> None:
        self.tags: Mapping[str, str] = {}
        self.own = ""
        self.resources = ResourceModel()
        super().__init__(self.resources, _("资源目录"))
        self.setItemDelegate(ResourceCells(self))
        self.verticalHeader().setDefaultSectionSize(HIGH)
        self.set_giving_way(("place",))

    def take_issuers(self, issuers: Sequence[Issuer]) -> None:
        """Tags are told apart among these regions."""
        names = [issuer.name for issuer in issuers]
        self.tags = dict(zip(names, tags_of(names), strict=True))

    def set_own(self, region: str) -> None:
        """The region whose tag is marked; "" for none."""
        if region != self.own:
            self.own = region
            self.viewport().update()

    def set_head(self, words: str) -> None:
        """What the first column is called."""
        self.rows_model.columns = columns(words)
        self.rows_model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)

    def show_places(self, places: Sequence[int]) -> None:
        """The rows found; the chosen one stays where it is still there, else the first is."""
        self.resources.show_places(places)
        if places and self.current_id() is None:
            self._choose(0)
        elif places:
            self.scrollTo(self.currentIndex())
