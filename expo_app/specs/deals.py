"""Columns of 签约项目, with those of a technology contract (技术合同认定登记)."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func

from expo_app.i18n import N_, _, in_every_language
from expo_app.model import Deal, DealKind, DealParty, DealStage, Entry, PartyRole, RegistryList
from expo_app.rules import currencies, tech_contracts
from expo_app.rules.amounts import convert, in_words
from expo_app.rules.parties import split_parties
from expo_app.rules.registry_lists import Lists, shipped
from expo_app.specs import confidential, deals_signing
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.names import name_key
from expo_app.specs.organisations import check_names, names_in
from expo_app.specs.records import NamedBy, RecordSpec, Sides, both_names, own_name, read_name, search_of

_deal = Deal.__table__
_CODE = re.compile(r"^[0-9A-Z]{1,6}[\s.．、:：—-]*(?=[\u3400-\u9fff])")
"""The 01 of “01 电子信息”: an office's code before the word."""


PARTIES = {
    "sellers": PartyRole.SELLER, "buyers": PartyRole.BUYER, "others": PartyRole.PARTY, "witnesses": PartyRole.WITNESS,
}  # fmt: skip
"""Fields that hold names of organisations joined by 、, by their part in the deal."""


OF_LISTS = {
    "contract_kind": RegistryList.KIND, "contract_subkind": RegistryList.SUBKIND, "tech_field": RegistryList.TECH_FIELD,
    "ip_kind": RegistryList.IP_KIND, "social_goal": RegistryList.SOCIAL_GOAL, "seller_nature": RegistryList.NATURE,
    "buyer_nature": RegistryList.NATURE,
}  # fmt: skip
"""Field → the office's list it is chosen from."""
NO_LIST = N_("可直接填；清单向登记机构要，导入登记清单")


def parties(role: PartyRole, named: NamedBy = own_name) -> ColumnElement[str]:
    """Names of the organisations in this role, in order, joined by 、."""
    return names_in(DealParty.__table__, "deal_id", _deal, role, named)


def listed(of: RegistryList, is_closed: bool = False, lists: Callable[[], Lists] = shipped) -> dict[str, Any]:
    """What a field of the registry's words says: kept in Chinese, offered and shown in the language, read from any.

    `is_closed`: any other word is refused. `lists`: what ships, until a file says what it has (`chosen_from`).
    """

    def words() -> tuple[str, ...]:
        return lists().names(of)

    def known(text: str) -> str:
        asked = text.casefold()
        return next((word for word in words() if asked in map(str.casefold, in_every_language(word))), "")

    def own(text: str) -> str:
        found = known(text) or known(_CODE.sub("", text))
        if is_closed and not found:
            choices = "、".join(map(_, words()))
            raise ValueError(_("没有“{text}”这一项，可填：{choices}。").format(text=text, choices=choices))
        return found or text

    return {
        "suggestions": lambda: [_(word) for word in words()], "format": _, "check": own, "is_closed": is_closed,
        "hint": "" if words() else NO_LIST,
    }  # fmt: skip


def _check_registry_no(text: str) -> str:
    """A 合同登记编号 in plain digits; ValueError with a sentence if it is none."""
    text = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    if not tech_contracts.is_registry_no(text):
        raise ValueError(_("合同登记编号应为 16 位数字（早年 14 位）。"))
    return text


def _side(word: str, told: Sequence[str]) -> str | None:
    """The field of 甲方 or 乙方, as the kind of contract or the title tells who commissions or assigns."""
    first_buys = next((buys for text in told if (buys := tech_contracts.first_party_buys(text)) is not None), None)
    if first_buys is None:
        return None
    return "buyers" if first_buys is (word == "甲方") else "sellers"


def chosen_from(lists: Lists, spec: RecordSpec) -> RecordSpec:
    """The spec with the registry's words as these lists have them."""
    fields = (
        replace(field, **listed(of, field.is_closed, lambda: lists)) if (of := OF_LISTS.get(field.name)) else field
        for field in spec.fields
    )
    return replace(spec, fields=tuple(fields))


