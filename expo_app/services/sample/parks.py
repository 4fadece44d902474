"""A made-up park in the further sample, with as many generated records as a reported one told of itself.

So its counted report gives 530 visited, 46 tenants, 23 of them R&D centres, 14 landed, 126 talents, 1,176 patents, 108
events and 200 co-operations. One of its tenants has everything a tenant may have, and what it came of: a pitch, a
meeting and a deal that nobody has checked yet, so that it counts nowhere.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from sqlalchemy import select, update

from expo_app import paths
from expo_app.model import (
    DealKind,
    Entry,
    Expo,
    Meeting,
    MeetingPlace,
    MeetingState,
    Outcome,
    Pitch,
    SharingEventState,
    SupportKind,
    SupportState,
    Tenant,
)
from expo_app.services.record_writer import Writer, find_by, write_rows
from expo_app.services.sample.lists import insert
from expo_app.specs import (
    ACHIEVEMENTS,
    DEALS,
    ORGANISATIONS,
    PARKS,
    PITCHES,
    SHARING_EVENTS,
    TASKS,
    TENANT_FIGURES,
    TENANT_SUPPORTS,
    TENANTS,
    RecordSpec,
)
from expo_app.store.database import Database

PARK, OPERATOR, FIRST = "练祁飞地创新园（示例）", "练祁科技创新服务中心（示例）", "瓯江储能科技有限公司（示例）"
VISITED, TENANTS_THERE, CENTRES, LANDED = 530, 46, 23, 14
TALENTS, PATENTS, EVENTS, COOPERATIONS = 126, 1176, 108, 200
OPENED = date(2019, 12, 1)
DATES = (date(2020, 12, 31), date(2021, 12, 31), date(2022, 6, 30))
PLACES = ("330302", "330303", "330304", "330324", "330326", "330381", "330382")
TOPICS = ("技术沙龙", "项目路演", "政策讲解", "供需对接", "专利讲座", "高校开放日")
THOUSAND = Decimal(1000)
OWN: dict[date, dict[str, Any]] = {
    date(2019, 12, 31): {
        "staff": 6, "staff_doctors": 2, "staff_college": 6, "staff_returnees": 1, "staff_talents": 1, "ip_applied": 2,
        "ip_granted": 0, "ip_valid": 0, "ip_inventions": 0, "contracts": 0, "revenue": 0, "net_profit": -1920,
        "research_spending": 1400, "taxes": 0, "venture_money": 0,
    },
    date(2020, 12, 31): {
        "is_incubated": True, "area": 180, "staff": 14, "staff_doctors": 3, "staff_college": 13, "staff_returnees": 1,
        "staff_talents": 2, "ip_applied": 5, "ip_granted": 1, "ip_valid": 1, "ip_inventions": 0, "contracts": 1,
        "contracts_amount": 600, "revenue": 1260, "net_profit": -2310, "research_spending": 2150, "taxes": 18,
        "venture_money": 5000,
    },
    date(2021, 12, 31): {
        "is_incubated": True, "area": 420, "staff": 23, "staff_doctors": 4, "staff_college": 21, "staff_returnees": 2,
        "staff_talents": 3, "ip_applied": 9, "ip_granted": 4, "ip_valid": 5, "ip_inventions": 2, "contracts": 2,
        "contracts_amount": 1850, "revenue": 5480, "net_profit": -640, "research_spending": 2980, "taxes": 142,
        "venture_money": 0,
    },
    date(2022, 6, 30): {
        "is_incubated": True, "area": 420, "staff": 31, "staff_doctors": 5, "staff_college": 28, "staff_returnees": 2,
        "staff_talents": 3, "ip_applied": 7, "ip_granted": 3, "ip_valid": 8, "ip_inventions": 3, "contracts": 1,
        "contracts_amount": 900, "revenue": 12480, "net_profit": 1105, "research_spending": 1760, "taxes": 386,
        "venture_money": 12000, "investment": 32000,
    },
}  # fmt: skip
"""The figures of the first tenant, money in 千元."""
MONEY = frozenset(
    {"contracts_amount", "revenue", "net_profit", "research_spending", "taxes", "venture_money", "investment"}
)
Values = dict[str, Any]


def add_parks(db: Database, expo_id: uuid.UUID) -> dict[str, int]:
    """Enter all of it, in one transaction; how many records of each list."""
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        writer = Writer(db, session, expo)
        every = _names()
        there = find_by(writer, ORGANISATIONS, "name", set(every))
        names = [FIRST, *(name for name in every if name not in there)][:VISITED]
        bodies = [{"name": name, "region_code": PLACES[n % len(PLACES)]} for n, name in enumerate(names)]
        lists: tuple[tuple[RecordSpec, list[Values]], ...] = (
            (PARKS, [_park()]), (ORGANISATIONS, bodies),
            (TENANTS, [_tenant(n, name) for n, name in enumerate(names)]),
            (TENANT_FIGURES, list(_figures(names[:TENANTS_THERE]))),
            (TENANT_SUPPORTS, list(_supports(names[:TENANTS_THERE]))), (SHARING_EVENTS, list(_events())),
        )  # fmt: skip
        for spec, rows in lists:
            write_rows(writer, spec, [(None, {"is_sample": True, **row}, 0) for row in rows])
        _chain(writer, expo)
        write_rows(writer, TASKS, [(None, {"tenant": FIRST, **row}, 0) for row in TO_DO])
        writer.audit()
        return {spec.name: len(rows) for spec, rows in lists}


def _names() -> list[str]:
    with paths.resource("sample", "sharing", "tenant_names.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    pairs = product([row["前"] for row in rows if row["前"]], [row["后"] for row in rows if row["后"]])
    return [f"{first}{last}有限公司（示例）" for first, last in pairs]


def _park() -> Values:
    return {
        "name": PARK, "research_region": "310114", "production_region": "330300", "opened": "2019-12",
        "operators": [OPERATOR], "floor_area": Decimal(15_000), "own_area": Decimal(14_000),
        "public_area": Decimal(1_200), "rooms": 120, "desks": 300, "managers": 10, "trained_managers": 8,
        "seed_fund": Decimal(3_000_000),
        "supports": [kind.name for kind in SupportKind if kind is not SupportKind.OTHER],
        "max_stay_years": 4,
        "sharing_terms": "协议：研发产值归研发地，生产产值归产业化地；税收按各自所在地。项目数两地各记 1，合计只记 1。",
    }  # fmt: skip


# --- tenants ----------------------------------------------------------------------------------------------------------
def _tenant(n: int, name: str) -> Values:
    """The nth: the first 46 came, of them the first 14 landed; the others visited, some of them went on a little."""
    row: Values = {"organisation_id": name, "park_id": PARK, "research_region": "310114"}
    row["production_region"] = PLACES[n % len(PLACES)]
    if n == 0:
        return row | {
            "production_region": "330304", "room": "B 座 302", "is_research_centre": True,
            "tech_field": "新能源与高效节能",
            "founded_on": date(2018, 3, 1), "registration_kind": "有限责任公司", "taxpayer_kind": "一般纳税人",
            "has_mentor": True, "is_high_tech": True, "founder_background": "科技人员", "is_serial_founder": False,
            "registered_capital": Decimal(10_000_000), "summary": "路演 2018-11，落地 2022-06",
            "visited_on": "2018-11-29", "intended_on": "2018-12-18", "signed_on": "2019-10-16",
            "moved_in_on": "2020-01-08", "incubated_on": "2020-04-01", "landed_on": "2022-06-20",
        }  # fmt: skip
    if n >= TENANTS_THERE:
        visited = OPENED + timedelta(days=2 * n)
        row["visited_on"] = visited.isoformat()
        if n % 5 == 0:
            row["intended_on"] = (visited + timedelta(days=5)).isoformat()
        if n % 15 == 0:
            row["signed_on"] = (visited + timedelta(days=12)).isoformat()
        return row
    visited = OPENED + timedelta(days=9 * n)
    row |= {
        "room": f"{'AB'[n % 2]} 座 {200 + n}", "is_research_centre": n < CENTRES,
        "visited_on": visited.isoformat(), "intended_on": (visited + timedelta(days=20)).isoformat(),
        "signed_on": (visited + timedelta(days=50)).isoformat(),
        "moved_in_on": (visited + timedelta(days=80)).isoformat(),
    }  # fmt: skip
    if n < LANDED:
        row["landed_on"] = (visited + timedelta(days=600)).isoformat()
    elif n % 9 == 0:
        row["graduated_on"] = (visited + timedelta(days=700)).isoformat()
    elif n % 13 == 0:
        row |= {"left_on": (visited + timedelta(days=400)).isoformat(), "left_to": "迁回原址", "left_why": "租期届满"}
    elif n % 2:
        row["incubated_on"] = (visited + timedelta(days=110)).isoformat()
    return row


def _shares(total: int, parts: int) -> list[int]:
    """Whole numbers that add up to the total, the larger ones first."""
    least, more = divmod(total, parts)
    return [least + (n < more) for n in range(parts)]


def _figures(names: list[str]) -> Iterator[Values]:
    """Figures of each tenant at the dates it was there; those of all of them add up to what was reported elsewhere.

    What the first one filled in before it moved in is no part of it.
    """
    for day, own in OWN.items():
        yield {"tenant": FIRST, "park": PARK, "on_date": day, "filled_by": "园区管理岗（示例）"} | _in_yuan(own)
    others = names[1:]
    talents = _shares(TALENTS - int(OWN[DATES[-1]]["staff_talents"]), len(others))
    patents = _shares(PATENTS - sum(int(OWN[day]["ip_applied"]) for day in DATES), len(others))
    for n, name in enumerate(others, 1):
        moved_in = OPENED + timedelta(days=9 * n + 80)
        there = [day for day in DATES if day > moved_in]
        for at, (day, applied) in enumerate(zip(there, _shares(patents[n - 1], len(there)), strict=True)):
            staff = 8 + n % 17 + 3 * at
            own = {
                "is_incubated": n >= LANDED, "area": 120 + 10 * (n % 16), "staff": staff, "staff_doctors": 1 + n % 3,
                "staff_college": staff - 2, "staff_talents": talents[n - 1], "ip_applied": applied,
                "revenue": 300 + 50 * at + 20 * (n % 10), "research_spending": 200 + 10 * n, "taxes": 5 + n,
            }  # fmt: skip
            if n < LANDED and day == DATES[-1]:
                own["investment"] = 4_000 if n == 1 else 4_200
            yield {"tenant": name, "park": PARK, "on_date": day, "filled_by": "园区管理岗（示例）"} | _in_yuan(own)


def _in_yuan(own: Values) -> Values:
    return {name: value * THOUSAND if name in MONEY else value for name, value in own.items()}


def _supports(names: list[str]) -> Iterator[Values]:
    own = {"tenant": FIRST, "park": PARK}
    yield own | {
        "kind": SupportKind.RENT, "title": "首年免租，第 2–3 年减半", "amount": Decimal(216_000),
        "granted_on": date(2020, 1, 8), "valid_from": date(2020, 1, 1), "valid_until": date(2022, 12, 31),
    }  # fmt: skip
    yield own | {
        "kind": SupportKind.RESEARCH, "title": "研发投入 10 % 补助", "amount": Decimal(298_000),
        "granted_on": date(2022, 5, 10), "state": SupportState.PAID,
    }  # fmt: skip
    yield own | {
        "kind": SupportKind.TALENT, "title": "高层次人才 3 人住房补贴", "amount": Decimal(180_000),
        "granted_on": date(2021, 3, 1), "valid_until": date(2023, 12, 31),
    }  # fmt: skip
    for name, count in zip(names, _shares(COOPERATIONS, len(names)), strict=True):
        for n in range(count):
            yield {
                "tenant": name, "park": PARK, "kind": SupportKind.UNIVERSITY, "title": f"高校联合项目 {n + 1}（示例）",
                "granted_on": date(2020, 9, 1) + timedelta(days=90 * n),
            }  # fmt: skip
    for name in names[3::3]:
        yield {
            "tenant": name, "park": PARK, "kind": SupportKind.RENT, "title": "首年租金减半", "amount": Decimal(36_000),
            "granted_on": date(2020, 12, 1), "valid_until": date(2021, 11, 30), "state": SupportState.ENDED,
        }  # fmt: skip


def _events() -> Iterator[Values]:
    for n in range(EVENTS):
        day = OPENED + timedelta(days=10 * n + 5)
        yield {
            "title": f"{TOPICS[n % len(TOPICS)]} {n + 1}（示例）", "park_id": PARK, "on_day": day.isoformat(),
            "state": SharingEventState.HELD, "attended": 20 + n % 37,
        }  # fmt: skip


TO_DO: tuple[Values, ...] = (
    {"title": "专利转让登记凭证未收（示例）", "assignee": "周敏", "due_on": date(2022, 12, 17)},
    {"title": "续租谈判：租金减半到期（示例）", "assignee": "陈放", "due_on": date(2022, 12, 31)},
    {"title": "补 2022 年度数（示例）", "assignee": "园区管理岗", "due_on": date(2023, 1, 20)},
)


# --- what the first one came of ---------------------------------------------------------------------------------------
ROADSHOW, RESULT = "健康医疗成果专场路演（示例）", "医院备用储能电源（示例）"
PITCHED, MET, SIGNED = (
    datetime(2018, 11, 29, 6, 30, tzinfo=UTC), datetime(2018, 12, 18, 2, 0, tzinfo=UTC), date(2019, 10, 16),
)  # fmt: skip


def _chain(writer: Writer, expo: Expo) -> None:
    bodies = find_by(writer, ORGANISATIONS, "name", {FIRST, OPERATOR})
    tenant = writer.session.scalars(select(Tenant).where(Tenant.organisation_id == bodies[FIRST])).one()
    write_rows(writer, ACHIEVEMENTS, [(None, {"title": RESULT, "owner_id": FIRST, "is_sample": True}, 0)])
    pitch = {"item_id": ROADSHOW, "achievement_id": RESULT, "presenter": "瓯江储能（示例）", "minutes": 15}
    deal = {
        "title": "瓯江储能研发中心入园（示例）", "kind": DealKind.TENANCY, "others": f"{FIRST}、{OPERATOR}",
        "signed_on": SIGNED, "entry": Entry.CHECK, "is_sample": True,
    }  # fmt: skip
    (tenant.pitch_id,) = write_rows(writer, PITCHES, [(None, pitch, 0)])
    (tenant.deal_id,) = write_rows(writer, DEALS, [(None, deal, 0)])
    writer.session.execute(update(Pitch).where(Pitch.id == tenant.pitch_id).values(started_at=PITCHED))
    place = select(MeetingPlace.id).where(MeetingPlace.expo_id == expo.id).order_by(MeetingPlace.id).limit(1)
    meeting = {
        "expo_id": expo.id, "meeting_no": "QT-231", "a_id": bodies[FIRST], "b_id": bodies[OPERATOR],
        "subject": "研发中心入园", "state": MeetingState.ACCEPTED, "asked_at": MET - timedelta(days=6),
        "place_id": writer.session.scalars(place).one(), "starts_at": MET, "minutes": 30,
        "outcome": Outcome.HELD, "ended_at": MET + timedelta(minutes=30),
        "deal_id": tenant.deal_id, "is_sample": True,
    }  # fmt: skip
    insert(writer, Meeting.__table__, [meeting])
    tenant.meeting_id = writer.session.scalars(select(Meeting.id).where(Meeting.meeting_no == "QT-231")).one()
