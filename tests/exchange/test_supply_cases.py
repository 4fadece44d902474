"""Lists of results, demands and consents as people send them: every file of `cases` that is about matchmaking."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from expo_app.model import Organisation
from expo_app.specs import Outcome
from expo_app.store.database import Database
from tests.exchange.test_cases import Fair, _fair

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def fair(db: Database) -> Fair:
    """2026-12-10 to 12-12."""
    return _fair(db, "NJH26", date(2026, 12, 10))


def regions(fair: Fair) -> dict[str, str | None]:
    with fair.db.reading() as session:
        return dict(map(tuple, session.execute(select(Organisation.name, Organisation.region_code))))


def test_where_a_result_comes_from_goes_to_its_owner_who_keeps_what_it_has(fair: Fair) -> None:
    file = "results-with-places.csv"
    with fair.db.transaction() as session:
        session.add(Organisation(name="山川农业大学", region_code="420000"))
    fair.bring("achievements", file)
    assert regions(fair) == {"山川农业大学": "420000", "果丰机械有限公司": "360700"}
    again = fair.plan("achievements", file)
    assert {row.outcome for row in again.rows} == {Outcome.SAME}
    assert "没有改" in str(again.rows[1].notes)
    with fair.db.transaction() as session:
        session.execute(Organisation.__table__.update().values(region_code=None))
    fair.bring("achievements", file)
    assert regions(fair) == {"山川农业大学": "360000", "果丰机械有限公司": "360700"}
