"""胸卡与打印: what is chosen is what is printed, every print is counted, problems are known beforehand."""

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QPushButton
from sqlalchemy import select

from expo_app import i18n
from expo_app.errors import UserError
from expo_app.model import Attendee, AttendeeState, Badge, Booth, Expo, Role
from expo_app.reports import preview
from expo_app.routes.badges import BadgesRoute
from expo_app.services import badges, statistics
from expo_app.services.statistics.overview import overview
from expo_app.store.database import Actor
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.badges import BadgesPage
from expo_app.ui.records import printing
from tests.factories import local, make_attendee, make_badge, make_booth, make_exhibitor, make_organisation
from tests.ui.conftest import put

LONG = "Jean-Baptiste Lefèvre-Montgolfier de la Tour d'Auvergne-Lauraguais"


@pytest.fixture
def people(context):
    """One without a badge, two unprinted (one with a name that is too long), one printed, one handed over, one gone."""
    with context.db.transaction() as session:
        expo = context.expo
        company = make_organisation(session, "嘉定氢能动力系统有限公司").id

        def add(name, number, category="visitor", badge=True, **given):
            number = f"KJH18-V-{number:05d}"
            given = {"category": category, "badge_no": number, "organisation_id": company} | given
            person = make_attendee(session, expo, name, **given)
            state = {"printed_at": local(28), "print_count": 1}
            extra = {"已打印": state, "已领取": state | {"handed_over_at": local(28)}}.get(name, {})
            if badge:
                make_badge(session, person, **extra)
            return person.id

        made = {"未制证": add("未制证", 1, badge=False), "沈华棣": add("沈华棣", 2, "exhibitor")}
        made |= {"long": add(LONG, 3), "已打印": add("已打印", 4), "已领取": add("已领取", 5)}
        add("取消的人", 6, state=AttendeeState.CANCELLED)
    return made


@pytest.fixture
def page(context, window, people, qtbot):
    window.resize(1440, 900)
    made = BadgesPage(context)
    put(window, made)
    qtbot.waitUntil(lambda: made._survey is not None)
    return made


@pytest.fixture
def settle(qtbot, page):
    """Until nothing runs and nothing waits to run."""

    def still():
        timers = (page._look_later, page._check_later, page._later)
        return not jobs.running() and not any(timer.isActive() for timer in timers)

    def wait():
        for _turn in range(2):  # news arrive, then what they start ends
            qtbot.wait(10)
            qtbot.waitUntil(still)
        QApplication.processEvents()

    return wait


def badge_of(context, attendee_id):
    with context.db.reading() as session:
        query = select(Badge).where(Badge.attendee_id == attendee_id, Badge.revoked_at.is_(None))
        return session.scalars(query).one()


def prints(context, people):
    return {name: badge_of(context, people[name]).print_count for name in ("沈华棣", "long", "已打印", "已领取")}


def to_file(page, path, ids, settle):
    refused = lambda error: page._on_refused(ids, error)  # noqa: E731
    printing.save_to(page, path, "胸卡", page._maker(ids), page._on_printed, refused)
    settle()


def codes_in(path: Path):
    pages = range(len(preview.page_sizes(path)))
    pictures = [Image.open(io.BytesIO(preview.render(path, number, 150).png())) for number in pages]
    return [found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)]


def test_the_figures_leave_out_whoever_cancelled(page):
    assert page.header._fact.whole_text == "已制证 4 张 · 已打印 2"
    assert [page.value(row, "person.name") for row in page.rows] == ["未制证", "沈华棣", LONG, "已打印", "已领取"]
    assert (page.issue_button.text(), page.print_button.text()) == ("制证 1", "打印未打胸卡 2")


def test_choosing_a_category_chooses_what_is_printed(page):
    page.bar.choose(category_id="参展商")
    assert (page.print_button.text(), page.issue_button.isEnabled()) == ("打印未打胸卡 1", False)
    page.bar.clear()
    page.bar.choose(badge="HANDED_OVER")
    assert (page.print_button.isEnabled(), page.pdf_button.isEnabled()) == (False, False)


