"""Which field each column of a table goes to, and how that is known: given, remembered, by name, by its contents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from expo_app.exchange import scaled_numbers
from expo_app.exchange.headers import (
    FEWEST,
    IGNORED,
    OTHER,
    OWN,
    SHOWN,
    Meaning,
    english_unit,
    flat,
    forms,
    key_of,
    letter,
    meanings,
    normal,
    unit_words,
    within,
    without_unit,
)
from expo_app.exchange.row_kinds import is_place
from expo_app.exchange.tables import Table, naming_fields
from expo_app.i18n import _, in_every_language
from expo_app.rules import currencies, moments
from expo_app.specs import Existing, Field, FieldType, RecordSpec
from expo_app.specs.choices import SECTION, SHEET_NAME, Choices
from expo_app.specs.field_types import as_text
from expo_app.specs.names import name_key
from expo_app.specs.plan import How

SAMPLE_CELLS = 200
MOSTLY, HARDLY = 0.7, 0.5
"""Share of cells from which contents tell what a column is; below which they tell that it is not."""
NAME_PARTS = (["名", "姓"], ["firstname", "lastname"], ["familyname", "givenname"], ["givenname", "surname"])
PSEUDO = {-1: SHEET_NAME, -2: SECTION}
_NEVER = re.compile(
    r"传真|fax|备用|紧急|身份证|账号|账户|开户|税|邮编|微信|qq|密码|网址|官网|车牌|尺寸|数量|人数|排名|得分", re.I
)
BODY = re.compile(
    r".{2,}(?:公司|集团|大学|学院|研究院|研究所|研究中心|医院|中心|协会|学会|联盟|商会|银行|事务所|实验室|厂|局|委员会|政府|科委|园区|孵化器"
    r"|co\.?,? ?ltd\.?|inc\.?|gmbh|llc|corp\.?|limited|university|institute)(?:[（(].*[)）])?",
    re.I,
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "戚喻水云苗凤花俞柳鲍费岑倪滕殷毕安乐时皮卞齐伍元卜平和穆尤施华严魏陶柏章葛奚褚卫昌"
)
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:先生|女士|老师|教授|博士|总|经理|主任|工)?")
_BOOTH = re.compile(r"(?:[A-Za-z]{1,3}\d{0,2}|\d{1,2}[A-Za-z]{1,2})[-－—]?\d{1,4}(?:\D.*)?")
_SOME_DAY = re.compile(r"\d{1,2}月\d{1,2}日|(?:19|20)\d{2}[-./年]\d|第[一二三四五]天|\d{1,2}/\d{1,2}")
_DAY_WORD = re.compile(r"(?:活动|举办|会议|论坛)?(?:日期|日|date|day)|星期|天")
_OF_MONEY = re.compile(r"币种|币别|货币|货币单位|金额单位|计价单位|currency|unit", re.IGNORECASE)
MONEY_WORD = re.compile(
    r"(?:人民币|rmb|cny|[¥￥])?\s*(?:百万|千万|百|千|万|亿)?元?\s*[（(]?(?:人民币|rmb|cny)?[）)]?", re.IGNORECASE
)
"""A unit of money as it stands alone in a cell: 万元, 人民币, 元（人民币）."""
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_WORDS = re.compile(r"\w+")
_NAME_AND_PHONE = re.compile(r"\s*[^\d\s@]{2,20}?[\s:：/／,，、(（]*\+?[\d（(][\d\s()（）-]{6,}.*", re.DOTALL)
PHONE_AND_NAME = re.compile(r"\s*(\+?[\d(（][\d\s()（）-]{6,}?)[（(/／\s:：]\s*([^\d\s@()（）]{2,20})[)）]?\s*")
"""021-59520001（张工）: the number first."""
_CREDIT_CODE = re.compile(r"[0-9A-Z]{2}\d{6}[0-9A-Z]{10}")
_DIGITS = re.compile(r"\d{7,}")
_DAY = re.compile(r"(?:\d{4}[-./年])?\d{1,2}[-./月]\d{1,2}日?.*")


@dataclass(frozen=True)
class Use:
    """A column of a table. `column`: its place from 0, or a key of PSEUDO; `shown`: a field that is worked out, so that
    the column is known and not read. `unit`: the word that bare numbers are read in; None is one not understood.
    """

    column: int
    key: str
    header: str
    fields: tuple[Field, ...] = ()
    how: How = How.NONE
    why: str = ""
    clash: str = ""
    shown: Field | None = None
    is_second: bool = False
    """Of a second person beside the one that the fields are of: 现场负责人 beside 业务联系人."""
    side: str = ""
    """A word such as 甲方 whose meaning the row's kind of contract decides: one of `RecordSpec.sides`."""
    unit: str | None = ""
    unit_from: str = ""
    told_by: int | None = None
    """The column that says the unit or currency of these amounts row by row."""

    @property
    def is_read(self) -> bool:
        """Whether anything is taken from it."""
        return bool(self.fields) and not self.clash and self.unit is not None


