"""What a technology contract still needs before it can be handed in to the registry office, item by item.

The items are data (`ITEMS`): the field of the form that fills it, for which contracts it is asked, how it is judged.
Fields: 技术合同认定登记; the particulars of a patent: 民法典 art. 845; a licence no longer than the patent: art. 865.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any

from expo_app.i18n import N_, _
from expo_app.model import PatentKind, PricingWay, RegistryList
from expo_app.rules import masks, patents, tech_contracts
from expo_app.rules.amounts import in_words
from expo_app.rules.countries import is_country
from expo_app.rules.regions import place_name
from expo_app.rules.registry_lists import Lists, shipped

FOREIGN, PERSON = "境外机构", "自然人"
"""Natures of a party that has no 统一社会信用代码."""
PUBLIC_BODIES = ("事业法人（科研机构）", "事业法人（高等院校）")
"""Whose agreed prices are made public (促进科技成果转化法 art. 18)."""
PUBLIC_DAYS = {"33": 15}
"""Days of publicity that a province asks for at least (浙江省促进科技成果转化条例 art. 17)."""
LICENCES = ("专利实施许可",)
ASSIGNMENTS = ("专利权转让", "专利申请权转让")
SELLER, BUYER = "seller", "buyer"


class State(Enum):
    OK = "ok"
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True)
class Party:
    """An organisation of a contract; `nature` as this contract says, else as the organisation is kept."""

    name: str
    short: str = ""
    credit_code: str | None = None
    region: str | None = None
    nature: str = ""

    @property
    def needs_code(self) -> bool:
        return self.nature not in (FOREIGN, PERSON) and not is_country(self.region)

    @property
    def is_foreign(self) -> bool:
        """Abroad by nature or place: a patent that goes there needs more than a contract (专利法 art. 10)."""
        return self.nature == FOREIGN or is_country(self.region)


@dataclass(frozen=True)
class Patent:
    """What a contract must say of a patent, or of an application."""

    kind: PatentKind
    title: str
    application_no: str = ""
    patent_no: str = ""
    applicant: str = ""
    holder: str = ""
    filed_on: date | None = None

    @property
    def ends_on(self) -> date | None:
        """The last day of the right; None where the filing date is not known."""
        return patents.ends_on(self.kind, self.filed_on) if self.filed_on else None


@dataclass(frozen=True)
class Contract:
    """A technology contract as its registration sees it. `values`: columns of the deal by name."""

    values: Mapping[str, Any]
    sellers: tuple[Party, ...] = ()
    buyers: tuple[Party, ...] = ()
    patents: tuple[Patent, ...] = ()
    lists: Lists = field(default_factory=shipped)

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def side(self, side: str) -> tuple[Party, ...]:
        """The parties of SELLER or BUYER."""
        return self.sellers if side == SELLER else self.buyers

    @property
    def of_patents(self) -> bool:
        """Whether it is about a patent: by its IP, or by its sub-kind."""
        kinds = {kind.value for kind in PatentKind}
        return self.get("ip_kind") in kinds or self.get("contract_subkind") in (*LICENCES, *ASSIGNMENTS)

    @property
    def is_licence(self) -> bool:
        return self.get("contract_subkind") in LICENCES

    @property
    def is_assignment(self) -> bool:
        return self.get("contract_subkind") in ASSIGNMENTS


@dataclass(frozen=True)
class Finding:
    """An item of one contract: the form's field, its label, and what is there, or what is missing or wrong."""

    field: str
    label: str
    state: State
    words: str


Judged = tuple[State, str]
Judge = Callable[["Contract"], Judged]
_always: Callable[[Contract], bool] = lambda _contract: True  # noqa: E731


@dataclass(frozen=True)
class Item:
    """What is asked of contracts for which `applies`; `judge` gives its state and the words for it.

    `begins`: the field of its beginning, which leads while that is empty.
    """

    field: str
    label: str
    judge: Callable[[Contract], Judged]
    applies: Callable[[Contract], bool] = _always
    begins: str = ""

    def leads_to(self, contract: Contract) -> str:
        """The field of the form that is filled in next."""
        return self.begins if self.begins and not contract.get(self.begins) else self.field


def _missing(words: str = "") -> Judged:
    return State.MISSING, words or _("没填")


def _filled(name: str, show: Callable[[Any], str] = str) -> Callable[[Contract], Judged]:
    """An item that is there or not."""

    def judge(contract: Contract) -> Judged:
        value = contract.get(name)
        return (State.OK, show(value)) if value not in (None, "") else _missing()

    return judge


def _chosen(name: str, of: RegistryList) -> Callable[[Contract], Judged]:
    """An item of one of the office's lists, in force when the contract was signed; any word where there is no list."""

    def judge(contract: Contract) -> Judged:
        word, day = contract.get(name), contract.get("signed_on")
        if not word:
            return _missing()
        if contract.lists.names(of) and word not in contract.lists.names(of, day):
            return State.WRONG, _("“{word}”不在{day}的{list}里").format(word=_(word), day=_day(day), list=of.label)
        return State.OK, _(word)

    return judge


