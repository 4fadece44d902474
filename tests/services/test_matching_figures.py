"""Matchmaking in figures: what is counted, by which query, and the rates with both of their numbers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from expo_app import documents
from expo_app.model import Answer, Demand, Entry, Expo, InterestLevel, MeetingState, Outcome, Suggestion, Unsuitable
from expo_app.services import expos, meetings
from expo_app.services.statistics.matching import as_json, matching
from expo_app.specs import MEETINGS
from tests.factories import local, make_achievement, make_deal, make_organisation
from tests.made_meetings import Fair

NOW = datetime(2018, 11, 29, 2, 42, tzinfo=UTC)


@pytest.fixture
def fair(db):
    fair = Fair(db)
    db.clock = lambda: NOW
    return fair


def suggest(fair, answers, unsuitable=None, is_sample=False):
    with fair.db.transaction() as session:
        expo = session.get_one(Expo, fair.expo)
        demand = Demand(
            expo_id=expo.id, owner_id=make_organisation(session).id, title=f"需求{len(answers)}{unsuitable}"
        )
        session.add(demand)
        session.flush()
        for one, other in answers:
            result = make_achievement(session, expo)
            made = Suggestion(
                expo_id=expo.id, demand_id=demand.id, achievement_id=result.id, counted_at=NOW, demand_answer=one,
                supply_answer=other, unsuitable=unsuitable, is_sample=is_sample,
            )  # fmt: skip
            session.add(made)


def test_nothing_recorded_is_not_known_and_no_rate_is_promised(fair):
    figures = matching(fair.db, fair.expo)
    assert figures.is_empty
    assert {figure.value for figure in figures.figures} == {None}


def test_suggestions_are_counted_by_what_was_said(fair):
    accepted, declined, unasked = Answer.ACCEPTED, Answer.DECLINED, Answer.NOT_ASKED
    suggest(fair, [(accepted, accepted), (accepted, declined), (Answer.WAITING, unasked), (unasked, unasked)])
    suggest(fair, [(unasked, unasked)], Unsuitable.PRICE)
    suggest(fair, [(accepted, accepted)], is_sample=True)  # of a real expo samples do not count
    figures = matching(fair.db, fair.expo)
    counted = {name: figures[f"matching_{name}"].value for name in (
        "demands", "suggestions", "asked", "accepted", "declined", "unsuitable", "unsuitable_price",
        "unsuitable_known")}  # fmt: skip
    assert counted == {
        "demands": 3, "suggestions": 5, "asked": 3, "accepted": 1, "declined": 1, "unsuitable": 1,
        "unsuitable_price": 1, "unsuitable_known": 0,
    }  # fmt: skip
    (rate,) = [one for one in figures.rates if one.figure.name == "matching_accept_share"]
    assert rate.fraction == "1 / 3"
    assert rate.figure.value == Decimal(1) / 3


def test_meetings_are_counted_to_their_deals_and_every_figure_has_its_records(fair):
    with fair.db.transaction() as session:
        expo = session.get_one(Expo, fair.expo)
        draft = make_deal(session, expo, "转化", entry=Entry.DRAFT).id
        void = make_deal(session, expo, "作废", entry=Entry.VOID).id
    told = [
        (Outcome.HELD, {"level": InterestLevel.STRONG, "deal_id": draft}), (Outcome.HELD, {"deal_id": void}),
        (Outcome.REPLACED, {"level": InterestLevel.REAL}), (Outcome.NO_SHOW_A, {}), (Outcome.NO_SHOW_B, {}),
        (None, {"published": {"place": "x"}}), (None, {"is_mutual": True}),
    ]  # fmt: skip
    for number, (outcome, values) in enumerate(told):
        at = local(28, 9, 30) + timedelta(minutes=20 * number)
        fair.meet(f"甲{number}", f"乙{number}", "01", at, outcome=outcome, **values)
    fair.meet("甲8", "乙8", state=MeetingState.REQUESTED, answer_by=NOW - timedelta(hours=1))
    fair.meet("甲9", "乙9", state=MeetingState.REQUESTED, answer_by=NOW + timedelta(hours=1))
    fair.meet("甲c", "乙c", outcome=Outcome.MOVED)  # the one that stands in its place counts
    fair.meet("甲c", "乙c")
    fair.meet("甲a", "乙a", state=MeetingState.DECLINED)
    fair.meet("甲b", "乙b")
    figures = matching(fair.db, fair.expo)
    values = {one.name.removeprefix("matching_"): one.value for one in figures.figures}
    assert {name: values[name] for name in ("requests", "agreed", "mutual", "refused", "waiting", "expired")} == {
        "requests": 12, "agreed": 9, "mutual": 1, "refused": 1, "waiting": 1, "expired": 1,
    }  # fmt: skip
    names = ("planned", "published", "unplaced", "held", "no_show_a", "no_show_b", "replaced", "interests", "deals",
             "signed")  # fmt: skip
    assert [values[name] for name in names] == [7, 1, 2, 2, 1, 1, 1, 2, 1, 0]
    rates = {rate.figure.name.removeprefix("matching_"): rate.fraction for rate in figures.rates}
    assert rates == {
        "accept_share": "— / —", "agree_share": "9 / 10", "held_share": "3 / 5", "missed_share": "2 / 5",
        "interest_share": "2 / 3", "deal_share": "1 / 3",
    }  # fmt: skip
    found = meetings.rates([row[1] for row in meetings.rows(fair.db, fair.expo, [MEETINGS.field("standing")])])
    listed = [(found.accepted, found.answered), (found.held, found.ended), (found.missed, found.ended)]
    assert [f"{part} / {whole}" for part, whole in listed] == ["9 / 10", "3 / 5", "2 / 5"], "the list counts alike"
    assert found.asked == 12
    (day,) = figures.days
    assert (day.planned, day.took_place, day.no_show_a, day.deals) == (7, 3, 1, 1)
    with fair.db.reading() as session:
        for figure in (*figures.requests, *figures.meetings):
            assert session.scalar(select(func.count()).select_from(figure.trace.ids.subquery())) == figure.value
    assert as_json(figures)["rates"]["matching_held_share"]["whole"] == 5


def test_they_are_a_document_of_their_own_in_every_form(fair, tmp_path):
    fair.meet("甲", "乙", "01", local(28, 9, 30), outcome=Outcome.HELD)
    expo = expos.current(fair.db)
    for ending in ("pdf", "xlsx"):
        documents.write(fair.db, expo, "matching", tmp_path / f"a.{ending}")
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    rows = book.get_sheet_by_index(0).to_python()
    told = {row[0]: row[1] for row in rows if len(row) > 1}
    assert (told["已洽谈"], told["到场洽谈率"], told["建议的双方接受率"]) == (1, 1, "")
    said = documents.figures(fair.db, expo, "matching")
    assert said["rates"]["matching_held_share"] == {"value": 1, "part": 1, "whole": 1}
