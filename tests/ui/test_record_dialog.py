"""Making and editing one record: refusals beside fields, drafts that survive, ways out of a conflict."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from expo_app import i18n, paths
from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import Expo, Role, Word
from expo_app.routes import ListRoute
from expo_app.services import records
from expo_app.specs import ATTENDEES, DEALS, EXHIBITORS, EXPOS, LOTS, ORGANISATIONS, PEOPLE, SPECS, VENUES, RecordSpec
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records import drafts
from expo_app.ui.records.record_dialog import RecordDialog
from tests.factories import category, local, make_booth, make_organisation, make_person, word

WRITTEN = [spec for spec in SPECS.values() if any(field.in_form for field in spec.writable)]
Shown = Callable[[QWidget], list[tuple[str, str]]]


def new(context: Context, window: QMainWindow, key: uuid.UUID | None = None) -> RecordDialog:
    box = RecordDialog(window, context, ATTENDEES, key)
    box.open()
    return box


def banners(box: RecordDialog) -> list[str]:
    QApplication.processEvents()
    return [banner.text for banner in box.findChildren(Banner) if banner.isVisible()]


def press(box: RecordDialog, words: str) -> None:
    QApplication.processEvents()
    next(b for b in box.findChildren(Button) if b.text() == words and b.isVisible()).click()


@pytest.fixture
def key(context: Context) -> uuid.UUID:
    values = {"person.name": "沈华棣", "person.phone": "13800005678", "organisation_id": "嘉定氢能动力系统有限公司"}
    return records.save(context.db, ATTENDEES, values, expo_id=context.expo_id)


def test_problems_stay_beside_their_fields(context: Context, window: QMainWindow, qtbot: QtBot) -> None:
    box = new(context, window)
    box.submit()
    assert box.is_open
    assert box.form.box("person.name").problem == "不能为空。"
    box.form.fill({"person.name": "李雷"})
    with qtbot.waitSignal(box.saved) as saved:
        box.submit()
    assert records.get(context.db, ATTENDEES, saved.args[0])["person.name"] == "李雷"
    assert not box.is_open


def test_what_only_the_service_knows_comes_back_to_its_field(context: Context, window: QMainWindow) -> None:
    box = RecordDialog(window, context, SPECS["programme"])
    box.open()
    box.form.fill({"title": "论坛", "starts_at": "2018-11-29 10:00", "ends_at": "2018-11-29 09:00"})
    box.submit()
    assert box.form.box("ends_at").problem == "结束时间应晚于开始时间。"
    assert box.is_open


def test_only_edits_are_written_and_a_masked_phone_survives(
    context: Context, window: QMainWindow, key: uuid.UUID
) -> None:
    box = new(context, window, key)
    assert box.form.editor("person.phone").value() == "138****5678"
    box.form.fill({"title": "教授"})
    box.submit()
    assert not box.is_open
    values = records.get(context.db, ATTENDEES, key, reveal="核对")
    assert (values["title"], values["person.phone"]) == ("教授", "+8613800005678")


def test_leaving_keeps_a_draft_and_the_next_time_offers_it(
    context: Context, window: QMainWindow, shown: Shown, qtbot: QtBot
) -> None:
    box = new(context, window)
    box.form.fill({"person.name": "李雷", "category_id": "媒体", "valid_days": ["2018-11-29"], "consent": True})
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.is_open
    assert shown(window) == [("info", "没有提交，内容已存为草稿")]
    again = new(context, window)
    assert len(banners(again)) == 1
    press(again, "接着填")
    assert again.form.changes() == {
        "person.name": "李雷", "category_id": "媒体", "valid_days": ["2018-11-29"], "consent": True,
    }  # fmt: skip
    again.submit()
    assert banners(new(context, window)) == []


def test_what_was_left_is_taken_up_from_the_toast_when_the_dialog_is_gone(
    context: Context, window: QMainWindow, qtbot: QtBot
) -> None:
    box = RecordDialog(window, context, ATTENDEES, noun="观众")
    heard: list[uuid.UUID] = []
    box.saved.connect(lambda key, _values, _step: heard.append(key))
    box.open()
    box.form.fill({"person.name": "李雷"})
    title = box.accessibleName()
    box.cancel()
    qtbot.waitUntil(lambda: not isValid(box))
    (toast,) = messages.toasts(window)
    next(button for button in toast.findChildren(Button) if button.text() == "接着填").click()
    again = dialog.top(window)
    assert isinstance(again, RecordDialog)
    assert (again.accessibleName(), again.form.changes()) == (title, {"person.name": "李雷"})
    again.submit()
    assert [records.get(context.db, ATTENDEES, key)["person.name"] for key in heard] == ["李雷"]
    assert list((paths.config_dir() / "drafts").glob("*.json")) == []


def test_a_secret_is_not_kept_for_whoever_opens_the_draft(context: Context, window: QMainWindow, shown: Shown) -> None:
    box = RecordDialog(window, context, LOTS, noun="标的")
    box.open()
    box.form.fill({"lot_no": "01", "title": "阀门", "reserve": "137.37"})
    box.keep_draft()
    (file,) = (paths.config_dir() / "drafts").glob("*.json")
    kept = file.read_text(encoding="utf-8")
    assert "阀门" in kept
    assert "137.37" not in kept
    assert box.note.text() == "草稿已存，保留价不存进草稿"
    box.cancel()
    assert shown(window) == [("info", "没有提交，内容已存为草稿，保留价不存进草稿")]


def test_a_second_new_record_leaves_the_first_draft_alone(context: Context, window: QMainWindow) -> None:
    for name in ("李雷", "韩梅"):
        box = new(context, window)
        box.form.fill({"person.name": name})
        box.cancel()
    box = new(context, window)
    assert banners(box) == ["“韩梅”没有提交，内容还在（刚刚）。", "“李雷”没有提交，内容还在（刚刚）。"]
    box.form.fill({"title": "教授"})
    box.keep_draft()
    buttons = [button for button in box.findChildren(Button) if button.text() == "接着填" and button.isVisible()]
    buttons[1].click()
    assert box.form.values()["person.name"] == "李雷"
    box.submit()
    assert not box.is_open
    assert banners(new(context, window)) == ["“韩梅”没有提交，内容还在（刚刚）。"]


def test_a_drafts_age_is_the_machines_whatever_clock_the_expo_runs_on(context: Context, window: QMainWindow) -> None:
    context.db.clock = lambda: local(29, 10, 42)  # the rehearsal of 2018
    box = new(context, window)
    box.form.fill({"person.name": "李雷"})
    box.keep_draft()
    assert box.note.text() == "草稿已存"
    box.cancel()
    assert banners(new(context, window)) == ["“李雷”没有提交，内容还在（刚刚）。"]
    (file,) = (paths.config_dir() / "drafts").glob("*.json")
    stored = json.loads(file.read_text(encoding="utf-8"))
    stored["at"] = (datetime.now(UTC) - timedelta(hours=3, minutes=5)).isoformat()
    file.write_text(json.dumps(stored), encoding="utf-8")
    assert banners(new(context, window)) == ["“李雷”没有提交，内容还在（3 小时前）。"]


def test_a_draft_is_kept_while_the_form_is_open_and_for_this_person_alone(
    context: Context, window: QMainWindow, qtbot: QtBot
) -> None:
    box = new(context, window)
    box._keeping.setInterval(10)
    box.form.fill({"person.name": "李雷"})
    folder = paths.config_dir() / "drafts"
    qtbot.waitUntil(lambda: folder.exists() and bool(list(folder.glob("*.json"))))
    (file,) = folder.glob("*.json")
    assert file.name == "attendees-KJH18-new.json"
    assert file.stat().st_mode & 0o077 == 0
    assert box.note.text() != ""
    box.form.fill({"person.name": ""})
    press(box, "取消")
    press(new(context, window), "丢弃")
    assert list(folder.glob("*.json")) == []


def test_an_unreadable_draft_is_none(home: Path) -> None:
    drafts.keep("a-b-new", {"x": 1})
    found = drafts.find("a-b-new")
    assert found is not None
    assert found.values == {"x": 1}
    assert abs((datetime.now(UTC) - found.at).total_seconds()) < 60
    (paths.config_dir() / "drafts" / "a-b-new.json").write_text("{", encoding="utf-8")
    assert drafts.find("a-b-new") is None
    drafts.discard("a-b-new")
    drafts.discard("a-b-new")


def test_somebody_else_was_faster(context: Context, window: QMainWindow, key: uuid.UUID) -> None:
    box = new(context, window, key)
    records.save(context.db, ATTENDEES, {"title": "院长", "note": "VIP"}, key, expo_id=context.expo_id)
    box.form.fill({"title": "教授"})
    box.submit()
    assert box.is_open
    assert banners(box) == ["“职务”刚被别人改为“院长”，本次未保存。请刷新后再改。 [E-CONFLICT]"]
    press(box, "保留我的")
    assert box.form.editor("title").value() == "教授"
    assert box.form.editor("note").value() == "VIP"
    box.submit()
    assert records.get(context.db, ATTENDEES, key)["title"] == "教授"


def test_taking_the_new_values_drops_the_edits(context: Context, window: QMainWindow, key: uuid.UUID) -> None:
    box = new(context, window, key)
    records.save(context.db, ATTENDEES, {"title": "院长"}, key, expo_id=context.expo_id)
    box.form.fill({"title": "教授"})
    box.submit()
    press(box, "载入新值")
    assert box.form.editor("title").value() == "院长"
    assert not box.form.is_dirty


def test_a_deleted_record_can_be_saved_anew(context: Context, window: QMainWindow, key: uuid.UUID) -> None:
    box = new(context, window, key)
    records.delete(context.db, ATTENDEES, [key])
    box.form.fill({"title": "教授"})
    box.submit()
    assert banners(box) == ["这条记录已被删除，未保存任何改动。请刷新后再试。 [E-GONE]"]
    press(box, "另存为新记录")
    assert not box.is_open
    rows = records.list_rows(context.db, ATTENDEES, context.expo_id, [ATTENDEES.field("person.name")])
    assert [row[1] for row in rows] == ["沈华棣"]
    with pytest.raises(Conflict):
        records.get(context.db, ATTENDEES, key)


def test_without_the_right_it_only_shows(context: Context, window: QMainWindow, key: uuid.UUID) -> None:
    context.db.actor = Actor("孙正", Role.AUDITOR)
    box = new(context, window, key)
    assert box.form.editor("person.name").isReadOnly()
    assert not box.form.editor("category_id").isEnabled()
    assert [b.text() for b in box.findChildren(Button) if b.isVisible() and b.property("kind") != "chip"][-1] == "关闭"


def test_a_company_chosen_from_the_list_brings_its_data(context: Context, window: QMainWindow) -> None:
    values = {"name": "昆山德盈机器人有限公司", "region_code": "昆山", "industry_id": "高端制造"}
    company = records.save(context.db, SPECS["organisations"], values)
    box = RecordDialog(window, context, EXHIBITORS)
    box.open()
    line = box.form.editor("organisation.name")
    line.setFocus()
    line.set_value("德盈")
    line.offer()
    line._on_chosen("昆山德盈机器人有限公司")
    assert box.form.editor("organisation.industry_id").value() == "高端制造"
    assert box.form.editor("organisation.region_code").value() == "昆山市"
    box.submit()
    assert not box.is_open
    with context.db.reading() as session:
        from expo_app.model import Exhibitor

        assert [row.organisation_id for row in session.query(Exhibitor)] == [company]


def test_a_message_comes_as_a_banner_when_no_field_is_meant(context: Context, window: QMainWindow) -> None:
    box = new(context, window)
    box.form.fill({"person.name": "李雷"})
    context.db.read_only = True
    box.submit()
    assert box.is_open
    assert len(banners(box)) == 1


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("spec", WRITTEN, ids=lambda spec: spec.name)
def test_every_kind_of_record_has_its_dialog(
    context: Context, window: QMainWindow, spec: RecordSpec, language: str
) -> None:
    i18n.set_language(language)
    box = RecordDialog(window, context, spec)
    box.open()
    QApplication.processEvents()
    assert box.isVisible()
    assert messages.toasts(window) == []
    box.close_with(None)


def test_a_refusal_said_at_the_top_goes_with_the_next_attempt(context: Context, window: QMainWindow) -> None:
    refusals: list[Exception] = [UserError("不行，数据未变。"), InvalidRecord({"name": "已有“东馆”，不能重复。"})]

    def save(*_given: object) -> uuid.UUID:
        raise refusals.pop(0)

    dialog = RecordDialog(window, context, VENUES, save=save)
    dialog.open()
    dialog.form.fill({"name": "东馆"})
    dialog.submit()
    assert banners(dialog) == ["不行，数据未变。"]
    dialog.submit()
    assert banners(dialog) == []
    assert dialog.form.box("name").problem == "已有“东馆”，不能重复。"


def test_dates_of_a_form_begin_in_the_days_of_its_expo(context: Context, window: QMainWindow) -> None:
    def usual(spec: RecordSpec, name: str) -> date:
        box = RecordDialog(window, context, spec)
        found: date = box.form.editor(name).usual
        return found

    assert context.expo is not None
    assert usual(DEALS, "signed_on") == context.expo.starts_on  # the computer's clock is elsewhere
    context.db.clock = lambda: datetime(2018, 11, 29, 2, 0, tzinfo=UTC)
    assert usual(DEALS, "signed_on") == date(2018, 11, 29)
    assert usual(EXPOS, "starts_on") == datetime.now().astimezone().date()  # a new one is of no old day


def test_a_form_begins_with_the_usual_word_and_offers_all_in_order(context: Context, window: QMainWindow) -> None:
    i18n.set_language("en")
    box = RecordDialog(window, context, SPECS["programme"])
    editor = box.form.editor("kind_id")
    assert (editor.value(), editor.currentText()) == ("论坛", "Forum")
    assert [editor.itemText(n) for n in range(3)] == ["Opening ceremony", "Forum", "Roadshow"]


def test_a_draft_of_the_former_version_finds_its_words(context: Context, window: QMainWindow) -> None:
    drafts.keep("programme-KJH18-new", {"title": "成果发布", "kind": "ROADSHOW"})
    box = RecordDialog(window, context, SPECS["programme"])
    box.open()
    press(box, "接着填")
    assert box.form.changes() == {"title": "成果发布", "kind_id": "路演"}
    box.submit()
    fields = [SPECS["programme"].field(name) for name in ("title", "kind_id")]
    ((_key, *values, _words),) = records.list_rows(context.db, SPECS["programme"], context.expo_id, fields)
    assert values == ["成果发布", "路演"]


def test_a_hidden_word_stays_that_of_a_record_that_has_it(context: Context, window: QMainWindow) -> None:
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        booth = make_booth(session, expo, "A-001", kind="raw_space")
        session.get_one(Word, booth.kind_id).is_hidden = True
        key = booth.id
    box = RecordDialog(window, context, SPECS["booths"], key)
    assert box.form.editor("kind_id").value() == "光地特装"
    assert RecordDialog(window, context, SPECS["booths"]).form.editor("kind_id").value() == "标准展台"


def test_a_draft_of_a_registration_of_the_former_version_finds_its_category(
    context: Context, window: QMainWindow
) -> None:
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        category(session, expo, "trade_visitor").name = "专业买家"
        category(session, expo, "media").is_hidden = True
    for kept, shown_as in (("TRADE_VISITOR", "专业买家"), ("MEDIA", "媒体")):
        drafts.keep("attendees-KJH18-new", {"person.name": "李雷", "category": kept})
        box = new(context, window)
        press(box, "接着填")
        assert box.form.changes() == {"person.name": "李雷", "category_id": shown_as}
        box.close_with(None)


def test_a_draft_of_an_exhibitor_of_the_former_version_finds_its_words(context: Context, window: QMainWindow) -> None:
    with context.db.transaction() as session:
        word(session, "industries", "energy")
        word(session, "organisation_kinds", "research")
    kept = {"organisation.name": "氢能所", "organisation.industry": "ENERGY", "organisation.kind": "RESEARCH"}
    drafts.keep("exhibitors-KJH18-new", kept)
    box = RecordDialog(window, context, EXHIBITORS)
    box.open()
    press(box, "接着填")
    changes = box.form.changes()
    assert (changes["organisation.industry_id"], changes["organisation.kind_id"]) == ("新能源", "科研院所")


KNOWN = "上海嘉氢科技有限公司"


def typing(context: Context, window: QMainWindow, spec: RecordSpec, values: dict[str, str]) -> RecordDialog:
    box = RecordDialog(window, context, spec)
    box.open()
    box.form.fill(values)
    return box


def test_a_new_organisation_that_is_known_is_said_and_opened(
    context: Context, window: QMainWindow, qtbot: QtBot
) -> None:
    with context.db.transaction() as session:
        key = make_organisation(session, KNOWN, region_code="310114").id
    box = typing(context, window, ORGANISATIONS, {"name": "上海嘉氢 科技有限公司"})
    qtbot.waitUntil(lambda: banners(box) == [f"像是已有的“{KNOWN}”（标点或空格不同） · 嘉定区"])
    assert box.form.box("name").problem == ""
    with qtbot.waitSignal(context.navigated) as asked:
        press(box, "打开")
    assert asked.args == [ListRoute(ORGANISATIONS, record=key)]
    assert not box.is_open
    assert banners(RecordDialog(window, context, ORGANISATIONS)) == []
    again = RecordDialog(window, context, ORGANISATIONS)
    again.open()
    assert banners(again) == ["“上海嘉氢 科技有限公司”没有提交，内容还在（刚刚）。"]  # what was typed is not lost


def test_what_is_said_goes_with_what_was_typed_and_stops_nobody(
    context: Context, window: QMainWindow, qtbot: QtBot
) -> None:
    with context.db.transaction() as session:
        make_organisation(session, KNOWN)
    box = typing(context, window, ORGANISATIONS, {"name": "嘉氢科技"})
    qtbot.waitUntil(lambda: len(banners(box)) == 1)
    box.form.fill({"name": "苏州另一家科技"})
    qtbot.waitUntil(lambda: banners(box) == [])
    box.form.fill({"name": "嘉氢科技"})
    qtbot.waitUntil(lambda: len(banners(box)) == 1)
    with qtbot.waitSignal(box.saved):
        box.submit()
    assert records.count(context.db, ORGANISATIONS, search="嘉氢") == 2


def test_a_new_person_who_is_known_is_said_and_one_who_is_edited_is_not(
    context: Context, window: QMainWindow, qtbot: QtBot
) -> None:
    with context.db.transaction() as session:
        first, second = (make_person(session, name, phone="13800000067").id for name in ("张伟", "张 伟"))
    box = typing(context, window, PEOPLE, {"name": "张伟 先生", "phone": "138 0000 0067"})
    qtbot.waitUntil(lambda: len(banners(box)) == 2)
    assert all("138****0067" in words for words in banners(box))
    box.close_with(None)
    old = RecordDialog(window, context, PEOPLE, second)
    old.open()
    old.form.fill({"name": "张伟"})
    qtbot.wait(600)
    assert banners(old) == []
    assert first != second


def test_an_organisation_of_a_new_exhibitor_is_known_by_another_spelling(
    context: Context, window: QMainWindow, qtbot: QtBot
) -> None:
    with context.db.transaction() as session:
        make_organisation(session, KNOWN)
    box = typing(context, window, EXHIBITORS, {"organisation.name": "上海嘉氢科技"})
    qtbot.waitUntil(lambda: [words.split("（")[0] for words in banners(box)] == [f"像是已有的“{KNOWN}”"])