def _day(day: date | None) -> str:
    return day.isoformat() if day else _("现行")


def _kind(contract: Contract) -> Judged:
    kind, subkind, day = contract.get("contract_kind"), contract.get("contract_subkind"), contract.get("signed_on")
    state, words = _chosen("contract_kind", RegistryList.KIND)(contract)
    if state is not State.OK:
        return state, words
    offered = contract.lists.names(RegistryList.SUBKIND, day, kind)
    if not subkind and offered:
        return _missing(_("没填子类"))
    if subkind and subkind not in offered:
        return State.WRONG, _("{day}的“{kind}”没有子类“{subkind}”").format(
            day=_day(day), kind=_(kind), subkind=_(subkind)
        )
    return State.OK, " · ".join(_(word) for word in (kind, subkind) if word)


def _valid(contract: Contract) -> Judged:
    start, end = contract.get("valid_from"), contract.get("valid_until")
    if not (start and end):
        return _missing(_("没填起") if end else _("没填止") if start else _("没填起止"))
    return State.OK, _("{start} 至 {end}").format(start=start.isoformat(), end=end.isoformat())


def _party(side: str) -> Callable[[Contract], Judged]:
    """Names and credit codes."""

    def judge(contract: Contract) -> Judged:
        parties = contract.side(side)
        if not parties:
            return _missing()
        for party in parties:
            if not party.needs_code:
                continue
            if not party.credit_code:
                return _missing(_("没填{name}的信用代码").format(name=party.short or party.name))
            try:
                masks.check_credit_code(party.credit_code)
            except ValueError as wrong:
                return State.WRONG, _("信用代码不对：{why}").format(why=str(wrong).removesuffix("。"))
        return State.OK, " · ".join(_short(party) for party in parties)

    return judge


def _short(party: Party) -> str:
    code = party.credit_code
    return f"{code[:4]}****{code[-3:]}" if code else party.short or party.name


def _nature(side: str) -> Judge:
    """Of every party of a side, one that the office knows."""

    def judge(contract: Contract) -> Judged:
        natures = [party.nature for party in contract.side(side)]
        known = contract.lists.names(RegistryList.NATURE, contract.get("signed_on"))
        if not natures or not all(natures):
            return _missing()
        if wrong := next((word for word in natures if word not in known), ""):
            return State.WRONG, _("“{word}”不在{list}里").format(word=_(wrong), list=RegistryList.NATURE.label)
        return State.OK, _("、").join(dict.fromkeys(map(_, natures)))

    return judge


def _region(side: str) -> Judge:
    """Of every party of a side."""

    def judge(contract: Contract) -> Judged:
        regions = [party.region for party in contract.side(side)]
        if not regions or not all(regions):
            return _missing()
        return State.OK, _("、").join(dict.fromkeys(map(place_name, regions)))

    return judge


def _amount(contract: Contract) -> Judged:
    amount = contract.get("amount")
    return _missing() if amount is None else (State.OK, in_words(amount))


def _tech_amount(contract: Contract) -> Judged:
    tech, amount = contract.get("tech_amount"), contract.get("amount")
    if tech is None:
        return _missing()
    if amount is None or tech > amount:
        return State.WRONG, _("{amount}，超过成交额").format(amount=in_words(tech))
    return State.OK, _("{amount}，不超过成交额").format(amount=in_words(tech))


def _patent_numbers(contract: Contract) -> Judged:
    """Every number there, its check digit and its kind; an application needs no patent number yet."""
    if not contract.patents:
        return _missing(_("没填，要 13 位带校验"))
    is_application = contract.get("contract_subkind") == ASSIGNMENTS[1]
    for patent in contract.patents:
        for name in ("application_no",) if is_application else ("application_no", "patent_no"):
            number = getattr(patent, name)
            if not number:
                return _missing(_("没填，要 13 位带校验"))
            if wrong := patents.problem(number, patent.kind, patent.filed_on):
                return State.WRONG, wrong.removesuffix("。")
    return State.OK, "、".join(patents.shown(p.patent_no or p.application_no) for p in contract.patents)


def _patent_facts(contract: Contract) -> Judged:
    """Applicant, holder and filing date of each (民法典 art. 845)."""
    for patent in contract.patents:
        for name, words in (
            ("title", _("没填专利名称")), ("applicant", _("没填申请人")), ("holder", _("没填专利权人")),
            ("filed_on", _("没填申请日")),
        ):  # fmt: skip
            needed = name != "holder" or contract.get("contract_subkind") != ASSIGNMENTS[1]
            if needed and not getattr(patent, name):
                return _missing(words)
    if not contract.patents:
        return _missing()
    titles = _("、").join(f"{p.kind.label} {p.title}" for p in contract.patents)
    return State.OK, titles