SIGNED = (
    "title", "kind", "sellers", "buyers", "others", "amount", "currency", "foreign_amount", "rate", "tech_amount",
    "signed_on", "contract_no", "is_prior", "prior_note",
)  # fmt: skip
"""What was signed: of a signed deal it changes with a reason alone, and in the deals register alone. What is said of a
contract for its registration is not."""
TERM = ("valid_from", "valid_until")
"""Of what was signed, what may be filled in later where nothing is said of it."""


def of_what_was_signed(current: Mapping[str, Any], changes: Collection[str]) -> list[str]:
    """Which of the changes to a deal that stands so are changes of what was signed."""
    return [n for n in (*SIGNED, *TERM) if n in changes and (n in SIGNED or current.get(n) is not None)]


def contradictions(
    values: Mapping[str, Any], facts: ExpoFacts | None = None, lists: Lists | None = None
) -> dict[str, str]:
    """What no deal is: amounts, currency, dates, stage, kind, parties and signatories that exclude each other."""
    found: dict[str, str] = {}
    amount, tech = values.get("amount"), values.get("tech_amount")
    if tech is not None and "amount" in values and (amount is None or tech > amount):
        found["tech_amount"] = _("技术交易额不能超过成交额。")
    if values.get("stage") is DealStage.REGISTERED and values.get("kind") not in (None, DealKind.TECH_CONTRACT):
        found["stage"] = _("只有技术合同可以认定登记。")
    start, end = values.get("valid_from"), values.get("valid_until")
    if start and end and end < start:
        found["valid_until"] = _("有效期止不能早于有效期起。")
    signed_on = values.get("signed_on")
    if facts and signed_on and signed_on > max(facts.today, facts.ends_on):
        found["signed_on"] = _("签订日期 {day} 还没有到。").format(day=signed_on.isoformat())
    sellers, buyers = (by_spelling(values.get(side)) for side in ("sellers", "buyers"))
    if both := sellers.keys() & buyers.keys():
        found["buyers"] = _("“{name}”不能既是卖方又是买方。").format(name=buyers[min(both)])
    found |= deals_signing.too_many(values)
    return (
        found
        | _of_money(values, facts)
        | _out_of_time(values.get("contract_kind"), values.get("contract_subkind"), signed_on, lists or shipped())
    )


def _of_money(values: Mapping[str, Any], facts: ExpoFacts | None) -> dict[str, str]:
    """Currency, own amount and rate that do not go together."""
    found: dict[str, str] = {}
    currency = values.get("currency") or currencies.HOME
    foreign, rate, day = values.get("foreign_amount"), values.get("rate"), values.get("rate_on")
    if currency == currencies.HOME and foreign is not None:
        found["foreign_amount"] = _("填了原币金额，要选外币的币种。")
    if currency == currencies.HOME and rate is not None:
        found["rate"] = _("人民币没有汇率，去掉汇率或选外币的币种。")
    if currency != currencies.HOME and foreign is None and values.get("amount") is not None:
        found["amount"] = _("币种是 {code}，要填原币金额；已折成人民币的，币种选 CNY。").format(code=currency)
    if rate is not None and rate <= 0:
        found["rate"] = _("汇率要大于 0。")
    if facts and day and day > facts.today:
        found["rate_on"] = _("汇率日期 {day} 还没有到。").format(day=day.isoformat())
    return found


def by_spelling(names: str | None) -> dict[str, str]:
    """Names by what their spellings have in common."""
    return {name_key(name): name for name in split_parties(names or "")}


def _out_of_time(kind: str | None, subkind: str | None, day: date | None, lists: Lists) -> dict[str, str]:
    """Words of the registry that were not in force on the day of signing."""
    if day is None or kind not in lists.names(RegistryList.KIND):
        return {}
    kinds = lists.names(RegistryList.KIND, day)
    if kind not in kinds:
        words = _("{year} 年签订的合同没有“{kind}”这一类，可填：{choices}。")
        return {"contract_kind": words.format(year=day.year, kind=_(kind), choices="、".join(map(_, kinds)))}
    subkinds = lists.names(RegistryList.SUBKIND, day, kind)
    if subkind not in subkinds and subkind in lists.names(RegistryList.SUBKIND):
        words = _("{year} 年的“{kind}”没有子类“{subkind}”，可填：{choices}。")
        choices = "、".join(map(_, subkinds))
        return {"contract_subkind": words.format(year=day.year, kind=_(kind), subkind=_(subkind), choices=choices)}
    return {}