def uses(spec: RecordSpec, table: Table, choices: Choices, existing: Existing, is_one_of_many: bool) -> list[Use]:
    """Every column of a table with the fields it goes to."""
    known = _words(spec, table)
    found = [_by_word(spec, use, known, table) for use in _columns(table, is_one_of_many)]
    found = _in_name_parts(spec, table, found)
    found = _decided(spec, table, found, choices)
    found = _settled(spec, table, found)
    found = _by_other_meaning(table, found, known)
    found = _by_part_of_header(spec, table, found, known)
    found = _with_pairs(spec, table, found)
    found = _by_contents_alone(spec, table, found, existing)
    found = _clashes(table, found)
    found = _of_money(table, found)
    return [_with_unit(use, table, choices) for use in found]


def _words(spec: RecordSpec, table: Table) -> dict[str, list[Meaning]]:
    known = meanings(spec)
    if any(h.isascii() and known.keys().isdisjoint(forms(h)) for h in table.headers if h) or any(
        known.keys().isdisjoint(forms(h)) and re.search("[A-Za-z]{3}", h) for h in table.headers
    ):
        return meanings(spec, everywhere=True)
    return known


def _columns(table: Table, is_one_of_many: bool) -> list[Use]:
    """The columns with the keys that choices about them are kept under."""
    seen: dict[str, int] = {}
    found = []
    for column, header in enumerate(table.headers):
        key = key_of(header) or letter(column)
        seen[key] = seen.get(key, 0) + 1
        key = key if seen[key] == 1 else f"{key}#{seen[key]}"
        found.append(Use(column, key, flat(header) or letter(column)))
    if is_one_of_many:
        found.append(Use(-1, SHEET_NAME, _("（工作表名）")))
    if any(table.groups):
        found.append(Use(-2, SECTION, _("（分组标题）")))
    return found


def cells_of(table: Table, column: int) -> Sequence[Any]:
    """The cells of a column, also of one that no sheet has."""
    if column == -1:
        return [table.sheet] * len(table.rows)
    return table.groups if column == -2 else [cells[column] for _number, cells in table.rows]


def _sample(table: Table, column: int) -> list[Any]:
    cells = (cells_of(table, column)) if column < 0 else (row[column] for _n, row in table.rows)
    found = []
    for cell in cells:
        if cell != "" and not (isinstance(cell, str) and not cell.strip()):
            found.append(cell)
            if len(found) == SAMPLE_CELLS:
                break
    return found


# --- known by its words ---


def _by_word(spec: RecordSpec, use: Use, known: Mapping[str, list[Meaning]], table: Table) -> Use:
    if use.column < 0:
        return use
    header = table.headers[use.column]
    for form in forms(header):
        if spec.sides is not None and form in spec.sides.words:
            fields = tuple(map(spec.field, spec.sides.fields))
            said = (known[word][0][1] for word in map(normal, _WORDS.findall(header)) if word in known)
            if (told := next((field for field in said if field in fields), None)) is not None:
                return replace(use, fields=(told,), how=How.NAME, why=_("表头同义"))
            return replace(use, fields=fields, how=How.NAME, why=_("按合同类别分"), side=form)
        if form in known:
            sureness, field = _choose(known[form], _sample(table, use.column))
            if field.readonly:
                return replace(use, how=How.NAME, shown=field)
            return replace(use, fields=(field,), how=How.NAME, why="" if sureness == OWN else _("表头同义"))
    return use


