"""A made-up expo unlike the sample, of any size: the 7th edition, with other industries, regions, halls and kinds of
contract, foreign currency and deals of several parties.

    made = made_trade.build(db, deals=200, people=300, scans=2_000)
    deals.deal_totals(db, made.expo).signed_amount == made.signed_amount

Everything goes in as an import of its list does, but for scans, which are put in by the thousand. The same arguments
make the same expo, but for keys and badge codes. `Made` says what went in, added up without the program.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    Category,
    CheckIn,
    DealKind,
    DealStage,
    Desk,
    Direction,
    Entry,
    ExhibitorKind,
    ExhibitorState,
    Method,
    PaymentWay,
    Person,
    PlanSource,
    Verdict,
    Ways,
)
from expo_app.model.base import new_ids
from expo_app.services import badges, expos, imports, words
from expo_app.specs import SPECS, ImportPlan, Outcome, PlanRow
from expo_app.store import presence
from expo_app.store.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = (date(2024, 11, 13), date(2024, 11, 14), date(2024, 11, 15))
ENDED = datetime(2024, 11, 15, 17, tzinfo=ZONE)
"""The moment everything is entered at."""
EXPO = {
    "name": "第七届科技交易博览会", "code": "KJH24", "edition_no": "7",
    "starts_on": "2024-11-13", "ends_on": "2024-11-15",
    "venues": "滨江会展中心", "theme": "跨界创新，携手同行", "gross_area": "10000", "submit_days": "15",
}  # fmt: skip
GROUPS = (("粤", ["44"]), ("川", ["51"]), ("德国", ["DE"]))
INDUSTRIES = ("新一代信息技术产业", "高端装备制造产业", "新材料产业", "生物产业", "节能环保产业")
REGIONS = ("440300", "440100", "510100", "510700", "420100", "DE", "SG", "")
"""Of bodies in turn, so that every eighth has none."""
ZONES = (("N", "综合展区", "北馆"), ("S", "成果展区", "南馆"), ("W", "生态区", "南馆"))
SUBKINDS = {
    "技术开发": ("委托开发", "合作开发"), "技术转让": ("专利权转让", "技术秘密转让", "软件著作权转让"),
    "技术许可": ("专利实施许可", "技术秘密使用许可"),
    "技术咨询": ("技术咨询",), "技术服务": ("一般技术服务", "技术中介"),
}  # fmt: skip
"""The five kinds since 2021 (民法典 art. 843, 863), and a choice of what stands below them."""
FIELDS = ("电子信息", "航空航天", "先进制造", "生物、医药和医疗器械", "新材料及其应用", "农业", "")
IP = ("未涉及", "发明专利", "实用新型", "计算机软件著作权", "技术秘密", "")
RATES = {"USD": Decimal("7.1986"), "EUR": Decimal("7.6142"), "JPY": Decimal("0.046382")}
RATED_ON, RATED_BY = date(2024, 11, 13), "中国外汇交易中心"
SIGNED_STAGES = (DealStage.SIGNED, DealStage.REGISTERED, DealStage.PERFORMING, DealStage.LANDED)
FEN = Decimal("0.01")
AT_ONCE = 25_000


@dataclass(frozen=True)
class MadeDeal:
    """What was entered of a deal; amounts in yuan, a foreign one beside its rate."""

    title: str
    kind: DealKind
    stage: DealStage
    entry: Entry
    sellers: tuple[str, ...]
    buyers: tuple[str, ...]
    others: tuple[str, ...]
    amount: Decimal | None
    tech_amount: Decimal | None
    signed_on: date | None
    contract_kind: str = ""
    contract_subkind: str = ""
    tech_field: str = ""
    ip_kind: str = ""
    currency: str = "CNY"
    foreign_amount: Decimal | None = None
    rate: Decimal | None = None
    is_prior: bool = False

    @property
    def is_signed(self) -> bool:
        """Counts as signed."""
        return self.entry is Entry.VALID and self.stage in SIGNED_STAGES

    @property
    def is_intended(self) -> bool:
        return self.entry is Entry.VALID and self.stage is DealStage.INTENT

    @property
    def is_contract(self) -> bool:
        """A signed technology contract."""
        return self.is_signed and self.kind is DealKind.TECH_CONTRACT

    def values(self, number: int) -> dict[str, Any]:
        """What its row of a list says."""
        parts = {"sellers": self.sellers, "buyers": self.buyers, "others": self.others}
        same = ("title", "kind", "stage", "entry", "amount", "tech_amount", "signed_on", "contract_kind",
                "contract_subkind", "tech_field", "ip_kind", "currency", "foreign_amount", "rate")  # fmt: skip
        found: dict[str, Any] = {name: getattr(self, name) for name in same}
        found |= {role: "、".join(names) for role, names in parts.items()}
        if self.rate is not None:
            found |= {"rate_on": RATED_ON, "rate_source": RATED_BY}
        if self.is_prior:
            found |= {"is_prior": True, "prior_note": "2024 年 9 月在另一场对接会签约"}
        if self.kind is DealKind.TECH_CONTRACT:
            found |= {
                "contract_no": f"HT-2024-{number:05d}",
                "payment_way": tuple(PaymentWay)[number % 5],
                "plan_source": tuple(PlanSource)[number % 5],
                "valid_from": self.signed_on,
                "valid_until": self.signed_on and self.signed_on + timedelta(365 * (1 + number % 4)),
            }
        return {name: value for name, value in found.items() if value not in (None, "")}


@dataclass(frozen=True)
class Made:
    """What went in. `regions`: body → code of its place, "" where none is known."""

    expo: uuid.UUID
    deals: tuple[MadeDeal, ...]
    regions: Mapping[str, str]
    visitors: int
    """People of the categories that count who came in at least once, each once."""
    visits: int
    """The same, one per person and day."""

    def sum(self, deals: Iterable[MadeDeal], of: str = "amount") -> Decimal | None:
        """Yuan of those that have an amount; None if none has."""
        known = [value for deal in deals if (value := getattr(deal, of)) is not None]
        return sum(known, Decimal(0)) if known else None

    def place(self, bodies: Sequence[str], groups: Mapping[str, str]) -> str:
        """The group that the first of these bodies is in, by the code of its place; "" for none."""
        return groups[self.regions[bodies[0]]] if bodies else ""

    @property
    def signed(self) -> list[MadeDeal]:
        return [deal for deal in self.deals if deal.is_signed]

    @property
    def signed_amount(self) -> Decimal | None:
        return self.sum(self.signed)


def build(
    db: Database, *, deals: int = 50, exhibitors: int = 40, people: int = 120, scans: int = 0, seed: int = 7
) -> Made:
    """Fill an empty file. Its clock then stands at the end of the last day."""
    db.clock = lambda: ENDED
    draw = Random(seed)  # noqa: S311
    expo = expos.create(db, EXPO)
    words.add_preset(db, expo, "industries_strategic")
    bodies = _bodies(max(exhibitors, 12))
    put = partial(bring, db, expo)
    put("region_groups", ({"name": name, "prefixes": places} for name, places in GROUPS))
    _floor(put)
    put("exhibitors", _exhibitors(bodies, exhibitors))
    put("gates", [{"name": "北门", "ways": Ways.BOTH}, {"name": "东门", "ways": Ways.BOTH}])
    put("desks", [{"name": f"{gate} {n} 号台", "gate_id": gate} for gate in ("北门", "东门") for n in (1, 2)])
    put("programme", [_item(n, at) for n, at in enumerate(DAYS)])
    made = tuple(_deals(deals, tuple(bodies), draw))
    put("deals", [deal.values(number) for number, deal in enumerate(made, 1)])
    put("attendees", _people(people, tuple(bodies)))
    badges.issue_all(db, expo)
    visitors, visits = _scan(db, expo, scans)
    return Made(expo, made, bodies, visitors, visits)


def bring(db: Database, expo: uuid.UUID, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write values by field name as an import of that list would."""
    found = tuple(PlanRow(n, Outcome.NEW, dict(row)) for n, row in enumerate(rows, 2))
    imports.apply(db, ImportPlan(kind, f"{SPECS[kind].name}.xlsx", (), found), expo)


