"""Choices of the technology-contract registration (技术合同认定登记), each with the dates it holds for.

Kinds: to 2020 four (licences counted as transfers); since 2021-01-01 five, after art. 863 of the
Civil Code. A change of the rules adds rows here; contracts keep the words of their own time. Labels are the registry's
own words: kept as text, translated when shown.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from expo_app.i18n import N_
from expo_app.rules.plain_letters import simplified

CIVIL_CODE_ON = date(2021, 1, 1)
BEFORE_CIVIL_CODE = date(2020, 12, 31)


@dataclass(frozen=True)
class Choice:
    """A word that may be chosen for contracts signed from `since` to `until`, both included; None: no limit.

    `parent` is the kind a sub-kind belongs to; `position` its place in a list, 0 where nobody said.
    """

    name: str
    parent: str = ""
    since: date | None = None
    until: date | None = None
    position: int = 0

    def holds_on(self, day: date | None) -> bool:
        """Whether it may be chosen for a contract of this day; None: of some day."""
        return day is None or ((self.since is None or self.since <= day) and (self.until is None or day <= self.until))


DEVELOPMENT = N_("技术开发")
TRANSFER = N_("技术转让")
LICENCE = N_("技术许可")
CONSULTING = N_("技术咨询")
SERVICE = N_("技术服务")

KINDS = (
    Choice(DEVELOPMENT),
    Choice(TRANSFER),
    Choice(LICENCE, since=CIVIL_CODE_ON),
    Choice(CONSULTING),
    Choice(SERVICE),
)

SUBKINDS = (
    Choice(N_("委托开发"), DEVELOPMENT),
    Choice(N_("合作开发"), DEVELOPMENT),
    Choice(N_("专利权转让"), TRANSFER),
    Choice(N_("专利申请权转让"), TRANSFER),
    Choice(N_("技术秘密转让"), TRANSFER),
    Choice(N_("软件著作权转让"), TRANSFER),
    Choice(N_("专利实施许可"), TRANSFER, until=BEFORE_CIVIL_CODE),
    Choice(N_("专利实施许可"), LICENCE, since=CIVIL_CODE_ON),
    Choice(N_("技术秘密使用许可"), LICENCE, since=CIVIL_CODE_ON),
    Choice(N_("技术咨询"), CONSULTING),
    Choice(N_("一般技术服务"), SERVICE),
    Choice(N_("技术中介"), SERVICE),
    Choice(N_("技术培训"), SERVICE),
)

TECH_FIELDS = (
    N_("电子信息"),
    N_("航空航天"),
    N_("先进制造"),
    N_("生物、医药和医疗器械"),
    N_("新材料及其应用"),
    N_("新能源与高效节能"),
    N_("环境保护与资源综合利用"),
    N_("核应用"),
    N_("农业"),
    N_("现代交通"),
    N_("城市建设与社会发展"),
)
"""技术领域, in the registry's order."""

IP_KINDS = (
    N_("未涉及"),
    N_("发明专利"),
    N_("实用新型"),
    N_("外观设计"),
    N_("计算机软件著作权"),
    N_("集成电路布图设计"),
    N_("植物新品种"),
    N_("生物医药新品种"),
    N_("技术秘密"),
)
"""知识产权."""

NATURES = (
    N_("机关法人"),
    N_("事业法人（科研机构）"),
    N_("事业法人（高等院校）"),
    N_("事业法人（医疗卫生）"),
    N_("事业法人（其他）"),
    N_("社团法人"),
    N_("内资企业"),
    N_("港澳台商投资企业"),
    N_("外商投资企业"),
    N_("个体经营"),
    N_("境外机构"),
    N_("自然人"),
    N_("其他"),
)
"""性质 of a seller or buyer."""

REGISTRY_NO_LENGTHS = (14, 16)
"""Digits of a 合同登记编号: 14 in the past, 16 now."""


def kind_names() -> tuple[str, ...]:
    """Every 合同类别 of any time."""
    return tuple(kind.name for kind in KINDS)


def kinds_on(day: date | None) -> tuple[str, ...]:
    """合同类别 for a contract signed on `day`: four to 2020, five since; None: of any time."""
    return tuple(kind.name for kind in KINDS if kind.holds_on(day))


def subkind_names() -> tuple[str, ...]:
    """Every sub-kind of any time, each once."""
    return tuple(dict.fromkeys(subkind.name for subkind in SUBKINDS))


def subkinds_on(day: date | None, kind: str) -> tuple[str, ...]:
    """Sub-kinds of `kind` for a contract signed on `day`."""
    return tuple(subkind.name for subkind in SUBKINDS if subkind.parent == kind and subkind.holds_on(day))


def is_registry_no(text: str) -> bool:
    """Whether a text can be a 合同登记编号."""
    return len(text) in REGISTRY_NO_LENGTHS and text.isascii() and text.isdigit()


def first_party_buys(text: str) -> bool | None:
    """Whether 甲方 is who pays, as the kind of contract or its title tells; None where it does not.

    Who commissions development, advice or service is named first, and so is who assigns or licenses (the ministry's
    model contracts of technology, 2001: 委托人（甲方）, 让与人（甲方）). In a joint development nobody is the buyer.
    """
    if "合作开发" in text:
        return None
    buys = any(word in text for word in ("委托", "技术开发", "技术咨询", "技术服务", "采购", "定制"))
    assigns = any(word in text for word in ("转让", "许可", "让与", "出让"))
    return None if buys is assigns else buys


def field_key(text: str) -> str:
    """What two spellings of one field have in common: 農業機械 and 农业机械."""
    return unicodedata.normalize("NFKC", text).translate(simplified()).casefold().strip()
