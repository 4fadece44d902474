"""The results sheet: what was pitched, scored and said, what became of every interest; figures and their records."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from expo_app import documents
from expo_app.documents import summary
from expo_app.model import (
    Deal,
    DealStage,
    Entry,
    Expo,
    Interest,
    InterestLevel,
    Pitch,
    PitchComment,
    PitchScore,
    ProgrammeItem,
    Role,
    ScoreCriterion,
    TaskState,
)
from expo_app.reports import roadshow as paper
from expo_app.services import expos, follow_up, roadshow, roadshow_deals, roadshow_report
from expo_app.services.statistics.roadshow import roadshows
from expo_app.store.database import Actor, Database
from tests.factories import local, make_achievement, make_expo, make_item, make_organisation, make_pitch

PHONE = "+8613812345678"


@dataclass
class World:
    db: Database
    expo: object
    first: object
    second: object
    pitch: object
    interests: list


@pytest.fixture
def world(db):
    db.actor = Actor("周敏", Role.ADMIN)
    with db.transaction() as session:
        expo = make_expo(session)
        first = make_item(session, expo, "上午路演", kind="roadshow", starts_at=local(29, 9), ends_at=local(29, 11))
        second = make_item(session, expo, "下午路演", kind="roadshow", starts_at=local(29, 14))
        pitch = make_pitch(session, first, make_achievement(session, expo, "低温阀门"), position=1, presenter="林工")
        pitch.started_at, pitch.ended_at = local(29, 9, 30), local(29, 9, 42)
        make_pitch(session, first, make_achievement(session, expo, "只有报道"), position=2, score=88, comments="可行")
        make_pitch(session, second, make_achievement(session, expo, "别的成果"), position=1)
        novel = ScoreCriterion(item_id=first.id, name="创新性", maximum=10, weight=1, position=1)
        market = ScoreCriterion(item_id=first.id, name="市场", maximum=20, weight=3, position=2)
        session.add_all((novel, market))
        session.flush()
        for expert, points in (("李院士", (8, 15)), ("王总", (9, None))):
            for criterion, given in zip((novel, market), points, strict=True):
                if given is not None:
                    session.add(
                        PitchScore(
                            pitch_id=pitch.id, criterion_id=criterion.id, expert=expert, points=Decimal(given),
                            at=local(29),
                        )
                    )  # fmt: skip
        session.add(PitchComment(pitch_id=pitch.id, expert="王总", words="先做样机", at=local(29)))
        rows = []
        told = (
            ("乙公司", InterestLevel.CURIOUS, None, None), ("丙资本", InterestLevel.STRONG, 500_000, 2_000_000),
            ("", InterestLevel.REAL, 800_000, 800_000),
        )  # fmt: skip
        for number, (body, level, low, high) in enumerate(told, 1):
            key = make_organisation(session, body).id if body else None
            row = Interest(
                expo_id=expo.id, pitch_id=pitch.id, interest_no=f"YX-{number:03d}", organisation_id=key, level=level,
                contact="周舟", phone=PHONE, at=local(29, 15), amount_from=low and Decimal(low),
                amount_to=high and Decimal(high),
            )  # fmt: skip
            session.add(row)
            session.flush()
            rows.append(row.id)
        made = World(db, expo.id, first.id, second.id, pitch.id, rows)
    curious, strong, real = made.interests
    roadshow_deals.make_deals(db, made.expo, [curious, strong])
    (task, _other) = roadshow_deals.add_tasks(db, made.expo, [strong, real], "王工", date(2018, 12, 3))
    follow_up.settle(db, [task], TaskState.DONE)
    return made


def sign(world, interest):
    with world.db.transaction() as session:
        deal = session.get_one(Deal, session.get_one(Interest, interest).deal_id)
        deal.entry, deal.stage, deal.signed_on = Entry.VALID, DealStage.SIGNED, date(2018, 11, 30)


def void(world, interest):
    with world.db.transaction() as session:
        session.get_one(Deal, session.get_one(Interest, interest).deal_id).entry = Entry.VOID


def values(figures):
    return {figure.name.removeprefix("roadshow_"): figure.value for figure in figures.figures}


def test_figures_count_each_interest_once(world):
    roadshow_deals.add_tasks(world.db, world.expo, world.interests[1:2], "王工", None)
    assert values(roadshows(world.db, world.expo)) == {
        "pitches": 3, "scored": 2, "interests": 3, "strong": 1, "real": 1, "curious": 1, "bodies": 2, "tasked": 2,
        "deals": 2, "signed": 0,
    }  # fmt: skip


def test_a_void_deal_is_none_and_a_signed_one_is_told(world):
    sign(world, world.interests[1])
    void(world, world.interests[0])
    found = values(roadshows(world.db, world.expo))
    assert (found["deals"], found["signed"]) == (1, 1)


def test_the_records_behind_a_figure_are_as_many(world):
    sign(world, world.interests[1])
    with world.db.reading() as session:
        for figure in roadshows(world.db, world.expo).figures:
            count = session.scalar(select(func.count()).select_from(figure.trace.ids.subquery()))
            bodies = figure.name == "roadshow_bodies"  # two organisations by two interests
            assert count == figure.value, figure.name if not bodies else "bodies"


def test_samples_are_left_out_of_a_real_expo(world):
    with world.db.transaction() as session:
        session.get_one(Interest, world.interests[0]).is_sample = True
    found = roadshows(world.db, world.expo)
    assert (found.interests.value, found.curious.value, found.deals.value) == (2, 0, 1)
    report = roadshow_report.read(world.db, world.expo, world.db.now())
    assert sum(len(pitch.interests) for show in report.shows for pitch in show.pitches) == 2


def test_an_expo_without_roadshows_says_nothing(db):
    db.actor = Actor("周敏", Role.ADMIN)
    with db.transaction() as session:
        expo = make_expo(session).id
    found = roadshows(db, expo)
    assert {figure.value for figure in found.figures} == {None}
    assert roadshow_report.read(db, expo, db.now()).shows == ()


def test_scores_and_words_of_each_expert(world):
    show = roadshow_report.read(world.db, world.expo, world.db.now()).shows[0]
    pitch, reported = show.pitches
    lines = {one.name: one for one in pitch.experts}
    # 8 of 10 once and 15 of 20 three times: (0.8 + 2.25) / 4
    assert (lines["李院士"].points, lines["李院士"].total) == ((Decimal(8), Decimal(15)), Decimal("76.25"))
    assert (lines["王总"].points, lines["王总"].total, lines["王总"].words) == ((Decimal(9), None), None, "先做样机")
    assert (pitch.mean.value, pitch.mean.experts, pitch.mean.unfinished) == (Decimal("76.25"), 1, 1)
    assert (reported.mean.value, reported.reported, reported.comments) == (None, 88, "可行")


def test_places_and_averages_are_of_those_who_count(world):
    """A reported score is none to compare with: it has no place, and takes none from the others."""
    second = roadshow.read_show(world.db, world.first).pitches[1].id

    def told():
        return roadshow_report.read(world.db, world.expo, world.db.now()).shows[0].pitches

    assert [pitch.rank for pitch in told()] == [None, None]  # of one mean there is nothing to compare
    assert told()[0].averages == (Decimal("8.00"), Decimal("15.00"))  # 王总 did not finish
    with world.db.transaction() as session:
        session.get_one(Pitch, second).score = None
        criteria = session.scalars(select(ScoreCriterion.id).order_by(ScoreCriterion.position)).all()
    for criterion, points in zip(criteria, ("9", "18"), strict=True):
        roadshow.score(world.db, second, criterion, "李院士", points)
    assert [pitch.rank for pitch in told()] == [2, 1]
    with world.db.transaction() as session:
        item = session.get_one(ProgrammeItem, world.first)
        result = make_achievement(session, session.get_one(Expo, world.expo), "阀门")
        third = make_pitch(session, item, result, position=9, score=99).id
    assert [pitch.rank for pitch in told()] == [2, 1, None]
    with world.db.transaction() as session:
        session.delete(session.get_one(Pitch, third))
    roadshow.cancel(world.db, second)
    assert [(pitch.rank, pitch.is_cancelled) for pitch in told()] == [(None, False), (None, True)]


def test_interests_come_strongest_first_with_what_became_of_them(world):
    pitch = roadshow_report.read(world.db, world.expo, world.db.now()).shows[0].pitches[0]
    strong, real, curious = pitch.interests
    assert [one.level for one in pitch.interests] == list(InterestLevel)
    assert strong.tasks == (1, 1)
    deal, tasks = paper.became(strong)
    assert (deal.startswith("签约 "), deal.endswith(" 草稿"), tasks) == (True, True, "任务 1/1")
    assert paper.became(real) == ["任务 0/1"]
    assert (curious.deal_no != "", curious.tasks) == (True, (0, 0))
    assert {one.phone for one in pitch.interests} == {"138****5678"}


def test_one_roadshow_alone(world):
    parts = roadshow_report.shows(world.db, world.expo)
    assert parts == [(str(world.first), "上午路演"), (str(world.second), "下午路演")]
    report = roadshow_report.read(world.db, world.expo, world.db.now(), str(world.second))
    assert [show.title for show in report.shows] == ["下午路演"]
    assert report.figures.pitches.value == 3  # of all


def write(world, path, part=""):
    expo = expos.current(world.db)
    return documents.write(world.db, expo, "roadshow", path, part=part)


def test_the_workbook_holds_the_same(world, tmp_path):
    write(world, tmp_path / "sheet.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "sheet.xlsx")
    results, points, interests, shows = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names[:4])

    def rows(sheet, key):
        at = next(n for n, row in enumerate(sheet) if key in row)
        return [dict(zip(sheet[at], row, strict=True)) for row in sheet[at + 1 :]]

    by_title = {row["成果"]: row for row in rows(results, "成果")}
    assert by_title["低温阀门"]["开始"] == datetime(2018, 11, 29, 9, 30)  # noqa: DTZ001  (a spreadsheet's own clock)
    assert (by_title["低温阀门"]["得分"], by_title["低温阀门"]["意向"]) == (76.25, 3)
    assert (by_title["只有报道"]["得分"], by_title["只有报道"]["汇总评分"]) == ("", 88)
    given = [(row["专家"], row["评分项"], row["分数"]) for row in rows(points, "专家")]
    assert ("李院士", "市场", 15) in given
    assert ("王总", "市场", "") in given
    told = {row["编号"]: row for row in rows(interests, "编号")}
    assert told["YX-002"]["意向金额从（万元）"] == 50
    assert told["YX-002"]["联系电话"] == "138****5678"
    assert told["YX-003"]["签约项目"] == ""
    assert [row["意向"] for row in rows(shows, "路演场次")][:2] == [3, 0]


def test_the_pages_can_be_written_all_and_one(world, tmp_path):
    for part in ("", str(world.second)):
        path = tmp_path / f"{part or 'all'}.pdf"
        write(world, path, part)
        assert path.read_bytes().startswith(b"%PDF")


def test_programs_get_no_contacts(world):
    told = roadshow_report.as_json(world.db, world.expo, world.db.now())
    text = json.dumps(told, default=str, ensure_ascii=False)
    assert told["figures"]["roadshow_interests"]["value"] == 3
    assert "138" not in text
    assert "周舟" not in text
    assert told["shows"][0]["pitches"][0]["experts"][0]["points"] == {"创新性": Decimal(8), "市场": Decimal(15)}


def test_the_closing_report_has_a_chapter(world):
    found = summary.read_closing(world.db, world.expo, world.db.now())
    chapter = next(one for one in found.chapters if one.title == "项目路演")
    (sheet,) = chapter.sheets(())
    headers = [column.header for column in sheet.columns]
    told = [headers.index(name) for name in ("意向", "已转任务", "已转签约", "已签约")]
    assert [sum(row[at] for row in sheet.rows) for at in told] == [3, 2, 2, 0]


def test_an_expo_with_nothing_pitched_has_no_chapter(db):
    db.actor = Actor("周敏", Role.ADMIN)
    with db.transaction() as session:
        expo = make_expo(session).id
    assert "项目路演" not in {one.title for one in summary.read_closing(db, expo, db.now()).chapters}