def _in_name_parts(spec: RecordSpec, table: Table, found: list[Use]) -> list[Use]:
    """姓 and 名 beside each other make one name."""
    own = next((f for f in spec.writable if f.in_parts), None)
    open_uses = {form: use for use in found if use.column >= 0 and not use.fields for form in _forms_of(table, use)[:1]}
    pair = next((pair for pair in NAME_PARTS if own and set(pair) <= open_uses.keys()), ())
    if own is None or any(own in use.fields for use in found):
        return found
    parts = {open_uses[word].column for word in pair}
    return [replace(use, fields=(own,), how=How.NAME, why=_("姓和名")) if use.column in parts else use for use in found]


def _choose(candidates: Sequence[Meaning], cells: Sequence[Any]) -> Meaning:
    """A column of words under the name of a shown figure (展品) is the one that is read by that other name."""
    first = candidates[0]
    if first[1].type.is_text and len(candidates) > 1 and not _may_be(first[1], cells):  # 指数 above numbers
        return next((one for one in candidates[1:] if one[1].is_number), first)
    if first[0] == OTHER and first[1].choices is not None and len(candidates) > 1 and not _is_fit(first[1], cells):
        return candidates[1]  # 依据 above the number of a document
    is_figure = first[0] == SHOWN and first[1].is_number and len(candidates) > 1
    if is_figure and any(isinstance(cell, str) and not re.fullmatch(r"\s*[\d.,]+\s*", cell) for cell in cells):
        return candidates[1]
    return first


def _decided(spec: RecordSpec, table: Table, found: list[Use], choices: Choices) -> list[Use]:
    """What somebody said of a column, now or of an earlier list."""
    memory = choices.remembered if choices.uses_memory else None
    layers = [(choices, How.GIVEN), *([(memory, How.REMEMBERED)] if memory else [])]

    def of(use: Use) -> Use:
        for layer, how in layers:
            known = forms(table.headers[use.column]) if use.column >= 0 else ()
            for key in (f"{table.sheet}\n{use.key}", use.key, *known):
                if key in layer.columns:
                    names = layer.columns[key]
                    fields = tuple(f for f in spec.writable if f.name in names)
                    ordered = tuple(sorted(fields, key=lambda f: names.index(f.name)))
                    return replace(use, fields=ordered, how=how, why="", shown=None, side="")
        return use

    return [of(use) for use in found]


def _settled(spec: RecordSpec, table: Table, found: list[Use]) -> list[Use]:
    """Of columns whose words mean one and the same field, the one with the surest word, or with fitting contents."""
    result = list(found)
    claims: dict[str, list[int]] = {}
    for place, use in enumerate(found):
        if use.how is How.NAME and len(use.fields) == 1:
            claims.setdefault(use.fields[0].name, []).append(place)
    taken = {f.name for use in found if use.how in (How.GIVEN, How.REMEMBERED) for f in use.fields}
    for name, places in claims.items():
        field = spec.field(name)
        if name in taken:
            for place in places:
                is_second = name.startswith("contact.") and fits(field, _sample(table, found[place].column)) != 0
                result[place] = replace(found[place], is_second=True) if is_second else _open(found[place])
        if len(places) < 2 or name in taken:
            continue
        if _may_join(table, found, places, field):
            continue
        fitting = [p for p in places if fits(field, _sample(table, found[p].column)) != 0]
        if field.type.units is not None:
            fitting.sort(key=lambda place: _rank(field, table.headers[found[place].column]))
        sure = [p for p in fitting if found[p].why == ""]
        first, *others = sure or fitting or places
        is_sure = len(sure) == 1 or not others or _say_the_same(table, [found[p].column for p in (first, *others)])
        are_people = name.startswith("contact.") and set(others) <= set(fitting)
        if not is_sure:
            words = (
                _("另一列也像“{field}”，那里的人记在人员名录里") if are_people else _("另一列也像“{field}”，只读这一列")
            )
            why = words.format(field=field.title)
            result[first] = replace(found[first], how=How.GUESS, why=why)
        for place in places:
            if place != first:
                is_second = name.startswith("contact.") and place in fitting
                result[place] = replace(found[place], is_second=True) if is_second else _open(found[place])
    return result


