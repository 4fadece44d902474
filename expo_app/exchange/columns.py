"""One column of an import at a time: its cells as values, each different cell parsed once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from expo_app.exchange import scaled_numbers
from expo_app.exchange.input_limits import MAX_CELL
from expo_app.exchange.mapping import BODY
from expo_app.exchange.sheet_marks import is_fault
from expo_app.i18n import _
from expo_app.rules import moments
from expo_app.rules.moments import Days
from expo_app.rules.parties import split_parties
from expo_app.specs import Existing, Field, FieldType, RecordSpec, clean_text
from expo_app.specs.choices import EMPTY, NEW, Choices
from expo_app.specs.field_types import TAG_SEPARATORS, as_text, has_control
from expo_app.specs.names import name_key, nearest_of, not_a_word, tidy, unknown
from expo_app.specs.records import by_name

NOTHING = frozenset({"", "—", "-", "--", "——", "/", "\\", "n/a", "N/A", "#N/A"})
"""What people write where there is nothing to say."""
UNSAID = frozenset({"无", "暂无", "待定", "未定", "待补", "待确认", "暂缺", "tbd", "tbc", "none", "null", "nil"})
"""And where a number, a day or one of known words is expected."""
OPEN_PRICES = frozenset({"面议", "面議", "另议", "待议", "面谈", "议价", "协商", "不限", "negotiable"})
"""And for an amount that is left open, where the record may do without one."""
OPEN_ENDS = frozenset(
    {"长期", "长期有效", "永久", "永久有效", "至今", "不限", "无期限", "无固定期限", "present", "permanent"}
)
"""And for the end of what has none."""
DITTO = frozenset({"同上", "〃", "″", '"', "ditto", "同前"})
SHORT = 12
"""Characters of a cell that may stand for something else: 同上, ------."""
EXACT = 1e15
"""A number as large as this has more digits than a sheet's cell keeps: the last are lost."""

_LIST = re.compile(f"[{TAG_SEPARATORS}]+")
_SHORTENED = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2,}")

if TYPE_CHECKING:
    from expo_app.exchange.field_cells import Gathered

Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """A column that is read: its field, a value per row (None: nothing given).

    Row index → reason: `problems`, which keep the row out; `notes`, for which it goes in, without the value where the
    index is in `refused`. `absent`: names of what the expo has none of at all. `unknown`: the values nobody knows.
    `unsaid`: rows of which the list's usual value is taken, where they make a new record.
    """

    field: Field
    values: list[Any]
    problems: Mapping[int, str]
    notes: Mapping[int, str]
    refused: frozenset[int]
    absent: Mapping[int, str]
    unknown: Mapping[str, Unknown]
    unsaid: frozenset[int] = frozenset()


@dataclass
class Unknown:
    """A value nobody knows: why, the target decided on (None: open), the cells and rows that say it."""

    reason: str
    near: str
    target: str | None
    cells: list[Any] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


def read_column(
    spec: RecordSpec,
    own: Field,
    cells: Sequence[Any],
    existing: Existing,
    choices: Choices,
    taken: Gathered | None = None,
) -> Column:
    """Parse the cells of one column. `taken`: what could not be taken apart, or was left out, when it was gathered."""
    problems = taken.problems.get(own.name, {}) if taken else {}
    said = taken.notes.get(own.name, {}) if taken else {}
    cells = [_word(cell) for cell in cells] if bool in set(map(type, cells)) else cells
    words = _Words(own, _known(spec, own, existing), choices, existing)
    read = _reader(spec, own, existing, words)
    names = is_name(spec, own) and not own.ref
    values: dict[Any, Any] = {}
    bad: dict[Any, str] = {}
    told: dict[Any, str] = {}
    for cell in dict.fromkeys(cells):
        if isinstance(cell, str) and has_control(cell):
            told[cell] = _("有看不见的控制字符，已去掉。")
        words.cell = cell
        values[cell] = None
        try:
            _refuse_damaged(own, names, cell)
            values[cell] = read(cell)
            if reading := _taken_as(own, cell, values[cell]):
                told[cell] = reading
        except ValueError as problem:
            if (lower := _lower_end(own, cell)) is not None:
                values[cell], told[cell] = lower, _("“{text}”按较低的 {n} 读。").format(text=cell, n=lower)
                continue
            try:
                values[cell] = words.meant(cell, problem)
            except ValueError as unreadable:
                bad[cell] = _range_words(own, cell) or str(unreadable)
    wrong = {**problems, **_by_row(cells, bad)}
    open_rows = words.open_rows(cells)
    is_absent = is_listing(own, existing) and words.knows_none and bool(open_rows)
    keeps_out = is_vital(spec, own)
    notes = {**said, **_by_row(cells, told), **open_rows}
    if keeps_out:
        wrong = {**wrong, **open_rows} if waits(spec, own) else wrong
        notes = {index: note for index, note in notes.items() if index not in wrong}
    else:
        notes = {**notes, **wrong}
    return Column(
        own, [values[cell] for cell in cells], wrong if keeps_out else {}, notes,
        frozenset() if keeps_out else frozenset(wrong), open_rows if is_absent else {}, words.unknown,
    )  # fmt: skip


