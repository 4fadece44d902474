"""A roadshow in the hall: the running order, experts' points and comments, interest by hand and by badge."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from functools import partial
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    Attendee,
    Badge,
    Expo,
    Interest,
    InterestLevel,
    Organisation,
    Pitch,
    PitchScore,
    Role,
    ScoreCriterion,
)
from expo_app.rules.roadshow_scores import Mean
from expo_app.services import guests, merging, programme, records, roadshow, steps
from expo_app.services.record_writer import followed
from expo_app.services.roadshow_screen import board
from expo_app.services.statistics.programme import programme_figures
from expo_app.services.statistics.roadshow import roadshows
from expo_app.services.steps import step_of
from expo_app.specs import INTERESTS, ORGANISATIONS, PITCHES, PROGRAMME, SCORE_CRITERIA, SCORES
from expo_app.specs.merging import Pair
from expo_app.specs.roadshow_hall import Sheet, Show
from expo_app.store.database import Actor, Database
from tests.factories import (
    local,
    make_achievement,
    make_attendee,
    make_badge,
    make_expo,
    make_item,
    make_organisation,
    make_pitch,
    make_room,
    make_speaker,
)

EXPERT = "沈知远"


class Hall:
    """A roadshow of three results with two criteria; 沈知远 speaks there, 林岚 visits with a badge."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.transaction() as session:
            expo = make_expo(session)
            room = make_room(session, expo, "C 会场")
            item = make_item(session, expo, "路演专场", kind="roadshow", starts_at=local(29, 14), room_id=room.id)
            make_speaker(session, item, EXPERT)
            body = make_organisation(session, "甲研究院")
            results = [make_achievement(session, expo, name, owner_id=body.id) for name in ("纳米膜", "雷达", "芯片")]
            self.pitches = [
                make_pitch(session, item, result, position=n, minutes=8).id for n, result in enumerate(results, 1)
            ]
            session.add_all(
                [
                    ScoreCriterion(item_id=item.id, name="创新性", maximum=40, weight=1, position=1),
                    ScoreCriterion(item_id=item.id, name="市场", maximum=100, weight=3, position=2),
                ]
            )
            visitor = make_attendee(
                session, expo, "林岚", phone="+8613800000067", organisation_id=make_organisation(session, "远帆资本").id
            )
            self.code = make_badge(session, visitor).code
            self.expo_id, self.item_id = expo.id, item.id
        with db.reading() as session:
            self.criteria = dict(session.execute(select(ScoreCriterion.name, ScoreCriterion.id)).all())

    @property
    def show(self) -> Show:
        found = roadshow.read_show(self.db, self.item_id)
        assert found is not None
        return found

    @property
    def now_and_next(self) -> tuple[str, str]:
        """Titles; "" for none."""
        current, following = self.show.current, self.show.next
        return (current.title if current else "", following.title if following else "")

    def sheet(self, n: int = 0) -> Sheet:
        found = roadshow.read_sheet(self.db, self.pitches[n])
        assert found is not None
        return found

    def score(self, points: str | None, criterion: str = "创新性", expert: str = EXPERT, n: int = 0) -> None:
        roadshow.score(self.db, self.pitches[n], self.criteria[criterion], expert, points)


@pytest.fixture
def hall(db: Database) -> Hall:
    return Hall(db)


# --- the running order ---


def test_a_pitch_that_was_cancelled_is_in_no_order_and_comes_back(hall: Hall, db: Database) -> None:
    roadshow.cancel(db, hall.pitches[1])
    roadshow.start(db, hall.pitches[0])
    assert hall.now_and_next == ("纳米膜", "芯片")
    assert [pitch.title for pitch in hall.show.held] == ["纳米膜", "芯片"]
    with pytest.raises(UserError, match="已取消，没有开讲"):
        roadshow.start(db, hall.pitches[1])
    with pytest.raises(InvalidRecord, match="已经开讲"):
        roadshow.cancel(db, hall.pitches[0])
    now = board(hall.show, "某展会", db.now(), ZoneInfo("Asia/Shanghai"))
    assert (now.number, now.next_title, now.then) == ("第 1 项，共 2 项", "芯片", ())
    roadshow.cancel(db, hall.pitches[1], on=False)
    assert hall.now_and_next == ("纳米膜", "雷达")


