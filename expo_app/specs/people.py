"""Columns of 人员 and of 参会人员."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select

from expo_app.i18n import N_, _
from expo_app.model import Attendee, AttendeeState, Badge, CheckIn, Expo, Person, Verdict
from expo_app.rules import masks, numbering
from expo_app.rules.categories import WalkIn
from expo_app.rules.person_names import person_key
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import TAG_SEPARATORS, FieldType, read_date
from expo_app.specs.fields import Field, Unsaid
from expo_app.specs.organisations import NAME_ALIASES
from expo_app.specs.records import Parent, RecordSpec, search_of

PHONE_ALIASES = (
    "手机",
    "手机号",
    "手机号码",
    "电话",
    "联系电话",
    "联系方式",
    "移动电话",
    "联络电话",
    "联系手机",
    "电话号码",
    "Phone",
    "Mobile",
    "Tel",
    "Tel.",
    "Telephone",
)
EMAIL_ALIASES = ("邮箱", "电子邮箱", "电子邮件", "E-mail", "Email", "邮件", "电邮", "邮箱地址", "联系邮箱", "Mail")
TITLE_ALIASES = ("职位", "职务/职称", "岗位", "头衔", "职衔", "职称", "职务", "Title", "Position", "Job title")
PERSON_ALIASES = (
    "姓  名",
    "名字",
    "参会人",
    "参会人员",
    "联系人姓名",
    "人员姓名",
    "来宾姓名",
    "嘉宾姓名",
    "参会代表",
    "Name",
    "Full name",
)
CATEGORY_ALIASES = ("参会类别", "人员类别", "证件类别", "身份", "类型", "参会身份", "Category")


def check_day(text: str) -> str:
    """A day as ISO text; without its year (11-28, 11月28日) as it is, the expo's year is added when it is written."""
    if re.fullmatch(r"\d{1,2}[-/.月]\d{1,2}日?", text):
        return text
    return read_date(text).isoformat()


_DAYS = re.compile(
    r"(?:(\d{4})[-./年])?(\d{1,2})([-./月])(\d{1,2})日?\s*([-—~～至到]+)\s*(?:(?:\d{4}[-./年])?(\d{1,2})[-./月])?(\d{1,2})日?"
)


def split_days(text: str) -> list[str]:
    """The days that a text lists; from one to another within a month each day (11.13-11.15, 11月13日至15日)."""
    found = []
    for part in filter(None, map(str.strip, re.split(f"[{TAG_SEPARATORS}]+", text))):
        span = _DAYS.fullmatch(part)
        found += _each_day(span) if span is not None else [part]
    return found


def _each_day(span: re.Match[str]) -> list[str]:
    year, month, between, first, dash, month_after, last = span.groups()
    is_date = between == dash and not month_after  # 11-13-15 is no span
    if is_date or int(month_after or month) != int(month) or not int(first) <= int(last) <= LAST_OF_MONTH:
        return [span[0]]
    return [f"{year + '-' if year else ''}{month}-{day}" for day in range(int(first), int(last) + 1)]


LAST_OF_MONTH = 31


def expo_days(texts: Sequence[str], facts: Expo | ExpoFacts | None) -> list[str]:
    """Valid days as sorted ISO dates; ValueError with a sentence where one is no day, or none of the expo's."""
    begin, end = (facts.starts_on, facts.ends_on) if facts else (None, None)
    return list(_days_within(tuple(texts), begin, end))