def _rank(field: Field, header: str) -> int:
    """The place of a header among an amount's other names: 批准金额 is a voucher's rather than 申领金额."""
    known = {normal(alias): place for place, alias in enumerate(field.aliases)}
    return min((known[form] for form in forms(header) if form in known), default=-1)


def _by_other_meaning(table: Table, found: list[Use], known: Mapping[str, list[Meaning]]) -> list[Use]:
    """A word whose first field another column has means its next one: 技术难题 beside 需求名称, 单位 beside 机构."""
    result = list(found)
    taken = {field.name for use in found for field in use.fields}
    for place, use in enumerate(found):
        if use.how is not How.NONE or use.column < 0:
            continue
        meant = next((known[form] for form in forms(table.headers[use.column]) if form in known), [])
        others = (field for _sure, field in meant[1:] if not field.readonly and field.name not in taken)
        field = next((field for field in others if fits(field, _sample(table, use.column)) != 0), None)
        if field is not None and meant[0][1].name in taken:
            result[place] = replace(use, fields=(field,), how=How.NAME, why=_("表头同义"))
            taken.add(field.name)
    return result


def _may_join(table: Table, found: Sequence[Use], places: Sequence[int], field: Field) -> bool:
    """Whether two columns make one value: a day and an hour, 姓 and 名, one amount in two units; whatever somebody says
    does.
    """
    if field.lines is not None:
        return field.is_joined
    if len(places) != 2 or not field.is_joined:
        return False
    if field.type.units is not None:
        return len({without_unit(found[place].header) for place in places}) == 1
    words = sorted(form for place in places for form in _forms_of(table, found[place])[:1])
    are_given = all(found[place].how in (How.GIVEN, How.REMEMBERED) for place in places)
    return not field.type.is_text or words in NAME_PARTS or are_given


def _open(use: Use) -> Use:
    return replace(use, fields=(), how=How.NONE, why="")


def _say_the_same(table: Table, columns: Sequence[int]) -> bool:
    rows = zip(*(cells_of(table, column) for column in columns), strict=True)
    return all(len({as_text(cell) for cell in row if cell != ""}) < 2 for row in rows)


def _money_columns(table: Table, uses: Sequence[Use]) -> dict[int, int]:
    """Column of amounts → the column behind it that says, row by row, in what unit or currency they are."""
    amounts = [use.column for use in uses if any(f.type.units is not None for f in use.fields)]
    given = {f.name for use in uses for f in use.fields}
    abroad = [f.abroad for use in uses for f in use.fields if f.abroad]
    if any(amount in given for _currency, amount in abroad):
        return {}  # the list has amounts in other currencies in a column of their own
    of_currency = {currency for currency, _amount in abroad}
    taken = {use.column for use in uses if not of_currency & {f.name for f in use.fields}}
    found: dict[int, int] = {}
    for column, header in enumerate(table.headers) if amounts else ():
        said = [as_text(cell).strip() for cell in _sample(table, column)] if column not in taken else []
        if said and (_OF_MONEY.fullmatch(normal(header)) or all(map(MONEY_WORD.fullmatch, said))):
            before = [amount for amount in amounts if amount < column]
            found.setdefault(before[-1] if before else amounts[0], column)
    return found


def _of_money(table: Table, found: list[Use]) -> list[Use]:
    """Amounts with the column that says their unit row by row; that column is known, and is no record's field."""
    told_by = _money_columns(table, [use for use in found if use.fields])
    amount = {told_by[use.column]: use.fields[0] for use in found if use.column in told_by}
    why = _("逐行说明金额的单位或币种")
    return [
        replace(use, how=How.NAME, shown=amount[use.column], why=why)
        if use.column in amount and not use.fields
        else replace(use, told_by=told_by.get(use.column))
        for use in found
    ]


# --- known by what is in it ---


