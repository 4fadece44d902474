"""Tables of plain rows: columns described as data, a model over tuples `(id, *values)`, a view with keys and totals.

Sorting and filtering happen in Python over the rows handed in, or in SQL when the page listens to `sort_requested`.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from expo_app.damaged import is_damaged
from expo_app.rules.natural_order import natural_key
from expo_app.ui.kit import theme

Row = Sequence[Any]
Index = QModelIndex | QPersistentModelIndex
KINDS = ("text", "number", "pill", "dot", "bar", "check")
CHECK_WIDTH = theme.Space.XXXL
FEW_QUESTIONS = 4


def plain(value: Any) -> str:
    """Text of a value: "" for None."""
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Column:
    """One column. `text` turns a value into words ("" or None shows —); `key` gives the sort key
    (default: the value, numbers in a text as they are counted).

    kind: text, number (right), pill and dot (`tone(value)` gives a kind of theme.KINDS, or a token), bar (value is
    `(done, total)`). role: body, strong, muted, caption. `tone` of a text column gives the token of its colour.
    """

    name: str
    label: str
    width: int = 120
    kind: str = "text"
    text: Callable[[Any], str] = plain
    role: str = "body"
    tone: Callable[[Any], str] | None = None
    key: Callable[[Any], Any] | None = None
    align: str = ""
    stretch: bool = False
    sortable: bool = True
    held: bool = False
    """As wide as `width`, whatever stands in it: its page paints it."""

    @property
    def right(self) -> bool:
        """Whether its words stand at the right."""
        return self.align == "right" or (not self.align and self.kind == "number")

    def words(self, value: Any) -> str:
        """What the cell says; — for a missing value."""
        if value is None:
            return "—"
        if is_damaged(value):
            return str(value)
        if self.kind == "bar":
            return f"{value[0]}/{value[1]}"
        return self.text(value) or "—"


CHECK = Column("", "", CHECK_WIDTH, "check", sortable=False)


class TableModel(QAbstractTableModel):
    """Rows `(id, *values)`, one value per column. With `checkable`, column 0 is a tick box; ticks are kept by id."""

    checked_changed = Signal(int)  # how many are ticked
    sort_requested = Signal(str, bool)  # column name, descending; only when sorted outside
    rows_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Iterable[Row] = (),
        checkable: bool = False,
        sorts_outside: bool = False,
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self.checkable, self._sorts_outside = checkable, sorts_outside
        self.columns: tuple[Column, ...] = ((CHECK,) if checkable else ()) + tuple(columns)
        self._shift = 0 if checkable else 1  # value of column c stands at row[c + shift]
        self._all: list[Row] = list(rows)
        self._keep: Callable[[Row], bool] | None = None
        self.is_faded: Callable[[Row], bool] = lambda _row: False
        """Whether a row is kept and counts for nothing: its words are grey, none of them bold."""
        self._rows: list[Row] = self._all
        self._places: dict[Hashable, int] | None = None
        self._asked = 0  # how often for a place since the rows changed
        self.checked: set[Hashable] = set()
        self.sort_name, self.sort_descending = "", False

    # --- rows ---

    def replace_rows(self, rows: Iterable[Row], kept: Iterable[Row] | None) -> None:
        """Show of these rows those `kept` (None: all), with one reset."""
        self._keep = None if kept is None else _among(kept)
        self.set_rows(rows)

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show these rows, in the order and filter in force; ticks of rows that are gone are dropped."""
        self._all = list(rows)
        if self.checked:
            before = len(self.checked)
            self.checked &= {row[0] for row in self._all}
            if len(self.checked) != before:
                self.checked_changed.emit(len(self.checked))
        if self.sort_name and not self._sorts_outside:
            self._sort_all()
        self._refilter()

    def keep_rows(self, kept: Iterable[Row] | None) -> None:
        """Show only these very rows of those handed in; None shows all."""
        self.keep(None if kept is None else _among(kept))

    def keep(self, wanted: Callable[[Row], bool] | None) -> None:
        """Show only the rows for which `wanted(row)`; None shows all."""
        self._keep = wanted
        self._refilter()

    def _refilter(self) -> None:
        self.beginResetModel()
        self._rows = self._all if self._keep is None else list(filter(self._keep, self._all))
        self._places, self._asked = None, 0
        self.endResetModel()
        self.rows_changed.emit()

    def row(self, place: int) -> Row:
        """The tuple shown at row `place`."""
        return self._rows[place]

    def rows(self) -> list[Row]:
        """The tuples shown, in order. Do not change."""
        return self._rows

    def values_of(self, section: int, about: int) -> list[Any]:
        """About so many values of a column, from rows far apart and from those the filter leaves out, too."""
        at = section + self._shift
        return [row[at] for row in self._all[:: max(1, len(self._all) // about)]]

    def id_at(self, place: int) -> Any:
        """The id shown at row `place`."""
        return self._rows[place][0]

    def place_of(self, row_id: Hashable) -> int:
        """The row where `row_id` is shown; -1 when it is not. Many questions are answered from an index."""
        self._asked += 1
        if self._asked < FEW_QUESTIONS:
            return next((place for place, row in enumerate(self._rows) if row[0] is row_id or row[0] == row_id), -1)
        if self._places is None:
            self._places = {row[0]: place for place, row in enumerate(self._rows)}
        return self._places.get(row_id, -1)

    # --- order ---

    def sort_by(self, name: str, descending: bool = False) -> None:
        """Sort by column `name`, cells that are empty or damaged last; "" keeps the order of the rows handed in."""
        self.sort_name, self.sort_descending = name, descending
        if name and self._sorts_outside:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
            self.sort_requested.emit(name, descending)
        elif name:
            self._sort_all()
            self._refilter()

    def _sort_all(self) -> None:
        place = next(i for i, column in enumerate(self.columns) if column.name == self.sort_name)
        at, key = place + self._shift, self.columns[place].key
        present = [row for row in self._all if row[at] is not None and not is_damaged(row[at])]
        missing = []
        if len(present) < len(self._all):
            missing = [row for row in self._all if row[at] is None or is_damaged(row[at])]
        if key is None and present and isinstance(present[0][at], str):
            key = natural_key
        if key is None:
            present.sort(key=lambda row: row[at], reverse=self.sort_descending)
        else:
            present.sort(key=lambda row: key(row[at]), reverse=self.sort_descending)
        self._all = present + missing

    # --- ticks ---

    def set_checked(self, row_id: Hashable, on: bool) -> None:
        """Tick or clear one row."""
        if on == (row_id in self.checked):
            return
        (self.checked.add if on else self.checked.discard)(row_id)
        place = self.place_of(row_id)
        if place >= 0:
            self.dataChanged.emit(self.index(place, 0), self.index(place, 0))
        self.checked_changed.emit(len(self.checked))

    def check_all(self, on: bool = True) -> None:
        """Tick every row shown, or clear every tick."""
        self.checked = self.checked | {row[0] for row in self._rows} if on else set()
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)
        self.checked_changed.emit(len(self.checked))

    def check_only(self, row_ids: Iterable[Hashable]) -> None:
        """Tick exactly these rows, as far as they are there."""
        wanted = set(row_ids)
        self.checked = {row[0] for row in self._all if row[0] in wanted}
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)
        self.checked_changed.emit(len(self.checked))

    def all_checked(self) -> bool:
        """Whether every row shown is ticked (and there is one)."""
        return 0 < len(self._rows) <= len(self.checked) and self.checked.issuperset(row[0] for row in self._rows)

    # --- what Qt asks ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def value(self, row: int, column: int) -> Any:
        """The plain value of a cell; whether it is ticked for the tick column."""
        shown = self._rows[row]
        return shown[0] in self.checked if self.columns[column].kind == "check" else shown[column + self._shift]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            if column.kind == "check":
                return None
            return column.words(self._rows[index.row()][index.column() + self._shift])
        if role == Qt.ItemDataRole.CheckStateRole and column.kind == "check":
            return Qt.CheckState.Checked if self.value(index.row(), index.column()) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.UserRole:
            return self._rows[index.row()][0]
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid() or not self.checkable or index.column():
            return False
        self.set_checked(self.id_at(index.row()), Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            sorted_here = column.name and column.name == self.sort_name
            return column.label + ((" ↓" if self.sort_descending else " ↑") if sorted_here else "")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return usual | Qt.ItemFlag.ItemIsUserCheckable if self.columns[index.column()].kind == "check" else usual


def _among(rows: Iterable[Row]) -> Callable[[Row], bool]:
    """By identity: hashing a key for each of 100,000 rows would be felt."""
    kept = set(map(id, rows))
    return lambda row: id(row) in kept


def _alignment(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return int((side | Qt.AlignmentFlag.AlignVCenter).value)
