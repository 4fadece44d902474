"""Pictures of 合作园区: the board, one tenant and its dialogs, with a park of generated tenants of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select
from stage import Stage

from expo_app.model import (
    Deal,
    Meeting,
    Organisation,
    Park,
    ParkFigure,
    ParkTotal,
    Pitch,
    ProgrammeItem,
    Qualifier,
    SupportKind,
    SupportState,
    Task,
    Tenant,
    TenantFigures,
    TenantState,
    TenantStep,
    TenantSupport,
)
from expo_app.routes.parks import ParksRoute, TenantRoute
from expo_app.specs.tenants import TORCH

AT = datetime(2022, 12, 20, 7, 10, tzinfo=UTC)
SOURCE = "2022-12 报道"
PARKS = (
    ("温州（嘉定）科创园", "310114", "330300", "2019-12", SOURCE),
    ("瑞安市（安亭）飞地创新港", "310114", "330300", "2019-05-30", SOURCE),
    ("练祁飞地创新园（示例）", "310114", "330300", "2020-06", ""),
)  # fmt: skip
REPORTED = (
    (ParkTotal.VISITED, 530, Qualifier.OVER), (ParkTotal.TENANTS, 46, None), (ParkTotal.RESEARCH_CENTRES, 23, None),
    (ParkTotal.LANDED, 14, None), (ParkTotal.TALENTS, 126, None), (ParkTotal.PATENTS, 1176, None),
)  # fmt: skip
TENANTS = (
    ("瓯江储能科技有限公司（示例）", TenantState.LANDED, "储能平台，提前 24 小时预警", 420, 31),
    ("明瓯光学仪器有限公司（示例）", TenantState.INCUBATED, "毕业评估", 260, 11),
    ("乐清智造有限公司（示例）", TenantState.MOVED_IN, "", 180, 9),
    ("安亭传感有限公司（示例）", TenantState.SIGNED, "传感器", None, None),
    ("温岭材料有限公司（示例）", TenantState.INTENDED, "", None, None),
    ("平阳生物有限公司（示例）", TenantState.LEFT, "", 90, 4),
)
STEPS = (
    (TenantState.VISITED, "2018-11-29", "路演现场"), (TenantState.INTENDED, "2018-12-18", "洽谈后登记"),
    (TenantState.SIGNED, "2019-10-16", "入驻协议"), (TenantState.MOVED_IN, "2020-01-08", "首期 180 ㎡"),
    (TenantState.INCUBATED, "2020-04-01", "导师 1 名"),
    (TenantState.LANDED, "2022-06-20", "瓯海基地开工，嘉定研发保留"),
)  # fmt: skip
FIGURES = {
    date(2019, 12, 31): {"staff": 6, "staff_college": 6, "staff_doctors": 2, "ip_applied": 2, "ip_granted": 0,
                         "revenue": 0, "net_profit": -1_920_000, "research_spending": 1_400_000, "taxes": 0},
    date(2020, 12, 31): {"is_incubated": True, "area": 180, "staff": 14, "staff_college": 13, "staff_doctors": 3,
                         "ip_applied": 5, "ip_granted": 1, "ip_valid": 1, "contracts": 1, "contracts_amount": 600_000,
                         "revenue": 1_260_000, "net_profit": -2_310_000, "research_spending": 2_150_000,
                         "taxes": 18_000, "venture_money": 5_000_000},
    date(2021, 12, 31): {"is_incubated": True, "area": 420, "staff": 23, "staff_college": 21, "staff_doctors": 4,
                         "staff_talents": 3, "ip_applied": 9, "ip_granted": 4, "ip_valid": 5, "contracts": 2,
                         "contracts_amount": 1_850_000, "revenue": 5_480_000, "net_profit": -640_000,
                         "research_spending": 2_980_000, "taxes": 142_000, "venture_money": 0},
    date(2022, 6, 30): {"is_incubated": True, "area": 420, "staff": 31, "staff_college": 28, "staff_doctors": 5,
                        "staff_talents": 3, "ip_applied": 7, "ip_granted": 3, "ip_valid": 8, "contracts": 1,
                        "contracts_amount": 900_000, "revenue": 12_480_000, "net_profit": 1_105_000,
                        "research_spending": 1_760_000, "taxes": 386_000, "venture_money": 12_000_000,
                        "investment": 32_000_000, "filled_by": "园区管理岗", "filled_on": date(2022, 7, 11)},
}  # fmt: skip
MONEY = frozenset(line.name for line in TORCH if line.is_money or line.kind == "area")
SUPPORTS = (
    (SupportKind.RENT, "首年免租，第 2–3 年减半", 216_000, SupportState.RUNNING, date(2022, 12, 31)),
    (SupportKind.RESEARCH, "研发投入 10 % 补助", 298_000, SupportState.PAID, None),
    (SupportKind.TALENT, "高层次人才 3 人住房补贴", 180_000, SupportState.RUNNING, None),
    (SupportKind.UNIVERSITY, "上海高校联合项目 2 项", None, SupportState.RUNNING, None),
)
TASKS = (
    ("续租谈判：租金减半到期", date(2022, 12, 31)),
    ("补 2022 年度数", date(2023, 1, 20)),
    ("专利转让登记凭证未收", date(2022, 12, 17)),
)


def _first(stage: Stage) -> uuid.UUID:
    """The key of the tenant that is shown; everything is made on the first call."""
    stage.freeze(AT)
    db, expo_id = stage.context.db, stage.context.expo_id
    with db.transaction() as session:
        parks = {park.name: park for park in session.scalars(select(Park))}
        for name, research, production, opened, source in PARKS:
            if name not in parks:
                park = parks[name] = Park(
                    name=name, research_region=research, production_region=production, opened=opened, source=source,
                    supports=["RESEARCH", "RENT", "TALENT"], is_sample=not source,
                    own_area=Decimal(9610 if source else 7850), floor_area=Decimal(9610 if source else 7850),
                    sharing_terms="协议：研发产值归嘉定，生产产值归瓯海；税收按各自所在地。",
                )  # fmt: skip
                session.add(park)
                session.flush()
                for total, value, how in REPORTED if name == PARKS[0][0] else ():
                    session.add(
                        ParkFigure(
                            park_id=park.id, figure=total, on_day="2022-12", since="2019-12", value=Decimal(value),
                            qualifier=how, source=source,
                        )
                    )  # fmt: skip
        known = session.scalar(select(Tenant).join(Organisation).where(Organisation.name == TENANTS[0][0]))
        if known is not None:
            return known.id
        keys = [_tenant(session, parks[PARKS[-1][0]], number, *one) for number, one in enumerate(TENANTS)]
        first = session.get_one(Tenant, keys[0])
        # in the order of time: a chain that goes back proves nothing
        pitched = select(Pitch.id).join(ProgrammeItem, ProgrammeItem.id == Pitch.item_id)
        first.pitch_id = session.scalar(pitched.order_by(ProgrammeItem.starts_at).limit(1))
        met = select(Meeting.id).where(Meeting.starts_at >= datetime(2018, 11, 29, tzinfo=UTC))
        first.meeting_id = session.scalar(met.order_by(Meeting.starts_at).limit(1))
        signed = select(Deal.id).where(Deal.signed_on.is_not(None))
        first.deal_id = session.scalar(signed.order_by(Deal.signed_on.desc()).limit(1))
        first.room, first.tech_field, first.founded_on = "B 座 302", "新能源与高效节能", date(2018, 3, 1)
        for on_date, values in FIGURES.items():
            typed = {name: Decimal(value) if name in MONEY else value for name, value in values.items()}
            session.add(TenantFigures(tenant_id=first.id, on_date=on_date, is_sample=True, **typed))
        for kind, title, amount, state, until in SUPPORTS:
            session.add(
                TenantSupport(
                    tenant_id=first.id, kind=kind, title=title, state=state, valid_until=until, is_sample=True,
                    amount=None if amount is None else Decimal(amount),
                )
            )  # fmt: skip
        for number, (title, due) in enumerate(TASKS):
            session.add(
                Task(
                    expo_id=expo_id, task_no=f"P-{number}", title=title, tenant_id=first.id, due_on=due,
                    assignee="陈放", created_at=AT, created_by="陈放",
                )
            )  # fmt: skip
        return keys[0]


def _tenant(
    session: Any, park: Park, number: int, name: str, state: TenantState, summary: str, area: Any, staff: Any
) -> uuid.UUID:
    body = Organisation(name=name, is_sample=True, search_text=name)
    session.add(body)
    session.flush()
    tenant = Tenant(
        park_id=park.id, organisation_id=body.id, stay=1, state=state, research_region="310114",
        production_region="330304", summary=summary, is_sample=True, search_text=f"{name} {summary}",
    )  # fmt: skip
    session.add(tenant)
    session.flush()
    order = list(TenantState)
    for reached, day, words in STEPS:
        if order.index(reached) <= order.index(state) and (number == 0 or reached is not TenantState.LANDED):
            session.add(TenantStep(tenant_id=tenant.id, state=reached, on_day=day, at=AT, operator="陈放", words=words))
    if state is TenantState.LEFT:
        session.add(
            TenantStep(tenant_id=tenant.id, state=state, on_day="2021-06", at=AT, operator="陈放", words="资金断了",
                       where_to="迁回平阳")
        )  # fmt: skip
    if number and area:
        session.add(
            TenantFigures(tenant_id=tenant.id, on_date=date(2021, 12, 31), area=Decimal(area), staff=staff,
                          is_sample=True, revenue=Decimal(area) * 10_000, ip_applied=staff)
        )  # fmt: skip
    session.flush()
    return tenant.id


def _board(stage: Stage, park: int) -> None:
    _first(stage)
    with stage.context.db.reading() as session:
        key = session.scalar(select(Park.id).where(Park.name == PARKS[park][0]))
    page = stage.go(ParksRoute(key, "board"))
    page.face.table.view.selectRow(0)
    stage.settle()


def _list(stage: Stage) -> None:
    _first(stage)
    stage.go(ParksRoute(face="tenants"))
    stage.settle()


def _page(stage: Stage, act: str = "") -> None:
    page = stage.go(TenantRoute(_first(stage)))
    if act:
        getattr(page, act)()
    stage.settle()


PARKS_SCENES: dict[str, Callable[[Stage], Any]] = {
    "parks-board": partial(_board, park=0),
    "parks-example": partial(_board, park=-1),
    "parks-tenants": _list,
    "tenant-page": _page,
    "tenant-step": partial(_page, act="record_step"),
    "tenant-back": partial(_page, act="go_back"),
    "tenant-fill": partial(_page, act="fill"),
}
"""By name."""