def fits(field: Field, cells: Sequence[Any]) -> float | None:
    """Share of cells that this field takes; None where it takes any text."""
    if not cells:
        return None
    test = _test_of(field)
    if test is None:
        return None
    return sum(map(test, cells)) / len(cells)


def _is_fit(field: Field, cells: Sequence[Any]) -> bool:
    share = fits(field, cells)
    return (share is None or share >= HARDLY) and _may_be(field, cells)


def _test_of(field: Field) -> Callable[[Any], bool] | None:
    if field.mask == "phone":
        return lambda cell: bool(_DIGITS.search(re.sub(r"[\s()（）+-]", "", as_text(cell))))
    if field.type.is_text and field.check is None and field.choices is None:
        return (lambda cell: not isinstance(cell, datetime | date)) if field.ref else None
    if field.ref == "booths" or field.name == "number":
        return lambda cell: isinstance(cell, str) and _BOOTH.fullmatch(cell.strip()) is not None
    if field.type in (FieldType.MOMENT, FieldType.BOOL, FieldType.TAGS) or field.ref:
        return None
    if field.type.is_number:
        return lambda cell: not isinstance(cell, str) or any(c.isdigit() for c in cell)
    return lambda cell: _takes(field, cell)


def _takes(field: Field, cell: Any) -> bool:
    if field.is_deadline and field.type.split_span is not None and field.type.split_span(cell) is not None:
        return True
    try:
        return field.parse(cell) is not None
    except ValueError:
        return False


def _by_part_of_header(spec: RecordSpec, table: Table, found: list[Use], known: dict[str, list[Meaning]]) -> list[Use]:
    """Columns nobody named, by a word within the header whose field the contents fit."""
    result = list(found)
    taken = {field.name for use in found for field in use.fields}
    for place, use in enumerate(found):
        if use.how is How.NONE and use.column >= 0 and normal(use.header) not in IGNORED:
            if _NEVER.search(normal(use.header)) or _is_of_a_year(table, use.header):
                continue
            if (both := _names_both(spec, table, use, known)) and not taken & {field.name for field in both}:
                result[place] = replace(use, fields=both, how=How.GUESS, why=_("一列两项，拆开读"))
                taken |= {field.name for field in both}
                continue
            cells = _sample(table, use.column)
            options = (
                f
                for f in within(table.headers[use.column], known)
                if f.name not in taken and (f.name,) not in spec.key[:-1]
            )
            field = next((f for f in options if _is_fit(f, cells)), None)
            if field is not None:
                why = _("表头像“{word}”").format(word=field.title)
                result[place] = replace(use, fields=(field,), how=How.GUESS, why=why)
                taken.add(field.name)
    return result


def _is_of_a_year(table: Table, header: str) -> bool:
    """Whether a header is that of another column but for its year: 2020年营业收入 beside 2021年营业收入."""
    bare = _YEAR.sub("", normal(header))
    alike = {one for one in map(normal, table.headers) if _YEAR.sub("", one) == bare}
    return bare != normal(header) and len(alike) > 1


def _by_contents_alone(spec: RecordSpec, table: Table, found: list[Use], existing: Existing) -> list[Use]:
    """Columns that no word tells of, by what is in them."""
    result = list(found)
    taken = {field.name for use in found for field in use.fields}
    for place, use in enumerate(result):
        if use.how is How.NONE and normal(use.header) not in IGNORED and not _NEVER.search(normal(use.header)):
            field = _by_contents(spec, use, _sample(table, use.column), taken, existing)
            if field is not None:
                fields: tuple[Field, ...] = (field,)
                if field.until and field.until not in taken:
                    fields = (field, spec.field(field.until))
                result[place] = replace(use, fields=fields, how=How.GUESS, why=_("按内容猜"))
                taken |= {f.name for f in fields}
    return result


def _may_be(field: Field, cells: Sequence[Any]) -> bool:
    """Whether contents do not speak against a field of words."""
    said = [as_text(cell) for cell in cells]
    if not said:
        return True
    is_name = field.name.rpartition(".")[2] == "name" or field.type is FieldType.REF
    if is_name or (field.type.is_text and not field.check and not field.mask):
        return sum(bool(re.fullmatch(r"[\d.,\s]+", text)) for text in said) * 2 < len(said)
    return True


