"""Columns of 已发布指数: the years of an index series that somebody published."""

from __future__ import annotations

from decimal import Decimal

from expo_app.i18n import N_
from expo_app.model import IndexPoint
from expo_app.specs.fields import Field
from expo_app.specs.records import RecordSpec

INDEX_POINTS: RecordSpec = RecordSpec(
    name="index_points",
    model=IndexPoint,
    title=N_("已发布指数"),
    key=(("series", "year"),),
    scope="",
    needs_expo=False,
    order=("series", "year"),
    search=lambda: IndexPoint.__table__.c.series,
    chips=("series",),
    icon="bar-chart-box",
    permission="editions.edit",
    natural="series",
    fields=(
        Field("series", N_("指数名称"), 36, show="bold", aliases=("名称", "指数", "系列", "Series", "Index")),
        Field("year", N_("年份"), 8, least=1900, most=2200, around=("年度", "年"), aliases=("年度", "Year")),
        Field("value", N_("指数值"), 12, places=4, least=Decimal("0.0001"),
              aliases=("数值", "值", "指数", "指数（基年=100）", "Value")),
        Field("source", N_("来源"), 36, aliases=("出处", "发布单位", "Source")),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)  # fmt: skip
