"""A console without a window: what each line is answered, also when nothing can be kept."""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from expo_app.areas.auction_verb import Console as Lines
from expo_app.areas.auction_verb import lot_key, parse, read_yuan
from expo_app.model import (
    Auction,
    Bidder,
    Deal,
    EventKind,
    Lot,
    LotEvent,
    LotState,
    Operator,
    Priority,
    ReserveKind,
    RightRole,
    Role,
)
from expo_app.store.database import Database, open_database
from tests.auction_room import make_auction, make_bidder, make_lot, make_right
from tests.factories import make_expo
from tests.journeys.command import called, start
from tests.own_time import own_time
from tests.proxy import Proxy

LONGEST = 2.0
"""Seconds within which a line is answered, whatever happens."""


def fill(db: Database, **session: Any) -> uuid.UUID:
    """A session of two lots and three paddles, one of them with priority on the first; the key of the first lot."""
    with db.transaction() as writing:
        auction = make_auction(writing, make_expo(writing, code="KJH18"), **session)
        lot = make_lot(writing, auction, "01")
        make_lot(writing, auction, "02", reserve_kind=ReserveKind.SET, reserve=Decimal(1_500_000))
        for paddle in (7, 18):
            make_bidder(writing, auction, paddle)
        make_bidder(writing, auction, 31, organisation_id=lot.owner_id)
        first = make_bidder(writing, auction, 23)
        make_right(writing, lot, "李发明", RightRole.INVENTOR, priority=Priority.CLAIMED, bidder_id=first.id)
        return lot.id


@pytest.fixture
def file(db_path: Path) -> Path:
    db = open_database(db_path)
    fill(db)
    db.close()
    return db_path


def words(file: Path, *lines: str, status: int = 0) -> list[list[str]]:
    said = called("bid", "--db", file, typed="".join(f"{line}\n" for line in lines), status=status)
    return [line.split("\t") for line in said.splitlines()]


def test_a_session_in_lines(file: Path) -> None:
    said = words(
        file, "01 7", "open 01", "01 7", "01 07", "1 18 1040000", "01 7 104.00万", "０１ 7 1.2百万", "01 23 =", "01 31",
        "01 99", "call 01", "CALL 1", "01 7 1210000", "hammer 01", "hammer 01", "01 7", "open 02", "02 7 149.99万",
        "hammer 02", "hammer 02",
    )  # fmt: skip
    assert [line[:4] for line in said] == [
        ["closed", "01", "07", ""],
        ["opened", "01", "", "1000000.00"],
        ["accepted", "01", "07", "1000000.00"],
        ["again", "01", "07", "1040000.00"],  # nobody raises their own price by a line sent twice
        ["accepted", "01", "18", "1040000.00"],
        ["low", "01", "07", "1040000.00"],
        ["accepted", "01", "07", "1200000.00"],
        ["accepted", "01", "23", "1200000.00"],
        ["own_lot", "01", "31", ""],
        ["unknown_paddle", "01", "99", ""],
        ["called", "01", "", "1200000.00"],
        ["called", "01", "", "1200000.00"],
        ["low", "01", "07", "1210000.00"],
        ["check", "01", "", "1200000.00"],  # called twice, where the session asks for three
        ["sold", "01", "", "1200000.00"],
        ["closed", "01", "07", ""],
        ["opened", "02", "", "1000000.00"],
        ["accepted", "02", "07", "1499900.00"],
        ["check", "02", "", "1499900.00"],
        ["passed", "02", "", "1499900.00"],
    ]
    silent = ("opened", "accepted", "called", "sold")
    for line in said:
        assert (len(line) == 5) is (line[0] not in silent), line
    assert "1500000" not in repr(said)
    assert "150" not in repr(said[-1])


def test_an_amount_with_a_digit_too_many_is_taken_when_it_is_said_again_at_once(file: Path) -> None:
    much = "01 18 104000000"
    said = words(file, "open 01", "01 7", much, "01 7 999", much, much, much)
    assert [line[0] for line in said[2:]] == ["check", "low", "check", "accepted", "low"]


@pytest.mark.parametrize(
    "line", ["", "   ", "01", "open", "open 01 02", "01 7 8 9", "01 x", "01 7 许多", "01 7 -5", "99 7", "hammer 99",
             "01 7 1e9", "drop 01", "01 7 1.005", "\x00\x01", "01 7 9999999999999999999", "01 0", "call call"]
)  # fmt: skip
def test_a_line_that_means_nothing_is_told_and_the_next_one_done(file: Path, line: str) -> None:
    bad, opened = words(file, line, "open 01")
    assert (bad[0], opened[0]) in {("refused", "opened"), ("unknown_paddle", "opened"), ("closed", "opened")}
    assert len(bad[-1]) > 4


