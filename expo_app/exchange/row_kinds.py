"""Which rows of a list are no records: totals, titles of groups, repeated headers, notes, examples, empty ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from expo_app.exchange.headers import UNITS_OF_MONEY, forms, normal, texts
from expo_app.i18n import N_
from expo_app.rules import regions

HEADER, TITLE, TOTAL, FOOTNOTE, GROUP, EXAMPLE, BLANK = (
    "header", "title", "total", "footnote", "group", "example", "blank",
)  # fmt: skip
REASONS = {
    HEADER: N_("重复的表头"),
    TITLE: N_("重复的标题"),
    TOTAL: N_("合计"),
    FOOTNOTE: N_("附注"),
    GROUP: N_("分组标题"),
    EXAMPLE: N_("填写说明"),
    BLANK: N_("没有内容"),
}

_TOTAL = re.compile(
    r".{0,8}(?:合计|总计|小计|共计|累计|合計|總計|小計|共計|汇总|平均|总金额|总数|总额|总面积)"
    r"(?:数|金额|项目数|家数|人数|个数|面积|展位数)?(?:\([^)]*\))?[\d,.]*(?:万元|亿元|元|家|人|人次|项|条|个|件|户|场|场次|次|期|台|台套|台\(套\)|张|笔|份|名|处|㎡|m2|平方米)?"
    r"|(?:grand|sub)?-?totals?|sum|average"
    r"|(?:总)?共[\d,]+(?:家|人|项|条|个|件|户|行|场|台|套|台套|张|笔|份|名)(?:项目|单位|企业|展位|人员)?"
)
_FOOTNOTE = re.compile(
    r"(?:注|备注|说明|填表人|填表日期|填报日期|制表人?|制表日期|审核人?|联系人|联系电话|统计人|打印日期|截止日期|数据来源|来源|note|remarks?"
    r"|填报单位|填报人|报送单位|报送人|报送日期|报出日期|填表时间|制表时间|经办人|复核人|(?:单位|统计)?负责人(?:签字|签章)?)\s*(?:\([^)]*\))?\s*[:：].*"
    rf"|[(]?(?:(?:金额|货币|计量)?单位\s*[:：]|币种\s*[:：])\s*(?:人民币)?\s*(?:{UNITS_OF_MONEY}|人民币)[)]?"
    r"|注\s*\d?\s*[.、)].*|[*※★注].{3,}(?:截至|为准|不含|含税|以|均为|单位为).*|.*(?:截至|以最终.*为准|解释权).*"
    r"|第\s*\d+\s*页.*|page\s*\d+.*|[(]?(?:以下|此页以下|本页以下)(?:空白|无内容|为空|无正文).*"
    r"|[-—–…·./\\_=*\s]+",
    re.DOTALL | re.IGNORECASE,
)
_DAY = re.compile(
    r"[【\[(]?(?:第[一二三四五\d]天)?[:：]?(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
    r"(?:[(]?(?:周|星期)[一二三四五六日天][)]?)?(?:\([^)]*\))?(?:上午|下午|晚上|全天)?[】\])]?"
)
_MONTH = re.compile(r"\d{4}(?:年\d{1,2}月|[-./]\d{1,2})")
_HALF_DAY = frozenset({"上午", "下午", "晚上", "中午", "晚间"})
_ORDINAL = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)、.:]?|[ivx]+[.、)]?|[a-h][.、)]", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:[(]?[一二三四五六七八九十]{1,3}[)、.]|第[一二三四五六七八九十\d]+(?:部分|类|组|批|天|篇))\s*\S.*"
)
_COUNTED = r"(?:\(?共?\d*\s*(?:家|个|人|项|户)?[^)]{0,6}\))?"
_GROUP = re.compile(
    r".{1,20}(?:展区|片区|赛道|展团|代表团|板块|专区|分会场|会场|展馆|号馆|馆|厅|地区|片|组|类|部分|专场)" + _COUNTED
)
_SURE_GROUP = re.compile(r".{1,20}(?:展区|片区|赛道|展团|代表团|板块|专区|地区|类)" + _COUNTED)
"""Where names stand, 上海科技馆 is one."""
_COUNTED_TITLE = re.compile(r".{1,30}\(共?\s*\d+\s*(?:家|项|户|场)\)")
"""两地园（2 家）."""
_ABOUT = re.compile(r"\(?共?\s*\d+\s*(?:家|个|人|项|户|场)\)?$")
_EXAMPLE = re.compile(
    r"[(]?(?:示例|样例|例|例如|举例|填写示例|填写说明|填表说明|填写要求|e\.?g\.?|example)[)]?(?:\s*[:：行].{0,80})?",
    re.IGNORECASE | re.DOTALL,
)
_ADVICE = re.compile(
    r"(?:请|如[:：]|例[:：如]|格式|填写|按.{0,8}填|与.{1,10}一致|不超过|限\d|yyyy|单选|多选|精确到|同营业执照|\d+[位字]).{0,60}"
    r"|[(]?(?:必填|选填).{0,40}|.{0,20}(?:下拉选择|填写|用顿号分[开隔])",
    re.IGNORECASE | re.DOTALL,
)
_GUIDE = re.compile(r".*(?:说明|須知|须知|instructions?|guide|read ?me)", re.IGNORECASE)
LONGEST = 40
SURELY = 3
"""A row with a name and so many filled cells is a record, unless it begins as none does."""
_DOUBTFUL = re.compile(
    r"\s*(?:.{0,8}[合总小共累汇平][计計数额均]|[总總]|共|第|[注备说填制审统打截数来联报以此本单负经复（(【\[*※★…—\-/.]|[一二三四五六七八九十ivx]+\W?"
    r"|grand|sub|total|sum|average|note|remark|page|示例|样例|例|举例|e\.?g)",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """A text for telling what it is: NFKC, without outer spaces."""
    return unicodedata.normalize("NFKC", text).strip()


def is_guide(sheet: str) -> bool:
    """Whether a sheet of this name says how a list is filled in; its first column may read like a header."""
    return _GUIDE.fullmatch(plain(sheet)) is not None


def is_total(text: str) -> bool:
    """合计, 本页小计, 共 3 项, Grand Total."""
    return len(text) <= LONGEST and _TOTAL.fullmatch(normal(text)) is not None


def is_footnote(text: str) -> bool:
    """注：…, 制表人：…, 第1页 共2页, 以下空白, ——."""
    return _FOOTNOTE.fullmatch(plain(text)) is not None


def is_day(text: str) -> bool:
    """A day and nothing else."""
    return _DAY.fullmatch(plain(text).replace(" ", "")) is not None


def is_half_day(text: str) -> bool:
    """上午, 下午: part of the day that stands above it."""
    return text in _HALF_DAY


@lru_cache(1 << 12)
def is_place(text: str) -> bool:
    """The name of a place and nothing else."""
    try:
        regions.parse_region(text)
    except ValueError:
        return False
    return True


def group_title(text: str) -> str:
    """What a group's title says, without its number and count: 上海展区 of 一、上海展区（12家）."""
    found = re.sub(
        r"^(?:[(]?[一二三四五六七八九十]{1,3}[)、.:]|[IVX]+[.、]|第[一二三四五六七八九十\d]+部分)\s*", "", plain(text)
    )
    return _ABOUT.sub("", found.strip("【】[]")).strip(" ():：") or plain(text)


