"""Two records become one: every reference follows, figures agree, and all of it can be taken back."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, delete, literal_column, select, update

from expo_app import i18n, registry
from expo_app.errors import Conflict, UserError
from expo_app.model import (
    Attendee,
    AttendeeState,
    Audit,
    Base,
    BatchKind,
    BoothState,
    CheckIn,
    DealParty,
    Direction,
    ExhibitorState,
    Expo,
    ExpoOrganiser,
    ImportBatch,
    ImportRow,
    Organisation,
    OrganiserRole,
    PartyRole,
    Person,
    Role,
    Verdict,
)
from expo_app.services import badges, checkin, duplicates, exhibitors, imports, records
from expo_app.services.merging import effects_of, merge, preview
from expo_app.services.record_writer import writing
from expo_app.services.statistics.scope import scope_of
from expo_app.specs import ATTENDEES, ORGANISATIONS, PEOPLE, SPECS, Outcome
from expo_app.specs.choices import Choices
from expo_app.specs.merging import Pair
from expo_app.specs.names import name_key
from expo_app.store.database import Actor, Database
from expo_app.store.presence import drift, recount
from tests.factories import (
    category,
    local,
    make_achievement,
    make_attendee,
    make_badge,
    make_booth,
    make_deal,
    make_desk,
    make_exhibitor,
    make_expo,
    make_gate,
    make_item,
    make_organisation,
    make_person,
    make_pitch,
    make_scan,
    make_speaker,
    word,
)
from tests.lists import plan_of

UNSEEN = {Audit, ImportBatch, ImportRow}
DERIVED = {"presence": "id", "desk_quarter": "id"}
"""Made anew from the scans, under other keys."""


def dump(db: Database) -> dict[str, set[Any]]:
    """Everything that is kept, by table, without the logs; a desk that counted nobody is none that counted."""
    found: dict[str, set[Any]] = {}
    with db.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table in {model.__table__ for model in UNSEEN}:
                continue
            left_out = DERIVED.get(table.name, "")
            rows = session.execute(select(*(c for c in table.c if c.name != left_out))).mappings().all()
            kept = [row for row in rows if table.name != "desk_quarter" or row["come"] or row["gone"]]
            found[table.name] = {repr(sorted(row.items(), key=lambda pair: pair[0])) for row in kept}
    return found


def figures(db: Database, expo_id: uuid.UUID) -> dict[str, Any]:
    with db.reading() as session:
        scope = scope_of(session, expo_id)
        told = [area.figures(session, scope) for area in registry.areas() if area.figures]
    return {figure.name: figure for part in told for figure in part}


def row(db: Database, table: Table, key: uuid.UUID) -> dict[str, Any]:
    with db.reading() as session:
        return dict(session.execute(select(table).where(table.c.id == key)).mappings().one())


@dataclass
class World:
    """Two expos with people and bodies that hang together in every way there is."""

    db: Database
    expos: list[uuid.UUID] = field(default_factory=list)
    organisations: list[uuid.UUID] = field(default_factory=list)
    people: list[uuid.UUID] = field(default_factory=list)
    attendees: list[uuid.UUID] = field(default_factory=list)


@pytest.fixture
def world(db: Database) -> World:
    chance, made = random.Random(7), World(db)  # noqa: S311
    with db.transaction() as session:
        bodies = [make_organisation(session, f"嘉定{name}有限公司") for name in "甲乙丙丁戊己庚辛"]
        bodies[2].aliases, bodies[4].aliases = ["嘉定甲有限公司", "丙家", "丙 家"], ["戊家"]
        persons = [
            make_person(session, f"沈{name}", organisation_id=chance.choice(bodies).id)
            for name in "一二三四五六七八九十"
        ]
        for n in range(2):
            expo = make_expo(session, name=f"第 {n} 届", code=f"KJ{n}")
            made.expos.append(expo.id)
            gates = [make_gate(session, expo, f"{name}门") for name in "东西"]
            desks = [make_desk(session, gate) for gate in gates]
            stands = [
                make_exhibitor(session, expo, organisation_id=body.id, state=chance.choice([*ExhibitorState]))
                for body in bodies
            ]
            stands[1].main_id, stands[2].main_id = stands[0].id, stands[1].id
            stands[3].contact_id = persons[0].id
            for stand in stands:
                make_booth(session, expo, exhibitor_id=stand.id, state=BoothState.CONFIRMED)
            session.add(ExpoOrganiser(expo_id=expo.id, organisation_id=bodies[0].id, role=OrganiserRole.HOST))
            session.add(ExpoOrganiser(expo_id=expo.id, organisation_id=bodies[1].id, role=OrganiserRole.HOST))
            items = [make_item(session, expo, f"第 {m} 场") for m in range(2)]
            for person in persons[:4]:
                make_speaker(session, chance.choice(items), person_id=person.id)
            shown = [make_achievement(session, expo, "一样的成果", owner_id=body.id) for body in bodies[:3]]
            for one in shown:
                make_pitch(session, items[0], one)
            deal = make_deal(session, expo, "合作", "100")
            for n_party, body in enumerate(bodies[:4]):
                session.add(DealParty(deal_id=deal.id, organisation_id=body.id, role=PartyRole.PARTY, position=n_party))
            for person in persons:
                guest = make_attendee(
                    session, expo, person_id=person.id, organisation_id=person.organisation_id,
                    exhibitor_id=chance.choice([None, chance.choice(stands).id]), state=chance.choice([*AttendeeState]),
                    valid_days=chance.choice([None, ["2018-11-28"], ["2018-11-29"]]),
                    note=chance.choice(["", "备注" * 150]),
                )  # fmt: skip
                made.attendees.append(guest.id)
                if chance.random() < 0.7:
                    make_badge(session, guest, handed_over_at=chance.choice([None, local(28)]))
                for day in (28, 29):
                    at = local(day, 9, chance.randrange(50))
                    for gate, desk in zip(gates, desks, strict=True):
                        if chance.random() < 0.5:
                            at += timedelta(minutes=chance.randrange(1, 40))
                            make_scan(session, gate, guest, at=at, desk_id=desk.id)
                            if chance.random() < 0.5:
                                make_scan(
                                    session, gate, guest, at=at + timedelta(minutes=5), desk_id=desk.id,
                                    verdict=Verdict.OUT, direction=Direction.OUT,
                                )  # fmt: skip
        made.organisations = [body.id for body in bodies]
        made.people = [person.id for person in persons]
    with writing(db, None) as writer:
        recount(writer.session.connection())
        writer.note("recount", Base.metadata.tables["presence"])
    for number, body in enumerate(made.organisations):  # search words as they are kept
        records.save(db, ORGANISATIONS, {"short_name": f"简{number}"}, body)
    duplicates.set_apart(db, ORGANISATIONS, [(made.organisations[0], made.organisations[5])])
    return made


def pair_of(world: World, chance: random.Random) -> Pair:
    """Two at random, fields and badge too."""
    spec, ids = chance.choice(
        ((ORGANISATIONS, world.organisations), (PEOPLE, world.people), (ATTENDEES, world.attendees))
    )
    keep, other = chance.sample(ids, 2)
    names = [f.name for f in spec.writable if f.in_form and f.name != "aliases"]
    takes = chance.choice([None, frozenset(name for name in names if chance.random() < 0.4)])
    return Pair(spec.name, keep, other, takes, frozenset(chance.sample(ids, 1)))


def refusal(act: Callable[[], object]) -> str:
    """The code of what is refused, of those that may be; "" where it is done."""
    try:
        act()
    except Conflict as refused:
        if refused.code in ("E-GONE", "E-MERGE-EXPO", "E-CHANGED-SINCE"):
            return refused.code
        raise
    return ""


def merge_into(done: list[uuid.UUID], db: Database, pair: Pair, expo_id: uuid.UUID) -> None:
    done.append(merge(db, pair, expo_id))


def play(world: World, acts: int, seed: int) -> None:
    """So many merges and undos at random; in the end all that stand are taken back."""
    db, chance = world.db, random.Random(seed)  # noqa: S311
    before, told = dump(db), [figures(db, expo) for expo in world.expos]
    done: list[uuid.UUID] = []
    for _act in range(acts):
        refused = "nothing yet"
        while refused:
            if done and chance.random() < len(done) / 12:
                batch = chance.choice(done)
                refused = refusal(partial(imports.undo, db, batch))
                assert not refused or batch != done[-1], "the last one can always be taken back"
                done = done if refused else [one for one in done if one != batch]
            else:
                pair = pair_of(world, chance)
                refused = refusal(partial(merge_into, done, db, pair, world.expos[0]))
        with db.reading() as session:
            assert drift(session.connection()) == 0
    for batch in reversed(done):
        imports.undo(db, batch)
    after = dump(db)
    for table, rows in before.items():
        assert after[table] == rows, table
    now = [figures(db, expo) for expo in world.expos]
    assert [{k: f.value for k, f in one.items()} for one in now] == [
        {k: f.value for k, f in one.items()} for one in told
    ]


def test_forty_random_merges_and_undos_leave_no_trace(world: World) -> None:
    play(world, 40, 1)


@pytest.mark.slow
def test_a_thousand_random_merges_and_undos_leave_no_trace(world: World) -> None:
    play(world, 1000, 2)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_said_before_is_what_happens(world: World, seed: int) -> None:
    db, chance = world.db, random.Random(seed)  # noqa: S311
    pair = pair_of(world, chance)
    while pair.spec == "attendees" and (pair.keep in world.attendees[:10]) != (pair.other in world.attendees[:10]):
        pair = pair_of(world, chance)
    before, untouched = [figures(db, expo) for expo in world.expos], dump(db)
    told = preview(db, pair)
    assert dump(db) == untouched
    merge(db, pair)
    after = [figures(db, expo) for expo in world.expos]
    changed = {
        (then[key].label, then[key].shown, now[key].shown)
        for then, now in zip(before, after, strict=True)
        for key in then
        if now[key].value != then[key].value
    }
    assert {(effect.label, effect.before, effect.after) for effect in told.effects} == changed


# --- one by one -------------------------------------------------------------------------------------------------------
@dataclass
class Twice:
    """Somebody registered twice for one expo, with a badge each, let in by both at one gate on one day."""

    db: Database
    expo: uuid.UUID
    first: uuid.UUID
    second: uuid.UUID
    desk: uuid.UUID
    codes: dict[uuid.UUID, str]
    scans: list[uuid.UUID]


@pytest.fixture
def twice(db: Database) -> Twice:
    with db.transaction() as session:
        expo = make_expo(session)
        gate = make_gate(session, expo, "东门")
        desk = make_desk(session, gate)
        body = make_organisation(session, "嘉定氢能有限公司")
        one = make_person(session, "沈华棣", phone="+8613800000067", organisation_id=body.id)
        two = make_person(session, "沈 华棣", email="shen@example.com", organisation_id=body.id)
        first, second = (make_attendee(session, expo, person_id=person.id) for person in (one, two))
        held = [make_badge(session, first), make_badge(session, second, handed_over_at=local(28))]
        scans = [
            make_scan(session, gate, guest, at=at) for guest, at in ((first, local(28, 10)), (second, local(28, 9)))
        ]
        codes = {badge.attendee_id: badge.code for badge in held}
        made = Twice(db, expo.id, first.id, second.id, desk.id, codes, [scan.id for scan in scans])
    with writing(db, None) as writer:
        recount(writer.session.connection())
        writer.note("recount", Base.metadata.tables["presence"])
    db.clock = lambda: local(28, 11)
    return made


def test_two_registrations_become_one_with_the_badge_that_is_in_hand(twice: Twice) -> None:
    db = twice.db
    told = preview(db, Pair("attendees", twice.first, twice.second))
    (badge_pair,) = told.badges
    assert [side.stays for side in badge_pair.sides] == [False, True]
    batch = merge(db, Pair("attendees", twice.first, twice.second), twice.expo)
    kept = records.get(db, ATTENDEES, twice.first, reveal="查")
    assert kept["badge_no"] == badge_pair.sides[1].badge_no
    assert (kept["person.phone"], kept["person.email"]) == ("+8613800000067", "shen@example.com")
    assert [life.revoked_at is None for life in badges.lives(db, twice.first)] == [True, False]
    scans = [row(db, Base.metadata.tables["check_in"], key) for key in twice.scans]
    assert [scan["verdict"] for scan in scans] == [Verdict.AGAIN, Verdict.ADMITTED]
    assert {scan["attendee_id"] for scan in scans} == {twice.first}
    assert figures(db, twice.expo)["people"].value == 1
    imports.undo(db, batch)
    assert figures(db, twice.expo)["people"].value == 2


def test_the_badge_may_be_chosen_and_the_other_is_refused_at_the_gate(twice: Twice) -> None:
    db = twice.db
    merge(db, Pair("attendees", twice.first, twice.second, badges=frozenset({twice.first})), twice.expo)
    desk = checkin.OpenDesk(db, twice.desk)
    try:
        assert desk.check_in(twice.codes[twice.second]).verdict is Verdict.REVOKED
        assert desk.check_in(twice.codes[twice.first]).verdict is Verdict.AGAIN
    finally:
        desk.close()


def test_what_was_built_on_a_merge_stands_in_the_way_of_its_undo(twice: Twice) -> None:
    db = twice.db
    batch = merge(db, Pair("attendees", twice.first, twice.second), twice.expo)
    desk = checkin.OpenDesk(db, twice.desk)
    desk.check_in(twice.codes[twice.second])
    desk.close()
    before = dump(db)
    with pytest.raises(Conflict, match="签到记录"):
        imports.undo(db, batch)
    assert dump(db) == before
    assert imports.history(db, twice.expo)[0].undone_at is None


def test_an_import_is_not_taken_back_under_a_merge(world: World) -> None:
    db = world.db
    with writing(db, None) as writer:
        batch = {
            "id": uuid.uuid4(), "expo_id": world.expos[0], "kind": BatchKind.IMPORT, "spec": "organisations",
            "at": writer.now, "new_count": 1, "changed_count": 0, "undone_at": None,
            "made": {"organisation": world.organisations[3].hex},
        }  # fmt: skip
        batch["id"] = uuid.UUID(int=1)  # long ago
        writer.insert(ImportBatch.__table__, [batch])
    merge(db, Pair("organisations", world.organisations[0], world.organisations[3]), world.expos[0])
    with pytest.raises(Conflict, match="先撤销那次合并"):
        imports.undo(db, uuid.UUID(int=1))


def test_exhibitors_of_one_expo_become_one_and_keep_their_booths(world: World) -> None:
    db, (keep, other) = world.db, world.organisations[4:6]
    exhibitor, booth = Base.metadata.tables["exhibitor"], Base.metadata.tables["booth"]
    told = preview(db, Pair("organisations", keep, other))
    assert sum("展位" in note for note in told.notes) == len(world.expos)
    merge(db, Pair("organisations", keep, other), world.expos[0])
    with db.reading() as session:
        stands = session.execute(select(exhibitor.c.id).where(exhibitor.c.organisation_id == keep)).scalars().all()
        assert len(stands) == len(world.expos)
        for stand in stands:
            assert len(session.execute(select(booth.c.id).where(booth.c.exhibitor_id == stand)).all()) == 2


def test_names_are_kept_and_found(world: World) -> None:
    db, (keep, other) = world.db, world.organisations[6:8]
    gone = row(db, ORGANISATIONS.table, other)["name"]
    merge(db, Pair("organisations", keep, other, frozenset({"name"})), world.expos[0])
    kept = row(db, ORGANISATIONS.table, keep)
    assert kept["name"] == gone
    assert kept["aliases"] == ["嘉定庚有限公司", "简7"]
    assert [key for key, _name in records.options(db, ORGANISATIONS, "庚")] == [keep]
    assert (
        imports.state(db, SPECS["exhibitors"], world.expos[0]).spellings["organisations"][name_key("嘉定庚有限公司")]
        == gone
    )


def test_sample_and_real_stay_apart(world: World) -> None:
    with world.db.transaction() as session:
        sample = make_organisation(session, "示例单位", is_sample=True).id
    with pytest.raises(Conflict, match="示例"):
        merge(world.db, Pair("organisations", world.organisations[0], sample))


def test_who_may_not_edit_people_may_not_merge_them(twice: Twice) -> None:
    twice.db.actor = Actor("某人", Role.DEALS)
    with pytest.raises(UserError) as refused:
        merge(twice.db, Pair("attendees", twice.first, twice.second))
    assert refused.value.code == "E-ACCESS"


def test_a_record_with_itself_is_none(world: World) -> None:
    with pytest.raises(UserError, match="同一条"):
        preview(world.db, Pair("people", world.people[0], world.people[0]))


def test_an_undone_merge_is_not_undone_again(world: World) -> None:
    pair = Pair("people", *world.people[:2])
    batch = merge(world.db, pair, world.expos[0])
    imports.undo(world.db, batch)
    with pytest.raises(Conflict) as refused:
        imports.undo(world.db, batch)
    assert refused.value.code == "E-UNDONE"
    assert merge(world.db, replace(pair, takes=frozenset()), world.expos[0]) != batch


def test_a_list_with_the_old_spelling_makes_nobody_new(twice: Twice, tmp_path: Path) -> None:
    db = twice.db
    with db.transaction() as session:
        session.get_one(Person, session.get_one(Attendee, twice.second).person_id).name = "沈华隶"
    merge(db, Pair("attendees", twice.first, twice.second), twice.expo)
    for spec, there in ((ATTENDEES, twice.expo), (PEOPLE, None)):
        (tmp_path / "名单.csv").write_text("姓名,手机,职务\n沈华隶,13800000067,所长\n", encoding="utf-8")
        plan = plan_of(spec, tmp_path / "名单.csv", imports.state(db, spec, there), Choices(update=True))
        (planned,) = plan.rows
        assert (planned.outcome, set(planned.changes)) == (Outcome.CHANGED, {"title"}), spec.name


def test_words_are_said_in_the_language_of_the_screen(world: World) -> None:
    db, pair = world.db, Pair("organisations", *world.organisations[:2])
    with db.transaction() as session:
        session.get_one(Organisation, pair.keep).industry_id = word(session, "industries", "health")
    i18n.set_language("en")
    try:
        (line,) = (line for line in preview(db, pair).lines if line.name == "industry_id")
        assert line.ours == "Health and medicine"
    finally:
        i18n.set_language("zh_CN")


# --- what goes on around it -------------------------------------------------------------------------------------------
def test_what_waited_at_a_desk_is_the_kept_ones(twice: Twice) -> None:
    db = twice.db
    desk = checkin.OpenDesk(db, twice.desk)
    early = desk.new_id()
    batch = merge(db, Pair("attendees", twice.first, twice.second), twice.expo)
    by_hand = desk.admit(twice.second)
    assert (by_hand.attendee_id, by_hand.verdict) == (twice.first, Verdict.AGAIN)
    desk.undo_last()
    desk.check_in(twice.codes[twice.second], scan_id=early)
    desk.close()
    with pytest.raises(Conflict, match="签到记录"):
        imports.undo(db, batch)


def test_the_number_of_the_other_badge_leads_to_the_person(twice: Twice) -> None:
    db = twice.db
    numbers = [row(db, ATTENDEES.table, key)["badge_no"] for key in (twice.first, twice.second)]
    batch = merge(db, Pair("attendees", twice.first, twice.second), twice.expo)
    for stays in (True, False):
        desk = checkin.OpenDesk(db, twice.desk)
        for number, own in zip(numbers, (twice.first, twice.second), strict=True):
            assert desk.admit_number(number).attendee_id == (twice.first if stays else own)
            desk.undo_last()
        desk.close()
        if stays:
            with db.transaction() as session:  # the scans taken back stand in the way
                session.execute(delete(CheckIn).where(CheckIn.undone_at.is_not(None)))
            imports.undo(db, batch)


def test_aliases_that_went_by_the_merge_come_back_with_its_undo(world: World) -> None:
    db, (keep, other) = world.db, world.organisations[:2]
    records.save(db, ORGANISATIONS, {"aliases": "嘉定乙有限公司、甲家、甲 家"}, keep)
    before = dump(db)
    batch = merge(db, Pair("organisations", keep, other, frozenset({"name"})), world.expos[0])
    imports.undo(db, batch)
    assert dump(db) == before


def test_an_arrival_since_stands_in_the_way(world: World) -> None:
    db, (keep, other) = world.db, world.organisations[4:6]
    batch = merge(db, Pair("organisations", keep, other), world.expos[0])
    table = Base.metadata.tables["exhibitor"]
    with db.reading() as session:
        stand = session.scalars(select(table.c.id).where(table.c.organisation_id == keep)).first()
    assert stand is not None
    exhibitors.set_state(db, [stand], ExhibitorState.DISMANTLED)
    with pytest.raises(Conflict):
        imports.undo(db, batch)


def test_damaged_values_are_not_merged(world: World) -> None:
    db, (keep, other) = world.db, world.organisations[:2]
    with db.transaction() as session:
        table = ORGANISATIONS.table
        session.execute(update(table).where(table.c.id == other).values(aliases=literal_column("'{}'")))
    before = dump(db)
    for pair in (Pair("organisations", keep, other), Pair("organisations", other, keep)):
        with pytest.raises(Conflict, match="修复"):
            merge(db, pair)
    assert dump(db) == before


def test_the_category_is_the_one_on_the_badge_that_stays(twice: Twice) -> None:
    db = twice.db
    with db.transaction() as session:
        expo = session.get_one(Expo, twice.expo)
        session.get_one(Attendee, twice.second).category_id = category(session, expo, "exhibitor").id
    suggested = preview(db, Pair("attendees", twice.first, twice.second))
    assert [line.takes for line in suggested.lines if line.name == "category_id"] == [True]
    assert not any("胸卡" in note for note in suggested.notes)
    chosen = preview(db, Pair("attendees", twice.first, twice.second, frozenset()))
    assert any("留用的胸卡印的是“参展商”" in note for note in chosen.notes)


def test_numbers_that_look_alike_when_masked_are_told_apart(twice: Twice) -> None:
    db = twice.db
    with db.transaction() as session:
        session.get_one(Person, session.get_one(Attendee, twice.second).person_id).phone = "+8613800990067"
    (line,) = (
        one for one in preview(db, Pair("attendees", twice.first, twice.second)).lines if one.name == "person.phone"
    )
    assert (line.ours, line.theirs) == ("138****0067", "138****0067（不同）")


def test_the_figures_of_several_merges_are_said_together(world: World) -> None:
    db, some = world.db, world.organisations
    pairs = [Pair("organisations", some[4], some[5]), Pair("organisations", some[6], some[7])]
    pairs.append(Pair("organisations", some[4], uuid.uuid4()))  # gone meanwhile
    before = [figures(db, expo) for expo in world.expos]
    told = effects_of(db, pairs, lambda _n, _total: None)
    for pair in pairs[:2]:
        merge(db, pair, world.expos[0])
    after = [figures(db, expo) for expo in world.expos]
    changed = {
        (then[key].label, then[key].shown, now[key].shown)
        for then, now in zip(before, after, strict=True)
        for key in then
        if now[key].value != then[key].value
    }
    assert {(effect.label, effect.before, effect.after) for effect in told} == changed != set()


def test_a_merge_beyond_one_expo_stands_in_both_histories(world: World) -> None:
    db = world.db
    batch = merge(db, Pair("people", *world.people[:2]), world.expos[0])
    assert [imports.history(db, expo)[0].id for expo in world.expos] == [batch, batch]
    assert [imports.number_of(db, batch, expo) for expo in world.expos] == [1, 1]


def test_seller_and_buyer_of_a_deal_are_two(world: World) -> None:
    db, (one, two) = world.db, world.organisations[4:6]
    with db.transaction() as session:
        deal = make_deal(session, session.get_one(Expo, world.expos[0]), "氢能阀门", "100")
        session.add(DealParty(deal_id=deal.id, organisation_id=one, role=PartyRole.SELLER))
        session.add(DealParty(deal_id=deal.id, organisation_id=two, role=PartyRole.BUYER))
    for pair in (Pair("organisations", one, two), Pair("organisations", two, one)):
        with pytest.raises(Conflict, match="氢能阀门"):
            preview(db, pair)
