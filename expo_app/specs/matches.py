"""Columns of 建议: which offer for which demand, why, and what both sides said. It is computed and only handed out."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, func, select

from expo_app.i18n import N_
from expo_app.model import Achievement, Demand, MatchingConsent, Organisation, Provider, ServiceItem, Suggestion
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.reason_words import in_one
from expo_app.specs.records import NamedBy, RecordSpec, both_names, own_name, read_name, search_of

_suggestion, _demand, _achievement, _item, _provider, _body, _consent = (
    model.__table__ for model in (Suggestion, Demand, Achievement, ServiceItem, Provider, Organisation, MatchingConsent)
)


def _title(table: Table, column: str, named: NamedBy) -> Any:
    query = select(named(table, "title")).where(table.c.id == _suggestion.c[column])
    return query.correlate(_suggestion).scalar_subquery()


def _demand_title(named: NamedBy = own_name) -> ColumnElement[Any]:
    return _title(_demand, "demand_id", named)


def _offer_title(named: NamedBy = own_name) -> ColumnElement[Any]:
    return func.coalesce(
        _title(_achievement, "achievement_id", named), _title(_item, "service_item_id", named)
    )  # fmt: skip


def _demander(named: NamedBy = own_name) -> ColumnElement[Any]:
    query = select(named(_body)).join(_demand, _demand.c.owner_id == _body.c.id)
    return query.where(_demand.c.id == _suggestion.c.demand_id).correlate(_suggestion).scalar_subquery()


def _owner(named: NamedBy = own_name) -> ColumnElement[Any]:
    of_result = select(named(_body)).join(_achievement, _achievement.c.owner_id == _body.c.id)
    of_service = select(named(_body)).join(_provider, _provider.c.organisation_id == _body.c.id)
    of_service = of_service.join(_item, _item.c.provider_id == _provider.c.id)
    return func.coalesce(
        of_result.where(_achievement.c.id == _suggestion.c.achievement_id).correlate(_suggestion).scalar_subquery(),
        of_service.where(_item.c.id == _suggestion.c.service_item_id).correlate(_suggestion).scalar_subquery(),
    )


def agreed_on(day: date) -> ColumnElement[bool]:
    """Suggestions of which both sides agree, on that day, to be suggested (`services.meeting_consents` of each)."""
    agreed = (
        select(_consent.c.organisation_id)
        .where(_consent.c.expo_id == _suggestion.c.expo_id, _consent.c.person_id.is_(None), _consent.c.may_match)
        .where(_consent.c.valid_until.is_(None) | (_consent.c.valid_until >= day))
        .correlate(_suggestion)
    )
    demander = select(_demand.c.owner_id).where(_demand.c.id == _suggestion.c.demand_id)
    of_result = select(_achievement.c.owner_id).where(_achievement.c.id == _suggestion.c.achievement_id)
    of_service = select(_provider.c.organisation_id).join(_item, _item.c.provider_id == _provider.c.id)
    of_service = of_service.where(_item.c.id == _suggestion.c.service_item_id)
    owners = (query.correlate(_suggestion).scalar_subquery() for query in (of_result, of_service))
    both = (demander.correlate(_suggestion).scalar_subquery(), func.coalesce(*owners))
    return and_(*(side.in_(agreed) for side in both))


def _is_service() -> ColumnElement[Any]:
    return case((_suggestion.c.service_item_id.is_not(None), True), else_=False)


MATCHES: RecordSpec = RecordSpec(
    name="matches",
    model=Suggestion,
    title=N_("对接建议"),
    key=(("demand", "offer"),),
    order=("-score", "demand"),
    search=lambda: search_of(
        *(func.lower(func.coalesce(words(both_names), "")) for words in (_demander, _owner)),
        *(func.lower(func.coalesce(words(), "")) for words in (_demand_title, _offer_title)),
    ),
    chips=("demand_answer", "supply_answer", "unsuitable"),
    icon="links",
    permission="matching.edit",
    natural="demand",
    holds_on=agreed_on,
    fields=(
        Field("demand", N_("需求"), 32, readonly=True, select=_demand_title, read=partial(_demand_title, read_name),
              show="bold"),
        Field("demander", N_("需方"), 26, readonly=True, select=_demander, read=partial(_demander, read_name)),
        Field("offer", N_("成果或服务"), 32, readonly=True, select=_offer_title,
              read=partial(_offer_title, read_name)),
        Field("owner", N_("供方"), 26, readonly=True, select=_owner, read=partial(_owner, read_name)),
        Field("is_service", N_("是服务"), 6, type=FieldType.BOOL, readonly=True, in_table=False, select=_is_service),
        Field("score", N_("分数"), 6, readonly=True),
        Field("reasons", N_("理由"), 40, type=FieldType.TEXT, readonly=True, format=in_one),
        Field("demand_answer", N_("需方答复"), 10, readonly=True, show="pill"),
        Field("demand_how", N_("需方答复方式"), 16, readonly=True, in_table=False),
        Field("supply_answer", N_("供方答复"), 10, readonly=True, show="pill"),
        Field("supply_how", N_("供方答复方式"), 16, readonly=True, in_table=False),
        Field("demand_answer_by", N_("需方答复期限"), 16, readonly=True, in_table=False),
        Field("supply_answer_by", N_("供方答复期限"), 16, readonly=True, in_table=False),
        Field("unsuitable", N_("不合适"), 12, readonly=True),
        Field("unsuitable_words", N_("不合适的原因"), 24, readonly=True, in_table=False),
        Field("judged_by", N_("判断人"), 10, readonly=True, in_table=False),
        Field("counted_at", N_("算于"), 16, readonly=True, in_table=False),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False),
    ),
)  # fmt: skip