def test_what_was_cancelled_is_not_counted_and_interest_in_it_is(hall: Hall, db: Database) -> None:
    roadshow.record_interest(db, hall.pitches[1], {"level": InterestLevel.STRONG})
    roadshow.cancel(db, hall.pitches[1])
    figures = roadshows(db, hall.expo_id)
    assert (figures.pitches.value, figures.interests.value, figures.lines[0].pitches) == (2, 1, 2)
    assert programme_figures(db, hall.expo_id).pitches.value == 2
    (item,) = programme.load(db, hall.expo_id).items
    assert item.pitches == 2


def test_what_was_said_of_a_pitch_never_goes_with_it(hall: Hall, db: Database) -> None:
    """Neither with the pitch, nor with its roadshow, nor with the criterion experts scored by."""
    with followed() as writers:
        added = records.save(db, SCORE_CRITERIA, {"item_id": "路演专场", "name": "团队", "maximum": 10, "weight": 1},
                             expo_id=hall.expo_id)  # fmt: skip
    step = step_of(SCORE_CRITERIA.permission, writers)
    roadshow.score(db, hall.pitches[0], added, EXPERT, "9")
    roadshow.comment(db, hall.pitches[1], EXPERT, "可行")
    roadshow.record_interest(db, hall.pitches[2], {"level": InterestLevel.STRONG})
    for key, what in zip(hall.pitches, ("专家评分", "专家点评", "路演意向"), strict=True):
        with pytest.raises(Conflict, match=f"已有 1 条{what}，没有删除"):
            records.delete(db, PITCHES, [key])
    with pytest.raises(Conflict, match="里面的路演项目已有 1 条路演意向"):
        records.delete(db, PROGRAMME, [hall.item_id])
    with pytest.raises(Conflict, match="已有 1 条专家评分按它打分"):
        records.delete(db, SCORE_CRITERIA, [added])
    assert step is not None
    with pytest.raises(Conflict, match="已有 1 条专家评分按它打分"):
        steps.take_back(db, step)
    sheets = [hall.sheet(n) for n in range(3)]
    assert [(len(one.points), len(one.comments), len(one.interests)) for one in sheets] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    roadshow.score(db, hall.pitches[0], added, EXPERT, "")
    records.delete(db, PITCHES, [hall.pitches[0]])
    records.delete(db, SCORE_CRITERIA, [added])


def test_a_pitch_moves_to_another_roadshow_until_somebody_scored_it(hall: Hall, db: Database) -> None:
    with db.transaction() as session:
        expo = session.get_one(Expo, hall.expo_id)
        other = make_item(session, expo, "加场", kind="roadshow", starts_at=local(30, 10)).id
    hall.score("30")
    with pytest.raises(InvalidRecord, match="不能换到别的场次"):
        records.save(db, PITCHES, {"item_id": "加场"}, hall.pitches[0], expo_id=hall.expo_id)
    records.save(db, PITCHES, {"item_id": "加场"}, hall.pitches[1], expo_id=hall.expo_id)
    moved = roadshow.read_show(db, other)
    assert moved is not None
    assert [pitch.title for pitch in moved.pitches] == ["雷达"]


def test_one_pitch_runs_at_a_time(hall: Hall, db: Database) -> None:
    assert hall.now_and_next == ("", "纳米膜")
    roadshow.start(db, hall.pitches[0])
    roadshow.start(db, hall.pitches[1])
    show = hall.show
    assert hall.now_and_next == ("雷达", "芯片")
    assert show.pitches[0].ended_at == show.pitches[1].started_at
    roadshow.end(db, hall.pitches[1])
    assert hall.now_and_next == ("", "芯片")


