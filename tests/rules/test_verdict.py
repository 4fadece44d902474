from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from expo_app.model import AttendeeState, Direction, GateKind, Verdict
from expo_app.rules.verdict import OVERRIDABLE, TONES, Facts, Holder, Hours, Limit, Place, bounce, judge
from tests.factories import term

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2018, 11, 29, 10, 42, tzinfo=ZONE)
GOOD = Holder(AttendeeState.CONFIRMED, term("trade_visitor"))
BUILD_UP = replace(term("build_up"), valid_days=frozenset({date(2018, 11, 26), date(2018, 11, 30), date(2018, 12, 1)}))
CREW = Holder(AttendeeState.CONFIRMED, BUILD_UP)
NIGHT_CREW = replace(CREW, category=replace(BUILD_UP, opens=time(20), closes=time(2)))
FACTS = Facts(NOW, date(2018, 11, 28), date(2018, 11, 30), holder=GOOD)
ROOM = Place(
    GateKind.ROOM,
    items=(
        (NOW.replace(hour=14, minute=0), NOW.replace(hour=16, minute=0)),
        (NOW.replace(hour=9, minute=0), NOW.replace(hour=9, minute=30)),
    ),
)


def opened(opens: time = time.min, closes: time = time.min) -> Place:
    return Place(hours=(Hours(opens, closes),))


STOPPED = Place(stopped_by="陈放")
FULL = (Limit(4000, 4000, True),)


def at(hour: int, minute: int = 0, day: int = 29, month: int = 11) -> datetime:
    return datetime(2018, month, day, hour, minute, tzinfo=ZONE)


def holder(**changes: Any) -> Holder:
    return replace(GOOD, **changes)


def valid_on(day: int) -> Holder:
    return holder(valid_days=frozenset({date(2018, 11, day)}))


