"""What was signed by the sample's second morning. Amounts belong to generated bodies only.

Real governments appear with the framework agreements that are reported, without amounts and without a day where
only the month is known.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from expo_app.model import (
    Deal,
    DealKind,
    DealStage,
    DealStep,
    Entry,
    Expo,
    Organisation,
    PaymentWay,
    PlanSource,
    ProgrammeItem,
    new_id,
)
from expo_app.services.record_writer import Writer, write_rows
from expo_app.services.sample import facts
from expo_app.services.sample.people import MARK
from expo_app.services.sample.programme import SIGNING
from expo_app.services.sample.rows import Rows
from expo_app.services.sample.signings import BODIES, EIGHT, SIGNINGS, Signing
from expo_app.specs import DEALS
from expo_app.store.database import Database

SHANGHAI = timedelta(hours=8)
SIGNED_ON = {28: date(2018, 11, 28), 29: date(2018, 11, 29)}
CHECKED_BY = "周敏"
"""The operator who has confirmed that two agreements of the same governments are two."""
FRAMEWORKS = (
    (
        "嘉定—苏州战略合作（嘉昆太协同创新核心圈）",
        (facts.JIADING, facts.SUZHOU),
        None,
        "2018 年 5 月签订，据报道；日期未见报道。",
    ),
    ("嘉定—温州战略合作", (facts.JIADING, facts.WENZHOU), None, "2018 年 7 月签订，据报道；日期未见报道。"),
    (
        "嘉定与温州两地合作",
        (facts.JIADING, facts.WENZHOU),
        date(2018, 11, 28),
        "开幕式上签约，据报道；登记时间为示例。",
    ),
)
"""Reported agreements: title, parties, day, note."""
EIGHT_PARTIES = "八方科技资源共享共用框架协议（示例）"


def register_deals(db: Database, expo_id: uuid.UUID) -> int:
    """Enter the sample's deals, in the order they came in; how many there are."""
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        items = {
            title: key
            for key, title in session.execute(
                select(ProgrammeItem.id, ProgrammeItem.title).where(ProgrammeItem.expo_id == expo_id)
            )
        }
        _add_bodies(session)
        writer = Writer(db, session, expo)
        values = [*_frameworks(items), *(_values(each, n, items) for n, each in enumerate(SIGNINGS, 1))]
        values.sort(key=lambda each: each["created_at"])
        ids = write_rows(writer, DEALS, [(None, each, 0) for each in values])
        writer.audit()
        created = select(Deal.created_at).where(Deal.id == DealStep.deal_id).scalar_subquery()
        session.execute(update(DealStep).where(DealStep.deal_id.in_(ids)).values(at=created))
        _void_steps(session, ids, values)
    return len(ids)


def _add_bodies(session: Any) -> None:
    """The parties that are not yet there, with kind and region."""
    known = set(session.scalars(select(Organisation.name)))
    rows = Rows()
    for name, (kind, region) in BODIES.items():
        if name not in known:
            rows.organisation(name, kind=kind, region_code=region)
    rows.write(session)


def _moment(day: int, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2018, 11, day, hour, minute, tzinfo=UTC) - SHANGHAI


def _frameworks(items: dict[str, uuid.UUID]) -> list[dict[str, Any]]:
    """Agreements without an amount: three reported ones, and one of eight generated parties."""
    common = {"kind": DealKind.FRAMEWORK, "stage": DealStage.SIGNED, "entry": Entry.VALID, "amount": None}
    found = [
        {
            **common,
            "title": title,
            "others": "、".join(parties),
            "signed_on": day,
            "note": note,
            "is_sample": False,
            "created_at": _moment(28, f"10:{40 + n}"),
            "programme_item_id": items.get(facts.OPENING) if day else None,
            "not_duplicate_by": CHECKED_BY if day else "",
        }
        for n, (title, parties, day, note) in enumerate(FRAMEWORKS)
    ]
    eight = {
        **common,
        "title": EIGHT_PARTIES,
        "others": "、".join(EIGHT),
        "signed_on": SIGNED_ON[28],
        "created_at": _moment(28, "16:25"),
        "is_sample": True,
    }
    return [*found, eight]


def _values(each: Signing, n: int, items: dict[str, uuid.UUID]) -> dict[str, Any]:
    """A generated deal by field name."""
    day, clock = each.at
    amount = None if each.amount is None else Decimal(each.amount) * 10_000
    is_intent = each.stage is DealStage.INTENT
    values: dict[str, Any] = {
        "title": each.title,
        "kind": each.kind,
        "stage": each.stage,
        "entry": each.entry,
        "amount": amount,
        "sellers": each.seller + MARK,
        "buyers": each.buyer + MARK,
        "created_at": _moment(day, clock),
        "signed_on": None if is_intent else SIGNED_ON[day],
        "note": each.note,
        "is_sample": True,
        "programme_item_id": items.get(SIGNING) if each.at_signing else None,
        "signing_order": each.at_signing,
    }
    if each.contract:
        kind, subkind, field, ip, share = each.contract
        values |= {
            "contract_kind": kind,
            "contract_subkind": subkind,
            "tech_field": field,
            "ip_kind": ip,
            "tech_amount": None if amount is None else (amount * Decimal(share)).quantize(Decimal("0.01")),
            "payment_way": PaymentWay.INSTALMENTS if amount and amount > 1_000_000 else PaymentWay.LUMP_SUM,
            "plan_source": PlanSource.NONE,
            "social_goal": "工商业发展",
        }
        if not is_intent and each.entry is not Entry.DRAFT:
            values |= {
                "contract_no": f"示例-2018-{n:03d}",
                "valid_from": SIGNED_ON[day],
                "valid_until": date(2020, 11, 27),
            }
    return values


def _void_steps(session: Any, ids: list[uuid.UUID], values: list[dict[str, Any]]) -> None:
    """A void entry was valid first."""
    rows = [
        {
            "id": new_id(),
            "deal_id": deal_id,
            "stage": each["stage"],
            "entry": Entry.VALID,
            "at": each["created_at"] - timedelta(minutes=2),
            "on_date": each["signed_on"],
            "operator": "",
            "reason": "",
        }
        for deal_id, each in zip(ids, values, strict=True)
        if each["entry"] is Entry.VOID
    ]
    session.execute(insert(DealStep), rows)