def _bodies(count: int) -> dict[str, str]:
    """Body → region."""
    kinds = ("科技", "智能装备", "新材料", "生物医药", "软件")
    names = (f"示例{chr(0x4E00 + n * 37 % 5000)}{chr(0x6000 + n % 900)}{kinds[n % 5]}有限公司" for n in range(count))
    return {name: REGIONS[n % len(REGIONS)] for n, name in enumerate(names)}


def _floor(put: Any) -> None:
    """Two halls of one venue with three zones, 60 booths, and a room to sign in."""
    for name, width in (("北馆", 90), ("南馆", 120)):
        put("halls", [{"name": name, "venue_id": EXPO["venues"], "width": width, "depth": 60}])
    put("zones", [{"code": code, "name": name, "hall_id": hall} for code, name, hall in ZONES])
    put(
        "booths",
        [
            {"number": f"{code}{n:02d}", "zone_id": code, "area": Decimal((9, 12, 36, 54)[n % 4]), "is_paid": n % 3 > 0}
            for code, _name, _hall in ZONES
            for n in range(1, 21)
        ],
    )
    put("rooms", [{"name": "签约厅", "venue_id": EXPO["venues"], "seats": 200}])


def _exhibitors(bodies: Mapping[str, str], count: int) -> Iterator[dict[str, Any]]:
    """Every tenth is a co-exhibitor of the first, every ninth has only applied."""
    numbers = [f"{code}{n:02d}" for code, _name, _hall in ZONES for n in range(1, 21)]
    for n, (name, region) in enumerate([*bodies.items()][:count]):
        row: dict[str, Any] = {
            "organisation.name": name,
            "organisation.industry_id": INDUSTRIES[n % len(INDUSTRIES)],
            "state": ExhibitorState.APPLIED if n % 9 == 8 else ExhibitorState.CONFIRMED,
        }
        if region:
            row["organisation.region_code"] = region
        if n % 10 == 9:
            row |= {"kind": ExhibitorKind.EXHIBITOR, "main": next(iter(bodies))}
        elif n < len(numbers) and n % 9 != 8:
            row["booths"] = numbers[n]
        yield row


