"""参展商: find a company in two seconds, see who is missing where."""

from expo_app.i18n import N_
from expo_app.specs import EXHIBITORS
from expo_app.ui.kit.list_page import ListPage


class ExhibitorsPage(ListPage):
    """The list of the expo's exhibitors and service institutions."""

    spec = EXHIBITORS
    noun, counted = N_("参展商"), N_("共 {n} 家")
    placeholder = N_("单位、展位、联系人、拼音首字母")
    also_shows = ("booth", "achievement", "attendee", "badge")
