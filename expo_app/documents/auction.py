"""Papers of lots that were called: made, counted, handed out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from expo_app.documents import EXPORT, Progress
from expo_app.model import Expo
from expo_app.reports.auction_papers import CONFIRMATION, RECORD
from expo_app.services import auction_cashier
from expo_app.services.access import require
from expo_app.services.auction_accounts import desk_of
from expo_app.services.auction_papers import read_papers
from expo_app.services.report_head import read_head
from expo_app.specs.auction_papers import PapersData
from expo_app.store.database import Database

COLUMNS = {CONFIRMATION: auction_cashier.CONFIRMATION, RECORD: auction_cashier.RECORD}


def write_papers(
    db: Database, auction_id: uuid.UUID, lot_ids: Sequence[uuid.UUID] | None, kinds: Sequence[str], path: Path,
    progress: Progress | None = None,
) -> frozenset[str]:  # fmt: skip
    """成交确认书 and 拍卖笔录 (`kinds`) of these lots (None: all that were called) in one PDF, each counted: the second
    one says 补打.

    Written first and counted then: what could not be written is not counted. Where somebody else made one in the same
    moment, it is written once more, with the number it got. The characters the font lacks come back.
    """
    from expo_app.reports import auction_papers as report

    require(db, EXPORT)
    data = read_papers(db, auction_id, db.now(), lot_ids)
    lacking = report.write(path, kinds, data, progress)
    counted = _count(db, data, kinds)
    if counted != data:
        lacking = report.write(path, kinds, counted, progress)
    return frozenset(lacking)


def write_refunds(db: Database, auction_id: uuid.UUID, path: Path, progress: Progress | None = None) -> frozenset[str]:
    """退款清单 of a session, accounts masked; the characters the font lacks come back."""
    from expo_app.reports import auction as report

    require(db, EXPORT)
    with db.reading() as session:
        desk = desk_of(session, auction_id, db)
        head = read_head(session, session.get_one(Expo, desk.expo_id), db.now())
    return frozenset(report.write_refunds(path, head, desk, progress))


def _count(db: Database, data: PapersData, kinds: Sequence[str]) -> PapersData:
    """The same data, with the number each paper got."""
    sold = [lot.id for lot in data.lots if lot.is_sold]
    keys = {CONFIRMATION: sold, RECORD: [lot.id for lot in data.lots]}
    made = {kind: auction_cashier.count_prints(db, keys[kind], COLUMNS[kind]) for kind in kinds if keys[kind]}
    of = {kind: {key: n - 1 for key, n in numbers.items()} for kind, numbers in made.items()}
    confirmations, records = of.get(CONFIRMATION, {}), of.get(RECORD, {})
    lots = (
        replace(lot, copies=(confirmations.get(lot.id, lot.copies[0]), records.get(lot.id, lot.copies[1])))
        for lot in data.lots
    )
    return replace(data, lots=tuple(lots))
