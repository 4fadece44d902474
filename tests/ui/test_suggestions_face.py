"""建议 in the window, by keys: choose, accept, judge, take back, compute; what is shown, where, and to whom."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select, update

from expo_app.i18n import set_language
from expo_app.model import Answer, Audit, Demand, MatchingConsent, Role, Unsuitable
from expo_app.routes import ListRoute
from expo_app.routes.matching import MatchingRoute
from expo_app.routes.settings import SectionRoute
from expo_app.services import expos, suggestion_acts, suggestions
from expo_app.settings import Settings
from expo_app.specs import DEMANDS, MATCHING_SETTINGS
from expo_app.specs.suggested import Party, rates_of
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.buttons import Button, ChipRow
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.matching import MatchingPage, suggestion_words
from expo_app.ui.pages.matching.cards import AT_FIRST
from expo_app.ui.pages.matching.pair_panel import ROWS
from expo_app.ui.pages.matching.suggestions import SuggestionsFace
from expo_app.ui.parts.contact_row import ContactRow
from tests.factories import SHANGHAI, local, make_achievement, make_exhibitor, make_expo, make_organisation, make_person
from tests.ui.conftest import put

WATER = "环境保护与资源综合利用"
PROBLEM = "印染废水经生化处理后难降解有机物仍然偏高，要求深度处理后部分回用。"
RESULTS = ("催化氧化处理印染废水有机物", "印染废水深度处理电催化膜", "印染废水回用工程")


@dataclass
class Screen:
    context: Context
    page: MatchingPage
    routes: list[Any]

    @property
    def face(self):
        return self.page.face

    @property
    def board(self):
        return suggestions.read(self.context.db, self.context.expo_id)

    def card(self):
        """The suggestion in focus, as it is in the file."""
        return next(card for card in self.board.cards if card.id == self.face.card.id)

    def press(self, *keys: Any) -> None:
        for key in keys:
            QTest.keyClick(self.face, key)
            settle()

    def button(self, words: str) -> Button:
        """The button of the panel that says so."""
        return next(
            one for one in self.face.panel.findChildren(Button) if words in (one.text(), one.accessibleName())
            and one.isVisibleTo(self.face.panel)
        )  # fmt: skip


def settle() -> None:
    """Until what was read and computed is shown."""
    for _turn in range(3):
        while jobs.running() or any(
            face.is_behind for face in QApplication.allWidgets() if isinstance(face, SuggestionsFace)
        ):
            QApplication.processEvents()
        QTest.qWait(1)


def listed(face) -> list[str]:
    return [entry.subject.side.title for entry in face.subjects.entries]


def shown(face) -> list[str]:
    return [made.card.of(face.listed.other).side.title for made in face.cards.cards]


@pytest.fixture
def screen(db, window):
    """Two demands, three results; one demand says nothing. Window 1500 wide: the panel stands beside."""
    with db.transaction() as session:
        expo = make_expo(session)
        asking = make_organisation(session, "甲公司")
        person = make_person(session, "沈华棣", phone="+8613800001234")
        session.add(
            Demand(
                expo_id=expo.id, owner_id=asking.id, title="印染废水难降解有机物深度处理", field=WATER, keywords="废水",
                problem=PROBLEM, ways=["JOINT"], contact_id=person.id, search_text="印染废水",
            )
        )  # fmt: skip
        session.add(Demand(expo_id=expo.id, owner_id=asking.id, title="不清楚的需求"))
        bodies = [asking.id]
        for number, title in enumerate(RESULTS):
            owner = make_organisation(session, f"供方 {number}")
            make_exhibitor(session, expo, organisation_id=owner.id)
            given = {"field": WATER, "keywords": "废水", "summary": "深度处理有机物", "transfer_ways": ["COOPERATION"]}
            make_achievement(session, expo, title, owner_id=owner.id, **(given if number < 2 else {}))
            bodies.append(owner.id)
        make_exhibitor(session, expo, organisation_id=asking.id)
        session.add_all(MatchingConsent(expo_id=expo.id, organisation_id=body) for body in bodies)
    db.actor = Actor("陈放", Role.DEALS)
    db.clock = lambda: local(28, 10)
    window.resize(1500, 800)
    context = Context(db, Settings(), expos.current(db), window, clock=lambda: local(28, 10))
    suggestions.compute(db, context.expo_id)
    page = MatchingPage(context)
    put(window, page)
    settle()
    routes: list[Any] = []
    context.navigated.connect(routes.append)
    page.face.setFocus()
    yield Screen(context, page, routes)
    settle()
    context.close()


def test_a_demand_its_suggestions_and_both_sides(screen):
    face = screen.face
    assert listed(face) == ["不清楚的需求", "印染废水难降解有机物深度处理"]
    screen.press(Qt.Key.Key_Down)
    assert shown(face)[:2] == [face.card.supply.side.title, shown(face)[1]]
    assert face.count.text() == f"建议 {len(screen.board.cards)} 条"
    assert face.panel.isVisible()
    texts = [label.text().replace("\u200b", "") for label in face.panel.findChildren(Label)]
    assert {"甲公司", WATER, "合作开发", "寻合作"} <= set(texts)
    points = sum(int(text) for text in texts if text.startswith("+"))
    assert points == face.card.score


def test_why_there_is_nothing_is_said(screen):
    face = screen.face
    assert shown(face) == []
    state = face.findChildren(EmptyState)[-1]
    assert "没有填领域、关键词、正文" in state.text.text()
    screen.context.db.clock = lambda: local(28, 10)
    with screen.context.db.transaction() as session:
        session.execute(update(MatchingConsent).values(may_match=False))
    screen.face.refresh()
    settle()
    assert any("没有同意被推荐" in state.text.text() for state in face.findChildren(EmptyState))
    assert not face.panel.isVisible()
    go = [one for one in face.findChildren(Button) if one.text() == "对接设置" and one.isVisibleTo(face)]
    go[-1].click()
    assert screen.routes[-1] == SectionRoute(MATCHING_SETTINGS.name)


def test_the_true_reason_why_there_is_nothing(screen):
    """Without keywords nothing is found, but that is not why where something else stands in the way."""
    board = screen.board
    (subject,) = [one for one in board.demands if one.lacks]
    own = [replace(one, side=replace(one.side, owner=subject.side.owner)) for one in board.supply]
    silent = [replace(one, side=replace(one.side, may_be_suggested=False)) for one in board.supply]
    for told, asked, there in (
        ("没有相近的。没有填", subject, board),
        ("自己的不建议给自己", subject, replace(board, supply=own)),
        ("没有别家同意被推荐", subject, replace(board, supply=silent)),
        ("还没有可比对的", subject, replace(board, supply=[])),
        ("还没有算过", subject, replace(board, cards=[])),
        ("不再征集", replace(subject, is_open=False), board),
    ):
        assert told in suggestion_words.why_nothing(asked, there)[1]


def test_in_english_one_is_one_and_lists_have_english_commas(screen):
    board = replace(screen.board, demands=screen.board.demands[:1], cards=screen.board.cards[:1])
    rates = rates_of(board.cards, board.now)
    (subject,) = [one for one in screen.board.demands if one.lacks]
    set_language("en")
    try:
        assert "1 demand · 3 offers · 1 suggestion · " in suggestion_words.facts(board, SHANGHAI, False)
        assert "Demands with suggestions: 1," in suggestion_words.foot(Party.DEMAND, 1, 1, rates)
        assert not set("、，：") & set(suggestion_words.why_nothing(subject, board)[1])
        lines = screen.face.subjects.model()
        assert all("，" not in lines.data(lines.index(row, 0)) for row in range(lines.rowCount()))
    finally:
        set_language("zh_CN")


def test_unfilled_on_both_sides_is_no_agreement(screen):
    card = screen.board.cards[0]
    (row,) = [one for one in ROWS if one.words == "地区"]
    assert card.demand.region == card.supply.region == "未填"
    assert not row.agrees(card)


def test_keys_walk_and_accept_and_the_last_act_is_taken_back(screen):
    screen.press(Qt.Key.Key_Down)
    first = screen.face.card.id
    screen.press(Qt.Key.Key_Right)
    assert screen.face.card.id != first
    screen.press(Qt.Key.Key_Left)
    assert screen.face.card.id == first
    screen.press(Qt.Key.Key_A)
    assert [screen.card().said[party].answer for party in Party] == [Answer.ACCEPTED, Answer.NOT_ASKED]
    assert screen.card().said[Party.DEMAND].how == "陈放 代答"
    screen.press(Qt.Key.Key_A)
    assert screen.card().both_accepted
    screen.page.undo()
    settle()
    assert [screen.card().said[party].answer for party in Party] == [Answer.ACCEPTED, Answer.NOT_ASKED]
    screen.page.redo()
    settle()
    assert screen.card().both_accepted


def test_x_asks_why_and_it_can_be_taken_back(screen):
    screen.press(Qt.Key.Key_Down, Qt.Key.Key_X)
    box = dialog.top(screen.page.window())
    assert box.findChild(ChipRow).key is None
    press = next(one for one in box.findChildren(Button) if one.text() == "记为不合适")
    press.click()
    assert dialog.top(screen.page.window()) is box, "a reason is chosen first"
    box.findChild(ChipRow).choose(Unsuitable.OTHER)
    line = box.findChild(LineEditor)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert dialog.top(screen.page.window()) is box, "words are needed"
    line.setText("太远")
    QTest.keyClick(line, Qt.Key.Key_Return)
    settle()
    assert (screen.card().unsuitable, screen.card().unsuitable_words) == (Unsuitable.OTHER, "太远")
    screen.button("撤回判断").click()
    settle()
    assert screen.card().unsuitable is None


def test_who_answered_and_how_is_recorded_for_the_side_in_focus(screen):
    screen.press(Qt.Key.Key_Down, Qt.Key.Key_A)
    screen.button("代供方答复").click()
    box = dialog.top(screen.page.window())
    box.findChild(LineEditor).setText("王工")
    QTest.keyClick(box.findChild(LineEditor), Qt.Key.Key_Return)
    settle()
    said = screen.card().said[Party.SUPPLY]
    assert (said.answer, said.how) == (Answer.ACCEPTED, "电话：王工 · 陈放 代答")


def test_asking_and_one_reminder(screen):
    screen.press(Qt.Key.Key_Down)
    screen.button("已问需方").click()
    settle()
    assert screen.card().said[Party.DEMAND].answer is Answer.WAITING
    screen.button("提醒需方").click()
    settle()
    assert screen.card().said[Party.DEMAND].reminded_at is not None
    assert "需方已提醒 1 次" in [label.text() for label in screen.face.cards.findChildren(Label)]


def test_what_a_side_said_is_taken_back_by_a_button_until_there_is_a_meeting(screen):
    screen.press(Qt.Key.Key_Down, Qt.Key.Key_A)
    screen.button("撤回需方的答复").click()
    settle()
    assert screen.card().said[Party.DEMAND].answer is Answer.NOT_ASKED
    screen.button("已问需方").click()
    settle()
    screen.button("撤回对需方的询问").click()
    settle()
    assert screen.card().said[Party.DEMAND].answer is Answer.NOT_ASKED
    screen.press(Qt.Key.Key_A, Qt.Key.Key_A, Qt.Key.Key_M)
    assert screen.card().meeting_no
    assert not [one for one in screen.face.panel.findChildren(Button) if one.text().startswith("撤回")]


def test_m_arranges_a_meeting_once_both_have_accepted(screen):
    screen.press(Qt.Key.Key_Down, Qt.Key.Key_M)
    assert screen.card().meeting_no == ""
    screen.press(Qt.Key.Key_A, Qt.Key.Key_A, Qt.Key.Key_M)
    assert screen.card().meeting_no == "QT-001"
    screen.press(Qt.Key.Key_M)
    assert screen.routes[-1].face == "meetings"


def test_contacts_come_with_the_second_answer(screen):
    screen.press(Qt.Key.Key_Down, Qt.Key.Key_A)
    assert "沈华棣" not in "".join(label.text() for label in screen.face.panel.findChildren(Label))
    screen.press(Qt.Key.Key_A)
    assert "沈华棣" in "".join(
        label.text() for label in screen.face.panel.findChildren(Label) if label.isVisibleTo(screen.face.panel)
    )


def test_a_number_is_shown_for_a_reason_that_is_logged(screen, window):
    screen.context.db.actor = Actor("管理员", Role.ADMIN)
    screen.press(Qt.Key.Key_Down, Qt.Key.Key_A, Qt.Key.Key_A)
    (contact,) = screen.face.panel.findChildren(ContactRow)
    assert "138****1234" in contact.eye.toolTip()
    assert contact.detail.whole_text == "需方"
    contact.show_phone()
    dialog.top(window).close_with("约时间")
    assert contact.detail.whole_text == "13800001234 · 需方"
    with screen.context.db.reading() as session:
        assert list(session.scalars(select(Audit.reason).where(Audit.action == "reveal"))) == ["约时间"]


def test_the_other_side_is_the_same_turned_round(screen):
    face = screen.face
    face.turn.button(Party.SUPPLY).click()
    settle()
    assert sorted(listed(face)) == sorted(RESULTS)
    screen.page.open_with(MatchingRoute(offer=face.board.supply[0].key))
    settle()
    assert face.subjects.key == face.board.supply[0].key
    assert screen.page.place() == MatchingRoute(offer=face.board.supply[0].key, face="suggestions")


def test_a_route_opens_its_demand(screen):
    wanted = screen.board.cards[0].demand.key
    screen.page.open_with(MatchingRoute(demand=wanted))
    settle()
    assert screen.face.subjects.key == wanted
    assert screen.face.card is not None


def test_search_and_chips_narrow_the_list(screen):
    face = screen.face
    face.search.setText("yinran")
    face.search.setText("印染")
    QTest.keyClick(face.search, Qt.Key.Key_Return)
    assert listed(face) == ["印染废水难降解有机物深度处理"]
    face.search.setText("")
    QTest.keyClick(face.search, Qt.Key.Key_Return)
    face.chips.chip("none").click()
    assert listed(face) == ["不清楚的需求"]


def test_computing_runs_in_a_job_and_the_old_list_stays_usable(screen):
    facts: list[str] = []
    screen.face.fact_changed.connect(facts.append)
    screen.face.compute_button.click()
    assert any("旧 · 正在重新算" in words for words in facts)
    assert not screen.face.compute_button.isEnabled()
    screen.press(Qt.Key.Key_Down)
    settle()
    assert screen.face.compute_button.isEnabled()
    assert "旧" not in facts[-1]


def test_a_changed_text_is_said_and_computed_anew(screen):
    screen.press(Qt.Key.Key_Down)
    with screen.context.db.transaction() as session:
        session.execute(update(Demand).values(conditions="每天两千吨"))
    screen.face.refresh()
    settle()
    assert "题目已改" in [label.text() for label in screen.face.cards.findChildren(Label)]
    screen.face.act("compute")
    settle()
    assert not any(card.is_stale for card in screen.board.cards)


def test_what_another_clerk_recorded_is_not_written_over(screen):
    screen.press(Qt.Key.Key_Down)
    key = screen.face.card.id
    stale = screen.face.card
    db, expo_id = screen.context.db, screen.context.expo_id
    suggestion_acts.answer(db, expo_id, key, Party.DEMAND, Answer.DECLINED, "电话：不要", seen=Answer.NOT_ASKED)
    screen.face.acts.accept(stale, Party.DEMAND)
    settle()
    assert screen.card().said[Party.DEMAND].answer is Answer.DECLINED


def test_who_may_not_sees_and_changes_nothing(screen):
    screen.press(Qt.Key.Key_Down)
    screen.context.set_actor(Actor("查账", Role.AUDITOR))
    settle()
    screen.press(Qt.Key.Key_A)
    assert screen.card().said[Party.DEMAND].answer is Answer.NOT_ASKED
    assert not screen.face.compute_button.isEnabled()


def test_in_a_narrow_window_the_panel_lies_over_the_cards_after_enter(screen, window):
    window.resize(1366, 768)
    screen.press(Qt.Key.Key_Down)
    screen.face.panel.close_panel()
    settle()
    wide = screen.face.cards.width()
    assert not screen.face.panel.isVisible()
    screen.press(Qt.Key.Key_Return)
    assert screen.face.panel.isVisible()
    assert screen.face.cards.width() == wide
    panel, page = screen.face.panel, screen.page
    assert panel.mapTo(page, panel.rect().topRight()) == page.rect().topRight()
    screen.press(Qt.Key.Key_Escape)
    assert not screen.face.panel.isVisible()


def test_records_behind_a_suggestion_open(screen):
    screen.press(Qt.Key.Key_Down)
    screen.face.act("open_demand")
    assert screen.routes[-1] == ListRoute(DEMANDS, record=screen.face.card.demand.key)
    screen.face.act("open_supply")
    assert screen.routes[-1].spec.name == "achievements"


def test_without_demands_the_page_says_what_to_do(screen):
    with screen.context.db.transaction() as session:
        for one in session.query(Demand):
            session.delete(one)
    screen.face.refresh()
    settle()
    buttons = [one for one in screen.face.findChildren(Button) if one.text() == "导入需求"]
    buttons[0].click()
    assert screen.routes[-1] == ListRoute(DEMANDS, imports=True)


def test_the_empty_list_of_meetings_leads_to_the_settings(screen):
    screen.page.open_with(MatchingRoute(face="meetings"))
    settle()
    go = [one for one in screen.face.findChildren(Button) if one.text() == "对接设置"]
    go[0].click()
    assert screen.routes[-1] == SectionRoute(MATCHING_SETTINGS.name)


def test_ctrl_tab_goes_round_the_faces(screen):
    before = screen.page.key
    screen.page.next_face()
    settle()
    assert screen.page.key != before
    assert not screen.page.faces[before].panel.isVisible()
    screen.page.next_face(-1)
    settle()
    assert screen.page.key == before


def test_cards_far_below_follow_later_and_are_used_again(screen, qtbot):
    cards = screen.face.cards
    many = [replace(screen.board.cards[0], id=uuid.uuid4(), score=90 - n) for n in range(20)]
    cards.show_cards(many, Party.SUPPLY, None, [()] * 20, True)
    assert [made.card for made in cards.cards] == many[:AT_FIRST]
    chosen = cards.choose(many[12])
    assert chosen is not None
    assert (chosen.card, chosen.is_chosen) == (many[12], True)
    qtbot.waitUntil(lambda: len(cards.cards) == len(many))
    assert [made.card for made in cards.cards] == many
    assert [made for made in cards.cards if made.is_chosen] == [chosen]
    first = cards.cards[0]
    cards.show_cards(many[18:], Party.SUPPLY, None, [()] * 2, True)
    assert (cards.cards[0], first.card) == (first, many[18])
    assert [made.card for made in cards.findChildren(type(first)) if not made.isHidden()] == many[18:]
    heard = []
    cards.picked.connect(heard.append)
    QTest.mouseClick(first, Qt.MouseButton.LeftButton, pos=first.rect().center())
    assert heard == [many[18]]
