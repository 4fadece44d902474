"""What the desk says about a scan: words, icons and next steps, from the answer alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from expo_app.i18n import N_, _
from expo_app.model import AttendeeState, Direction, Method, Verdict
from expo_app.rules import verdict
from expo_app.services.checkin import DeskFigures, Found, LastScan, Post, Scan
from expo_app.services.checkin_gates import Crowd
from expo_app.ui.pages.checkin_desk.desk_widgets import ListedLine
from expo_app.ui.pages.checkin_desk.kiosk import Fact, PersonFace, VerdictFace
from expo_app.ui.pages.checkin_desk.scan_queue import Waiting
from expo_app.ui.parts.crowd_words import said_count, said_share

WORDS = MappingProxyType({"ok": N_("通过"), "warn": N_("已签到过"), "bad": N_("不能入场")})
ICONS = MappingProxyType({"ok": "checkbox-circle-fill", "warn": "error-warning-fill", "bad": "close-circle-fill"})
SOUNDS = MappingProxyType(
    {"ok": N_("提示音：一声短音"), "warn": N_("提示音：两声短音"), "bad": N_("提示音：一声长低音")}
)
OWN: Mapping[Verdict, tuple[str, str]] = MappingProxyType(
    {
        Verdict.FULL: ("group-line", N_("满员")),
        Verdict.CLOSED: ("lock-line", N_("未开放")),
        Verdict.OUT: ("logout-box-r-line", N_("已出场")),
        Verdict.DAMAGED: ("error-warning-line", N_("找主管")),
    }
)
"""Icon and word of verdicts that say more than their colour."""
STEPS: Mapping[Verdict, tuple[str, ...]] = MappingProxyType(
    {
        Verdict.ADMITTED: (N_("核对姓名"), N_("放行")),
        Verdict.AGAIN: (N_("核对本人"), N_("无误后放行"), N_("不再发资料")),
        Verdict.UNCONFIRMED: (N_("请到登记台确认"), N_("急事请主管按 F7"), N_("不要留在通道")),
        Verdict.WRONG_TIME: (N_("请到登记台改签"), N_("急事请主管按 F7"), N_("不要留在通道")),
        Verdict.WRONG_PLACE: (N_("请出示本届胸卡"), N_("没有就按 F2 登记"), N_("不要留在通道")),
        Verdict.WRONG_CATEGORY: (N_("请走对应入口"), N_("急事请主管按 F7"), N_("不要留在通道")),
        Verdict.REVOKED: (N_("请出示新卡"), N_("没有就按 F3 查询"), N_("不要留在通道")),
        Verdict.UNKNOWN: (N_("按 F3 人工查询"), N_("没有就按 F2 登记"), N_("不要留在通道")),
        Verdict.MALFORMED: (N_("出示胸卡二维码"), N_("再扫一次"), N_("或按 F3 人工查询")),
        Verdict.FULL: (N_("请在外面等候"), N_("有人出来再放行"), N_("急事请主管按 F7")),
        Verdict.CLOSED: (N_("请稍候，或走别的入口"), N_("急事请主管按 F7"), N_("不要留在通道")),
        Verdict.OUT: (N_("请慢走"),),
        Verdict.DAMAGED: (N_("请找主管"), N_("主管核对本人后按 F7"), N_("不要留在通道")),
    }
)
"""What to do next, three short lines at most."""
IDLE = N_("请扫码")


def verdict_face(scan: Scan) -> VerdictFace:
    """The big panel for an answer."""
    reason = scan.reason
    if scan.verdict is Verdict.ADMITTED:
        reason = _("请进")
    elif scan.verdict is Verdict.AGAIN and scan.first_at is not None:
        reason = _("{time} · {desk}").format(time=f"{scan.first_at:%H:%M}", desk=scan.first_desk or "—")
    steps = [_(step) for step in STEPS[scan.verdict]]
    if scan.verdict is Verdict.ADMITTED and _lacks_badge(scan):
        steps.append(_("按 F4 打印胸卡"))
    tone = scan.tone
    icon, word = OWN.get(scan.verdict, (ICONS[tone], WORDS[tone]))
    ground = "calm" if scan.verdict is Verdict.OUT else tone
    return VerdictFace(ground, icon, _(word), reason, tuple(steps), _("下一步"), _(SOUNDS[tone]))


def idle_face(direction: Direction = Direction.IN) -> VerdictFace:
    """Nobody was scanned for a while."""
    if direction is Direction.OUT:
        return VerdictFace("calm", "logout-box-r-line", _("扫码出场"), _("现在扫的都记为出场"))
    return VerdictFace("calm", "qr-scan-2-line", _(IDLE), _("把胸卡二维码对准扫码枪"))


def unchosen_face() -> VerdictFace:
    """No desk yet: nothing would be kept, so nothing asks for a code."""
    return VerdictFace("calm", "computer-line", _("先选签到台"), _("在右边选好签到台，再开始扫码"))


def refused_face() -> VerdictFace:
    """A code came before a desk was chosen."""
    steps = (_("在右边选签到台"), _("点“开始签到”"), _("请本人再扫一次"))
    sentence, sound = _("还没有选签到台，刚才扫的没有保存"), SOUNDS["bad"]
    return VerdictFace("fault", "alert-fill", _("没有保存"), sentence, steps, _("下一步"), _(sound))


def busy_face(waiting: int) -> VerdictFace:
    """Not yet kept: no verdict before the commit."""
    steps = [_("请稍等"), _("不用再扫")]
    if waiting > 1:
        steps.append(_("还有 {n} 次在等").format(n=waiting))
    return VerdictFace("busy", "loader-4-line", _("正在保存"), _("数据库忙，存好后显示结果"), tuple(steps), _("下一步"))


IN_THE_WAY: Mapping[str, str] = MappingProxyType(
    {
        "E-DB-SERVER": N_("连不上数据库服务器"),
        "E-DB-FULL": N_("磁盘已满"),
        "E-DB-LOCKED": N_("数据库正被另一个程序占用"),
        "E-DB-DEADLOCK": N_("数据库正被另一台电脑占用"),
        "E-DB-READONLY": N_("数据库只能查看，不能写入"),
        "E-DB-MOVED": N_("数据库文件被移走、删除或替换了"),
        "E-DB-MISSING": N_("找不到数据库文件"),
        "E-DB-IO": N_("磁盘读写出错"),
    }
)
"""What is in the way, in the few words there is room for; anything else says its own sentence."""


def outage_face(waiting: Waiting, zone: ZoneInfo) -> VerdictFace:
    """Something is in the way for longer: what it is, since when (local), how many scans wait."""
    cause, since = waiting.cause, waiting.since
    if cause is None or since is None:
        return busy_face(waiting.count)
    word = _("服务器离线") if cause.code == "E-DB-SERVER" else _("存不进去")
    steps = (_("看胸卡和本人，照常放行"), _("{n} 次扫描在等").format(n=waiting.count), _("请告诉主管；不要关电脑"))
    what = _(IN_THE_WAY[cause.code]) if cause.code in IN_THE_WAY else cause.message.rstrip("。.")
    sentence = _("{time} 起{what}。扫过的都留着，恢复后自动补记").format(
        time=f"{since.astimezone(zone):%H:%M:%S}", what=what
    )
    sound = SOUNDS["bad"]
    return VerdictFace("fault", "alert-fill", word, sentence, steps, _("下一步"), _(sound))


def caught_up_face(answers: Sequence[Scan]) -> VerdictFace:
    """What had waited is kept: how many, and who should not have been let in."""
    refused = [scan for scan in answers if scan.tone == "bad"]
    reason = _("{n} 次在等的扫描都已补记").format(n=len(answers))
    names = [f"{scan.name or scan.code}：{scan.verdict.label}" for scan in refused]
    steps = [_("其中 {n} 次不该放行").format(n=len(refused)), *names[:2]] if refused else []
    return VerdictFace("calm", "checkbox-circle-line", _("已恢复"), reason, tuple(steps), _("留意") if refused else "")


def fault_face(sentence: str) -> VerdictFace:
    """The scan was not kept."""
    return VerdictFace("fault", "alert-fill", _("没有保存"), sentence)


def undone_face(scan: Scan) -> VerdictFace:
    """The last admission was taken back."""
    reason = _("{name} {time} 的签到不再计数").format(name=scan.name, time=f"{scan.at:%H:%M:%S}")
    return VerdictFace("calm", "arrow-go-back-line", _("已撤销"), reason)


def opened_face() -> VerdictFace:
    """A person was opened by badge number; nothing is kept yet."""
    steps = (_("看姓名和单位"), _("再按 Enter"))
    reason = _("无误后再按 Enter，记为人工签到")
    return VerdictFace("calm", "user-search-line", _("核对本人"), reason, steps, _("下一步"))


def nobody_face(scan: Scan | None = None) -> PersonFace:
    """The empty card."""
    return PersonFace(note=_("没有持证人信息，读到的内容已留存") if scan else _("持证人显示在这里"))


def person_face(scan: Scan, post: Post) -> PersonFace:
    """The card of whoever was scanned."""
    if scan.category is None:
        return nobody_face(scan)
    return _card(scan, _facts(scan, post))


def _card(who: Scan | Found, facts: tuple[Fact, ...]) -> PersonFace:
    """Name, category, organisation, title and number of somebody known."""
    if who.category is None:
        raise ValueError("nobody is known")
    return PersonFace(
        who.name, who.category.label, who.category.token, who.organisation,
        f"{who.title or '—'}  ·  {who.badge_no}", facts,
    )  # fmt: skip


def undone_person_face(scan: Scan) -> PersonFace:
    """The card of whoever's admission was taken back: what is true now. An earlier one of the day may still count."""
    if scan.category is None:
        return nobody_face(scan)
    taken = Fact("arrow-go-back-line", "warn", _("{time} 的签到已撤销").format(time=f"{scan.at:%H:%M:%S}"))
    words = [_("今天在这里还没有签到"), _("放行要再扫一次")]
    if scan.verdict is Verdict.AGAIN and scan.first_at is not None:
        first = _("首次签到 {time} · {desk}").format(time=f"{scan.first_at:%H:%M:%S}", desk=scan.first_desk or "—")
        words = [first, _("首次签到仍有效")]
    now = (Fact("information-line", "primary", text) for text in words)
    return _card(scan, (taken, *now))