def test_a_pitch_that_was_left_out_comes_last(hall: Hall, db: Database) -> None:
    roadshow.start(db, hall.pitches[1])
    roadshow.start(db, hall.pitches[2])
    assert hall.now_and_next == ("芯片", "纳米膜")


def test_starting_twice_changes_nothing_and_ending_what_does_not_run_says_so(hall: Hall, db: Database) -> None:
    roadshow.start(db, hall.pitches[0])
    begun = hall.show.pitches[0].started_at
    with followed() as writers:
        roadshow.start(db, hall.pitches[0])
    assert (hall.show.pitches[0].started_at, [writer.changes for writer in writers]) == (begun, [[]])
    with pytest.raises(UserError, match="没有在讲"):
        roadshow.end(db, hall.pitches[1])


def test_time_left_counts_below_nothing(hall: Hall, db: Database) -> None:
    roadshow.start(db, hall.pitches[0])
    pitch = hall.show.pitches[0]
    assert pitch.started_at is not None
    assert pitch.left(pitch.started_at + timedelta(minutes=9)) == timedelta(minutes=-1)
    roadshow.give_minutes(db, pitch.id, 12)
    assert hall.show.pitches[0].left(pitch.started_at + timedelta(minutes=9)) == timedelta(minutes=3)
    roadshow.end(db, pitch.id)
    assert hall.show.pitches[0].left(db.now()) is None


def test_a_start_is_taken_back_with_the_end_it_made(hall: Hall, db: Database) -> None:
    roadshow.start(db, hall.pitches[0])
    with followed() as writers:
        roadshow.start(db, hall.pitches[1])
    step = step_of(roadshow.RECORD, writers)
    assert step is not None
    steps.take_back(db, step)
    assert hall.now_and_next == ("纳米膜", "雷达")
    steps.do_again(db, step)
    assert hall.now_and_next == ("雷达", "芯片")


def test_a_pitch_that_is_gone_is_said(hall: Hall, db: Database) -> None:
    for act in (roadshow.start, roadshow.end, lambda db, key: roadshow.give_minutes(db, key, 5)):
        with pytest.raises(Conflict, match="已被删除"):
            act(db, uuid.uuid4())
    assert roadshow.read_sheet(db, uuid.uuid4()) is None
    assert roadshow.read_show(db, uuid.uuid4()) is None


def test_the_roadshow_that_runs_is_the_usual_one(hall: Hall, db: Database) -> None:
    with db.transaction() as session:
        item = make_item(session, session.merge(make_expo(session, code="OTHER")), "别处", kind="roadshow")
        assert item.id
    found = roadshow.shows(db, hall.expo_id)
    assert [(info.title, info.room, info.pitches) for info in found] == [("路演专场", "C 会场", 3)]
    assert roadshow.usual(found, local(29, 14, 30)) == hall.item_id
    assert roadshow.usual(found, local(30, 9)) == hall.item_id
    assert roadshow.usual([], local(30, 9)) is None


# --- experts ---


def test_points_are_kept_changed_and_taken_away(hall: Hall) -> None:
    hall.score("30")
    hall.score("90.5", "市场")
    assert hall.sheet().points == {
        EXPERT: {hall.criteria["创新性"]: Decimal(30), hall.criteria["市场"]: Decimal("90.5")}
    }
    assert hall.sheet().mean == Mean(Decimal("86.63"), 1, 0)
    hall.score("40")
    assert hall.sheet().mean == Mean(Decimal("92.88"), 1, 0)  # (100 + 3 × 90.5) / 4 = 92.875
    hall.score("", "市场")
    assert hall.sheet().mean == Mean(None, 0, 1)


@pytest.mark.parametrize("points", ["41", "-1", "九十", "1.234"])
def test_points_that_are_none_are_refused_and_nothing_is_kept(hall: Hall, points: str) -> None:
    hall.score("30")
    with pytest.raises(InvalidRecord) as refused:
        hall.score(points)
    assert list(refused.value.problems) == ["points"]
    assert hall.sheet().points[EXPERT] == {hall.criteria["创新性"]: Decimal(30)}


