"""Generated members, platforms, events and tasks of the sample's alliances, four years on; all of them marked."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import product
from typing import Any

from sqlalchemy import select

from expo_app.model import Alliance, MemberRole, PlatformState, SharingEventState
from expo_app.services.record_writer import writing
from expo_app.services.sample import lists
from expo_app.specs import MEMBERS, ORGANISATIONS, PLATFORMS, SHARING_EVENTS, TASKS
from expo_app.store.database import Database

FIRST = ("云脉", "明瓯", "沁湖", "东岚", "青禾", "启衡")
KINDS = ("网络科技有限公司", "光学仪器有限公司", "新材料研究院", "检测技术有限公司", "产业联合会")
REGIONS = ("上海市", "江苏省", "浙江省", "安徽省", "苏州市", "温州市", "湖北省")
ROLES = (MemberRole.COUNCIL, MemberRole.MEMBER, MemberRole.MEMBER, MemberRole.OBSERVER, MemberRole.MEMBER)
SINCE = ("2019-03", "2019-06", "2020-04", "2021-05-20", "2021")
BODIES = ((0, 18), (10, 27), (18, 30))
"""Of the alliances in their order: which of the generated organisations belong to it."""
PLATFORMS_OF = (
    (0, "技术交易学院（示例）", "区域创新服务中心", "苏州市", PlatformState.AGREED, date(2022, 9, 1)),
    (1, "测试验证工程中心（示例）", "工程技术研究中心", "苏州市", PlatformState.BUILDING, date(2022, 2, 10)),
    (1, "汽车电子重点实验室（示例）", "重点实验室", "嘉定区", PlatformState.RUNNING, date(2021, 3, 1)),
    (2, "5G 应用孵化器（示例）", "孵化器", "嘉定区", PlatformState.RUNNING, date(2020, 12, 1)),
    (2, "边缘计算实验室（示例）", "重点实验室", "温州市", PlatformState.PLANNED, date(2022, 11, 15)),
)
NEXT = (
    ("技术对接会（示例）", "2022-12-28", "嘉定", SharingEventState.OPEN, 42, 60),
    ("理事会年会（示例）", "2023-01-06", "线上", SharingEventState.WAITING, None, None),
)
HELD = (10, 7, 3)
"""How many events each alliance held."""
TASKS_OF = (
    ("产业技术研究院选址复函（示例）", 1, date(2022, 12, 12)), ("理事会换届名单（示例）", 0, date(2022, 12, 17)),
)  # fmt: skip


def add_alliances(db: Database, expo_id: uuid.UUID) -> dict[str, int]:
    """Write them in one transaction; how many members and events there are."""
    names = [f"{first}{kind}（示例）" for first, kind in product(FIRST, KINDS)]
    with writing(db, None, expo_id) as writer:
        query = select(Alliance.name).where(Alliance.is_sample.is_(False)).order_by(Alliance.founded, Alliance.id)
        bodies = list(writer.session.scalars(query))
        rows = [{"name": name, "region_code": region} for name, region in zip(names, REGIONS * 5, strict=False)]
        lists.write(writer, ORGANISATIONS, [_read(row) for row in rows])
        members = [row for body, (start, end) in zip(bodies, BODIES, strict=True)
                   for n in range(start, end) for row in _member(body, names[n], n)]  # fmt: skip
        events = _events(bodies)
        platforms = [
            {"alliance_id": bodies[of], "title": title, "kind": kind, "state": state, "state_since": since,
             **_read({"region_code": region})}
            for of, title, kind, region, state, since in PLATFORMS_OF
        ]  # fmt: skip
        tasks = [
            {"title": title, "assignee": "陈放", "due_on": due, "alliance_id": bodies[of]}
            for title, of, due in TASKS_OF
        ]
        for spec, some in ((MEMBERS, members), (PLATFORMS, platforms), (SHARING_EVENTS, events), (TASKS, tasks)):
            lists.write(writer, spec, some)
    return {"members": len(members), "alliance_events": len(events)}


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """The region as its code."""
    return {**row, "region_code": ORGANISATIONS.field("region_code").parse(row["region_code"])}


def _member(body: str, name: str, n: int) -> list[dict[str, Any]]:
    """Its role since some day; every seventh took another one, every eleventh left."""
    since, role = SINCE[n % len(SINCE)], ROLES[n % len(ROLES)]
    first = {"alliance_id": body, "organisation_id": name, "role": role, "since": since}
    if n % 7 == 3:
        return [{**first, "until": "2021-12"}, {**first, "role": MemberRole.COUNCIL, "since": "2022-01"}]
    return [{**first, "until": "2022-06"} if n % 11 == 5 else first]


def _events(bodies: list[str]) -> list[dict[str, Any]]:
    held = [
        {
            "alliance_id": body, "title": f"第 {n + 1} 次交流会（示例）",
            "on_day": date(2019 + n % 4, 3 + n % 9, 5 + n).isoformat(),
            "place": ("嘉定", "苏州", "温州")[n % 3], "state": SharingEventState.HELD, "registered": 40 + 3 * n,
            "attended": 31 + 2 * n,
        }
        for body, count in zip(bodies, HELD, strict=True) for n in range(count)
    ]  # fmt: skip
    return held + [
        {
            "alliance_id": bodies[0], "title": title, "on_day": day, "place": place, "state": state,
            "registered": registered, "capacity": capacity,
        }
        for title, day, place, state, registered, capacity in NEXT
    ]  # fmt: skip
