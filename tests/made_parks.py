"""Two parks for windows and papers: one of reported totals, one counted; and a tenant that has everything."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from expo_app.model import Deal, Expo, SupportKind, SupportState, TenantState
from expo_app.services import follow_up, records, tenant_acts
from expo_app.specs import PARK_FIGURES, PARKS, TENANT_FIGURES, TENANT_SUPPORTS, TENANTS
from expo_app.store.database import Database
from tests.factories import make_deal

NOW = datetime(2022, 12, 20, 7, 10, tzinfo=UTC)
REPORTED, COUNTED = "报道园", "两地园"
YEARS = {
    date(2020, 12, 31): {"area": 180, "staff": 14, "ip_applied": 5, "revenue": "1260 千元", "net_profit": "-2310 千元"},
    date(2021, 12, 31): {"area": 420, "staff": 23, "ip_applied": 9, "revenue": "5480 千元", "contracts": 2},
}  # fmt: skip


class Parks:
    """Keys of what there is. `first` went all the way to landing, `other` left, `told` was reported."""

    def __init__(self, db: Database, expo_id: uuid.UUID) -> None:
        db.clock = lambda: NOW
        self.db, self.expo_id = db, expo_id
        terms = "协议写明：研发产值归研发地。"
        self.reported = records.save(
            db, PARKS, {"name": REPORTED, "source": "某报", "opened": "2019-12", "supports": "研发；租金"}
        )
        self.counted = records.save(
            db, PARKS, {"name": COUNTED, "own_area": 1000, "public_area": 80, "sharing_terms": terms}
        )
        for figure, said in (("走访意向企业", "超过 530"), ("入驻企业和团队", "46"), ("落地项目", "14")):
            self.figure(figure, said)
        self.figure("高层次人才", "126", "2021-06")
        self.first = self.tenant("甲储能", visited_on="2018-11-29", signed_on="2019-10-16", moved_in_on="2020-01-08")
        tenant_acts.step(db, expo_id, self.first, TenantState.LANDED, "2022-06-20", words="开工", where_to="海边基地")
        self.second = self.tenant("乙光学", visited_on="2019-03", intended_on="2019-05")
        self.other = self.tenant("丙生物", moved_in_on="2020", left_on="2021-06", left_to="外地", left_why="资金断了")
        self.told = records.save(
            db, TENANTS, {"park_id": REPORTED, "organisation_id": "丁流体", "source": "某报", "state": "落地"}
        )
        for day, values in YEARS.items():
            self.fill(day, values)
        self.support("首年免租", SupportKind.RENT, "216000", "2022-12-31")
        follow_up.add_task(db, expo_id, {"title": "续租谈判", "due_on": "2022-12-31"}, {"tenant_id": self.first})

    def figure(self, name: str, said: str, on_day: str = "2022-12") -> uuid.UUID:
        given = {
            "park_id": REPORTED,
            "figure": name,
            "said": said,
            "on_day": on_day,
            "since": "2019-12",
            "source": "某报",
        }
        return records.save(self.db, PARK_FIGURES, given)

    def tenant(self, name: str, **given: Any) -> uuid.UUID:
        return records.save(self.db, TENANTS, {"park_id": COUNTED, "organisation_id": name, **given})

    def fill(self, day: date, values: dict[str, Any]) -> uuid.UUID:
        typed = {name: TENANT_FIGURES.field(name).parse(str(value)) for name, value in values.items()}
        return tenant_acts.fill(self.db, self.expo_id, self.first, day, typed)

    def support(self, title: str, kind: SupportKind, amount: str, until: str) -> uuid.UUID:
        given = {"title": title, "kind": kind, "amount": amount, "valid_until": until, "state": SupportState.RUNNING}
        own = {"tenant": "甲储能", "park": COUNTED}
        return records.save(self.db, TENANT_SUPPORTS, own | given, expo_id=self.expo_id)

    def deal(self, title: str = "入驻协议") -> uuid.UUID:
        with self.db.transaction() as session:
            found: Deal = make_deal(session, session.get_one(Expo, self.expo_id), title, signed_on=date(2019, 10, 16))
            return found.id