NIGHT, NIGHT_HOURS = opened(time(20), time(2)), "入口开放时间 20:00–02:00"
CASES: list[tuple[str, dict[str, Any], Verdict, str]] = [
    ("plain", {}, Verdict.ADMITTED, ""),
    ("no code", {"is_code": False}, Verdict.MALFORMED, "读到的不是胸卡二维码"),
    ("nobody's", {"holder": None}, Verdict.UNKNOWN, "没有这张胸卡的记录"),
    ("revoked", {"holder": holder(is_revoked=True)}, Verdict.REVOKED, "此卡已作废，请出示新卡"),
    (
        "replaced",
        {"holder": holder(is_revoked=True, revoke_reason="遗失", is_replaced=True)},
        Verdict.REVOKED,
        "已换发新卡，这张作废：遗失",
    ),
    ("why", {"holder": holder(is_revoked=True, revoke_reason="换人")}, Verdict.REVOKED, "此卡已作废：换人"),
    ("registered", {"holder": holder(state=AttendeeState.REGISTERED)}, Verdict.UNCONFIRMED, "登记尚未确认"),
    ("cancelled", {"holder": holder(state=AttendeeState.CANCELLED)}, Verdict.UNCONFIRMED, "登记已取消"),
    (
        "cancelled, why",
        {"holder": holder(state=AttendeeState.CANCELLED, cancel_reason="本人来电")},
        Verdict.UNCONFIRMED,
        "登记已取消：本人来电",
    ),
    ("before the expo", {"now": at(23, 59, 27)}, Verdict.WRONG_TIME, "展会 11-28 开幕"),
    ("after the expo", {"now": at(0, 0, 30) + timedelta(1)}, Verdict.WRONG_TIME, "展会已于 11-30 结束"),
    ("first minute", {"now": at(0, 0, 28)}, Verdict.ADMITTED, ""),
    ("last minute", {"now": at(23, 59, 30)}, Verdict.ADMITTED, ""),
    ("valid today", {"holder": holder(valid_days=frozenset({date(2018, 11, 29)}))}, Verdict.ADMITTED, ""),
    (
        "other days",
        {"holder": holder(valid_days=frozenset({date(2018, 11, 30), date(2018, 11, 28)}))},
        Verdict.WRONG_TIME,
        "今日不可入场，有效日期：11-28、11-30",
    ),
    ("no day", {"holder": holder(valid_days=frozenset())}, Verdict.WRONG_TIME, "没有可入场的日期"),
    ("too early", {"place": opened(time(11))}, Verdict.CLOSED, "入口 11:00 开放"),
    ("opens now", {"place": opened(time(10, 42))}, Verdict.ADMITTED, ""),
    ("closes now", {"place": opened(closes=time(10, 42))}, Verdict.CLOSED, "入口开放时间 00:00–10:42"),
    ("within hours", {"place": opened(time(9), time(10, 43))}, Verdict.ADMITTED, ""),
    ("out of hours", {"place": opened(time(12), time(13))}, Verdict.CLOSED, "入口开放时间 12:00–13:00"),
    ("overnight, day", {"place": opened(time(20), time(2))}, Verdict.CLOSED, "入口开放时间 20:00–02:00"),
    ("overnight, late", {"place": opened(time(20), time(2)), "now": at(23)}, Verdict.ADMITTED, ""),
    ("overnight, small hours", {"place": opened(time(20), time(2)), "now": at(1)}, Verdict.ADMITTED, ""),
    ("overnight, closed", {"place": NIGHT, "now": at(2)}, Verdict.CLOSED, NIGHT_HOURS),
    ("overnight, before the first night", {"place": NIGHT, "now": at(1, day=28)}, Verdict.CLOSED, NIGHT_HOURS),
    ("overnight, the first night", {"place": NIGHT, "now": at(20, day=28)}, Verdict.ADMITTED, ""),
    ("overnight, after the last day", {"place": NIGHT, "now": at(0, 30) + timedelta(2)}, Verdict.ADMITTED, ""),
    ("overnight, over", {"place": NIGHT, "now": at(2) + timedelta(2)}, Verdict.WRONG_TIME, "展会已于 11-30 结束"),
    ("overnight, too late", {"place": NIGHT, "now": at(20) + timedelta(2)}, Verdict.WRONG_TIME, "展会已于 11-30 结束"),
    *(
        (f"overnight, valid {day}", {"place": NIGHT, "now": at(0, 30, 29), "holder": valid_on(day)}, verdict, text)
        for day, verdict, text in (
            (28, Verdict.ADMITTED, ""),
            (29, Verdict.ADMITTED, ""),
            (30, Verdict.WRONG_TIME, "今日不可入场，有效日期：11-30"),
        )
    ),
    (
        "by day, valid yesterday",
        {"now": at(0, 30, 29), "holder": valid_on(28)},
        Verdict.WRONG_TIME,
        "今日不可入场，有效日期：11-28",
    ),
    ("room between items", {"place": ROOM}, Verdict.WRONG_TIME, "会场此时没有活动，下一场 11-29 14:00"),
    ("room, an hour before", {"place": replace(ROOM, lead=timedelta(hours=1)), "now": at(13)}, Verdict.ADMITTED, ""),
    ("room, during", {"place": ROOM, "now": at(15)}, Verdict.ADMITTED, ""),
    ("room, over", {"place": ROOM, "now": at(16)}, Verdict.WRONG_TIME, "会场活动已全部结束"),
    ("room without items", {"place": Place(GateKind.ROOM)}, Verdict.ADMITTED, ""),
    ("items say nothing at an entrance", {"place": replace(ROOM, kind=GateKind.ENTRANCE)}, Verdict.ADMITTED, ""),
    ("other expo", {"holder": holder(other_expo="科交会 2019")}, Verdict.WRONG_PLACE, "这是“科交会 2019”的胸卡"),
    (
        "other expo's days do not matter",
        {"holder": holder(other_expo="科交会 2019", valid_days=frozenset({date(2019, 11, 1)}))},
        Verdict.WRONG_PLACE,
        "这是“科交会 2019”的胸卡",
    ),
    (
        "category",
        {"place": Place(categories=(term("exhibitor"), term("staff")))},
        Verdict.WRONG_CATEGORY,
        "专业观众不从此处入场，这里接待：参展商、工作人员",
    ),
    ("no category", {"place": Place(categories=())}, Verdict.WRONG_CATEGORY, "专业观众不从此处入场，这里接待：—"),
    (
        "category's days",
        {"holder": holder(category=replace(term("guest"), valid_days=frozenset({date(2018, 11, 30)})))},
        Verdict.WRONG_TIME,
        "嘉宾今日不可入场，有效日期：11-30",
    ),
    (
        "category of no day",
        {"holder": holder(category=term("build_up"))},
        Verdict.WRONG_TIME,
        "布撤展还没有可入场的日期",
    ),
    (
        "category's hours",
        {"holder": holder(category=replace(term("guest"), closes=time(10)))},
        Verdict.WRONG_TIME,
        "嘉宾的入场时间是 00:00–10:00",
    ),
    ("build-up before the expo", {"holder": CREW, "now": at(9, day=26)}, Verdict.ADMITTED, ""),
    (
        "not on its day",
        {"holder": CREW, "now": at(9, day=27)},
        Verdict.WRONG_TIME,
        "布撤展今日不可入场，有效日期：11-26、11-30、12-01",
    ),
    ("tear-down after the expo", {"holder": CREW, "now": at(9, month=12, day=1)}, Verdict.ADMITTED, ""),
    ("night shift of the last day", {"holder": NIGHT_CREW, "now": at(1, month=12, day=2)}, Verdict.ADMITTED, ""),
    (
        "after the night shift",
        {"holder": NIGHT_CREW, "now": at(2, month=12, day=2)},
        Verdict.WRONG_TIME,
        "布撤展今日不可入场，有效日期：11-26、11-30、12-01",
    ),
    (
        "the person's own days too",
        {"holder": replace(CREW, valid_days=frozenset({date(2018, 11, 30)})), "now": at(9, day=26)},
        Verdict.WRONG_TIME,
        "今日不可入场，有效日期：11-30",
    ),
    (
        "another expo's category does not matter",
        {"holder": replace(CREW, other_expo="科交会 2019")},
        Verdict.WRONG_PLACE,
        "这是“科交会 2019”的胸卡",
    ),
    ("allowed", {"place": Place(categories=(term("trade_visitor"),))}, Verdict.ADMITTED, ""),
    ("again", {"first_at": at(9, 5), "first_desk": "东入口 2"}, Verdict.AGAIN, "首次签到 09:05 · 东入口 2"),
    ("again, desk unknown", {"first_at": at(9, 5)}, Verdict.AGAIN, "首次签到 09:05 · —"),
    (
        "two spans a day",
        {"place": Place(hours=(Hours(time(13), time(16)), Hours(time(8), time(10))))},
        Verdict.CLOSED,
        "入口开放时间 08:00–10:00、13:00–16:00",
    ),
    (
        "a day of its own goes before",
        {"place": Place(hours=(Hours(time(8), time(18)), Hours(time(12), time(14), date(2018, 11, 29))))},
        Verdict.CLOSED,
        "入口开放时间 12:00–14:00",
    ),
    ("only another day", {"place": Place(hours=(Hours(day=date(2018, 11, 28)),))}, Verdict.CLOSED, "入口今天不开放"),
    (
        "last night's hours",
        {"place": Place(hours=(Hours(time(20), time(2), date(2018, 11, 28)),)), "now": at(1)},
        Verdict.ADMITTED,
        "",
    ),
    (
        "tonight's hours are not last night's",
        {"place": Place(hours=(Hours(time(20), time(2), date(2018, 11, 29)),)), "now": at(1)},
        Verdict.CLOSED,
        "入口开放时间 20:00–02:00",
    ),
    (
        "written hours go before items",
        {"place": replace(ROOM, hours=(Hours(time(9), time(18)),))},
        Verdict.ADMITTED,
        "",
    ),
    ("room, half an hour before", {"place": ROOM, "now": at(13, 30)}, Verdict.ADMITTED, ""),
    ("stopped", {"place": STOPPED}, Verdict.CLOSED, "这个入口已停止放行"),
    ("full", {"limits": FULL}, Verdict.FULL, "里面已有 4,000 人，核定 4,000 人"),
    ("one more", {"limits": (Limit(3999, 4000, True),)}, Verdict.ADMITTED, ""),
    ("full, a warning alone", {"limits": (Limit(60, 60, False),)}, Verdict.ADMITTED, ""),
    ("inside, full", {"limits": FULL, "first_at": at(9), "is_inside": True}, Verdict.AGAIN, "首次签到 09:00 · —"),
    (
        "inside by another gate, full",
        {"limits": FULL, "is_inside": True, "inside_since": at(9, 40)},
        Verdict.AGAIN,
        "09:40 已进场，人在里面",
    ),
    ("inside, stopped", {"place": STOPPED, "first_at": at(9), "is_inside": True}, Verdict.AGAIN, "首次签到 09:00 · —"),
    ("inside by another gate", {"is_inside": True, "inside_since": at(9)}, Verdict.ADMITTED, ""),
    (
        "went out, full",
        {"limits": FULL, "first_at": at(9), "is_inside": False},
        Verdict.FULL,
        "里面已有 4,000 人，核定 4,000 人",
    ),
    ("went out, back", {"first_at": at(9), "is_inside": False}, Verdict.AGAIN, "首次签到 09:00 · —"),
    ("out", {"direction": Direction.OUT, "is_inside": True}, Verdict.OUT, ""),
    ("out, never in", {"direction": Direction.OUT}, Verdict.OUT, "没有扫到进场，出场照记"),
    ("out, twice", {"direction": Direction.OUT, "is_inside": False}, Verdict.OUT, "没有扫到进场，出场照记"),
    (
        "nobody is kept in",
        {"direction": Direction.OUT, "is_inside": True, "holder": holder(is_revoked=True), "place": STOPPED},
        Verdict.OUT,
        "",
    ),
    ("out, a code of nobody", {"direction": Direction.OUT, "holder": None}, Verdict.UNKNOWN, "没有这张胸卡的记录"),
]


