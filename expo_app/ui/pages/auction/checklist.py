"""筹备检查."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.ui.context import Context
from expo_app.ui.kit.panels import column
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.auction.view import AuctionView


class ChecklistView(AuctionView):
    """Being made."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        column(self, 0).addWidget(EmptyState("list-check", _("还没有标的"), "", []))
