"""发布口径 in the window: five figures, a version of them, the list behind each, text, PDF and projector."""

from dataclasses import replace

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from expo_app.model import Entry, Expo, Role
from expo_app.routes import ListRoute
from expo_app.services import deals, press, records
from expo_app.specs import DEALS
from expo_app.specs.press import sentence
from expo_app.store.database import Actor
from expo_app.ui.kit import jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.pages.statistics import StatisticsPage
from expo_app.ui.pages.statistics.press_parts import RecordsLink
from tests.factories import local, make_attendee, make_deal, make_exhibitor, make_gate, make_scan
from tests.ui.conftest import put


def settle(qapp):
    """Until nothing is being counted: `jobs.wait` would cancel it."""
    qapp.processEvents()
    while jobs.running():
        qapp.processEvents()
    qapp.processEvents()


@pytest.fixture
def face(context, window, qapp):
    context.db.clock = lambda: local(29, 8)
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        make_exhibitor(session, expo)
        make_scan(session, make_gate(session, expo), make_attendee(session, expo), local(29, 9))
        make_deal(session, expo, "水下定位系统", "8600000")
    context.db.clock = lambda: local(29, 10, 42)
    page = StatisticsPage(context)
    page.resize(1200, 720)
    put(window, page)
    page.show_face("press")
    settle(qapp)
    return page.face


