"""发布口径: figures of a moment, whatever happened since; versions that never change; what must hold before."""

import random
import subprocess
import sys
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from factories import (
    local,
    make_attendee,
    make_deal,
    make_exhibitor,
    make_expo,
    make_gate,
    make_item,
    make_organisation,
    make_room,
    make_scan,
)
from sqlalchemy import delete, func, select, text, update

from expo_app.errors import UserError
from expo_app.model import (
    DealStage,
    DealStep,
    Edition,
    EditionFigure,
    Entry,
    Exhibitor,
    ExhibitorState,
    Expo,
    ItemState,
    PressFigure,
    PressVersion,
    Qualifier,
    Role,
    Verdict,
)
from expo_app.services import deals, exhibitors, press, programme, record_writer, records, statistics, steps
from expo_app.services.statistics import history
from expo_app.services.statistics.attendance import attendance
from expo_app.services.statistics.deals import deal_totals
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.statistics.programme import programme_figures
from expo_app.specs import DEALS, EXHIBITORS, PROGRAMME
from expo_app.specs.press import NUMBERS, Origin, sentence, version_words
from expo_app.store.database import Actor, open_database

NOON = local(29, 12)


@pytest.fixture
def fair(db):
    """A real expo at noon of its second day, with what counts, what does not, and a sample record of each kind."""
    db.clock = lambda: local(28, 8)
    with db.transaction() as session:
        expo = make_expo(session, name="春季交易会", name_en="Spring Fair")
        main = make_exhibitor(session, expo)
        make_exhibitor(session, expo, main_id=main.id)
        make_exhibitor(session, expo, state=ExhibitorState.APPLIED)
        make_exhibitor(session, expo, is_sample=True)
        room = make_room(session, expo)
        make_item(session, expo, "开场", room_id=room.id, starts_at=local(28, 9), ends_at=local(28, 10))
        make_item(session, expo, "撤了", state=ItemState.CANCELLED)
        gate = make_gate(session, expo)
        for hour in (9, 11):
            make_scan(session, gate, make_attendee(session, expo), local(29, hour))
        make_scan(session, gate, make_attendee(session, expo, category="exhibitor"), local(29, 9))
        for title, amount, stage, entry in (
            ("甲", "1000000.01", DealStage.SIGNED, Entry.VALID), ("乙", None, DealStage.PERFORMING, Entry.VALID),
            ("丙", "700", DealStage.SIGNED, Entry.CHECK), ("丁", "500000", DealStage.INTENT, Entry.VALID),
            ("戊", "900", DealStage.SIGNED, Entry.DRAFT),
        ):  # fmt: skip
            deal = make_deal(session, expo, title, amount, stage=stage, entry=entry)
            session.add(DealStep(deal_id=deal.id, stage=stage, entry=entry, at=local(29, 10)))
        make_deal(session, expo, "样", "900", is_sample=True)
    db.clock = lambda: NOON
    return expo.id


def values(shown):
    return {n.name: n.value for n in shown.numbers}


def deal(db, title):
    rows = records.list_rows(db, DEALS, None, [DEALS.field("title")])
    return next(row[0] for row in rows if row[1] == title)


def test_the_five_are_what_is_counted_everywhere(db, fair):
    shown = press.at(db, fair, NOON)
    assert values(shown) == {"exhibitors": 1, "events": 1, "visits": 2, "signed": 2, "intended": 1}
    assert shown.number("signed").amount == Decimal("1000000.01")
    assert shown.number("intended").amount == 500000
    totals = deal_totals(db, fair)
    counted = (
        exhibition(db, fair).exhibitors.value, programme_figures(db, fair).items.value,
        attendance(db, fair).visits.value, totals.signed, totals.intended,
    )  # fmt: skip
    assert tuple(values(shown).values()) == counted
    assert (shown.number("signed").amount, shown.number("intended").amount) == (
        totals.signed_amount, totals.intended_amount,
    )  # fmt: skip
    assert {n.origin for n in shown.numbers} == {Origin.COUNTED}
    assert "联合参展 1 家" in shown.number("exhibitors").words
    assert "1 项没有金额" in shown.number("signed").words
    for name in NUMBERS:
        assert len(records.traced(db, press.trace(db, fair, shown, name))) == shown.number(name).records