def kind_of(
    cells: Sequence[Any],
    name_at: int | None,
    words: Collection[str],
    titles: Collection[str],
    span: int,
    is_first: bool,
) -> str | None:
    """Which of REASONS a row is, None if it is a record. `name_at`: the column that names records; `words`: of the
    header, `titles`: above it; `span`: columns that its first cell is merged over; `is_first`: right below the header.
    """
    name = cells[name_at] if name_at is not None and name_at < len(cells) else ""
    if not is_first and isinstance(name, str) and len(cells) - cells.count("") >= SURELY and name not in words:
        first = next((cell for cell in cells if isinstance(cell, str) and cell), "")
        if first not in words and not _DOUBTFUL.match(first) and not _DOUBTFUL.match(name) and name.strip():
            return None
    filled = [index for index, cell in enumerate(cells) if cell != ""]
    said = texts(cells)
    if not said:
        return BLANK if all(isinstance(cells[index], str) for index in filled) else None
    if _repeats(said, filled, words):
        return HEADER
    first = said[0]
    if is_first and _explains(said):
        return EXAMPLE
    if is_total(first) and (name_at is None or filled[0] < name_at or len(said) == 1):
        return TOTAL
    if is_footnote(first) and len(said) == len(filled) and all(map(_signs, said)):
        return FOOTNOTE
    is_named = name_at is not None and isinstance(name, str) and bool(name.strip()) and name.strip() != first
    if is_named and not _is_ordinal(first):
        return None
    return _without_name(cells, filled, said, name_at, titles, span)