def _by_contents(spec: RecordSpec, use: Use, cells: Sequence[Any], taken: set[str], existing: Existing) -> Field | None:
    """The field of a column by its contents alone; only what can hardly be anything else."""
    if not cells or (len(cells) < 2 and use.column >= 0):
        return None
    said = [unicodedata.normalize("NFKC", as_text(cell)).strip() for cell in cells]
    are_days = sum(
        isinstance(cell, date | time) or _DAY.fullmatch(text) is not None
        for cell, text in zip(cells, said, strict=True)
    )
    for field in spec.writable:
        if field.name in taken or not field.in_excel:
            continue
        test = _telling(spec, field, existing)
        if use.column < 0 and not (
            field.is_place or field.until or (field.type is FieldType.REF and not field.creates)
        ):
            continue
        if test is None or (2 * are_days > len(said) and not field.until):
            continue
        if sum(map(test, said)) >= MOSTLY * len(said):
            return field
    return None


def _telling(spec: RecordSpec, field: Field, existing: Existing) -> Callable[[str], bool] | None:
    """What tells a field of this kind by a text alone; None where nothing does."""
    last = field.name.rpartition(".")[2]
    if field.mask == "phone":
        return lambda text: 7 <= sum(c.isdigit() for c in text) <= 18 and _takes(field, text)
    if field.mask == "email":
        return lambda text: "@" in text and _takes(field, text)
    if last == "credit_code":
        return lambda text: _CREDIT_CODE.fullmatch(text.upper()) is not None
    if field.is_place:
        return lambda text: not text.isascii() and _takes(field, text)
    if last in ("name", "organisation_id", "owner_id") and (field.name in naming_fields(spec) or field.ref):
        parent = field.name.rpartition(".")[0]
        is_body = field.ref == "organisations" or parent == "organisation" or spec.name == "organisations"
        if is_body:
            return lambda text: BODY.fullmatch(text) is not None
        if parent in ("person", "contact") or spec.name == "people":
            return _is_person
    if last == "name" and field.name.rpartition(".")[0] in ("person", "contact"):
        return _is_person
    if field.ref == "booths" or (spec.name == "booths" and last == "number"):
        return lambda text: _BOOTH.fullmatch(text) is not None
    if field.type is FieldType.REF and (spelt := existing.spellings.get(field.ref) or _keys(existing, field.ref)):
        return lambda text: name_key(text) in spelt
    if field.until and field.type is FieldType.DATE:
        return lambda text: moments.split_days(text) is not None
    if field.until:
        return lambda text: bool(
            re.search(r"\d{1,2}[:：点时]\d{0,2}", text) or re.search(r"\d月\d{1,2}日|\d{4}[-./]\d", text)
        )
    return None


def _keys(existing: Existing, ref: str) -> frozenset[str]:
    """The names that there are of a kind of record, for comparing."""
    return frozenset(map(name_key, existing.names.get(ref, ())))


def _is_person(text: str) -> bool:
    return _PERSON.fullmatch(text) is not None and text[0] in _SURNAMES and not is_place(text)


# --- a name with its phone, a day with its times ---


def beside(spec: RecordSpec, name: Field, wanted: str) -> Field | None:
    """What else is known of whom a field names: phone, email."""
    parent, _dot, last = name.name.rpartition(".")
    path = f"{parent}.{wanted}" if parent else wanted
    return next((f for f in spec.writable if last == "name" and f.name == path), None)


def phone_beside(spec: RecordSpec, name: Field) -> Field | None:
    """The phone of whom a field names."""
    return beside(spec, name, "phone")


def _name_beside(spec: RecordSpec, phone: Field) -> Field | None:
    """Whose number a field of phones holds."""
    return next((f for f in spec.writable if phone.mask and phone_beside(spec, f) == phone), None)