def lacking(values: Mapping[str, Any]) -> dict[str, str]:
    """What a valid entry needs before it may count, by field."""
    found: dict[str, str] = {}
    if values.get("entry") is not Entry.VALID:
        return found
    others = split_parties(values.get("others") or "")
    if values.get("kind") is DealKind.FRAMEWORK:
        if len(others) < 2:
            found["others"] = _("框架协议至少填两家签约方。")
    elif not others:
        for name, role in (("sellers", PartyRole.SELLER), ("buyers", PartyRole.BUYER)):
            if not values.get(name):
                found[name] = _("请填{role}。").format(role=role.label)
    if values.get("stage") is not DealStage.INTENT and not values.get("signed_on"):
        found["signed_on"] = _("已签约的项目要填签订日期。")
    if values.get("rate") is not None:
        asked = {"rate_on": _("请填汇率是哪天的。"), "rate_source": _("请填汇率的来源，如中国外汇交易中心中间价。")}
        found |= {name: words for name, words in asked.items() if not values.get(name)}
    if values.get("is_prior") and not values.get("prior_note"):
        found["prior_note"] = _("请写明此前何时在何地签约。")
    return found


def in_yuan(values: Mapping[str, Any]) -> dict[str, Any]:
    """`amount` of a deal in another currency: its own amount at its rate, exact; None while there is no rate.

    Empty where nothing is to be worked out: in yuan, or the own amount is not known.
    """
    foreign, rate = values.get("foreign_amount"), values.get("rate")
    if (values.get("currency") or currencies.HOME) == currencies.HOME or foreign is None:
        return {}
    return {"amount": None if rate is None else convert(foreign, rate)}


def _converted(given: Mapping[str, Any], old: Mapping[str, Any], facts: ExpoFacts) -> dict[str, str]:
    """An amount in a file that is not what its own amount and rate make."""
    worked_out = in_yuan({**old, **given})
    if given.get("amount") is None or worked_out.get("amount", given["amount"]) == given["amount"]:
        return {}
    words = _("外币项目的成交额由原币金额和汇率算出：{amount}。")
    return {"amount": words.format(amount=in_words(worked_out["amount"]))}


def rate_doubt(rate: Decimal | None) -> str:
    """What is to be checked of a rate that no currency has for one unit, many being quoted per 100; else ""."""
    if rate is None or LEAST_RATE <= rate <= MOST_RATE:
        return ""
    return _("汇率 {rate} 少见，请核对：填 1 单位外币合多少元，不是 100 单位。").format(rate=rate)


def _remarks(given: Mapping[str, Any], old: Mapping[str, Any], facts: ExpoFacts) -> dict[str, str]:
    doubt = rate_doubt(given.get("rate"))
    return _converted(given, old, facts) | ({"rate": doubt} if doubt else {})


LEAST_RATE, MOST_RATE = Decimal("0.0001"), 1000
CONTRACT, MONEY, SIGNING, REGISTRY = N_("合同"), N_("金额"), N_("签约"), N_("认定登记")


def _search(named: Callable[[PartyRole], ColumnElement[str]]) -> ColumnElement[str]:
    return search_of(
        _deal.c.search_text,
        func.lower(_deal.c.deal_no),
        *map(named, (PartyRole.SELLER, PartyRole.BUYER, PartyRole.PARTY)),
        func.lower(_deal.c.currency),
        func.lower(_deal.c.prior_note),
    )


def _open_parties(role: PartyRole) -> ColumnElement[str]:
    """Parties of one role but where a lot keeps them secret."""
    names, secret = parties(role, both_names), confidential.OF_SIDE.get(role)
    return confidential.unless(secret, names) if secret else names