def test_no_expert_no_score(hall: Hall) -> None:
    with pytest.raises(UserError, match="先选或输入专家"):
        hall.score("30", expert=" ")
    assert hall.sheet().points == {}


def test_experts_are_those_who_scored_then_the_speakers(hall: Hall, db: Database) -> None:
    hall.score("30", expert="贺青")
    roadshow.comment(db, hall.pitches[1], "章衡", "值得跟进")
    assert hall.sheet().experts == ("贺青", "章衡", EXPERT)


def test_a_comment_is_kept_changed_and_taken_away(hall: Hall, db: Database) -> None:
    for words in ("应用场景清楚", "应用场景清楚，需对标测试"):
        roadshow.comment(db, hall.pitches[0], EXPERT, words)
        assert hall.sheet().comments == {EXPERT: words}
    roadshow.comment(db, hall.pitches[0], EXPERT, "")
    assert hall.sheet().comments == {}


def test_two_clerks_who_enter_one_score_leave_one(hall: Hall, db: Database) -> None:
    errors: list[Exception] = []

    def enter(points: str) -> None:
        try:
            hall.score(points)
        except Exception as error:  # noqa: BLE001  (told below)
            errors.append(error)

    clerks = [Thread(target=enter, args=(str(n),)) for n in (31, 32, 33, 34)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    with db.reading() as session:
        kept = session.scalars(select(PitchScore.points)).all()
    assert (errors, len(kept)) == ([], 1)
    assert kept[0] in {Decimal(n) for n in (31, 32, 33, 34)}


def test_nobody_writes_over_what_another_clerk_entered_unseen(hall: Hall, db: Database) -> None:
    """Whoever typed while the line was empty is told; who saw the other's points may change them."""
    pitch, criterion = hall.pitches[0], hall.criteria["创新性"]
    enter = partial(roadshow.score, db, pitch, criterion, EXPERT)
    enter("31", {"points": None})
    with pytest.raises(Conflict, match=f"“{EXPERT}”的得分刚被别人记为“31”，没有改"):
        enter("32", {"points": None})
    enter("31", {"points": None})  # the same: nobody minds
    assert hall.sheet().points == {EXPERT: {criterion: Decimal(31)}}
    enter("32", {"points": Decimal(31)})
    with pytest.raises(Conflict, match="记为“32”"):
        enter("", {"points": Decimal(31)})
    enter("", {"points": Decimal(32)})
    with pytest.raises(Conflict, match="记为“—”"):
        enter("33", {"points": Decimal(32)})
    assert hall.sheet().points == {}
    roadshow.comment(db, pitch, EXPERT, "先做样机", {"words": None})
    with pytest.raises(Conflict, match="的点评刚被别人记为“先做样机”"):
        roadshow.comment(db, pitch, EXPERT, "可行", {"words": None})


def test_of_several_clerks_at_one_instant_the_first_is_kept_and_the_others_are_told(hall: Hall, db: Database) -> None:
    told: list[Exception] = []
    start = Barrier(4)

    def enter(points: str) -> None:
        start.wait()
        try:
            roadshow.score(db, hall.pitches[0], hall.criteria["创新性"], EXPERT, points, {"points": None})
        except Conflict as error:
            told.append(error)

    clerks = [Thread(target=enter, args=(str(n),)) for n in (31, 32, 33, 34)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    (kept,) = hall.sheet().points[EXPERT].values()
    assert kept is not None
    assert [f"记为“{kept.normalize():f}”" in str(error) for error in told] == [True] * 3


def test_the_list_of_pitches_has_the_mean_beside_the_reported_score(hall: Hall, db: Database) -> None:
    with db.transaction() as session:
        session.get_one(Pitch, hall.pitches[1]).score = 79
    hall.score("30")
    hall.score("90", "市场")
    hall.score("20", n=2)
    fields = [PITCHES.field(name) for name in ("achievement_id", "mean", "score")]
    rows = [row[1:-1] for row in guests.pitch_rows(db, hall.expo_id, fields)]
    assert rows == [("纳米膜", Decimal("86.25"), None), ("雷达", None, 79), ("芯片", None, None)]
    with db.reading() as session:
        results = [session.get_one(Pitch, key).achievement_id for key in hall.pitches]
    assert [guests.pitches_of(db, result)[0].score for result in results] == [Decimal("86.25"), 79, None]


def test_damaged_points_are_missing_ones(hall: Hall, db: Database) -> None:
    if not db.is_sqlite:
        pytest.skip("a server keeps no words in a column of numbers")
    hall.score("30")
    hall.score("90", "市场")
    hall.score("40", expert="贺青")
    hall.score("100", "市场", expert="贺青")
    with db.writer.connect() as connection:
        connection.execute(text("UPDATE pitch_score SET points = 'x' WHERE expert = '贺青' AND points = 4000"))
        connection.commit()
    assert hall.sheet().mean == Mean(Decimal("86.25"), 1, 1)


def test_a_criterion_stays_above_the_points_given_by_it(hall: Hall, db: Database) -> None:
    hall.score("30")
    key = hall.criteria["创新性"]
    with pytest.raises(InvalidRecord, match="30"):
        records.save(db, SCORE_CRITERIA, {"maximum": "20"}, key, expo_id=hall.expo_id)
    records.save(db, SCORE_CRITERIA, {"maximum": "30"}, key, expo_id=hall.expo_id)


def test_a_form_names_pitch_and_criterion(hall: Hall, db: Database) -> None:
    given = {"pitch": "雷达", "expert": "贺青", "criterion": "市场", "points": "77"}
    records.save(db, SCORES, given, expo_id=hall.expo_id)
    assert hall.sheet(1).points == {"贺青": {hall.criteria["市场"]: Decimal(77)}}
    for wrong, name in (
        ({"criterion": "价格"}, "criterion"),
        ({"pitch": "飞机"}, "pitch"),
        ({"points": "101"}, "points"),
    ):
        with pytest.raises(InvalidRecord) as refused:
            records.save(db, SCORES, given | {"expert": "章衡"} | wrong, expo_id=hall.expo_id)
        assert list(refused.value.problems) == [name]


# --- interest ---


def test_an_interest_is_numbered_and_says_who_recorded_it(hall: Hall, db: Database) -> None:
    db.actor = Actor("李可", Role.DESK)
    first = roadshow.record_interest(db, hall.pitches[0], {"level": "强烈"})
    second = roadshow.record_interest(
        db, hall.pitches[0],
        {"organisation_id": "新来的基金", "contact": "周舟", "phone": "13800000067", "level": "愿洽谈",
         "amount_from": "50", "amount_to": "200", "next_step": "约洽谈"},
    )  # fmt: skip
    newest, oldest = hall.sheet().interests
    assert (newest.id, oldest.id) == (second, first)
    assert (oldest.number, newest.number) == ("YX-001", "YX-002")
    assert (oldest.level, oldest.organisation, oldest.recorded_by) == (InterestLevel.STRONG, "", "李可")
    assert (newest.organisation, newest.contact, newest.phone) == ("新来的基金", "周舟", "138****0067")
    assert (newest.amount_from, newest.amount_to) == (Decimal(500_000), Decimal(2_000_000))


def test_an_interest_is_changed_and_a_wrong_range_is_refused(hall: Hall, db: Database) -> None:
    key = roadshow.record_interest(db, hall.pitches[0], {"level": "强烈"})
    roadshow.record_interest(db, hall.pitches[0], {"amount_from": "50", "next_step": "寄资料"}, key)
    assert (hall.sheet().interests[0].next_step, hall.sheet().interests[0].level) == ("寄资料", InterestLevel.STRONG)
    with pytest.raises(InvalidRecord) as refused:
        roadshow.record_interest(db, hall.pitches[0], {"amount_to": "20"}, key)
    assert list(refused.value.problems) == ["amount_to"]


def test_a_badge_brings_name_organisation_and_phone(hall: Hall, db: Database) -> None:
    scanned = roadshow.interest_of_badge(db, hall.pitches[0], f"{hall.code.lower()}")
    assert (scanned.name, scanned.organisation, scanned.is_again) == ("林岚", "远帆资本", False)
    line = hall.sheet().interests[0]
    assert (line.contact, line.organisation, line.phone, line.level) == (
        "林岚", "远帆资本", "138****0067", InterestLevel.REAL,
    )  # fmt: skip
    again = roadshow.interest_of_badge(db, hall.pitches[0], hall.code)
    assert (again.id, again.is_again, len(hall.sheet().interests)) == (scanned.id, True, 1)
    assert not roadshow.interest_of_badge(db, hall.pitches[1], hall.code).is_again


def test_a_badge_may_come_with_how_much(hall: Hall, db: Database) -> None:
    roadshow.interest_of_badge(db, hall.pitches[0], hall.code, InterestLevel.STRONG)
    assert [one.level for one in hall.sheet().interests] == [InterestLevel.STRONG]


def test_badges_that_say_nothing_here_record_nothing(hall: Hall, db: Database) -> None:
    with db.transaction() as session:
        session.scalars(select(Badge)).one().revoked_at = db.now()
        elsewhere = make_badge(session, make_attendee(session, make_expo(session, code="OTHER"), "别人")).code
    cases = ((hall.code, "已作废"), (elsewhere, "另一届"), ("E1" + "A" * 26, "没有登记过"), ("x", "没有登记过"))
    for code, why in cases:
        with pytest.raises(UserError, match=why):
            roadshow.interest_of_badge(db, hall.pitches[0], code)
    assert hall.sheet().interests == ()


def test_an_interest_follows_its_organisation_into_another(hall: Hall, db: Database) -> None:
    roadshow.interest_of_badge(db, hall.pitches[0], hall.code)
    with db.transaction() as session:
        keep = make_organisation(session, "远帆资本管理").id
        other = session.scalars(select(Organisation.id).where(Organisation.name == "远帆资本")).one()
    merging.merge(db, Pair(ORGANISATIONS.name, keep, other))
    assert hall.sheet().interests[0].organisation == "远帆资本管理"


def test_who_only_looks_records_nothing(hall: Hall, db: Database) -> None:
    db.actor = Actor("孙正", Role.AUDITOR)
    acts = (
        lambda: roadshow.start(db, hall.pitches[0]),
        lambda: hall.score("1"),
        lambda: roadshow.record_interest(db, hall.pitches[0], {"level": "强烈"}),
        lambda: roadshow.interest_of_badge(db, hall.pitches[0], hall.code),
    )
    for act in acts:
        with pytest.raises(UserError):
            act()
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Interest)) == 0


