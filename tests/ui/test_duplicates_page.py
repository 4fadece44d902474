"""查重与合并: pairs found, told apart, made one side by side or all at once, and taken back; by keys and mouse."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from sqlalchemy import func, select

from expo_app.errors import Cancelled
from expo_app.model import Attendee, Badge, BatchKind, Exhibitor, Expo, ImportBatch, NotSame, Organisation, Person, Role
from expo_app.routes.duplicates import DuplicatesRoute
from expo_app.routes.settings import SectionRoute
from expo_app.services import expos, imports, merging, records
from expo_app.services.duplicates import SURE_ALL
from expo_app.settings import Settings
from expo_app.specs import ATTENDEES, ORGANISATIONS, PEOPLE
from expo_app.specs.list_look import ALL, MERGE, ListLook
from expo_app.specs.merging import Pair
from expo_app.store.database import Actor, Database, open_database
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, Label
from expo_app.ui.kit.placeholders import EmptyState, ErrorState, NoResult
from expo_app.ui.pages.attendees import AttendeesPage
from expo_app.ui.pages.exhibitors import ExhibitorsPage
from expo_app.ui.pages.settings import SettingsPage
from expo_app.ui.pages.settings.data import ImportsSection
from expo_app.ui.pages.settings.duplicates import DuplicatesPage, Merging, _merge_all
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.records.merge_dialog import MergeDialog
from expo_app.ui.records.plain_list import PlainList
from expo_app.ui.records.undo_list import Act
from expo_app.ui.window import Window
from tests.factories import make_attendee, make_badge, make_exhibitor, make_expo, make_organisation, make_person
from tests.ui.conftest import put

Shown = Callable[[QWidget], list[tuple[str, str]]]
WHOLE, SPACED, SHORT = "信安生物医药有限公司", "信安 生物医药有限公司", "信安生物"
ROBOTS, ROBOTS_TOO = "苏州智联机器人有限公司", "苏州智联机器人（有限公司）"
OTHER = "凌霄半导体有限公司"


def settle(qapp: QApplication) -> None:
    """Until nothing runs and what came of it is on the screen."""
    for _turn in range(3):
        qapp.processEvents()
        while jobs.running():
            QTest.qWait(5)
        QTest.qWait(5)


def said(widget: QWidget) -> list[str]:
    """The words that are seen."""
    labels = [label for label in widget.findChildren(Label) if label.isVisible()]
    return [label.whole_text if isinstance(label, ElidedLabel) else label.text() for label in labels]


@pytest.fixture
def bodies(context: Context) -> dict[str, uuid.UUID]:
    """Two spellings of each of two organisations, one of them under a short name too, and one that stands alone."""
    made = {
        WHOLE: {"region_code": "310114"}, SPACED: {"address": "嘉定区博园路 7575 号"}, SHORT: {},
        ROBOTS: {"region_code": "320500"}, ROBOTS_TOO: {"address": "苏州市示例路 1 号"}, OTHER: {},
    }  # fmt: skip
    with context.db.transaction() as session:
        return {name: make_organisation(session, name, **given).id for name, given in made.items()}


@pytest.fixture
def page(context: Context, bodies: dict[str, uuid.UUID], window: QMainWindow, qapp: QApplication) -> DuplicatesPage:
    made = DuplicatesPage(context)
    put(window, made)
    settle(qapp)
    made.view.setFocus()
    return made


def pairs(page: DuplicatesPage) -> list[frozenset[str]]:
    return [frozenset(row[1].names) for row in page.model.rows()]


def choose(page: DuplicatesPage, *names: str) -> None:
    """Make the pair of these names the current row, by the mouse."""
    place = pairs(page).index(frozenset(names))
    spot = page.view.visualRect(page.model.index(place, 1)).center()
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def press(widget: QWidget, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    QTest.keyClick(widget, key, *modifiers)


def opened(widget: QWidget, qapp: QApplication) -> MergeDialog:
    """The dialog in front, its preview there."""
    settle(qapp)
    box = dialog.top(widget)
    assert isinstance(box, MergeDialog)
    return box


def names_of(context: Context) -> list[str]:
    with context.db.reading() as session:
        return sorted(session.scalars(select(Organisation.name)))


def batches(context: Context) -> list[imports.Batch]:
    return imports.history(context.db, context.expo_id)


# --- the list ---------------------------------------------------------------------------------------------------------
def test_pairs_are_found_with_reasons_likeliest_first(page: DuplicatesPage) -> None:
    found = pairs(page)
    assert frozenset({WHOLE, SPACED}) in found
    assert frozenset({ROBOTS, ROBOTS_TOO}) in found
    assert not any(OTHER in pair for pair in found)
    levels = [row[1].likeness for row in page.model.rows()]
    assert levels == sorted(levels, reverse=True)
    place = found.index(frozenset({WHOLE, SPACED}))
    delegate = page.view.itemDelegate()
    like, keep, other = (delegate._lines(page.model.index(place, at)) for at in range(3))  # type: ignore[attr-defined]
    assert like[0].startswith("相似 9")
    assert like[1]
    spaced = keep if keep[0] == SPACED else other
    assert spaced[2] == [(2, 3)]  # the space stands out
    assert "嘉定" in (other if spaced is keep else keep)[1]
    assert page.chips.chip("organisations").count == len(found)
    assert (page.chips.chip("people").count, page.chips.chip("attendees").count) == (0, 0)


def test_arrows_walk_and_the_first_row_is_chosen(page: DuplicatesPage) -> None:
    assert page.view.current_id() == page.model.id_at(0)
    press(page.view, Qt.Key.Key_Down)
    assert page.view.current_id() == page.model.id_at(1)


def test_a_search_narrows_by_pinyin_and_says_what_is_left(page: DuplicatesPage, qapp: QApplication) -> None:
    every = page.model.rowCount()
    page.focus_search()
    QTest.keyClicks(page.search, "zljqr")
    press(page.search, Qt.Key.Key_Return)
    assert pairs(page) == [frozenset({ROBOTS, ROBOTS_TOO})]
    assert page.counted.text() == f"显示 1 · 共 {every} 对"
    QTest.keyClicks(page.search, "zzz")
    press(page.search, Qt.Key.Key_Return)
    assert isinstance(page._stack.currentWidget(), NoResult)
    page._clear_search()
    assert page.model.rowCount() == every


def test_new_rows_are_found_by_themselves(page: DuplicatesPage, context: Context, qapp: QApplication) -> None:
    before = page.model.rowCount()
    records.save(context.db, ORGANISATIONS, {"name": "凌霄半导体有限责任公司"})
    qapp.processEvents()
    assert page._later.isActive()
    page._later.start(0)
    settle(qapp)
    assert page.model.rowCount() == before + 1


def test_nothing_alike(context: Context, window: QMainWindow, qapp: QApplication) -> None:
    page = DuplicatesPage(context)
    put(window, page)
    settle(qapp)
    state = page._stack.currentWidget()
    assert isinstance(state, EmptyState)
    assert state.title.text() == "没有像重复的"
    assert not page.all_button.isEnabled()


def test_a_look_that_is_stopped_says_so_and_goes_on(page: DuplicatesPage, qapp: QApplication) -> None:
    page.kind.forget()
    page.refresh()
    assert page.job is not None
    page.job.cancel()
    settle(qapp)
    state = page._stack.currentWidget()
    assert isinstance(state, EmptyState)
    assert state.title.text() == "没有查完"
    state.findChildren(Button)[0].click()
    settle(qapp)
    assert page.model.rowCount() > 1


def test_another_expo_is_looked_at_anew(
    page: DuplicatesPage, context: Context, twice: tuple[uuid.UUID, uuid.UUID], qapp: QApplication
) -> None:
    page.open_with(DuplicatesRoute(spec=ATTENDEES.name))
    page.refresh()
    settle(qapp)
    assert page.chips.chip("attendees").count == 1
    with context.db.transaction() as session:
        make_expo(session, code="ZWH19")
    other = next(expo for expo in expos.all_expos(context.db) if expo.code == "ZWH19")
    page.acts.add(Act("已确认", lambda: None))
    context.set_expo(other)
    settle(qapp)
    assert page.chips.chip("attendees").count == 0
    assert not page.acts.can_undo


def test_without_an_expo_nobody_is_registered(db: Database, window: QMainWindow, qapp: QApplication) -> None:
    context = Context(db, Settings(), None, window)
    page = DuplicatesPage(context)
    put(window, page)
    page.open_with(DuplicatesRoute(spec=ATTENDEES.name))
    settle(qapp)
    state = page._stack.currentWidget()
    assert isinstance(state, EmptyState)
    assert state.title.text() == "还没有展会"
    context.close()


# --- not the same -----------------------------------------------------------------------------------------------------
def test_told_apart_is_remembered_and_taken_back(
    page: DuplicatesPage, context: Context, qapp: QApplication, shown: Shown
) -> None:
    before = pairs(page)
    choose(page, WHOLE, SPACED)
    press(page.view, Qt.Key.Key_D)
    settle(qapp)
    assert frozenset({WHOLE, SPACED}) not in pairs(page)
    assert shown(page)[-1][1].startswith("已记下“")
    with context.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(NotSame)) == 1
    page.refresh()
    settle(qapp)
    assert frozenset({WHOLE, SPACED}) not in pairs(page)
    page.undo()
    page.refresh()
    settle(qapp)
    assert sorted(map(sorted, pairs(page))) == sorted(map(sorted, before))
    page.redo()
    page.refresh()
    settle(qapp)
    assert frozenset({WHOLE, SPACED}) not in pairs(page)


def test_the_next_pair_is_current_after_one_is_told_apart(page: DuplicatesPage, qapp: QApplication) -> None:
    second, third = page.model.id_at(1), page.model.id_at(2)
    page.view.select_id(second)
    press(page.view, Qt.Key.Key_D)
    assert page.view.current_id() == third
    assert page.view.hasFocus()


# --- side by side -----------------------------------------------------------------------------------------------------
def test_merged_by_keys_with_a_chosen_value_and_taken_back(
    page: DuplicatesPage, context: Context, bodies: dict[str, uuid.UUID], qapp: QApplication, shown: Shown
) -> None:
    choose(page, WHOLE, SPACED)
    press(page.view, Qt.Key.Key_Return)
    box = dialog.top(page)
    assert isinstance(box, MergeDialog)
    assert not box.merge_button.isEnabled()  # nothing is merged unseen
    settle(qapp)
    assert box.merge_button.isEnabled()
    assert box.shown is not None
    kept, gone = box.shown.names
    name = box.rows["name"]
    assert name.hasFocus()
    press(name, Qt.Key.Key_Right)
    settle(qapp)
    assert box.pair.takes is not None
    assert "name" in box.pair.takes
    assert name.hasFocus()
    press(name, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qapp)
    assert dialog.top(page) is None
    left = names_of(context)
    assert gone in left
    assert kept not in left
    assert [(b.kind, b.file_name.count("←")) for b in batches(context)] == [(BatchKind.MERGE, 1)]
    assert shown(page)[-1][1] == f"已合并为“{gone}”（第 1 次）"
    page.undo()
    settle(qapp)
    assert {kept, gone} <= set(names_of(context))
    page.redo()
    settle(qapp)
    assert kept not in names_of(context)
    page.undo()
    settle(qapp)
    assert {kept, gone} <= set(names_of(context))


def test_the_mouse_chooses_and_swaps(page: DuplicatesPage, qapp: QApplication) -> None:
    choose(page, WHOLE, SPACED)
    press(page.view, Qt.Key.Key_S)
    box = opened(page, qapp)
    assert box.shown is not None
    kept, gone = box.shown.names
    QTest.mouseClick(box.rows["name"].sides[1], Qt.MouseButton.LeftButton)
    settle(qapp)
    assert box.pair.takes is not None
    assert "name" in box.pair.takes
    box.swap_button.click()
    settle(qapp)
    assert box.shown.names == (gone, kept)
    assert "name" not in (box.pair.takes or ())  # the value chosen is the one that stays now
    press(box, Qt.Key.Key_X)
    settle(qapp)
    assert box.shown.names == (kept, gone)
    assert "name" in (box.pair.takes or ())
    press(box, Qt.Key.Key_Escape)
    assert dialog.top(page) is None


def test_equal_fields_are_folded_behind_one_line(
    page: DuplicatesPage, context: Context, bodies: dict[str, uuid.UUID], qapp: QApplication
) -> None:
    for name in (WHOLE, SPACED):
        records.save(context.db, ORGANISATIONS, {"website": "https://xinan.example"}, bodies[name])
    choose(page, WHOLE, SPACED)
    press(page.view, Qt.Key.Key_S)
    box = opened(page, qapp)
    assert "website" not in box.rows
    assert "https://xinan.example" not in said(box)
    box.fold.click()
    qapp.processEvents()
    assert "https://xinan.example" in said(box)


def test_what_was_changed_meanwhile_is_shown_before_it_is_merged(
    page: DuplicatesPage, context: Context, bodies: dict[str, uuid.UUID], qapp: QApplication, shown: Shown
) -> None:
    choose(page, WHOLE, SPACED)
    press(page.view, Qt.Key.Key_S)
    box = opened(page, qapp)
    records.save(context.db, ORGANISATIONS, {"address": "新地址 1 号"}, bodies[SPACED])
    box.merge_button.click()
    settle(qapp)
    assert dialog.top(page) is box
    assert shown(page)[-1] == ("warn", "其中一条刚被改过，已重新算好，没有合并。请再看一遍。")
    assert any("新地址 1 号" in (line.ours, line.theirs) for line in box.shown.lines)  # type: ignore[union-attr]
    assert batches(context) == []
    box.merge_button.click()
    settle(qapp)
    assert len(batches(context)) == 1


def test_a_record_that_is_gone_is_said(
    page: DuplicatesPage, context: Context, bodies: dict[str, uuid.UUID], qapp: QApplication
) -> None:
    choose(page, WHOLE, SPACED)
    records.delete(context.db, ORGANISATIONS, [bodies[SPACED]])
    press(page.view, Qt.Key.Key_S)
    box = opened(page, qapp)
    assert len(box.findChildren(ErrorState)) == 1
    assert not box.merge_button.isEnabled()
    box.cancel()


@pytest.fixture
def twice(context: Context) -> tuple[uuid.UUID, uuid.UUID]:
    """Somebody with two registrations and two badges."""
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        body = make_organisation(session).id
        made = [
            make_attendee(session, expo, name, phone="13800000001", organisation_id=body)
            for name in ("沈华棣", "沈 华棣")
        ]
        for attendee in made:
            make_badge(session, attendee)
        return made[0].id, made[1].id


def test_which_badge_stays_is_asked_and_the_other_is_revoked(
    context: Context, twice: tuple[uuid.UUID, uuid.UUID], window: QMainWindow, qapp: QApplication
) -> None:
    page = DuplicatesPage(context)
    put(window, page)
    page.open_with(DuplicatesRoute(spec=ATTENDEES.name))
    settle(qapp)
    assert page.kind.spec is ATTENDEES
    assert page.model.rowCount() == 1
    page.view.setFocus()
    press(page.view, Qt.Key.Key_S)
    box = opened(page, qapp)
    (badge,) = box.badges
    assert box.shown is not None
    assert [effect.label for effect in box.shown.effects] == ["登记人数"]
    assert "2 → 1" in said(box)
    wanted = box.shown.badges[0].sides[1 - badge.side].attendee_id
    press(badge, Qt.Key.Key_Left if badge.side else Qt.Key.Key_Right)
    settle(qapp)
    assert box.pair.badges == frozenset({wanted})
    box.merge_button.click()
    settle(qapp)
    with context.db.reading() as session:
        (attendee,) = session.scalars(select(Attendee.id))
        good = session.scalars(select(Badge).where(Badge.revoked_at.is_(None))).all()
        assert [b.attendee_id for b in good] == [attendee]
        assert session.scalar(select(func.count()).select_from(Badge)) == 2
    page.undo()
    settle(qapp)
    with context.db.reading() as session:
        assert set(session.scalars(select(Attendee.id))) == set(twice)
        assert len(session.scalars(select(Badge).where(Badge.revoked_at.is_(None))).all()) == 2


# --- all above --------------------------------------------------------------------------------------------------------
def test_all_above_asks_once_merges_each_alone_and_is_one_undo(
    page: DuplicatesPage, context: Context, qapp: QApplication, shown: Shown
) -> None:
    before = names_of(context)
    sure = [row[1] for row in page.model.rows() if row[1].likeness >= SURE_ALL]
    assert len(sure) == 2
    assert page.all_button.text() == f"全部合并（≥ {round(100 * SURE_ALL)}%）"
    page.all_button.click()
    settle(qapp)
    box = dialog.top(page)
    assert isinstance(box, messages.Question)
    assert "2 对单位" in box.title
    assert box.text.endswith("没有数字会变。")
    assert box.safe.hasFocus()
    box.press("safe")
    assert batches(context) == []
    page.all_button.click()
    settle(qapp)
    dialog.top(page).press("verb")  # type: ignore[union-attr]
    settle(qapp)
    assert [b.kind for b in batches(context)] == [BatchKind.MERGE] * 2
    assert len(names_of(context)) == len(before) - 2
    assert shown(page)[-1][1].startswith("已合并 2 对单位")
    page.undo()
    settle(qapp)
    assert names_of(context) == before
    assert all(b.undone_at is not None for b in batches(context))
    page.redo()
    settle(qapp)
    assert len(names_of(context)) == len(before) - 2


def test_all_above_leaves_what_is_not_shown(page: DuplicatesPage, context: Context, qapp: QApplication) -> None:
    QTest.keyClicks(page.search, "zljqr")
    press(page.search, Qt.Key.Key_Return)
    page.all_button.click()
    settle(qapp)
    box = dialog.top(page)
    assert isinstance(box, messages.Question)
    assert "没有显示的 1 对不动" in box.text
    box.press("verb")
    settle(qapp)
    assert {WHOLE, SPACED} <= set(names_of(context))
    assert len(batches(context)) == 1


def test_one_that_is_refused_stops_none_of_the_others(
    page: DuplicatesPage, context: Context, bodies: dict[str, uuid.UUID], qapp: QApplication, shown: Shown
) -> None:
    page.all_button.click()
    settle(qapp)
    records.delete(context.db, ORGANISATIONS, [bodies[SPACED]])  # while the question stands
    dialog.top(page).press("verb")  # type: ignore[union-attr]
    settle(qapp)
    said_now = [words for _kind, words in shown(page)]
    assert "已合并 1 对单位，1 对合不了" in said_now
    assert any(words.startswith("其中一条已被删除或合并") for words in said_now)
    assert ROBOTS in names_of(context)
    assert ROBOTS_TOO not in names_of(context)


def test_three_spellings_become_one(page: DuplicatesPage, context: Context, qapp: QApplication) -> None:
    with context.db.transaction() as session:
        make_organisation(session, "信安生物医药 有限公司")
    page.refresh()
    settle(qapp)
    page.all_button.click()
    settle(qapp)
    dialog.top(page).press("verb")  # type: ignore[union-attr]
    settle(qapp)
    assert len([name for name in names_of(context) if name.startswith(WHOLE[:2]) and name != SHORT]) == 1


def test_stopped_between_pairs_keeps_what_was_done(
    page: DuplicatesPage, context: Context, qapp: QApplication, shown: Shown
) -> None:
    sure = [row[1] for row in page.model.rows() if row[1].likeness >= SURE_ALL]
    run = Merging(len(sure))

    def stop(n: int, _total: int, _step: str = "") -> None:
        if n == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        _merge_all(context.db, ORGANISATIONS, context.expo_id, sure, run, stop)
    assert len(run.done) == 1
    page._on_merged(page.kind, run)
    settle(qapp)
    assert shown(page)[-1][1] == "已合并 1 对单位，1 对没有动"
    page.undo()
    settle(qapp)
    assert {WHOLE, SPACED, ROBOTS, ROBOTS_TOO} <= set(names_of(context))


# --- rights, places ---------------------------------------------------------------------------------------------------
def test_who_may_not_merge_may_look(page: DuplicatesPage, context: Context, qapp: QApplication, shown: Shown) -> None:
    assert not page._no_right.isVisible()
    context.set_actor(Actor("审计", Role.AUDITOR))
    assert page._no_right.isVisible()
    assert not any(button.isEnabled() for button in (page.merge_button, page.apart_button, page.all_button))
    choose(page, WHOLE, SPACED)
    press(page.view, Qt.Key.Key_D)
    assert shown(page) == []
    press(page.view, Qt.Key.Key_S)
    box = opened(page, qapp)
    assert not box.merge_button.isEnabled()
    press(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qapp)
    box.cancel()
    assert (batches(context), {WHOLE, SPACED} <= set(names_of(context))) == ([], True)


def test_the_settings_lead_there_and_back(context: Context, window: QMainWindow, qapp: QApplication) -> None:
    page = SettingsPage(context)
    put(window, page)
    page.open_with(DuplicatesRoute(spec=PEOPLE.name))
    settle(qapp)
    assert isinstance(page.current, DuplicatesPage)
    assert page.place() == DuplicatesRoute(spec=PEOPLE.name)


# --- from the lists ---------------------------------------------------------------------------------------------------
def lists(context: Context) -> list[tuple[ListPage, str]]:
    look = ListLook(can=ALL | {MERGE})
    return [
        (PlainList(context, ORGANISATIONS, look), "organisations"), (PlainList(context, PEOPLE, look), "people"),
        (AttendeesPage(context), "attendees"), (ExhibitorsPage(context), "organisations"),
    ]  # fmt: skip


@pytest.fixture
def three(context: Context) -> None:
    """Three records in each list."""
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        for name in (WHOLE, SPACED, OTHER):
            body = make_exhibitor(session, expo, name).organisation_id
            person = make_person(session, f"沈{name[0]}", organisation_id=body)
            make_attendee(session, expo, person_id=person.id, organisation_id=body)


def offered(page: ListPage) -> list[Button]:
    return [button for button in page._bulk.findChildren(Button) if button.text() == "合并" and button.isVisible()]


@pytest.mark.parametrize("at", range(4))
def test_two_ticked_rows_may_be_merged(
    context: Context, three: None, window: QMainWindow, qapp: QApplication, at: int
) -> None:
    page, spec = lists(context)[at]
    put(window, page)
    settle(qapp)
    counts = []
    for place in range(3):
        spot = page.view.visualRect(page.model.index(place, 0)).center()
        QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        qapp.processEvents()
        counts.append(len(offered(page)))
    assert counts == [0, 1, 0]
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qapp.processEvents()
    offered(page)[0].click()
    box = opened(page, qapp)
    assert box.pair.spec == spec
    box.merge_button.click()
    settle(qapp)
    assert len(page.rows) == 2
    page.undo()
    settle(qapp)
    assert len(page.rows) == 3


@pytest.mark.parametrize("at", range(4))
def test_the_foot_of_a_list_leads_to_its_duplicates(
    context: Context, three: None, window: QMainWindow, qapp: QApplication, at: int
) -> None:
    page, spec = lists(context)[at]
    put(window, page)
    settle(qapp)
    went: list[object] = []
    context.navigated.connect(went.append)
    link = next(button for button in page._foot.findChildren(Button) if button.text() == "查重")
    QTest.mouseClick(link, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert went == [DuplicatesRoute(spec=spec)]


def test_merged_exhibitors_are_one_exhibitor(
    context: Context, three: None, window: QMainWindow, qapp: QApplication
) -> None:
    with context.db.reading() as session:
        query = select(Organisation.id).where(Organisation.name.in_((WHOLE, SPACED)))
        keep, other = session.scalars(query).all()
    merging.merge(context.db, Pair(ORGANISATIONS.name, keep, other), context.expo_id)
    with context.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Exhibitor)) == 2


# --- the history ------------------------------------------------------------------------------------------------------
def test_a_merge_stands_in_the_history_and_is_taken_back_there(
    context: Context, bodies: dict[str, uuid.UUID], window: QMainWindow, qapp: QApplication, shown: Shown
) -> None:
    merging.merge(context.db, Pair(ORGANISATIONS.name, bodies[WHOLE], bodies[SPACED]), context.expo_id)
    page = ImportsSection(context)
    put(window, page)
    settle(qapp)
    assert f"{WHOLE} ← {SPACED}" in said(page)
    assert any(text.startswith("第 1 次 · 单位") for text in said(page))
    undo = next(button for button in page.findChildren(Button) if button.text() == "撤销合并")
    undo.click()
    box = dialog.top(page)
    assert isinstance(box, messages.Question)
    assert box.title == f"撤销合并“{WHOLE} ← {SPACED}”？"
    box.press("verb")
    settle(qapp)
    assert {WHOLE, SPACED} <= set(names_of(context))
    assert shown(page)[-1] == ("ok", "已撤销合并，又是两条")
    with context.db.reading() as session:
        assert session.scalar(select(ImportBatch.undone_at)) is not None
        assert session.scalar(select(func.count()).select_from(Person)) == 0


# --- in the window ----------------------------------------------------------------------------------------------------
@pytest.fixture
def open_window(sample_file: Path, tmp_path: Path, qapp: QApplication) -> Iterator[Callable[[], Window]]:
    """Call to open the sample, two spellings of one body in it, in the program's window; again after closing it."""
    path = shutil.copy(sample_file, tmp_path / "expo.db")
    db = open_database(path)
    with db.transaction() as session:
        for name in (WHOLE, SPACED):
            make_organisation(session, name, is_sample=True)
    db.close()
    windows: list[Window] = []

    def shown_anew() -> Window:
        made = Window(Settings())
        windows.append(made)
        made.resize(1366, 768)
        made.open(str(path))
        made.show()
        made.activateWindow()
        settle(qapp)
        return made

    yield shown_anew
    settle(qapp)
    for made in windows:
        made.close_database()


