"""What links alliances with an expo: an agreement that was signed there, an event that stands in its programme."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import Agreement, Alliance, Deal, DealKind, Entry, Expo, SharingEvent
from expo_app.model.alliances import AGREEMENT_TITLE
from expo_app.rules import partial_days
from expo_app.services.alliances_rules import why_no_agreement
from expo_app.services.record_writer import Writer, write_row, writing
from expo_app.services.records import entered
from expo_app.specs import AGREEMENTS, PROGRAMME
from expo_app.store.database import Database

_agreement, _deal, _event = (model.__table__ for model in (Agreement, Deal, SharingEvent))


@dataclass(frozen=True)
class DealOffered:
    """A framework agreement of the open expo that is no agreement of the list yet."""

    id: uuid.UUID
    deal_no: str
    title: str


def deals_offered(db: Database, expo_id: uuid.UUID) -> tuple[DealOffered, ...]:
    """What 从成交台账选 offers, latest first; what is void is not."""
    taken = select(_agreement.c.id).where(_agreement.c.deal_id == _deal.c.id).exists()
    query = select(_deal.c.id, _deal.c.deal_no, _deal.c.title).where(
        _deal.c.expo_id == expo_id, _deal.c.kind == DealKind.FRAMEWORK, _deal.c.entry != Entry.VOID, ~taken
    )
    with db.reading() as session:
        return tuple(DealOffered(*row) for row in session.execute(query.order_by(_deal.c.deal_no.desc())))


def agree_as_deal(
    db: Database, expo_id: uuid.UUID, deal_id: uuid.UUID, alliance_id: uuid.UUID | None = None
) -> uuid.UUID:
    """The agreement that a deal is, made once; its key. A title that is taken gets the deal's number.

    Conflict where there is one, no such deal or alliance, or where the deal is void or no framework agreement.
    """
    with writing(db, AGREEMENTS.permission, expo_id) as writer:
        if why := why_no_agreement(writer, deal_id):
            raise Conflict(why, "E-NO-AGREEMENT")
        row = writer.locked(_deal, [deal_id])[deal_id]
        if row["expo_id"] != expo_id:
            raise Conflict(_("这项成交在另一届展会里，没有登记协议，数据未变。请先切换到那一届。"), "E-OTHER-EXPO")
        body = writer.locked(Alliance.__table__, [alliance_id]).get(alliance_id) if alliance_id else None
        if alliance_id and body is None:
            raise Conflict(_("这个联盟已被删除，没有登记协议，数据未变。请选择另一个。"), "E-GONE")
        values = {
            "title": _free_title(writer, row["title"], row["deal_no"]), "deal_id": deal_id,
            "is_sample": bool(row["is_sample"]),
        }  # fmt: skip
        return write_row(writer, AGREEMENTS, values | ({"alliance_id": body["name"]} if body else {}))


def _free_title(writer: Writer, title: str, deal_no: str) -> str:
    """The deal's title, with its number where another agreement is called so."""
    if writer.session.scalar(select(_agreement.c.id).where(_agreement.c.title == title)) is None:
        return title
    added = f"（{deal_no}）"
    return title[: AGREEMENT_TITLE - len(added)] + added


def agreement_of(db: Database, deal_id: uuid.UUID) -> uuid.UUID | None:
    """The agreement that a deal is."""
    with db.reading() as session:
        return session.scalar(select(_agreement.c.id).where(_agreement.c.deal_id == deal_id))


def put_in_programme(db: Database, expo_id: uuid.UUID, event_id: uuid.UUID, values: Mapping[str, Any]) -> uuid.UUID:
    """Make an item of the expo's programme of an event, as a form of such an item says; the item's key.

    InvalidRecord as for every item, and for another day than the event's or the expo's; Conflict where the event is
    gone or stands in a programme already.
    """
    with writing(db, PROGRAMME.permission, expo_id) as writer:
        event = writer.locked(_event, [event_id]).get(event_id)
        if event is None:
            raise Conflict(_("这项活动已被删除，没有进日程，数据未变。请刷新后再试。"), "E-GONE")
        if event["programme_item_id"] is not None:
            raise Conflict(_("这项活动已经在日程里，没有再进一次，数据未变。"), "E-IN-PROGRAMME")
        _current, changes = entered(writer, PROGRAMME, values)
        if writer.expo and (starts := changes.get("starts_at")):
            _refuse_elsewhen(event["on_day"], writer.expo, writer.expo.local_day(starts))
        item = write_row(writer, PROGRAMME, changes)
        writer.update(_event, event_id, event, {"programme_item_id": item})
    return item


def _refuse_elsewhen(on_day: str, expo: Expo, day: date) -> None:
    """An event stands in the programme of an expo on its own day, which is one of the expo's."""
    if partial_days.meets(on_day, day, day) and expo.starts_on <= day <= expo.ends_on:
        return
    words = _(
        "活动在 {day}，展会在 {first} 至 {last}，写的是 {now}，没有进日程，数据未变。要在活动当天，也在展会期间。"
    )
    said = words.format(day=on_day, first=expo.starts_on, last=expo.ends_on, now=day)
    raise InvalidRecord({"starts_at": said})