def texts(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def press_key(face, key, *modifiers):
    face.setFocus()
    QTest.keyClick(face, key, *modifiers)


def test_the_figures_stand_with_their_moment(face):
    shown = face.seen.shown
    assert shown.moment == local(29, 10, 42)
    assert {n.name: (n.value, n.amount_shown) for n in shown.numbers} == {
        "exhibitors": (1, ""), "events": (None, ""), "visits": (1, ""), "signed": (1, "860.00 万元"),
        "intended": (None, ""),
    }  # fmt: skip
    assert [link.text() for link in face.figures.links.values()] == [
        "来自 1 条记录", "来自 0 条记录", "来自 1 条记录", "来自 1 条记录", "来自 0 条记录",
    ]  # fmt: skip
    assert "五个数都对得上各自的名单" in texts(face.checks)
    assert face.sentence.note.text() == "还没核定：PDF 和投屏带“未核定”"


def test_two_keys_lead_to_the_very_records(face, context, qapp):
    went = []
    context.navigated.connect(went.append)
    press_key(face, Qt.Key.Key_4)
    settle(qapp)
    (route,) = went
    assert isinstance(route, ListRoute)
    assert (route.spec, route.trace.words) == (DEALS, "发布口径 11-29 10:42：签约")
    (row,) = records.list_rows(context.db, DEALS, context.expo_id, [DEALS.field("title")])
    assert records.traced(context.db, route.trace) == {row[0]}


def test_approving_makes_a_version_that_stays(face, context, qapp):
    assert face.approve_button.isEnabled()
    face.approve_button.click()
    settle(qapp)
    settle(qapp)
    assert face.seen.shown.version.version_no == 1
    assert (face.approve_button.isEnabled(), face.approve_button.toolTip()) == (False, "这一版已经核定")
    (row,) = records.list_rows(context.db, DEALS, context.expo_id, [DEALS.field("title")])
    context.db.clock = lambda: local(29, 11, 31)
    deals.set_entry(context.db, [row[0]], Entry.VOID, "签错了")
    face.set_moment(local(29, 11, 30))
    settle(qapp)
    assert (face.seen.shown.moment, face.seen.shown.number("signed").value) == (local(29, 11, 30), 1)
    context.db.clock = lambda: local(29, 12, 1)
    face.back_to_now()
    settle(qapp)
    assert face.seen.shown.number("signed").value is None
    assert face.difference.title.text() == "和第 1 版比"
    assert {"签约", "签约金额", "860.00", "—"} <= set(texts(face.difference))
    press_key(face, Qt.Key.Key_V)
    QTest.keyClick(face.versions.lines[0], Qt.Key.Key_Return)
    settle(qapp)
    assert (face.seen.shown.number("signed").value, face.banner.isVisible()) == (1, True)
    face.back_to_now()
    settle(qapp)
    assert not face.banner.isVisible()


def test_who_may_not_approve_is_told(face, context, qapp):
    context.set_actor(Actor("郑岚", Role.DEALS))
    settle(qapp)
    assert (face.approve_button.isEnabled(), face.approve_button.toolTip()) == (False, "成交登记员没有这项权限")
    face.approve()
    settle(qapp)
    assert press.versions(context.db, context.expo_id) == []


def test_a_figure_that_is_not_its_list_is_red_and_cannot_be_approved(face, qapp):
    numbers = tuple(replace(n, records=n.records + 1) if n.name == "signed" else n for n in face.seen.shown.numbers)
    shown = replace(face.seen.shown, numbers=numbers)
    face.seen = replace(face.seen, shown=shown, checks=press.sums(shown))
    face._show_seen()
    qapp.processEvents()
    assert "对不上名单：签约" in texts(face.checks)
    assert face.checks.state.kind == "bad"
    assert (face.approve_button.isEnabled(), face.approve_button.toolTip()) == (False, "有数对不上名单，先查清")


def test_the_sentence_is_copied_in_the_language_chosen(face):
    for key, language in ((None, "zh_CN"), ("en", "en")):
        if key:
            face.sentence.choice.button(key).click()
        press_key(face, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == sentence(face.seen.shown, language)
    assert "CNY 8.60 m" in QGuiApplication.clipboard().text()


def test_the_pdf_says_what_the_screen_says(face, context, qapp, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    context.settings.export_folder = str(folder)
    for _n in range(2):
        press_key(face, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        settle(qapp)
    made = sorted(path.name for path in folder.iterdir())
    assert [name.rpartition("_11-29_1042")[2] for name in made] == [".pdf", "_2.pdf"]
    with pypdfium2.PdfDocument(folder / made[0]) as pdf:
        assert len(pdf) == 1
        text = pdf[0].get_textpage().get_text_bounded()
    assert "未核定" in text
    for number in face.seen.shown.numbers:
        for said in (number.label, number.shown, number.amount_shown, number.when):
            assert said in text


def test_the_projector_keeps_what_it_began_with(face, context, qapp):
    press_key(face, Qt.Key.Key_T)
    projector = face.projector
    assert projector.isVisible()
    assert projector.marks == "未核定"
    before = projector.shown
    with context.db.transaction() as session:
        make_deal(session, session.get_one(Expo, context.expo_id), "新签", "100", created_at=local(29, 10))
    face.refresh()
    settle(qapp)
    assert face.seen.shown.number("signed").value == 2
    assert (projector.shown, projector.shown.number("signed").value) == (before, 1)
    assert not any("公司" in text or "水下" in text for text in (projector.accessibleName(), projector.windowTitle()))
    QTest.keyClick(projector, Qt.Key.Key_Escape)
    assert face.projector is None


def test_another_moment_counts_all_five_again(face, qapp):
    assert face.offered()[0] == local(29, 10, 30)
    face.set_moment(local(29, 8, 30))
    settle(qapp)
    assert (face.seen.shown.moment, face.seen.shown.number("visits").value) == (local(29, 8, 30), None)
    assert "时点后又进场 1 人次" in texts(face.checks)


def test_what_was_entered_after_the_moment_is_named_and_counted_now(face, context, qapp):
    face.set_moment(local(29, 9, 30))
    settle(qapp)
    (late,) = [check.late for check in face.seen.checks if check.late]
    assert late.text in texts(face.checks)
    went = []
    context.navigated.connect(went.append)
    (link,) = face.checks.findChildren(RecordsLink)
    link.click()
    assert (went[0].spec, went[0].trace.keys) == (DEALS, frozenset(late.ids))
    (now,) = [button for button in face.checks.findChildren(Button) if button.text() == "换成现在"]
    now.click()
    settle(qapp)
    assert (face.seen.shown.moment, face.seen.shown.number("signed").value) == (local(29, 10, 42), 1)
    assert [check for check in face.seen.checks if check.late] == []
