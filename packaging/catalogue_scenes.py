"""Pictures of 双创券 → 资源目录: made-up instruments of several regions, whose voucher works where, a company's sum."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QItemSelectionModel
from sqlalchemy import select
from stage import Stage
from voucher_scenes import _ground

from expo_app.model import Instrument, ListedProvider, Organisation, PaidWay, Provider, ServiceItem, VoucherPolicy
from expo_app.routes.vouchers import CatalogueRoute
from expo_app.rules.catalogue import CATEGORY
from expo_app.rules.search_key import search_key

BODIES = (
    ("江湾大学测试中心（示例）", "310110"), ("嘉西微纳测试所（示例）", "310114"),
    ("练塘材料检测中心（示例）", "310118"),
    ("甬江材料院（示例）", "330203"), ("瓯江检验检测院（示例）", "330302"), ("杭湾光电平台（示例）", "330106"),
    ("庐州仪器共享站（示例）", "340104"),
)  # fmt: skip
THINGS = (
    ("钨灯丝扫描电镜（示例）", 3, 200, "样"),
    ("台式扫描电镜（示例）", 4, 260, "样"),
    ("扫描透射电镜 EDS 附件（示例）", 1, 300, "样"),
    ("透射电镜制样仪（示例）", 2, 350, "样"),
    ("环境扫描电镜（示例）", 0, 420, "样"),
    ("冷场扫描电镜（示例）", 1, 480, "样"),
    ("低电压场发射电镜（示例）", 0, 560, "样"),
    ("电镜 EBSD 取向分析系统（示例）", 1, 700, "样"),
    ("扫描电镜原位拉伸台（示例）", 4, 900, "次"),
    ("透射电子显微镜电镜 200 kV（示例）", 2, 1600, "时"),
    ("电镜断层三维重构系统（示例）", 5, 1800, "时"),
    ("双束聚焦离子束电镜（示例）", 2, 2400, "时"),
    ("冷冻透射电镜 300 kV（示例）", 6, 3200, "时"),
    ("球差校正透射电镜（示例）", 6, None, ""),
)  # fmt: skip
POLICIES = (("3303", 40, PaidWay.PAID), ("320583", 50, PaidWay.PAID), ("3205", 30, PaidWay.REFUNDED))
FROM = date(2018, 1, 1)
_ADD = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


def _fill(stage: Stage) -> dict[str, Any]:
    """Beside what the other pictures of vouchers need; made once for a stage."""
    known = _ground(stage)
    with stage.context.db.transaction() as session:
        if session.scalar(select(Organisation.id).where(Organisation.name == BODIES[0][0])):
            return known
        providers = []
        for name, region in BODIES:
            owner = Organisation(name=name, region_code=region, is_sample=True, search_text=search_key(name))
            session.add(owner)
            session.flush()
            provider = Provider(organisation_id=owner.id, kind="检验检测", is_sample=True, search_text="检验检测 jyjc")
            session.add(provider)
            session.flush()
            providers.append(provider.id)
            session.add(
                ServiceItem(
                    provider_id=provider.id, title=f"电镜测试服务 {len(providers)}（示例）", price=Decimal(300),
                    unit="次", is_sample=True, search_text=search_key("电镜测试服务"),
                )
            )  # fmt: skip
        for n, (title, owner_at, price, unit) in enumerate(THINGS):
            session.add(
                Instrument(
                    provider_id=providers[owner_at], title=title, model_no=f"SEM-{n * 7 + 300}", unit=unit,
                    category="分析仪器", subcategory="电子光学仪器", price=None if price is None else Decimal(price),
                    price_from=date(2018, 3, 1), qualification="CMA、CNAS", qualified_until=date(2021, 9, 30),
                    listed_from=date(2018, 4, 26), listed_until=date(2018, 6, 30) if n == 4 else date(2020, 12, 31),
                    is_sample=True, search_text=search_key(title, f"SEM-{n * 7 + 300}"),
                )
            )  # fmt: skip
        for place, (code, rate, way) in enumerate(POLICIES):
            if session.scalar(select(VoucherPolicy.id).where(VoucherPolicy.region_code == code)) is None:
                session.add(
                    VoucherPolicy(
                        region_code=code, title="创新券办法（示例）", valid_from=FROM, rate=Decimal(rate), way=way,
                        is_sample=True,
                    )
                )  # fmt: skip
            for provider in providers[: 7 - place]:
                session.add(ListedProvider(region_code=code, provider_id=provider, valid_from=FROM, is_sample=True))
        region = session.scalar(select(VoucherPolicy.region_code).where(VoucherPolicy.id == known["policy"]))
        if region is not None and region not in [code for code, _rate, _way in POLICIES]:
            for provider in providers[:5]:
                session.add(ListedProvider(region_code=region, provider_id=provider, valid_from=FROM, is_sample=True))
    return known


def _open(stage: Stage) -> Any:
    known = _fill(stage)
    stage.go(CatalogueRoute(organisation=known["company"], search="电镜"))
    stage.settle()
    return stage.go("vouchers").face


def _catalogue(stage: Stage) -> None:
    face = _open(stage)
    face.facets.want(CATEGORY, frozenset({"分析仪器"}))
    face.show_found()
    face.panel.sum.amount.set_value(Decimal(20_000))
    face.panel.sum.again()
    face.view._choose(5)
    stage.settle()


def _compare(stage: Stage) -> None:
    face = _open(stage)
    face.view._choose(2)
    for place in (3, 5):
        face.view.selectionModel().select(face.view.rows_model.index(place, 0), _ADD)
    stage.settle()
    face.compare()
    stage.settle()


CATALOGUE: dict[str, Callable[[Stage], Any]] = {"vouchers-catalogue": _catalogue, "vouchers-compare": _compare}
"""By name."""
