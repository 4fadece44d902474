"""What is right of what regions say of vouchers: versions that follow each other, and stay as they were used."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table, func, select, union_all
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import PolicyClass, UseState, Voucher, VoucherPolicy, VoucherState, VoucherUse
from expo_app.services.child_rows import sync_children
from expo_app.services.record_rules import Rows, alone
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.services.voucher_grounds import is_sample_expo
from expo_app.specs import POLICIES, PlanRow, RecordSpec
from expo_app.specs.vouchers import CLASSES

_policy, _class, _voucher, _use = (model.__table__ for model in (VoucherPolicy, PolicyClass, Voucher, VoucherUse))
FREE = frozenset({"id", "valid_until", "source", "text", "search_text"})
"""Columns of a policy that may change after it was used: its end, and where it is written."""
GIVEN_UP = (VoucherState.REFUSED, VoucherState.CANCELLED)


# --- policies: no two on one day --------------------------------------------------------------------------------------
Span = tuple[date, date | None]


def no_overlap(writer: Writer, drafts: list[Draft]) -> None:
    """Versions of one region follow each other, samples beside samples; a file's rows are told apart by its plan."""
    if writer.staged:
        return
    alone(writer.session, _policy.name)
    for draft in drafts:
        if not any(map(draft.changed, ("region_code", "valid_from", "valid_until"))):
            continue
        region, span = draft.get("region_code"), (draft.get("valid_from"), draft.get("valid_until"))
        is_sample = draft.old["is_sample"] if draft.old else writer.in_sample
        query = select(_policy).where(_policy.c.region_code == region, _policy.c.is_sample.is_(is_sample))
        others = [dict(row) for row in writer.session.execute(query).mappings() if row["id"] != draft.record_id]
        if met := _met(span, others):
            raise InvalidRecord({"valid_from": _overlapping(met)}, draft.row)


def versions_apart(session: Session, table: Table, written: Collection[uuid.UUID]) -> None:
    """Conflict where versions that an import or an undo has written meet one that somebody wrote meanwhile."""
    if table is not _policy:
        return
    alone(session, _policy.name)
    rows = [dict(row) for row in session.execute(select(_policy).order_by(_policy.c.valid_from)).mappings()]
    mine = set(written)
    for row in rows:
        same = (one for one in rows if (one["region_code"], one["is_sample"]) == (row["region_code"], row["is_sample"]))
        others = [one for one in same if one["id"] != row["id"]]
        if row["id"] in mine and (met := _met((row["valid_from"], row["valid_until"]), others)):
            words = _("第 {no} 版会和《{title}》第 {n} 版有同一天，没有动它，数据未变。先改其中一版的起止日。")
            told = words.format(no=row["version_no"], title=met["title"], n=met["version_no"])
            raise Conflict(told, "E-VOUCHER-POLICY")


