"""Badge codes read anywhere but at the check-in desk: they move nothing on a page and reach no field.

The page in front takes them where they are its own, else an open desk scans them; else it is said whose badge it is.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from expo_app.i18n import _
from expo_app.routes import ListRoute
from expo_app.services import badges
from expo_app.specs import ATTENDEES
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.page import Page
from expo_app.ui.parts.reader_keys import ReaderKeys, Step

if TYPE_CHECKING:
    from expo_app.services.badges import Holder
    from expo_app.ui.window.frame import Frame
    from expo_app.ui.window.main_window import Window


class Codes(ReaderKeys):
    """The keys of every window that does not read codes by itself."""

    def __init__(self, window: Window) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101
        super().__init__(app, window)
        self._window = window

    def concerns(self, widget: QWidget) -> bool:
        front = widget.window()
        return self._window.isVisible() and not (isinstance(front, Page) and front.reads_codes)

    def step(self, widget: QWidget, event: QKeyEvent, at: float) -> Step:
        """Where the widget says so (`is_fast`), whatever is typed is its own, however quickly: only a code is not."""
        return Step.PASS if getattr(widget, "is_fast", False) else super().step(widget, event, at)

    def take(self, raw: str) -> None:
        window, frame = self._window, self._window.frame
        desk = frame.open_desk_page if frame is not None else None
        if frame is not None and frame.asked.takes_codes and self._is_in_front(frame):
            frame.asked.read_code(raw)
        elif frame is not None and desk is not None:
            desk.read_code(raw)
            if not window.is_locked:
                messages.show(window, _("读到的胸卡已交给签到台。"), action=(_("看签到台"), frame.open_desk))
        elif window.context is None or window.is_locked:
            messages.show(window, _("读到一张胸卡，没有签到，也没有改动什么。要签到先打开签到台。"))
        else:
            tell_whose(window, window.context, raw)

    def _is_in_front(self, frame: Frame) -> bool:
        """Whether somebody works on the page of the window, and nothing lies over it."""
        window = self._window
        return window.isActiveWindow() and not window.is_locked and dialog.top(window) is None and frame.isVisible()


def tell_whose(window: QWidget, context: Context, raw: str) -> None:
    """Say whose badge was read, with the way to the person."""
    look = partial(badges.holder, context.db, raw)
    jobs.run_job(window, "", lambda _progress: look(), partial(_tell, window, context), card=False)


def _tell(window: QWidget, context: Context, found: Holder | None) -> None:
    if found is None:
        messages.show(window, _("读到一张胸卡，没有它的记录。没有签到。"), "warn", stays=messages.STAYS)
        return
    who = " · ".join(filter(None, (found.name, found.organisation, found.badge_no)))
    said = {
        "revoked": _("{who}的旧胸卡，已作废。没有签到。"),
        "elsewhere": _("{who}的胸卡，是“{expo}”的。没有签到。"),
        "": _("{who}的胸卡。没有签到。"),
    }
    is_here = found.expo_id == context.expo_id
    words = said["elsewhere" if not is_here else "revoked" if found.is_revoked else ""]
    action = None
    if is_here and dialog.top(window) is None:
        action = (_("打开"), partial(context.navigate, ListRoute(ATTENDEES, record=found.attendee_id)))
    messages.show(window, words.format(who=who, expo=found.expo), "info", action=action)
