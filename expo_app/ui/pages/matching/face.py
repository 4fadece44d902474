"""What a face of 供需对接 is: the page's header switches between them and shows the buttons of the one in front."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.routes.settings import SectionRoute
from expo_app.specs import MATCHING_SETTINGS
from expo_app.ui.context import Context
from expo_app.ui.kit.buttons import Button
from expo_app.ui.page import Page


def settings_button(context: Context) -> Button:
    """To who may be suggested, tables, hours and rules: the first button of an empty face."""
    go = partial(context.navigate, SectionRoute(MATCHING_SETTINGS.name))
    return Button(_("对接设置"), icon="settings-3-line", clicked=go)


class Face(Page):
    """One face. `fact_changed(words)`: the line under the page's title."""

    fact_changed = Signal(str)

    @property
    def shown(self) -> Page:
        """What it shows: the list in front where it has some, else itself."""
        return self

    def buttons(self) -> Sequence[QWidget]:
        """Buttons at the right of the header while it is in front, primary last; made once."""
        return ()

    def side_panel(self) -> QWidget | None:
        """A panel that stands beside header and face, over the whole height; over both in a narrow window."""
        return None