def test_json_says_the_same_in_fields(file: Path) -> None:
    typed = "open 01\n01 7\nhammer 01\nhammer 01\nwhat\n"
    said = [json.loads(line) for line in called("bid", "--db", file, "--json", typed=typed).splitlines()]
    assert [row["answer"] for row in said] == ["opened", "accepted", "check", "sold", "refused"]
    assert len({tuple(row) for row in said}) == 1
    deal = said[3].pop("deal_id")
    assert said[3] == {
        "line": "hammer 01", "answer": "sold", "lot": "01", "paddle": None, "amount": "1000000.00",
        "price": "1000000.00", "leader": 7, "calls": 0, "state": "sold", "seq": 3, "reason": "",
    }  # fmt: skip
    db = open_database(file)
    with db.reading() as session:
        assert str(session.scalars(select(Deal.id)).one()) == deal
        assert {event.console.split(":")[0] for event in session.scalars(select(LotEvent))} != {""}
    db.close()


def test_the_rules_are_read_by_a_line(db_path: Path) -> None:
    db = open_database(db_path)
    fill(db, rules_read_at=None)
    db.close()
    said = words(db_path, "open 01", "rules", "open 01")
    assert [line[0] for line in said] == ["refused", "done", "opened"]
    assert "宣读规则" in said[0][-1]


def test_of_several_sessions_one_is_named(file: Path) -> None:
    db = open_database(file)
    with db.transaction() as session:
        expo_id = session.scalars(select(Auction.expo_id)).one()
        other = Auction(expo_id=expo_id, title="第二场", rules_read_at=db.now())
        session.add_all([other, Auction(expo_id=expo_id, title="报道的一场", is_reported=True)])
        session.flush()
        make_lot(session, other, "01")
    db.close()
    assert "第二场" in called("bid", "--db", file, typed="open 01\n", status=1)
    assert "E-AUCTION" in called("bid", "--db", file, "--auction", "报道的一场", typed="open 01\n", status=1)
    assert called("bid", "--db", file, "--auction", "第二场", typed="open 01\n").startswith("opened")
    assert called("bid", "--db", file, "--auction", "专利专场", typed="open 01\n").startswith("opened")


def test_without_a_session_it_says_what_to_do(db_path: Path) -> None:
    db = open_database(db_path)
    with db.transaction() as session:
        make_expo(session)
    db.close()
    assert "E-AUCTION" in called("bid", "--db", db_path, typed="open 01\n", status=1)


def test_whoever_may_not_run_an_auction_is_refused_line_by_line(file: Path) -> None:
    db = open_database(file)
    with db.transaction() as session:
        session.add(Operator(name="小王", role=Role.DESK, is_active=True))
    db.close()
    said = called("bid", "--db", file, "--operator", "小王", typed="open 01\n")
    assert said.startswith("refused")
    db = open_database(file)
    with db.reading() as session:
        assert session.scalars(select(LotEvent)).all() == []
    db.close()


def test_spellings_of_a_lot_and_of_an_amount() -> None:
    assert len({lot_key(text) for text in ("04", "4", "０４", "004", " 4")}) == 1
    assert lot_key("A-07") == lot_key("a7") != lot_key("a70")
    assert [read_yuan(t) for t in ("1240000", "1,240,000", "124万", "124.0 万元".replace(" ", ""), "0.5")] == [
        *[Decimal(1_240_000)] * 4, Decimal("0.5"),
    ]  # fmt: skip
    assert parse("01 18 =").is_equal


def test_a_line_never_works_on_another_lot_than_it_names(db: Database) -> None:
    with db.transaction() as session:
        auction = make_auction(session, make_expo(session, code="KJH18"))
        for place, no in enumerate(("1-1", "11", "01", "1", "7A", "7-A")):
            make_lot(session, auction, no, position=place)
        make_bidder(session, auction, 7)
        key = auction.id
    lines = Lines(db, key, "here")

    def said(text: str) -> tuple[str, str]:
        answer = lines.answer(text, print)
        return answer.word, answer.lot

    for no in ("1-1", "11", "01", "1", "7-A"):
        assert said(f"open {no}") == ("opened", no)
        assert said(f"{no} 7") == ("accepted", no)
        assert [said(f"hammer {no}") for _twice in range(2)] == [("check", no), ("sold", no)]
    unclear = lines.answer("open 7a", print)
    assert (unclear.word, unclear.lot) == ("refused", "7a")
    assert "7A、7-A" in unclear.why
    assert said("open 011") == ("refused", "11")  # its other spelling, and no other's