DEALS: RecordSpec = RecordSpec(
    name="deals",
    model=Deal,
    title=N_("成交台账"),
    key=(("deal_no",), ("contract_no",), ("title", "sellers", "buyers")),
    order=("-deal_no",),
    search=lambda: _search(lambda role: parties(role, both_names)),
    open_search=lambda: _search(_open_parties),
    search_words=("title", "contract_no", "witness"),
    chips=("entry", "stage", "kind"),
    icon="hand-coin",
    permission="deals.edit",
    natural="deal_no",
    also_by="title",
    contradictions=contradictions,
    lacking=lacking,
    file_remarks=_remarks,
    sides=Sides(("甲方", "乙方"), ("sellers", "buyers"), ("contract_kind", "contract_subkind", "kind", "title"), _side),
    fields=(
        Field("deal_no", N_("编号"), 14, required=False, in_form=False, aliases=("登记编号",)),
        Field("entry", N_("登记"), 8, show="pill", in_form=False, aliases=("登记状态",)),
        Field("stage", N_("阶段"), 8, show="pill", aliases=("状态", "签约阶段", "项目阶段"), group=CONTRACT),
        Field(
            "title",
            N_("项目名称"),
            36,
            aliases=("项目", "合同名称", "签约项目", "名称", "签约项目名称", "标的名称", "拍品", "Project"),
            group=CONTRACT,
        ),
        Field("kind", N_("类型"), 14, aliases=("签约类型", "项目类型"), group=CONTRACT),
        Field(
            "sellers",
            N_("卖方 / 受托方"),
            22,
            secret=confidential.OF_SIDE[PartyRole.SELLER],
            select=lambda: parties(PartyRole.SELLER),
            read=lambda: parties(PartyRole.SELLER, read_name),
            check=check_names,
            lists="organisations",
            split=split_parties,
            aliases=(
                "卖方",
                "受托方",
                "让与方",
                "转让方",
                "出让方",
                "供给方",
                "技术输出方",
                "供方",
                "成果方",
                "技术出让方",
                "转让单位",
                "出让单位",
                "权利人",
                "委托拍卖人",
                "Seller",
                "Licensor",
            ),
            group=CONTRACT,
        ),
        Field(
            "buyers",
            N_("买方 / 委托方"),
            22,
            secret=confidential.OF_SIDE[PartyRole.BUYER],
            select=lambda: parties(PartyRole.BUYER),
            read=lambda: parties(PartyRole.BUYER, read_name),
            check=check_names,
            lists="organisations",
            split=split_parties,
            aliases=(
                "买方",
                "委托方",
                "受让方",
                "技术吸纳方",
                "购买方",
                "技术受让方",
                "需求方",
                "技术需求方",
                "需方",
                "受让单位",
                "竞得人",
                "买受人",
                "Buyer",
                "Licensee",
            ),
            group=CONTRACT,
        ),
        Field(
            "others",
            N_("签约各方"),
            36,
            in_table=False,
            type=FieldType.LONG_TEXT,
            select=lambda: parties(PartyRole.PARTY),
            read=lambda: parties(PartyRole.PARTY, read_name),
            check=check_names,
            lists="organisations",
            split=split_parties,
            aliases=("签约方", "各方", "签约双方", "合作方", "签约单位", "合作单位", "合作双方", "Parties"),
            hint=N_("框架协议填全部签约方，一行一家，或用顿号分开"),
            group=CONTRACT,
        ),
        Field(
            "witnesses",
            N_("见证各方"),
            24,
            in_table=False,
            type=FieldType.LONG_TEXT,
            select=lambda: parties(PartyRole.WITNESS),
            read=lambda: parties(PartyRole.WITNESS, read_name),
            check=check_names,
            lists="organisations",
            split=split_parties,
            aliases=("见证方",),
            group=CONTRACT,
        ),
        Field(
            "amount",
            N_("成交额"),
            14,
            is_vital=True,
            unit=N_("万元"),
            show="bold",
            abroad=("currency", "foreign_amount"),
            aliases=(
                "金额",
                "合同金额",
                "签约金额",
                "签约额",
                "成交金额",
                "合同成交额",
                "合同总额",
                "合同总金额",
                "合同额",
                "合同总价",
                "合同标的额",
                "标的额",
                "标的金额",
                "成交总额",
                "交易金额",
                "成交价",
                "成交价格",
                "交易额",
                "总金额",
                "Amount",
                "Contract amount",
            ),
            group=MONEY,
        ),
        Field(
            "tech_amount",
            N_("技术交易额"),
            14,
            is_vital=True,
            unit=N_("万元"),
            in_table=False,
            aliases=("其中技术交易额", "其中：技术交易额", "技术交易金额"),
            group=MONEY,
        ),
        Field(
            "currency",
            N_("币种"),
            10,
            in_table=False,
            suggestions=lambda: [currencies.named(code) for code in (currencies.HOME, *currencies.CURRENCIES)],
            is_closed=True,
            check=currencies.read,
            format=currencies.named,
            aliases=("币别", "货币", "Currency"),
            group=MONEY,
        ),
        Field(
            "foreign_amount",
            N_("原币金额"),
            14,
            in_table=False,
            is_vital=True,
            unit=N_("万"),
            aliases=("外币金额", "原币", "外币成交额", "Original amount"),
            group=MONEY,
        ),
        Field(
            "rate",
            N_("汇率"),
            10,
            in_table=False,
            is_vital=True,
            hint=N_("1 单位外币合多少元"),
            aliases=("折算汇率", "人民币汇率", "Exchange rate"),
            group=MONEY,
        ),
        Field("rate_on", N_("汇率日期"), 12, is_vital=True, in_table=False, group=MONEY),
        Field("rate_source", N_("汇率来源"), 20, in_table=False, group=MONEY),
        Field(
            "signed_on",
            N_("签订日期"),
            12,
            is_vital=True,
            aliases=("签约日期", "日期", "签约时间", "签订时间", "成交日期", "Date", "Signed on"),
            group=SIGNING,
        ),
        Field("is_prior", N_("此前已签"), 8, in_table=False, aliases=("非首次签约",), group=SIGNING),
        Field(
            "prior_note",
            N_("此前签约时间地点"),
            20,
            in_table=False,
            hint=N_("何时在何地；发布时列名，不计数"),
            group=SIGNING,
        ),
        Field("contract_no", N_("合同编号"), 16, in_table=False, aliases=("合同号",), group=CONTRACT),
        Field(
            "contract_kind",
            N_("合同类别"),
            12,
            aliases=("技术合同类别", "合同类型"),
            **listed(RegistryList.KIND, is_closed=True),
            group=CONTRACT,
        ),
        Field(
            "contract_subkind",
            N_("合同子类"),
            16,
            in_table=False,
            **listed(RegistryList.SUBKIND, is_closed=True),
            group=CONTRACT,
        ),
        Field("valid_from", N_("有效期起"), 12, is_vital=True, in_table=False, group=SIGNING),
        Field("valid_until", N_("有效期止"), 12, is_vital=True, in_table=False, group=SIGNING),
        Field(
            "tech_field",
            N_("技术领域"),
            20,
            in_table=False,
            **listed(RegistryList.TECH_FIELD),
            aliases=("领域",),
            group=REGISTRY,
        ),
        Field("ip_kind", N_("知识产权"), 16, in_table=False, **listed(RegistryList.IP_KIND), group=REGISTRY),
        Field("payment_way", N_("支付方式"), 12, in_table=False, group=MONEY),
        Field("is_related_party", N_("关联交易"), 8, in_table=False, group=MONEY),
        Field("plan_source", N_("计划来源"), 12, in_table=False, group=REGISTRY),
        Field(
            "social_goal", N_("社会经济目标"), 20, in_table=False, **listed(RegistryList.SOCIAL_GOAL), group=REGISTRY
        ),
        Field(
            "programme_item_id",
            N_("签约场次"),
            24,
            ref="programme",
            in_table=False,
            aliases=("签约活动",),
            group=SIGNING,
        ),
        Field("signing_batch", N_("签约批次"), 10, in_table=False, aliases=("批次",), group=SIGNING),
        Field("signing_order", N_("台上顺序"), 8, in_table=False, group=SIGNING),
        Field("witness", N_("见证单位"), 20, in_table=False, group=SIGNING),
        Field("is_text_ready", N_("文本就绪"), 8, in_table=False, aliases=("文本已备",), group=SIGNING),
        *deals_signing.fields(SIGNING),
        Field("registry_office", N_("登记机构"), 20, in_table=False, group=REGISTRY),
        Field("registered_on", N_("登记日期"), 12, is_vital=True, in_table=False, group=REGISTRY),
        Field("registry_no", N_("合同登记编号"), 20, in_table=False, check=_check_registry_no, group=REGISTRY),
        Field("certificate_state", N_("证明状态"), 12, in_table=False, group=REGISTRY),
        Field("created_at", N_("登记时间"), 16, readonly=True, in_form=False),
        Field("note", N_("备注"), 24, in_table=False, aliases=("说明",), group=SIGNING),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False),
    ),
)
