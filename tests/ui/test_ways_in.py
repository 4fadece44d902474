"""Lists opened from elsewhere: with a filter, a record, people to tick or a figure to trace, before their first rows
are there; every number of 总览 that can be pressed opens the very records it counted.
"""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from expo_app.model import ExhibitorState, Expo
from expo_app.registry import areas
from expo_app.routes import ListRoute
from expo_app.routes.badges import BadgesRoute
from expo_app.services import expos
from expo_app.settings import Settings
from expo_app.store.database import open_database
from expo_app.ui import pages
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.pages.badges import BadgesPage
from expo_app.ui.records import list_page
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.records.switched_lists import SwitchedLists
from expo_app.ui.window import Window
from tests.factories import make_deal, make_exhibitor, make_organisation
from tests.ui.conftest import put

Make = Callable[[Context], ListPage]


def every_list() -> dict[str, Make]:
    """How every list of the program is made, wherever it is shown: those with a class, and those without."""
    for known in walk_packages(pages.__path__, f"{pages.__name__}."):
        import_module(known.name)
    found, left = list[type[ListPage]](), [ListPage]
    while left:
        left += (below := left.pop().__subclasses__())
        found += [each for each in below if each.__module__.startswith(pages.__name__) and not each.__subclasses__()]
    classes: dict[str, Make] = {page.__name__: page for page in sorted(found, key=lambda page: page.__name__)}
    entries = [entry for area in areas() for entry in area.lists if entry.section and not entry.section.make]
    return classes | {entry.spec.name: entry.make for entry in entries}


@pytest.fixture
def at_fair(fair_file: Path, tmp_path: Path, window: QMainWindow, qapp: QApplication) -> Iterator[Context]:
    """The sample expo in the middle of its second morning."""
    db = open_database(shutil.copy(fair_file, tmp_path / "expo.db"))
    made = Context(db, Settings(), expos.current(db), window)
    yield made
    settle()
    made.close()
    db.close()