def test_what_happened_since_is_taken_back(db, fair):
    before = press.at(db, fair, NOON)
    db.clock = lambda: local(29, 13)
    deals.set_entry(db, [deal(db, "甲")], Entry.VOID, "签错了")
    deals.set_entry(db, [deal(db, "丙")], Entry.VALID)
    deals.advance(db, [deal(db, "丁")], DealStage.SIGNED, signed_on=local(29).date())
    deals.advance(db, [deal(db, "乙")], DealStage.TERMINATED, reason="谈不拢")
    records.save(db, DEALS, {"amount": "90"}, deal(db, "戊"), expo_id=fair)
    with db.reading() as session:
        own = select(Exhibitor).where(Exhibitor.main_id.is_(None), ~Exhibitor.is_sample)
        ids = {e.state: e.id for e in session.scalars(own)}
        expo = session.get_one(Expo, fair)
    exhibitors.set_state(db, [ids[ExhibitorState.CONFIRMED]], ExhibitorState.CANCELLED)
    exhibitors.set_state(db, [ids[ExhibitorState.APPLIED]], ExhibitorState.CONFIRMED)
    records.save(db, PROGRAMME, {"title": "加开", "kind_id": "论坛"}, expo_id=fair)
    with db.transaction() as session:
        gate = make_gate(session, expo, "后门")
        make_scan(session, gate, make_attendee(session, expo), local(29, 13))
    after = press.at(db, fair, NOON)
    assert (after.numbers, after.unknown) == (before.numbers, before.unknown)
    later = press.at(db, fair, local(29, 14))
    assert values(later) == {"exhibitors": 1, "events": 2, "visits": 3, "signed": 2, "intended": None}
    assert later.number("signed").amount == 500700
    assert press.changed(before, later) == [
        ("events", 1, 2), ("visits", 2, 3), ("signed_amount", Decimal("1000000.01"), Decimal("500700.00")),
        ("intended", 1, None), ("intended_amount", Decimal("500000.00"), None),
    ]  # fmt: skip


def test_an_amount_changed_since_is_what_it_was(db, fair):
    db.clock = lambda: local(29, 13)
    deals.register(db, fair, {"amount": "200"}, deal(db, "甲"), reason="补充协议", not_duplicate=True)
    assert press.at(db, fair, NOON).number("signed").amount == Decimal("1000000.01")
    assert press.at(db, fair, local(29, 14)).number("signed").amount == 2_000_000


# --- forms taken back and done again ----------------------------------------------------------------------------------
SIGNING = {"title": "新签", "kind": "技术合同", "stage": "签约", "sellers": "甲方", "buyers": "乙方", "amount": "100",
           "signed_on": "2018-11-29"}  # fmt: skip


def at(db, hour, minute=0):
    """The clock stands there from now on; the moment."""
    db.clock = lambda: local(29, hour, minute)
    return local(29, hour, minute)


def saved(db, expo_id, given, deal_id=None):
    """(deal, the step of the form that saved it)."""
    with record_writer.followed() as writers:
        key = deals.register(db, expo_id, given, deal_id, not_duplicate=True)
    return key, steps.step_of("deals.edit", writers)


@pytest.fixture
def plain(db):
    """A real expo without anything, and the two who will sign."""
    at(db, 9)
    with db.transaction() as session:
        expo = make_expo(session)
        for name in ("甲方", "乙方"):
            make_organisation(session, name)
    return expo.id


def figures_at(db, expo_id, hour, minute=0):
    shown = press.at(db, expo_id, local(29, hour, minute))
    return tuple((shown.number(name).value, shown.number(name).amount) for name in ("signed", "intended"))


def test_a_deal_whose_entry_is_undone_and_redone_counts_while_it_was_there(db, plain):
    at(db, 10)
    _key, step = saved(db, plain, SIGNING)
    own = figures_at(db, plain, 10, 10)
    assert own[0][0] == 1
    none = figures_at(db, plain, 9, 30)
    at(db, 10, 20)
    steps.take_back(db, step)
    at(db, 11)
    assert [figures_at(db, plain, 10, minute) for minute in (10, 25)] == [own, none]
    at(db, 11, 30)
    steps.do_again(db, step)
    at(db, 12)
    assert [figures_at(db, plain, *when) for when in ((9, 30), (10, 10), (10, 25), (11, 29), (11, 30))] == [
        none, own, none, none, own,
    ]  # fmt: skip
    at(db, 12, 30)
    steps.take_back(db, step)
    at(db, 13)
    assert [figures_at(db, plain, *when) for when in ((10, 10), (11, 29), (12, 0), (12, 30))] == [own, none, own, none]