def _without_name(
    cells: Sequence[Any], filled: list[int], said: list[str], name_at: int | None, titles: Collection[str], span: int
) -> str | None:
    """What a row is that holds at most one name, its first text."""
    first = said[0]
    if _is_ordinal(first) and len(said) > 1:
        return GROUP if len(said) == 2 and len(filled) <= 2 else None
    if is_total(first) or (len(said) > 1 and is_total(said[1]) and len(said) <= 3 and _is_short(first)):
        return TOTAL
    has_name = name_at is not None and name_at < len(cells) and cells[name_at] != ""
    if not has_name and name_at is not None and any(map(is_total, said)):
        return TOTAL
    alone = len(filled) == 1 and len(cells) > 1
    if first in titles and alone:
        return TITLE
    at = next(index for index in filled if isinstance(cells[index], str) and cells[index].strip())
    beside_name = name_at is not None and at != name_at and (cells[name_at] == "" if name_at < len(cells) else True)
    lone = len(said) == 1 and (alone or beside_name or name_at is None)
    if (alone or lone) and (is_footnote(first) or (is_day(first) and at == name_at)):
        return FOOTNOTE if not is_day(first) else GROUP
    if len(said) == 1 and _NUMBERED.fullmatch(plain(first)) and len(first) <= LONGEST:
        return GROUP
    if beside_name and len(said) == 1 and at == 0:
        return GROUP
    pattern = _SURE_GROUP if at == name_at else _GROUP
    is_title = pattern.fullmatch(plain(first)) is not None or is_place(first) or is_day(first)
    if alone and _COUNTED_TITLE.fullmatch(plain(first)) is not None:
        return GROUP
    if alone and (span >= 3 or (len(cells) > 2 and is_title)):
        return GROUP
    return None


def _signs(text: str) -> bool:
    """填表人：张三, 2022年12月: what a row of signatures below a list holds."""
    return is_footnote(text) or is_day(text) or _MONTH.fullmatch(plain(text)) is not None


def _is_short(text: str) -> bool:
    return len(text) <= 4


def _is_ordinal(text: str) -> bool:
    return _ORDINAL.fullmatch(plain(text)) is not None


def _repeats(said: list[str], filled: list[int], words: Collection[str]) -> bool:
    """Most of the cells are words of the header, or of one like it in another language."""
    if not any(_is_word(text, words) for text in said[:2]):
        return False
    known = sum(_is_word(text, words) for text in said)
    return known > 1 and known * 2 > len(filled)


def _is_word(text: str, words: Collection[str]) -> bool:
    return text in words or (len(text) <= LONGEST and any(form in words for form in forms(text)))


def _explains(said: list[str]) -> bool:
    """Advice on how to fill the columns in, or an example that says so."""
    if _EXAMPLE.fullmatch(plain(said[0])):
        return True
    advised = sum(_ADVICE.fullmatch(plain(text)) is not None for text in said)
    return len(said) > 1 and advised * 2 > len(said)
