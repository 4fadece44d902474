"""The pages of the window as data. A page is imported when it is first opened."""

import importlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_
from expo_app.store.database import Database
from expo_app.ui.context import Context

Count = tuple[int, str]
"""How many, and the kind of theme.KINDS that says how urgent."""
BEFORE, ON_SITE, TRADE, ANALYSIS = N_("筹备"), N_("现场"), N_("交易"), N_("分析")


@dataclass(frozen=True)
class PageDef:
    """`path` is "module:Class", made with the context alone. `icon` without -line or -fill. `badge(db, expo id)` may
    run in a worker. `own_window`: the class is a window of its own, opened instead of a page.
    """

    name: str
    title: str
    icon: str
    path: str
    group: str = ""
    badge: Callable[[Database, uuid.UUID], Count] | None = None
    shortcut: str = ""
    at_end: bool = False
    own_window: bool = False

    def make(self, context: Context) -> QWidget:
        """The page."""
        module, _colon, name = self.path.partition(":")
        made: QWidget = getattr(importlib.import_module(module), name)(context)
        return made


def _exhibitors(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import statistics

    return int(statistics.exhibition(db, expo_id).exhibitors.value or 0), "mute"


def _clashes(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import programme

    clashes = programme.load(db, expo_id).open_clashes
    return len(clashes), "bad" if any(clash.blocks for clash in clashes) else "warn"


def _unprinted(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import badges

    stock = badges.stock(db, expo_id)
    return stock.unprinted, "warn"


def _to_check(db: Database, expo_id: uuid.UUID) -> Count:
    from sqlalchemy import func, select

    from expo_app.model import Deal, Entry

    with db.reading() as session:
        query = select(func.count()).select_from(Deal).where(Deal.expo_id == expo_id, Deal.entry == Entry.CHECK)
        return session.scalar(query) or 0, "warn"


_AT = "expo_app.ui.pages."
PAGES: tuple[PageDef, ...] = (
    PageDef("home", N_("总览"), "dashboard", f"{_AT}home:HomePage"),
    PageDef("exhibitors", N_("参展商"), "store-2", f"{_AT}exhibitors:ExhibitorsPage", BEFORE, _exhibitors),
    PageDef("booths", N_("展位图"), "map-2", f"{_AT}booths:BoothsPage", BEFORE),
    PageDef("programme", N_("日程"), "calendar-event", f"{_AT}programme:ProgrammePage", BEFORE, _clashes),
    PageDef("guests", N_("嘉宾与路演"), "mic", f"{_AT}guests:GuestsPage", BEFORE),
    PageDef("attendees", N_("观众登记"), "contacts-book-2", f"{_AT}attendees:AttendeesPage", ON_SITE),
    PageDef("badges", N_("胸卡与打印"), "printer", f"{_AT}badges:BadgesPage", ON_SITE, _unprinted),
    PageDef(
        "checkin_desk", N_("签到台"), "qr-scan-2", f"{_AT}checkin_desk:CheckinDesk", ON_SITE, shortcut="F11",
        own_window=True,
    ),
    PageDef("deals", N_("成交台账"), "hand-coin", f"{_AT}deals:DealsPage", TRADE, _to_check),
    PageDef("reports", N_("报表"), "bar-chart-box", f"{_AT}reports:ReportsPage", ANALYSIS),
    PageDef("settings", N_("数据与设置"), "settings-3", f"{_AT}settings:SettingsPage", at_end=True),
)  # fmt: skip