def _item(number: int, day: date) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 14, tzinfo=ZONE)
    return {
        "title": f"第 {number + 1} 场签约仪式",
        "kind_id": "签约",
        "room_id": "签约厅",
        "starts_at": at,
        "minutes": 60,
    }


def _deals(count: int, bodies: Sequence[str], draw: Random) -> Iterator[MadeDeal]:
    """Deals of every kind, stage, entry, day and number of parties; one in twelve without an amount, one in eleven in
    another currency, a third of those without a rate; one in thirteen signed before.
    """
    kinds = [DealKind.TECH_CONTRACT] * 5 + list(DealKind)
    for n in range(count):
        kind = draw.choice(kinds)
        is_contract = kind is DealKind.TECH_CONTRACT
        stage = draw.choice((DealStage.SIGNED, DealStage.SIGNED, DealStage.SIGNED, *DealStage))
        if stage is DealStage.REGISTERED and not is_contract:
            stage = DealStage.PERFORMING
        entry = draw.choices(tuple(Entry), (5, 3, 88, 4))[0]
        parties = draw.sample(bodies, 6)
        several = draw.randrange(1, 3)
        is_framework = kind is DealKind.FRAMEWORK
        amount = None if draw.random() < 1 / 12 or is_framework else Decimal(draw.randrange(1, 10**10)) / 100
        currency, foreign, rate = "CNY", None, None
        if amount is not None and n % 11 == 10:
            currency, foreign = draw.choice(tuple(RATES)), amount
            rate = RATES[currency] if n % 3 else None
            amount = None if rate is None else (foreign * rate).quantize(FEN, ROUND_HALF_UP)
        contract_kind = draw.choice(tuple(SUBKINDS)) if is_contract else ""
        yield MadeDeal(
            title=f"项目{n + 1:05d}{chr(0x4E00 + draw.randrange(5000))}{chr(0x4E00 + draw.randrange(5000))}",
            kind=kind,
            stage=stage,
            entry=entry,
            sellers=() if is_framework else tuple(parties[:several]),
            buyers=() if is_framework else tuple(parties[2 : 2 + draw.randrange(1, 3)]),
            others=tuple(parties[: draw.randrange(2, 6)]) if is_framework else (),
            amount=amount,
            tech_amount=_share_of(amount, draw) if is_contract else None,
            signed_on=None if stage is DealStage.INTENT else draw.choice(DAYS),
            contract_kind=contract_kind,
            contract_subkind=draw.choice(SUBKINDS[contract_kind]) if is_contract else "",
            tech_field=draw.choice(FIELDS) if is_contract else "",
            ip_kind=draw.choice(IP) if is_contract else "",
            currency=currency,
            foreign_amount=foreign,
            rate=rate,
            is_prior=n % 13 == 12 and stage in SIGNED_STAGES,
        )