@lru_cache(4096)
def _days_within(texts: tuple[str, ...], begin: date | None, end: date | None) -> tuple[str, ...]:
    days = set()
    for text in texts:
        match = re.fullmatch(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?", str(text).strip())
        possible = _days_meant(match, begin, end) if match else []
        if not possible:
            raise ValueError(_("“{text}”不是日期，应按“年-月-日”写。").format(text=text))
        day = min(possible, key=lambda day: _distance(day, begin or day, end or day))
        if begin and end and not begin <= day <= end:
            raise ValueError(_("{day} 不在展期内。").format(day=day.isoformat()))
        days.add(day.isoformat())
    return tuple(sorted(days))


def _days_meant(match: re.Match[str], begin: date | None, end: date | None) -> list[date]:
    """The day itself, or, of one without a year, that day in each year of the expo; none where there is no such day."""
    years = [int(match[1])] if match[1] else range(begin.year, end.year + 1) if begin and end else []
    found = []
    for year in years:
        with suppress(ValueError):
            found.append(date(year, int(match[2]), int(match[3])))
    return found


def _distance(day: date, begin: date, end: date) -> int:
    """Days outside the expo."""
    return max((begin - day).days, (day - end).days, 0)


def contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """Days on which somebody is let in are days of the expo."""
    days = values.get("valid_days")
    if facts and days:
        try:
            expo_days(days, facts)
        except ValueError as problem:
            return {"valid_days": str(problem)}
    return {}


def _badge_no(text: str) -> str:
    """A number as badges carry it, however it was typed; other texts as they are."""
    number = unicodedata.normalize("NFKC", text).upper()
    return number if numbering.parse_badge_no(number) else text


def _foreign_number(given: Mapping[str, Any], old: Mapping[str, Any], facts: ExpoFacts) -> dict[str, str]:
    """A badge number that this expo's badges cannot have."""
    number = given.get("badge_no")
    if not number or number == old.get("badge_no"):
        return {}
    parsed = numbering.parse_badge_no(number)
    if parsed and parsed[0] == facts.code:
        return {}
    wanted = numbering.badge_no(facts.code, "V", 1)
    return {"badge_no": _("本展会的证件号应如 {no}；新登记可以留空，自动编号。").format(no=wanted)}


def is_in_hand() -> ColumnElement[bool]:
    """Whether a badge's holder has it: it was handed over, or let its holder in."""
    badge, scan = Badge.__table__, CheckIn.__table__
    used = (
        select(scan.c.id)
        .where(scan.c.badge_id == badge.c.id, scan.c.verdict == Verdict.ADMITTED, scan.c.undone_at.is_(None))
        .exists()
    )
    return badge.c.handed_over_at.is_not(None) | used


def badge_state() -> ColumnElement[str]:
    """未制证 / 未打印 / 待领取 / 已领取 of the badge that is not revoked; 已打印 counts the last two together."""
    badge = Badge.__table__
    return func.coalesce(
        select(
            case(
                (is_in_hand(), literal("HANDED_OVER")),
                (badge.c.printed_at.is_not(None), literal("PRINTED")),
                else_=literal("ISSUED"),
            )
        )
        .where(badge.c.attendee_id == Attendee.__table__.c.id, badge.c.revoked_at.is_(None))
        .limit(1)
        .scalar_subquery(),
        "NONE",
    )


BADGE_STATES = {"NONE": N_("未制证"), "ISSUED": N_("未打印"), "PRINTED": N_("待领取"), "HANDED_OVER": N_("已领取")}


def show_badge_state(value: str) -> str:
    """The word for a badge state."""
    return _(BADGE_STATES[value])


def _of_badge(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of the attendee's badge that is not revoked."""
    badge = Badge.__table__
    return (
        select(column)
        .where(badge.c.attendee_id == Attendee.__table__.c.id, badge.c.revoked_at.is_(None))
        .limit(1)
        .scalar_subquery()
    )


def days_present() -> ColumnElement[int]:
    """On how many days the attendee was admitted (visits)."""
    scan = CheckIn.__table__
    return (
        select(func.count(func.distinct(scan.c.local_day)))
        .where(
            scan.c.attendee_id == Attendee.__table__.c.id,
            scan.c.verdict == Verdict.ADMITTED,
            scan.c.undone_at.is_(None),
        )
        .scalar_subquery()
    )


PEOPLE = RecordSpec(
    name="people",
    model=Person,
    title=N_("人员"),
    key=(("name", "phone"), ("name", "organisation_id")),
    scope="",
    order=("name",),
    search_words=("name", "phone", "name_en", "aliases"),
    icon="user",
    permission="attendees.edit",
    fields=(
        Field("name", N_("姓名"), 12, alike=person_key, aliases=PERSON_ALIASES, show="bold", in_parts=True),
        Field("organisation_id", N_("单位"), 30, ref="organisations", creates=True, aliases=NAME_ALIASES),
        Field("title", N_("职务"), 14, aliases=TITLE_ALIASES),
        Field("phone", N_("手机"), 14, mask="phone", type=FieldType.PHONE, aliases=PHONE_ALIASES),
        Field("email", N_("邮箱"), 22, mask="email", check=masks.check_email, aliases=EMAIL_ALIASES),
        Field("name_en", N_("英文姓名"), 18, in_table=False, aliases=("英文名", "外文姓名", "English name")),
        Field(
            "aliases",
            N_("其他写法"),
            18,
            type=FieldType.TAGS,
            in_table=False,
            aliases=("别名", "曾用名"),
            hint=N_("姓名的其他写法，查人时认得，用顿号分开"),
        ),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)

_attendee = Attendee.__table__
_person = partial(PEOPLE.again, group=N_("本人"))
ATTENDEES: RecordSpec = RecordSpec(
    name="attendees",
    model=Attendee,
    title=N_("观众登记"),
    key=(("badge_no",), ("person.name", "person.phone"), ("person.name", "organisation_id")),
    parents={"person": Parent("people", {"organisation_id": "organisation_id", "title": "title"})},
    order=("badge_no",),
    search=lambda: search_of(
        ATTENDEES.parent_table("person").c.search_text,
        ATTENDEES.parent_table("organisation").c.search_text,
        func.lower(_attendee.c.badge_no),
    ),
    chips=("category_id", "state"),
    icon="contacts-book-2",
    permission="attendees.edit",
    contradictions=contradictions,
    file_problems=_foreign_number,
    fields=(
        Field(
            "badge_no",
            N_("证件号"),
            16,
            required=False,
            in_form=False,
            is_vital=True,
            check=_badge_no,
            aliases=("胸卡号", "证件编号", "编号", "Badge no."),
        ),
        _person("name", through="person"),
        _person("organisation_id", width=32),
        _person("title"),
        Field(
            "category_id",
            N_("类别"),
            10,
            ref="categories",
            default=WalkIn(),
            was=("category",),
            aliases=CATEGORY_ALIASES,
            show="dot",
            group=N_("登记"),
        ),
        _person("phone", through="person"),
        _person("email", through="person", in_table=False),
        _person("name_en", through="person"),
        Field(
            "state",
            N_("状态"),
            10,
            show="pill",
            aliases=("报名状态", "登记状态", "审核状态"),
            group=N_("登记"),
            unsaid=Unsaid(
                N_("没有写“状态”的 {n} 人进来是待确认，确认之前各入口都不放行。"),
                N_("这 {n} 人都算已确认"),
                AttendeeState.CONFIRMED,
            ),
        ),
        Field(
            "valid_days",
            N_("有效日期"),
            24,
            type=FieldType.TAGS,
            in_table=False,
            check=check_day,
            split=split_days,
            aliases=("有效日", "参会日期", "到会日期", "参会时间", "到会时间"),
            hint=N_("留空为全部日期"),
            group=N_("登记"),
        ),
        Field(
            "badge",
            N_("胸卡"),
            10,
            readonly=True,
            in_form=False,
            select=badge_state,
            format=show_badge_state,
            show="pill",
        ),
        Field(
            "days_present", N_("到场天数"), 8, type=FieldType.NUMBER, readonly=True, in_form=False, select=days_present
        ),
        Field(
            "printed_at",
            N_("打印时间"),
            16,
            type=FieldType.MOMENT,
            readonly=True,
            in_table=False,
            in_form=False,
            in_excel=False,
            select=lambda: _of_badge(Badge.__table__.c.printed_at),
        ),
        Field(
            "print_count",
            N_("打印次数"),
            8,
            type=FieldType.NUMBER,
            readonly=True,
            in_table=False,
            in_form=False,
            in_excel=False,
            select=lambda: _of_badge(Badge.__table__.c.print_count),
        ),
        Field("source", N_("来源"), 8, readonly=True, in_form=False),
        Field("registered_at", N_("登记时间"), 16, readonly=True, in_form=False),
        Field(
            "consent",
            N_("同意隐私告知"),
            12,
            type=FieldType.BOOL,
            default=False,
            in_table=False,
            group=N_("登记"),
            select=lambda: _attendee.c.consent_at.is_not(None),
            aliases=("隐私同意", "是否同意", "授权"),
        ),
        Field("note", N_("备注"), 24, in_table=False, aliases=("说明", "备  注", "Note"), group=N_("登记")),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)
