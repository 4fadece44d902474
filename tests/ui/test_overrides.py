"""An error that leaves a method Qt calls reaches whoever asked Qt, on every Python: it never ends the process."""

import subprocess
import sys

import pytest

PROGRAM = """
from PySide6.QtWidgets import QApplication, QGraphicsItem
from expo_app.ui.kit.buttons import Button

app = QApplication([])

class Page(Button):
    def showEvent(self, event):
        {wrong}

try:
    Page("x").show()
except {error} as error:
    print(type(error).__name__, app.closingDown())
"""


@pytest.mark.parametrize(
    ("wrong", "error"), [("1 / 0", "ZeroDivisionError"), ("{}['a']", "KeyError"), ("int('x')", "ValueError")]
)
def test_an_error_in_an_event_is_raised(wrong, error):
    program = PROGRAM.replace("{wrong}", wrong).replace("{error}", error)
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (child.returncode, child.stdout.split()) == (0, [error, "False"]), child.stderr