def _taken_as(own: Field, cell: Any, value: Any) -> str:
    """What is to be said of a cell that is read, "" for nothing: a month for the day that something begins on, a price
    that is left open (a deadline is the end of its month, and a budget may be open, for whoever writes either)."""
    if not isinstance(cell, str):
        return ""
    if own.is_beginning and moments.month_alone(cell, is_end=own.is_deadline) == value is not None:
        return _("“{text}”没有写哪一天，按 {day} 读。").format(text=cell, day=value.isoformat())
    if own.per and value is None and _is_open_price(own, cell):
        return _("“{text}”没有写成金额，不记金额。").format(text=cell)
    return ""


def _range_words(own: Field, cell: Any) -> str:
    """Of a price from to (300-500元/样), "" for any other."""
    is_range = own.per and isinstance(cell, str) and re.search(r"\d\s*[-~～—–至到]+\s*\d", cell)
    return _("“{text}”是一个范围，不记金额；改成一个数，或写在说明里。").format(text=cell) if is_range else ""


def is_vital(spec: RecordSpec, own: Field) -> bool:
    """Whether a value that cannot be read keeps its row out: what names the record, what it needs, and what its spec
    says so of (amount, currency and date of a deal). A word of an enum that every record has is never taken for the
    usual one.
    """
    is_usual = own.choices is not None and own.default is not None
    return bool(own.required) or own.is_vital or is_usual or own.name in spec.key[-1][:1]


def waits(spec: RecordSpec, own: Field) -> bool:
    """Whether a row stays out until somebody says what its unknown word means; else the usual one stands for it."""
    return is_vital(spec, own) and (own.default is None or own.is_vital or own.choices is not None)


def _refuse_damaged(own: Field, names: bool, cell: Any) -> None:
    """ValueError with a sentence for a cell whose content the sheet itself has lost; `names`: it names a record."""
    if is_fault(cell):
        words = _("公式没有算出结果。") if cell == "=" else _("单元格是错误值 {code}，没有内容可读。").format(code=cell)
        raise ValueError(words)
    if isinstance(cell, str):
        is_long = cell[:1].isdigit() and "+" in cell and _SHORTENED.fullmatch(cell.strip()) is not None
    else:
        is_long = isinstance(cell, float) and abs(cell) >= EXACT
    if is_long and own.is_words and not own.mask:
        raise ValueError(_("数字超过 15 位，Excel 没有留下末几位，要从原件重抄，并把格子设成文本。"))
    if isinstance(cell, str) and len(cell) < SHORT and (said := clean_text(cell).casefold()):
        if said in DITTO:
            raise ValueError(_("写的是“{text}”，要写全。").format(text=said))
        if names and (said in UNSAID or not any(map(str.isalnum, said))):
            raise ValueError(_("“{text}”不是名称。").format(text=said))