def _lacks_badge(scan: Scan) -> bool:
    """Admitted by name, with nothing printed yet to wear."""
    return scan.method is Method.MANUAL and not scan.is_printed


def _facts(scan: Scan, post: Post) -> tuple[Fact, ...]:
    if scan.verdict is Verdict.ADMITTED:
        first = _("人工签到 · {time}") if scan.method is Method.MANUAL else _("首次签到 · {time}")
        badge = Fact("check-line", "ok", _("胸卡已打印") if scan.is_printed else _("胸卡有效"))
        if _lacks_badge(scan):
            badge = Fact("printer-line", "warn", _("胸卡未打印"))
        valid = scan.reason or _("今日有效 · {gate}").format(gate=post.gate)
        time = first.format(time=f"{scan.at:%H:%M:%S}")
        return (Fact("check-line", "ok", time), Fact("check-line", "ok", valid), badge)
    if scan.verdict is Verdict.AGAIN and scan.first_at is not None:
        words = (
            _("首次签到 {time} · {desk}").format(time=f"{scan.first_at:%H:%M:%S}", desk=scan.first_desk or "—"),
            _since_first(scan.at - scan.first_at),
            _("核对本人后可放行"),
        )
        return tuple(Fact("time-line", "warn", text) for text in words)
    if scan.verdict is Verdict.OUT:
        left = Fact("check-line", "ok", _("出场 · {time}").format(time=f"{scan.at:%H:%M:%S}"))
        return (left, Fact("information-line", "warn", scan.reason)) if scan.reason else (left,)
    overrule = scan.verdict in verdict.OVERRIDABLE
    told = [
        scan.reason if scan.verdict is Verdict.UNCONFIRMED else scan.verdict.label,  # cancelled is not unconfirmed
        _("主管可按 F7 强制放行") if overrule else _("不能强制放行"),
    ]
    if scan.verdict not in (Verdict.FULL, Verdict.CLOSED):  # no other badge would help
        told.append(_("改签、补证：按 F3 查询"))
    return tuple(Fact("information-line", "bad", text) for text in told)


