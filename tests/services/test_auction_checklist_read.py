"""The checklist of a session that has begun: who still waits, and a lot that is sold once more."""

from sqlalchemy import delete

from expo_app.model import LotPatent, LotState
from expo_app.rules.auction_checklist import ITEMS, Mark
from expo_app.services import auction_cashier, auction_checklist
from expo_app.services.auction_checklist import Checklist, Line
from expo_app.store.database import Database
from tests.auction_till import Till


def lines_of(till: Till) -> tuple[Checklist, dict[str, Line]]:
    found = auction_checklist.read(till.db, till.auction)
    return found, {line.lot_no: line for line in found.lines}


def words_of(line: Line, key: str) -> str:
    return next(cell.words for item, cell in zip(ITEMS, line.cells, strict=True) if item.key == key)


def test_a_lot_that_was_called_says_how_it_went(db: Database) -> None:
    till = Till(db)
    before, _lines = lines_of(till)
    till.sell("01", 7, 150)
    till.pass_("02")
    found, lines = lines_of(till)
    assert [(lines[no].conclusion, lines[no].words) for no in ("01", "02")] == [
        (Mark.NONE, LotState.SOLD.label), (Mark.NONE, LotState.PASSED.label),
    ]  # fmt: skip
    assert sum(map(before.count, (Mark.OK, Mark.REMIND, Mark.BLOCKS))) == 4
    assert sum(map(found.count, (Mark.OK, Mark.REMIND, Mark.BLOCKS))) == 2


def test_a_resale_in_the_same_session_is_announced_and_shown_anew(db: Database) -> None:
    till = Till(db)
    till.sell("01", 7, 150)
    till.later(30)
    auction_cashier.default(db, till.lots["01"], "逾期")
    auction_cashier.resell(db, till.lots["01"], till.auction, "01R", till.at.date())
    _found, lines = lines_of(till)
    assert (words_of(lines["01R"], "notice"), words_of(lines["01R"], "viewing")) == ("再拍另算", "再拍另算")
    assert "再拍" not in words_of(lines["03"], "notice")


def test_a_lot_without_a_patent_is_not_called_solely_owned(db: Database) -> None:
    till = Till(db)
    with db.transaction() as session:
        session.execute(delete(LotPatent).where(LotPatent.lot_id == till.lots["01"]))
    _found, lines = lines_of(till)
    assert (words_of(lines["01"], "consent"), words_of(lines["02"], "consent")) == ("没有专利", "独有")
