"""Columns of 联盟与共同体: the bodies, who belongs to them, what they build together, and agreements of equals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, and_, case, cast, func, null, select

from expo_app.i18n import N_, Labelled, _
from expo_app.model import (
    SIGNED_STAGES,
    Agreement,
    AgreementParty,
    Alliance,
    AllianceMember,
    Deal,
    DealParty,
    Entry,
    JointPlatform,
    Organisation,
    PartyRole,
)
from expo_app.model.base import PARTIAL_DAY
from expo_app.rules import memberships, partial_days
from expo_app.rules.parties import each_party
from expo_app.specs.child_lines import EMPTY, MARK, Lines, Values
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.names import name_key
from expo_app.specs.organisations import ENGLISH_ALIASES, NAME_ALIASES, ORGANISATIONS
from expo_app.specs.organisations import NAME_LENGTH as BODY_LENGTH
from expo_app.specs.parks import SAMPLE, day_field, region_field, source_field
from expo_app.specs.records import RecordSpec, search_of

_alliance, _member, _platform, _agreement = (
    model.__table__ for model in (Alliance, AllianceMember, JointPlatform, Agreement)
)
ALLIANCE_ALIASES = ("联盟", "共同体", "所属联盟", "联盟名称", "联盟或共同体", "Alliance")
PLATFORM_KINDS = (
    N_("产业技术研究院"), N_("工程技术研究中心"), N_("重点实验室"), N_("区域创新服务中心"), N_("孵化器"),
)  # fmt: skip
"""Kinds that a form offers; an organiser's own word does as well."""


FOUNDED = ("founded",)


def alliance_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """What is founded was founded on a day that has come."""
    return partial_days.to_come(values, FOUNDED, facts.latest if facts else None)


ALLIANCES: RecordSpec = RecordSpec(
    name="alliances",
    model=Alliance,
    title=N_("联盟与共同体"),
    key=(("name",),),
    scope="",
    needs_expo=False,
    order=("name",),
    search_words=("name", "name_en", "secretariat"),
    icon="team",
    permission="alliances.edit",
    contradictions=alliance_contradictions,
    fields=(
        Field("name", N_("名称"), 30, show="bold", aliases=("联盟名称", "共同体名称", "联盟", "Alliance", "Name")),
        Field("kind", N_("类型"), 10, show="pill", aliases=("类别", "性质", "Kind", "Type")),
        day_field("founded", N_("成立"), aliases=("成立日期", "成立时间", "揭牌日期", "Founded", "Established on")),
        Field("founding", N_("怎样成立"), 16, hint=N_("成立、揭牌、成立大会……"), aliases=("成立方式", "成立活动")),
        Field("secretariat", N_("秘书处"), 24, aliases=("秘书处地址", "常设机构", "办公地点", "Secretariat")),
        Field("members", N_("成员"), 8, type=FieldType.NUMBER, readonly=True, in_form=False, in_excel=False,
              select=null),
        Field("platforms", N_("共建平台"), 8, type=FieldType.NUMBER, readonly=True, in_form=False, in_excel=False,
              select=null),
        Field("purpose", N_("宗旨"), 40, in_table=False, aliases=("目的", "简介", "说明", "Purpose")),
        Field("name_en", N_("英文名称"), 30, in_table=False, aliases=ENGLISH_ALIASES),
        source_field(in_table=False),
        SAMPLE,
    ),
)  # fmt: skip
"""`members` and `platforms` count on a day and by the sample rule: the page fills them in."""


# --- members ----------------------------------------------------------------------------------------------------------
def member_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """Who left left after joining."""
    since, until = values.get("since") or "", values.get("until") or ""
    if since and until and not memberships.is_in_order(since, until):
        return {"until": _("退出不能早于加入。")}
    return {}


