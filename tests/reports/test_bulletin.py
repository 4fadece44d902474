"""每日快报: one day as services count it, read back from the finished files."""

import re
from datetime import date
from decimal import Decimal

import pytest
import python_calamine
from factories import (
    local,
    make_attendee,
    make_deal,
    make_exhibitor,
    make_expo,
    make_gate,
    make_item,
    make_room,
    make_scan,
)
from sqlalchemy import update

from expo_app import documents, i18n
from expo_app.errors import UserError
from expo_app.model import CheckIn, DealStage, DealStep, Direction, Entry, ExhibitorState, Outcome, Verdict, Ways
from expo_app.services import bulletin, expos
from expo_app.services.statistics.attendance import attendance
from expo_app.specs.bulletin import amount_of
from expo_app.store import presence
from tests.made_meetings import Fair

NOW, DAY = local(29, 18), date(2018, 11, 29)


@pytest.fixture
def fair(db):
    db.clock = lambda: NOW
    with db.transaction() as session:
        expo = make_expo(session, name="春季交易会", approved_headcount=500)
        make_exhibitor(session, expo, state=ExhibitorState.ARRIVED, arrived_at=local(29, 8))
        make_exhibitor(session, expo, state=ExhibitorState.ARRIVED, arrived_at=local(28, 8))
        room = make_room(session, expo, "A 会场")
        make_item(session, expo, "供需对接", room_id=room.id, starts_at=local(29, 10), ends_at=local(29, 11))
        make_item(session, expo, "闭幕", room_id=room.id, starts_at=local(30, 15), ends_at=local(30, 16))
        gate = make_gate(session, expo, ways=Ways.BOTH)
        people = [make_attendee(session, expo) for _n in range(3)]
        for hour, who in ((9, 0), (10, 1), (14, 2)):
            make_scan(session, gate, people[who], local(29, hour))
        make_scan(session, gate, people[0], local(29, 12), direction=Direction.OUT, verdict=Verdict.OUT)
        make_scan(session, gate, people[0], local(29, 12, 30), verdict=Verdict.AGAIN)
        make_scan(session, gate, people[0], local(28, 9))
        make_scan(session, make_gate(session, expo, room=room), people[1], local(29, 10, 5))
        for verdict in (Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.REVOKED, Verdict.UNCONFIRMED):
            make_scan(session, gate, None, local(29, 13), verdict=verdict)
        make_deal(session, expo, "水下定位", "8600000.05", sellers=("东海站",), buyers=("嘉定集团",))
        make_deal(session, expo, "无额框架", None)
        make_deal(session, expo, "老协议", "77", is_prior=True)
        make_deal(session, expo, "前一天", "5", signed_on=date(2018, 11, 28))
        intent = make_deal(session, expo, "意向一", "200000", stage=DealStage.INTENT, signed_on=None)
        session.add(DealStep(deal_id=intent.id, stage=DealStage.INTENT, entry=Entry.VALID, at=local(29, 15)))
        session.flush()
        presence.recount(session.connection())
    return expo.id


def test_one_day_is_what_the_statistics_count(db, fair):
    data = bulletin.read(db, fair, NOW, DAY)
    (seen,) = [day for day in attendance(db, fair).days if day.day == DAY]
    assert (data.visits, data.visits.visits, sum(hour.visits for hour in data.hours)) == (seen, 3, 3)
    inside = data.inside
    assert (inside.entered, inside.inside, inside.peak, inside.peak_at) == (4, 3, 3, local(29, 14, 15))
    assert (inside.sees_out, inside.approved) == (True, 500)
    assert (data.arrived, data.arrived_so_far, data.exhibitors) == (1, 2, 2)
    assert [(entry.title, n) for entry, n in data.items] == [("供需对接", 1)]
    assert [entry.title for entry in data.tomorrow] == ["闭幕"]
    assert sorted(line.values["title"] for line in data.signed) == ["无额框架", "水下定位"]
    assert [line.values["title"] for line in data.prior] == ["老协议"]
    assert amount_of(data.signed) == Decimal("8600000.05")
    assert [line.values["title"] for line in data.intended] == ["意向一"]
    assert (dict(data.refused), data.to_report) == (
        {Verdict.UNKNOWN: 2, Verdict.REVOKED: 1, Verdict.UNCONFIRMED: 1}, 3,
    )  # fmt: skip


