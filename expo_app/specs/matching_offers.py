"""Columns of 供给: what is offered to who asks, results and services side by side. It is only read and exported."""

from __future__ import annotations

from typing import cast

from sqlalchemy import func, literal, null, select, union_all

from expo_app.i18n import N_, _
from expo_app.model import Achievement, Base, Organisation, Provider, ServiceItem, TransferWay
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.organisations import ORGANISATIONS
from expo_app.specs.records import RecordSpec, search_of

SIDES = {"RESULT": N_("科技成果"), "SERVICE": N_("服务项目")}
_achievement, _item, _provider, _owner = (
    model.__table__ for model in (Achievement, ServiceItem, Provider, Organisation)
)
_results = select(
    _achievement.c.id, _achievement.c.expo_id, literal("RESULT").label("side"), _achievement.c.title,
    _achievement.c.title_en, _owner.c.name.label("owner"), _owner.c.name_en.label("owner_en"), _owner.c.region_code,
    _achievement.c.field, _achievement.c.keywords, _achievement.c.trl, _achievement.c.transfer_ways,
    _achievement.c.asking_price.label("price"), literal("").label("per"), _achievement.c.is_sample,
    _achievement.c.search_text.label("found_by"),
).join(_owner, _owner.c.id == _achievement.c.owner_id)  # fmt: skip
_services = (
    select(
        _item.c.id, null().label("expo_id"), literal("SERVICE").label("side"), _item.c.title, _item.c.title_en,
        _owner.c.name, _owner.c.name_en, _owner.c.region_code, _item.c.field, _item.c.keywords, null(), null(),
        _item.c.price, _item.c.unit, _item.c.is_sample, _item.c.search_text,
    )
    .join(_provider, _provider.c.id == _item.c.provider_id)
    .join(_owner, _owner.c.id == _provider.c.organisation_id)
)  # fmt: skip


class Offers:
    """Both tables as one; services belong to the file and stand in every expo."""

    __table__ = union_all(_results, _services).subquery("offer")


_offer = Offers.__table__
OFFERS: RecordSpec = RecordSpec(
    name="offers",
    model=cast("type[Base]", Offers),
    title=N_("供给"),
    key=(("owner", "title"),),
    scope="",
    scope_filter=lambda expo_id: (_offer.c.expo_id == expo_id) | _offer.c.expo_id.is_(None),
    order=("kind", "title"),
    search=lambda: search_of(_offer.c.found_by, func.lower(_offer.c.owner)),
    chips=("kind", "field"),
    icon="lightbulb",
    permission="matching.edit",
    natural="title",
    fields=(
        Field("kind", N_("类型"), 10, readonly=True, select=lambda: _offer.c.side,
              format=lambda side: _(SIDES.get(side, side))),
        Field("title", N_("名称"), 36, readonly=True, show="bold"),
        Field("owner", N_("单位"), 28, readonly=True),
        Field("region_code", N_("地区"), 12, readonly=True, format=ORGANISATIONS.field("region_code").format),
        Field("field", N_("领域"), 14, readonly=True),
        Field("keywords", N_("关键词"), 24, readonly=True),
        Field("trl", N_("成熟度"), 8, readonly=True),
        Field("transfer_ways", N_("转化方式"), 12, type=FieldType.CHOICES, several=TransferWay, readonly=True),
        Field("price", N_("价格"), 12, unit=N_("万元"), readonly=True),
        Field("unit", N_("计价单位"), 8, readonly=True, select=lambda: _offer.c.per),
        Field("is_sample", N_("示例"), 6, readonly=True),
    ),
)  # fmt: skip