def test_an_intention_signed_by_a_form_that_is_undone_was_signed_in_between(db, plain):
    key, _step = saved(db, plain, {**SIGNING, "stage": "意向", "signed_on": ""})
    at(db, 10)
    _key, step = saved(db, plain, {"stage": "签约", "signed_on": "2018-11-29", "amount": "200"}, key)
    intended, signed = figures_at(db, plain, 9, 30), figures_at(db, plain, 10, 10)
    assert (intended[1][0], signed[0][0]) == (1, 1)
    at(db, 10, 20)
    steps.take_back(db, step)
    at(db, 11)
    assert [figures_at(db, plain, *when) for when in ((9, 30), (10, 10), (10, 25))] == [intended, signed, intended]
    at(db, 11, 30)
    steps.do_again(db, step)
    at(db, 12)
    assert [figures_at(db, plain, *when) for when in ((10, 10), (10, 25), (11, 30))] == [signed, intended, signed]


def test_what_is_done_again_is_the_last_word_of_a_deal(db, plain):
    """Between the two a deal may have gone elsewhere and come back."""
    key, _step = saved(db, plain, {**SIGNING, "stage": "意向", "signed_on": ""})
    at(db, 10)
    _key, step = saved(db, plain, {"stage": "签约", "signed_on": "2018-11-29"}, key)
    at(db, 10, 10)
    steps.take_back(db, step)
    at(db, 10, 20)
    changed = deals.set_entry(db, [key], Entry.CHECK)
    deals.restore_entries(db, changed)
    at(db, 10, 30)
    steps.do_again(db, step)
    at(db, 11)
    assert [figures_at(db, plain, 10, minute)[0][0] for minute in (5, 25, 35)] == [1, None, 1]


def test_a_clock_set_back_changes_no_order(db, plain):
    at(db, 10)
    key, _step = saved(db, plain, SIGNING)
    at(db, 9, 50)
    deals.set_entry(db, [key], Entry.VOID, "错了")
    at(db, 11)
    assert figures_at(db, plain, 11)[0][0] is None
    assert [step.entry for step in deals.steps(db, key)] == [Entry.VALID, Entry.VOID]


def test_log_and_tables_are_of_one_state(db, plain, monkeypatch):
    """Somebody writes while the figures of a moment are worked out."""
    key, _step = saved(db, plain, SIGNING)
    at(db, 10)
    whole = history._unknown

    def meanwhile(*args):
        deals.register(db, plain, {"amount": "999"}, key, reason="补充协议", not_duplicate=True)
        return whole(*args)

    before = figures_at(db, plain, 9, 30)
    monkeypatch.setattr(history, "_unknown", meanwhile)
    assert figures_at(db, plain, 9, 30) == before


def test_a_scan_counts_from_its_moment_until_it_is_taken_back(db, fair):
    with db.transaction() as session:
        expo = session.get_one(Expo, fair)
        gate = make_gate(session, expo, "侧门")
        make_scan(session, gate, make_attendee(session, expo), local(29, 11, 30), undone_at=local(29, 12, 5))
        make_scan(session, gate, make_attendee(session, expo), local(29, 11, 40), undone_at=local(29, 11, 41))
        make_scan(session, gate, make_attendee(session, expo), local(29, 11, 45), verdict=Verdict.UNCONFIRMED)
    found = {minute: press.at(db, fair, local(29, 12, minute)).number("visits").value for minute in (0, 10)}
    assert found == {0: 3, 10: 2}
    assert press.at(db, fair, local(28, 12)).number("visits").value is None


def test_an_item_that_was_deleted_or_called_off_since_was_on(db, fair):
    with db.reading() as session:
        item = session.scalar(select(PROGRAMME.table.c.id).where(PROGRAMME.table.c.title == "开场"))
    assert "1 场还没发布" in press.at(db, fair, NOON).number("events").words
    db.clock = lambda: local(29, 12, 30)
    programme.publish(db, fair)
    assert "没发布" not in press.at(db, fair, local(29, 12, 45)).number("events").words
    db.clock = lambda: local(29, 13)
    records.delete(db, PROGRAMME, [item])
    assert press.at(db, fair, local(29, 13, 30)).number("events").value is None
    shown = press.at(db, fair, local(29, 12, 45))
    assert (shown.number("events").value, "没发布" in shown.number("events").words) == (1, False)
    assert "1 场还没发布" in press.at(db, fair, NOON).number("events").words