def test_without_exits_nobody_knows_who_is_inside(db, fair):
    with db.transaction() as session:
        out = update(CheckIn).where(CheckIn.direction == Direction.OUT).values(undone_at=NOW)
        session.execute(out)
        presence.recount(session.connection())
    inside = bulletin.read(db, fair, NOW, DAY).inside
    assert (inside.sees_out, inside.entered) == (False, 3)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_pdf_and_excel_say_the_same(db, fair, tmp_path, pdf_text, language):
    i18n.set_language(language)
    expo = expos.current(db)
    for ending in ("pdf", "xlsx"):
        documents.write(db, expo, "bulletin", tmp_path / f"b.{ending}", day=DAY)
    text = re.sub(r"\s+", "", "".join(pdf_text(tmp_path / "b.pdf")))
    for said in ("11-29", "860.000005", "水下定位", "老协议", "意向一", "供需对接", "闭幕", "20.00"):
        assert said in text
    assert "前一天" not in text
    assert ("09:00" in text, {"zh_CN": "当天新到", "en": "firstarriving"}[language] in text) == (True, True)
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "b.xlsx")
    rows = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    figures, hours, _items, _next, signed, intended, prior, refused = rows.values()
    values = [row[1] for row in figures if isinstance(row[1], float)]
    assert values == [3, 0, 3, 1, 2, 2, 2, 1, 4, 3, 3, 500, 4, 3]
    assert sum(row[2] for row in hours if isinstance(row[2], float)) == 6  # and the total
    assert [row[6] for row in signed if isinstance(row[6], float)] == [860.000005, 860.000005]
    assert [row[6] for row in intended if isinstance(row[6], float)] == [20, 20]
    assert [row[6] for row in prior if isinstance(row[6], float)] == [0.0077, 0.0077]
    assert [row[1] for row in refused if isinstance(row[1], float)] == [2, 1, 1, 4]


@pytest.mark.parametrize(("language", "mark"), [("zh_CN", "（示例）"), ("en", " (Sample)")])
def test_generated_deals_bear_one_mark_in_the_reader_s_language(db, tmp_path, pdf_text, language, mark):
    i18n.set_language(language)
    db.clock = lambda: NOW
    with db.transaction() as session:
        expo = make_expo(session, is_sample=True)
        for title in ("海底光缆", "风机（示例）"):
            make_deal(session, expo, title, "100", is_sample=True, signed_on=DAY)
    for ending in ("pdf", "xlsx"):
        documents.write(db, expos.current(db), "bulletin", tmp_path / f"b.{ending}", day=DAY)
    text = "".join(pdf_text(tmp_path / "b.pdf"))
    rows = python_calamine.CalamineWorkbook.from_path(tmp_path / "b.xlsx").get_sheet_by_index(4).to_python()
    assert {row[1] for row in rows} >= {f"海底光缆{mark}", f"风机{mark}"}
    assert [text.count(f"{title}{mark}") for title in ("海底光缆", "风机")] == [1, 1]


def test_a_day_is_for_documents_of_a_day(db, fair, tmp_path):
    with pytest.raises(UserError, match="不按日期") as refused:
        documents.write(db, expos.current(db), "summary", tmp_path / "s.pdf", day=DAY)
    assert refused.value.code == "E-DAY"
    assert list(tmp_path.glob("s*")) == []


def test_a_day_without_anything_is_said(db, tmp_path, pdf_text):
    with db.transaction() as session:
        make_expo(session, name="空")
    documents.write(db, expos.current(db), "bulletin", tmp_path / "b.pdf", day=date(2018, 11, 20))
    text = re.sub(r"\s+", "", "".join(pdf_text(tmp_path / "b.pdf")))
    for said in ("展期外", "当天没有活动", "当天没有签约", "当天没有意向", "当天没有拦下的扫码", "明天没有活动"):
        assert said in text


def test_meetings_of_the_day_have_a_line(db, tmp_path, pdf_text):
    made = Fair(db)
    made.meet("甲", "乙", "01", local(28, 9, 30), outcome=Outcome.HELD)
    made.meet("丙", "丁", "02", local(28, 9, 30), outcome=Outcome.NO_SHOW_B)
    made.meet("甲", "丁", "01", local(28, 9, 50))
    made.meet("甲", "戊", "01", local(29, 9, 50))
    db.clock = lambda: local(28, 18)
    expo = expos.current(db)
    for ending in ("pdf", "xlsx"):
        documents.write(db, expo, "bulletin", tmp_path / f"b.{ending}", day=date(2018, 11, 28))
    assert "供需对接：已排3场，已洽谈1场，爽约1场。" in re.sub(r"\s+", "", "".join(pdf_text(tmp_path / "b.pdf")))
    rows = python_calamine.CalamineWorkbook.from_path(tmp_path / "b.xlsx").get_sheet_by_index(0).to_python()
    assert {row[0]: row[1] for row in rows if len(row) > 1}["爽约的场次"] == 1