def _with_pairs(spec: RecordSpec, table: Table, found: list[Use]) -> list[Use]:
    """联系人及电话: a column of names that holds their phones too; 日期 beside times: a day of both ends."""
    result = list(found)
    taken = {f.name for use in found for f in use.fields}
    for place, use in enumerate(found):
        if use.how in (How.GIVEN, How.REMEMBERED) or len(use.fields) != 1:
            continue
        (field,) = use.fields
        phone = phone_beside(spec, field)
        said = [as_text(cell) for cell in _sample(table, use.column)]
        if phone is not None and phone.name not in taken and said and not use.is_second:
            both = sum(_NAME_AND_PHONE.fullmatch(text) is not None for text in said)
            if both * 10 >= len(said) * 3:
                result[place] = replace(use, fields=(field, phone), how=How.GUESS, why=_("按内容猜：姓名＋号码"))
                taken.add(phone.name)
        name = _name_beside(spec, field)
        if name is not None and name.name not in taken and said and not use.is_second:
            both = sum(bool(_NAME_AND_PHONE.fullmatch(t) or PHONE_AND_NAME.fullmatch(t)) for t in said)
            if both * 10 >= len(said) * 3:
                result[place] = replace(use, fields=(name, field), how=How.GUESS, why=_("按内容猜：姓名＋号码"))
                taken.add(name.name)
    return _with_days(spec, table, result)


def _names_both(spec: RecordSpec, table: Table, use: Use, known: dict[str, list[Meaning]]) -> tuple[Field, ...]:
    """联系人及电话, 姓名职务: the two fields of one person that a header names behind each other."""
    for form in forms(table.headers[use.column]):
        for at in range(FEWEST, len(form) - 1):
            parts = (form[:at].rstrip("及与和、/&+"), form[at:].lstrip("及与和、/&+"))
            fields = tuple(known[part][0][1] for part in parts if part in known)
            names = [field.name.rpartition(".") for field in fields]
            is_pair = len(fields) == 2 and names[0][2] == "name" and names[1][2] in ("phone", "title")
            if is_pair and names[1][0] in (names[0][0], ""):
                return fields
            if len(fields) == 2 and fields[0].ref == "organisations" and names[1][2] == "title":
                return fields
    return ()


def _with_days(spec: RecordSpec, table: Table, found: list[Use]) -> list[Use]:
    start = next((f for f in spec.writable if f.until), None)
    if start is None:
        return found
    end = spec.field(start.until)
    taken = {f.name for use in found for f in use.fields}
    result = list(found)
    for place, use in enumerate(found):
        word = normal(use.header)
        if use.how in (How.GIVEN, How.REMEMBERED):
            continue
        if use.how is How.NONE and any(_DAY_WORD.fullmatch(form) for form in _forms_of(table, use)):
            result[place] = replace(use, fields=(start, end), how=How.NAME, why=_("开始和结束的日期"))
        elif use.fields == (start,) and end.name not in taken:
            result[place] = replace(use, fields=(start, end))
        elif use.how is How.NONE and start.name not in taken and re.fullmatch(r".*(?:时间段?|时段|time)", word):
            if start.type is FieldType.DATE and not _are_spans(_sample(table, use.column)):
                continue  # 启用时间 is no span of days
            result[place] = replace(use, fields=(start, end), how=How.GUESS, why=_("开始和结束的时间"))
    return _with_days_above(table, result, start, end)


def _are_spans(cells: Sequence[Any]) -> bool:
    return bool(cells) and sum(moments.split_days(cell) is not None for cell in cells) >= MOSTLY * len(cells)


def _with_days_above(table: Table, found: list[Use], start: Field, end: Field) -> list[Use]:
    """Times without a day, under titles or in sheets that say it."""
    timed = [use for use in found if start in use.fields]
    if len(timed) != 1 or any(_has_day(cell) for cell in _sample(table, timed[0].column)[:20]):
        return found
    result = list(found)
    for place, use in enumerate(found):
        if use.column < 0 and use.how is How.NONE:
            said = [text for text in _sample(table, use.column) if text]
            if said and sum(map(_has_day, said)) >= MOSTLY * len(said):
                result[place] = replace(use, fields=(start, end), how=How.GUESS, why=_("开始和结束的日期"))
                break
    return result


