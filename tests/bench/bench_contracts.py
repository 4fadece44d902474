"""The register of 10,000 technology contracts: what is missing in each, beside the bare library's queries for the same.

python tests/bench/bench_contracts.py [CONTRACTS]

CPU seconds of the process, best of three, in one run: reading the rows the judgement needs (three bare statements), the
judgement of all (`lines`), the count on the rail (`count_lacking`), and the list's own query.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sqlalchemy import select  # noqa: E402

from expo_app.model import Deal, DealParty, DealPatent, Organisation, PartyRole, PatentKind, new_id  # noqa: E402
from expo_app.services import contracts, records  # noqa: E402
from expo_app.specs import CONTRACTS  # noqa: E402
from expo_app.specs.contracts import in_register  # noqa: E402
from expo_app.store.database import open_database  # noqa: E402
from tests.factories import make_deal, make_expo  # noqa: E402

COUNT = 10_000


def best(act: Callable[[], object]) -> float:
    """CPU seconds, the best of three."""
    found = []
    for _n in range(3):
        start = time.process_time()
        act()
        found.append(time.process_time() - start)
    return min(found)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "bench.db", create=True)
        with db.transaction() as session:
            expo = make_expo(session, code="KJH18")
            first = make_deal(session, expo, "项目", "1000", signed_on=date(2018, 11, 28))
            expo_id, party = expo.id, [p.organisation_id for p in first.parties]
            deal, sides = Deal.__table__, (PartyRole.SELLER, PartyRole.BUYER)
            session.flush()
            row = dict(session.execute(select(deal)).mappings().one())
            ids = [new_id() for _n in range(count - 1)]
            session.execute(deal.insert(), [{**row, "id": key, "deal_no": f"N-{n}"} for n, key in enumerate(ids)])
            parties = [
                {"id": new_id(), "deal_id": key, "organisation_id": body, "role": role, "position": 0, "nature": "",
                 "signer": "", "signer_post": "", "mandate": None, "assistant": ""}
                for key in ids
                for role, body in zip(sides, party or [None, None], strict=True)
                if body
            ]  # fmt: skip
            if parties:
                session.execute(DealParty.__table__.insert(), parties)
            patents = [
                {"id": new_id(), "deal_id": key, "position": 0, "kind": PatentKind.INVENTION, "title": "镜片",
                 "application_no": "2014199990131", "patent_no": "2014199990131", "applicant": "甲", "holder": "甲",
                 "filed_on": date(2014, 3, 28)}
                for key in ids[::4]
            ]  # fmt: skip
            session.execute(DealPatent.__table__.insert(), patents)

        def bare() -> None:
            with db.reading() as session:
                session.execute(select(Deal.__table__).where(in_register(expo_id))).mappings().all()
                table = DealParty.__table__.join(Organisation.__table__)
                session.execute(select(table)).mappings().all()
                session.execute(select(DealPatent.__table__)).mappings().all()

        base = best(bare)
        for name, act in (
            ("what is missing in each", lambda: contracts.lines(db, expo_id)),
            ("the count on the rail", lambda: contracts.count_lacking(db, expo_id)),
            ("the list's own query", lambda: records.list_rows(db, CONTRACTS, expo_id)),
        ):
            took = best(act)
            print(
                f"{count:,} contracts: {name} {took:.2f} s CPU, {took / base:.2f} times the bare queries ({base:.2f} s)"
            )
        db.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