MEMBERS: RecordSpec = RecordSpec(
    name="members",
    model=AllianceMember,
    title=N_("联盟成员"),
    key=(("alliance_id", "organisation_id", "since"), ("alliance_id", "organisation_id")),
    scope="",
    needs_expo=False,
    order=("alliance_id", "since", "organisation_id"),
    search=lambda: search_of(
        MEMBERS.joined["organisation_id"].c.search_text, MEMBERS.joined["alliance_id"].c.search_text,
        func.lower(_member.c.certificate_no),
    ),
    icon="team",
    permission="alliances.edit",
    natural="certificate_no",
    contradictions=member_contradictions,
    fields=(
        Field("alliance_id", N_("联盟或共同体"), 24, ref="alliances", is_vital=True, aliases=ALLIANCE_ALIASES),
        Field("organisation_id", N_("成员"), 30, ref="organisations", creates=True, show="bold", is_vital=True,
              aliases=("成员单位", "会员单位", "会员", "Member", *NAME_ALIASES)),
        Field("role", N_("角色"), 8, show="pill", aliases=("身份", "成员角色", "职务", "会员类别", "Role")),
        ORGANISATIONS.again("region_code", through="organisation", in_form=False),
        day_field("since", N_("加入"),
                  aliases=("加入日期", "加入时间", "入会时间", "入会日期", "起", "Since")),
        day_field("until", N_("退出日期"), is_deadline=True, hint=N_("还在的留空；换角色的写到那天，再录一条"),
                  aliases=("退出时间", "退会时间", "退出", "止", "Left", "Leave", "Until")),
        Field("certificate_no", N_("证书编号"), 10, in_table=False, hint=N_("留空自动编号，每个联盟各自编"),
              aliases=("成员证号", "会员证号", "编号", "成员编号", "会员编号", "Certificate no.")),
        Field("note", N_("备注"), 24, in_table=False, aliases=("说明",)),
        source_field(in_table=False),
        SAMPLE,
    ),
)  # fmt: skip
"""One role of a body for one span of time; another role is another record."""


# --- platforms --------------------------------------------------------------------------------------------------------
REACHED = ("state_since",)


def platform_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """What was reached was reached on a day that has come."""
    return partial_days.to_come(values, REACHED, facts.latest if facts else None)


PLATFORMS: RecordSpec = RecordSpec(
    name="platforms",
    model=JointPlatform,
    title=N_("共建平台"),
    key=(("alliance_id", "title"),),
    scope="",
    needs_expo=False,
    order=("alliance_id", "title"),
    search=lambda: search_of(
        func.lower(_platform.c.title), func.lower(_platform.c.kind), PLATFORMS.joined["alliance_id"].c.search_text,
        PLATFORMS.joined["lead_id"].c.search_text,
    ),
    chips=("state", "alliance_id"),
    icon="building-4",
    permission="alliances.edit",
    natural="title",
    contradictions=platform_contradictions,
    fields=(
        Field("title", N_("平台名称"), 30, show="bold", aliases=("平台", "共建平台", "名称", "Platform")),
        Field("alliance_id", N_("联盟或共同体"), 24, ref="alliances", is_vital=True, aliases=ALLIANCE_ALIASES),
        Field("kind", N_("平台类型"), 16, suggestions=lambda: [_(words) for words in PLATFORM_KINDS],
              aliases=("类型", "类别", "Kind")),
        region_field("region_code", N_("地区"), aliases=("所在地", "所在地区", "Region")),
        Field("state", N_("进展"), 8, show="pill",
              aliases=("状态", "阶段", "建设进展", "建设阶段", "建设状态", "State")),
        Field("state_since", N_("起始日期"), 12, is_vital=True, is_beginning=True,
              hint=N_("到这一步的日期；留空是今天"), aliases=("进入日期", "状态日期", "Since")),
        Field("lead_id", N_("牵头单位"), 24, ref="organisations", creates=True, in_table=False,
              aliases=("建设单位", "承建单位", "Lead")),
        Field("note", N_("备注"), 24, in_table=False, aliases=("说明",)),
        source_field(in_table=False),
        SAMPLE,
    ),
)  # fmt: skip


# --- agreements -------------------------------------------------------------------------------------------------------
PARTY_COLUMNS = tuple(f"{n}方" for n in "甲乙丙丁戊己庚辛壬癸") + tuple(f"Party {n}" for n in "ABCDEFGHIJ")
"""Columns that hold a party each."""


class Signature(Labelled):
    """Whether a party has signed."""

    SIGNED = N_("已签")
    OPEN = N_("待签")


_LINE_MARKS, _DAY = re.compile("[；;]"), re.compile(r"\d{4}")
_STATE = Field("state", N_("签署"), 8, type=FieldType.ENUM, choices=Signature, default=Signature.OPEN)


def _is_state(text: str) -> bool:
    try:
        return text in ("", EMPTY) or isinstance(_STATE.parse(text), Signature)
    except ValueError:
        return False


def _name_of(table: FromClause) -> ColumnElement[Any]:
    body = Organisation.__table__.alias("line_body")
    return select(body.c.name).where(body.c.id == table.c.organisation_id).correlate(table).scalar_subquery()