def _forms_of(table: Table, use: Use) -> tuple[str, ...]:
    return forms(table.headers[use.column]) if use.column >= 0 else ()


def _has_day(cell: Any) -> bool:
    if isinstance(cell, datetime | date):
        return not (isinstance(cell, datetime) and cell.year < 1901)
    return isinstance(cell, str) and _SOME_DAY.search(cell) is not None


# --- what cannot be ---


def _clashes(table: Table, found: list[Use]) -> list[Use]:
    """Two columns on one field that cannot make one value of it."""
    by_field: dict[str, list[int]] = {}
    for place, use in enumerate(found):
        for field in () if use.side or use.is_second else use.fields:
            by_field.setdefault(field.name, []).append(place)
    result = list(found)
    for places in by_field.values():
        field = next(f for f in found[places[0]].fields if by_field[f.name] is places)
        if len(places) < 2 or _may_join(table, found, places, field):
            continue
        for place in places:
            others = [found[p] for p in places if p != place]
            words = _("和第 {column} 列“{header}”都是“{field}”，两列都没有读。留一列，另一列改成别的或不导入。")
            other = others[0]
            column = letter(other.column) if other.column >= 0 else "—"
            clash = words.format(column=column, header=other.header, field=field.title)
            result[place] = replace(result[place], clash=clash)
    return result


# --- units ---


def _with_unit(use: Use, table: Table, choices: Choices) -> Use:
    """The unit that bare numbers of a column are in, and where it stands."""
    field = next((f for f in use.fields if f.type.units is not None), None)
    if field is None or field.type.units is None:
        return _with_scale(use, table)
    if use.key in choices.units:
        return replace(use, unit=_read_as(field, normal(choices.units[use.key])), unit_from="given")
    memory = choices.remembered if choices.uses_memory else None
    for word in unit_words(table.headers[use.column]) if use.column >= 0 else ():
        if (read := _read_as(field, word)) is not None or currencies.told(word):
            read = read or _abroad(field, word)
            if read is None and memory is not None and use.key in memory.units:
                break  # somebody has said how it is to be read
            return replace(use, unit=read, unit_from="header")
    for word, source in ((table.unit, "above"), (table.units.get(use.column, ""), "format")):
        if word:
            return replace(use, unit=_read_as(field, normal(word)) or _abroad(field, word), unit_from=source)
    if memory is not None and use.key in memory.units:  # what this list says itself is surer
        return replace(use, unit=_read_as(field, memory.units[use.key]), unit_from="given")
    return replace(use, unit_from="cells") if _say_units(field, cells_of(table, use.column)) else use


def _with_scale(use: Use, table: Table) -> Use:
    """The unit of bare numbers that are no amounts, where the header says another one: 面积（万平方米）."""
    field = use.fields[0] if len(use.fields) == 1 and use.column >= 0 else None
    if field is None or not (field.type is FieldType.REPORTED or (field.type is FieldType.NUMBER and field.unit)):
        return use
    header = table.headers[use.column]
    said = scaled_numbers.unit_in([*unit_words(header), *map(normal, header.split("\n")[1:])], field)
    return use if said == "" else replace(use, unit=said, unit_from="header")


def _say_units(field: Field, cells: Sequence[Any]) -> bool:
    """Whether every amount of a column has its unit beside it (10万元, 480元/样)."""
    amounts = [cell for cell in cells if cell != "" and not (isinstance(cell, str) and not re.search(r"\d", cell))]
    return bool(amounts) and all(isinstance(c, str) and re.search(r"\d\s*[千百]?[万亿元]", c) for c in amounts)


def _read_as(field: Field, word: str) -> str | None:
    if word in {normal(name) for name in in_every_language(field.unit)}:
        return normal(field.unit)
    found = (field.type.units or {}).get(english_unit(word) or word)
    return None if found is None else (found or normal(field.unit))


def _abroad(field: Field, word: str) -> str | None:
    """A unit in another currency (万美元), where the list keeps amounts in it."""
    return word if field.abroad and currencies.told(word) not in ("", currencies.HOME) else None


__all__ = ["PSEUDO", "Use", "cells_of", "phone_beside", "uses"]