def _licence_term(contract: Contract) -> Judged:
    """No longer than the patent, the last one of several."""
    until, ends = contract.get("valid_until"), patents.last_of(p.ends_on for p in contract.patents)
    if until is None:
        return _missing(_("没填有效期止"))
    if ends is None:
        return _missing(_("专利没填申请日，算不出专利期限"))
    if until > ends:
        words = _("到 {until:%Y-%m}，专利到 {ends:%Y-%m}")
        return State.WRONG, words.format(until=until, ends=ends)
    return State.OK, _("到 {until}，不超过专利期限").format(until=until.isoformat())


def _label(value: Any) -> str:
    return str(value.label)


ITEMS: tuple[Item, ...] = (
    Item("contract_kind", N_("合同类别"), _kind),
    Item("signed_on", N_("签订日期"), _filled("signed_on", date.isoformat)),
    Item("valid_until", N_("有效期"), _valid, begins="valid_from"),
    Item("seller_code", N_("卖方"), _party(SELLER)),
    Item("seller_nature", N_("卖方性质"), _nature(SELLER)),
    Item("seller_region", N_("卖方地区"), _region(SELLER)),
    Item("buyer_code", N_("买方"), _party(BUYER)),
    Item("buyer_nature", N_("买方性质"), _nature(BUYER)),
    Item("buyer_region", N_("买方地区"), _region(BUYER)),
    Item("amount", N_("成交额"), _amount),
    Item("tech_amount", N_("技术交易额"), _tech_amount),
    Item("payment_way", N_("支付方式"), _filled("payment_way", _label)),
    Item("plan_source", N_("计划来源"), _filled("plan_source", _label)),
    Item("tech_field", N_("技术领域"), _chosen("tech_field", RegistryList.TECH_FIELD)),
    Item("ip_kind", N_("知识产权"), _chosen("ip_kind", RegistryList.IP_KIND)),
    Item("social_goal", N_("社会经济目标"), _chosen("social_goal", RegistryList.SOCIAL_GOAL)),
    Item("registry_office", N_("登记机构"), _filled("registry_office")),
    Item("patents", N_("专利号"), _patent_numbers, lambda c: c.of_patents),
    Item("patents", N_("专利的申请人、权利人、申请日"), _patent_facts, lambda c: c.of_patents),
    Item("valid_until", N_("许可期"), _licence_term, lambda c: c.is_licence),
)  # fmt: skip


def findings(contract: Contract) -> list[Finding]:
    """Every item that is asked of the contract, in the order of the form."""
    return [Finding(i.leads_to(contract), _(i.label), *i.judge(contract)) for i in ITEMS if i.applies(contract)]


def open_ones(found: Sequence[Finding]) -> list[Finding]:
    """What is missing or wrong."""
    return [one for one in found if one.state is not State.OK]


def warnings(contract: Contract) -> list[str]:
    """What somebody should look at and nobody is stopped by, a sentence each."""
    found = []
    if contract.get("is_related_party"):
        found.append(_("关联交易：双方有关联关系，登记机构会问定价依据。"))
    if contract.is_assignment and (abroad := next((p for p in contract.buyers if p.is_foreign), None)):
        words = _("买方“{name}”在境外：向境外转让专利还要另办手续（专利法第十条）。")
        found.append(words.format(name=abroad.short or abroad.name))
    if contract.get("contract_subkind") in ASSIGNMENTS and not contract.get("patent_registered_on"):
        found.append(_("专利转让还没有在专利局登记，登记后才生效（专利法第十条）。"))
    return [*found, *_publicity(contract), *_number_year(contract)]


def _publicity(contract: Contract) -> list[str]:
    """An agreed price of a public body is made public, with name and price."""
    seller = next((p for p in contract.sellers if p.nature in PUBLIC_BODIES), None)
    if seller is None or contract.get("pricing_way") is not PricingWay.AGREED:
        return []
    start, end = contract.get("public_from"), contract.get("public_until")
    if not (start and end):
        return [_("协议定价要在本单位公示，还没填公示起止（促进科技成果转化法第十八条）。")]
    least = PUBLIC_DAYS.get((seller.region or "")[:2], 0)
    days = (end - start + timedelta(1)).days
    if days < least:
        words = _("公示 {days} 天，不足 {least} 天（浙江省促进科技成果转化条例第十七条）。")
        return [words.format(days=days, least=least)]
    return []


def _number_year(contract: Contract) -> list[str]:
    """The first four of 16 digits are the year of registration, as far as the form of the number is known."""
    number, day = contract.get("registry_no") or "", contract.get("registered_on")
    if len(number) == max(tech_contracts.REGISTRY_NO_LENGTHS) and day and number[:4] != str(day.year):
        words = _("登记编号开头是 {found}，登记日期是 {year} 年，请核对。")
        return [words.format(found=number[:4], year=day.year)]
    return []


def grouped_number(number: str) -> str:
    """A 合同登记编号 as the model contract's cover groups it: 4-4-2-6, the older 14 digits 2-2-2-2-6."""
    sizes = {16: (4, 4, 2, 6), 14: (2, 2, 2, 2, 6)}.get(len(number))
    if sizes is None:
        return number
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return " ".join(parts)