def _since_first(passed: timedelta) -> str:
    """How long ago the first admission was; a clock that was set back cannot say."""
    if passed < timedelta(0):
        return _("本机时钟早于首次签到，请校时")
    return _("距首次 {span}").format(span=span(passed))


def found_face(found: Found) -> PersonFace:
    """The card of a person opened by hand."""
    state = Fact("information-line", "primary", found.state.label)
    if found.state is not AttendeeState.CONFIRMED:
        state = Fact("error-warning-line", "warn", found.state.label)
    inside = _inside(found)
    return _card(found, (state, Fact("time-line", "warn", inside)) if inside else (state,))


def _inside(found: Found) -> str:
    """That somebody is in already, since when and by which gate; "" for who is not."""
    if found.inside_since is None:
        return ""
    return _("{time} 已进场 · {gate}").format(time=f"{found.inside_since:%H:%M}", gate=found.inside_by or "—")


def span(time: timedelta) -> str:
    """1 小时 30 分; under a minute in seconds."""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("{h} 小时 {m} 分").format(h=hours, m=minutes)
    return _("{m} 分").format(m=minutes) if minutes else _("{s} 秒").format(s=seconds)


def last_line(last: LastScan) -> ListedLine:
    """A row of the last scans."""
    tone = verdict.TONES[last.verdict]
    icon, word = OWN.get(last.verdict, (ICONS[tone], WORDS[tone]))
    words = _("已撤销") if last.is_undone else _(word)
    name = last.name or last.verdict.label
    return ListedLine(name, words, icon, tone, f"{last.at:%H:%M:%S}", last.is_undone)