def _names_alone(line: str) -> list[dict[str, Any]] | None:
    """Parties of which a list says the names alone, by any marks (甲区、乙市；丙县); None of one with more in it.

    More is what stands where the state does: a state, nothing, or a day anywhere behind the name.
    """
    _first, *behind = _LINE_MARKS.split(line)
    if behind and (_is_state(behind[0].strip()) or any(map(_DAY.search, behind))):
        return None
    open_one = {"state": Signature.OPEN, "signed": "", "signer": ""}
    return [{"organisation": name, **open_one} for name in each_party(line)] or None


def _parties_hold(rows: Sequence[Values]) -> None:
    """Who has not signed yet has no day of it, and two spellings of one body are one party."""
    for row in rows:
        if row["signed"] and row["state"] is not Signature.SIGNED:
            words = _("“{name}”写了签署日期，却是待签。已签的改为已签，没签的去掉日期。")
            raise ValueError(words.format(name=row["organisation"]))
    seen: set[str] = set()
    for row in rows:
        if name_key(row["organisation"]) in seen:
            raise ValueError(_("签约方“{name}”写了两遍，去掉一个。").format(name=row["organisation"]))
        seen.add(name_key(row["organisation"]))


PARTIES = Lines(
    AgreementParty,
    "agreement_id",
    (
        Field("organisation", N_("签约方"), 24, max_length=BODY_LENGTH, required=True),
        _STATE,
        Field("signed", N_("签署日期"), 12, check=partial_days.parse, max_length=PARTIAL_DAY, default=""),
        Field("signer", N_("签署人"), 10, max_length=60, default=""),
    ),
    same=(),
    select_as={
        "organisation": _name_of,
        "state": lambda table: case((table.c.is_signed, Signature.SIGNED.name), else_=Signature.OPEN.name),
    },
    loose=_names_alone,
    check=_parties_hold,
    example=N_("甲区人民政府；已签；2021-06-08\n乙市人民政府、丙县人民政府"),
)
_deal = Deal.__table__.alias("agreed_deal")