class _Words:
    """The words and records that one column may name: those that are known, and what was decided about the others."""

    def __init__(self, own: Field, known: Mapping[str, str], choices: Choices, existing: Existing) -> None:
        self.own, self.known = own, known
        self.cell: Any = None
        self.unknown: dict[str, Unknown] = {}
        self.knows_none = True
        memory = choices.remembered if choices.uses_memory else None
        layers = [memory.values.get(own.name, {})] if memory else []
        layers.append(choices.values.get(own.name, {}))
        self.decided = {name_key(value): target for layer in layers for value, target in layer.items()}
        is_booth = own.ref == "booths"
        self.may_be_new = may_be_new(own, existing)
        self.rest = NEW if self.may_be_new and (choices.new_booths if is_booth else choices.new_words) else None

    def find(self, word: str) -> str | None:
        """The name that a word stands for; None for an unknown one that is left out or still open."""
        found = self.known.get(alike(self.own)(word))
        if found == "":
            what, names = by_name(self.own.ref), _("叫“{name}”的{what}不止一条，填{key}。")
            raise ValueError(names.format(name=word, what=what.label, key=what.field(what.natural).title))
        if found is not None:
            self.knows_none = False
            return found
        if self.own.doubt is not None:
            self.own.doubt(self.cell)
        target = self._note(word)
        if not target:
            return None
        return tidy(word) if target == NEW else target

    def meant(self, cell: Any, problem: ValueError) -> Any:
        """What somebody said that an unreadable word means, None where nobody did; ValueError where it is no word."""
        if not is_worded(self.own) or self.own.ref or not isinstance(cell, str) or is_fault(cell):
            raise problem
        target = self._note(clean_text(cell), str(problem))
        return self.own.parse(target) if target else None

    def _note(self, word: str, reason: str = "") -> str | None:
        if word not in self.unknown:
            near = self.near(word)
            self.unknown[word] = Unknown(reason or self._reason(word, near), near, self._target(word))
        self.unknown[word].cells.append(self.cell)
        return self.unknown[word].target

    def _target(self, word: str) -> str | None:
        """What was decided about a word; None where nothing was, or it stands for something that is not there."""
        target = self.decided.get(name_key(word), self.rest)
        if target is None or target == EMPTY:
            return target
        if target == NEW:
            return NEW if self.may_be_new else None
        if self.own.ref:
            return self.known.get(alike(self.own)(target)) or None
        try:
            self.own.parse(target)
        except ValueError:
            return None
        return target

    @cached_property
    def near(self) -> Callable[[str], str]:
        """The offered name nearest to a word."""
        return nearest_of(self.offered)

    @cached_property
    def offered(self) -> list[str]:
        """The names to choose from."""
        if self.own.ref:
            return list(dict.fromkeys(filter(None, self.known.values())))
        return list(self.own.suggestions()) if self.own.suggestions else list(self.own.type.choices(self.own))

    def _reason(self, word: str, near: str) -> str:
        what = by_name(self.own.ref).label if self.own.ref else self.own.title
        said = unknown(word, self.offered, what, near)
        needs_rule = self.own.ref and by_name(self.own.ref).is_offered and not self.may_be_new
        return not_a_word(said) if needs_rule else said

    def open_rows(self, cells: Sequence[Any]) -> dict[int, str]:
        """Row index → why its value waits; every unknown value learns its rows."""
        if not self.unknown:
            return {}
        by_cell: dict[Any, list[int]] = {}
        for index, cell in enumerate(cells):
            by_cell.setdefault(cell, []).append(index)
        found: dict[int, str] = {}
        for one in self.unknown.values():
            one.rows = sorted({index for cell in one.cells for index in by_cell.get(cell, ())})
            if one.target is None:
                for index in one.rows:
                    found[index] = one.reason if index not in found else f"{found[index]}{one.reason}"
        return found


PLACES = ("booths", "rooms")
"""Records an import may make beside its own: a booth without a place on the plan, a room of the expo's venue."""


def may_be_new(own: Field, existing: Existing) -> bool:
    """Whether an unknown word may become one of its own on the way: it carries no rule."""
    return bool(own.ref) and (own.creates or (own.ref in PLACES and existing.has_venue))


def is_worded(own: Field) -> bool:
    """Whether only some words are right in this field: somebody may say which one another word means."""
    return bool(own.ref) or own.is_place or own.is_closed or own.choices is not None or own.several is not None


def is_listing(own: Field, existing: Existing) -> bool:
    """Whether the column lists records that must be there already (展位)."""
    return is_list(own) and own.ref in existing.names and not own.creates


def _by_row(cells: Sequence[Any], reasons: Mapping[Any, str]) -> dict[int, str]:
    return {index: reasons[cell] for index, cell in enumerate(cells) if cell in reasons} if reasons else {}


def _word(cell: Any) -> Any:
    """True and 1.0 are one key in a set: a yes/no cell becomes its word."""
    return as_text(cell) if isinstance(cell, bool) else cell