def test_the_same_word_counts_the_same(page, context, people, settle):
    """A badge used at a gate without being printed waits for no printer, and counts so in the chip, on the button, in
    the check and in the rail.
    """
    with context.db.transaction() as session:
        session.get_one(Badge, badge_of(context, people["沈华棣"]).id).handed_over_at = local(28)
    settle()
    counts = {key: page.bar._chips.chip(key).count for key in page.bar._chips._chips}
    assert counts == {None: 5, "NONE": 1, "ISSUED": 1, "PRINTED": 1, "HANDED_OVER": 2}
    stock = badges.stock(context.db, context.expo_id)
    assert (stock.without, stock.issued, stock.unprinted, stock.printed) == (1, 4, 1, 2)
    assert (page.print_button.text(), page.side._checked.text()) == ("打印未打胸卡 1", "未打印 1 张")
    alert = overview(context.db, context.expo_id, context.now()).unprinted
    assert (alert.value, statistics.traced(context.db, alert)) == (1, [people["long"]])
    page.model.check_only([people["long"], people["已打印"], people["已领取"]])
    assert page.side._checked.text() == "勾选的 2 张"
    page.bar.choose(badge="PRINTED")
    assert page.bar.describe() == "待领取"


def test_ticks_win_over_filters(page, people):
    page.model.set_checked(people["long"], True)
    page.model.set_checked(people["已打印"], True)
    assert page.print_button.text() == "打印未打胸卡 1"
    assert [page.value(row, "person.name") for row in page.chosen()] == [LONG, "已打印"]


def test_issuing_makes_the_missing_ones(page, people, settle, shown):
    page.issue_button.click()
    settle()
    assert badge_of(page.context, people["未制证"]).print_count == 0
    assert shown(page) == [("ok", "已制证 1 张，可以打印")]
    assert (page.issue_button.isEnabled(), page.print_button.text()) == (False, "打印未打胸卡 3")


def test_a_pdf_has_the_codes_and_is_counted(page, people, settle, shown, tmp_path):
    path = tmp_path / "胸卡.pdf"
    to_file(page, path, page._chosen("ISSUED"), settle)
    names = ("沈华棣", "long")
    assert codes_in(path) == [badge_of(page.context, people[name]).code for name in names]
    assert prints(page.context, people) == {"沈华棣": 1, "long": 1, "已打印": 1, "已领取": 1}
    assert shown(page) == [("ok", "已存为 胸卡.pdf"), ("ok", "已打印 2 张，已记数")]
    assert page.header._fact.whole_text == "已制证 4 张 · 已打印 4"


def test_the_second_print_counts_and_can_be_taken_back(page, people, settle, tmp_path):
    for _turn in range(2):
        to_file(page, tmp_path / "胸卡.pdf", [people["沈华棣"]], settle)
    assert (badge_of(page.context, people["沈华棣"]).print_count, page._stock.reprinted) == (2, 1)
    page.undo()
    page.undo()
    settle()
    badge = badge_of(page.context, people["沈华棣"])
    assert (badge.print_count, badge.printed_at, page.print_button.text()) == (0, None, "打印未打胸卡 2")
    page.redo()
    assert badge_of(page.context, people["沈华棣"]).print_count == 1


def test_copies_are_counted_one_by_one(page, people, context):
    badge = badge_of(context, people["沈华棣"])
    page._on_printed(page._maker([people["沈华棣"]])(Path(str(context.db.path) + ".pdf"), lambda *_told: None), 3)
    assert badge_of(context, people["沈华棣"]).print_count == badge.print_count + 3


def test_whoever_has_the_badge_is_left_out_and_it_is_said(page, people, settle, shown, tmp_path):
    to_file(page, tmp_path / "胸卡.pdf", [people["沈华棣"], people["已领取"]], settle)
    assert prints(page.context, people) == {"沈华棣": 1, "long": 0, "已打印": 1, "已领取": 1}
    assert shown(page)[-1] == ("warn", "1 人的胸卡已在本人手里，没有补打。要再打，先换发新卡。")


