"""Something in every table of vouchers, settlement, parks and alliances; and garbage put into one cell of it."""

import uuid
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from expo_app import documents
from expo_app.damaged import DamagedValue
from expo_app.model import Base
from expo_app.services import (
    alliances,
    expos,
    records,
    settlement,
    settlement_acts,
    tenants,
    voucher_acts,
    voucher_uses,
)
from expo_app.services.chain import chain_of
from expo_app.specs import AGREEMENTS, ALLIANCES, INSTRUMENTS, MEMBERS, PLATFORMS, SHARING_EVENTS, SPECS, VOUCHER_USES
from expo_app.store.database import Database
from tests.made_parks import COUNTED, Parks
from tests.made_vouchers import TODAY, Counter

TABLES = (
    "voucher_policy", "policy_class", "listed_provider", "related_bodies", "instrument", "voucher", "voucher_pot",
    "voucher_use", "voucher_step", "settlement_statement", "statement_step", "statement_paper", "park", "park_figure",
    "tenant", "tenant_step", "tenant_figures", "tenant_support", "sharing_event", "alliance", "alliance_member",
    "joint_platform", "agreement", "agreement_party", "index_point",
)  # fmt: skip
AUGUST = datetime(2030, 8, 1, 4, tzinfo=UTC)


class World:
    """Something in every table, two uses in a statement that one side signed and one that waits."""

    def __init__(self, db: Database, tmp_path: Path) -> None:
        self.db = db
        counter = self.counter = Counter(db)
        self.expo_id = counter.expo_id
        found = expos.current(db, self.expo_id)
        assert found is not None
        self.expo = found
        counter.add_class("企业", rate=None)
        counter.relate()
        other = counter.add_company("丙公司")
        provider = counter.add_provider("丁检测所")
        counter.voucher("50000.00")
        counter.voucher("3000.00", other)
        self.uses = [
            counter.verified("2000.00", organisation_id=company, provider_id=provider, contract_on=TODAY)
            for company in (counter.company, other)
        ]
        db.clock = lambda: AUGUST
        (self.statement,) = settlement_acts.draw(db, self.expo_id, "2030H1").made
        settlement_acts.send(db, self.expo_id, [self.statement], date(2030, 8, 9))
        paper = tmp_path / "a.pdf"
        paper.write_bytes(b"%PDF-1.4 a")
        signature = settlement_acts.Signature("a", 1, "沈志高", AUGUST.date(), paper)
        settlement_acts.sign(db, self.expo_id, self.statement, signature)
        self.uses.append(counter.use("1000.00", provider_id=provider, contract_on=AUGUST.date()))
        given = {"title": "光谱仪", "provider": "丁检测所", "instrument_no": "Y-1"}
        records.save(db, INSTRUMENTS, given)
        self.parks = Parks(db, self.expo_id)
        db.clock = lambda: AUGUST
        for body in ("江汉联盟", "洞庭联盟"):
            records.save(db, ALLIANCES, {"name": body, "founded": "2018-11"})
            for member in ("甲中心", "乙中心"):
                records.save(db, MEMBERS, {"alliance_id": body, "organisation_id": member, "since": "2018-11"})
            records.save(db, PLATFORMS, {"alliance_id": body, "title": f"{body}研究院", "state_since": "2018-12-01"})
            parties = "乙中心；已签；2021-05\n甲中心"
            records.save(db, AGREEMENTS, {"title": f"{body}协议", "alliance_id": body, "parties": parties})
            events = {"alliance_id": body, "title": "对接会", "on_day": "2021-04", "attended": 12}
            records.save(db, SHARING_EVENTS, events, expo_id=self.expo_id)
        of_park = {"park_id": COUNTED, "title": "园区会", "on_day": "2021-04"}
        records.save(db, SHARING_EVENTS, of_park, expo_id=self.expo_id)
        records.save(db, SPECS["index_points"], {"series": "某指数", "year": 2018, "value": "120"})
        with db.reading() as session:
            self.alliances = [body.id for body in alliances.read_board(db, self.expo_id).bodies]
            self.tenants = list(session.scalars(select(Base.metadata.tables["tenant"].c.id)))

    hurt = ""
    """The table in which something is damaged."""

    def statements(self) -> None:
        for period in ("2030H1", "2030H2"):
            board = settlement.read(self.db, self.expo_id, period)
            for line in board.all_lines:
                settlement.read_line(self.db, self.expo_id, line)

    def look(self) -> None:
        for key in self.uses:
            with suppress(DamagedValue):  # one sentence: nothing is judged without what cannot be read
                voucher_uses.look(self.db, self.expo_id, voucher_uses.open_use(self.db, key))
            chain_of(self.db, self.expo_id, VOUCHER_USES.name, key)
        voucher_uses.waiting(self.db, self.expo_id)
        voucher_acts.releasable(self.db, self.expo_id)

    def alliance_pages(self) -> None:
        alliances.read_board(self.db, self.expo_id)
        alliances.sizes(self.db, self.expo_id)
        for key in self.alliances:
            alliances.read_alliance(self.db, self.expo_id, key, AUGUST.date())
            alliances.read_events(self.db, key)

    def tenant_pages(self) -> None:
        for key in self.tenants:
            tenants.read_tenant(self.db, key, self.expo_id)

    def figures(self) -> None:
        for name in ("settlement", "park", "alliance", "index"):
            documents.figures(self.db, self.expo, name)

    def lists(self) -> None:
        for spec in SPECS.values():
            if spec.table.name == self.hurt:
                records.list_rows(self.db, spec, self.expo_id)


def put(db: Database, table: str, column: str, key: uuid.UUID, raw: object) -> bool:
    """Whether the database let it in; what was there is kept beside it."""
    with suppress(IntegrityError), db.writer.begin() as connection:
        connection.execute(text("CREATE TEMP TABLE IF NOT EXISTS was (v)"))
        connection.execute(text("DELETE FROM was"))
        sql = f"INSERT INTO was SELECT {column} FROM {table} WHERE id = :key"  # noqa: S608
        connection.execute(text(sql), {"key": key.bytes})
        sql = f"UPDATE {table} SET {column} = :raw WHERE id = :key"  # noqa: S608
        connection.execute(text(sql), {"raw": raw, "key": key.bytes})
        return True
    return False


def restore(db: Database, table: str, column: str, key: uuid.UUID) -> None:
    with db.writer.begin() as connection:
        sql = f"UPDATE {table} SET {column} = (SELECT v FROM was) WHERE id = :key"  # noqa: S608
        connection.execute(text(sql), {"key": key.bytes})
