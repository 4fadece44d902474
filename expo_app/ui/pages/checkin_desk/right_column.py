"""The right column of the desk: one panel at a time over the last scans, and the registration begun before."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from expo_app.ui.pages.checkin_desk.arrivals import WalkInPanel
from expo_app.ui.pages.checkin_desk.layout import Side
from expo_app.ui.pages.checkin_desk.panels import ChoosePanel, SidePanel, focus_soon


class RightColumn:
    """`shown`: the panel there is. `go_home()` puts the focus where a code goes, `choose()` asks for a desk while
    `is_chosen()` says that there is none.
    """

    def __init__(
        self, go_home: Callable[[], object], is_chosen: Callable[[], bool], choose: Callable[[], object]
    ) -> None:
        self._go_home, self._is_chosen, self._choose = go_home, is_chosen, choose
        self._side: Side | None = None
        self.shown: SidePanel | None = None
        self._kept: WalkInPanel | None = None

    def stand_in(self, side: Side) -> None:
        """Open panels in this column from now on."""
        self._side = side

    def show(self, panel: SidePanel) -> None:
        """Open a panel; a half-filled registration is kept for the next F2."""
        self._put_away()
        self.shown = panel
        if self._side is not None:
            self._side.panel.addWidget(panel)
            panel.show()
            self._side.show_panel(panel)
        focus_soon(panel.first)

    def close(self) -> None:
        """Back to the last scans and the scan field; what was typed in the panel is given up.

        Without a desk there is nothing to go back to: the choice of one stays, or returns.
        """
        panel = self.shown
        if isinstance(panel, ChoosePanel) and not self._is_chosen():
            focus_soon(panel.first)
            return
        self._put_away()
        if self._kept is not None and panel is self._kept:
            self._kept.deleteLater()
            self._kept = None
        if not self._is_chosen():
            self._choose()
            return
        if self._side is not None:
            self._side.show_panel(None)
        self._go_home()

    def _put_away(self) -> None:
        panel, self.shown = self.shown, None
        if panel is None or self._side is None:
            return
        self._side.panel.removeWidget(panel)
        panel.hide()
        if isinstance(panel, WalkInPanel) and panel.is_started:
            self._kept = panel
            return
        panel.deleteLater()

    def take_kept(self) -> WalkInPanel | None:
        """The registration that was begun before, to go on with."""
        kept, self._kept = self._kept, None
        return kept

    def forget(self) -> None:
        """Put away what is shown and what was kept: they speak another language."""
        self._put_away()
        self._kept = None

    def leave_others(self, attendee_id: uuid.UUID | None) -> None:
        """Close a panel about somebody who is no longer the one on the screen."""
        if self.shown is not None and self.shown.about not in (None, attendee_id):
            self.close()