@pytest.mark.parametrize(("changes", "verdict", "text"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_verdict(changes: dict[str, Any], verdict: Verdict, text: str) -> None:
    judgement = judge(replace(FACTS, **changes))
    assert (judgement.verdict, judgement.text) == (verdict, text)


def test_precedence() -> None:
    """Everything is wrong at once; what is put right one by one uncovers the next reason."""
    worst = Holder(AttendeeState.CANCELLED, term("media"), is_revoked=True, other_expo="别的展会")
    facts = Facts(
        at(10, day=27),
        date(2018, 11, 28),
        date(2018, 11, 30),
        is_code=False,
        place=Place(categories=(term("staff"),)),
        first_at=at(9),
    )
    repairs: list[dict[str, Any]] = [
        {"is_code": True},
        {"holder": worst},
        {"holder": (worst := replace(worst, is_revoked=False))},
        {"holder": (worst := replace(worst, state=AttendeeState.CONFIRMED))},
        {"now": NOW},
        {"holder": replace(worst, other_expo="")},
        {"place": Place()},
        {"first_at": None},
    ]
    seen = [judge(facts).verdict]
    for repair in repairs:
        facts = replace(facts, **repair)
        seen.append(judge(facts).verdict)
    assert seen == [
        Verdict.MALFORMED,
        Verdict.UNKNOWN,
        Verdict.REVOKED,
        Verdict.UNCONFIRMED,
        Verdict.WRONG_TIME,
        Verdict.WRONG_PLACE,
        Verdict.WRONG_CATEGORY,
        Verdict.AGAIN,
        Verdict.ADMITTED,
    ]


def test_who_is_let_in() -> None:
    assert set(TONES) == set(Verdict)
    assert judge(FACTS).lets_in is True
    assert judge(replace(FACTS, first_at=at(9))).lets_in is True
    assert judge(replace(FACTS, holder=None)).lets_in is False
    assert {
        v for v in Verdict if v.name in ("UNCONFIRMED", "WRONG_TIME", "WRONG_CATEGORY", "FULL", "CLOSED", "DAMAGED")
    } == OVERRIDABLE


@pytest.mark.parametrize(
    ("last_code", "seconds", "code", "answer"),
    [
        ("A", 0.0, "A", True),
        ("A", 3.0, "A", True),
        ("A", 3.001, "A", False),
        ("A", 0.1, "B", False),
        ("A", -1.0, "A", False),
        (None, 0.0, "A", False),
    ],
)
def test_bounce(last_code: str | None, seconds: float, code: str, answer: bool) -> None:
    assert bounce(last_code, NOW, code, NOW + timedelta(seconds=seconds)) is answer


def test_the_first_scan_of_a_desk_is_no_bounce() -> None:
    assert bounce(None, None, "A", NOW) is False
