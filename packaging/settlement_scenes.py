"""Pictures of 三地结算: made-up uses of five regions in a half-year, their statements, some of them signed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from stage import Stage

from expo_app.model import Organisation, PaidWay, Provider, UseState, VoucherPolicy, VoucherUse, new_id
from expo_app.routes.vouchers import SettlementRoute
from expo_app.services import settlement, settlement_acts
from expo_app.services.settlement_acts import Signature
from expo_app.specs.settlement import A, B, StatementLine
from expo_app.store.database import Database
from expo_app.ui.pages.vouchers.settlement import SettlementFace

PERIOD, NOW = "2019H1", datetime(2019, 7, 9, 6, 20, tzinfo=UTC)
PLACES = ("310114", "3205", "320583", "320585", "3303")
RESOURCES = ("场发射电镜", "充放电测试", "EMC 暗室", "CT 扫描", "失效分析", "XPS 表面", "疲劳试验", "振动台")
USES = 189


def _ground(stage: Stage) -> None:
    """The uses and their statements, made once for a stage."""
    db, expo_id = stage.context.db, stage.context.expo_id
    stage.context.db.clock = lambda: NOW
    with db.reading() as session:
        if session.scalar(select(VoucherPolicy.id).where(VoucherPolicy.title == "结算示例办法")) is not None:
            return
    _make_uses(db)
    settlement_acts.draw(db, expo_id, PERIOD)
    lines = [line for line in settlement.read(db, expo_id, PERIOD).lines if line.id is not None]
    db.clock = lambda: NOW - timedelta(days=4)
    settlement_acts.send(db, expo_id, [line.id for line in lines[:9] if line.id], date(2019, 7, 12))
    db.clock = lambda: NOW - timedelta(days=1)
    scan = stage.folder / "示例-0708.pdf"
    scan.write_bytes(b"%PDF-1.4 scan")
    for at, line in enumerate(lines[:8]):
        _sign(db, expo_id, line, scan, (B,) if at in (1, 7) else (A, B))
    detail = settlement.read_line(db, expo_id, lines[8])
    if lines[8].id is not None:
        settlement_acts.dispute(db, expo_id, lines[8].id, A, 1, "金额与合同不符", [detail.uses[0].id])
    db.clock = lambda: NOW


def _sign(db: Database, expo_id: Any, line: StatementLine, scan: Path, sides: tuple[str, ...]) -> None:
    for side in sides:
        said = Signature(side, 1, "示例 · 财政结算岗", date(2019, 7, 8), scan)
        if line.id is not None:
            settlement_acts.sign(db, expo_id, line.id, said)


def _make_uses(db: Database) -> None:
    draw = random.Random(15)  # noqa: S311
    with db.transaction() as session:
        session.add(
            VoucherPolicy(
                region_code="3303", title="结算示例办法", valid_from=date(2019, 1, 1), valid_until=date(2019, 12, 31),
                rate=Decimal(50), settle_months=6, is_sample=True, source="示例，不是任何地区的办法",
            )
        )  # fmt: skip
        companies: dict[str, list[Any]] = {}
        providers: dict[str, Any] = {}
        for code in PLACES:
            whole = code.ljust(6, "0")
            made = [Organisation(name=f"{code} 用券企业{n}（示例）", region_code=whole) for n in range(4)]
            body = Organisation(name=f"{code} 检测机构（示例）", region_code=whole)
            session.add_all([*made, body])
            session.flush()
            provider = session.scalar(select(Provider.id).where(Provider.organisation_id == body.id))
            if provider is None:
                own = Provider(organisation_id=body.id, is_sample=True)
                session.add(own)
                session.flush()
                provider = own.id
            companies[code], providers[code] = [one.id for one in made], provider
        for n in range(USES):
            issuer, payee = draw.choice(PLACES), draw.choice((*PLACES, "310114", "310114"))
            share = Decimal(draw.randrange(20, 640)) * 50
            session.add(
                VoucherUse(
                    id=new_id(), use_no=f"SQ{n + 1:04d}", organisation_id=draw.choice(companies[issuer]),
                    provider_id=providers[payee], title=draw.choice(RESOURCES), kind=draw.choice(("检验检测", "中试")),
                    basis_amount=share * 2, share=share, issuer_code=issuer, payee_code=payee,
                    way=PaidWay.REFUNDED if n % 31 == 0 else PaidWay.PAID, state=UseState.VERIFIED,
                    verified_on=date(2019, 1, 7) + timedelta(days=draw.randrange(170)), is_sample=True,
                )
            )  # fmt: skip


def _face(stage: Stage) -> SettlementFace:
    _ground(stage)
    face = stage.go(SettlementRoute(PERIOD)).face
    if not isinstance(face, SettlementFace):
        raise LookupError("the settlement is not in front")
    return face


def _plain(stage: Stage) -> None:
    _face(stage)


def _pair(stage: Stage) -> None:
    face = _face(stage)
    face.open_pair("310114", "320583")
    stage.settle()


def _folded(stage: Stage) -> None:
    face = _face(stage)
    face.fold.button(True).click()


def _record(stage: Stage) -> None:
    _pair(stage)
    face = _face(stage)
    face.open_pair("310114", "320583")
    stage.settle()
    face.panel.choose_tab("record")


def _signing(stage: Stage) -> None:
    face = _face(stage)
    face.open_pair("310114", "320583")
    stage.settle()
    if face.line is not None:
        face.acts.sign(face.line)


def _disputing(stage: Stage) -> None:
    face = _face(stage)
    face.open_pair("310114", "320583")
    stage.settle()
    if face.panel.detail is not None:
        face.acts.dispute(face.panel.detail)


SETTLEMENT: dict[str, Callable[[Stage], None]] = {
    "15-settlement": _pair,
    "15-settlement-plain": _plain,
    "15-settlement-folded": _folded,
    "15-settlement-record": _record,
    "dialog-settlement-sign": _signing,
    "dialog-settlement-dispute": _disputing,
}
