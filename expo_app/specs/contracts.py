"""Columns of a technology contract's registration (技术合同认定登记): a list over signed deals of that kind.

What the deal itself says (title, parties, amounts, dates) is found by and shown here, and changed in the deals register
alone, where a signed deal asks for a reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, literal, select

from expo_app.i18n import N_, _
from expo_app.model import (
    SIGNED_STAGES,
    Deal,
    DealKind,
    DealParty,
    DealPatent,
    DealRegistration,
    Entry,
    Organisation,
    PartyRole,
    PatentKind,
    Registration,
    RegistryList,
)
from expo_app.rules import contract_completeness, masks, patents, regions, tech_contracts
from expo_app.rules.contract_completeness import Finding, Patent
from expo_app.specs.deals import DEALS, listed, parties
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType, clean_text
from expo_app.specs.fields import Field
from expo_app.specs.organisations import region_suggestions
from expo_app.specs.records import RecordSpec, both_names, search_of

_deal, _party, _body = Deal.__table__, DealParty.__table__, Organisation.__table__
_patent, _step = DealPatent.__table__, DealRegistration.__table__
OF_THE_DEAL = ("title", "sellers", "buyers", "amount", "tech_amount", "signed_on", "contract_no", "deal_no")
"""What is changed in the deals register alone."""
PARTY_FIELDS = {
    f"{side}_{name}": (role, column)
    for side, role in (("seller", PartyRole.SELLER), ("buyer", PartyRole.BUYER))
    for name, column in (("code", "credit_code"), ("nature", "nature"), ("region", "region_code"))
}
"""Field → the side whose first organisation it belongs to, and the column there: entered once, used again."""
MARK, EMPTY = "；", "—"
"""Between the particulars of a patent in a text of them, one patent to a line; what is not known."""
CONTRACT, TECHNOLOGY, RIGHTS, PRICE = N_("合同"), N_("技术"), N_("知识产权"), N_("定价与公示")
_BETWEEN_NUMBERS = re.compile(r"[\s、,，;；/]+")
PATENTS, SIDES, REGISTRY = N_("专利"), N_("双方"), N_("认定登记")


@dataclass(frozen=True)
class Line:
    """A contract in the register: what is asked of it, and by when the next thing is due (None: not known).

    `due` is the day to hand it in by (the organiser's), to be decided by (the office's), or corrected by, as the state
    of its registration says; `returned`: the office's words of the last time it was sent back.
    """

    findings: tuple[Finding, ...]
    due: date | None
    seller: str
    buyer: str
    returned: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def lacking(self) -> int:
        """How many items are missing or wrong."""
        return len(contract_completeness.open_ones(self.findings))

    @property
    def total(self) -> int:
        return len(self.findings)


def in_register(expo_id: Any) -> ColumnElement[bool]:
    """Valid, signed technology contracts of an expo."""
    is_contract = (_deal.c.kind == DealKind.TECH_CONTRACT) & (_deal.c.entry == Entry.VALID)
    return (_deal.c.expo_id == expo_id) & is_contract & _deal.c.stage.in_(SIGNED_STAGES)


def _of_first(role: PartyRole, column: str) -> Callable[[], ColumnElement[Any]]:
    """A column of the first organisation of a side; its nature as this contract says, else as it is kept."""

    def select_it() -> ColumnElement[Any]:
        own = _body.c[column]
        value = func.coalesce(func.nullif(_party.c.nature, ""), own) if column == "nature" else own
        return (
            select(value)
            .select_from(_party.join(_body, _body.c.id == _party.c.organisation_id))
            .where(_party.c.deal_id == _deal.c.id, _party.c.role == role)
            .order_by(_party.c.position, _party.c.id)
            .limit(1)
            .correlate(_deal)
            .scalar_subquery()
        )

    return select_it


def _last_return(column: str) -> Callable[[], ColumnElement[Any]]:
    """What the office said, of a contract that stands sent back."""

    def select_it() -> ColumnElement[Any]:
        last = (
            select(_step.c[column])
            .where(_step.c.deal_id == _deal.c.id, _step.c.state == Registration.RETURNED)
            .order_by(_step.c.at.desc(), _step.c.id.desc())
            .limit(1)
            .correlate(_deal)
            .scalar_subquery()
        )
        return case((_deal.c.registration == Registration.RETURNED, last), else_=None)

    return select_it


def _patents() -> ColumnElement[Any]:
    """The patents of a contract as `patents_text` has them."""
    kind = case(*((_patent.c.kind == member, member.value) for member in PatentKind), else_="")
    filed = func.coalesce(cast(_patent.c.filed_on, String), EMPTY)
    names = ("title", "application_no", "patent_no", "applicant", "holder")
    told = [kind, *(func.coalesce(func.nullif(_patent.c[name], ""), EMPTY) for name in names), filed]
    line = told[0]
    for part in told[1:]:
        line = line + MARK + part
    each = (
        select(line.label("line"))
        .where(_patent.c.deal_id == _deal.c.id)
        .order_by(_patent.c.position, _patent.c.id)
        .correlate(_deal)
        .subquery()
    )
    return func.coalesce(select(func.aggregate_strings(each.c.line, "\n")).scalar_subquery(), "")


def patents_text(found: Sequence[Patent]) -> str:
    """Patents as one text: kind, title, application no., patent no., applicant, holder, filing date to a line."""
    lines = []
    for one in found:
        told = (one.title, one.application_no, one.patent_no, one.applicant, one.holder)
        filed = one.filed_on.isoformat() if one.filed_on else ""
        parts = (one.kind.value, *told, filed)
        lines.append(MARK.join(part.replace(MARK, "，").replace("\n", " ") or EMPTY for part in parts))
    return "\n".join(lines)


def read_patents(text: str | None) -> list[Patent]:
    """The patents of such a text; ValueError with a sentence for a line that is none."""
    found: list[Patent] = []
    for n, line in enumerate(filter(str.strip, (text or "").splitlines()), 1):
        found += _bare_numbers(line) or [_patent_of(line, n)]
    return found


def _patent_of(line: str, number: int) -> Patent:
    parts = [clean_text(part) for part in line.replace(";", MARK).split(MARK)]
    parts = ["" if part == EMPTY else part for part in parts] + [""] * 7
    kind = next((k for k in PatentKind if parts[0] in (k.value, k.label)), None)
    if kind is None or not any(parts[1:4]) or any(parts[7:]):
        words = _("第 {n} 行不是一项专利：依次写种类、名称、申请号、专利号、申请人、权利人、申请日，用分号隔开。")
        raise ValueError(words.format(n=number))
    title, application, granted, applicant, holder, filed = parts[1:7]
    filed_on = Field("", "", type=FieldType.DATE).parse(filed) if filed else None
    numbers = [patents.plain(text) for text in (application, granted)]
    return Patent(kind, title, numbers[0][:20], numbers[1][:20], applicant[:200], holder[:200], filed_on)


def _bare_numbers(line: str) -> list[Patent]:
    """A line of numbers alone, as an office's sheet has it: their kind lies in them, the rest is still to be filled in.

    One with a wrong check digit is kept too: what is missing or wrong says the contract's materials.
    """
    found = []
    for word in _BETWEEN_NUMBERS.split(line.strip()):
        if (kind := patents.kind_of(word)) is None:
            return []
        number = patents.plain(word)
        found.append(Patent(kind, "", number, number if word.upper().startswith("ZL") else ""))
    return found


def _check_patents(text: str) -> str:
    return patents_text(read_patents(text))


def _check_number(text: str) -> str:
    """A 合同登记编号 in plain digits; ValueError with a sentence if it is none."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if not tech_contracts.is_registry_no(plain):
        raise ValueError(_("合同登记编号应为 16 位数字（早年 14 位）。"))
    return plain


def contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """What no registration is: states without their dates, days in the wrong order or still to come."""
    found: dict[str, str] = {}
    amount, tech = values.get("amount"), values.get("tech_amount")
    if tech is not None and "amount" in values and (amount is None or tech > amount):
        found["tech_amount"] = _("技术交易额不能超过成交额。")
    state = values.get("registration")
    if state is Registration.REGISTERED:
        if "registry_no" in values and not values["registry_no"]:
            found["registry_no"] = _("已登记的合同要填登记编号。")
        if "registered_on" in values and not values["registered_on"]:
            found["registered_on"] = _("已登记的合同要填登记日期。")
    if state is Registration.SUBMITTED and "submitted_on" in values and not values["submitted_on"]:
        found["submitted_on"] = _("已提交的合同要填提交日期。")
    for name, before, words in (
        ("submitted_on", "signed_on", _("提交日期不能早于签订日期。")),
        ("registered_on", "submitted_on", _("登记日期不能早于提交日期。")),
        ("registered_on", "signed_on", _("登记日期不能早于签订日期。")),
        ("valid_until", "valid_from", _("有效期止不能早于有效期起。")),
        ("public_until", "public_from", _("公示止不能早于公示起。")),
    ):
        later, earlier = values.get(name), values.get(before)
        if later and earlier and later < earlier:
            found.setdefault(name, words)
    for name in ("submitted_on", "registered_on"):
        day = values.get(name)
        if facts and day and day > facts.today:
            found[name] = _("{day} 还没有到。").format(day=day.isoformat())
    return found


