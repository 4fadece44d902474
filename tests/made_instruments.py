"""A catalogue of any size, all of it made up and marked: providers, instruments and services as an organiser's list."""

import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from expo_app.model import Instrument, Organisation, Provider, ServiceItem
from expo_app.rules.search_key import search_key

INSTRUMENTS, SERVICES, PROVIDERS = 28_634, 5_500, 1_825
CATEGORIES = {
    "分析仪器": ("扫描电镜", "透射电镜", "质谱仪", "色谱仪", "光谱仪", "能谱仪"),
    "物理性能测试仪器": ("拉力试验机", "疲劳试验机", "硬度计", "热导仪"),
    "工艺试验仪器": ("磁控溅射台", "光刻机", "退火炉", "注塑机"),
    "计量仪器": ("三坐标测量机", "轮廓仪", "激光干涉仪"),
    "电子测量仪器": ("频谱仪", "示波器", "网络分析仪"),
    "环境试验设备": ("高低温箱", "盐雾箱", "振动台"),
    "医学科研仪器": ("流式细胞仪", "测序仪", "共聚焦显微镜"),
}
WORDS = ("高分辨", "台式", "双束", "冷冻", "原位", "多通道", "便携", "在线", "全自动", "宽频")
UNITS = ("样", "时", "次", "天")
REGIONS = ("310113", "310115", "320106", "320505", "330106", "330206", "330702", "340104", "340202")
HEADERS = (
    "仪器编号", "仪器名称", "型号", "所属机构", "仪器类型", "二级分类", "收费标准", "资质", "目录有效期至", "简介",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """What one instrument of the list says."""

    number: str
    title: str
    model_no: str
    provider: str
    category: str
    subcategory: str
    price: Decimal | None
    unit: str
    qualification: str
    until: date
    summary: str

    def cells(self) -> list[Any]:
        """Its row of the workbook, under HEADERS."""
        price = "" if self.price is None else f"{self.price:,.2f}元/{self.unit}"
        return [
            self.number, self.title, self.model_no, self.provider, self.category, self.subcategory, price,
            self.qualification, self.until.isoformat(), self.summary,
        ]  # fmt: skip


def provider_name(n: int) -> str:
    return f"示例第{n:04}检测技术研究院（示例）"


def instruments(count: int = INSTRUMENTS, providers: int = PROVIDERS, seed: int = 7) -> list[Made]:
    draw = random.Random(seed)  # noqa: S311
    made = []
    for n in range(count):
        category = draw.choice(tuple(CATEGORIES))
        noun = draw.choice(CATEGORIES[category])
        price = None if n % 17 == 0 else Decimal(draw.randrange(100, 500_000)).quantize(Decimal("0.01"))
        title = f"{draw.choice(WORDS)}{noun} {n % 97} 型（示例）"
        made.append(
            Made(
                f"YQ-{n:06}", title, f"{noun[0]}X-{draw.randrange(9999):04}",
                provider_name(draw.randrange(providers)), category, noun, price, draw.choice(UNITS),
                draw.choice(("CMA", "CNAS", "CMA、CNAS", "")), date(2031, 1, 1) + timedelta(days=n % 900),
                f"可做第 {n % 40} 类样品的测试",
            )
        )  # fmt: skip
    return made


def sheet_rows(count: int = INSTRUMENTS, providers: int = PROVIDERS, seed: int = 7) -> list[list[Any]]:
    """The workbook an organiser sends: header, then a row for each."""
    return [list(HEADERS), *(one.cells() for one in instruments(count, providers, seed))]


def put_providers(session: Session, count: int = PROVIDERS) -> dict[str, uuid.UUID]:
    """So many providers in the file; their keys by name."""
    bodies, providers, keys = [], [], {}
    for n in range(count):
        name, body, key = provider_name(n), uuid.uuid4(), uuid.uuid4()
        bodies.append(
            {
                "id": body, "name": name, "region_code": REGIONS[n % len(REGIONS)], "is_sample": True,
                "search_text": search_key(name, limit=600),
            }
        )  # fmt: skip
        providers.append(
            {
                "id": key,
                "organisation_id": body,
                "kind": "检验检测",
                "search_text": search_key("检验检测"),
                "is_sample": True,
            }
        )
        keys[name] = key
    session.execute(insert(Organisation), bodies)
    session.execute(insert(Provider), providers)
    return keys


def put_all(
    session: Session, count: int = INSTRUMENTS, services: int = SERVICES, providers: int = PROVIDERS
) -> dict[str, uuid.UUID]:
    """A whole catalogue, past the program's saves; the providers' keys by name."""
    keys = put_providers(session, providers)
    session.execute(
        insert(Instrument),
        [
            {
                "provider_id": keys[one.provider], "instrument_no": one.number, "title": one.title, "price": one.price,
                "model_no": one.model_no, "category": one.category, "subcategory": one.subcategory, "unit": one.unit,
                "qualification": one.qualification, "listed_until": one.until, "summary": one.summary,
                "is_sample": True, "search_text": search_key(one.title, one.model_no, one.number, limit=800),
            }
            for one in instruments(count, providers)
        ],
    )  # fmt: skip
    session.execute(
        insert(ServiceItem),
        [
            {
                "provider_id": keys[provider_name(n % providers)], "title": f"第 {n} 项材料测试服务（示例）",
                "field": "新材料", "price": Decimal(100 + n), "unit": "次", "is_sample": True,
                "search_text": search_key(f"第 {n} 项材料测试服务（示例）", limit=800),
            }
            for n in range(services)
        ],
    )  # fmt: skip
    return keys