def test_a_badge_in_hand_is_refused_with_the_way_out(page, people, settle, shown, window, tmp_path):
    to_file(page, tmp_path / "胸卡.pdf", [people["已领取"]], settle)
    ((kind, words),) = shown(page)
    assert (kind, words.startswith("胸卡已交到本人手里，不能补打同一张")) == ("warn", True)
    assert list(tmp_path.glob("*.pdf")) == []
    old = badge_of(page.context, people["已领取"])
    (toast,) = messages.toasts(page)
    next(button for button in toast.findChildren(QPushButton) if button.text() == "换发新卡").click()
    box = dialog.top(window)
    assert box.title.text() == "为 已领取 换发新卡"
    box.findChild(type(box.first_focus())).setText("遗失")
    next(button for button in box.findChildren(QPushButton) if button.text() == "换发").click()
    settle()
    new = badge_of(page.context, people["已领取"])
    assert (new.id != old.id, new.print_count, page.print_button.text()) == (True, 0, "打印未打胸卡 3")


def test_the_preview_is_the_card_that_is_printed(page, people, settle, tmp_path):
    page.view.select_id(people["沈华棣"])
    settle()
    image = page.side.paper.image.convertToFormat(QImage.Format.Format_Grayscale8)
    enlarged = image.scaled(image.width() * 3, image.height() * 3)
    rows = bytes(enlarged.constBits())
    line = enlarged.bytesPerLine()
    picture = Image.frombytes("L", (line, enlarged.height()), rows)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [badge_of(page.context, people["沈华棣"]).code]
    assert page.side.place.whole_text == "2 / 5 · 沈华棣"


def test_the_arrows_walk_through_what_is_chosen(page, people, settle):
    page.view.select_id(people["未制证"])
    settle()
    assert (page.side.is_missing, page.side.back.isEnabled(), page.side.on.isEnabled()) == (True, False, True)
    page.side.on.click()
    settle()
    assert (page.view.current_id(), page.side.is_missing) == (people["沈华棣"], False)
    page.model.check_only([people["沈华棣"], people["已领取"]])
    page.side.on.click()
    settle()
    assert (page.view.current_id(), page.side.on.isEnabled()) == (people["已领取"], False)


def test_sheets_show_those_who_will_be_printed(page, people, settle):
    page.side.papers.setCurrentIndex(page.side.papers.findData("4xA6"))
    page.side.papers.activated.emit(page.side.papers.currentIndex())
    page.view.select_id(people["沈华棣"])
    settle()
    assert page._sheet() == ([people["沈华棣"], people["long"]], 0, 1)
    assert page.context.settings.badge_layout == "4xA6"
    ratio = page.side.paper.image.width() / page.side.paper.image.height()
    assert round(ratio, 2) == round(210 / 297, 2)


def test_the_buttons_say_how_many_and_the_side_why_not_all(page, people, settle):
    assert page.pdf_button.text() == "存为 PDF 2"
    assert page.pdf_button.toolTip() == "未打印的 2 张，存下后记为已打印"
    said = {label.text() for label in page.side.findChildren(Label)}
    page.model.check_all()
    settle()
    said = {label.text() for label in page.side.findChildren(Label)} - said
    assert said == {"勾选的 3 张", "另 2 人不打印：未制证 1、已领取 1（卡在本人手里，要再打先换发）"}
    page.model.check_only([people["已打印"]])
    settle()
    assert (page.pdf_button.text(), page.pdf_button.isEnabled()) == ("存为 PDF", False)
    assert page.pdf_button.toolTip() == "没有未打印的胸卡。要再打，勾选后按“打印”。"


def test_what_will_not_fit_is_listed_before_printing(page, people, settle):
    banners = [banner.text for banner in page.side.findChildren(Banner)]
    items = page.side.findChildren(ItemRow)
    assert (banners, len(items)) == (["1 处印出来会变小、截断或缺字，先看一眼"], 1)
    page.bar.choose(badge="PRINTED")
    page.model.check_all()
    settle()
    (fine,) = [banner.text for banner in page.side.findChildren(Banner) if banner.isVisible()]
    assert fine == "最长姓名 3 字可排下，最小 41 pt"
    page.model.check_all(False)
    page.bar.clear()
    settle()
    next(item for item in page.side.findChildren(ItemRow) if item.isVisible()).pressed.emit()
    settle()
    assert page.view.current_id() == people["long"]


