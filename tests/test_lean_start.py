"""What the window must not load before its first page is on the screen: start-up is measured in tests/bench."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from expo_app.store.database import Database
from tests.conftest import QT_MISSING
from tests.factories import make_expo

ROOT = Path(__file__).resolve().parents[1]
SLOW = {
    "openpyxl", "reportlab", "qrcode", "alembic", "pypinyin", "python_calamine", "argon2", "psycopg", "PIL",
    "pypdfium2", "defusedxml", "sqlalchemy.dialects.postgresql", "PySide6.QtMultimedia", "PySide6.QtPrintSupport",
    "expo_app.ui.window.help",
}  # fmt: skip
START = """
import os, sys
from PySide6.QtCore import QTimer
from expo_app import app
from expo_app.ui.pages import home

class Watched(home.HomePage):
    def show_overview(self, overview):
        super().show_overview(overview)
        QTimer.singleShot(0, tell)

def tell():
    print("\\n".join(sys.modules), flush=True)
    os._exit(0)

home.HomePage = Watched
app.main([sys.argv[1]])
"""

ASKED = """
import sys
from expo_app.services import expos, operators
from expo_app.services.statistics.overview import overview
from expo_app.store.database import open_database
from expo_app.model import Base

db = open_database(sys.argv[1])
operators.sample_actor(db)
overview(db, expos.current(db).id, db.now())
print(any(mapper.configured for mapper in Base.registry.mappers))
"""


@pytest.mark.skipif(bool(QT_MISSING), reason="Qt cannot be loaded")
def test_the_first_page_loads_no_slow_library(db: Database, tmp_path: Path) -> None:
    loaded = set(said(START, db, tmp_path).split())
    assert "expo_app.services.statistics" in loaded
    assert sorted(loaded & SLOW) == []


def test_the_figures_of_the_first_page_configure_no_mapper(db: Database, tmp_path: Path) -> None:
    assert said(ASKED, db, tmp_path) == "False\n"


def said(code: str, db: Database, home: Path) -> str:
    """What a child process prints that runs `code` on a file with one expo."""
    with db.transaction() as session:
        make_expo(session, is_sample=True)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "EXPO_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, db.url]
    child = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert child.returncode == 0, child.stderr
    return child.stdout
