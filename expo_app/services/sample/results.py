"""A second sample, in a file of its own: an exhibition of results, with demands and open calls.

What is reported of it (how many results, how many of them from one region) stands in `reported_counts.csv` with its
source and is kept as reported. The results themselves are made up and marked: so many by region and field as
`counts.csv` says, whose sums are the reported ones. All lists are in `resources/sample/results/`.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import cycle, product
from pathlib import Path
from random import Random
from typing import Any

from expo_app import paths
from expo_app.model import Counted, Expo, IpStatus, ReportedCount, TransferWay, new_id
from expo_app.services.record_writer import Writer
from expo_app.services.sample import add_operators, lists, refuse_if_used
from expo_app.services.words import begin
from expo_app.specs import ACHIEVEMENTS, DEMANDS, EXPOS, ORGANISATIONS, REGION_GROUPS, VENUES, RecordSpec
from expo_app.store.audit import record_audit
from expo_app.store.database import Database
from expo_app.store.staging import default

FOLDER, GROUP, FIELD, MARK = "results", "地区组", "领域", "（示例）"
SEEKING = "求"
WAYS = tuple(TransferWay)
NEEDED = (date(2019, 12, 31), date(2020, 6, 30), date(2020, 12, 31))
Values = dict[str, Any]
Cells = dict[str, str]


def file_of(name: str) -> Path:
    """The file of that name without its suffix."""
    return paths.resource("sample", FOLDER, f"{name}.csv")


def build(db: Database) -> uuid.UUID:
    """Build it in a file without any expo, in one transaction; its id. Raises Conflict in a file that has data."""
    with db.transaction() as session:
        refuse_if_used(session)
        writer = Writer(db, session, None)
        begin(writer)
        lists.write(writer, VENUES, lists.read(VENUES, file_of("venues")))
        bodies = _rows("organisations")
        groups = {body["单位名称"]: body.pop(GROUP) for body in bodies}
        lists.write(writer, ORGANISATIONS, [_parsed_by_label(ORGANISATIONS, body) for body in bodies])
        lists.write(writer, EXPOS, lists.read(EXPOS, file_of("expos")))
        expo: Expo | None = writer.expo
        if expo is None:
            raise ValueError("no expo among the lists of the sample")
        lists.write(writer, REGION_GROUPS, lists.read(REGION_GROUPS, file_of("region_groups")))
        owners = _by_group(groups)
        lists.write(writer, ACHIEVEMENTS, list(_results(owners)))
        lists.write(writer, DEMANDS, [*_calls(), *_demands(owners)])
        writer.insert(ReportedCount.__table__, [_reported(expo.id, row) for row in _rows("reported_counts")])
        add_operators(writer)
        record_audit(session, "insert", "expo", expo.id, after={"name": expo.name, "is_sample": True})
        return expo.id


def _reported(expo_id: uuid.UUID, row: Cells) -> Values:
    """What a report says; it is no sample."""
    blank = {column.name: default(column) for column in ReportedCount.__table__.c}
    known = {"count": int(row["count"]), "on_date": date.fromisoformat(row["on_date"]), "id": new_id()}
    return {**blank, **row, **known, "expo_id": expo_id, "counted": Counted[row["counted"]], "is_sample": False}


def _rows(name: str) -> list[Cells]:
    with file_of(name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _parsed(spec: RecordSpec, row: Mapping[str, str]) -> Values:
    """A row whose headers are names of fields, as values."""
    return {name: spec.field(name).parse(text, zone=lists.ZONE) for name, text in row.items() if text}


def _parsed_by_label(spec: RecordSpec, row: Mapping[str, str]) -> Values:
    """The same where the headers are those of an export."""
    return _parsed(spec, {next(f.name for f in spec.fields if f.label == label): text for label, text in row.items()})


def _by_group(groups: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for body, group in groups.items():
        found.setdefault(group, []).append(body)
    return found


def _places(name: str) -> Iterator[tuple[str, str]]:
    """(region, field) once for each record that a table of counts asks for, field by field."""
    rows = _rows(name)
    for field in [name for name in rows[0] if name != "地区"]:
        for row in rows:
            for _n in range(int(row[field])):
                yield row["地区"], field


def _titles() -> dict[str, Iterator[str]]:
    """By field the names of things, each once and none like its neighbour."""
    return {
        row[FIELD]: (f"{quality}{thing}" for quality, thing in _mixed(row["修饰"].split("、"), row["对象"].split("、")))
        for row in _rows("titles")
    }


def _mixed(qualities: list[str], things: list[str]) -> list[tuple[str, str]]:
    """Every pair: round by round another quality for each thing."""
    pairs = product(range(len(qualities)), range(len(things)))
    return [(qualities[(turn + at) % len(qualities)], things[at]) for turn, at in pairs]


def _results(owners: Mapping[str, list[str]]) -> Iterator[Values]:
    rng, titles = Random("results"), _titles()  # noqa: S311
    turns = {group: cycle(bodies) for group, bodies in owners.items()}
    for group, field in _places("counts"):
        title = next(titles[field])
        ways = rng.sample(WAYS[:-1], rng.choice((1, 1, 1, 2))) if rng.random() < 0.85 else [TransferWay.SHOW_ONLY]
        priced = TransferWay.SHOW_ONLY not in ways and rng.random() < 0.6
        yield {
            "title": title + MARK,
            "owner_id": next(turns[group]),
            "field": field,
            "trl": rng.randint(3, 9),
            "ip_status": rng.choice(list(IpStatus)),
            "transfer_ways": [way.name for way in ways],
            "keywords": title,
            "asking_price": Decimal(rng.randrange(12, 130)) * 100_000 if priced else None,
        }


def _calls() -> list[Values]:
    return [{**_parsed(DEMANDS, row), "is_open_call": True} for row in _rows("calls")]


def _demands(owners: Mapping[str, list[str]]) -> Iterator[Values]:
    rng, titles = Random("demands"), _titles()  # noqa: S311
    turns = {group: cycle(bodies[::-1]) for group, bodies in owners.items()}
    for group, field in _places("demand_counts"):
        thing = next(titles[field])
        yield {
            "title": f"{SEEKING}{thing}{MARK}",
            "owner_id": next(turns[group]),
            "field": field,
            "keywords": thing,
            "budget": Decimal(rng.randrange(3, 60)) * 100_000 if rng.random() < 0.7 else None,
            "needed_by": rng.choice(NEEDED),
        }
