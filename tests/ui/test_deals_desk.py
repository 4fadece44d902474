"""The signing desk: nothing typed is lost, other currencies, new parties, papers, the stage."""

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import get_ident

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from expo_app.model import Attachment, AttachmentKind, DealKind, DealStage, Entry
from expo_app.routes.deals import CeremonyRoute
from expo_app.rules import currencies
from expo_app.services import deals, deals_attachments, deals_ceremony, records
from expo_app.services.deals_history import Event, history
from expo_app.services.statistics.deals_day import sides_of
from expo_app.specs import DEALS, ORGANISATIONS, PROGRAMME
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, Label
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.deals import DealDialog, DealsPage
from expo_app.ui.pages.deals.ceremony import CeremonyDialog
from expo_app.ui.pages.deals.new_party import NewParty
from expo_app.ui.pages.deals.papers import Papers, story
from expo_app.ui.pages.programme.item_dialog import ItemDialog
from expo_app.ui.records import drafts
from tests.exchange.made_tables import credit_code
from tests.factories import local, make_item
from tests.ui.conftest import put

VALUES = {
    "title": "储氢阀门联合开发", "kind": "技术合同", "contract_kind": "技术开发", "stage": "签约", "sellers": "甲公司",
    "buyers": "乙研究所", "amount": "860", "signed_on": "2018-11-28",
}  # fmt: skip


@pytest.fixture
def page(context, window):
    window.resize(1440, 900)
    made = DealsPage(context)
    put(window, made)
    settle()
    return made


def settle():
    QTest.qWait(20)
    while jobs.running():
        QTest.qWait(10)


@pytest.fixture
def box(page, window):
    page.add()
    made = dialog.top(window)
    assert isinstance(made, DealDialog)
    settle()
    return made


def kept_key(box):
    return box._draft_key


def test_a_draft_is_kept_within_a_second_of_the_last_key(box, qtbot, context):
    now = context.now()
    context.db.clock = lambda: now
    qtbot.keyClicks(box.form.editor("title"), "hydrogen")
    assert drafts.find(kept_key(box)) is None
    QTest.qWait(900)
    QApplication.processEvents()  # whatever was due by then, on a busy machine too
    assert drafts.find(kept_key(box)).values["title"] == "hydrogen"
    now = now.astimezone(context.expo.zone)
    assert box.note.text() == f"草稿 {now:%H:%M} 自动保存"


def test_what_is_handed_in_right_after_the_last_key_is_no_draft(box, context):
    box.form.fill({**VALUES, "kind": "TECH_CONTRACT", "stage": "SIGNED"})
    box.submit()
    assert not box.is_open
    QTest.qWait(900)
    assert drafts.find(kept_key(box)) is None
    assert records.count(context.db, DEALS, context.expo_id) == 1


