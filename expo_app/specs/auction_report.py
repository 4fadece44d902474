"""What the auction's report is made from."""

from __future__ import annotations

from dataclasses import dataclass

from expo_app.specs.auction_cashier import CashDesk
from expo_app.specs.auction_figures import AuctionFigures
from expo_app.specs.auction_papers import PapersData
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class SessionReport:
    """One session: its money, and its lots with their records. Names that are to be kept secret stand there: whoever
    prints for others leaves them out by `discreet`.
    """

    desk: CashDesk
    papers: PapersData


@dataclass(frozen=True)
class AuctionReport:
    """The sessions asked for, in their order of time, with their figures beside every other session."""

    head: Head
    sessions: tuple[SessionReport, ...]
    figures: AuctionFigures
