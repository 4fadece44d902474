"""Who appears in the sample: generated companies and people, the same on every run.

Every generated body has 示例 in its name. Phone numbers begin with 160, which no operator in China has been given;
credit codes carry a wrong inner check character, so none can be a real body's; e-mail addresses end in example.com.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from expo_app.model import Category, ExhibitorKind, ExhibitorState, Industry, OrganisationKind
from expo_app.services.sample import exhibits, facts, words

MARK = "（示例）"
PHONE_PREFIX = "160"
INDUSTRIES = (Industry.IT, Industry.MFG, Industry.HEALTH, Industry.ENERGY)
INDUSTRY_WEIGHTS = (30, 27, 23, 20)
SUZHOU_CITY = ("320500", "320500", "320505", "320506", "320507", "320509")
WENZHOU_CITY = ("330300", "330300", "330302", "330303", "330304", "330324", "330381", "330382")
ELSEWHERE = {
    "A": ("310115", "310120", "310104"),
    "B": ("320200", "320400", "320100", "320600"),
    "E": ("330100", "330200", "330400", "330500", "340100", "340200", "341800"),
}
"""The rest of the Delta, by the zone it stands in."""
HOME_REGIONS = (
    "310114",
    "310114",
    "310114",
    "320500",
    "320500",
    "320506",
    "320583",
    "320583",
    "320585",
    "330300",
    "330304",
    "330382",
    "310115",
    "310104",
    "320200",
    "320400",
    "330100",
    "330400",
    "340100",
    "341800",
)
"""Where visitors come from."""
SIZES = {"A": 62, "B": 34, "C": 28, "D": 22, "E": 30}
"""Booths of each zone; they make 176. The split is generated: no figure by region is reported."""
REGIONS = {"A": ("310114",), "B": SUZHOU_CITY, "C": ("320583",), "D": ("320585",), "E": WENZHOU_CITY}
SERVICE_DESKS = 32
NOT_ARRIVED = ("A-024", "B-018", "C-012", "C-021", "D-005", "D-017", "E-009", "E-014")
NAMED = {
    "A-001": ("上海嘉芯传感科技有限公司", "310114", Industry.IT, OrganisationKind.ENTERPRISE),
    "A-003": ("安亭智驾测试技术有限公司", "310114", Industry.MFG, OrganisationKind.ENTERPRISE),
    "A-004": ("嘉定光电工程中心", "310114", Industry.IT, OrganisationKind.RESEARCH),
    "A-007": ("嘉定氢能动力系统有限公司", "310114", Industry.ENERGY, OrganisationKind.ENTERPRISE),
    "A-012": ("南翔精准医学检验所", "310114", Industry.HEALTH, OrganisationKind.ENTERPRISE),
    "B-004": ("苏州纳屿微纳制造股份有限公司", "320500", Industry.MFG, OrganisationKind.ENTERPRISE),
    "B-009": ("苏州工业园区云脉网络科技有限公司", "320500", Industry.IT, OrganisationKind.ENTERPRISE),
    "B-015": ("苏州泊元生物医药有限公司", "320500", Industry.HEALTH, OrganisationKind.ENTERPRISE),
    "C-001": ("昆山科创聚合科技产业园", "320583", Industry.IT, OrganisationKind.PARK),
    "C-005": ("昆山德盈机器人有限公司", "320583", Industry.MFG, OrganisationKind.ENTERPRISE),
    "C-009": ("昆山新岚储能材料有限公司", "320583", Industry.ENERGY, OrganisationKind.ENTERPRISE),
    "D-008": ("太仓欧恒精密传动有限公司", "320585", Industry.MFG, OrganisationKind.ENTERPRISE),
    "D-013": ("太仓生命科学技术研究院", "320585", Industry.HEALTH, OrganisationKind.RESEARCH),
    "E-003": ("温州瓯江激光装备有限公司", "330300", Industry.MFG, OrganisationKind.ENTERPRISE),
    "E-011": ("温州正合电气自动化股份有限公司", "330300", Industry.ENERGY, OrganisationKind.ENTERPRISE),
    "E-017": ("瓯越大学技术转移中心", "330300", Industry.HEALTH, OrganisationKind.UNIVERSITY),
    "E-020": ("温州明视光学研究院", "330300", Industry.HEALTH, OrganisationKind.RESEARCH),
}
"""Generated exhibitors that deals and pictures come back to."""
REAL = {"A-005": facts.RONGNAN, "E-001": facts.BONA, "S-001": facts.SHENGZHIHUA, "S-002": facts.MAKERS}
FIXED = {
    "A-007": (("60 kW 车用燃料电池电堆", "70 MPa 车载储氢瓶阀", "加氢站数据采集终端"), "高建峰", "市场总监"),
    "E-003": (("工业激光清洗头", "光纤激光切割头", "自动化装配线"), "潘卓", "总经理"),
}
"""Exhibits and contact of two of them."""
CO_EXHIBITORS = ("A-001", "A-007", "B-009", "C-005", "E-003", "E-011")
"""Booths in which a second, co-exhibiting company stands."""


@dataclass(frozen=True)
class Company:
    """A generated body."""

    name: str
    kind: OrganisationKind
    region: str | None
    industry: Industry | None
    credit_code: str | None = None


@dataclass(frozen=True)
class Contact:
    """A generated person."""

    name: str
    title: str
    phone: str
    email: str | None


@dataclass(frozen=True)
class Participant:
    """An exhibitor or service institution. `company` is a name where it is a real body; then there is no contact.

    `main`: booth of the main exhibitor, for a co-exhibitor. `in_file`: comes with the untidy Excel file.
    """

    booth: str
    company: Company | str
    kind: ExhibitorKind
    state: ExhibitorState
    titles: tuple[str, ...] = ()
    wants: str = ""
    quota: int = 4
    contact: Contact | None = None
    main: str = ""
    in_file: bool = False

    @property
    def name(self) -> str:
        return self.company if isinstance(self.company, str) else self.company.name


def phone(number: int) -> str:
    """A mobile number of the right form that nobody has: 160 and eight digits."""
    return f"{PHONE_PREFIX}{number:08d}"


def person_name(rng: Random) -> str:
    """A Chinese name of two to four characters."""
    if rng.random() < 0.015:
        surname = rng.choice(words.DOUBLE_SURNAMES)
    else:
        surname = words.SURNAMES[int(len(words.SURNAMES) * rng.random() ** 1.9)]
    length = 1 if rng.random() < 0.22 else 2
    return surname + "".join(rng.choice(words.GIVEN) for _n in range(length))


def email(number: int) -> str:
    """An address of a domain that is reserved for examples (RFC 2606)."""
    return f"sample{number:06d}@example.com"


def credit_code(region: str, number: int) -> str:
    """A code that passes the check character of GB 32100 but not the inner one of GB 11714: nobody's."""
    from stdnum.cn import uscc

    body = f"{number:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    inner = (11 - sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11) % 11
    wrong = "0123456789X"[(inner + 5) % 10]
    code = f"91{region}{body}{wrong}"
    return code + uscc.calc_check_digit(code)


