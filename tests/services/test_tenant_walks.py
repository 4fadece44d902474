"""Whatever is done to tenants in whatever order, what stands of their steps can have been: forms, acts, lists, merges,
deletions, and each of them taken back and done again."""

import random
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from expo_app import documents
from expo_app.errors import UserError
from expo_app.model import Organisation, Tenant, TenantState, TenantStep
from expo_app.services import imports, merging, records, steps, tenant_acts
from expo_app.services.record_writer import followed
from expo_app.services.steps import Step
from expo_app.specs import PARKS, TENANTS
from expo_app.specs.choices import Choices
from expo_app.specs.merging import Pair
from expo_app.store.database import Database

NOW = datetime(2025, 6, 20, 7, 10, tzinfo=UTC)
ORDER = {
    "VISITED": 0,
    "INTENDED": 1,
    "SIGNED": 2,
    "MOVED_IN": 3,
    "INCUBATED": 3,
    "LANDED": 4,
    "GRADUATED": 4,
    "LEFT": 5,
}
NAMES = {
    "visited_on": "接触日期", "intended_on": "意向日期", "signed_on": "签约日期", "moved_in_on": "入驻日期",
    "incubated_on": "孵化日期", "landed_on": "落地日期", "graduated_on": "毕业日期", "left_on": "退出日期",
}  # fmt: skip
COMPANIES, PLACES = ("甲公司", "乙公司", "丙公司"), ("两地园", "另一园")
ACTS = 45


