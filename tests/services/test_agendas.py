"""Agendas: each sees only its own published meetings, contacts only as agreed; who reads the full grid is logged."""

from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from expo_app import documents
from expo_app.errors import UserError
from expo_app.model import Audit, MatchingConsent, MeetingPlace, MeetingState, Outcome, Role, SharedWith, Standby
from expo_app.services import agendas, expos, timetable_acts
from expo_app.store.database import Actor
from tests.factories import local, make_person
from tests.made_meetings import BEFORE, Fair

SLOTS = [local(28, 9, 30), local(28, 9, 50), local(28, 10, 10), local(28, 10, 30)]


@pytest.fixture
def fair(db):
    db.actor = Actor("陈放", Role.ADMIN)
    return Fair(db)


def person(fair, name, organisation):
    body = fair.organisation(organisation)
    with fair.db.transaction() as session:
        return make_person(session, name, organisation_id=body).id


def consent(fair, organisation, **given):
    fair.add(MatchingConsent(organisation_id=fair.organisation(organisation), **given))


def report(fair, part=""):
    return agendas.read(fair.db, fair.expo, fair.db.now(), part)


def test_before_anything_is_published_every_form_says_so(fair, tmp_path):
    fair.meet("甲", "乙", "01", local(28, 9, 30))
    data = report(fair)
    assert (data.agendas, data.tables, data.unpublished) == ((), (), 1)
    expo = expos.current(fair.db)
    for name in ("out.pdf", "out.xlsx"):
        documents.write(fair.db, expo, "agendas", tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000
    book = CalamineWorkbook.from_path(tmp_path / "out.xlsx")
    assert any("已排 1 场" in str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)


def test_each_organisation_reads_its_own_meetings_alone_as_they_were_published(fair):
    first = fair.meet("甲", "乙", "02", local(28, 9, 50))
    fair.meet("甲", "丙", "01", local(28, 9, 30))
    fair.meet("丁", "丙", "03", local(29, 9, 30), state=MeetingState.REQUESTED)
    timetable_acts.publish(fair.db, fair.expo)
    fair.place(first, "01", local(28, 13, 30))  # a draft since
    data = report(fair)
    assert [one.title for one in data.agendas] == ["丙", "乙", "甲"]
    assert {one.title: [line.other for line in one.lines] for one in data.agendas} == {
        "甲": ["丙", "乙"], "乙": ["甲"], "丙": ["甲"],
    }  # fmt: skip
    (line,) = data.agendas[1].lines
    assert (line.place, f"{line.starts_at:%d %H:%M}") == ("02", "28 09:50")
    assert [(one.name, [line.differs for line in one.lines]) for one in data.tables] == [
        ("01", [False]), ("02", [True]),
    ]  # fmt: skip


def test_one_part_tells_of_one_organisation_one_table_or_one_person(fair):
    wang = person(fair, "王工", "甲")
    fair.meet("甲", "乙", "01", local(28, 9, 30), a_person_id=wang)
    fair.meet("甲", "丙", "02", local(28, 10, 10))
    timetable_acts.publish(fair.db, fair.expo)
    keys = {name: key for key, name in agendas.parts(fair.db, fair.expo)}
    assert list(keys) == ["丙", "乙", "甲", "洽谈点 01", "洽谈点 02", "王工（甲）"]
    told = {name: report(fair, key) for name, key in keys.items()}
    assert [len(one.lines) for one in told["甲"].agendas] == [2]
    assert [line.other for line in told["王工（甲）"].agendas[0].lines] == ["乙"]
    assert not told["甲"].tables
    assert [one.name for one in told["洽谈点 02"].tables] == ["02"]
    assert not told["洽谈点 02"].agendas


def test_a_part_that_is_none_is_refused_with_a_few_of_those_there_are(fair, tmp_path):
    for number in range(12):
        fair.meet(f"甲{number:02}", f"乙{number:02}", f"0{number % 3 + 1}", SLOTS[number // 3])
    told = fair.organisation("甲03")
    assert agendas.own_part(fair.board(), told) == ""
    timetable_acts.publish(fair.db, fair.expo)
    assert len(report(fair, agendas.own_part(fair.board(), told)).agendas) == 1
    with pytest.raises(UserError) as refused:
        documents.write(fair.db, expos.current(fair.db), "agendas", tmp_path / "out.pdf", part="别家")
    assert str(refused.value).count("、") == 9
    assert " 等 27 项。" in str(refused.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "王工"),
        ({"shared_with": SharedWith.NOBODY}, ""),
        ({"may_match": False}, ""),
        ({"valid_until": date(2018, 11, 19)}, ""),
        ({"valid_until": date(2018, 11, 20)}, "王工"),
        (None, ""),
    ],
)
def test_a_contact_is_named_only_while_it_is_agreed_to(fair, given, told):
    wang = person(fair, "王工", "甲")
    fair.meet("甲", "乙", "01", local(28, 9, 30), a_person_id=wang)
    if given is not None:
        consent(fair, "甲", **given)
    timetable_acts.publish(fair.db, fair.expo)
    data = report(fair)
    assert BEFORE.date() == date(2018, 11, 20)
    assert [line.contact for one in data.agendas if one.title == "乙" for line in one.lines] == [told]
    assert [line.a_contact for one in data.tables for line in one.lines] == [told]


def test_what_was_called_off_is_in_no_sheet_and_a_closed_table_says_so(fair):
    gone = fair.meet("甲", "乙", "01", local(28, 9, 30))
    moved = fair.meet("己", "庚", "03", local(28, 9, 30))
    fair.meet("甲", "丙", "02", local(28, 10, 10))
    timetable_acts.publish(fair.db, fair.expo)
    with fair.db.transaction() as session:
        row = session.get_one(type(fair.kept(gone)), gone)
        row.state, row.place_id, row.starts_at, row.minutes = MeetingState.CANCELLED, None, None, None
        row = session.get_one(type(row), moved)
        row.outcome, row.place_id, row.starts_at, row.minutes = Outcome.MOVED, None, None, None
        session.get_one(MeetingPlace, fair.places["02"]).is_closed = True
    data = report(fair)
    assert [one.title for one in data.agendas] == ["丙", "甲"]
    assert [(one.name, one.is_closed) for one in data.tables] == [("02", True)]


def test_who_took_a_seat_has_a_sheet_and_who_still_waits_stands_beside_the_meeting(fair):
    meeting = fair.meet(
        "甲", "乙", "01", local(28, 9, 30), a_came_at=local(28, 9, 30), instead_id=fair.organisation("丁"),
        instead_of="b", outcome=Outcome.REPLACED,
    )  # fmt: skip
    fair.meet("甲", "丙", "02", local(28, 10, 10))
    timetable_acts.publish(fair.db, fair.expo)
    kept = fair.kept(meeting)
    if kept.published is None:  # what has begun is published before
        with fair.db.transaction() as session:
            seat = {"place": str(kept.place_id), "starts_at": kept.starts_at.isoformat(), "minutes": 20}
            session.get_one(type(kept), meeting).published = seat
    for guest, used in (("丁", local(28, 9, 36)), ("戊", None)):
        since = local(28, 9)
        fair.add(Standby(host_id=fair.organisation("甲"), guest_id=fair.organisation(guest), since=since, used_at=used))
    data = report(fair)
    assert "丁" in [one.title for one in data.agendas]
    assert "乙" not in [one.title for one in data.agendas]
    assert [line.standby for one in data.tables for line in one.lines] == [(), ("戊（等甲）",)], "not where it is over"
    assert [line.guest for line in data.standby] == ["丁", "戊"]


def test_the_full_grid_is_the_admins_and_stands_in_the_log(fair, tmp_path):
    fair.meet("甲", "乙", "01", local(28, 9, 30))
    fair.meet("丙", "丁", "02", local(28, 9, 30), state=MeetingState.REQUESTED)
    fair.meet("戊", "己", reason="桌位停用")
    expo = expos.current(fair.db)
    grid = agendas.read_grid(fair.db, fair.expo, BEFORE)
    first = grid.days[0].cells[0]
    assert [[cell.words for cell in cells] for cells in first] == [["甲 — 乙"], ["丙 — 丁"], []]
    assert [cells[0].is_agreed for cells in first[:2]] == [True, False]
    assert grid.waiting == (("戊 — 己", "桌位停用"),)
    for name in ("grid.pdf", "grid.xlsx"):
        documents.write(fair.db, expo, "meeting-grid", tmp_path / name)
    with fair.db.reading() as session:
        acts = list(session.scalars(select(Audit.action).where(Audit.table_name == "meeting")))
    assert acts.count("reveal") == 3
    fair.db.actor = Actor("周敏", Role.SUPERVISOR)
    with pytest.raises(UserError) as refused:
        agendas.read_grid(fair.db, fair.expo, fair.db.now())
    assert refused.value.code == "E-ACCESS"