def as_last(scan: Scan) -> LastScan:
    """The row that an answer will be."""
    return LastScan(scan.id, scan.verdict, scan.name, scan.at, False)


def found_line(found: Found) -> ListedLine:
    """A search result: what tells people of one name apart, and four digits of the phone."""
    words = [found.state.label] if found.state is not AttendeeState.CONFIRMED else []
    if found.phone_tail:
        words.append(_("尾号 {tail}").format(tail=found.phone_tail))
    words.append(found.organisation or "—")
    return ListedLine(
        f"{found.name}  {found.category.label}", " · ".join(words), figure=found.badge_no.rpartition("-")[2],
        warning=_inside(found),
    )  # fmt: skip


def rule_of(post: Post, day: date) -> str:
    """Who passes here: 南门：全部证件 08:30–17:00."""
    place = post.place
    who = _("全部证件") if place.categories is None else "、".join(c.label for c in place.categories)
    today = place.hours_on(day)
    hours = " " + "、".join(h.text for h in today) if today else ""
    return _("{gate}：{who}").format(gate=post.gate, who=who) + hours


def crowd_pill(crowd: Crowd) -> tuple[str, str]:
    """在场 258 / 280 · 92%: grey, amber from 90 %, red when full."""
    words = _("在场 {count}").format(count=said_count(crowd)) if crowd.sees_out else said_count(crowd)
    share = said_share(crowd)
    return f"{words} · {share}" if share else words, "mute" if crowd.level == "ok" else crowd.level


def pace_of(figures: DeskFigures) -> str:
    """The line under the counts."""
    return _("近 10 分钟每分钟 {n} 人").format(n=f"{figures.per_minute:g}")