def _text(name: str, label: str, width: int, group: str, **more: Any) -> Field:
    return Field(name, label, width, in_table=False, group=group, **more)


CONTRACTS: RecordSpec = RecordSpec(
    name="contracts",
    model=Deal,
    title=N_("技术合同"),
    key=(("deal_no",), ("contract_no",), ("title", "sellers", "buyers")),
    order=("-deal_no",),
    search=lambda: search_of(
        _deal.c.search_text,
        func.lower(_deal.c.deal_no),
        _deal.c.registry_no,
        parties(PartyRole.SELLER, both_names),
        parties(PartyRole.BUYER, both_names),
    ),
    search_words=("title", "contract_no"),
    scope_filter=in_register,
    chips=("registration", "contract_kind", "seller_region"),
    icon="file-list-3",
    permission="contracts.edit",
    natural="deal_no",
    contradictions=contradictions,
    fields=(
        Field("deal_no", N_("编号"), 14, required=False, in_table=False, in_form=False, aliases=("成交编号",)),
        Field(
            "materials",
            N_("登记材料"),
            12,
            readonly=True,
            in_form=False,
            in_excel=False,
            select=lambda: literal(None, String()),
        ),
        Field(
            "title",
            N_("项目名称"),
            36,
            required=False,
            in_form=False,
            aliases=("项目", "合同名称", "技术合同名称", "名称"),
        ),
        DEALS.again("contract_no", in_form=False, in_table=False, aliases=("合同号",)),
        DEALS.again("sellers", in_form=False, in_table=False, also=("卖方名称", "卖方单位", "卖方单位名称")),
        DEALS.again("buyers", in_form=False, in_table=False, also=("买方名称", "买方单位", "买方单位名称")),
        Field(
            "contract_kind",
            N_("类别"),
            12,
            show="dot",
            aliases=("合同类别", "技术合同类别", "合同类型"),
            **listed(RegistryList.KIND),
            group=CONTRACT,
        ),
        _text("contract_subkind", N_("合同子类"), 16, CONTRACT, aliases=("子类",), **listed(RegistryList.SUBKIND)),
        DEALS.again("amount", in_form=False, also=("合同成交金额",)),
        DEALS.again("tech_amount", in_form=False, in_table=True),
        Field("registration", N_("登记状态"), 10, show="pill", aliases=("状态", "认定状态"), group=REGISTRY),
        Field(
            "due",
            N_("到期"),
            12,
            type=FieldType.DATE,
            readonly=True,
            in_form=False,
            in_excel=False,
            select=lambda: literal(None, _deal.c.signed_on.type),
        ),
        DEALS.again("signed_on", in_form=False, in_table=False),
        _text("valid_from", N_("有效期起"), 12, CONTRACT, until="valid_until"),
        _text("valid_until", N_("有效期止"), 12, CONTRACT),
        _text("payment_way", N_("支付方式"), 14, CONTRACT),
        _text("plan_source", N_("计划来源"), 12, CONTRACT),
        _text("is_related_party", N_("关联交易"), 8, CONTRACT),
        _text("tech_field", N_("技术领域"), 20, TECHNOLOGY, **listed(RegistryList.TECH_FIELD)),
        _text("tech_subfield", N_("技术领域二级"), 16, TECHNOLOGY, suggestions=tuple),
        _text("social_goal", N_("社会经济目标"), 20, TECHNOLOGY, **listed(RegistryList.SOCIAL_GOAL)),
        _text("served_industry", N_("服务的国民经济行业"), 16, TECHNOLOGY, suggestions=tuple),
        _text("is_high_tech", N_("高新技术"), 8, TECHNOLOGY),
        _text("ip_kind", N_("知识产权"), 16, RIGHTS, **listed(RegistryList.IP_KIND)),
        _text("patent_registered_on", N_("专利转让登记日"), 12, RIGHTS),
        _text(
            "patents",
            N_("专利"),
            36,
            PATENTS,
            type=FieldType.LONG_TEXT,
            max_length=4000,
            select=_patents,
            check=_check_patents,
            hint=N_("一行一项：种类、名称、申请号、专利号、申请人、权利人、申请日，用分号隔开"),
        ),
        _text("pricing_way", N_("定价方式"), 12, PRICE),
        _text("public_from", N_("公示起"), 12, PRICE, until="public_until"),
        _text("public_until", N_("公示止"), 12, PRICE),
        *(
            field
            for side, words in (
                ("seller", (N_("卖方信用代码"), N_("卖方性质"), N_("卖方地区"))),
                ("buyer", (N_("买方信用代码"), N_("买方性质"), N_("买方地区"))),
            )
            for field in (
                _text(
                    f"{side}_code",
                    words[0],
                    22,
                    SIDES,
                    max_length=18,
                    aliases=(f"{words[0][:2]}统一社会信用代码",),
                    hint=N_("几家时这里是第一家，其余到单位名录里填"),
                    select=_of_first(*PARTY_FIELDS[f"{side}_code"]),
                    check=masks.check_credit_code,
                ),
                _text(
                    f"{side}_nature",
                    words[1],
                    20,
                    SIDES,
                    max_length=40,
                    select=_of_first(*PARTY_FIELDS[f"{side}_nature"]),
                    **listed(RegistryList.NATURE),
                ),
                _text(
                    f"{side}_region",
                    words[2],
                    12,
                    SIDES,
                    max_length=6,
                    aliases=(f"{words[0][:2]}地区代码", f"{words[0][:2]}行政区划"),
                    select=_of_first(*PARTY_FIELDS[f"{side}_region"]),
                    check=regions.parse_region,
                    format=regions.region_name,
                    suggestions=region_suggestions,
                    is_place=True,
                ),
            )
        ),
        _text("registry_office", N_("登记机构"), 20, REGISTRY),
        _text("submitted_on", N_("提交日期"), 12, REGISTRY),
        _text("registered_on", N_("登记日期"), 12, REGISTRY, aliases=("认定日期", "认定登记日期")),
        _text(
            "registry_no",
            N_("合同登记编号"),
            20,
            REGISTRY,
            check=_check_number,
            format=contract_completeness.grouped_number,
            aliases=("登记编号", "认定登记编号", "登记号"),
        ),
        _text("certificate_state", N_("证明状态"), 12, REGISTRY),
        _text(
            "office_words",
            N_("登记机构意见"),
            30,
            REGISTRY,
            max_length=1000,
            type=FieldType.LONG_TEXT,
            select=_last_return("words"),
            aliases=("退回原因", "审核意见", "意见"),
        ),
        _text(
            "correct_by",
            N_("补正到"),
            12,
            REGISTRY,
            type=FieldType.DATE,
            select=_last_return("correct_by"),
            aliases=("补正期限",),
        ),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False),
    ),
)
"""技术合同."""