def test_a_problem_put_right_goes_away(page, people, settle, context):
    context.db.actor = Actor("李可", Role.REGISTRAR)
    page.save({"person.name": "让·勒费弗尔"}, people["long"], {})
    settle()
    assert [banner.text for banner in page.side.findChildren(Banner) if banner.isVisible()] == [
        "最长姓名 6 字可排下，最小 37.5 pt"
    ]


def test_the_list_follows_other_desks(page, people, context, settle):
    badges.mark_printed(context.db, [badge_of(context, people["沈华棣"]).id])
    settle()
    assert page.print_button.text() == "打印未打胸卡 1"


def test_others_bring_people_to_be_printed(page, people, settle):
    page.open_with(BadgesRoute(people=[people["long"], people["已打印"]]))
    settle()
    assert (set(page.checked()), page.print_button.text()) == ({people["long"], people["已打印"]}, "打印未打胸卡 1")
    page.open_with(BadgesRoute(facets={"badge": "NONE"}))
    assert [page.value(row, "person.name") for row in page.model.rows()] == ["未制证"]


def test_a_preview_that_fails_says_so_and_is_tried_again(page, people, settle):
    page._on_no_preview(UserError("磁盘满了", "E-DISK"))
    assert page.side.is_missing
    assert "画不出预览" in [label.text() for label in page.side._missing.findChildren(Label)]
    next(button for button in page.side._missing.findChildren(QPushButton) if button.text() == "重试").click()
    page.view.select_id(people["沈华棣"])
    settle()
    assert not page.side.is_missing


def test_an_auditor_looks_and_prints_nothing(context, window, people, qtbot):
    context.db.actor = Actor("孙正", Role.AUDITOR)
    made = BadgesPage(context)
    put(window, made)
    qtbot.waitUntil(lambda: not jobs.running())
    buttons = (made.issue_button, made.pdf_button, made.print_button)
    assert [button.isEnabled() for button in buttons] == [False] * 3
    assert made.bulk_actions([people["沈华棣"]]) == []
    made.view.select_id(people["沈华棣"])
    qtbot.waitUntil(lambda: not jobs.running() and made.side.is_missing)


def test_an_expo_without_people_shows_the_way(context, window, qtbot):
    made = BadgesPage(context)
    put(window, made)
    asked = []
    context.navigated.connect(lambda route: asked.append(route.spec.name))
    next(button for button in made.findChildren(QPushButton) if button.text() == "去登记").click()
    assert asked == ["attendees"]
    qtbot.waitUntil(lambda: not jobs.running())


def test_both_languages(context, window, people, qtbot):
    i18n.set_language("en")
    made = BadgesPage(context)
    put(window, made)
    qtbot.waitUntil(lambda: not jobs.running() and bool(made.rows))
    qtbot.wait(300)
    qtbot.waitUntil(lambda: not jobs.running())
    for button in made.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_cards_and_screens_show_a_category_in_one_colour(page):
    dot = next(column.tone for column in page.model.columns if column.name == "category_id")
    cards = badges.cards(page.context.db, page.context.expo_id)
    assert {card.category.label: dot(card.category.label) for card in cards} == {
        card.category.label: card.face()["category_colour_key"] for card in cards
    }
    assert dot("参展商") == "cat.it"


def test_a_booth_given_meanwhile_stands_on_the_card_at_once(page, context, people, settle):
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        own = make_exhibitor(session, expo, "嘉定氢能")
        session.get_one(Attendee, people["沈华棣"]).exhibitor_id = own.id
        booth = make_booth(session, expo, "A-007").id
    settle()
    page.view.select_id(people["沈华棣"])
    settle()
    before = page.side.paper.image.copy()
    with context.db.transaction() as session:
        session.get_one(Booth, booth).exhibitor_id = own.id
    settle()
    assert page.side.paper.image.size() == before.size()
    assert page.side.paper.image != before
