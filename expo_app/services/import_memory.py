"""What was decided about lists, kept with the imports they were decided for: mappings of columns, other names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.model import ImportMemory, new_id
from expo_app.services.record_writer import Writer, find_by, named_words
from expo_app.specs import ImportPlan
from expo_app.specs.choices import from_mapping
from expo_app.specs.field_types import clean_text
from expo_app.specs.names import name_key
from expo_app.specs.plan import Memory
from expo_app.specs.records import by_name

_memory = ImportMemory.__table__


def of(session: Session, kind: str) -> dict[str, Memory]:
    """What is remembered of lists of one kind, by the fingerprint of their columns."""
    rows = session.execute(select(_memory).where(_memory.c.kind == kind)).mappings()
    return {
        row["fingerprint"]: Memory(from_mapping(row["mapping"]), row["at"], row["operator"], row["columns"])
        for row in rows
    }


def keep(writer: Writer, plan: ImportPlan) -> None:
    """Write what a plan's list was given, and the names that were taken for a record's, beside its records."""
    _keep_aliases(writer, plan)
    for fingerprint, mapping in plan.to_remember.items():
        query = select(_memory).where(_memory.c.kind == plan.spec, _memory.c.fingerprint == fingerprint)
        old = writer.session.execute(query).mappings().first()
        values: dict[str, Any] = {
            "kind": plan.spec, "fingerprint": fingerprint, "mapping": dict(mapping), "at": writer.now,
            "operator": writer.db.actor.name, "columns": len(mapping.get("columns", ())),
        }  # fmt: skip
        if old is None:
            writer.insert(_memory, [{"id": new_id(), **values}])
        elif old["mapping"] != values["mapping"]:
            writer.update(_memory, old["id"], dict(old), values)


def _keep_aliases(writer: Writer, plan: ImportPlan) -> None:
    """The names in the file that were taken for a record of ours are known from now on."""
    by_spec: dict[str, dict[str, list[str]]] = {}
    for kind, name, alias in plan.aliases:
        by_spec.setdefault(kind, {}).setdefault(name, []).append(clean_text(alias))
    for kind, names in by_spec.items():
        spec = by_name(kind)
        wanted = set(names)
        ids = named_words(writer, spec, wanted) if spec.is_offered else find_by(writer, spec, spec.natural, wanted)
        rows = writer.rows(spec.table, ids.values())
        limit = 40
        for name, record_id in ids.items():
            row = rows.get(record_id)
            if row is None:  # it comes in with this file
                row = next(one for one in writer.pending(spec.table) if one["id"] == record_id)
            known = {name_key(text) for text in (row[spec.natural], *(readable(row["aliases"]) or ()))}
            added = [alias for alias in names[name] if name_key(alias) not in known][:limit]
            if added and record_id in rows:
                writer.update(spec.table, record_id, row, {"aliases": [*(readable(row["aliases"]) or ()), *added]})
            elif added:
                row["aliases"] = [*(readable(row["aliases"]) or ()), *added]  # type: ignore[index]
