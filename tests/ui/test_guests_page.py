"""嘉宾与路演: lists that lead to each other."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from expo_app import i18n
from expo_app.model import Achievement, Expo, Role, SpeakerRole
from expo_app.routes import ListRoute
from expo_app.services import programme, records
from expo_app.specs import PITCHES, PROGRAMME, SPEAKERS
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.pages.guests import GuestsPage, SpeakerDialog
from tests.factories import (
    local,
    make_achievement,
    make_item,
    make_organisation,
    make_person,
    make_pitch,
    make_room,
    make_speaker,
)
from tests.ui.clipping import clipped
from tests.ui.conftest import put


class Cast:
    """沈知远 speaks twice at one time, 陆文涛 moderates; three results are pitched, one of them with a score."""

    def __init__(self, context: Context) -> None:
        with context.db.transaction() as session:
            expo = session.get_one(Expo, context.expo_id)
            a, c = (make_room(session, expo, f"{name} 会场").id for name in "AC")
            college = make_organisation(session, "同济大学").id
            shen = make_person(session, "沈知远", organisation_id=college, title="教授").id
            forum = make_item(session, expo, "论坛", room_id=a, starts_at=local(29, 14))
            talk = make_item(session, expo, "说明会", room_id=c, starts_at=local(29, 14, 15))
            roadshow = make_item(session, expo, "路演专场", room_id=c, starts_at=local(29, 9), kind="roadshow")
            self.forum, self.talk = forum.id, talk.id
            self.shen = make_speaker(session, forum, person_id=shen, topic="智能网联").id
            self.again = make_speaker(session, talk, person_id=shen).id
            make_speaker(session, forum, "陆文涛", organisation="苏州大学", role=SpeakerRole.MODERATOR)
            self.results = [
                make_achievement(session, expo, title, owner_id=college, kind="result").id
                for title in ("断层扫描仪", "催化氧化", "导航定位")
            ]
            self.pitches = [
                make_pitch(
                    session, roadshow, session.get_one(Achievement, result),
                    position=n, presenter=f"路演人{n}", score=86 if n == 1 else None,
                    comments="可先试用" if n == 1 else "",
                ).id
                for n, result in enumerate(self.results, 1)
            ]  # fmt: skip


@pytest.fixture
def cast(context: Context) -> Cast:
    return Cast(context)


@pytest.fixture
def page(cast: Cast, context: Context, window: QMainWindow) -> GuestsPage:
    made = GuestsPage(context)
    put(window, made)
    return made


def column(page: GuestsPage, name: str) -> list[Any]:
    return [page.shown.value(row, name) for row in page.shown.model.rows()]


def panel_rows(page: GuestsPage, key: str, kind: type) -> list[Any]:
    panel = page.shown.panel
    panel.choose_tab(key)
    panel.tab_chosen.emit(key)
    return panel.findChildren(kind)


# --- guests ---


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_opens_in_both_languages(cast: Cast, context: Context, window: QMainWindow, language: str) -> None:
    i18n.set_language(language)
    page = GuestsPage(context)
    put(window, page)
    assert sorted(column(page, "person")) == ["沈知远", "沈知远", "陆文涛"]
    for name, count in (("pitches", 3),):
        page.show_list(name)
        QApplication.processEvents()
        assert len(page.shown.rows) == count


def test_clashes_are_marked_counted_and_filtered(page: GuestsPage) -> None:
    words = {(row[1], self_words) for row, self_words in zip(page.shown.rows, column(page, "clash"), strict=True)}
    assert words == {("沈知远", "嘉宾时间重叠"), ("陆文涛", None)}
    assert page.shown.fact(page.shown.rows) == "嘉宾 2 人，3 人次 · 时间冲突 2 人次"
    page.open_with(ListRoute(SPEAKERS, facets={"clashing": True}))
    assert column(page, "person") == ["沈知远", "沈知远"]


def test_moving_an_item_takes_the_mark_away(page: GuestsPage, cast: Cast, context: Context) -> None:
    programme.move(context.db, cast.talk, programme.Position(None, None, 90))
    QApplication.processEvents()
    assert column(page, "clash") == [None, None, None]


def test_the_panel_lists_every_part_and_leads_to_the_plan(page: GuestsPage, cast: Cast, context: Context) -> None:
    asked: list[Any] = []
    context.navigated.connect(asked.append)
    page.open_with(ListRoute(SPEAKERS, record=cast.shen))
    rows = panel_rows(page, "parts", ItemRow)
    assert [row.accessibleName() for row in rows] == ["论坛", "说明会"]
    rows[1].pressed.emit()
    go = next(b for b in page.shown.panel.findChildren(Button) if b.text() == "看日程")
    go.click()
    assert asked == [ListRoute(PROGRAMME, record=cast.talk), ListRoute(PROGRAMME, record=cast.forum)]


def test_a_chosen_person_brings_organisation_and_title(page: GuestsPage, cast: Cast, context: Context) -> None:
    page.shown.add()
    box = dialog.top(page)
    assert isinstance(box, SpeakerDialog)
    key = next(key for key, name in context.options("people", "沈") if name == "沈知远")
    box.form.fill({"person": "沈知远", "item_id": "路演专场", "role": "主持"})
    box._on_picked("person", key)
    assert [box.form.editor(name).value() for name in ("organisation", "person_title")] == ["同济大学", "教授"]
    box.submit()
    QApplication.processEvents()
    assert sorted(column(page, "item_id")) == sorted(["论坛", "论坛", "说明会", "路演专场"])
    page.undo()
    QApplication.processEvents()
    assert len(page.shown.rows) == 3


def test_a_refusal_stands_beside_its_field(page: GuestsPage, cast: Cast) -> None:
    page.shown.add()
    box = dialog.top(page)
    assert isinstance(box, SpeakerDialog)
    box.form.fill({"person": "沈知远", "organisation": "同济大学", "item_id": "论坛"})
    box.submit()
    assert box.form.box("person").problem == "这位嘉宾已在这场活动里。"
    box.close_with(None)


def test_editing_a_topic_and_back(page: GuestsPage, cast: Cast, context: Context) -> None:
    page.shown.edit(cast.shen)
    box = dialog.top(page)
    assert isinstance(box, SpeakerDialog)
    box.form.fill({"topic": "车路协同"})
    box.submit()
    assert records.get(context.db, SPEAKERS, cast.shen)["topic"] == "车路协同"
    page.undo()
    assert records.get(context.db, SPEAKERS, cast.shen)["topic"] == "智能网联"


# --- pitches ---


def test_pitches_show_owner_score_and_change_places(page: GuestsPage, cast: Cast) -> None:
    page.show_list("pitches")
    QApplication.processEvents()
    assert column(page, "achievement_id") == ["断层扫描仪", "催化氧化", "导航定位"]
    assert (column(page, "owner"), column(page, "score")) == (["同济大学"] * 3, [86, None, None])
    page.shown.view.select_id(cast.pitches[2])
    QTest.keyClick(page.shown, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert column(page, "achievement_id") == ["断层扫描仪", "导航定位", "催化氧化"]
    assert page.shown.view.current_id() == cast.pitches[2]
    page.undo()
    page.refresh()
    assert column(page, "achievement_id") == ["断层扫描仪", "催化氧化", "导航定位"]


def test_the_first_pitch_does_not_go_higher(page: GuestsPage, cast: Cast, context: Context) -> None:
    page.show_list("pitches")
    QApplication.processEvents()
    page.open_with(ListRoute(PITCHES, record=cast.pitches[0]))
    up = next(b for b in page.shown.panel.findChildren(Button) if b.text() == "上移")
    up.click()
    assert column(page, "position") == [1, 2, 3]


def test_who_may_only_look_gets_no_buttons(page: GuestsPage, cast: Cast, context: Context) -> None:
    context.db.actor = Actor("孙正", Role.AUDITOR)
    page.open_with(ListRoute(PITCHES, record=cast.pitches[0]))
    QTest.keyClick(page.shown, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert {b.text() for b in page.shown.panel.findChildren(Button)} & {"上移", "下移", "编辑"} == set()
    assert column(page, "position") == [1, 2, 3]


def test_any_record_opens_in_its_own_list(page: GuestsPage, cast: Cast) -> None:
    found = []
    for spec, key in ((PITCHES, cast.pitches[1]), (SPEAKERS, cast.again)):
        page.open_with(ListRoute(spec, record=key))
        QApplication.processEvents()
        found.append((page.shown.spec.name, page.shown.panel.record_id == key))
    assert found == [("pitches", True), ("speakers", True)]


def test_the_switch_changes_the_list(page: GuestsPage) -> None:
    page.shown.switch.button("pitches").click()
    assert (page.shown.spec.name, page.shown.switch.key) == ("pitches", "pitches")
    page.shown.switch.button("speakers").click()
    assert (page.shown.spec.name, page.shown.switch.key) == ("speakers", "speakers")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(("width", "tone"), [(1240, "light"), (1166, "dark")])
def test_nothing_is_clipped(
    cast: Cast, context: Context, window: QMainWindow, language: str, width: int, tone: str
) -> None:
    i18n.set_language(language)
    theme.apply(QApplication.instance(), tone)  # type: ignore[arg-type]
    window.resize(width, 700)
    page = GuestsPage(context)
    put(window, page)
    for spec, key in ((SPEAKERS, cast.shen), (PITCHES, cast.pitches[0])):
        page.open_with(ListRoute(spec, record=key))
        assert clipped(page) == []