def test_exhibitors_entered_later_count_and_are_said_to(db, fair):
    db.clock = lambda: local(29, 13)
    records.save(db, EXHIBITORS, {"organisation.name": "迟来公司", "state": "已确认"}, expo_id=fair)
    shown = press.at(db, fair, NOON)
    assert shown.number("exhibitors").value == 2
    assert shown.unknown == ("1 家参展单位是时点后才录入的，合同哪天签的没有记，照算在内",)
    assert press.at(db, fair, local(29, 13)).unknown == ()


def test_agreements_and_items_entered_later_are_left_out_and_said_to(db, plain):
    """A list that comes in on the last evening: what was signed by its date is never left out in silence."""
    at(db, 19, 44)
    keys = [saved(db, plain, {**SIGNING, "title": f"新签{n}", "amount": "100.5"})[0] for n in range(5)]
    saved(db, plain, {**SIGNING, "title": "此前", "is_prior": "是", "prior_note": "2017 年"})
    saved(db, plain, {**SIGNING, "title": "有意", "stage": "意向", "signed_on": ""})
    item = {"title": "开场", "kind_id": "论坛", "starts_at": "2018-11-29 09:00", "ends_at": "2018-11-29 10:00"}
    records.save(db, PROGRAMME, item, expo_id=plain)
    records.save(db, PROGRAMME, {"title": "加开", "kind_id": "论坛"}, expo_id=plain)
    numbers = [records.get(db, DEALS, key)["deal_no"] for key in keys[:3]]
    shown = press.at(db, plain, local(29, 18))
    assert (shown.number("signed").value, shown.number("events").value) == (None, None)
    said = [f"5 项签约（{'、'.join(numbers)}等，502.50 万元）录入晚于时点，没有算进来",
            "1 场活动（开场）录入晚于时点，没有算进来"]  # fmt: skip
    assert [late.text for late in shown.late] == said
    assert [(c.level, c.act) for c in press.checks(db, plain, shown) if c.text in said] == [("warn", "now")] * 2
    assert records.traced(db, press.trace_of(shown.late[0])) == set(keys)
    now = press.read(db, plain, db.now())
    assert (now.number("signed").value, now.number("events").value, now.late) == (5, 2, ())
    assert [late.spec for late in press.at(db, plain, local(28, 18)).late] == []


def test_in_another_year_than_the_expo_the_year_is_said(db, fair):
    assert sentence(press.at(db, fair, NOON.replace(year=2020)), "zh_CN").startswith("截至 2020 年 11 月 29 日 12 时，")


def test_signed_before_and_abroad_are_named(db, fair):
    with db.transaction() as session:
        expo = session.get_one(Expo, fair)
        make_deal(session, expo, "老协议", "8000000", is_prior=True)
        make_deal(session, expo, "外币", "650000", currency="USD", foreign_amount=Decimal(100000))
    number = press.at(db, fair, NOON).number("signed")
    assert (number.value, number.amount) == (3, Decimal("1650000.01"))
    assert "此前已签的 1 项不算：老协议" in number.words
    said = ("另有此前已签 1 项不计，另有意向 1 项", "1 signed earlier not counted, 1 letter of intent")
    press.approve(db, fair, NOON)
    (version,) = press.versions(db, fair)
    for shown in (press.at(db, fair, NOON), press.version(db, version.id)):
        assert [n.name for n in shown.numbers] == list(NUMBERS)
        for language, words in zip(("zh_CN", "en"), said, strict=True):
            assert words in sentence(shown, language)
    assert "含外币折算 1 项" in number.words