def test_a_line_sent_twice_raises_nobodys_own_price(db: Database) -> None:
    fill(db)
    with db.reading() as session:
        lines = Lines(db, session.scalars(select(Auction.id)).one(), "here")
    said = [lines.answer(text, print).word for text in ("open 01", "01 7", "01 7", "01 18", "01 18", "01 18")]
    assert said == ["opened", "accepted", "again", "accepted", "again", "accepted"]  # the third of a line is meant


# --- when nothing can be kept ---


@dataclass
class Console:
    """The program at work as `bid --json`, fed line by line."""

    child: Any
    err: list[str] = field(default_factory=list)

    def say(self, line: str, within: float = LONGEST + 0.5) -> dict[str, Any]:
        """Its answer, in time: the pipe and a busy machine take some, and the program has to begin."""
        began = own_time(self.child.pid)
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        answer: dict[str, Any] = json.loads(self.child.stdout.readline())
        assert own_time(self.child.pid) - began < within
        return answer

    def end(self) -> int:
        self.child.stdin.close()
        status: int = self.child.wait(60)
        assert not any("Traceback" in line for line in self.err), self.err
        return status


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Callable[[str], Console]]:
    children = []

    def opened(where: str) -> Console:
        child = start("bid", "--db", where, "--json", home=tmp_path / "home")
        found = Console(child)
        threading.Thread(target=lambda: found.err.extend(child.stderr), daemon=True).start()
        children.append(child)
        return found

    yield opened
    for child in children:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            with suppress(OSError):
                stream.close()


def kept(db: Database) -> list[str]:
    with db.reading() as session:
        return [event.kind.name for event in session.scalars(select(LotEvent).order_by(LotEvent.seq))]


def test_a_file_that_is_held_answers_not_kept_and_goes_on(file: Path, console: Callable[[str], Console]) -> None:
    at_work = console(str(file))
    assert at_work.say("open 01", 30)["answer"] == "opened"
    db = open_database(file)
    with db.writer.connect() as other, other.begin():
        lost = at_work.say("01 7")
        assert (lost["answer"], lost["amount"]) == ("not_kept", None)
        assert "另一个程序占用" in lost["reason"]
        assert at_work.say("hammer 01")["answer"] == "not_kept"
    assert at_work.say("01 7")["answer"] == "accepted"
    assert [at_work.say("hammer 01", 10)["answer"] for _twice in range(2)] == ["check", "sold"]
    assert kept(db) == ["OPEN", "BID", "SOLD"]
    assert at_work.end() == 1
    db.close()


@pytest.mark.parametrize("fail", [Proxy.cut, Proxy.fall_silent])
def test_a_server_that_goes_away_answers_not_kept_and_goes_on(
    pg: Database, network: tuple[Proxy, str], console: Callable[[str], Console], fail: Callable[[Proxy], None]
) -> None:
    lot_id, (proxy, url) = fill(pg), network
    at_work = console(url)
    assert at_work.say("open 01", 30)["answer"] == "opened"
    assert at_work.say("01 7")["answer"] == "accepted"
    assert [at_work.say("call 01")["answer"] for _n in range(3)] == ["called"] * 3
    fail(proxy)
    assert [at_work.say(line)["answer"] for line in ("01 18", "hammer 01")] == ["not_kept"] * 2
    proxy.heal()
    end = time.monotonic() + 60
    while (answer := at_work.say("call 01")["answer"]) == "not_kept":
        assert time.monotonic() < end
        time.sleep(0.2)
    if answer in ("called", "refused"):  # the bid was kept and is called once, or nothing was
        assert kept(pg)[-1] == "CALL"
        assert "sold" in [at_work.say("hammer 01", 10)["answer"] for _twice in range(2)]
    else:  # the server had finished what it gave no answer to: it is said, nothing is lost or made twice
        assert any(line.startswith("back") for line in at_work.err)
    with pg.reading() as session:
        lot = session.get_one(Lot, lot_id)
        assert lot.state is LotState.SOLD
        assert len(session.scalars(select(Deal)).all()) == 1
        bids = session.scalars(select(LotEvent).where(LotEvent.kind == EventKind.BID)).all()
        assert len(bids) <= 2
        assert {bid.bidder_id for bid in bids} <= set(session.scalars(select(Bidder.id)))
    assert at_work.end() == 1