def _met(span: tuple[date | None, date | None], others: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The first of the others that is valid on a day of this span."""
    start, end = span
    if start is None:
        return None
    return next((one for one in others if _meet((start, end), (one["valid_from"], one["valid_until"]))), None)


def _meet(one: Span, other: Span) -> bool:
    return (other[1] is None or one[0] <= other[1]) and (one[1] is None or other[0] <= one[1])


def _overlapping(other: Mapping[str, Any]) -> str:
    until = other["valid_until"]
    words = _("和这个地区的《{title}》第 {n} 版（{start} 至 {end}）有同一天，没有保存；先改其中一版的起止日。")
    return words.format(
        title=other["title"], n=other["version_no"], start=other["valid_from"].isoformat(),
        end=until.isoformat() if until else _("未定"),
    )  # fmt: skip


def policies_apart(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan meet neither a version that stays as it is nor a row before them, and keep what is in use."""
    columns = ("region_code", "title", "version_no", "valid_from", "valid_until", "is_sample")
    query = select(_policy.c.id, *(_policy.c[name] for name in columns))
    there = {row["id"]: dict(row) for row in session.execute(query).mappings()}
    used = _last_days(session, [row.record_id for row in rows if row.goes_in and row.record_id])
    written = {row.record_id: there[row.record_id] for row in rows if row.goes_in and row.record_id in there}
    in_sample = is_sample_expo(session, expo_id)
    taken: dict[tuple[str, bool], list[Mapping[str, Any]]] = {}
    for key, one in there.items():
        if key not in written:
            taken.setdefault((one["region_code"], one["is_sample"]), []).append(one)

    def reviewed(row: PlanRow) -> PlanRow:
        if not row.goes_in:
            return row
        old = written.get(row.record_id, {})
        new: dict[str, Any] = {
            name: row.values[name] if row.values.get(name) is not None else old.get(name) for name in columns
        }
        new["version_no"] = new["version_no"] or 1
        beside = taken.setdefault((new["region_code"], old.get("is_sample", in_sample)), [])
        if row.record_id in used:
            changed = {name: value for name, (_old, value) in row.changes.items()}
            if problems := _locked(changed, used[row.record_id]):
                return row.refused({spec.field(name).title: words for name, words in problems.items()})
        if met := _met((new["valid_from"], new["valid_until"]), beside):
            return row.refused({spec.field("valid_from").title: _overlapping(met)})
        if any((one["title"], one["version_no"]) == (new["title"], new["version_no"]) for one in beside):
            words = _("《{title}》第 {n} 版已经有了，这一版写明版本。")
            said = words.format(title=new["title"], n=new["version_no"])
            return row.refused({spec.field("version_no").title: said})
        beside.append(new)
        return row

    return tuple(map(reviewed, rows))


# --- policies: what is used stays -------------------------------------------------------------------------------------
def used_stays(writer: Writer, drafts: list[Draft]) -> None:
    """A version that a voucher or a use rests on is changed by another version; its end is not before the last use."""
    old = [draft for draft in drafts if draft.old is not None]
    if not writer.staged:
        writer.locked(_policy, [draft.record_id for draft in old])  # who rests on one just now is waited for, and seen
    used = _last_days(writer.session, [draft.record_id for draft in old])
    for draft in old:
        if draft.record_id not in used:
            continue
        changed = {name: draft.values[name] for name in draft.values if draft.changed(name)}
        if draft.gives("classes") and _classes_of(writer.session, draft.record_id) != _rows_of(draft):
            changed["classes"] = draft.virtual["classes"]
        if problems := _locked(changed, used[draft.record_id]):
            raise InvalidRecord(problems, draft.row)


def _locked(changed: Mapping[str, Any], last: date | None) -> dict[str, str]:
    """Problems by field of changes to a version that is in use, `last` on that day."""
    words = _("已有券或用券按这一版办理，不再改，没有保存；要改就新增一版。")
    problems = {name: words for name in changed if name not in FREE and name in POLICIES.table.c}
    if "classes" in changed:
        problems["classes"] = words
    until = changed.get("valid_until")
    if until is not None and last is not None and until < last:
        early = _("{day} 还按这一版用过券，止日不能早于这一天，没有保存。")
        problems["valid_until"] = early.format(day=last.isoformat())
    return problems


def _last_days(session: Session, keys: Collection[uuid.UUID]) -> dict[uuid.UUID, date | None]:
    """Policies that something rests on → the last day that it must hold on; None where all of it was given up."""
    found: dict[uuid.UUID, date | None] = {}
    for part in in_parts(set(keys)):
        vouchers = select(_voucher.c.policy_id, _voucher.c.applied_on.label("day"), _voucher.c.state.in_(GIVEN_UP))
        uses = select(_use.c.policy_id, _use.c.contract_on, _use.c.state == UseState.CANCELLED)
        both = union_all(
            vouchers.where(_voucher.c.policy_id.in_(part)), uses.where(_use.c.policy_id.in_(part))
        ).subquery()
        policy, day, is_given_up = both.c
        latest = func.max(day).filter(~is_given_up)
        found |= dict(session.execute(select(policy, latest).group_by(policy)).all())
    return found


def _classes_of(session: Session, policy: uuid.UUID) -> list[tuple[Any, ...]]:
    columns = [_class.c[cell.name] for cell in CLASSES.cells]
    query = select(*columns).where(_class.c.policy_id == policy)
    return sorted((tuple(row) for row in session.execute(query)), key=lambda row: str(row[0]))


def _rows_of(draft: Draft) -> list[tuple[Any, ...]]:
    rows = CLASSES.rows(draft.virtual["classes"])
    return sorted((tuple(row[cell.name] for cell in CLASSES.cells) for row in rows), key=lambda row: str(row[0]))


def with_classes(writer: Writer, drafts: list[Draft]) -> None:
    """Limits of the classes of applicants as entered; what was not entered stays."""
    for draft in drafts:
        if draft.gives("classes"):
            sync_children(writer, _class, "policy_id", draft, CLASSES.rows(draft.virtual["classes"]), ("applicant",))


def held(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Conflict where an undo, or a deletion, would change a version that is in use."""
    keys: set[uuid.UUID] = set()
    if table is _policy:
        keys = {row["id"] for row in rows if not row.keys() <= FREE}
    elif table is _class:
        keys = {row["policy_id"] for row in rows if "policy_id" in row}
        parts = [row["id"] for row in rows if "policy_id" not in row]
        for part in in_parts(parts):
            keys.update(session.scalars(select(_class.c.policy_id).where(_class.c.id.in_(part))))
    if keys and _last_days(session, keys):
        words = _("已有券或用券按这一版办法办理，没有动它，数据未变。要改就新增一版。")
        raise Conflict(words, "E-VOUCHER-POLICY")
