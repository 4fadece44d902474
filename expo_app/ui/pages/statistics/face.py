"""What a face of 统计 is: the page's header switches between them and shows the actions of the one in front."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from expo_app.ui.page import Page


class Face(Page):
    """One face. `fact_changed(words)`: the line under the page's title; `buttons`: its buttons, primary last."""

    fact_changed = Signal(str)

    def buttons(self) -> Sequence[QWidget]:
        """Buttons at the right of the header; made once."""
        return ()