def bodies_in(window: Window) -> int:
    assert window.context is not None
    return len({WHOLE, SPACED} & set(names_of(window.context)))


def test_by_keys_from_the_palette_to_a_merge_taken_back_after_a_restart(
    open_window: Callable[[], Window], qapp: QApplication
) -> None:
    window = open_window()
    assert window.frame is not None
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.frame._palette
    assert palette is not None
    QTest.keyClicks(palette.line, "ccyhb")
    press(palette.line, Qt.Key.Key_Return)
    settle(qapp)
    page = window.frame.page.current  # type: ignore[attr-defined]
    assert isinstance(page, DuplicatesPage)
    press(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.search.hasFocus()
    QTest.keyClicks(page.search, "xasw")
    press(page.search, Qt.Key.Key_Return)
    assert pairs(page) == [frozenset({WHOLE, SPACED})]
    page.view.setFocus()
    press(page.view, Qt.Key.Key_D)
    assert pairs(page) == []
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    page.refresh()
    settle(qapp)
    assert pairs(page) == [frozenset({WHOLE, SPACED})]
    page.view.setFocus()
    press(page.view, Qt.Key.Key_Return)
    box = opened(page, qapp)
    press(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qapp)
    assert bodies_in(window) == 1
    window.close_database()
    window.close()

    window = open_window()
    assert window.frame is not None
    assert bodies_in(window) == 1
    window.frame.go(SectionRoute("imports"))
    settle(qapp)
    undo = next(button for button in window.findChildren(Button) if button.text() == "撤销合并")
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    dialog.top(window).press("verb")  # type: ignore[union-attr]
    settle(qapp)
    assert bodies_in(window) == 2
