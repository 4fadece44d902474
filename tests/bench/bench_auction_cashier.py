"""The cashier's look at a session, and the papers, against the bare libraries on the same data.

    python tests/bench/bench_auction_cashier.py [PADDLES] [RUNS]

Ours is `read_desk`: what every paddle owes and is to be given back, worked out anew at each look. Bare is the driver
alone reading the same rows of the same tables. A record of a lot of 100 entries is measured beside one page of
reportlab that writes as many lines. Prints JSON lines: median CPU milliseconds, and as the last ones the ratios.
"""

import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from expo_app.model import Auction
from expo_app.reports import auction_papers as report
from expo_app.reports import fonts
from expo_app.services import auction_cashier, auction_hall
from expo_app.services.auction_accounts import read_desk
from expo_app.services.auction_cashier import Paid
from expo_app.services.auction_papers import read_papers
from expo_app.store import engines
from expo_app.store.database import open_database
from tests.auction_room import make_bidder
from tests.auction_till import Till

ENTRIES = 100


def fill(path: Path, paddles: int) -> Till:
    """Four lots, so many paddles with a deposit each; three sold, one of them after so many bids."""
    db = open_database(path, create=True)
    till = Till(db)
    with db.transaction() as session:
        auction = session.get_one(Auction, till.auction)
        made = [make_bidder(session, auction, n).id for n in range(100, 100 + paddles - len(till.bidders))]
    for key in (*till.bidders.values(), *made):
        auction_cashier.take_deposit(db, key, Paid(Decimal(50_000)))
    lot = till.lots["01"]
    auction_hall.open_lot(db, lot)
    for n in range(ENTRIES - 2):
        auction_hall.bid(db, lot, (7, 18)[n % 2], sure=True)
    auction_hall.hammer(db, lot, sure=True)
    till.sell("02", 7, 250)
    till.sell("03", 23, 150)
    return till


def bare(path: Path) -> Callable[[], object]:
    connection = engines.connect(path, "rw", busy_ms=5000)
    reads = (
        "SELECT * FROM auction", "SELECT * FROM commission_band", "SELECT * FROM lot", "SELECT * FROM holiday",
        "SELECT b.*, o.name, o.region_code FROM bidder b JOIN organisation o ON o.id = b.organisation_id",
        "SELECT * FROM auction_money",
    )  # fmt: skip
    return lambda: [connection.execute(one).fetchall() for one in reads]


def bare_page() -> object:
    from reportlab.pdfgen.canvas import Canvas

    fonts.font(False)
    canvas = Canvas(io.BytesIO())
    for page in range(3):
        for n in range(ENTRIES // 3):
            canvas.setFont(fonts.REGULAR, 9)
            canvas.drawString(40, 800 - 20 * n, f"{page} {n} 14:00:00.000 出价 07 1,040,000.00 场内 顾师")
        canvas.showPage()
    canvas.save()
    return canvas


def cpu(run: Callable[[], object], times: int) -> float:
    taken = []
    for _n in range(times):
        start = time.process_time()
        run()
        taken.append((time.process_time() - start) * 1000)
    return statistics.median(taken)


def main(paddles: int = 31, runs: int = 30) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "till.db"
        till = fill(path, paddles)
        db, lot = till.db, [till.lots["01"]]
        out = Path(folder) / "r.pdf"

        def record() -> object:
            return report.write(out, [report.RECORD], read_papers(db, till.auction, db.now(), lot))

        record()
        found = {
            "look": cpu(lambda: read_desk(db, till.auction), runs), "bare_look": cpu(bare(path), runs),
            "record": cpu(record, runs), "bare_record": cpu(bare_page, runs),
        }  # fmt: skip
        db.close()
    for name, value in found.items():
        print(json.dumps({"what": name, "paddles": paddles, "cpu_ms": round(value, 2)}))
    print(json.dumps({"ratio": "look", "value": round(found["look"] / found["bare_look"], 1), "goal_ms": 16}))
    print(json.dumps({"ratio": "record", "value": round(found["record"] / found["bare_record"], 1), "goal_ms": 300}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
