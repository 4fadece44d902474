"""The programme: seven reported items and seven generated ones, with two clashes and two in the tray to show."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from expo_app.model import (
    AchievementKind,
    AgendaEntry,
    IpStatus,
    ItemKind,
    ItemState,
    OrganisationKind,
    Pitch,
    ProgrammeItem,
    Room,
    Speaker,
    SpeakerRole,
    TransferWay,
)
from expo_app.rules.search_key import search_key
from expo_app.services.sample import exhibits, facts, people, words
from expo_app.services.sample.participants import achievement
from expo_app.services.sample.rows import Row, Rows

SHANGHAI = timedelta(hours=8)
SIGNING = "院地合作项目集中签约（示例）"
HOST = "科交会会务组（示例）"


@dataclass(frozen=True)
class Slot:
    """When and where, on the expo's clock: day of November, hours as "09:30", room's letter."""

    day: int
    start: str
    end: str
    room: str

    @property
    def times(self) -> tuple[datetime, datetime]:
        return _moment(self.day, self.start), _moment(self.day, self.end)


@dataclass(frozen=True)
class Generated:
    """An item that is not reported. `speakers` index SPEAKERS, the first moderates; no slot: it lies in the tray."""

    title: str
    title_en: str
    kind: ItemKind
    slot: Slot | None
    minutes: int
    registrations: int = 0
    speakers: tuple[int, ...] = ()
    state: ItemState = ItemState.CONFIRMED
    summary: str = ""
    capacity: int | None = None


def _moment(day: int, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2018, 11, day, hour, minute, tzinfo=UTC) - SHANGHAI


NAMED_SLOTS = {
    facts.OPENING: Slot(28, "09:30", "11:30", "A"),
    facts.TRADE_FORUM: Slot(28, "13:30", "16:30", "A"),
    facts.MEDICINE: Slot(28, "13:30", "16:30", "B"),
    facts.VEHICLES: Slot(29, "09:30", "11:30", "A"),
    facts.ROADSHOW: Slot(29, "09:30", "11:45", "C"),
    facts.AUCTION: Slot(29, "13:30", "16:30", "A"),
    facts.DIGITAL: Slot(30, "09:30", "11:30", "A"),
}
"""Chosen, except that the opening is on the 28th in the morning and the roadshow on the 29th in room C."""
SPEAKERS = (
    ("沈知远", "教授", "申江大学"),
    ("周岚", "秘书长", "练祁新城科技局"),
    ("陆文涛", "总工程师", "娄江理工大学"),
    ("顾晓岚", "研究员", "瓯越大学"),
    ("方立恒", "合伙人", "申江创投"),
    ("徐鸣远", "投资总监", "瓯越健康资本"),
    ("唐书瑶", "院长", "瓯江医科大学"),
    ("蒋博文", "首席科学家", "江南科技大学"),
    ("钱若云", "副主任", "江南生产力促进中心"),
    ("何行知", "处长", "玉峰科技局"),
    ("邵景和", "会长", "太湖科技企业协会"),
    ("丁婉清", "研究员", "练祁工学院"),
)
ITEMS = (
    Generated(
        "高端制造数字化转型论坛（示例）", "Forum on the digital transformation of high-end manufacturing",
        ItemKind.FORUM, Slot(28, "14:00", "16:00", "C"), 120, 54, (10, 7, 2),
    ),
    Generated(
        SIGNING, "Joint signing of projects of institutes and regions",
        ItemKind.SIGNING, Slot(29, "12:30", "13:50", "B"), 80, 86, (9,), summary="6 个项目签约。",
    ),
    Generated(
        "新能源与高端制造成果对接会（示例）", "Matchmaking on new energy and high-end manufacturing",
        ItemKind.MATCHING, Slot(29, "14:00", "16:00", "B"), 120, 104, (1, 0, 2, 11),
    ),
    Generated(
        "双创券服务机构说明会（示例）", "Briefing for innovation-voucher service providers",
        ItemKind.OTHER, Slot(29, "14:15", "15:30", "C"), 75, 48, (8, 0),
    ),
    Generated(
        "科技金融圆桌（示例）", "Round table on technology finance",
        ItemKind.FORUM, Slot(30, "10:00", "11:30", "B"), 90, 62, (3, 4, 5), ItemState.DRAFT,
    ),
    Generated(
        "健康医疗成果专场路演（示例）", "Roadshow of results in health and medicine",
        ItemKind.ROADSHOW, None, 90, 0, (6,), capacity=100,
    ),
    Generated(
        "科交会总结与签约通报（示例）", "Closing session: results and signings of the expo",
        ItemKind.OTHER, None, 45, 0, (), summary="宜排在 11 月 30 日下午。",
    ),
)  # fmt: skip
"""沈知远 speaks in two places at 14:15 on the 29th; room B has ten minutes between two items, fifteen are needed."""
PUBLISHED_OTHERWISE = {
    SIGNING: Slot(29, "12:00", "13:20", "B"),
    "双创券服务机构说明会（示例）": Slot(29, "12:30", "13:45", "C"),
}
"""Moved since the programme was published, which made the two clashes; the draft and the tray never were published."""
PRESENTERS = (
    "林望川（示例）",
    "苏韵清（示例）",
    "梁海舟（示例）",
    "贺青松（示例）",
    "温以宁（示例）",
    "章子衡（示例）",
)
REGIONS = {
    "申江大学": "310000",
    "练祁新城科技局": "310114",
    "娄江理工大学": "320585",
    "瓯越大学": "330300",
    "瓯江医科大学": "330300",
    "江南科技大学": "320200",
    "江南生产力促进中心": "320500",
    "玉峰科技局": "320583",
    "太湖科技企业协会": "320500",
    "练祁工学院": "310114",
}


def add_programme(rows: Rows, expo_id: uuid.UUID) -> None:
    """All fourteen items with speakers, agenda and pitches, and the seven patents."""
    rooms = {row["name"][0]: row["id"] for row in rows.of(Room)}
    officials = {name: _official(rows, name, title, body) for name, title, body in facts.PEOPLE}
    speakers = [_speaker(rows, *each) for each in SPEAKERS]
    for title, kind in facts.ITEMS:
        item = _item(
            rows,
            expo_id,
            rooms,
            title,
            kind,
            NAMED_SLOTS[title],
            title_en=facts.TITLES_EN[title],
            is_sample=False,
            summary=facts.SUMMARIES[title],
            is_locked=kind is ItemKind.AUCTION,
        )
        if title == facts.OPENING:
            _opening(rows, item, list(officials.values()))
        if title == facts.ROADSHOW:
            _pitches(rows, expo_id, item)
    for each in ITEMS:
        item = _item(
            rows,
            expo_id,
            rooms,
            each.title,
            each.kind,
            each.slot,
            title_en=each.title_en,
            is_sample=True,
            summary=each.summary,
            state=each.state,
            minutes=each.minutes,
            registrations=each.registrations,
            capacity=each.capacity,
            host=HOST,
        )
        for position, n in enumerate(each.speakers):
            role = SpeakerRole.MODERATOR if position == 0 and len(each.speakers) > 1 else SpeakerRole.SPEAKER
            rows.add(Speaker, item_id=item["id"], person_id=speakers[n], role=role, position=position, is_sample=True)
    _patents(rows, expo_id)


def _item(
    rows: Rows,
    expo_id: uuid.UUID,
    rooms: dict[str, uuid.UUID],
    title: str,
    kind: ItemKind,
    slot: Slot | None,
    **values: object,
) -> Row:
    start, end = slot.times if slot else (None, None)
    given: dict[str, object] = {"minutes": int((end - start).total_seconds() // 60)} if start and end else {}
    state = values.get("state", ItemState.CONFIRMED)
    if slot and state is ItemState.CONFIRMED:
        given["published"] = _published(title, PUBLISHED_OTHERWISE.get(title, slot), rooms)
    return rows.add(
        ProgrammeItem,
        expo_id=expo_id,
        room_id=rooms[slot.room] if slot else None,
        kind=kind,
        title=title,
        starts_at=start,
        ends_at=end,
        search_text=search_key(title, str(values["title_en"]), str(values.get("host", "")))[:600],
        **given | values,
    )


def _published(title: str, slot: Slot, rooms: dict[str, uuid.UUID]) -> dict[str, str]:
    """What `services.programme.publish` keeps of an item."""
    start, end = slot.times
    return {
        "title": title,
        "state": ItemState.CONFIRMED.name,
        "room": str(rooms[slot.room]),
        "starts_at": start.isoformat(),
        "ends_at": end.isoformat(),
    }


def _official(rows: Rows, name: str, title: str, body: str) -> uuid.UUID:
    return rows.person(name, title=title, organisation_id=rows.organisations[body], is_sample=False)


def _speaker(rows: Rows, name: str, title: str, body: str) -> uuid.UUID:
    if body in words.UNIVERSITIES:
        kind = OrganisationKind.UNIVERSITY
    else:
        kind = OrganisationKind.GOVERNMENT if body in words.PUBLIC_NAMES else OrganisationKind.INVESTOR
    organisation = rows.organisation(f"{body}{people.MARK}", kind=kind, region_code=REGIONS.get(body))
    return rows.person(name, title=title, organisation_id=organisation)


def _opening(rows: Rows, item: Row, officials: list[uuid.UUID]) -> None:
    """The six reported parts, without times; that the officials sat there is an assumption, so marked."""
    for position, title in enumerate(facts.OPENING_PARTS):
        rows.add(AgendaEntry, item_id=item["id"], position=position, title=title)
    for position, person in enumerate(officials):
        rows.add(
            Speaker, item_id=item["id"], person_id=person, role=SpeakerRole.GUEST, position=position, is_sample=True
        )


def _pitches(rows: Rows, expo_id: uuid.UUID, item: Row) -> None:
    """Three reported results, of which nothing but title and owner is known, and three generated ones."""
    found: list[tuple[Row, Row]] = [
        (achievement(rows, expo_id, rows.organisations[owner], title, kind=kind, is_sample=False), {"is_sample": False})
        for title, owner, kind in facts.RESULTS
    ]
    for title, owner, field, trl, score, comments, interest in exhibits.PITCHED:
        result = achievement(
            rows,
            expo_id,
            _owner(rows, owner),
            title,
            field=field,
            trl=trl,
            ip_status=IpStatus.GRANTED,
            transfer_way=TransferWay.INVESTMENT,
        )
        found.append((result, {"score": score, "comments": comments, "interest": interest, "is_sample": True}))
    order = (0, 3, 1, 4, 2, 5)
    for position, n in enumerate(order, 1):
        result, more = found[n]
        rows.add(
            Pitch,
            item_id=item["id"],
            achievement_id=result["id"],
            position=position,
            presenter=PRESENTERS[position - 1],
            **more,
        )


def _owner(rows: Rows, name: str) -> uuid.UUID:
    return rows.organisation(name, kind=OrganisationKind.RESEARCH, region_code=exhibits.OWNERS[name])


def _patents(rows: Rows, expo_id: uuid.UUID) -> None:
    """The reported patent, without a price, and six generated ones."""
    rng = Random("patents")  # noqa: S311
    achievement(
        rows,
        expo_id,
        rows.organisations[facts.ACADEMY],
        facts.PATENT,
        kind=AchievementKind.PATENT,
        ip_status=IpStatus.GRANTED,
        transfer_way=TransferWay.TRANSFER,
        summary="专利拍卖标的之一，名称据报道；权利人所属院所与价格未见报道。",
        is_sample=False,
    )
    for title, owner, field in exhibits.PATENTS:
        achievement(
            rows,
            expo_id,
            _owner(rows, owner),
            title,
            kind=AchievementKind.PATENT,
            field=field,
            trl=rng.randint(4, 7),
            ip_status=IpStatus.GRANTED,
            transfer_way=TransferWay.TRANSFER,
            summary="专利拍卖标的，示例。",
        )
