"""What Ctrl+K finds among commands, and where its hits lead."""

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow

from expo_app.model import Expo, Operator, Role
from expo_app.services.finder import Finder
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog
from expo_app.ui.pages.settings import SettingsPage
from expo_app.ui.records.import_wizard import ImportWizard
from expo_app.ui.window.frame import Frame
from tests.factories import (
    make_attendee,
    make_booth,
    make_deal,
    make_exhibitor,
    make_item,
    make_organisation,
    make_person,
    make_room,
    make_speaker,
)
from tests.ui.conftest import put


@pytest.fixture
def full(context: Context, window: QMainWindow) -> Frame:
    """A guest who speaks twice, a room, an operator, booths with and without a company."""
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        power = make_exhibitor(session, expo, "嘉定氢能动力系统有限公司", contact="高建峰")
        make_attendee(session, expo, "沈华棣", phone="13800005678")
        academic = make_person(session, "张院士", organisation_id=make_organisation(session, "上海大学").id)
        for title in ("氢能论坛", "开幕式"):
            make_speaker(session, make_item(session, expo, title), person_id=academic.id)
        make_room(session, expo, "C 会场")
        make_booth(session, expo, "A-005")
        make_booth(session, expo, "A-007", power)
        make_deal(session, expo, title="储氢合作", sellers=("马陆科讯",), buyers=("上海大学",))
        session.add(Operator(name="周敏", role=Role.ADMIN, pin_hash="x"))
    made = Frame(context, "home")
    put(window, made)
    return made


@pytest.mark.parametrize(
    ("text", "group", "title", "detail"),
    [
        ("操作员", "命令", "操作员", "数据与设置"),
        ("czy", "命令", "操作员", "数据与设置"),
        ("会场", "命令", "会场", "数据与设置"),
        ("导入", "命令", "导入参展商", "参展商"),
        ("drgz", "命令", "导入观众名单", "观众登记"),
        ("成排", "命令", "成排生成展位", "展位图"),
        ("深色", "命令", "换成深色", "外观"),
        ("zhuti", "命令", "换成深色", "主题 · 外观"),
        ("语言", "命令", "切换到English", "语言"),
        ("beifen", "命令", "备份与恢复", "数据与设置"),
        ("xinjian", "命令", "新建展会", "数据与设置"),
    ],
)
def test_every_command_is_found_with_its_reason(full: Frame, text: str, group: str, title: str, detail: str) -> None:
    rows = Finder(full.context, full.commands)(text)
    found = {(row.group, row.title): row for row in rows}
    assert (group, title) in found, [(row.group, row.title) for row in rows]
    hit = found[group, title]
    words = detail.split(" · ") if detail else []
    assert hit.detail.split(" · ")[: len(words)] == words
    assert hit.matched or hit.why


@pytest.mark.parametrize(
    ("text", "page"), [("A-005", "booths"), ("C 会场", "settings"), ("周敏", "settings"), ("zys", "guests")]
)
def test_what_the_palette_finds_opens(full: Frame, text: str, page: str) -> None:
    Finder(full.context, list)(text)[0].action()
    QApplication.processEvents()
    assert full.page_name == page
    if isinstance(full.page, SettingsPage):
        assert full.page.current.name_of(full.page.current.view.current_id()) == text


@pytest.mark.parametrize(("words", "page"), [("导入参展商", "exhibitors"), ("导入日程", "programme")])
def test_an_import_begins_from_the_palette(full: Frame, window: QMainWindow, words: str, page: str) -> None:
    command = next(c for c in full.commands() if c.words == words)
    command.call()
    assert full.page_name == page
    assert isinstance(dialog.top(window), ImportWizard)
