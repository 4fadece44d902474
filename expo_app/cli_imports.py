"""What the verbs `import` and `undo` say: the plan row by row, what a correction file holds, the imports there are."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from expo_app.cli_output import columns
from expo_app.errors import UserError, joined
from expo_app.exchange.columns import waits
from expo_app.i18n import _
from expo_app.model import BatchKind
from expo_app.services.imports import Batch
from expo_app.specs import SPECS, Field, ImportPlan, Outcome, RecordSpec
from expo_app.specs.fields import Unsaid
from expo_app.specs.plan import How
from expo_app.store.database import Database

Say = Callable[[str], None]
LONGEST = 40
"""Characters of a value in a line for a person; JSON has all of them."""


def counts(plan: ImportPlan) -> dict[str, int]:
    """Rows by outcome."""
    return {outcome.value: plan.count(outcome) for outcome in Outcome}


def _becomes(spec: RecordSpec, own: Field) -> str:
    """What becomes of rows whose word nobody knows."""
    if waits(spec, own):
        return _("{title}：{reason}{n} 行先不写入。")
    if own.default not in (None, ""):
        return _("{title}：{reason}{n} 行按默认的算。")
    return _("{title}：{reason}{n} 行先空着。")


def say_plan(plan: ImportPlan, zone: ZoneInfo, say: Say) -> None:
    """The plan for a person, row by row: what is wrong, what to know, what changes."""
    for note in plan.notes:
        say(note)
    guessed = [c for c in plan.columns if c.how is How.GUESS and c.fields and not c.clash]
    if guessed:
        titles = {c: _("＋").join(SPECS[plan.spec].field(name).title for name in c.fields) for c in guessed}
        said = dict.fromkeys(f"{c.header} → {titles[c]}" for c in guessed)
        say(_("猜的列：{columns}。不对的用 --map 指定。").format(columns=_("、").join(said)))
    if plan.unknown:
        say(_("没有用到的列：{names}。").format(names=_("、").join(plan.unknown)))
    for pair in plan.suspects:
        if pair.choice is None:
            words = _('“{file}”像是“{ours}”（{why}），按新单位算；是同一家的话加 --same "{file}={ours}"。')
            if pair.spec == "people":
                words = _(
                    '“{file}”像是已有的“{ours}”（{why}），按另一个人算；是同一个人的话加 --same "{file}={ours}"。'
                )
            say(words.format(file=pair.file, ours=pair.ours, why=pair.why))
    is_open = {value.reason for value in plan.values if value.target is None}
    for value in plan.values:
        if value.target is None:
            own = SPECS[plan.spec].field(value.field)
            words = _becomes(SPECS[plan.spec], own)
            say(words.format(title=own.title, reason=value.reason, n=value.rows))
    if is_open:
        say(_("这些值可用 --value 指定；加 --new-words 新建词，加 --new-booths 新建展位。"))
    if any(sheet.hidden_rows or sheet.hidden_columns for sheet in plan.sheets):
        say(_("加 --hidden keep 连隐藏的一起读。"))
    _say_unsaid(plan, say)
    _say_rows(plan, zone, say, is_open)


def _say_rows(plan: ImportPlan, zone: ZoneInfo, say: Say, is_open: Collection[str]) -> None:
    """Rows with a problem, a note or changes; notes that are in `is_open` are said above."""
    several = len({row.sheet for row in plan.rows}) > 1
    for row in plan.rows:
        notes = {header: note for header, note in row.notes.items() if note not in is_open}
        told = joined([*_told(row.problems), *_told(notes), *_changes(plan, row.changes, zone)])
        if told:
            words = _("“{sheet}”第 {row} 行：{reasons}") if several else _("第 {row} 行：{reasons}")
            say(words.format(sheet=row.sheet, row=row.row, reasons=told))
    told_of = sum(row.goes_in and bool(row.notes) for row in plan.rows)
    if told_of and plan.count(Outcome.INVALID):
        say(_("其中 {n} 行带说明，照常导入。").format(n=f"{told_of:,}"))


def _unsaid(plan: ImportPlan) -> list[tuple[str, int, Unsaid]]:
    """(field, new rows that go in without it, what is said and offered)."""
    fields = (SPECS[plan.spec].field(name) for name in plan.unsaid)
    return [(f.name, n, f.unsaid) for f in fields if f.unsaid and (n := plan.count_unsaid(f.name))]


def _say_unsaid(plan: ImportPlan, say: Say) -> None:
    for name, n, what in _unsaid(plan):
        own = SPECS[plan.spec].field(name)
        words = _("没有写“{title}”的 {n} 行都按“{value}”导入。") if name in plan.filled else _(what.why)
        say(words.format(title=own.title, n=f"{n:,}", value=own.display(what.value)))
        if name not in plan.filled:
            say(_("加 --fill {title} 就都按“{value}”导入。").format(title=own.title, value=own.display(what.value)))


def say_counts(plan: ImportPlan, is_written: bool, say: Say) -> None:
    """How many rows would go which way, and whether they went."""
    found = counts(plan)
    if not found["new"] + found["changed"]:
        ended = _("没有要写入的行，数据未变。")
    else:
        ended = _("已写入。") if is_written else _("这是计划，还没有写入；加 --apply 写入。")
    counted = _("新增 {new}，更新 {changed}，相同 {same}，有问题 {invalid}。").format(**found)
    say(_("{first}{then}").format(first=counted, then=ended))


def _told(reasons: Mapping[str, str]) -> list[str]:
    said = _("{what}：{words}")
    return [said.format(what=header, words=reason) if header else reason for header, reason in reasons.items()]


def _changes(plan: ImportPlan, changes: Mapping[str, tuple[Any, Any]], zone: ZoneInfo) -> list[str]:
    said = SPECS[plan.spec].said_changes(changes, zone)
    words = _("{what}：{words}")
    return [words.format(what=header, words=f"{_short(old)} → {_short(new)}") for header, (old, new) in said.items()]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"


def write_correction(plan: ImportPlan, path: Path, say: Say) -> Path | None:
    """Write the correction file where some row needs one; None where none does. Says what is in it."""
    if not plan.has_remarks:
        say(_("没有有问题的行，没有写 {path}。").format(path=path))
        return None
    from expo_app.exchange import excel

    excel.correction(plan, path)
    say(plan.said_of_remarks(str(path)))
    return path


def plan_value(plan: ImportPlan, zone: ZoneInfo) -> dict[str, Any]:
    """The plan as JSON."""
    found, spec = counts(plan), SPECS[plan.spec]
    return {
        "new": found["new"],
        "changed": found["changed"],
        "same": found["same"],
        "invalid": [{"row": row.row, "problems": dict(row.problems)} for row in plan.of(Outcome.INVALID)],
        "noted": [{"row": row.row, "notes": dict(row.notes)} for row in plan.noted],
        "changes": [
            {"row": row.row, "fields": spec.said_changes(row.changes, zone)} for row in plan.of(Outcome.CHANGED)
        ],
        "notes": list(plan.notes),
        "unsaid": [
            {
                "field": name,
                "rows": n,
                "value": spec.field(name).display(what.value),
                "filled": name in plan.filled,
                "note": _(what.why).format(n=n),
            }
            for name, n, what in _unsaid(plan)
        ],
    }


def word_keys(db: Database, plan: ImportPlan, expo_id: uuid.UUID | None) -> dict[str, dict[str, str]]:
    """Spec → a word's name → its Latin key, of the vocabularies that the plan's open values belong to."""
    from expo_app.services import words

    spec = SPECS[plan.spec]
    refs = {spec.field(value.field).ref for value in plan.values if value.target}
    offered = [ref for ref in refs if ref and SPECS[ref].is_offered]
    return {ref: {term.name: term.key for term in words.terms(db, ref, expo_id)} for ref in offered}


def batch_value(number: int, batch: Batch, zone: ZoneInfo) -> dict[str, Any]:
    """An import as JSON."""
    return {
        "number": number,
        "file": batch.file_name,
        "kind": batch.spec if batch.kind is BatchKind.IMPORT else batch.kind.name.lower(),
        "list": batch.spec,
        "at": batch.at.astimezone(zone).isoformat(timespec="seconds"),
        "operator": batch.operator,
        "new": batch.new_count,
        "changed": batch.changed_count,
    }


def say_batches(batches: Mapping[int, Batch], zone: ZoneInfo, say: Say) -> None:
    """The imports that can be undone, the newest first, one line each."""
    if not batches:
        say(_("没有可撤销的导入或合并。"))
        return
    words = _("新增 {new}，更新 {changed}")
    for number, batch in sorted(batches.items(), reverse=True):
        is_merge = batch.kind is BatchKind.MERGE
        counted = batch.kind.label if is_merge else words.format(new=batch.new_count, changed=batch.changed_count)
        at = batch.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        say(columns(str(number), at, SPECS[batch.spec].label, batch.file_name, counted))


def chosen(batches: Mapping[int, Batch], number: int) -> Batch:
    """The import of that number; UserError if there is none."""
    if number not in batches:
        left = [str(n) for n, batch in sorted(batches.items()) if batch.undone_at is None]
        offered = "、".join(left) or _("没有")
        raise UserError(
            _("没有第 {n} 次导入或合并，数据未变。可撤销的：{offered}。").format(n=number, offered=offered),
            "E-NO-IMPORT",
        )
    return batches[number]
