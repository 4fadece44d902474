"""Kinds of programme item, exhibit and booth are an expo's own words, and count as what they stand for."""

import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from expo_app import documents
from expo_app.errors import Conflict, InvalidRecord
from expo_app.model import Achievement, Booth, Expo, Word, WordRole
from expo_app.services import expos, floor, imports, programme, programme_report, records
from expo_app.services.floor_rows import Rows
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.statistics.programme import programme_figures
from expo_app.services.words import terms
from expo_app.specs import (
    ACHIEVEMENT_KINDS,
    ACHIEVEMENTS,
    BOOTH_KINDS,
    BOOTHS,
    ITEM_KINDS,
    PITCHES,
    PROGRAMME,
    ImportPlan,
    Outcome,
    RecordSpec,
)
from expo_app.specs.choices import Choices
from expo_app.store.database import Database
from tests.factories import (
    local,
    make_achievement,
    make_booth,
    make_exhibitor,
    make_expo,
    make_item,
    make_room,
    make_zone,
    word,
)

ELSEWHERE = "要用新词，先在“数据与设置”的“类目”里新增。"


@pytest.fixture
def expo_id(db: Database) -> uuid.UUID:
    db.clock = lambda: local(29, 10)
    with db.transaction() as session:
        return make_expo(session, code="KJH24").id


@pytest.fixture
def planned(db: Database, expo_id: uuid.UUID, tmp_path: Path) -> Any:
    """`planned(spec, header, row, …)`: the plan of a CSV file of these lines."""

    def plan(spec: RecordSpec, *lines: str, choices: Choices | None = None) -> ImportPlan:
        path = tmp_path / f"{spec.name}.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        expo = next(known for known in expos.all_expos(db) if known.id == expo_id)
        return documents.plan_import(db, expo, spec, path, choices)

    return plan


def added(db: Database, expo_id: uuid.UUID, spec: RecordSpec, name: str, role: WordRole) -> uuid.UUID:
    """A word that the organiser adds."""
    return records.save(db, spec, {"name": name, "role": role.label}, expo_id=expo_id)


def kinds(db: Database, expo_id: uuid.UUID, spec: RecordSpec) -> dict[str, str]:
    """The kind of each record, as a list shows it."""
    fields = (spec.field(spec.natural), spec.field("kind_id"))
    return {name: kind for _id, name, kind, _search in records.list_rows(db, spec, expo_id, fields, spoken=True)}


def test_what_a_list_gives_no_kind_gets_the_usual_one(db: Database, expo_id: uuid.UUID, planned: Any) -> None:
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        make_zone(session, expo, "A")
        word(session, "item_kinds", "ceremony", expo)
    for spec, lines in (
        (PROGRAMME, ("活动名称,类型", "甲论坛,", "乙峰会,峰会", "丙,Roadshow")),
        (ACHIEVEMENTS, ("名称,单位", "激光头,温州激光")),
        (BOOTHS, ("展位号,展区", "A-001,A")),
    ):
        plan = planned(spec, *lines)
        assert [row.outcome for row in plan.rows] == [Outcome.NEW] * (len(lines) - 1)
        imports.apply(db, plan, expo_id)
    assert kinds(db, expo_id, PROGRAMME) == {"甲论坛": "论坛", "乙峰会": "论坛", "丙": "路演"}
    assert kinds(db, expo_id, ACHIEVEMENTS) == {"激光头": "科技成果"}
    assert kinds(db, expo_id, BOOTHS) == {"A-001": "标准展台"}


