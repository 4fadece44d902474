"""Every area, in the order of the rail. A new one is a file here and its name in this list."""

from expo_app.areas import (
    attendees,
    badges,
    checkin,
    deals,
    editions,
    exhibitors,
    floor,
    guests,
    merging,
    overview,
    press,
    programme,
    region_groups,
    reports,
    settings,
    words,
)

AREAS = (
    words.AREA,
    overview.AREA,
    exhibitors.AREA,
    floor.AREA,
    programme.AREA,
    guests.AREA,
    attendees.AREA,
    badges.AREA,
    checkin.AREA,
    deals.AREA,
    editions.AREA,
    region_groups.AREA,
    merging.AREA,
    press.AREA,
    reports.AREA,
    settings.AREA,
)
