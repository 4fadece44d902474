"""签到台: scan, look, wave through. `CheckinDesk(context)` is a window of its own, shown full screen."""

from expo_app.ui.pages.checkin_desk.desk_window import CheckinDesk

__all__ = ["CheckinDesk"]