class Walk:
    """Acts at random on a few companies in two parks; `done` and `undone` are steps, `batches` what can be undone."""

    def __init__(self, db: Database, seed: int, path: Path) -> None:
        self.db, self.path, self.chance = db, path, random.Random(seed)  # noqa: S311
        self.done: list[Step] = []
        self.undone: list[Step] = []
        self.batches: list[uuid.UUID] = []
        for name in PLACES:
            records.save(db, PARKS, {"name": name})

    def go(self) -> bool:
        """One act; whether it was not refused."""
        acts: list[tuple[int, Callable[[], object]]] = [
            (6, self.form), (6, self.act), (3, self.back), (5, self.listed), (4, self.take_back), (3, self.again),
            (2, self.undo_batch), (1, self.merge), (1, self.delete),
        ]  # fmt: skip
        weights, choices = zip(*acts, strict=True)
        (act,) = self.chance.choices(choices, weights)
        try:
            with followed() as writers:
                act()
        except UserError:
            return False
        if act in (self.form, self.act, self.back, self.delete) and (
            step := steps.step_of(TENANTS.permission, writers)
        ):
            self.done.append(step)
        return True

    # --- acts ---
    def day(self) -> str:
        year, month, day = (
            self.chance.choice((2019, 2020, 2020, 2021, 2022, 2026)),
            self.chance.randint(1, 12),
            self.chance.randint(1, 28),
        )
        return self.chance.choice((f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}"))

    def tenant(self) -> uuid.UUID:
        with self.db.reading() as session:
            keys = sorted(session.scalars(select(Tenant.id)))
        return self.chance.choice(keys) if keys else uuid.uuid4()

    def where(self) -> tuple[str, str]:
        """A company and a park, mostly the same, so that acts meet."""
        return self.chance.choices(COMPANIES, (6, 2, 1))[0], self.chance.choices(PLACES, (6, 1))[0]

    def days(self) -> dict[str, str]:
        given = {name: self.day() for name in self.chance.sample(list(NAMES), self.chance.randint(0, 3))}
        if self.chance.random() < 0.6:
            given = dict(zip(sorted(given, key=list(NAMES).index), sorted(given.values()), strict=True))
        if "left_on" in given or self.chance.random() < 0.05:
            given |= {"left_to": "外地", "left_why": self.chance.choice(("租金到期", "搬走", ""))}
        return given

    def form(self) -> None:
        given: dict[str, Any] = self.days()
        if self.chance.random() < 0.3:
            given["state"] = self.chance.choice(list(TenantState))
        is_new = self.chance.random() < 0.4
        if is_new or self.chance.random() < 0.1:
            company, park = self.where()
            given |= {"park_id": park, "organisation_id": company}
        records.save(self.db, TENANTS, given, None if is_new else self.tenant())

    def act(self) -> None:
        state = self.chance.choice(list(TenantState))
        tenant_acts.step(self.db, None, self.tenant(), state, self.day(), words="说明", where_to="外地")

    def back(self) -> None:
        state, day = self.chance.choice(list(TenantState)), self.chance.choice(("", self.day()))
        tenant_acts.go_back(self.db, None, self.tenant(), state, "记错了", day)

    def listed(self) -> None:
        names = self.chance.sample(list(NAMES), 3)
        heads = ["企业", "园区", "状态", *(NAMES[name] for name in names), "退出去向", "退出原因"]
        lines = [",".join(heads)]
        for _row in range(self.chance.randint(1, 3)):
            given = self.days()
            state = self.chance.choice((*(one.value for one in TenantState), "", ""))
            cells = [given.get(name, "") for name in names]
            lines.append(",".join((*self.where(), state, *cells, given.get("left_to", ""), given.get("left_why", ""))))
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        plan = documents.plan_import(self.db, None, TENANTS, self.path, Choices(update=self.chance.random() < 0.5))
        if batch := imports.apply(self.db, plan):
            self.batches.append(batch)

    def take_back(self) -> None:
        if self.done:
            at = self.chance.choice((len(self.done) - 1, self.chance.randrange(len(self.done))))
            steps.take_back(self.db, self.done[at])
            self.undone.append(self.done.pop(at))

    def again(self) -> None:
        if self.undone:
            at = self.chance.choice((len(self.undone) - 1, self.chance.randrange(len(self.undone))))
            steps.do_again(self.db, self.undone[at])
            self.done.append(self.undone.pop(at))

    def undo_batch(self) -> None:
        if self.batches:
            imports.undo(self.db, self.chance.choice(self.batches))

    def merge(self) -> None:
        with self.db.reading() as session:
            bodies = sorted(session.scalars(select(Organisation.id)))
        if len(bodies) > 1:
            self.batches.append(merging.merge(self.db, Pair("organisations", *self.chance.sample(bodies, 2))))

    def delete(self) -> None:
        records.delete(self.db, TENANTS, [self.tenant()])


# --- what may stand, told without the program's rules -----------------------------------------------------------------
def first(day: str) -> date:
    return date.fromisoformat(day + "-01-01"[len(day) - 4 :])


def is_before(one: str, other: str) -> bool:
    """Whether all that `one` can mean is before all that `other` can: what both say of the same length differs."""
    least = min(len(one), len(other))
    return bool(one and other) and one[:least] < other[:least]


def wrong(db: Database) -> list[str]:
    found = []
    with db.reading() as session:
        tenants = session.scalars(select(Tenant)).all()
        held: dict[uuid.UUID, list[TenantStep]] = {one.id: [] for one in tenants}
        for step in session.scalars(select(TenantStep).where(TenantStep.is_undone.is_(False))):
            held[step.tenant_id].append(step)
        places: dict[Any, list[Tenant]] = {}
        for one in tenants:
            places.setdefault((one.park_id, one.organisation_id), []).append(one)
            mine = held[one.id]
            if len({step.state for step in mine}) < len(mine):
                found.append(f"two days of one state: {[step.state.name for step in mine]}")
            for a, b in combinations(sorted(mine, key=lambda step: ORDER[step.state.name]), 2):
                if ORDER[a.state.name] < ORDER[b.state.name] and is_before(b.on_day, a.on_day):
                    found.append(f"{b.state.name} {b.on_day} before {a.state.name} {a.on_day}")
            last = max((ORDER[step.state.name] for step in mine), default=-1)
            if ORDER[one.state.name] != last or one.state not in {step.state for step in mine}:
                found.append(f"{one.state.name} is not the last of {[step.state.name for step in mine]}")
            for step in mine:
                if step.on_day and first(step.on_day) > NOW.date():
                    found.append(f"{step.state.name} {step.on_day} is to come")
                if step.state is TenantState.LEFT and not (step.words and step.where_to):
                    found.append("left without where to and why")
        for stays in places.values():
            for earlier, later in pairwise(sorted(stays, key=lambda one: one.stay)):
                ends = [step.on_day for step in held[earlier.id] if step.state is TenantState.LEFT]
                if not ends:
                    found.append(f"stay {later.stay} while stay {earlier.stay} is open")
                found += [
                    f"stay {later.stay}: {step.state.name} {step.on_day} before the end {ends[0]}"
                    for step in held[later.id] if ends and is_before(step.on_day, ends[0])
                ]  # fmt: skip
    return found


@pytest.mark.parametrize("seed", [3, 21, 32, 46, 55, 73, 74, 79])
def test_no_way_leads_to_steps_that_cannot_have_been(db: Database, tmp_path: Path, seed: int) -> None:
    """Six of these come to an undo of something that later days rest on."""
    db.clock = lambda: NOW
    walk = Walk(db, seed, tmp_path / "名单.csv")
    for _act in range(ACTS):
        walk.go()
        assert not wrong(db)