def _reader(spec: RecordSpec, own: Field, existing: Existing, words: _Words) -> Reader:
    """A cell as the value kept; None where nothing is given; ValueError with a sentence."""
    if is_name(spec, own):
        is_open = bool(own.ref) and own.ref in existing.names and (not own.creates or by_name(own.ref).is_offered)
        return partial(_read_name, own, words, is_open)
    if is_list(own) and own.ref in existing.names:
        return partial(_read_names, own, words)
    if own.several is not None:
        return partial(_read_choices, own, words)
    return partial(_read_plain, own, existing.zone, existing.facts.days if existing.facts else None)


def _known(spec: RecordSpec, own: Field, existing: Existing) -> Mapping[str, str]:
    """The names there are, by what their spellings have in common."""
    if own.doubt is not None and own.name == spec.natural:
        return {alike(own)(values[own.name]): values[own.name] for _id, values in existing.rows}
    source = own.ref or _parent_of(spec, own)
    return existing.spellings.get(source) or {alike(own)(name): name for name in existing.names.get(source, ())}


def alike(own: Field) -> Callable[[str], str]:
    """What two spellings of one name in this column have in common; of a REF, of the name it says."""
    if own.alike is None and own.ref:
        target = by_name(own.ref)
        own = target.field(target.natural)
    return own.alike or name_key


def is_name(spec: RecordSpec, field: Field) -> bool:
    """A column that names a record: compared without regard to width, spaces and brackets."""
    is_text = field.type.is_text and not field.select
    return field.type is FieldType.REF or (is_text and field.name in (spec.natural, *_natural_paths(spec)))


def is_list(field: Field) -> bool:
    """A column that lists several records in one text (展位, 嘉宾, 卖方)."""
    return field.select is not None and field.type.is_text


def _natural_paths(spec: RecordSpec) -> list[str]:
    return [f"{name}.{by_name(parent.spec).natural}" for name, parent in (spec.parents or {}).items()]


def _parent_of(spec: RecordSpec, field: Field) -> str:
    parent = (spec.parents or {}).get(field.name.partition(".")[0])
    return parent.spec if parent and "." in field.name else ""


def given(cell: Any, own: Field) -> bool:
    """Whether a cell says anything about a record; a masked one does not."""
    if not isinstance(cell, str):
        return cell is not None
    if len(cell) > MAX_CELL:
        raise ValueError(_("太长：{n} 字，一格最多 {limit} 字。").format(n=len(cell), limit=MAX_CELL))
    said = clean_text(cell)
    if said in NOTHING or own.is_masked(cell):
        return False
    if _is_open_price(own, cell) or said.casefold() in (OPEN_ENDS if own.is_deadline else own.means_all):
        return False
    is_free = own.type.is_text and not (own.mask or own.check or own.ref)
    return is_free or said.casefold() not in UNSAID


def _is_open_price(own: Field, cell: str) -> bool:
    return own.type.units is not None and not own.is_vital and clean_text(cell).casefold() in OPEN_PRICES


def _read_plain(own: Field, zone: Any, days: Days | None, cell: Any) -> Any:
    if not given(cell, own):
        return None
    if own.type is FieldType.TAGS and isinstance(cell, str):
        cell = _STROKE.sub(TAG_SEPARATORS[0], cell)
    if own.is_deadline and isinstance(cell, str) and own.type.split_span and (span := own.type.split_span(cell)):
        cell = span[1]
    if isinstance(cell, str) and own.split is not None:
        cell = "、".join(own.split(clean_text(cell)))
    if own.unit and own.type.units is None:
        scaled_numbers.doubtful_share(cell, own)
        cell = scaled_numbers.plain_number(cell, own) if isinstance(cell, str) else cell
    if own.type.units is not None and isinstance(cell, float):
        cell = f"{cell:.15g}"
    if isinstance(cell, datetime) and cell.microsecond and cell.year < MAXYEAR:
        cell = (cell + timedelta(microseconds=500_000)).replace(microsecond=0)
    return own.parse(cell, zone, days)


def _lower_end(own: Field, cell: Any) -> Any:
    """The lower of two numbers in one cell (5-6), where the field says that it may be; None for any other cell."""
    if not own.around or not isinstance(cell, str):
        return None
    ends = _SPAN.split(unicodedata.normalize("NFKC", cell).strip())
    try:
        return min(map(own.parse, ends)) if len(ends) == 2 else None
    except (ValueError, TypeError):
        return None


