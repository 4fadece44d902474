"""What the faces of 供需对接 share."""

from functools import partial

from expo_app.i18n import _
from expo_app.routes.settings import SectionRoute
from expo_app.specs import MATCHING_SETTINGS
from expo_app.ui.context import Context
from expo_app.ui.kit.buttons import Button


def settings_button(context: Context) -> Button:
    """To who may be suggested, tables, hours and rules: the first button of an empty face."""
    go = partial(context.navigate, SectionRoute(MATCHING_SETTINGS.name))
    return Button(_("对接设置"), icon="settings-3-line", clicked=go)