def test_what_was_reported_is_said_beside(db, fair):
    with db.transaction() as session:
        edition = Edition(name="春季交易会", edition_no=1, expo_id=fair)
        edition.figures = [
            EditionFigure(figure="exhibitors", value=Decimal(1)),
            EditionFigure(figure="items", value=Decimal(50), is_cumulative=True),
            EditionFigure(figure="items", value=Decimal(1)),
            EditionFigure(figure="visits", value=Decimal(3000), qualifier=Qualifier.OVER),
            EditionFigure(figure="visitors", value=Decimal(2)),
            EditionFigure(figure="signed", value=Decimal(2)),
            EditionFigure(figure="signed_amount", value=Decimal("1000000.02")),
        ]
        session.add(edition)
    shown = press.at(db, fair, NOON)
    origins = {n.name: (n.origin, n.reported) for n in shown.numbers}
    assert origins["exhibitors"] == (Origin.REPORTED, "")
    assert origins["events"] == (Origin.REPORTED, "")
    assert origins["signed"] == (Origin.COUNTED, "报道是 100.000002 万元")
    assert origins["intended"] == (Origin.COUNTED, "")
    assert origins["visits"] == (Origin.COUNTED, "报道是超过 3,000 人次")
    assert "观众：报道是超过 3,000 人次，本展统计 2" in [check.text for check in press.checks(db, fair, shown)]


def test_a_version_stays_whatever_comes_after(db, fair):
    db.actor = Actor("周敏", Role.SUPERVISOR)
    approved = press.approve(db, fair, NOON)
    assert (approved.version_no, approved.approved_by, approved.moment) == (1, "周敏", NOON)
    shown = press.at(db, fair, NOON)
    assert shown.version == approved
    lists = {name: records.traced(db, press.trace(db, fair, shown, name)) for name in NUMBERS}
    db.clock = lambda: local(29, 15)
    deals.set_entry(db, [deal(db, "甲")], Entry.VOID, "签错了")
    kept = press.version(db, approved.id)
    assert (kept.values, [n.words for n in kept.numbers]) == (shown.values, [n.words for n in shown.numbers])
    assert {name: records.traced(db, press.trace(db, fair, kept, name)) for name in NUMBERS} == lists
    again = press.approve(db, fair, local(29, 15))
    assert [v.version_no for v in press.versions(db, fair)] == [2, 1]
    assert press.version(db, again.id).number("signed").value == 1
    assert press.version(db, approved.id).number("signed").value == 2


def test_late_scans_of_an_approved_moment_ask_for_the_next_version(db, fair):
    press.approve(db, fair, NOON)
    with db.transaction() as session:
        expo = session.get_one(Expo, fair)
        make_scan(session, make_gate(session, expo, "离线台"), make_attendee(session, expo), local(29, 11, 59))
    shown = press.at(db, fair, NOON)
    assert (shown.version, shown.number("visits").value) == (None, 3)
    assert press.version(db, press.versions(db, fair)[0].id).number("visits").value == 2


def test_what_must_hold_before(db, fair):
    shown = press.at(db, fair, local(29, 10))
    found = [(check.level, check.text, check.act) for check in press.checks(db, fair, shown)]
    assert found == [
        ("ok", "五个数都对得上各自的名单", ""), ("ok", "签约和意向没有相加", ""),
        ("warn", f"1 项待核对（{_number_of(db, '丙')}）没算进签约", "deals"), ("warn", "时点后又进场 1 人次", "moment"),
    ]  # fmt: skip
    signed = shown.number("signed")
    for wrong in (replace(signed, records=7), replace(signed, listed=Decimal(1))):
        numbers = tuple(wrong if n is signed else n for n in shown.numbers)
        assert [c.level for c in press.sums(replace(shown, numbers=numbers))] == ["bad", "ok"]
    assert [c.level for c in press.sums(replace(shown, both=1))] == ["ok", "bad"]


def test_to_be_checked_is_what_was_signed_by_then_and_no_sample(db, fair):
    with db.transaction() as session:
        expo = session.get_one(Expo, fair)
        make_deal(session, expo, "样二", "900", entry=Entry.CHECK, is_sample=True)
        make_deal(session, expo, "意向", "900", entry=Entry.CHECK, stage=DealStage.INTENT)
    told = [c.text for c in press.checks(db, fair, press.at(db, fair, NOON)) if "待核对" in c.text]
    assert told == [f"1 项待核对（{_number_of(db, '丙')}）没算进签约"]
    db.clock = lambda: local(29, 13)
    deals.set_entry(db, [deal(db, "丙")], Entry.VOID, "重复")
    assert [c.text for c in press.checks(db, fair, press.at(db, fair, NOON)) if "待核对" in c.text] == told
    for moment in (local(29, 9), local(29, 13)):
        assert not [c for c in press.checks(db, fair, press.at(db, fair, moment)) if "待核对" in c.text]


def _number_of(db, title):
    return records.get(db, DEALS, deal(db, title))["deal_no"].rpartition("-")[2]


