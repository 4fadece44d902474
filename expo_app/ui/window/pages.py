"""The pages of the window, area by area. A page is imported when it is first opened."""

from expo_app.areas import AREAS
from expo_app.areas.registration import Count, PageDef

PAGES: tuple[PageDef, ...] = tuple(page for area in AREAS for page in area.pages)

__all__ = ["PAGES", "Count", "PageDef"]