KILLED = """
import os, sys
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from expo_app.services.expos import all_expos
from expo_app.settings import Settings
from expo_app.store.database import Actor, open_database
from expo_app.model import Role
from expo_app.ui.context import Context
from expo_app.ui.pages.deals import DealsPage
from expo_app.ui.kit import dialog

app = QApplication([])
db = open_database(sys.argv[1])
db.actor = Actor("周敏", Role.ADMIN)
window = QMainWindow()
context = Context(db, Settings(), all_expos(db)[0], window)
page = DealsPage(context)
window.setCentralWidget(page)
window.show()
page.add()
box = dialog.top(window)
QTest.keyClicks(box.form.editor("title"), "half a title")
QTest.keyClicks(box.form.editor("amount"), "860")
print("typed", flush=True)
QTest.qWait(1000)
app.processEvents()
print("second", flush=True)
QTest.qWait(60_000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_half_filled_form_outlives_a_kill(page, context, window, home, tmp_path):
    """The process is killed a second after the last key; the next one offers what was typed."""
    script = tmp_path / "keys.py"
    script.write_text(textwrap.dedent(KILLED), encoding="utf-8")
    path = context.db.path
    root = Path(deals.__file__).parents[2]
    environment = {**os.environ, "EXPO_HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(root)}
    with subprocess.Popen(
        [sys.executable, str(script), str(path)], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert [process.stdout.readline().strip() for _n in range(2)] == ["typed", "second"]
        process.send_signal(signal.SIGKILL)
        process.wait(60)
    page.hide()
    page.show()
    banner = next(banner for banner in page.findChildren(Banner) if banner.text == "有 1 份没有提交的草稿。")
    next(button for button in banner.findChildren(Button) if button.text() == "接着填").click()
    box = dialog.top(window)
    assert (box.form.editor("title").value(), box.form.editor("amount").value()) == ("half a title", "860")


def test_the_form_needs_no_scrolling_at_1440_by_900_nor_at_1366_by_768(box, window):
    for width, height in ((1440, 900), (1366, 768)):
        window.resize(width, height)
        QTest.qWait(20)
        bar = box._area.verticalScrollBar()
        assert box.height() <= height - 48
        assert bar.maximum() == 0
        assert box.submit_button.isVisible()


def test_another_currency_shows_its_fields_and_is_converted(box, context):
    form = box.form
    assert not form.box("rate").isVisible()
    form.fill({**VALUES, "kind": "TECH_CONTRACT", "stage": "SIGNED", "amount": "120万美元"})
    form.editor("amount").left.emit()
    assert (box._currency(), form.box("amount").isVisible(), form.box("rate").isVisible()) == ("USD", False, True)
    assert form.read("foreign_amount") == Decimal(1_200_000)
    words = "壹佰贰拾万美元整；没有汇率，只计项数"
    assert words in [label.text() for label in form.box("foreign_amount").findChildren(Label)]
    form.fill({"rate": "6.9347", "rate_on": "2018-11-27", "rate_source": "中间价"})
    words = "壹佰贰拾万美元整；合 832.164 万元"
    assert words in [label.text() for label in form.box("foreign_amount").findChildren(Label)]
    box._look()
    box.submit()
    (row,) = records.list_rows(context.db, DEALS, context.expo_id, [DEALS.field("amount"), DEALS.field("currency")])
    assert row[1:3] == (Decimal(8_321_640), "USD")


def test_back_in_yuan_nothing_of_the_other_currency_stays(page, context, window):
    given = {"amount": None, "currency": "USD", "foreign_amount": "120", "rate": "7", "rate_on": "2018-11-27"}
    key = deals.register(context.db, context.expo_id, VALUES | given | {"rate_source": "中间价"})
    page.edit(key)
    box = dialog.top(window)
    settle()
    box.form.fill({"currency": currencies.named("CNY"), "amount": "900"})
    box.why.setText("改为人民币")
    box.submit()
    got = records.get(context.db, DEALS, key)
    assert not box.is_open
    assert [got[name] for name in ("currency", "amount", "foreign_amount", "rate", "rate_on", "rate_source")] == [
        "CNY", Decimal(9_000_000), None, None, None, "",
    ]  # fmt: skip


def test_an_absurd_amount_is_asked_about(box):
    box.form.fill({"amount": "8600000"})
    box._look()
    assert (False, "成交额 860.00 亿元，核对单位") in box._said


def test_a_rate_that_is_probably_of_100_units_is_asked_about(box):
    box.form.fill({**VALUES, "kind": "TECH_CONTRACT", "stage": "SIGNED", "amount": "120万日元"})
    box.form.editor("amount").left.emit()
    box.form.fill({"rate": "1200"})
    box._look()
    assert (False, "汇率 1200 少见，请核对：填 1 单位外币合多少元，不是 100 单位。") in box._said


def test_a_new_party_is_entered_in_place_with_its_code_checked(box, context, window):
    box.form.fill({"sellers": "新设公司"})
    box.form.editor("sellers").left.emit()
    offer = next(button for button in box.findChildren(Button) if button.text() == "填写单位")
    offer.click()
    small = dialog.top(window)
    assert isinstance(small, NewParty)
    small.form.fill({"credit_code": "91310114000000001X", "region_code": "上海市嘉定区"})
    small.submit()
    assert (small.is_open, small.form.box("credit_code").problem != "") == (True, True)
    small.form.fill({"credit_code": credit_code(7)})
    small.submit()
    assert not small.is_open
    (row,) = records.list_rows(context.db, ORGANISATIONS, None, [ORGANISATIONS.field("credit_code")], search="新设")
    assert row[1] == credit_code(7)
    assert box._bodies["新设公司"] is not None
    assert [button for button in box.findChildren(Button) if button.text() == "填写单位" and button.isVisible()] == []


def tab(widget):
    QTest.keyClick(widget, Qt.Key.Key_Tab)
    QTest.qWait(20)


def test_tab_takes_the_marked_party_and_goes_on(box, context, window, qtbot):
    deals.register(context.db, context.expo_id, VALUES | {"sellers": "甲公司 Alpha Valves"})
    line = box.form.editor("sellers")
    line.setFocus()
    QTest.keyClicks(line, "alpha")
    qtbot.waitUntil(lambda: line.is_offering)
    tab(line)
    assert (line.value(), line.is_offering) == ("甲公司 Alpha Valves", False)
    assert (dialog.top(window), line.hasFocus()) == (box, False)


def test_tab_leaves_what_is_no_party_as_it_was_typed(box):
    line = box.form.editor("tech_field")
    line.setFocus()
    line.setText("农")
    line.offer()
    assert line.is_offering
    tab(line)
    assert line.value() == "农"


def test_a_party_nobody_knows_is_asked_about_once_by_keys_alone(box, context, window):
    line = box.form.editor("sellers")
    line.setFocus()
    QTest.keyClicks(line, "Nova Optics")
    tab(line)
    asked = dialog.top(window)
    assert isinstance(asked, NewParty)
    assert (asked.title.text(), asked.form.editor("credit_code").hasFocus()) == ("新建单位“Nova Optics”？", True)
    QTest.keyClick(asked, Qt.Key.Key_Escape)  # go on typing
    assert (dialog.top(window), line.hasFocus()) == (box, True)
    QTest.keyClicks(line, " Lab")
    tab(line)
    asked = dialog.top(window)
    QTest.keyClicks(asked.form.editor("credit_code"), credit_code(7))
    QTest.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (dialog.top(window), line.hasFocus()) == (box, False)
    (row,) = records.list_rows(context.db, ORGANISATIONS, None, [ORGANISATIONS.field("credit_code")], search="Nova")
    assert row[1] == credit_code(7)
    line.setFocus()
    tab(line)
    assert dialog.top(window) is box


def test_a_party_typed_last_is_asked_about_before_it_is_handed_in(box, context, window):
    deals.register(context.db, context.expo_id, VALUES | {"title": "别的", "amount": "1"})
    settle()
    box.form.fill({**VALUES, "kind": "TECH_CONTRACT", "stage": "SIGNED", "buyers": None})
    line = box.form.editor("buyers")
    line.setFocus()
    QTest.keyClicks(line, "Nova")
    QTest.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    asked = dialog.top(window)
    assert isinstance(asked, NewParty)
    QTest.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not box.is_open
    assert records.count(context.db, DEALS, context.expo_id) == 2


def test_what_was_confirmed_of_one_deal_is_not_said_of_another(box, context):
    for title, seller in (("储氢阀门联合开发", "甲公司"), ("传感器转让", "丙公司")):
        deals.register(context.db, context.expo_id, VALUES | {"title": title, "sellers": seller})
    settle()
    box.form.fill({**VALUES, "kind": "TECH_CONTRACT", "stage": "SIGNED"})
    box._look()
    box.confirmed.setChecked(True)
    box.form.fill({"note": "同一个"})
    box._look()
    assert box.confirmed.isChecked()
    box.form.fill({"sellers": "丙公司", "title": "传感器转让"})
    box._look()
    assert (len(box._found), box.confirmed.isChecked(), box.submit_button.isEnabled()) == (1, False, False)


def test_a_deal_that_comes_in_meanwhile_is_compared_with_too(box, context, qtbot):
    box.form.fill({**VALUES, "kind": "TECH_CONTRACT", "stage": "SIGNED"})
    box._look()
    assert box._found == []
    deals.register(context.db, context.expo_id, VALUES)
    qtbot.waitUntil(lambda: len(box._found) == 1)


@pytest.fixture
def deal(page, context):
    key = deals.register(context.db, context.expo_id, VALUES)
    settle()
    return key


def test_papers_are_dropped_opened_and_taken_away_with_a_reason(page, deal, context, window, tmp_path, monkeypatch):
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(b"%PDF-1.7")
    page.open_record(deal)
    page.panel.choose_tab("papers")
    page.panel._build("papers")
    papers = page.panel.findChild(Papers)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(scan))])
    papers.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    settle()
    (kept,) = deals_attachments.attachments(context.db, deal)
    assert (kept.name, kept.kind) == ("扫描.pdf", AttachmentKind.CONTRACT)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_given: ([str(tmp_path / "没有.pdf")], ""))
    papers.ask()
    settle()
    assert len(deals_attachments.attachments(context.db, deal)) == 1
    papers.remove(kept)
    asked = dialog.top(window)
    asked.findChild(type(asked.first_focus())).setText("缺页")
    next(button for button in asked.findChildren(Button) if button.text() == "移除").click()
    assert deals_attachments.attachments(context.db, deal) == []


def test_a_paper_is_opened_by_a_worker_and_no_program_is_run(page, deal, context, qtbot, tmp_path, monkeypatch, shown):
    """A program that an earlier version kept stands in its folder."""
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(b"%PDF-1.7")
    opened, threads = [], set()
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    write_out = deals_attachments.write_out
    monkeypatch.setattr(deals_attachments, "write_out", lambda *given: (threads.add(get_ident()), write_out(*given))[1])
    (key,) = deals_attachments.add(context.db, deal, [scan])
    page.open_record(deal)
    page.panel.choose_tab("papers")
    page.panel._build("papers")
    papers = page.panel.findChild(Papers)
    for name in ("扫描.pdf", "扫描.bat"):
        with context.db.transaction() as session:
            session.get_one(Attachment, key).name = name
        papers.open(deals_attachments.attachments(context.db, deal)[0])
        qtbot.waitUntil(lambda: not jobs.running())
    assert [(path.name, path.is_dir()) for path in opened] == [("扫描.pdf", False), (opened[1].name, True)]
    assert [path.name for path in opened[1].iterdir()] == ["扫描.bat"]
    assert shown(page) == [("warn", "“扫描.bat”不是文档或图片，没有直接打开，副本在打开的文件夹里。")]
    assert get_ident() not in threads


def test_the_panel_tells_old_values_and_reasons(page, deal, context):
    deals.register(context.db, context.expo_id, {"amount": "900"}, deal, reason="补充协议")
    deals.advance(context.db, [deal], DealStage.PERFORMING)
    shown = page._story(deal)
    words = " ".join(
        label.text() for widget in shown for label in [widget, *widget.findChildren(Label)] if isinstance(label, Label)
    )
    assert "成交额：860.00 万元 → 900.00 万元" in words
    assert "补充协议" in words
    assert story([], None) != []
    nobody = Event(context.db.now(), "", "补记", changes=(("备注", "", "甲"),))
    told = story([nobody], None)
    assert any("管理员" in label.whole_text for label in told[1].findChildren(ElidedLabel))


@pytest.fixture
def stage(page, context, window):
    with context.db.transaction() as session:
        from expo_app.model import Expo

        item = make_item(
            session, session.get_one(Expo, context.expo_id), "集中签约", kind="signing", starts_at=local(29, 11)
        )
        item_id = item.id
    made = [
        deals.register(
            context.db,
            context.expo_id,
            VALUES | {"title": f"项目{n}", "sellers": f"{n}公司", "programme_item_id": "集中签约"},
        )
        for n in "天地玄"
    ]
    settle()
    box = page.open_ceremony(item_id)
    return box, made


def titles(box):
    return [(one.batch, one.title) for one in box.signings]


def test_the_stage_is_arranged_by_keys_and_taken_back(stage, page, qtbot):
    box, (a, b, c) = stage
    assert box.rows[0].hasFocus()
    qtbot.keyClick(box.rows[0], Qt.Key.Key_Down)
    assert (box.current, box.rows[1].hasFocus()) == (box.signings[1].id, True)
    for key in (a, b, c):
        box.add(key)
    assert titles(box) == [("第 1 批", "项目天"), ("第 1 批", "项目地"), ("第 1 批", "项目玄")]
    box.choose(c)
    row = next(shown for shown in box.rows if shown.signing.id == c)
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [title for _batch, title in titles(box)] == ["项目天", "项目玄", "项目地"]
    box.begin_batch()
    assert titles(box) == [("第 1 批", "项目天"), ("第 2 批", "项目玄"), ("第 2 批", "项目地")]
    box.undo()
    assert titles(box)[1] == ("第 1 批", "项目玄")
    box.take_off()
    assert titles(box)[-1] == ("", "项目玄")
    page.undo()
    box.read()
    assert titles(box)[1] == ("第 1 批", "项目玄")


def test_what_is_added_appears_void_deals_are_not_offered_and_every_warning_is_readable(stage, context, window):
    box, (a, *_rest) = stage
    later, void = (
        deals.register(
            context.db, context.expo_id, VALUES | {"title": title, "sellers": f"{title}公司", "buyers": f"{title}院"}
        )
        for title in ("后来的", "废的")
    )
    deals.set_entry(context.db, [void], Entry.VOID, "重复登记")
    box.choose(a)
    box._form.fill({"witness": "技术市场"})
    box.add(later)
    assert "后来的" in [title for _batch, title in titles(box)]
    assert records.get(context.db, DEALS, a)["witness"] == "技术市场"
    assert records.get(context.db, DEALS, later)["witness"] == ""
    offered = [name for _key, name in box.offered("")]
    assert not any("废的" in name for name in offered)
    said = [label for label in box.rows[0].findChildren(Label) if "没有签约人" in label.text()]
    assert [label.wordWrap() for label in said] == [True]


def test_a_row_is_drawn_to_its_place_by_the_mouse(stage, qtbot):
    box, made = stage
    for key in made:
        box.add(key)
    last, first = box.rows[-1], box.rows[0]
    qtbot.mousePress(last, Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    qtbot.mouseMove(last, QPoint(40, -200))
    up = last.mapFromParent(first.geometry().topLeft()) - QPoint(0, 3)
    qtbot.mouseRelease(last, Qt.MouseButton.LeftButton, pos=up)
    assert [title for _batch, title in titles(box)] == ["项目玄", "项目天", "项目地"]


def test_who_signs_is_kept_when_the_focus_goes_on_and_the_warnings_follow(stage, context):
    box, (a, *_rest) = stage
    box.choose(a)
    assert box.note.text() == "3 项，3 项待处理"
    form = box._form
    form.fill({"sellers_signer": "王一", "sellers_signer_post": "董事长", "sellers_mandate": "书面授权",
               "buyers_signer": "李二", "buyers_signer_post": "所长", "buyers_mandate": "法定代表人"})  # fmt: skip
    form.editor("buyers_mandate").left.emit()
    got = records.get(context.db, DEALS, a)
    assert (got["sellers_signer"], got["buyers_mandate"]) == ("王一", "法定代表人")
    box._form.fill({"is_text_ready": True})
    assert box.note.text() == "3 项，2 项待处理"
    box._form.fill({"witness": "科委"})
    box.cancel()
    assert (box.is_open, records.get(context.db, DEALS, a)["witness"]) == (False, "科委")


def test_the_sheets_are_written_from_the_stage(stage, context, tmp_path, monkeypatch):
    box, _made = stage
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(tmp_path / "台.pdf"), ""))
    box.write("pdf")
    settle()
    assert (tmp_path / "台.pdf").read_bytes().startswith(b"%PDF")
    assert deals_ceremony.signings(context.db, context.expo_id)[0].starts_at.date() == date(2018, 11, 29)
    assert records.get(context.db, DEALS, _made[0])["entry"] is Entry.VALID


def test_a_signing_item_of_the_programme_leads_to_its_stage(stage, page, context, window):
    box, made = stage
    box.cancel()
    item_id = deals_ceremony.signings(context.db, context.expo_id)[0].item_id
    gone = []
    context.navigated.connect(gone.append)
    form = ItemDialog(page, context, PROGRAMME, item_id)
    form.open()
    next(button for button in form.findChildren(Button) if button.text() == "签约仪式").click()
    assert gone == [CeremonyRoute(item=item_id)]
    page.open_with(gone[0])
    shown = dialog.top(window)
    assert isinstance(shown, CeremonyDialog)
    assert (shown.items.currentData(), len(shown.signings)) == (item_id, len(made))


def test_the_head_of_a_deal_says_its_currency_and_that_it_was_signed_before(page, context):
    given = {"amount": None, "currency": "USD", "foreign_amount": "120", "is_prior": True, "prior_note": "2018-05 北京"}
    key = deals.register(context.db, context.expo_id, VALUES | given)
    assert page.head(records.get(context.db, DEALS, key))[1] == "技术合同 · 120.00 万 USD · 未折算 · 此前已签"
    settle()
    page.refresh()
    settle()
    assert page.fact(page.rows) == "已签约 1 项 · 签约 无金额 · 含此前已签 1 项"
    assert dict(page.totals(page.model.rows()))[""] == "含此前已签 1 项；外币未折算 1 项"


def test_a_bad_day_is_told_of_when_tab_goes_on_to_a_tick(box, qtbot):
    box.form.focus("signed_on")
    qtbot.keyClicks(box.form.editor("signed_on"), "2018-11-31")
    box.form.focus("is_prior")
    assert box.form.box("signed_on").problem == "“2018-11-31”这一天不存在，核对年、月、日。"


@pytest.fixture
def framework(page, window):
    """The form of an agreement of many."""
    window.resize(1440, 900)
    page.add({"title": "长三角合作", "kind": DealKind.FRAMEWORK, "stage": DealStage.SIGNED, "signed_on": "2018-11-28"})
    made = dialog.top(window)
    settle()
    return made


def test_a_fragment_of_a_party_takes_the_one_that_is_known(framework, context, window):
    """Eight parties pasted as one text: each is known, taken, or made with its code; none comes of itself."""
    known = ["沪星智能机器人有限公司", *(f"第{n}研究所" for n in "一二三四五六")]
    for name in known:
        records.save(context.db, ORGANISATIONS, {"name": name})
    box = framework
    line = box.form.editor("others").lines[0]
    line.setFocus()
    QGuiApplication.clipboard().setText("、".join(["沪星", *known[1:], "Nova Optics"]))
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    before = records.count(context.db, ORGANISATIONS, None)
    QTest.qWait(20)
    asked = dialog.top(window)
    assert asked.title.text() == "新建单位“沪星”？"
    next(button for button in asked.findChildren(Button) if button.text() == "用这家").click()
    asked = dialog.top(window)
    assert (asked.title.text(), records.count(context.db, ORGANISATIONS, None)) == ("新建单位“Nova Optics”？", before)
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    for button in (box.submit, box.put_draft):  # asked again before anything is written
        button()
        asked = dialog.top(window)
        assert isinstance(asked, NewParty)
        assert records.count(context.db, DEALS, context.expo_id) == 0
        if button == box.submit:
            QTest.keyClick(asked, Qt.Key.Key_Escape)
    asked.form.fill({"credit_code": credit_code(7)})
    asked.submit()
    assert not box.is_open
    assert records.count(context.db, ORGANISATIONS, None) == before + 1
    (row,) = records.list_rows(context.db, DEALS, context.expo_id)
    assert records.get(context.db, DEALS, row[0])["others"] == "、".join([*known, "Nova Optics"])


def test_who_only_witnesses_an_agreement_is_no_party(framework, context):
    for name in ("甲市", "乙市", "丙市"):
        records.save(context.db, ORGANISATIONS, {"name": name})
    framework.form.fill({"others": "甲市、乙市", "witnesses": "丙市"})
    framework.submit()
    (row,) = records.list_rows(context.db, DEALS, context.expo_id)
    got = records.get(context.db, DEALS, row[0])
    assert (got["others"], got["witnesses"]) == ("甲市、乙市", "丙市")
    with context.db.reading() as session:
        sides = sides_of(session, [row[0]])
        assert [name for _role, name, _code in sides[row[0]]] == ["甲市", "乙市"]


RATED = {
    "currency": "美元", "foreign_amount": "120", "rate": "6.9347", "rate_on": "2018-11-27", "rate_source": "中间价",
}  # fmt: skip


@pytest.mark.parametrize("money", [{"amount": "860"}, RATED], ids=["yuan", "dollars"])
@pytest.mark.parametrize("kind", [DealKind.FRAMEWORK, DealKind.TECH_CONTRACT])
def test_eight_parties_and_another_currency_need_no_scrolling_either(framework, money, kind):
    form = framework.form
    form.fill({"kind": kind.name, **money, "sellers": "甲公司", "buyers": "乙公司"})
    form.fill({"others": "、".join(f"第{n}方" for n in range(8)), "currency": money.get("currency", "人民币")})
    for side in ("others", "sellers"):
        form.editor(side).left.emit()
    QTest.qWait(400)
    assert framework._area.verticalScrollBar().maximum() == 0


def test_all_that_a_deal_may_repeat_stand_beside_it_and_who_confirmed_is_told(box, context):
    for amount in ("860", "861"):
        deals.register(context.db, context.expo_id, VALUES | {"amount": amount}, not_duplicate=amount == "861")
    settle()
    box.form.fill({**VALUES, "kind": "TECH_CONTRACT", "stage": "SIGNED"})
    box._read_others()
    settle()
    box._look()
    opened = [button for button in box.findChildren(Button) if button.text().startswith("打开 ")]
    assert (len(box._found), len(opened), box.confirmed.text()) == (2, 2, "已向双方核实，都不是重复")
    box.confirmed.setChecked(True)
    context.db.actor = replace(context.db.actor, name="")  # a file without operators
    box.submit()
    assert not box.is_open
    (newest, *_rest) = records.list_rows(context.db, DEALS, context.expo_id)
    told = [change for event in history(context.db, newest[0]) for change in event.changes]
    assert ("重复已核实", "", "管理员") in told


def test_an_end_before_the_beginning_is_said_beside_it_on_leaving(box):
    box.form.fill({"valid_from": "2018-12-01", "valid_until": "2018-11-01"})
    box.form.editor("valid_until").left.emit()
    assert box.form.box("valid_until").problem == "有效期止不能早于有效期起。"
    box.form.fill({"valid_from": "2018-10-01"})
    box.form.editor("valid_from").left.emit()
    assert box.form.box("valid_until").problem == ""


def test_a_day_of_signing_long_before_the_expo_is_asked_about(box):
    asked = (False, "签订日期远早于开展：此前已签的要勾选")
    box.form.fill({**VALUES, "kind": "TECH_CONTRACT", "stage": "SIGNED", "signed_on": "2010-11-28"})
    box._look()
    assert asked in box._said
    box.form.fill({"is_prior": True})
    box._look()
    assert asked not in box._said