def test_a_new_kind_of_item_or_booth_is_refused_and_one_of_exhibit_added(
    db: Database, expo_id: uuid.UUID, planned: Any
) -> None:
    with db.transaction() as session:
        make_zone(session, session.get_one(Expo, expo_id), "A")
    for spec, lines, reason in (
        (PROGRAMME, ("活动名称,类型", "甲,赛事"), "没有活动类型“赛事”，可填："),
        (BOOTHS, ("展位号,展区,类型", "A-001,A,岛式"), "没有展位类型“岛式”，可填："),
    ):
        (row,) = planned(spec, *lines).rows
        said = row.notes["类型"]
        assert (row.outcome, said.startswith(reason), said.endswith(ELSEWHERE)) == (Outcome.NEW, True, True)
        assert "kind_id" not in row.values
    with pytest.raises(InvalidRecord) as refused:
        records.save(db, PROGRAMME, {"title": "甲", "kind_id": "赛事"}, expo_id=expo_id)
    assert refused.value.problems == {"kind_id": f"没有活动类型“赛事”。{ELSEWHERE}"}

    lines = ("名称,单位,类型", "激光头,温州激光,工程样机")
    (open_value,) = planned(ACHIEVEMENTS, *lines).values
    assert (open_value.value, open_value.target, open_value.may_be_new) == ("工程样机", None, True)
    plan = planned(ACHIEVEMENTS, *lines, choices=Choices(new_words=True))
    assert [note for note in plan.notes if "工程样机" in note]
    batch = imports.apply(db, plan, expo_id)
    assert [term.name for term in terms(db, "achievement_kinds", expo_id)][-1] == "工程样机"
    assert batch is not None
    imports.undo(db, batch)
    assert "工程样机" not in [term.name for term in terms(db, "achievement_kinds", expo_id)]


def test_what_a_word_stands_for_decides(db: Database, expo_id: uuid.UUID) -> None:
    added(db, expo_id, ITEM_KINDS, "颁奖典礼", WordRole.CEREMONY)
    added(db, expo_id, ITEM_KINDS, "科创专场", WordRole.ROADSHOW)
    added(db, expo_id, BOOTH_KINDS, "岛式特装", WordRole.RAW_SPACE)
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        make_achievement(session, expo, "激光头")
        firm = make_exhibitor(session, expo, "温州激光")
        make_booth(session, expo, "A-001", firm, area=Decimal(9))
        make_booth(session, expo, "A-002", firm, area=Decimal(12))
    for title, kind in (("颁奖", "颁奖典礼"), ("专场", "科创专场"), ("甲论坛", "论坛")):
        records.save(db, PROGRAMME, {"title": title, "kind_id": kind}, expo_id=expo_id)
    with db.reading() as session:
        island = session.scalars(select(Booth.id).where(Booth.number == "A-002")).one()
    records.save(db, BOOTHS, {"kind_id": "岛式特装"}, island, expo_id=expo_id)

    figures = programme_figures(db, expo_id)
    assert (figures.items.value, figures.forums.value) == (3, 2)
    assert figures.forums.trace is not None
    with db.reading() as session:
        assert len(session.execute(figures.forums.trace.ids).all()) == 2
    records.save(db, PITCHES, {"item_id": "专场", "achievement_id": "激光头"}, expo_id=expo_id)
    with pytest.raises(InvalidRecord, match="不是路演场次"):
        records.save(db, PITCHES, {"item_id": "甲论坛", "achievement_id": "激光头"}, expo_id=expo_id)
    area = exhibition(db, expo_id)
    assert (area.net_area.value, area.raw_area.value) == (Decimal(21), Decimal(12))
    assert area.raw_area.trace is not None
    with db.reading() as session:
        assert session.scalars(area.raw_area.trace.ids).all() == [island]


def test_a_word_stands_for_something(db: Database, expo_id: uuid.UUID) -> None:
    with pytest.raises(InvalidRecord) as refused:
        records.save(db, ITEM_KINDS, {"name": "赛事"}, expo_id=expo_id)
    assert list(refused.value.problems) == ["role"]
    records.save(db, ACHIEVEMENT_KINDS, {"name": "工程样机"}, expo_id=expo_id)