def _share_of(amount: Decimal | None, draw: Random) -> Decimal | None:
    """A part of it, the whole, or not said."""
    share = draw.choice((None, Decimal(1), Decimal("0.9"), Decimal("0.333")))
    return None if amount is None or share is None else (amount * share).quantize(FEN, ROUND_HALF_UP)


CATEGORIES = ("观众", "专业观众", "投资人", "嘉宾", "工作人员", "参展商", "媒体", "观众", "专业观众", "观众")
VISITOR_WORDS = frozenset({"观众", "专业观众", "投资人"})


def _people(count: int, bodies: Sequence[str]) -> Iterator[dict[str, Any]]:
    for n in range(count):
        yield {
            "person.name": f"示{chr(0x4E00 + n % 5000)}{chr(0x5000 + n // 5000)}",
            "person.phone": f"+86139{n:08d}",
            "category_id": CATEGORIES[n % len(CATEGORIES)],
            "organisation_id": bodies[n % len(bodies)],
            "state": AttendeeState.CONFIRMED,
        }


def _scan(db: Database, expo: uuid.UUID, count: int) -> tuple[int, int]:
    """So many scans of the three days in the order of time, and what they come to: visitors and visits.

    Of ten people with a badge one never comes. The others come in turn; whoever was in goes out, whoever went out
    comes again. Every fiftieth scan is refused.
    """
    with db.reading() as session:
        people = session.execute(
            select(Attendee.id, Badge.id, Badge.code, Category.name)
            .join(Badge, Badge.attendee_id == Attendee.id)
            .join(Category, Category.id == Attendee.category_id)
            .join(Person, Person.id == Attendee.person_id)
            .where(Attendee.expo_id == expo)
            .order_by(Person.phone)
        ).all()
        desks = session.execute(select(Desk.id, Desk.gate_id).where(Desk.expo_id == expo).order_by(Desk.name)).all()
    coming = [one for n, one in enumerate(people) if n % 10 != 9]
    inside: dict[tuple[uuid.UUID, date], bool] = {}
    admitted: set[tuple[uuid.UUID, uuid.UUID, date]] = set()
    came: set[tuple[uuid.UUID, date]] = set()
    rows, a_day = [], -(-count // len(DAYS))
    for n, key in enumerate(new_ids(count)):
        day, (desk, gate), (who, badge, code, category) = (
            DAYS[n // a_day],
            desks[n % len(desks)],
            coming[n % len(coming)],
        )
        is_refused, goes = n % 50 == 49, inside.get((who, day), False)
        verdict = Verdict.WRONG_TIME if is_refused else Verdict.OUT if goes else Verdict.AGAIN
        if verdict is Verdict.AGAIN and (who, gate, day) not in admitted:
            verdict = Verdict.ADMITTED
            admitted.add((who, gate, day))
        if not is_refused:
            inside[who, day] = not goes
            came |= {(who, day)} if category in VISITOR_WORDS else set()
        at = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE) + timedelta(seconds=n % a_day * 28_800 / a_day)
        rows.append({
            "id": key, "expo_id": expo, "gate_id": gate, "desk_id": desk, "attendee_id": who, "badge_id": badge,
            "at": at.astimezone(UTC), "local_day": day, "verdict": verdict, "method": Method.SCAN, "raw": code,
            "reason": "", "operator": "", "direction": Direction.OUT if goes else Direction.IN,
        })  # fmt: skip
    with db.transaction() as session:
        for start in range(0, count, AT_ONCE):
            session.connection().execute(insert(CheckIn.__table__), rows[start : start + AT_ONCE])
        presence.recount(session.connection())
    return len({who for who, _day in came}), len(came)
