"""What a view of 专利拍卖 is: one of the page's three, over the session chosen in its header."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from expo_app.ui.page import Page


class AuctionView(Page):
    """One view, made with the context. `fact_changed(words)`: more behind the session's own facts in the line under the
    title. `is_current` says whether it is in front; what is not need not look again at every change.
    """

    fact_changed = Signal(str)
    session_id: uuid.UUID | None = None

    def show_session(self, session_id: uuid.UUID | None) -> None:
        """Show this session; None: there is none yet."""
        self.session_id = session_id
        self.refresh()

    def buttons(self) -> Sequence[QWidget]:
        """Buttons at the right of the page's header while it is in front, primary last; made once."""
        return ()