def test_a_new_name_is_everywhere_at_once(db: Database, expo_id: uuid.UUID) -> None:
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        room = make_room(session, expo)
        make_item(session, expo, "路演一", kind="roadshow", room_id=room.id, starts_at=local(29, 9))
        make_booth(session, expo, "A-001")
        roadshow, shell = (
            word(session, "item_kinds", "roadshow", expo),
            word(session, "booth_kinds", "shell_scheme", expo),
        )
    records.save(db, ITEM_KINDS, {"name": "成果发布", "colour": "紫"}, roadshow, expo_id=expo_id)
    records.save(db, BOOTH_KINDS, {"name": "标展"}, shell, expo_id=expo_id)
    (item,) = programme.load(db, expo_id).items
    data = programme_report.read(db, expo_id, db.now())
    assert kinds(db, expo_id, PROGRAMME) == {"路演一": "成果发布"}
    assert (item.kind.label, item.kind.token) == ("成果发布", "plum")
    assert [part.label for part in data.figures.kinds] == ["成果发布"]
    assert [(entry.kind.label, entry.kind.token) for entry in data.entries] == [("成果发布", "plum")]
    assert kinds(db, expo_id, BOOTHS) == {"A-001": "标展"}
    (booth,) = floor.plan(db, expo_id).halls[0].booths
    assert booth.kind.label == "标展"


def test_figures_are_in_the_order_of_the_words(db: Database, expo_id: uuid.UUID) -> None:
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        for kind in ("forum", "signing", "ceremony"):
            make_item(session, expo, kind=kind)
        session.get_one(Word, word(session, "item_kinds", "signing", expo)).position = -1
    assert [part.key for part in programme_figures(db, expo_id).kinds] == ["signing", "ceremony", "forum"]


def test_the_next_edition_has_booths_of_its_own_kinds(db: Database, expo_id: uuid.UUID) -> None:
    own = added(db, expo_id, BOOTH_KINDS, "岛式特装", WordRole.RAW_SPACE)
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        make_booth(session, expo, "A-001", kind_id=own)
        make_booth(session, expo, "A-002")
    values = {
        "name": "第二届", "code": "KJH25", "edition_no": 2, "starts_on": "2019-11-28", "ends_on": "2019-11-30",
        "short_name": "科交会", "time_zone": "Asia/Shanghai",
    }  # fmt: skip
    later = expos.create(db, values, expo_id)
    assert kinds(db, later, BOOTHS) == {"A-001": "岛式特装", "A-002": "标准展台"}
    with db.reading() as session:
        homes = select(Word.expo_id).join(Booth, Booth.kind_id == Word.id).where(Booth.expo_id == later).distinct()
        assert session.scalars(homes).all() == [later]
    records.save(db, BOOTH_KINDS, {"name": "改过的"}, own, expo_id=expo_id)
    assert kinds(db, later, BOOTHS)["A-001"] == "岛式特装"


def test_booths_in_rows_are_of_the_first_kind_offered_that_fits(db: Database, expo_id: uuid.UUID) -> None:
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        zone = make_zone(session, expo, "A").id
        session.get_one(Word, word(session, "booth_kinds", "raw_space", expo)).is_hidden = True
    added(db, expo_id, BOOTH_KINDS, "岛式特装", WordRole.RAW_SPACE)
    floor.generate(db, expo_id, Rows(zone, first="A-001", count=1))
    floor.generate(db, expo_id, Rows(zone, first="A-002", count=1, width=6, depth=6))
    assert kinds(db, expo_id, BOOTHS) == {"A-001": "标准展台", "A-002": "岛式特装"}
    with db.transaction() as session:
        for known in session.scalars(select(Word).where(Word.expo_id == expo_id)):
            known.is_hidden = True
    with pytest.raises(Conflict) as refused:
        floor.generate(db, expo_id, Rows(zone, first="A-003", count=1))
    assert refused.value.code == "E-NO-KIND"
    with pytest.raises(InvalidRecord) as unnamed:
        records.save(db, BOOTHS, {"number": "A-003", "zone_id": "A"}, expo_id=expo_id)
    assert unnamed.value.problems == {"kind_id": f"还没有可选的展位类型。{ELSEWHERE}"}


def test_a_kind_in_use_is_not_deleted(db: Database, expo_id: uuid.UUID) -> None:
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        make_item(session, expo, kind="other")
        make_achievement(session, expo, "激光头", kind="patent")
        used = [word(session, "item_kinds", "other", expo), word(session, "achievement_kinds", "patent", expo)]
    for spec, key in zip((ITEM_KINDS, ACHIEVEMENT_KINDS), used, strict=True):
        with pytest.raises(Conflict, match="E-IN-USE"):
            records.delete(db, spec, [key])
    with db.reading() as session:
        assert session.scalars(select(Achievement.title)).all() == ["激光头"]
