"""Columns of 参展商."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, select

from expo_app.i18n import N_, _
from expo_app.model import Achievement, Attendee, AttendeeState, Badge, Booth, Exhibitor, ExhibitorKind, Organisation
from expo_app.rules.booth_numbers import booth_key, made_by_excel, numbers_in
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.floor import searched
from expo_app.specs.natural_order import natural
from expo_app.specs.organisations import ORGANISATIONS
from expo_app.specs.people import PEOPLE
from expo_app.specs.records import NamedBy, Parent, RecordSpec, own_name, read_name, search_of

_exhibitor = Exhibitor.__table__


def booth_numbers() -> ColumnElement[str]:
    """Numbers of the exhibitor's booths, joined by 、."""
    booth = Booth.__table__
    inner = select(booth.c.number).where(booth.c.exhibitor_id == _exhibitor.c.id).order_by(natural(booth.c.number))
    listed = inner.correlate(_exhibitor).subquery()
    return select(func.aggregate_strings(listed.c.number, "、")).scalar_subquery()


def booth_area() -> ColumnElement[float]:
    """Square metres under contract."""
    booth = Booth.__table__
    return select(func.sum(booth.c.area)).where(booth.c.exhibitor_id == _exhibitor.c.id).scalar_subquery()


APART = "、；;\n"
"""What stands between exhibits named in one text."""


def exhibit_count() -> ColumnElement[int]:
    """How many achievements its organisation shows at this expo; without any, how many exhibits its text names."""
    shown = Achievement.__table__
    entered = (
        select(func.count())
        .select_from(shown)
        .where(shown.c.owner_id == _exhibitor.c.organisation_id, shown.c.expo_id == _exhibitor.c.expo_id)
        .scalar_subquery()
    )
    text = func.trim(func.coalesce(_exhibitor.c.exhibits, ""), f"{APART} ")
    for mark in APART[1:]:
        text = func.replace(text, mark, APART[0])
    text = func.replace(text, APART[0] * 2, APART[0])
    named = func.length(text) - func.length(func.replace(text, APART[0], "")) + 1
    return case((entered > 0, entered), (func.length(text) > 0, named), else_=0)


def badge_progress() -> ColumnElement[str]:
    """Printed badges of its people out of all: "4/6"."""
    person, badge = Attendee.__table__, Badge.__table__
    own = (person.c.exhibitor_id == _exhibitor.c.id) & (person.c.state != AttendeeState.CANCELLED)
    total = select(func.count()).select_from(person).where(own).scalar_subquery()
    printed = (
        select(func.count())
        .select_from(person.join(badge, badge.c.attendee_id == person.c.id))
        .where(own, badge.c.revoked_at.is_(None), badge.c.printed_at.is_not(None))
        .scalar_subquery()
    )
    return cast(printed, String) + "/" + cast(total, String)


def main_name(named: NamedBy = own_name) -> ColumnElement[str]:
    """For a co-exhibitor: the organisation in whose booth it stands."""
    main, organisation = Exhibitor.__table__.alias("main_exhibitor"), Organisation.__table__.alias("main_organisation")
    return (
        select(named(organisation))
        .select_from(main.join(organisation, organisation.c.id == main.c.organisation_id))
        .where(main.c.id == _exhibitor.c.main_id)
        .scalar_subquery()
    )


def contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """Nobody stands in its own booth as a co-exhibitor; who brings people and products of its own exhibits (UFI)."""
    main = values.get("main")
    is_itself = bool(main) and main == values.get("organisation.name")
    found = {"main": _("联合参展于的应是另一家单位。")} if is_itself else {}
    if values.get("kind") is ExhibitorKind.REPRESENTED and values.get("brings_own"):
        found["brings_own"] = _("代表企业没有自己的人员和展品；有的话，类别改成参展商。")
    return found


def _arrived_elsewhere(given: Mapping[str, Any], old: Mapping[str, Any], facts: ExpoFacts) -> dict[str, str]:
    """An arrival at another expo."""
    at = given.get("arrived_at")
    if at is None or at == old.get("arrived_at"):
        return {}
    if not facts.holds(at):
        return {"arrived_at": _("{at} 不在展期内。").format(at=at.astimezone(facts.zone).strftime("%Y-%m-%d %H:%M"))}
    return {}


_organisation = partial(ORGANISATIONS.again, through="organisation", in_table=False, group=N_("单位"))
_contact = partial(PEOPLE.again, through="contact", in_table=False, group=N_("联系人"))

