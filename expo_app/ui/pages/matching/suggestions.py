"""建议: which demand, why this offer, who has said yes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from expo_app.ui.context import Context
from expo_app.ui.pages.matching.face import Face


class SuggestionsFace(Face):
    """Demands or supply at the left, suggestions in the middle, both sides of one in the panel."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
