"""Two exhibitors of one expo that become one, when their organisations do: booths, states, with whom they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from expo_app.i18n import _, named
from expo_app.model import Booth, ExhibitorState, Person
from expo_app.services.merging_fold import Merger
from expo_app.services.record_rules import Folding
from expo_app.specs.floor import state_of_taken
from expo_app.specs.natural_order import natural

Row = Mapping[str, Any]
STATES = (ExhibitorState.CANCELLED, *(state for state in ExhibitorState if state is not ExhibitorState.CANCELLED))
"""From not at all to the last."""
_booth = Booth.__table__


def one_stand(merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """All booths are the kept one's, in its state; whoever is a main exhibitor stays one."""
    state = max(keep["state"], other["state"], key=STATES.index)
    query = select(_booth).where(_booth.c.exhibitor_id.in_((keep["id"], other["id"])))
    booths = merger.session.execute(query.order_by(natural(_booth.c.number))).mappings().all()
    for booth in booths:
        merger.writer.update(_booth, booth["id"], dict(booth), {"state": state_of_taken(state)})
    words = (
        _("两家都在“{expo}”参展，合成一家，展位 {booths} 都归它。") if booths else _("两家都在“{expo}”参展，合成一家。")
    )
    numbers = "、".join(booth["number"] for booth in booths)
    merger.notes.append(words.format(expo=merger.expo_name(keep["expo_id"]), booths=numbers))
    if keep["contact_id"] and other["contact_id"] not in (None, keep["contact_id"]):
        person = merger.session.get_one(Person, other["contact_id"])
        words = _("联系人留原来的；{name}仍在人员名录里。")
        merger.notes.append(words.format(name=named(person.name, person.name_en)))
    if keep["state"] is not other["state"]:
        words = _("一家是“{one}”，一家是“{other}”，合成后是“{state}”。")
        states = {"one": keep["state"].label, "other": other["state"].label, "state": state.label}
        merger.notes.append(words.format(**states))
    mains = [row["main_id"] for row in (keep, other) if row["main_id"] not in (keep["id"], other["id"])]
    return {"main_id": mains[0] if mains and None not in mains else None}


FOLDING = Folding(
    joined=("exhibits", "wants", "note"), earliest=("arrived_at",), ranked={"state": STATES}, before=(one_stand,)
)
