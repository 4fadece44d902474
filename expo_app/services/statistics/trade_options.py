"""What the statistic tables can be asked for in this file: expos, regions, what an expo may be compared with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from expo_app.damaged import readable
from expo_app.i18n import _, named
from expo_app.model import Edition, Expo
from expo_app.services.region_groups import read_rule
from expo_app.store.database import Database


@dataclass(frozen=True)
class Choices:
    """`expos` and `against`: keys with their names, samples only beside samples; `regions`: keys of groups; `rolls`:
    which groups count with which city, in words ("" where none does)."""

    expos: tuple[tuple[uuid.UUID, str], ...]
    against: tuple[tuple[uuid.UUID, str], ...]
    regions: tuple[tuple[str, str], ...]
    rolled_regions: tuple[tuple[str, str], ...]
    rolls: str
    starts_on: date
    ends_on: date


def choices(db: Database, expo_id: uuid.UUID) -> Choices:
    """What may be chosen beside this expo; a sample and real expos are never counted or compared together."""
    with db.reading() as session:
        here = session.get_one(Expo, expo_id)
        expos = session.scalars(
            select(Expo).where(Expo.is_sample == here.is_sample).order_by(Expo.starts_on.desc())
        ).all()
        editions = session.scalars(
            select(Edition).where(Edition.is_sample == here.is_sample).order_by(Edition.edition_no.desc(), Edition.name)
        ).all()
        rule = read_rule(session, expo_id)
        known = [(expo.id, named(expo.name, expo.name_en)) for expo in expos]
        in_file = {expo.id for expo in expos} | {expo.starts_on for expo in expos}
        past = [(one.id, _name(one)) for one in editions if in_file.isdisjoint((one.expo_id, readable(one.starts_on)))]
    keys = [(key, rule.label(key)) for key in rule.keys]
    rolled = [(key, rule.rolled.label(key)) for key in rule.rolled.keys]
    return Choices(
        tuple(known), tuple([pair for pair in known if pair[0] != expo_id] + past), tuple(keys), tuple(rolled),
        rule.rolled_up, here.starts_on, here.ends_on,
    )  # fmt: skip


def _name(edition: Edition) -> str:
    number = readable(edition.edition_no)
    return _("{name}（第 {n} 届）").format(name=edition.name, n=number) if number else edition.name