EXHIBITORS: RecordSpec = RecordSpec(
    name="exhibitors",
    model=Exhibitor,
    title=N_("参展商"),
    key=(("organisation.credit_code",), ("organisation.name",)),
    parents={
        "organisation": Parent("organisations"),
        "contact": Parent("people", {"organisation_id": "organisation_id"}),
    },
    order=("booths", "organisation.name"),
    search=lambda: search_of(
        EXHIBITORS.parent_table("organisation").c.search_text,
        EXHIBITORS.parent_table("contact").c.search_text,
        *searched(func.lower(booth_numbers())),
    ),
    chips=("region_group", "organisation.industry_id", "state", "kind"),
    icon="store-2",
    permission="exhibitors.edit",
    natural="organisation.name",
    contradictions=contradictions,
    file_problems=_arrived_elsewhere,
    fields=(
        Field(
            "booths",
            N_("展位"),
            10,
            select=booth_numbers,
            ref="booths",
            split=numbers_in,
            alike=booth_key,
            doubt=made_by_excel,
            aliases=(
                "展位号",
                "摊位号",
                "展台号",
                "展位编号",
                "展台",
                "摊位",
                "展位号码",
                "Booth",
                "Booth no.",
                "Stand",
            ),
            group=N_("参展"),
            hint=N_("多个展位用顿号分开"),
        ),
        _organisation("name", label=N_("参展单位"), in_table=True, show=""),
        Field(
            "region_group",
            N_("区域"),
            10,
            readonly=True,
            in_form=False,
            in_excel=False,
            select=lambda: EXHIBITORS.parent_table("organisation").c.region_code,
        ),
        _organisation("region_code", width=10),
        _organisation("industry_id", in_table=True),
        _organisation("kind_id", label=N_("单位类型"), aliases=("机构类型", "单位性质", "企业性质", "企业类型")),
        _organisation("credit_code"),
        _organisation("short_name"),
        _organisation("name_en", label=N_("单位英文名称")),
        _organisation("postcode"),
        Field(
            "exhibit_count", N_("展品"), 6, type=FieldType.NUMBER, readonly=True, in_form=False, select=exhibit_count
        ),
        Field("state", N_("状态"), 10, show="pill", aliases=("参展状态", "到场状态", "报名状态"), group=N_("参展")),
        Field("badges", N_("胸卡"), 10, readonly=True, in_form=False, select=badge_progress, show="bar"),
        Field("kind", N_("类别"), 10, in_table=False, aliases=("参展类别", "参展类型"), group=N_("参展")),
        Field(
            "main",
            N_("联合参展于"),
            24,
            in_table=False,
            select=main_name,
            read=partial(main_name, read_name),
            aliases=("主展商", "主参展单位"),
            group=N_("参展"),
        ),
        Field(
            "brings_own",
            N_("自有人员、自有展品"),
            10,
            in_table=False,
            aliases=("自带人员展品",),
            hint=N_("联合参展商要有自己的人员和展品，否则只是代表企业"),
            group=N_("参展"),
        ),
        _contact(
            "name",
            label=N_("联系人"),
            width=10,
            show="",
            aliases=(
                "联系人姓名",
                "姓名",
                "联络",
                "联络人",
                "对接人",
                "业务联系人",
                "负责人",
                "Contact",
                "Contact person",
            ),
        ),
        _contact("title", width=12, also=("联系人职务",)),
        _contact("phone", also=("联系人电话", "联系人手机")),
        _contact("email"),
        Field(
            "exhibits",
            N_("展品与成果"),
            36,
            in_table=False,
            aliases=(
                "展品",
                "参展产品",
                "参展内容",
                "参展展品",
                "展示内容",
                "展出内容",
                "参展项目",
                "展品介绍",
                "展品简介",
                "主要展品",
                "Products",
                "Products / Services",
                "Exhibits",
            ),
            group=N_("参展"),
        ),
        Field("wants", N_("合作需求"), 30, in_table=False, aliases=("需求", "对接需求", "寻求合作"), group=N_("参展")),
        Field(
            "area",
            N_("面积"),
            8,
            type=FieldType.NUMBER,
            places=2,
            readonly=True,
            in_table=False,
            in_form=False,
            select=booth_area,
            unit="㎡",
        ),
        Field(
            "badge_quota",
            N_("胸卡名额"),
            8,
            in_table=False,
            aliases=("证件名额", "参展证数量"),
            hint=N_("留空按参会类别的名额"),
            group=N_("参展"),
        ),
        Field("arrived_at", N_("到场时间"), 16, in_table=False, in_form=False, aliases=("签到时间", "报到时间")),
        Field("note", N_("备注"), 24, in_table=False, aliases=("说明", "备  注"), group=N_("参展")),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False),
    ),
)