def settle() -> None:
    """Until no worker runs and what they found has arrived."""
    for _turn in range(4):
        QApplication.processEvents()
        assert jobs.wait(60_000)
        QApplication.processEvents()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list is read by a worker, as a long one is."""
    monkeypatch.setattr(list_page, "LARGE", -1)


def wishes(page: ListPage) -> list[dict[str, Any]]:
    """One choice by every facet that tells rows apart, and every toggle, as another page would ask for it."""
    read = page._ready(page.load(page.context.db, page.context.expo_id))[1]
    facets = [{f.name: coded.values[-1][-1]} for f, coded in zip(page.bar.facets, read, strict=False) if coded.values]
    wanted = [each for each in facets if None not in each.values()]
    return [*wanted, *({toggle.name: True} for toggle in page.bar.toggles), {"search": "a"}]


@pytest.mark.parametrize("kind", every_list().values(), ids=list(every_list()))
def test_a_filter_may_come_before_the_first_rows(kind: Make, at_fair: Context, window: QMainWindow, slow: None) -> None:
    for wish in wishes(kind(at_fair)):
        page = kind(at_fair)
        put_without_events(window, page)
        page.open_with(
            ListRoute(page.spec, search=wish.get("search", ""), facets={k: v for k, v in wish.items() if k != "search"})
        )
        assert page._pages.currentWidget() is page._skeleton
        settle()
        early, said = page.model.rows(), page.bar.describe()
        page.bar.clear()
        page.bar.choose(**wish)  # now that the rows are there
        assert (early, said) == (page.model.rows(), page.bar.describe())
        assert said


def test_a_choice_that_no_row_meets_any_more_stays_in_sight(at_fair: Context, window: QMainWindow) -> None:
    page = every_list()["ExhibitorsPage"](at_fair)
    put(window, page)
    page.bar.choose(region_group="温州")
    rest = [row for row in page.load(at_fair.db, at_fair.expo_id) if page.bar.facets[0].key(row) != "温州"]
    page._take(*page._ready(rest))
    assert page.model.rows() == []
    assert page.bar._chips.chip("温州").isChecked()


def put_without_events(window: QMainWindow, page: ListPage) -> None:
    """Shown, and nothing a worker found has arrived."""
    window.setCentralWidget(page)
    page.show()


def test_a_record_is_shown_once_the_rows_are_there(at_fair: Context, window: QMainWindow, slow: None) -> None:
    kind = every_list()["ExhibitorsPage"]
    wanted = kind(at_fair).load(at_fair.db, at_fair.expo_id)[40][0]
    page = kind(at_fair)
    put_without_events(window, page)
    page.open_with(ListRoute(page.spec, record=wanted))
    settle()
    assert (page.view.current_id(), page.panel.record_id) == (wanted, wanted)


def test_people_to_print_are_ticked_once_the_rows_are_there(at_fair: Context, window: QMainWindow, slow: None) -> None:
    page = BadgesPage(at_fair)
    people = [row[0] for row in page.load(at_fair.db, at_fair.expo_id)[:3]]
    put_without_events(window, page)
    page.open_with(BadgesRoute(people=people))
    settle()
    assert page.model.checked == set(people)


def test_people_registered_since_are_ticked_too(at_fair: Context, window: QMainWindow, slow: None) -> None:
    """The list was read before; it is read again, and they are in it then."""
    page = BadgesPage(at_fair)
    put(window, page)
    settle()
    known = page.rows[0][0]
    page._take(page.rows[1:], page.bar.keys_of(page.rows[1:]), {row[0]: n for n, row in enumerate(page.rows[1:])})
    page.refresh()
    page.open_with(BadgesRoute(people=[known]))
    settle()
    assert page.model.checked == {known}


# --- 总览 ---


@pytest.fixture
def fair_window(fair_file: Path, tmp_path: Path, qapp: QApplication) -> Iterator[Any]:
    """The sample expo in its window, one deal that may repeat another, a company whose region nobody noted."""
    path = shutil.copy(fair_file, tmp_path / "expo.db")
    db = open_database(path)
    with db.transaction() as session:
        expo = session.get_one(Expo, expos.all_expos(db)[0].id)
        for _twice in range(2):
            make_deal(session, expo, "同一项目", sellers=("甲厂",), buyers=("乙所",), contract_no="HT-2018-1")
        firm = make_organisation(session, "无处科技有限公司", region_code=None)
        make_exhibitor(session, expo, organisation_id=firm.id, state=ExhibitorState.ARRIVED)
    db.close()
    window = Window(Settings())
    window.resize(1440, 900)
    window.open(str(path))
    window.show()
    settle()
    yield window
    window.close_database()


def presses(board: Any) -> list[tuple[int, Callable[[], object]]]:
    """(number, how to press it) of every number of 总览."""
    seen = board._shown
    rooms = [b for b in board.findChildren(Button) if b.text().startswith("在场")]
    present = [room.present for room in seen.rooms if room.current]
    alerts = [b for b in board.alerts.listed.findChildren(Button) if b.text() != "去处理"]
    return [
        (seen.checked_in.value, board.people.pressed.emit),
        (seen.arrived.value, board.stands.pressed.emit),
        (seen.signed.value, board.deals.pressed.emit),
        *zip((a.value for a in seen.alerts if a.name != "clashes"), (b.click for b in alerts), strict=True),
        *zip(present, (b.click for b in rooms), strict=True),
        *((bar.value, partial(board.arrivals.pressed.emit, n)) for n, bar in enumerate(board.arrivals.bars)),
    ]


def test_every_number_opens_the_records_it_counted(fair_window: Any) -> None:
    window, places = fair_window, range(len(presses(fair_window.frame.page._body)))
    assert len(places) >= 12
    for place in places:
        window.frame.show_page("home")
        settle()
        number, press = presses(window.frame.page._body)[place]
        press()
        settle()
        page = window.frame.page
        listed = page.shown if isinstance(page, SwitchedLists) else page
        assert (place, len(listed.model.rows())) == (place, number)
        assert listed.bar.describe()


def test_the_records_of_a_figure_follow_what_changes(fair_window: Any) -> None:
    window = fair_window
    body = window.frame.page._body
    body.stands.pressed.emit()
    settle()
    page = window.frame.page
    before = len(page.model.rows())
    page.set_state([page.model.id_at(0)], ExhibitorState.SETTING_UP)
    settle()
    assert (len(page.model.rows()), page.bar.only_chip.count) == (before - 1, before - 1)
    page.bar.only_chip.click()
    assert (len(page.model.rows()), page.bar.only_chip.isHidden()) == (len(page.rows), True)
    page.refresh()
    settle()
    assert len(page.model.rows()) == len(page.rows) > before
    window.frame.show_page("home")


# --- taking back from the search field ---


def test_ctrl_z_in_an_empty_search_takes_back_the_pages_last_act(fair_window: Any, qtbot: QtBot) -> None:
    window = fair_window
    window.activateWindow()
    window.frame.show_page("exhibitors")
    settle()
    page = window.frame.page
    first = page.model.id_at(0)
    before = page.value(page.model.row(0), "state")
    page.set_state([first], ExhibitorState.CANCELLED)
    settle()
    page.focus_search()
    qtbot.keyClicks(page.bar.search, "ab")
    qtbot.keyClick(page.bar.search, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert page.acts.can_undo  # it was the typed words that went
    page.bar.clear()
    settle()
    qtbot.keyClick(page.bar.search, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert (page.acts.can_undo, page.value(page.model.row(page.model.place_of(first)), "state")) == (False, before)
