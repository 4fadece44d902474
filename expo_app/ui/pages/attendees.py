"""观众登记: who is registered, in which category, with which badge."""

from expo_app.i18n import N_
from expo_app.specs import ATTENDEES
from expo_app.ui.kit.list_page import ListPage


class AttendeesPage(ListPage):
    """The list of the expo's attendees."""

    spec = ATTENDEES
    noun, counted = N_("人员"), N_("共 {n} 人")
    placeholder = N_("姓名、单位、证件号、手机后四位、拼音首字母")
    columns = (
        "badge_no", "person.name", "organisation_id", "title", "category", "person.phone", "state", "badge",
        "days_present",
    )  # fmt: skip
    also_shows = ("badge", "check_in")
