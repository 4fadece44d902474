"""Columns of 往届: what an edition is known by, and its key figures as they were reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, TypeDecorator, cast, func, select, type_coerce
from sqlalchemy.engine import Dialect

from expo_app.i18n import N_, _
from expo_app.model import Edition, EditionFigure
from expo_app.rules.reported import of_column
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.figures import SQUARE_METRES, WAN
from expo_app.specs.records import RecordSpec

OWN, CUMULATIVE = N_("本届数字"), N_("累计数字（从首届起，不是本届的）")
"""Groups of the form."""
TOTAL = "total_"
"""Before the name of a figure: the field of what it has come to since the first edition."""


@dataclass(frozen=True)
class KeyFigure:
    """A figure an edition may report, by the name of the same figure in `services.statistics`."""

    name: str
    label: str
    unit: str
    total: str = ""
    """What its cumulative column is called; "" where nobody adds it up over editions."""
    aliases: tuple[str, ...] = ()

    @property
    def is_money(self) -> bool:
        return self.unit == WAN


KEY_FIGURES = (
    KeyFigure("exhibitors", N_("参展商"), N_("家"), N_("累计参展"), ("参展企业数", "展商数", "参展商数", "参展单位数")),
    KeyFigure("co_exhibitors", N_("联合参展"), N_("家"), aliases=("联合参展商数",)),
    KeyFigure("services", N_("技术服务机构"), N_("家"), aliases=("服务机构数",)),
    KeyFigure("net_area", N_("净面积"), SQUARE_METRES, aliases=("展出净面积", "展览净面积")),
    KeyFigure("gross_area", N_("毛面积"), SQUARE_METRES, aliases=("展览毛面积",)),
    KeyFigure("area", N_("展览面积（未说明净毛）"), SQUARE_METRES, aliases=("展览面积", "面积", "展出面积")),
    KeyFigure("items", N_("活动"), N_("场"), N_("累计活动"), ("活动数", "活动场次", "论坛活动")),
    KeyFigure("visitors", N_("观众人数"), N_("人"), aliases=("观众", "观众数")),
    KeyFigure("visits", N_("观众人次"), N_("人次"), N_("累计观众人次"), ("参观人次",)),
    KeyFigure("signed", N_("签约项目"), N_("项"), N_("累计签约项目"), ("签约项目数", "签约数")),
    KeyFigure("signed_amount", N_("签约成交额"), WAN, N_("累计签约成交额"), ("签约金额", "成交额")),
    KeyFigure("tech_amount", N_("技术交易额"), WAN, N_("累计技术交易额"), ("技术成交额",)),
    KeyFigure("intended", N_("意向项目"), N_("项"), N_("累计意向项目"), ("意向项目数", "意向数")),
    KeyFigure("intended_amount", N_("意向金额"), WAN, N_("累计意向金额"), ("意向成交额",)),
    KeyFigure("editions", N_("届数"), N_("届"), N_("累计届数")),
)
"""Every figure that is kept of an edition, in the order it is shown. `editions` exists as a cumulative one alone."""
OWN_FIGURES = tuple(figure for figure in KEY_FIGURES if figure.name != "editions")


class PackedFigure(TypeDecorator[str]):
    """A reported figure that a query packs into one text, as the text it is kept in (`rules.reported`)."""

    impl = String
    cache_ok = True

    def __init__(self, is_money: bool = False) -> None:
        super().__init__()
        self.is_money = is_money

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else of_column(value).text(self.is_money)


def reported(figure: KeyFigure, is_cumulative: bool) -> ColumnElement[str]:
    """What an edition reports of a figure, as it is kept: 约 50."""
    table, edition = EditionFigure.__table__, Edition.__table__
    hundredths = cast(type_coerce(table.c.value, BigInteger), String)
    how = func.coalesce(cast(table.c.qualifier, String), "")
    packed = (
        select(how + " " + hundredths)
        .where(
            table.c.edition_id == edition.c.id, table.c.figure == figure.name, table.c.is_cumulative == is_cumulative
        )
        .correlate(edition)
        .scalar_subquery()
    )
    return type_coerce(packed, PackedFigure(figure.is_money))


def field_of(figure: str, is_cumulative: bool) -> str:
    """The name of the field that holds a figure."""
    return f"{TOTAL}{figure}" if is_cumulative else figure


def _figure_field(figure: KeyFigure, is_cumulative: bool) -> Field:
    select_: Callable[[], ColumnElement[Any]] = partial(reported, figure, is_cumulative)
    kind = FieldType.REPORTED_MONEY if figure.is_money else FieldType.REPORTED
    shown = figure.name in ("exhibitors", "items", "visits", "signed_amount") and not is_cumulative
    return Field(
        field_of(figure.name, is_cumulative), figure.total if is_cumulative else figure.label, 12,
        type=kind, unit=figure.unit, select=select_, in_table=shown,
        aliases=() if is_cumulative else figure.aliases, group=CUMULATIVE if is_cumulative else OWN,
        hint=N_("约 50、超过 1000、近 250 都可以；没有报道就留空") if figure.name == "exhibitors" else "",
    )  # fmt: skip


def contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """An edition does not end before it begins."""
    begin, end = values.get("starts_on"), values.get("ends_on")
    return {"ends_on": _("结束日期不能早于开始日期。")} if begin and end and end < begin else {}


EDITIONS: RecordSpec = RecordSpec(
    name="editions",
    model=Edition,
    title=N_("往届"),
    key=(("name", "edition_no"),),
    scope="",
    needs_expo=False,
    order=("edition_no", "name"),
    icon="history",
    permission="editions.edit",
    contradictions=contradictions,
    fields=(
        Field("edition_no", N_("届次"), 6, least=1, most=999, required=True),
        Field("name", N_("展会名称"), 28, show="bold", aliases=("名称", "届次名称")),
        Field("starts_on", N_("开始日期"), 12, is_vital=True, aliases=("开幕日期",)),
        Field("ends_on", N_("结束日期"), 12, is_vital=True, in_table=False, aliases=("闭幕日期",)),
        Field("venue", N_("展馆"), 18, aliases=("地点", "举办地")),
        Field("theme", N_("主题"), 24, in_table=False),
        Field(
            "expo_id", N_("对应本文件的展会"), 24, ref="expos", in_table=False,
            hint=N_("这届的记录也在本文件里时填，两边不重复计"),
        ),
        *(_figure_field(figure, False) for figure in OWN_FIGURES),
        *(_figure_field(figure, True) for figure in KEY_FIGURES if figure.total),
        Field("source", N_("来源"), 30, in_table=False, aliases=("出处", "数据来源"), hint=N_("哪份报道、公告或报告")),
        Field("note", N_("备注"), 30, in_table=False, aliases=("说明",)),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False),
    ),
)  # fmt: skip