def test_figures_that_are_not_their_lists_are_not_approved(db, fair, monkeypatch):
    """A list that lost a record between two readings, as damage would have it."""
    from expo_app.services.statistics import press as counting

    whole = counting._length
    monkeypatch.setattr(counting, "_length", lambda session, ids: whole(session, ids) - 1)
    with pytest.raises(UserError, match="对不上名单：参展"):
        press.approve(db, fair, NOON)
    assert press.versions(db, fair) == []


def test_what_cannot_be_read_is_named_and_keeps_from_approving(db, fair):
    if not db.is_sqlite:
        pytest.skip("a server refuses what is no number")
    key = deal(db, "甲")
    number = records.get(db, DEALS, key)["deal_no"]
    with db.transaction() as session:
        session.execute(text("UPDATE deal SET amount = 'abc' WHERE id = :id"), {"id": key.bytes})
    shown = press.at(db, fair, NOON)
    assert ("bad", f"{number} 的成交额读不出，没有计入") in {(c.level, c.text) for c in press.checks(db, fair, shown)}
    with pytest.raises(UserError, match=number):
        press.approve(db, fair, NOON)


def test_whoever_approves_without_a_name_is_said_to(db, fair):
    version = replace(press.approve(db, fair, NOON), approved_by="")
    assert version.who == "未署名"
    assert "未署名" in version_words(version)


def test_the_sentence_is_made_of_the_figures(db, fair):
    shown = press.at(db, fair, NOON)
    assert sentence(shown, "zh_CN") == (
        "截至 11 月 29 日 12 时，春季交易会共有 1 家单位参展，举办活动 1 场，接待观众 2 人次；"
        "现场签约 2 项，成交额 100.000001 万元，另有意向 1 项。"
    )
    assert sentence(shown, "en") == (
        "As of 12:00 on 29 November 2018, Spring Fair had 1 exhibitor, 1 event, 2 visits; "
        "2 agreements signed on site (CNY 1.00000001 m in total), 1 letter of intent in addition."
    )
    with db.transaction() as session:
        session.execute(delete(DealStep))
        session.execute(update(Expo).values(is_sample=True))
    assert sentence(press.at(db, fair, NOON), "zh_CN").endswith("。（示例数据）")


def test_an_expo_without_anything_has_nothing_to_publish(db):
    with db.transaction() as session:
        expo_id = make_expo(session).id
    shown = press.at(db, expo_id, NOON)
    assert [n.shown for n in shown.numbers] == ["—"] * 5
    assert sentence(shown, "zh_CN") == "还没有可以发布的数。"
    assert press.approve(db, expo_id, NOON).version_no == 1


def test_two_who_approve_at_once_make_two_versions(db, fair):
    start, made = threading.Barrier(2), []

    def approve():
        start.wait()
        made.append(press.approve(db, fair, NOON).version_no)

    workers = [threading.Thread(target=approve) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(made) == [1, 2]
    assert [v.version_no for v in press.versions(db, fair)] == [2, 1]


@pytest.mark.parametrize("round_no", range(3))
def test_killed_while_approving_leaves_whole_versions(db, fair, round_no):
    script = Path(__file__).with_name("press_process.py")
    chance = random.Random(round_no)  # noqa: S311
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, str(script), db.target, str(fair)], stdout=subprocess.PIPE, text=True,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = [process.stdout.readline()]
        timer = threading.Timer(chance.uniform(0.05, 0.4), process.kill)
        timer.start()
        said += process.stdout.readlines()
        timer.join()
    acknowledged = [int(line) for line in said if line.endswith("\n")]
    again = open_database(db.target)
    next_no = press.approve(again, fair, NOON).version_no  # whatever the one that was killed held is free
    with again.reading() as session:
        counted = session.execute(
            select(PressVersion.version_no, func.count(PressFigure.id))
            .outerjoin(PressFigure, PressFigure.version_id == PressVersion.id)
            .group_by(PressVersion.version_no)
        ).all()
    again.close()
    assert acknowledged
    assert {n for _number, n in counted} == {5}
    assert sorted(number for number, _n in counted) == list(range(1, next_no + 1))
    assert max(acknowledged) < next_no


def test_the_figures_of_now_need_no_history(db, fair):
    """At the last moment the records as they were are the records as they are."""
    shown = press.at(db, fair, db.now())
    figure = attendance(db, fair).visits
    assert len(statistics.traced(db, figure)) == shown.number("visits").records