_SPAN = re.compile(r"\s*(?:[-–—~]+|至|到)\s*")
_OR = re.compile(r"/|或者?|以及|及")


def _read_name(own: Field, words: _Words, is_open: bool, cell: Any) -> Any:
    """A name in its known spelling; `is_open`: an unknown one waits for somebody to say what it stands for."""
    if not given(cell, own):
        return None
    name = own.parse(tidy(as_text(cell)))
    if is_open:
        return words.find(name)
    found = words.known.get(alike(own)(name))
    if found is None and own.ref == "organisations":
        _refuse_several(name, words.known)
    if found is None and own.doubt is not None:
        own.doubt(cell)
    return found or name


_STROKE = re.compile(r"(?<=[\u3400-\u9fff]{2})\s*[/／]\s*(?=[\u3400-\u9fff]{2})")
"""Between two words of a list (检验检测/研发设计); CNAS/CMA is one."""


def _refuse_several(text: str, known: Mapping[str, str]) -> None:
    """ValueError for a cell that names several organisations where there is room for one."""
    names = split_parties(text)
    if len(names) > 1 and all(name_key(name) in known or BODY.fullmatch(name) for name in names):
        said = _("一格写了 {n} 家单位：{names}。一行写一家。")
        raise ValueError(said.format(n=len(names), names=_("、").join(names)))


def _read_names(own: Field, words: _Words, cell: Any) -> Any:
    """Several names in one cell, in their known spelling, joined by 、; None where none is named."""
    if not given(cell, own):
        return None
    names = []
    for word in _listed(own, words.known, own.parse(as_text(cell))):
        found = words.known.get(alike(own)(word))
        if found is None and own.creates:
            found = tidy(word)
        names.append(found if found is not None else words.find(word))
        words.knows_none = words.knows_none and found is None
    return "、".join(dict.fromkeys(name for name in names if name)) or None


def _read_choices(own: Field, words: _Words, cell: Any) -> Any:
    """Those of several known words that are known, each other one noted until somebody says what it means."""
    if not given(cell, own):
        return None
    found: list[str] = []
    for word in parts(_OR.sub(TAG_SEPARATORS[0], as_text(cell))):
        try:
            found += own.parse(word)
        except ValueError as problem:
            found += words.meant(word, problem) or []
    return own.parse(found) if found else None


def _listed(field: Field, known: Mapping[str, str], text: str) -> list[str]:
    """The names in one text; what is known as a whole is not taken apart."""
    key = alike(field)
    if key(text) in known:
        return [text]
    if field.split is not None:
        whole = field.split(text)
        there = {key(part) for part in parts(text)} & known.keys()
        if there <= set(map(key, whole)):
            return whole
    split = field.split or str.split
    return [word for part in parts(text) for word in ([part] if key(part) in known else split(part))]


def parts(text: str) -> list[str]:
    """The names listed in one cell."""
    return [part.strip() for part in _LIST.split(text) if part.strip()]


def _keys(field: Field, text: str) -> frozenset[str]:
    """What a list says, whatever its order and the spelling of its names."""
    return frozenset(map(alike(field), (field.split or parts)(text)))


def comparer(spec: RecordSpec, field: Field) -> Callable[[Any, Any], bool] | None:
    """Whether two unequal values still say the same; None where unequal is different."""
    if is_name(spec, field):
        return lambda new, old: alike(field)(new) == alike(field)(old)
    if is_list(field):
        return lambda new, old: _keys(field, new) == _keys(field, old)
    return field.type.says_same


def key_parts(spec: RecordSpec, name: str, values: Sequence[Any], zone: Any = None) -> list[Any]:
    """Values as parts of a key: texts by what their spellings have in common, lists without their order, local days."""
    own = next((one for one in spec.fields if one.name == name), None)
    listed, in_key = own is not None and is_list(own), own.type.in_key if own else None

    def part(value: Any) -> Any:
        if value is None or value == "":
            return None
        if in_key is not None:
            return in_key(value, zone)
        if own is not None and listed:
            return _keys(own, value)
        return (alike(own) if own is not None else name_key)(value) if isinstance(value, str) else value

    table = {value: part(value) for value in set(values)}
    return [table[value] for value in values]
