"""`merge`: two records that are one, without a window."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import Verb
from expo_app.cli_output import Output
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.services.expos import ExpoInfo
from expo_app.specs import ATTENDEES, ORGANISATIONS, PEOPLE, SPECS, RecordSpec
from expo_app.specs.names import name_key
from expo_app.store.database import Database

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from expo_app.specs.merging import Preview

KINDS = {
    ORGANISATIONS.name: ("name", "region_code", "credit_code", "aliases"),
    PEOPLE.name: ("name", "organisation_id", "phone", "aliases"),
    ATTENDEES.name: ("person.name", "organisation_id", "badge_no", "person.phone"),
}
"""What can be merged, and what tells its records apart; the first names them."""
MANY = 20


def _options(parser: ArgumentParser, _place: Callable[[str], Path]) -> None:
    parser.add_argument("kind", choices=list(KINDS), metavar="KIND", help="、".join(KINDS))
    parser.add_argument("keep", metavar="KEEP", help=_("留下的：名称、证件号、手机号或记录编号"))
    parser.add_argument("other", metavar="OTHER", help=_("并入它的那一条"))
    parser.add_argument("--take", action="append", default=[], metavar="COLUMN", help=_("这一栏用 OTHER 的（可重复）"))
    parser.add_argument("--badge", action="append", default=[], metavar="NUMBER", help=_("留下这个证件号的胸卡"))
    parser.add_argument("--plan", action="store_true", help=_("只说会怎样，不合并"))


def _run(args: Namespace, output: Output, db: Database, expo: ExpoInfo) -> int:
    from expo_app.services import imports, merging
    from expo_app.services.access import require
    from expo_app.specs.merging import Pair

    spec = SPECS[args.kind]
    if not args.plan:
        require(db, spec.permission)
    keep, other = (_found(db, spec, text, expo.id) for text in (args.keep, args.other))
    told = merging.preview(db, Pair(spec.name, keep, other))
    badges = frozenset(_badge(told, number) for number in args.badge)
    told = merging.preview(db, Pair(spec.name, keep, other, badges=badges))
    takes = frozenset(line.name for line in told.lines if line.takes) | {_column(spec, text) for text in args.take}
    pair = Pair(spec.name, keep, other, takes, badges)
    told = merging.preview(db, pair)
    _say(told, output)
    number = None
    if not args.plan:
        batch = merging.merge(db, pair, expo.id)
        number = imports.number_of(db, batch, expo.id)
        output.say(_("已合并为“{name}”。要撤销：undo {n}。").format(name=told.kept_name, n=number))
    else:
        output.say(_("这是计划，还没有合并；去掉 --plan 合并。"))
    output.value({**_value(told), "merged": number is not None, "number": number})
    return 0


def _badge(told: Preview, number: str) -> uuid.UUID:
    """The registration of the two, or of those that become one with them, that has this number."""
    known = {side.badge_no: side.attendee_id for pair in told.badges for side in pair.sides}
    if number.upper() not in known:
        words = _("“{number}”不是这两条登记的证件号，没有合并。可选：{numbers}。")
        offered = "、".join(known) or _("没有")
        raise UserError(words.format(number=number, numbers=offered), "E-BADGE")
    return known[number.upper()]


def _column(spec: RecordSpec, text: str) -> str:
    """The field that a heading or a name means; UserError lists what there is."""
    fields = [f for f in spec.writable if f.in_form]
    found = next((f for f in fields if text in (f.name, f.title, f.header)), None)
    if found is None:
        names = "、".join(f.title for f in fields)
        raise UserError(_("没有“{name}”这一栏，没有合并。可选：{names}。").format(name=text, names=names), "E-COLUMN")
    return found.name


def _found(db: Database, spec: RecordSpec, text: str, expo_id: uuid.UUID) -> uuid.UUID:
    """The record that is meant: by its key, its name as it is written, another spelling, what else finds it; UserError
    where there is none, or several.
    """
    from expo_app.services import records

    if not text.strip():
        raise UserError(_("没有写是哪一条，没有合并。"), "E-NO-RECORD")
    with suppress(ValueError):
        return uuid.UUID(text)
    fields = [spec.field(name) for name in KINDS[spec.name]]
    rows = records.list_rows(db, spec, expo_id, fields, search=text, limit=MANY)
    said = [(row, [value for value in row[1:-1] if isinstance(value, str)]) for row in rows]
    exact = [row for row, values in said if text in values]
    meant = exact or [row for row, values in said if name_key(text) in map(name_key, values)] or rows
    if len(meant) == 1:
        key: uuid.UUID = meant[0][0]
        return key
    if not meant:
        raise UserError(_("没有{what}“{name}”，没有合并。").format(what=spec.label, name=text), "E-NO-RECORD")
    options = "；".join(" · ".join([*_words(fields, row), str(row[0])]) for row in meant)
    words = _("“{name}”有 {n} 条，分不出是哪一条，没有合并。用记录编号指明：{options}")
    raise UserError(words.format(name=text, n=len(meant), options=options), "E-WHICH")


def _words(fields: list[Any], row: tuple[Any, ...]) -> list[str]:
    return [own.display(value) for own, value in zip(fields, row[1:], strict=False) if value]


def _say(told: Preview, output: Output) -> None:
    output.say(_("留下“{keep}”，并入“{other}”。").format(keep=told.names[0], other=told.names[1]))
    for line in told.lines:
        if line.takes:
            output.say(_("{title}：{ours} → {theirs}").format(title=line.title, ours=line.ours, theirs=line.theirs))
    for pair in told.badges:
        for side in pair.sides:
            words = _("{no} 的胸卡留用（{state}）") if side.stays else _("{no} 的胸卡作废（{state}）")
            if side.stays or side.has_badge:
                output.say(words.format(no=side.badge_no, state=side.words))
    for name, count in told.follows:
        output.say(_("{what} {n} 条随之转过来").format(what=name, n=count))
    for note in told.notes:
        output.say(note)
    for effect in told.effects:
        words = _("{expo}，{label}：{before} → {after}")
        output.say(words.format(expo=effect.expo, label=effect.label, before=effect.before, after=effect.after))


def _value(told: Preview) -> dict[str, Any]:
    return {
        "kind": told.pair.spec,
        "keep": {"id": str(told.pair.keep), "name": told.names[0]},
        "other": {"id": str(told.pair.other), "name": told.names[1]},
        "takes": sorted(line.name for line in told.lines if line.takes),
        "badges": [[{"badge_no": side.badge_no, "stays": side.stays} for side in pair.sides] for pair in told.badges],
        "follows": dict(told.follows),
        "figures": [{"expo": e.expo, "figure": e.label, "before": e.before, "after": e.after} for e in told.effects],
        "notes": list(told.notes),
    }


VERB = Verb(
    "merge", N_("把两条合成一条：单位、人员、参会人员"), 3, _options, _run,
    example=N_("main.py merge organisations 天目机械有限公司 天目机械 --plan   先看会怎样"),
)  # fmt: skip
