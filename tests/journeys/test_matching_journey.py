"""Results and demands in from Excel → suggestions → accepted and declined with reasons → timetable → published → a
no-show, a replacement, a moved table → outcomes → a draft deal: in the real window, on an expo set up from nothing.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from sqlalchemy import select

from expo_app.model import (
    Answer,
    Attendee,
    Badge,
    Deal,
    Demand,
    Entry,
    Meeting,
    MeetingState,
    Organisation,
    Outcome,
    Person,
    Standby,
    Suggestion,
    Unsuitable,
)
from expo_app.routes.matching import MatchingRoute
from expo_app.services import agendas, badges, chain, expos, timetable, timetable_acts
from expo_app.services import suggestions as suggestion_service
from expo_app.services.statistics.deals import deal_totals
from expo_app.services.statistics.matching import matching
from expo_app.specs import STANDBY
from expo_app.specs.records import by_name
from expo_app.store.database import open_database
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.buttons import Button, ChipRow, Segmented
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.pages.matching import MatchingPage
from expo_app.ui.pages.matching.suggestions import SuggestionsFace
from expo_app.ui.pages.matching.timetable_dialogs import PublishDialog
from tests import made_auction as made
from tests.journeys.command import called
from tests.journeys.in_hall import (
    Hall,
    import_list,
    made_hall,  # noqa: F401
    make_report,
    settle,
)
from tests.journeys.pages import words_of
from tests.journeys.test_cli_roadshow import exported
from tests.made_matching import (
    CLOUD,
    COLD,
    FOOD,
    GATE,
    ICE,
    ITEM,
    JELLY,
    LISTS,
    OFFERS,
    PACKER,
    PEOPLE,
    RIDGE,
    SERVICE,
    SHORE,
    TOXIN,
)
from tests.ui.conftest import qtbot, themed  # noqa: F401

EVE = datetime(2027, 5, 12, 9, tzinfo=made.ZONE)
MINUTE = timedelta(minutes=1)


def at(hall: Hall, moment: datetime) -> None:
    """It is that time in the hall."""
    hall.db.clock = lambda: moment


def shown(hall: Hall, route: MatchingRoute) -> Any:
    """The face of the page that a route leads to."""
    hall.context.navigate(route)
    arrive()
    page = hall.window.frame.page
    assert isinstance(page, MatchingPage)
    return page.face


def arrive() -> None:
    """Until what was read and computed is shown."""
    for _turn in range(4):
        while jobs.running() or any(
            face.is_behind for face in QApplication.allWidgets() if isinstance(face, SuggestionsFace)
        ):
            QApplication.processEvents()
        QTest.qWait(1)
    settle()


def ids(hall: Hall, model: Any, column: str) -> dict[str, Any]:
    with hall.db.reading() as session:
        table = model.__table__
        return dict(session.execute(select(table.c[column], table.c.id)).all())


def press(widget: Any, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(widget, key, held)
        arrive()


def button(box: Any, words: str) -> Button:
    return next(one for one in box.findChildren(Button) if one.text() == words and one.isVisible())


# --- suggestions ------------------------------------------------------------------------------------------------------
def choose(face: Any, offer: str) -> None:
    """The suggestion of that offer comes into focus."""
    for _n in range(10):
        if face.card.supply.side.title == offer:
            return
        press(face, Qt.Key.Key_Right)
    raise AssertionError(offer)


def suggestions(hall: Hall) -> None:
    """Computed here; three pairs agreed on, one declined and two set aside, with their reasons."""
    face = shown(hall, MatchingRoute(face="suggestions"))
    face.compute_button.click()
    arrive()
    demands = ids(hall, Demand, "title")
    for demand, offer in ((JELLY, "鱼糜凝胶近红外检测仪"), (TOXIN, "赤潮毒素筛查卡"), (TOXIN, ITEM)):
        face = shown(hall, MatchingRoute(demand=demands[demand]))
        choose(face, offer)
        press(face, Qt.Key.Key_A, Qt.Key.Key_A, Qt.Key.Key_M)
    face = shown(hall, MatchingRoute(demand=demands[JELLY]))
    choose(face, "凝胶强度超声检测")
    press(face, Qt.Key.Key_X)
    box = dialog.top(hall.window)
    box.findChild(ChipRow).choose(Unsuitable.OTHER)
    box.findChild(LineEditor).setText("只能离线抽检")
    button(box, "记为不合适").click()
    arrive()
    face = shown(hall, MatchingRoute(demand=demands[ICE]))
    choose(face, "相变蓄冷板")
    press(face, Qt.Key.Key_A)
    button(face.panel, "代供方答复").click()
    box = dialog.top(hall.window)
    box.findChild(Segmented).button(Answer.DECLINED).click()
    box.findChild(LineEditor).setText("白芷：先看样箱")
    button(box, "记下答复").click()
    arrive()
    with hall.db.reading() as session:
        rows = session.scalars(select(Suggestion)).all()
    assert [row.unsuitable_words for row in rows if row.unsuitable] == ["只能离线抽检"]
    (declined,) = [row for row in rows if row.supply_answer is Answer.DECLINED]
    assert declined.supply_how.startswith("电话：白芷：先看样箱")
    assert sum(row.demand_answer is row.supply_answer is Answer.ACCEPTED for row in rows) == 3
    assert [row.id for row in rows if sum(one["points"] for one in row.reasons.values()) != row.score] == []


def requests(hall: Hall) -> None:
    """Two organisations without a suggestion, and one that declines."""
    face = shown(hall, MatchingRoute(face="meetings"))
    for a, b, subject in ((COLD, SHORE, "样箱试验"), (PACKER, CLOUD, "抽检设备")):
        face.meetings.add({"a_id": a, "b_id": b, "subject": subject})
        dialog.top(hall.window).submit()
        arrive()
    told = ids(hall, Meeting, "subject")
    face.meetings.view.select_id(told["样箱试验"])
    press(face.meetings.view, Qt.Key.Key_A)
    button(dialog.top(hall.window), "接受").click()
    arrive()
    face.meetings.view.select_id(told["抽检设备"])
    press(face.meetings.view, Qt.Key.Key_X)
    box = dialog.top(hall.window)
    line = next(one for one in box.findChildren(QLineEdit) if one.isVisible())
    line.setText("展期没有空")
    line.textEdited.emit("展期没有空")
    button(box, "婉拒").click()
    arrive()
    assert meetings(hall, "抽检设备")[0].state is MeetingState.DECLINED


def meetings(hall: Hall, subject: str = "") -> list[Meeting]:
    """Meetings by time, those that are agreed on; or that of this subject."""
    with hall.db.reading() as session:
        rows = session.scalars(select(Meeting).order_by(Meeting.starts_at, Meeting.meeting_no)).all()
    if subject:
        return [row for row in rows if row.subject == subject]
    return [row for row in rows if row.state is MeetingState.ACCEPTED and row.outcome is not Outcome.MOVED]


# --- the timetable ----------------------------------------------------------------------------------------------------
def plan_and_publish(hall: Hall) -> None:
    """All four have a seat, nobody is at two tables; one is moved to the other table by keys; all is published."""
    face = shown(hall, MatchingRoute(face="timetable"))
    face.compute_button.click()
    arrive()
    placed = meetings(hall)
    assert len(placed) == 4
    assert all(row.place_id for row in placed)
    assert len({(row.place_id, row.starts_at) for row in placed}) == 4
    assert len({(body, row.starts_at) for row in placed for body in (row.a_id, row.b_id)}) == 8
    publish(hall, face)


def publish(hall: Hall, face: Any) -> None:
    face.publish_button.click()
    arrive()
    listed = next(one for one in hall.window.findChildren(PublishDialog) if one.isVisible())
    listed.publish_button.click()
    arrive()
    assert timetable_acts.changes(timetable.read(hall.db, hall.context.expo_id)) == []


def move_a_table(hall: Hall, row: Meeting) -> None:
    """To the other table, or another slot where that is taken, by Ctrl and an arrow, and published again."""
    face = shown(hall, MatchingRoute(face="timetable"))
    face.show_meeting(row.id)
    view = face.timetable.view
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down):
        view.select(row.id)
        press(view, key, held=Qt.KeyboardModifier.ControlModifier)
        if seat(by_id(hall, row.id)) != seat(row):
            break
    assert seat(by_id(hall, row.id)) != seat(row)
    publish(hall, face)


def seat(row: Meeting) -> tuple[Any, Any]:
    return row.place_id, row.starts_at


def by_id(hall: Hall, key: Any) -> Meeting:
    with hall.db.reading() as session:
        return session.get_one(Meeting, key)


def sheets(hall: Hall, qtbot: Any) -> None:  # noqa: F811
    """Every organisation reads its own meetings alone; the tables have lists."""
    make_report(qtbot, hall, "agendas", "pdf")
    (path,) = hall.out.glob("*.pdf")
    told = words_of(path)
    data = agendas.read(hall.db, hall.context.expo_id, hall.db.now())
    assert {one.title: {line.other for line in one.lines} for one in data.agendas} == {
        PACKER: {RIDGE}, RIDGE: {PACKER}, FOOD: {GATE, SERVICE}, GATE: {FOOD}, SERVICE: {FOOD}, COLD: {SHORE},
        SHORE: {COLD},
    }  # fmt: skip
    assert sum(len(one.lines) for one in data.tables) == 4
    assert [name for name in (PACKER, RIDGE, FOOD, GATE, SERVICE, COLD, SHORE) if name not in told] == []


# --- at the tables ----------------------------------------------------------------------------------------------------
def scan(hall: Hall, organisation: str) -> None:
    """The badge of its person is read in front of the page."""
    with hall.db.reading() as session:
        query = select(Badge.code).join(Attendee, Attendee.id == Badge.attendee_id)
        query = query.join(Person, Person.id == Attendee.person_id).where(Person.name == PEOPLE[organisation])
        code = session.scalars(query).one()
    hall.window.frame.page.read_code(code)
    arrive()


def on_the_day(hall: Hall) -> None:
    """Each meeting in its time: two are held, at one A waits in vain, at one somebody else steps in."""
    subjects = (JELLY, f"{TOXIN} / 赤潮毒素筛查卡", ITEM, "样箱试验")
    told = {subject: next(row for row in meetings(hall) if subject in row.subject) for subject in subjects}
    acts: list[tuple[datetime, Callable[[], None]]] = []

    def plan(row: Meeting, minutes: int, act: Callable[[], None]) -> None:
        assert row.starts_at is not None
        acts.append((row.starts_at + minutes * MINUTE, act))

    def key(row: Meeting, *keys: Qt.Key) -> None:
        face = shown(hall, MatchingRoute(face="meetings"))
        face.meetings.view.select_id(row.id)
        press(face.meetings.view, *keys)

    jelly, toxin, item, box = told.values()
    for row, *bodies in ((jelly, PACKER, RIDGE), (toxin, FOOD, GATE), (item, FOOD), (box, COLD)):
        for minutes, body in enumerate(bodies, 1):
            plan(row, minutes, partial(scan, hall, body))
    plan(jelly, 5, lambda: key(jelly, Qt.Key.Key_H, Qt.Key.Key_1, Qt.Key.Key_D))
    plan(toxin, 5, lambda: key(toxin, Qt.Key.Key_H, Qt.Key.Key_2))
    plan(item, 24, lambda: key(item, Qt.Key.Key_N))
    plan(item, 25, lambda: key(item, Qt.Key.Key_N))

    def steps_in() -> None:
        key(box, Qt.Key.Key_R)
        button(dialog.top(hall.window), "在场，顶替").click()
        arrive()

    plan(box, 22, steps_in)
    shown(hall, MatchingRoute(face="meetings"))
    for moment, act in sorted(acts, key=lambda each: each[0]):
        at(hall, moment)
        if moment == item.starts_at + 25 * MINUTE:
            assert by_id(hall, item.id).outcome is None, "five minutes after its slot, not before"
        act()
    assert [by_id(hall, row.id).outcome for row in told.values()] == [
        Outcome.HELD, Outcome.HELD, Outcome.NO_SHOW_B, Outcome.REPLACED,
    ]  # fmt: skip
    assert by_id(hall, box.id).instead_id == ids(hall, Organisation, "name")[CLOUD]


def what_came_of_it(hall: Hall) -> None:
    """One draft deal of the first meeting, which counts as nothing signed; every rate has both of its numbers."""
    (row,) = [row for row in meetings(hall) if JELLY in row.subject]
    with hall.db.reading() as session:
        deal = session.scalars(select(Deal)).one()
        (used,) = session.scalars(select(Standby.used_at)).all()
    assert (row.deal_id, deal.entry, used is not None) == (deal.id, Entry.DRAFT, True)
    chained = chain.chain_of(hall.db, hall.context.expo_id, "deals", deal.id)
    assert JELLY in repr(chained)
    figures = matching(hall.db, hall.context.expo_id)
    assert {rate.figure.name.removeprefix("matching_"): rate.fraction for rate in figures.rates} == {
        "accept_share": "3 / 4", "agree_share": "4 / 5", "held_share": "3 / 4", "missed_share": "1 / 4",
        "interest_share": "2 / 3", "deal_share": "1 / 3",
    }  # fmt: skip
    assert deal_totals(hall.db, hall.context.expo_id).signed == 0


def test_from_lists_to_a_draft_deal(hall: Hall, tmp_path: Path, qtbot: Any) -> None:  # noqa: F811
    at(hall, EVE)
    for kind, rows in LISTS.items():
        plan = import_list(qtbot, hall, by_name(kind), made.sheet(tmp_path / f"{kind}.xlsx", rows))
        assert not any(row.problems for row in plan.rows), (kind, [row.problems for row in plan.rows])
    badges.issue_all(hall.db, hall.context.expo_id)
    suggestions(hall)
    requests(hall)
    plan_and_publish(hall)
    move_a_table(hall, meetings(hall)[-1])
    standby = [["洽谈单位", "候补单位"], [COLD, CLOUD]]
    import_list(qtbot, hall, STANDBY, made.sheet(tmp_path / "standby.xlsx", standby))
    sheets(hall, qtbot)
    on_the_day(hall)
    what_came_of_it(hall)


# --- without a window -------------------------------------------------------------------------------------------------
AGREED = [
    ["甲方", "乙方", "议题", "状态"],
    [PACKER, RIDGE, JELLY, "双方已同意"], [FOOD, GATE, TOXIN, "双方已同意"], [FOOD, SERVICE, ITEM, "双方已同意"],
    [COLD, SHORE, ICE, "待答复"],
]  # fmt: skip


def test_the_same_by_the_command_line(tmp_path: Path) -> None:
    file = str(tmp_path / "e.db")
    called(
        "new", "第九届临海成果交易会", "--code", "LH27", "--starts", "2027-05-12", "--ends", "2027-05-14", "--db", file
    )
    for kind, rows in {**LISTS, "meetings": AGREED}.items():
        path = made.sheet(tmp_path / f"{kind}.xlsx", rows)
        said = called("import", kind.replace("_", "-"), str(path), "--db", file, "--apply")
        assert f"新增 {len(rows) - 1}" in said, said
    tried = json.loads(called("schedule", "--db", file, "--json"))
    assert (tried["placed"], tried["wanted"], tried["left"], tried["applied"]) == (3, 3, [], False)
    assert json.loads(called("schedule", "--db", file, "--json"))["added"] != [], "nothing was kept"
    kept = json.loads(called("schedule", "--db", file, "--json", "--apply"))
    assert (len(kept["added"]), kept["moved"], kept["applied"]) == (3, [], True)
    again = json.loads(called("schedule", "--db", file, "--json"))
    assert (again["added"], again["moved"]) == ([], [])
    before = json.loads(called("report", "agendas", "--db", file, "--json"))
    assert (before["agendas"], before["tables"], before["unpublished"]) == ([], [], 3)
    db = open_database(Path(file))
    expo = expos.all_expos(db)[0]
    db.clock = lambda: EVE
    assert suggestion_service.compute(db, expo.id).suggestions >= 4
    timetable_acts.publish(db, expo.id)
    db.close()
    told = json.loads(called("report", "agendas", "--db", file, "--json"))
    assert {one["organisation"]: len(one["meetings"]) for one in told["agendas"]} == {
        PACKER: 1, RIDGE: 1, FOOD: 2, GATE: 1, SERVICE: 1,
    }  # fmt: skip
    alone = json.loads(called("report", "agendas", "--db", file, "--json", "--of", FOOD))
    assert ([one["organisation"] for one in alone["agendas"]], alone["tables"]) == ([FOOD], [])
    for ending in ("pdf", "xlsx"):
        called("report", "agendas", str(tmp_path / f"a.{ending}"), "--db", file)
    assert JELLY in words_of(tmp_path / "a.pdf")
    offers = exported(Path(file), "offers", tmp_path / "offers.xlsx")
    assert len(offers) == len(OFFERS) + 1
    matches = exported(Path(file), "matches", tmp_path / "matches.xlsx")
    assert len(matches) >= 4
    for kind in ("demands", "providers", "service-items", "meetings"):
        count = len(exported(Path(file), kind, tmp_path / f"out-{kind}.xlsx"))
        said = called("import", kind, str(tmp_path / f"out-{kind}.xlsx"), "--db", file)
        assert f"新增 0，更新 0，相同 {count}，有问题 0" in said, (kind, said)
    assert "matches" in called("import", "matches", str(tmp_path / "matches.xlsx"), "--db", file, status=2)