def test_a_result_pitched_twice_needs_its_roadshow(hall: Hall, db: Database) -> None:
    with db.transaction() as session:
        pitch = session.get_one(Pitch, hall.pitches[0])
        other = make_item(session, session.get_one(type(make_expo(session, code="X")), hall.expo_id), "第二场",
                          kind="roadshow", starts_at=local(30, 14))  # fmt: skip
        second = Pitch(item_id=other.id, achievement_id=pitch.achievement_id)
        session.add(second)
        session.flush()
        key = second.id
    given = {"pitch": "纳米膜", "level": "强烈"}
    with pytest.raises(InvalidRecord, match="写明路演场次"):
        records.save(db, INTERESTS, given, expo_id=hall.expo_id)
    saved = records.save(db, INTERESTS, {**given, "item": "第二场"}, expo_id=hall.expo_id)
    with db.reading() as session:
        assert session.get_one(Interest, saved).pitch_id == key


def test_an_attendee_who_goes_leaves_the_interest(hall: Hall, db: Database) -> None:
    roadshow.interest_of_badge(db, hall.pitches[0], hall.code)
    with db.transaction() as session:
        for badge in session.scalars(select(Badge)):
            session.delete(badge)
        session.flush()
        session.delete(session.scalars(select(Attendee)).one())
    assert hall.sheet().interests[0].contact == "林岚"
