"""Tab reaches all that is in sight, on every screen and both ways round, and in the order it is read."""

import gc
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QMainWindow, QPushButton, QTableView, QWidget
from shiboken6 import isValid

from expo_app import i18n
from expo_app.store.database import Database, open_database
from expo_app.ui.kit import dialog, tab_order
from expo_app.ui.kit.panels import column, scrolled
from expo_app.ui.window import Window
from expo_app.ui.window.locked import LockedPage
from expo_app.ui.window.sign_in import SignInPage
from expo_app.ui.window.start import StartPage
from tests.ui.conftest import put

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))
import scenes
from stage import Stage

SLOW = ("reports-files", "reports-busy", "preview")  # they write documents; what has the focus is as on the page
MOST = 600  # presses: more than any ring has, with every block of the timeline


@pytest.fixture
def stage(fair_file: Path, tmp_path: Path, themed: QApplication) -> Iterator[Stage]:
    made = Stage(fair_file, tmp_path, "zh_CN", "light", (1366, 768))
    made.open()
    made.window.activateWindow()
    yield made
    made.close()
    i18n.set_language("zh_CN")


def stop(widget: QWidget) -> QObject:
    """What it is to Tab: buttons one of which is always chosen are one stop, and arrows go on from there."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group if group is not None and group.exclusive() else widget


def in_sight(root: QWidget) -> set[QObject]:
    """What takes the focus by Tab and can be seen; a box that hands it to a part of itself is that part."""
    return {
        stop(widget)
        for widget in root.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if widget.isVisible() and widget.isEnabled()
    }


def ring(key: Qt.Key) -> list[QWidget]:
    """What has the focus, press after press, until it is where it was; a canvas keeps it for several."""
    reached: list[QWidget] = []
    for _press in range(MOST):
        QTest.keyClick(QApplication.focusWidget(), key)
        now = QApplication.focusWidget()
        if reached and now is reached[0] and reached[-1] is not now:
            return reached
        if not reached or now is not reached[-1]:
            reached.append(now)
    return reached if len(reached) == 1 else []


def words(stops: Iterable[QObject]) -> list[str]:
    """What a failure says of them."""
    named = [s.checkedButton() if isinstance(s, QButtonGroup) else s for s in stops]
    return sorted(f"{type(s).__name__} {getattr(s, 'text', str)()} {s.accessibleName()}" for s in named)


def nameless(widgets: Iterable[QWidget]) -> list[str]:
    """Those of which a screen reader could not say what they are."""
    told = [(widget, widget.accessibleName() or getattr(widget, "text", str)()) for widget in widgets]
    return [f"{type(widget).__name__} has no name" for widget, name in told if not name]


def lost(root: QWidget) -> list[str]:
    """What is in sight and not on the ring, or the other way round; and what has no name there."""
    wanted = in_sight(root)
    heads = [view.horizontalHeader() for view in root.findChildren(QTableView) if view.isVisible()]
    found = [words(wanted ^ {stop(widget) for widget in ring(key)}) for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)]
    return found[0] + found[1] + nameless([*tab_order.stops(root), *heads])


def shown_by(scene: scenes.Scene, stage: Stage) -> QWidget:
    """The box or the window that has the focus once the scene is set."""
    window = scene.draw(stage) or stage.window
    stage.settle()
    window.activateWindow()
    return dialog.top(window) or window


def wanted(kind: str) -> list[scenes.Scene]:
    """The scenes of a kind; a desk and the rare states of a screen are not told apart here."""
    known = {scene.name: scene for scene in scenes.scenes()}
    if kind == "pages":
        names = [name for name in known if "-" not in name and name not in scenes.OTHERS] + [
            name for name in scenes.PANELS if name not in SLOW
        ]
        names += [name for name in known if name.startswith("settings-") and not name.endswith("-new")]
    elif kind == "forms":
        names = [name for name in known if name.startswith("new-") or name.endswith("-new")]
    elif kind == "dialogs":
        names = [f"dialog-{name}" for name in scenes.DIALOGS if name not in ("toasts", "import-cell", *SLOW)]
    else:
        names = ["desk-idle", *(f"desk-panel-{name}" for name in scenes.DESK_PANELS)]
    return [known[name] for name in dict.fromkeys(names) if name in known]


@pytest.mark.timeout(900)  # a key for every stop of every screen
@pytest.mark.parametrize("kind", ["pages", "forms", "dialogs", "desk"])
def test_tab_closes_its_ring_over_all_that_is_in_sight(kind: str, stage: Stage) -> None:
    missed = {}
    for scene in wanted(kind):
        root = shown_by(scene, stage)
        missed[scene.name] = lost(root)
        stage.clear()
    assert {name: what for name, what in missed.items() if what} == {}
    assert len(missed) > 6


def locked(db: Database) -> QWidget:
    return LockedPage(db)


def names(db: Database) -> QWidget:
    return SignInPage(db)


def pin(db: Database) -> QWidget:
    return SignInPage(db, "陈放")


def test_the_order_is_that_of_reading(stage: Stage) -> None:
    page = stage.go("exhibitors")
    page.open_record(page.rows[0][0])
    parts = (page.bar.search, page.bar, page.header, page.view, page._foot, page.panel)
    order = tab_order.stops(page)
    places = [next(n for n, part in enumerate(parts) if part is at or part.isAncestorOf(at)) for at in order]
    assert places == sorted(places)
    assert set(places) == set(range(len(parts)))
    panel = stage.go("reports").panel
    told = [at.text() for at in tab_order.stops(panel) if isinstance(at, QAbstractButton)]
    assert told.index("PDF") < told.index("生成")


def test_what_the_walk_has_seen_lives_on(window: QMainWindow) -> None:
    inside = QPushButton("inside")
    content = QWidget()
    column(content).addWidget(inside)
    window.setCentralWidget(scrolled(content))
    del content
    window.centralWidget().show()
    for _turn in range(3):
        assert tab_order.stops(window) == [inside]
        gc.collect()
    assert isValid(inside)


@pytest.mark.parametrize("make", [locked, names, pin])
def test_so_it_does_where_the_frame_is_not(
    make: Callable[[Database], QWidget], main_window: Window, sample_file: Path, tmp_path: Path
) -> None:
    db = open_database(shutil.copy(sample_file, tmp_path / "expo.db"))
    main_window._show(make(db))
    QApplication.processEvents()
    assert len(in_sight(main_window)) > 2
    assert lost(main_window) == []
    db.close()


def test_so_it_does_on_the_start_page_and_in_its_form(main_window: Window) -> None:
    page = StartPage(["/nowhere/2017.db"])
    main_window._show(page)
    QApplication.processEvents()
    assert lost(main_window) == []
    page.make_new()
    box = dialog.top(main_window)
    assert box is not None
    assert lost(box) == []


class Around(QMainWindow):
    """Goes on by Tab as the program's window does."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        return tab_order.go_on(self, forward)


def test_the_focus_stays_beside_what_is_taken_away(qapp: QApplication) -> None:
    """A button of a panel that is made anew, behind a question or not: never to the window's first field."""
    window = Around()
    window.show()
    window.activateWindow()
    qapp.processEvents()
    whole, panel = QWidget(), QWidget()
    lines, inside = column(whole), column(panel)
    first, other = QPushButton("first"), QPushButton("other")
    lines.addWidget(first)
    lines.addWidget(panel)
    inside.addWidget(other)
    put(window, whole)
    for is_asked in (False, True):
        gone = QPushButton("gone")
        inside.insertWidget(0, gone)
        QApplication.processEvents()
        gone.setFocus()
        question = dialog.Dialog(window, "question") if is_asked else None
        if question is not None:
            question.open()
        gone.hide()
        gone.deleteLater()
        if question is not None:
            question.close_with(True)
        assert QApplication.focusWidget() is other, is_asked
    rows = QTableView()
    lines.addWidget(rows)
    whole.setFocusProxy(rows)
    QApplication.processEvents()
    other.setFocus()
    inside.addWidget(QPushButton("delete"))
    other.hide()
    assert QApplication.focusWidget() is rows
