"""Where one can go: every route reaches its page, and mypy knows a misspelt one."""

import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton, QWidget

from expo_app import routes
from expo_app.registry import areas
from expo_app.routes import ListRoute, Route
from expo_app.routes.settings import SectionRoute
from expo_app.services import expos, press, records
from expo_app.services.statistics.overview import overview
from expo_app.services.statistics.scope import scope_of
from expo_app.settings import Settings
from expo_app.specs import DEALS, SPECS, WORDS
from expo_app.specs.figures import Trace
from expo_app.specs.press import NUMBERS
from expo_app.store.database import open_database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.page import Page
from expo_app.ui.pages.settings import SettingsPage, homes, subjects
from expo_app.ui.pages.vocabularies.word_list import WordList
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.window.frame import Frame
from tests.ui.conftest import put

ROOT = Path(__file__).resolve().parents[2]
LISTS = [entry for area in areas() for entry in area.lists if entry.page or entry.section or entry.found]
GIVEN = {"day": date(2018, 11, 29), "record": uuid.uuid4()}


def every_route() -> list[type[Route]]:
    """Those with a page of their own; a list's page is found by its spec."""
    for known in iter_modules(routes.__path__):
        import_module(f"{routes.__name__}.{known.name}")
    found, left = list[type[Route]](), [Route]
    while left:
        left += (below := left.pop().__subclasses__())
        found += [each for each in below if each.page]
    return found


@pytest.fixture
def frame(context: Context, window: QMainWindow) -> Frame:
    made = Frame(context, "home")
    put(window, made)
    return made


def settle() -> None:
    QApplication.processEvents()
    assert jobs.wait()
    QApplication.processEvents()


@pytest.mark.parametrize("kind", every_route(), ids=lambda kind: kind.__name__)
def test_every_route_reaches_its_page(frame: Frame, kind: type[Route]) -> None:
    needed = {f.name: GIVEN[f.name] for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    frame.context.navigate(kind(**needed))
    settle()
    assert frame.page_name == kind.page
    assert isinstance(frame.page, Page)


@pytest.mark.parametrize("entry", LISTS, ids=lambda entry: entry.spec.name)
def test_every_list_is_reached_by_its_spec(frame: Frame, entry: object) -> None:
    frame.context.navigate(ListRoute(entry.spec, search="甲"))  # type: ignore[attr-defined]
    settle()
    shown: object = frame.page
    while not isinstance(shown, ListPage | WordList):
        shown = getattr(shown, "shown", None) or shown.current  # type: ignore[union-attr]
    search = shown.bar.search if isinstance(shown, ListPage) else shown.search
    specs = (shown.spec, WORDS) if isinstance(shown, WordList) else (shown.spec,)
    assert entry.spec in specs  # type: ignore[attr-defined]
    assert search.text() == "甲"


def traces(found: object) -> list[Trace]:
    """Every trace that plain data holds, however deep."""
    if isinstance(found, Trace):
        return [found]
    if isinstance(found, tuple | list):
        return [trace for each in found for trace in traces(each)]
    parts = fields(found) if is_dataclass(found) else ()
    return [trace for each in parts for trace in traces(getattr(found, each.name))]


@pytest.mark.usefixtures("qapp")
def test_the_records_of_every_figure_are_shown(
    fair_file: Path, tmp_path: Path, window: QMainWindow, shown: Callable[[QWidget], list[tuple[str, str]]]
) -> None:
    db = open_database(shutil.copy(fair_file, tmp_path / "fair.db"))
    context = Context(db, Settings(), expos.current(db), window)
    frame = Frame(context, "home")
    put(window, frame)
    expo = context.expo
    assert expo is not None
    now = context.now()
    with db.reading() as session:
        scope = scope_of(session, expo.id)
        wanted = [traces(list(area.figures(session, scope))) for area in areas() if area.figures]
    figures = press.at(db, expo.id, now)
    wanted += [traces(overview(db, expo.id, now)), [press.trace(db, expo.id, figures, name) for name in NUMBERS]]
    every = {trace.words: trace for one in wanted for trace in one}
    assert {"checkins", "attendees", "exhibitors", "programme", "deals"} <= {trace.spec for trace in every.values()}
    for trace in every.values():
        frame.go(ListRoute(SPECS[trace.spec], trace=trace))
        settle()
        page: object = frame.page
        while not isinstance(page, ListPage):
            page = getattr(page, "shown", None) or page.current  # type: ignore[union-attr]
        assert page.spec.name == ("attendees" if trace.spec == "checkins" else trace.spec)
        assert {row[0] for row in page.model.rows()} == records.traced(db, trace, page.spec), trace.words
        assert any(button.text().startswith(trace.words) for button in page.findChildren(QPushButton)), trace.words
    assert shown(frame) == []
    context.close()


def test_a_list_without_a_page_is_said_and_nothing_else(
    frame: Frame, shown: Callable[[QWidget], list[tuple[str, str]]]
) -> None:
    frame.go(ListRoute(replace(DEALS, name="nowhere")))
    settle()
    assert frame.page_name == "home"
    assert [kind for kind, _words in shown(frame)] == ["info"]


def test_every_subject_of_the_settings_is_reached(frame: Frame) -> None:
    for subject in subjects():
        frame.context.navigate(SectionRoute(subject.key))
        assert isinstance(frame.page, SettingsPage)
        place = frame.asked.place()
        assert isinstance(place, SectionRoute)
        assert (frame.page.key, homes().get(place.key, place.key)) == (subject.key, subject.key)
    settle()


def test_every_act_step_and_hit_of_the_palette_has_a_page(frame: Frame) -> None:
    wanted = [act.route for area in areas() for act in area.acts]
    wanted += [step.route for area in areas() for step in area.steps if isinstance(step.route, Route)]
    for entry in LISTS:
        if entry.found:
            fields_ = (*entry.found.fields, *entry.found.reasons)
            assert [entry.spec.field(name).name for name in fields_] == list(fields_)
            wanted.append(entry.found.route(GIVEN["record"]) if entry.found.route else ListRoute(entry.spec))
    lists = {entry.spec.name: entry.page_name for area in areas() for entry in area.lists}
    names = {lists[r.spec.name] if isinstance(r, ListRoute) and not r.page else r.page for r in wanted}
    assert names <= set(frame.defs)


WRONG = """
from expo_app.routes import ListRoute
from expo_app.routes.floor import PlanRoute, PlanRuote
from expo_app.specs import DEALS
from expo_app.ui.context import Context

def go(context: Context) -> None:
    context.navigate("deals")
    context.navigate(ListRoute(DEALS, recrod=None))
    context.navigate(PlanRoute(booth="A-001"))
"""


@pytest.mark.slow
def test_a_misspelt_page_or_argument_fails_the_type_check(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(WRONG, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--follow-imports=silent", "--no-error-summary", str(file)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    lines = [line.split(":")[1] for line in said.splitlines() if ": error:" in line]
    assert sorted(set(lines)) == ["10", "3", "8", "9"], said