def _of_deal(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Something of the deal that an agreement is."""
    return select(column).where(_deal.c.id == _agreement.c.deal_id).correlate(_agreement).scalar_subquery()


def deal_is_signed(deal: FromClause) -> ColumnElement[bool]:
    """Whether the parties of a deal have signed it."""
    return and_(deal.c.entry == Entry.VALID, deal.c.stage.in_(SIGNED_STAGES))


def _day(deal: FromClause) -> ColumnElement[str]:
    return func.coalesce(cast(deal.c.signed_on, String), "")


def _parties_of_deal() -> ColumnElement[str]:
    """The parties of the deal as lines of `PARTIES`."""
    part, body, deal = DealParty.__table__, Organisation.__table__.alias("dealing"), Deal.__table__.alias("dealt")
    state = case((deal_is_signed(deal), Signature.SIGNED.name), else_=Signature.OPEN.name)
    cells = (body.c.name, state, _day(deal), part.c.signer)
    line: ColumnElement[Any] | None = None
    for cell in cells:
        text = func.coalesce(func.nullif(cell, ""), EMPTY)
        line = text if line is None else line + MARK + text
    joined = part.join(body, body.c.id == part.c.organisation_id).join(deal, deal.c.id == part.c.deal_id)
    each = select(line.label("line")).select_from(joined)  # type: ignore[union-attr]
    each = each.where(part.c.deal_id == _agreement.c.deal_id, part.c.role != PartyRole.WITNESS).correlate(_agreement)
    ordered = each.order_by(part.c.role, part.c.position, part.c.id).subquery()
    return func.coalesce(select(func.aggregate_strings(ordered.c.line, "\n")).scalar_subquery(), "")


def _said(own: ColumnElement[Any], of_deal: ColumnElement[Any]) -> ColumnElement[Any]:
    """What the agreement says, or the deal that it is."""
    return case((_agreement.c.deal_id.is_(None), own), else_=of_deal)


def _party_words() -> ColumnElement[str]:
    """By which words the parties are found."""
    part, body = AgreementParty.__table__, Organisation.__table__.alias("agreeing")
    words = select(body.c.search_text).select_from(part.join(body, body.c.id == part.c.organisation_id))
    own = words.where(part.c.agreement_id == _agreement.c.id).correlate(_agreement).subquery()
    dealt, other = DealParty.__table__, Organisation.__table__.alias("dealing_body")
    others = select(other.c.search_text).select_from(dealt.join(other, other.c.id == dealt.c.organisation_id))
    of_deal = others.where(dealt.c.deal_id == _agreement.c.deal_id).correlate(_agreement).subquery()
    told = (select(func.aggregate_strings(some.c.search_text, " ")).scalar_subquery() for some in (own, of_deal))
    return search_of(*told)


SIGNED = ("signed",)
FEWEST = 2
"""Parties without which nothing is signed."""


def to_come_of(parties: Sequence[Values], latest: date | None) -> str:
    """What is said of a party that is to have signed on a day still to come; "" of none."""
    found = (partial_days.to_come(row, SIGNED, latest) for row in parties)
    return next((words for one in found for words in one.values()), "")


def too_few(signed: str, parties: Sequence[Values]) -> str:
    """Why an agreement cannot say that it is signed, by a day or by a party; "" where it can."""
    if len(parties) >= FEWEST or not (signed or any(row["state"] is Signature.SIGNED for row in parties)):
        return ""
    return _("签了的协议至少有两个签约方，这里有 {n} 个。没签的不写签署日期和已签。").format(n=len(parties))


def agreement_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """It ends after it was signed, by at least two, on days that have come; one without an amount says none."""
    if values.get("amount") == 0:
        return {"amount": _("没有金额的留空，不写 0。")}
    rows = PARTIES.rows(values.get("parties")) if not values.get("deal_id") else []
    if words := to_come_of(rows, facts.latest if facts else None):
        return {"parties": words}
    if "parties" in values and not values.get("deal_id") and (words := too_few(values.get("signed") or "", rows)):
        return {"parties": words}
    signed, until = values.get("signed") or "", values.get("valid_until")
    if signed and until and until < partial_days.first_day(signed):
        return {"valid_until": _("有效期至不能早于签署日期。")}
    return partial_days.to_come(values, SIGNED, facts.latest if facts else None)


OF_DEALS = ("parties", "signed", "amount")
"""Fields that an agreement which is a deal has of it."""
WHAT, SIGNING = N_("协议"), N_("签署")

AGREEMENTS: RecordSpec = RecordSpec(
    name="agreements",
    model=Agreement,
    title=N_("合作协议"),
    key=(("title",),),
    scope="",
    needs_expo=False,
    order=("-signed", "title"),
    search=lambda: search_of(_agreement.c.search_text, _party_words()),
    search_words=("title", "title_en", "place"),
    icon="article",
    permission="alliances.edit",
    natural="title",
    contradictions=agreement_contradictions,
    fields=(
        Field("title", N_("协议名称"), 40, show="bold", group=WHAT,
              aliases=("协议", "名称", "标题", "合作协议", "Agreement", "Title")),
        Field("alliance_id", N_("联盟或共同体"), 24, ref="alliances", aliases=ALLIANCE_ALIASES, group=WHAT),
        Field("parties", N_("签约方"), 40, type=FieldType.LINES, lines=PARTIES, is_vital=True, in_table=False,
              hint=N_("按协议文本的次序，各方同等；只写名称的用顿号、逗号或分号隔开，算待签"), group=SIGNING,
              in_parts=True,
              aliases=("签署方", "各方", "协议方", "参与方", "签约单位", "Parties", *PARTY_COLUMNS),
              select=lambda: _said(PARTIES.select(_agreement), _parties_of_deal())),
        day_field("signed", N_("签署日期"), group=SIGNING,
                  aliases=("签订日期", "签约日期", "签署时间", "签约时间", "Signed on"),
                  select=lambda: _said(_agreement.c.signed, _of_deal(_day(_deal)))),
        Field("place", N_("签署地点"), 16, aliases=("地点", "签约地点", "Place"), group=SIGNING),
        Field("amount", N_("金额"), 12, unit=N_("万元"), hint=N_("没有金额的留空，留空不是 0"), is_vital=True,
              group=SIGNING, aliases=("协议金额", "合同金额", "Amount"),
              select=lambda: _said(_agreement.c.amount, _of_deal(case((_deal.c.entry != Entry.VOID, _deal.c.amount))))),
        Field("valid_until", N_("有效期至"), 12, is_vital=True, is_deadline=True, in_table=False,
              aliases=("有效期", "到期日"), group=WHAT),
        Field("deal_id", N_("成交编号"), 12, ref="deals", is_vital=True, group=SIGNING,
              hint=N_("在本届展会签的，选成交台账里的那一项：签约方、日期和金额都是它的，这里不再写"),
              aliases=("签约编号", "来自成交", "Deal no.")),
        Field("summary", N_("主要内容"), 40, in_table=False, aliases=("内容", "摘要", "说明", "Summary"), group=WHAT),
        Field("title_en", N_("英文名称"), 30, in_table=False, aliases=ENGLISH_ALIASES, group=WHAT),
        source_field(in_table=False, group=WHAT),
        SAMPLE,
    ),
)  # fmt: skip
"""One that was signed at an expo of this file is its deal: parties, day and amount are the deal's."""