class Names:
    """Generated names of bodies, each given once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken = {f"{name}{MARK}" for name, *_rest in NAMED.values()} | set(exhibits.OWNERS)

    def company(self, region: str, industry: Industry) -> str:
        """上海嘉芯传感科技有限公司（示例）."""
        rng = self._rng
        return self._new(
            lambda: (
                rng.choice(words.PLACES[region])
                + self._brand()
                + rng.choice(words.FIELDS[industry])
                + rng.choice(words.COMPANY_ENDS)
            )
        )

    def institute(self, region: str, industry: Industry) -> str:
        """嘉定光电工程中心（示例）."""
        rng = self._rng
        return self._new(
            lambda: (
                rng.choice(words.PLACES[region])
                + self._brand()
                + rng.choice(words.RESEARCH_FIELDS[industry])
                + rng.choice(words.RESEARCH_ENDS)
            )
        )

    def service(self, region: str) -> str:
        """嘉定瑞川知识产权服务中心（示例）."""
        rng = self._rng
        return self._new(
            lambda: (
                rng.choice(words.PLACES[region])
                + self._brand()
                + rng.choice(words.SERVICE_FIELDS)
                + rng.choice(words.SERVICE_ENDS)
            )
        )

    def investor(self) -> str:
        """瑞川创投（示例）."""
        return self._new(lambda: self._brand() + self._rng.choice(words.INVESTOR_ENDS))

    def _brand(self) -> str:
        return self._rng.choice(words.BRAND_FIRST) + self._rng.choice(words.BRAND_SECOND)

    def _new(self, make: Callable[[], str]) -> str:
        while (name := make() + MARK) in self._taken:
            continue
        self._taken.add(name)
        return name


@dataclass(frozen=True)
class Cast:
    """Everyone who exhibits, and the bodies that visitors, guests, investors, media and staff come from."""

    participants: tuple[Participant, ...]
    bodies: Mapping[Category, Sequence[Company]]

    @property
    def exhibitors(self) -> tuple[Participant, ...]:
        """The 176, those of the untidy file included."""
        return tuple(p for p in self.participants if p.kind is ExhibitorKind.EXHIBITOR and not p.main)

    @property
    def in_file(self) -> tuple[Participant, ...]:
        return tuple(p for p in self.participants if p.in_file)


def booths() -> Iterator[tuple[str, str, int]]:
    """(number, zone, running number) of the 176 booths."""
    for zone, size in SIZES.items():
        for n in range(1, size + 1):
            yield f"{zone}-{n:03d}", zone, n


def gather() -> Cast:
    """The exhibitors, service institutions and co-exhibitors of the sample."""
    rng = Random("exhibitors")  # noqa: S311  (the same data every time)
    names = Names(rng)
    found = [_exhibitor(rng, names, number, zone, n) for number, zone, n in booths()]
    found += [_service(rng, names, n) for n in range(1, SERVICE_DESKS + 1)]
    found += [_co_exhibitor(rng, names, n, main) for n, main in enumerate(CO_EXHIBITORS)]
    return Cast(tuple(found), _bodies(rng, names))


def _exhibitor(rng: Random, names: Names, number: str, zone: str, n: int) -> Participant:
    state = ExhibitorState.CONFIRMED if number in NOT_ARRIVED else ExhibitorState.ARRIVED
    if number in REAL:
        name = REAL[number]
        return Participant(number, name, ExhibitorKind.EXHIBITOR, state, wants=facts.WANTS[name])
    company = _company(rng, names, number, zone, n)
    titles = tuple(rng.sample(exhibits.EXHIBITS[company.industry or Industry.OTHER], rng.choice((2, 3, 3, 3, 4))))
    contact = _contact(rng, _serial(zone, n))
    if number in FIXED:
        titles, name, title = FIXED[number]
        contact = replace(contact, name=name, title=title)
    return Participant(
        number,
        company,
        ExhibitorKind.EXHIBITOR,
        state,
        titles=titles,
        wants=rng.choice(exhibits.WANTS) if rng.random() < 0.7 else "",
        quota=rng.choice((4, 4, 4, 6, 6, 8)),
        contact=contact,
        in_file=n % 4 == 2 and number not in NAMED,
    )


def _serial(zone: str, n: int) -> int:
    return ("ABCDES".index(zone) + 1) * 100 + n


def _company(rng: Random, names: Names, number: str, zone: str, n: int) -> Company:
    code_no = 10_000 + _serial(zone, n)
    if number in NAMED:
        name, region, industry, kind = NAMED[number]
        return Company(f"{name}{MARK}", kind, region, industry, credit_code(region, code_no))
    is_guest = zone in ELSEWHERE and n % 9 == 0
    region = rng.choice(ELSEWHERE[zone] if is_guest else REGIONS[zone])
    (industry,) = rng.choices(INDUSTRIES, INDUSTRY_WEIGHTS)
    if rng.random() < 0.08:
        name, kind = names.institute(region, industry), OrganisationKind.RESEARCH
    else:
        name, kind = names.company(region, industry), OrganisationKind.ENTERPRISE
    return Company(name, kind, region, industry, credit_code(region, code_no))


def _contact(rng: Random, serial: int) -> Contact:
    number = 99_000_000 + serial
    return Contact(person_name(rng), rng.choice(words.TITLES["EXHIBITOR"]), phone(number), email(number))


def _service(rng: Random, names: Names, n: int) -> Participant:
    number = f"S-{n:03d}"
    if number in REAL:
        return Participant(number, REAL[number], ExhibitorKind.SERVICE, ExhibitorState.ARRIVED, quota=2)
    region = rng.choice(("310114", "310114", "310114", "320500", "320583", "320585", "330300"))
    serial = _serial("S", n)
    company = Company(
        names.service(region), OrganisationKind.SERVICE, region, None, credit_code(region, 10_000 + serial)
    )
    return Participant(
        number,
        company,
        ExhibitorKind.SERVICE,
        ExhibitorState.ARRIVED,
        titles=tuple(rng.sample(exhibits.SERVICES, 2)),
        quota=2,
        contact=_contact(rng, serial),
    )


def _co_exhibitor(rng: Random, names: Names, n: int, main: str) -> Participant:
    region = REGIONS[main[0]][0]
    (industry,) = rng.choices(INDUSTRIES, INDUSTRY_WEIGHTS)
    serial = 900 + n
    company = Company(
        names.company(region, industry),
        OrganisationKind.ENTERPRISE,
        region,
        industry,
        credit_code(region, 10_000 + serial),
    )
    return Participant(
        "",
        company,
        ExhibitorKind.EXHIBITOR,
        ExhibitorState.ARRIVED,
        titles=tuple(rng.sample(exhibits.EXHIBITS[industry], 2)),
        quota=2,
        contact=_contact(rng, serial),
        main=main,
    )


def _bodies(rng: Random, names: Names) -> dict[Category, list[Company]]:
    """Bodies by the category of the people they send."""
    companies = [_visiting(rng, names, n) for n in range(384)]
    schools = [_named(name, OrganisationKind.UNIVERSITY) for name in words.UNIVERSITIES]
    return {
        Category.TRADE_VISITOR: companies + schools,
        Category.VISITOR: schools * 8 + companies[:120],
        Category.INVESTOR: [Company(names.investor(), OrganisationKind.INVESTOR, None, None) for _n in range(26)],
        Category.STAFF: [_named(name, OrganisationKind.OTHER) for name in words.STAFF_NAMES],
        Category.MEDIA: [_named(name, OrganisationKind.MEDIA) for name in words.MEDIA_NAMES],
        Category.GUEST: [_named(name, OrganisationKind.GOVERNMENT) for name in words.PUBLIC_NAMES],
        Category.SPEAKER: schools,
    }


def _visiting(rng: Random, names: Names, n: int) -> Company:
    region, industry = rng.choice(HOME_REGIONS), rng.choice(tuple(Industry))
    if n % 16 == 15:
        return Company(names.institute(region, industry), OrganisationKind.RESEARCH, region, industry)
    return Company(names.company(region, industry), OrganisationKind.ENTERPRISE, region, industry)


def _named(name: str, kind: OrganisationKind) -> Company:
    return Company(f"{name}{MARK}", kind, None, None)
