"""Whatever a service writes stands in the log: every table, and no way past the log that is not named here."""

import ast
import random
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from expo_app import paths
from expo_app.errors import UserError
from expo_app.model import (
    AgendaEntry,
    Answer,
    AskerKind,
    Audit,
    Base,
    DealStage,
    Demand,
    Entry,
    ExhibitorState,
    MatchingConsent,
    MatchingSettings,
    MeetingState,
    Operator,
    Organisation,
    Person,
    Pitch,
    Role,
    ScoreCriterion,
    TaskState,
    TenantState,
    Unsuitable,
)
from expo_app.rules.region_groups import by_province
from expo_app.services import (
    attendees,
    auction_cashier,
    badges,
    checkin_gates,
    contracts,
    deals,
    deals_attachments,
    duplicates,
    exhibitors,
    expos,
    floor,
    follow_up,
    guests,
    imports,
    matching_setup,
    meeting_requests,
    operators,
    press,
    programme,
    record_writer,
    records,
    region_groups,
    roadshow,
    settlement_acts,
    suggestion_acts,
    suggestions,
    tenant_acts,
    voucher_acts,
    voucher_uses,
    words,
)
from expo_app.services.programme import Position
from expo_app.services.record_writer import writing
from expo_app.specs import ATTENDEES, MILESTONES, SPECS, ImportPlan, Outcome
from expo_app.specs.plan import PlanRow
from expo_app.specs.suggested import Party
from expo_app.store.audit import NOT_AUDITED
from expo_app.store.database import Actor, Database
from tests.auction_room import make_auction, make_bidder
from tests.exchange.made_tables import value
from tests.factories import (
    local,
    make_achievement,
    make_attendee,
    make_badge,
    make_booth,
    make_deal,
    make_exhibitor,
    make_expo,
    make_gate,
    make_item,
    make_organisation,
    make_pitch,
    make_room,
    make_speaker,
    make_venue,
)
from tests.made_settlement import make_fair, make_use
from tests.made_vouchers import Counter

OWN_RECORDS = {
    "audit": "the log itself",
    "counter": "the numbers drawn stand in the records that bear them",
    "import_row": "what an import keeps for its undo; the import is logged",
    "import_memory": "what an import keeps for the next list of its columns; the import is logged",
    "check_in": "a scan is its own record, kept for good and marked when it is taken back",
    "lot_event": "what happens on a lot is its own record, a line of the 拍卖笔录",
    "presence": "follows from the scans",
    "attachment_content": "the bytes of an attachment, which is logged with their hash",
    "desk_quarter": "follows from the scans",
    "desk_signal": "says that a desk is there, and nothing else",
    "press_figure": "what was published, kept for good with its version, which is logged",
}
OF_THE_SAMPLE = {"hall_feature": "comes with the sample, of which one row of the log tells; no service writes it"}
WITHOUT_THE_CONTEXT = {
    ("record_writer.py", "writing"): "the context itself",
    ("auction_act.py", "do"): "what happens on a lot: its event is its own record, and two consoles wait for no log",
    ("auction_act.py", "writer"): "what an act changes besides is logged by it",
    ("checkin.py", "_keep"): "a scan: its row is its own record, and nobody at a gate waits for a log",
    ("checkin.py", "_judged"): "the same",
    ("checkin.py", "undo_last"): "a scan taken back: the same",
    ("checkin.py", "forget"): "a scan of which it was said that it is not kept: nobody counted on it",
    ("checkin.py", "say_here"): "that a desk is there: no record of anything",
    ("checkin_arrivals.py", "_writer"): "an arrival within a scan's transaction writes its own rows of the log",
    ("checkin_gates.py", "say_here"): "that a desk is there: no record of anything",
    ("imports.py", "apply"): "an import is computed without any lock: nothing is written yet",
    ("imports.py", "_switch_in"): "an import takes effect as a whole, and one row of the log tells of it",
    ("imports.py", "_sweep"): "what an import that was killed had kept never took effect",
    ("imports.py", "undo"): "an import goes as a whole, and one row of the log tells of it",
    ("merging.py", "preview"): "what a merge would do is computed without any lock: nothing is written",
    ("merging.py", "effects_of"): "the same",
    ("rehearsal.py", "keep"): "where a rehearsal's clock stopped, when a window closes: no record of anybody's",
    ("numbers.py", "_count"): "numbers for a staged import: counters are their own record",
}
"""Who opens a transaction, or writes by a writer, outside `writing`, and why that is right. The sample has its own ways
into an empty file."""


class World:
    """An expo with one of everything, and who works in it."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.transaction() as session:
            venue = make_venue(session, "会展中心")
            expo = make_expo(session, venue_id=venue.id, code="KJH18")
            room = make_room(session, expo, "A 会场")
            make_gate(session, expo, "主入口", categories=("staff", "exhibitor"))
            spare = make_gate(session, expo, "北门")
            booth = make_booth(session, expo, "A-001")
            roadshow = make_item(session, expo, "成果路演", kind="roadshow", room_id=room.id, starts_at=local(29, 14))
            make_item(session, expo, "产业路演", kind="roadshow")
            session.add(AgendaEntry(item_id=roadshow.id, position=0, title="开场", starts_at=local(29, 14)))
            make_speaker(session, roadshow, "李院士")
            film, battery = (make_achievement(session, expo, title) for title in ("纳米膜", "电池"))
            for position, one in enumerate((film, battery), 1):
                make_pitch(session, roadshow, one, position=position)
            asking = make_organisation(session, "用膜单位")
            session.add(MatchingSettings(expo_id=expo.id, expires_at=local(29).replace(year=2099)))
            session.add(Demand(expo_id=expo.id, owner_id=asking.id, title="纳米膜"))
            for body in (asking.id, film.owner_id):
                session.add(MatchingConsent(expo_id=expo.id, organisation_id=body))
            criterion = ScoreCriterion(item_id=roadshow.id, name="创新性")
            session.add(criterion)
            exhibitor = make_exhibitor(session, expo, "嘉定氢能")
            person, other = (make_attendee(session, expo, name) for name in ("沈华棣", "韩梅梅"))
            badge = make_badge(session, other)
            make_bidder(session, make_auction(session, expo, "第一场"), 7)
            deal = make_deal(session, expo, "膜材料合作")
            draft = make_deal(session, expo, "草稿", entry=Entry.DRAFT)
            admin = Operator(name="王主任", role=Role.ADMIN)
            session.add(admin)
            session.flush()
            self.expo_id, self.room, self.booth, self.roadshow = expo.id, room.id, booth.id, roadshow.id
            self.gate, self.criterion = spare.id, criterion.id
            self.pitch = session.scalars(select(Pitch.id).where(Pitch.achievement_id == film.id)).one()
            self.code = badge.code
            self.exhibitor, self.person, self.other, self.badge = exhibitor.id, person.id, other.id, badge.id
            self.deal, self.draft, self.admin = deal.id, draft.id, admin.id
        db.actor = Actor("王主任", Role.ADMIN, "01 号台")
        self.made: dict[str, Any] = {}

    def change(self, name: str, key: uuid.UUID, values: Mapping[str, Any]) -> None:
        """Change a record of this list."""
        records.save(self.db, SPECS[name], values, key, expo_id=self.expo_id)

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """Make the record of this list, or change the one made before."""
        key = self.made.get(name)
        self.made[name] = records.save(self.db, SPECS[name], values, key, expo_id=self.expo_id)


Act = Callable[[World], object]


def saved(name: str, new: Mapping[str, Any], change: Mapping[str, Any], *, goes: bool = True) -> tuple[Act, ...]:
    """A record made, changed and (where it `goes`) deleted."""
    acts: list[Act] = [lambda world: world.save(name, new), lambda world: world.save(name, change)]
    if goes:
        acts.append(lambda world: records.delete(world.db, SPECS[name], [world.made[name]]))
    return tuple(acts)


def provided(world: World) -> object:
    """检测所 offers services."""
    return world.save("providers", {"organisation.name": "检测所"})


PARK, TENANT = "两地园", "甲公司"


def after(first: Act, acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """The acts, the first of them with what it needs before."""
    return (lambda world: (first(world), acts[0](world)), *acts[1:])


def a_park(world: World) -> None:
    """A park of two regions."""
    world.save("parks", {"name": PARK})


def a_tenant(world: World) -> None:
    """A tenant of it."""
    a_park(world)
    world.save("tenants", {"park_id": PARK, "organisation_id": TENANT, "visited_on": "2018-01"})


def a_body(world: World) -> None:
    """An alliance."""
    world.save("alliances", {"name": "创新圈"})


def speaker(world: World, values: Mapping[str, Any]) -> None:
    key = world.made.get("speaker")
    world.made["speaker"] = guests.save_speaker(world.db, world.expo_id, values, key)


def term(world: World, key: str) -> uuid.UUID:
    """The industry of that key, one of four."""
    words.add_preset(world.db, world.expo_id, "industries_four")
    found = words.terms(world.db, "industries", world.expo_id).keyed(key)
    assert found is not None
    return found.id


def suggested(world: World) -> uuid.UUID:
    """The one suggestion there is."""
    (card,) = suggestions.read(world.db, world.expo_id).cards
    return card.id


def asked(world: World) -> meeting_requests.Request:
    """One that may be matched asks another; a reason lifts what the matrix says of them."""
    with world.db.reading() as session:
        query = select(MatchingConsent.organisation_id).where(MatchingConsent.expo_id == world.expo_id)
        one, other = session.scalars(query.order_by(MatchingConsent.id))
    return meeting_requests.Request(one, other, override="组委会安排")


def imported(world: World) -> None:
    row = PlanRow(2, Outcome.NEW, {"person.name": "李雷"})
    key = imports.apply(world.db, ImportPlan("attendees", "名单.xlsx", (), (row,)), world.expo_id)
    assert key is not None
    world.made["batch"] = key


PADDLE = {"paddle": "07", "auction_id": "第一场", "organisation_id": "乙公司"}
PITCHED = {"pitch": "纳米膜"}
GIVEN = ("8", "9", "")
"""Said, said otherwise, taken away."""
LOT = {"lot_no": "01", "auction_id": "第一场", "title": "阀门", "owner_id": "甲研究所"}


def deposit(world: World) -> None:
    world.save("bidders", {**PADDLE, "paddle": "08"})
    paid = auction_cashier.Paid(Decimal(100))
    world.made["money"] = auction_cashier.take_deposit(world.db, world.made["bidders"], paid)


SERVICE = {"title": "密封测试", "provider": "检测所"}
NOT_SAME = (uuid.UUID(int=1), uuid.UUID(int=2))
SECOND = {"name": "第二届", "code": "KJH19", "edition_no": 2, "starts_on": "2019-11-28", "ends_on": "2019-11-30",
          "short_name": "科交会", "time_zone": "Asia/Shanghai"}  # fmt: skip


def statement(world: World) -> uuid.UUID:
    """A statement of two regions, drawn and sent: its key."""
    world.db.clock = lambda: local(30, 15)
    with world.db.transaction() as session:
        fair = make_fair(session, ("310114", "3303"))
        make_use(session, fair, "310114", "3303", "100.00", date(2018, 3, 1))
    (key,) = settlement_acts.draw(world.db, world.expo_id, "2018H1").made
    settlement_acts.send(world.db, world.expo_id, [key], TODAY)
    world.made["statement"] = key
    return key


def signed(world: World, side: str) -> bool:
    said = settlement_acts.Signature(side, 1, "财政结算岗", TODAY, paths.resource("help", "pictures", "alliances.png"))
    return settlement_acts.sign(world.db, world.expo_id, world.made["statement"], said)


def disputed(world: World) -> None:
    settlement_acts.dispute(world.db, world.expo_id, world.made["statement"], "a", 1, "金额不符")


def settled(world: World) -> None:
    signed(world, "a")
    signed(world, "b")


def paid(world: World) -> None:
    settlement_acts.pay(world.db, world.expo_id, world.made["statement"], 1, TODAY)


def applied(world: World) -> None:
    world.made["counter"] = counter = Counter(world.db)
    world.made["voucher"] = counter.apply("30000.00")


def approved(world: World) -> None:
    voucher_acts.approve(world.db, world.expo_id, world.made["voucher"])


def given_up(world: World) -> None:
    voucher_acts.cancel(world.db, world.expo_id, world.made["voucher"], "不做了")


def used(world: World) -> None:
    applied(world)
    approved(world)
    world.made["use"] = world.made["counter"].use()


def corrected(world: World) -> None:
    key = world.made["counter"].verified(contract_no="HT-2")
    world.made["counter"].day(date(2030, 7, 1))
    settlement_acts.draw(world.db, world.expo_id, "2030H1")
    voucher_uses.correct(world.db, world.expo_id, key, Decimal(1), "多付")


TODAY = date(2018, 11, 30)
CASES: Mapping[str, tuple[Act, ...]] = {
    "voucher": (applied, approved, given_up),
    "voucher_pot": (lambda w: (applied(w), approved(w)), given_up),
    "voucher_step": (applied, approved, given_up),
    "voucher_use": (
        used,
        lambda w: voucher_uses.verify(w.db, w.expo_id, w.made["use"]),
        lambda w: voucher_uses.cancel_use(w.db, w.expo_id, w.made["use"], "不做了"),
        corrected,
    ),
    "settlement_statement": (statement, disputed, settled, paid),
    "statement_step": (statement, disputed, settled, paid),
    "statement_paper": (lambda w: (statement(w), settled(w)),),
    "operator": (
        *saved("operators", {"name": "小李"}, {"role": "SUPERVISOR"}),
        lambda w: operators.set_pin(w.db, w.admin, "260718"),
    ),
    "organisation": saved("organisations", {"name": "上海大学"}, {"name": "上海交通大学"}),
    "venue": saved("venues", {"name": "展览馆"}, {"address": "曹安公路"}),
    "expo": (
        *saved("expos", SECOND, {"theme": "协同创新"}, goes=False),
        lambda w: expos.create(w.db, {**SECOND, "name": "第三届", "code": "KJH20"}, w.expo_id),
    ),
    "expo_organiser": saved("expos", {**SECOND, "hosts": "上海市科委"}, {"hosts": "江苏省科技厅"}, goes=False),
    "expo_venue": saved("expos", {**SECOND, "venues": "东馆、西馆"}, {"venues": "西馆、南馆"}, goes=False),
    "hall": saved("halls", {"name": "2 号馆", "venue_id": "会展中心"}, {"width": 80}),
    "person": (
        *saved("people", {"name": "王先生"}, {"title": "教授"}),
        lambda w: badges.substitute(w.db, w.other, {"name": "赵女士"}, "换人"),
    ),
    "room": saved("rooms", {"name": "B 会场", "venue_id": "会展中心"}, {"seats": 120}, goes=False),
    "zone": saved("zones", {"code": "B", "name": "B 展区", "hall_id": "1 号馆"}, {"name": "能源"}),
    "booth": (
        *saved("booths", {"number": "A-009", "zone_id": "A", "x": 20, "y": 20, "width": 3, "depth": 3}, {"note": "角"}),
        lambda w: floor.hold(w.db, w.booth, True),
        lambda w: floor.hold(w.db, w.booth, False),
        lambda w: floor.place(w.db, w.booth, 4, 4),
    ),
    "booth_move": (
        lambda w: floor.assign(w.db, w.booth, w.exhibitor),
        lambda w: floor.vacate(w.db, w.booth),
    ),
    "word": (
        *saved("item_kinds", {"name": "走访", "role": "OTHER"}, {"name": "参观"}),
        lambda w: words.add_preset(w.db, w.expo_id, "industries_four"),
        lambda w: words.remove(w.db, SPECS["industries"], term(w, "health")),
        lambda w: words.merge(w.db, SPECS["industries"], term(w, "mfg"), term(w, "it"), w.expo_id),
    ),
    "not_same": (
        lambda w: duplicates.set_apart(w.db, SPECS["organisations"], [NOT_SAME]),
        lambda w: duplicates.offer_again(w.db, SPECS["organisations"], [NOT_SAME]),
    ),
    "word_choice": (
        lambda w: words.arrange(w.db, w.expo_id, SPECS["industries"], [term(w, "health")]),
        lambda w: words.restyle(w.db, w.expo_id, SPECS["industries"], term(w, "mfg"), is_hidden=True),
    ),
    "category": saved(
        "categories", {"name": "评委", "counts_as": "NOBODY", "letter": "P"}, {"name": "专家评委"}
    ),
    "gate_category": (
        lambda w: expos.create(w.db, {**SECOND, "name": "第四届", "code": "KJH21"}, w.expo_id),
        lambda w: w.save("gates", {"name": "南门", "categories": "媒体"}),
        lambda w: checkin_gates.remove(w.db, [w.made["gates"]]),
    ),
    "gate": (
        *saved("gates", {"name": "南门"}, {"name": "南入口"}),
        lambda w: checkin_gates.stop(w.db, w.gate),
        lambda w: checkin_gates.admit_again(w.db, w.gate),
        lambda w: checkin_gates.remove(w.db, [w.gate]),
    ),
    "gate_hours": (
        *saved("gates", {"name": "南门", "hours": "08:30–16:30"}, {"hours": "09:00–17:00"}, goes=False),
        lambda w: checkin_gates.remove(w.db, [w.made["gates"]]),
    ),
    "desk": saved("desks", {"name": "9 号台", "gate_id": "主入口"}, {"name": "8 号台"}),
    "achievement": saved("achievements", {"title": "传感器", "owner_id": "嘉定氢能"}, {"field": "电子"}),
    "exhibitor": (
        *saved("exhibitors", {"organisation.name": "昆山德盈"}, {"note": "首次参展"}),
        lambda w: exhibitors.set_state(w.db, [w.exhibitor], ExhibitorState.SETTING_UP),
        lambda w: w.made.update(back=exhibitors.arrive(w.db, [w.exhibitor])),
        lambda w: exhibitors.restore_states(w.db, w.made["back"]),
    ),
    "attendee": (
        *saved("attendees", {"person.name": "李雷"}, {"title": "工程师"}),
        lambda w: w.made.update(back=attendees.cancel(w.db, [w.person], "来不了")),
        lambda w: attendees.restore(w.db, w.made["back"]),
        lambda w: attendees.walk_in(w.db, w.expo_id, {"person.name": "张三"}),
    ),
    "badge": (
        lambda w: badges.issue(w.db, [w.person]),
        lambda w: badges.mark_printed(w.db, [w.badge]),
        lambda w: badges.unmark_printed(w.db, [w.badge]),
        lambda w: badges.hand_over(w.db, [w.other]),
        lambda w: badges.reissue(w.db, w.other, "丢失"),
        lambda w: badges.revoke(w.db, w.other, "丢失"),
        lambda w: attendees.walk_in(w.db, w.expo_id, {"person.name": "张三"}),
    ),
    "programme_item": (
        *saved("programme", {"title": "产业论坛"}, {"title": "产业高峰论坛"}),
        lambda w: programme.move(w.db, w.roadshow, Position(w.room, local(29, 15), 60)),
        lambda w: programme.lock(w.db, w.roadshow, True),
        lambda w: programme.publish(w.db, w.expo_id),
    ),
    "agenda_entry": (lambda w: programme.move(w.db, w.roadshow, Position(w.room, local(29, 15), 90)),),
    "speaker": (
        lambda w: speaker(w, {"person": "王先生", "organisation": "上海大学", "item_id": "成果路演"}),
        lambda w: speaker(w, {"topic": "氢能"}),
    ),
    "pitch": (
        *saved("pitches", {"item_id": "产业路演", "achievement_id": "纳米膜"}, {"presenter": "王先生"}),
        lambda w: roadshow.start(w.db, w.pitch),
        lambda w: roadshow.give_minutes(w.db, w.pitch, 9),
        lambda w: roadshow.end(w.db, w.pitch),
    ),
    "score_criterion": saved("score_criteria", {"item_id": "成果路演", "name": "市场"}, {"weight": "2"}),
    "pitch_score": (
        *saved("scores", {**PITCHED, "expert": "李院士", "criterion": "创新性", "points": "80"}, {"points": "90"}),
        *(lambda w, points=points: roadshow.score(w.db, w.pitch, w.criterion, "李院士", points) for points in GIVEN),
    ),
    "pitch_comment": (
        *saved("pitch_comments", {**PITCHED, "expert": "李院士", "words": "好"}, {"words": "很好"}),
        *(lambda w, words=words: roadshow.comment(w.db, w.pitch, "李院士", words) for words in GIVEN),
    ),
    "interest": (
        *saved("interests", {**PITCHED, "contact": "周舟"}, {"next_step": "约洽谈"}),
        lambda w: roadshow.record_interest(w.db, w.pitch, {"level": "强烈"}),
        lambda w: roadshow.interest_of_badge(w.db, w.pitch, w.code),
    ),
    "deal": (
        *saved("deals", {"title": "氢能合作", "others": "甲公司、乙公司"}, {"note": "甲"}, goes=False),
        lambda w: deals.register(w.db, w.expo_id, {"note": "补充"}, w.draft, draft=True),
        lambda w: deals.clear_duplicate(w.db, w.deal),
        lambda w: deals.delete_drafts(w.db, [w.draft]),
    ),
    "task": (
        *saved("tasks", {"title": "寄回合同", "exhibitor": "嘉定氢能"}, {"outcome": "已寄"}),
        lambda w: w.made.update(task=follow_up.add_task(w.db, w.expo_id, {"title": "催款"}, {"deal_id": w.deal})),
        lambda w: w.made.update(done=follow_up.settle(w.db, [w.made["task"]], TaskState.DONE)),
        lambda w: follow_up.turn_tasks(w.db, w.made["done"]),
    ),
    "deal_milestone": (
        lambda w: w.made.update(point=follow_up.save_milestone(w.db, w.deal, {"title": "首付款", "amount": "10"})),
        lambda w: w.made.update(paid=follow_up.reach(w.db, w.made["point"])),
        lambda w: follow_up.turn_milestones(w.db, w.made["paid"]),
        lambda w: records.delete(w.db, MILESTONES, [w.made["point"]]),
    ),
    "complaint": saved("complaints", {"subject": "噪声", "received_at": "2018-11-29 10:00"}, {"measure": "调解"}),
    "deal_party": saved("deals", {"title": "氢能合作", "others": "甲公司、乙公司"}, {"others": "丙公司"}, goes=False),
    "attachment": (
        lambda w: deals_attachments.add(w.db, w.deal, [PAPER]),
        lambda w: deals_attachments.remove(w.db, deals_attachments.attachments(w.db, w.deal)[0].id, "扫描件缺页"),
    ),
    "deal_step": (
        lambda w: deals.advance(w.db, [w.deal], DealStage.PERFORMING),
        lambda w: deals.set_entry(w.db, [w.deal], Entry.VOID, "重复"),
    ),
    "deal_registration": (lambda w: contracts.enter(w.db, w.deal, date(2018, 11, 29), "2018310114999001"),),
    "deal_patent": (
        lambda w: w.change("contracts", w.deal, {"patents": "发明专利；膜；2016199990037"}),
        lambda w: w.change("contracts", w.deal, {"patents": ""}),
    ),
    "auction": saved("auctions", {"title": "第二场"}, {"place": "A 会场"}),
    "increment_band": saved(
        "auctions", {"title": "第二场", "ladder": "TABLE", "bands": "0；1"}, {"bands": "0；2\n100；5"}
    ),
    "commission_band": saved(
        "auctions", {"title": "第二场", "commissions": "买受人；0；5"}, {"commissions": "买受人；0；4"}
    ),
    "bidder": saved("bidders", {**PADDLE, "paddle": "08"}, {"agent": "林某"}),
    "auction_money": (
        deposit,
        lambda w: auction_cashier.set_off(w.db, w.made["money"], "没有到账"),
    ),
    "lot": saved("lots", LOT, {"start_price": "40"}),
    "lot_patent": saved("lots", {**LOT, "patents": "201619999003.7"}, {"patents": ""}, goes=False),
    "lot_right": saved("lots", {**LOT, "rights": "共有人；丙大学"}, {"rights": ""}, goes=False),
    "written_order": saved("lots", {**LOT, "orders": "7；50"}, {"orders": "7；60"}),
    "region_group": (
        *saved("region_groups", {"name": "粤港", "prefixes": "广东省、香港"}, {"name": "大湾区"}),
        lambda w: region_groups.add(w.db, w.expo_id, by_province(["440100"])),
    ),
    "edition_figure": saved(
        "editions", {"name": "某展", "edition_no": 1, "exhibitors": "约 50", "items": "14"},
        {"exhibitors": "近 60", "items": None, "total_items": "250"},
    ),
    "index_point": saved("index_points", {"series": "创新指数", "year": "2017", "value": "178.91"}, {"source": "公报"}),
    "suggestion": (
        lambda w: suggestions.compute(w.db, w.expo_id),
        lambda w: suggestion_acts.ask(w.db, w.expo_id, suggested(w), Party.DEMAND, seen=Answer.NOT_ASKED),
        lambda w: suggestion_acts.remind(w.db, w.expo_id, suggested(w), Party.DEMAND),
        lambda w: suggestion_acts.answer(
            w.db, w.expo_id, suggested(w), Party.DEMAND, Answer.ACCEPTED, "电话", seen=Answer.WAITING
        ),
        lambda w: suggestion_acts.take_back_answer(
            w.db, w.expo_id, suggested(w), Party.DEMAND, seen=Answer.ACCEPTED
        ),
        lambda w: suggestion_acts.judge(w.db, w.expo_id, suggested(w), Unsuitable.PRICE),
        lambda w: suggestion_acts.unjudge(w.db, w.expo_id, suggested(w)),
    ),
    "meeting": (
        *saved("meetings", {"a_id": "嘉定氢能", "b_id": "用膜单位"}, {"subject": "膜"}),
        lambda w: w.made.update(meeting=meeting_requests.ask(w.db, w.expo_id, asked(w)).id),
        lambda w: meeting_requests.accept(w.db, w.expo_id, w.made["meeting"], "电话", seen=MeetingState.REQUESTED),
        lambda w: meeting_requests.set_back(w.db, w.expo_id, w.made["meeting"], seen=MeetingState.ACCEPTED),
        lambda w: meeting_requests.cancel(w.db, w.expo_id, w.made["meeting"], "不来", seen=MeetingState.REQUESTED),
    ),
    "standby": saved("standby", {"host_id": "嘉定氢能", "guest_id": "用膜单位"}, {"note": "先到"}),
    "press_version": (lambda w: press.approve(w.db, w.expo_id, w.db.now()),),
    "provider": saved("providers", {"organisation.name": "检测所"}, {"kind": "检验检测"}),
    "service_item": (
        lambda w: (w.save("providers", {"organisation.name": "检测所"}), w.save("service_items", SERVICE)),
        lambda w: w.save("service_items", {"unit": "次"}),
        lambda w: records.delete(w.db, SPECS["service_items"], [w.made["service_items"]]),
    ),
    "instrument": after(provided, saved("instruments", {"title": "电镜", "provider": "检测所"}, {"unit": "样"})),
    "listed_provider": after(
        provided,
        saved(
            "listed_providers",
            {"region_code": "武汉", "provider": "检测所", "valid_from": "2019-01-01"},
            {"source": "名录"},
        ),
    ),
    "policy_class": saved(
        "policies",
        {"region_code": "武汉", "title": "办法", "valid_from": "2019-01-01", "rate": "50", "classes": "企业；40；；"},
        {"classes": "企业；30；；"},
    ),
    "matching_time": saved(
        "matching_times",
        {"organisation_id": "嘉定氢能", "starts_at": "2018-11-29 09:30", "ends_at": "2018-11-29 10:30"},
        {"note": "签约"},
    ),
    "meeting_hours": saved(
        "meeting_hours", {"day": "2018-11-29", "opens": "09:30", "closes": "12:10"}, {"closes": "12:00"}
    ),
    "region_policy": saved(
        "matching_policies", {"title": "互认", "demand_region": "苏州市"}, {"supply_region": "上海市"}
    ),
    "matching_settings": (
        lambda w: matching_setup.save(w.db, w.expo_id, {"gap_minutes": "5"}, {}),
        lambda w: matching_setup.allow(w.db, w.expo_id, AskerKind.VISITOR, AskerKind.VISITOR, True),
        lambda w: matching_setup.save(w.db, w.expo_id, {"slot_minutes": "15"}, {}),
    ),
    "park_figure": after(
        a_park,
        saved("park_figures", {"park_id": PARK, "figure": "TENANTS", "said": "4", "on_day": "2022"}, {"said": "约 4"}),
    ),
    "tenant": (
        a_tenant,
        lambda w: w.save("tenants", {"room": "302"}),
        lambda w: tenant_acts.link(w.db, w.expo_id, w.made["tenants"], "deal_id", w.deal),
        lambda w: records.delete(w.db, SPECS["tenants"], [w.made["tenants"]]),
    ),
    "tenant_step": (
        a_tenant,
        lambda w: tenant_acts.step(w.db, w.expo_id, w.made["tenants"], TenantState.MOVED_IN, "2018-02"),
        lambda w: tenant_acts.go_back(w.db, w.expo_id, w.made["tenants"], TenantState.VISITED, "记错"),
        lambda w: w.save("tenants", {"visited_on": "2018-01-05"}),
    ),
    "tenant_figures": (
        *after(a_tenant, saved("tenant_figures", {"tenant": TENANT, "on_date": "2018-06-30"}, {"staff": 7})),
        lambda w: tenant_acts.fill(w.db, w.expo_id, w.made["tenants"], date(2018, 6, 30), {"staff": 8}),
    ),
    "tenant_support": (
        *after(a_tenant, saved("tenant_supports", {"tenant": TENANT, "kind": "RENT", "title": "免租"}, {"amount": 1})),
    ),
    "alliance_member": after(
        a_body, saved("members", {"alliance_id": "创新圈", "organisation_id": "甲公司"}, {"role": "理事"})
    ),
    "joint_platform": after(
        a_body, saved("platforms", {"alliance_id": "创新圈", "title": "研究院"}, {"state": "签约"})
    ),
    "agreement_party": saved(
        "agreements", {"title": "合作机制", "parties": "甲公司\n乙公司"}, {"parties": "甲公司；已签\n乙公司"},
        goes=False,
    ),
    "sharing_event": after(
        a_park, saved("sharing_events", {"title": "沙龙", "park_id": PARK, "on_day": "2018-05"}, {"attended": 30})
    ),
    "import_batch": (imported, lambda w: imports.undo(w.db, w.made["batch"])),
}  # fmt: skip
"""Acts of services that write to a table, each of them. A list that is saved as it comes needs none: see `acts_of`."""


def acts_of(table: str, cases: Mapping[str, tuple[Act, ...]] = CASES) -> tuple[Act, ...]:
    """The acts named above; of a list's table without any, a record made of its required fields, renamed, deleted."""
    if table in cases:
        return cases[table]
    spec = next(spec for spec in SPECS.values() if spec.table.name == table)  # StopIteration: name its acts
    draw = random.Random(1)  # noqa: S311
    needed = {spec.natural, *(field.name for field in spec.writable if field.required)}
    first, second = ({name: value(spec.field(name), n, draw) for name in sorted(needed)} for n in (1, 3))
    return saved(spec.name, first, {spec.natural: second[spec.natural]})


def contents(db: Database) -> dict[str, dict[uuid.UUID, Any]]:
    with db.reading() as session:
        return {
            table.name: {row.id: tuple(row) for row in session.execute(select(table))}
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.parametrize("table", [table.name for table in Base.metadata.sorted_tables])
def test_every_table_is_in_the_log(db: Database, table: str) -> None:
    if table in OWN_RECORDS or table in OF_THE_SAMPLE:
        assert table not in CASES
        return
    _try_out(db, table, acts_of(table))


def test_a_list_that_is_saved_as_it_comes_needs_no_acts(db: Database) -> None:
    _try_out(db, "venue", acts_of("venue", {}))


def _try_out(db: Database, table: str, acts: tuple[Act, ...]) -> None:
    world = World(db)
    for act in acts:
        before = contents(db)
        act(world)
        after = contents(db)
        told = [row for key, row in after["audit"].items() if key not in before["audit"]]
        _check_told(db, table, before, after, [dict(zip(Audit.__table__.c.keys(), row, strict=True)) for row in told])


def _check_told(
    db: Database, table: str, before: Mapping[str, Any], after: Mapping[str, Any], told: list[dict[str, Any]]
) -> None:
    """Every row made or changed in any table is in the log, and so is every one of `table` that went."""
    assert {(row["operator"], row["desk"]) for row in told} == {(db.actor.name, db.actor.desk)}
    as_a_whole = {row["action"] for row in told} <= {"import", "undo_import"}
    logged = {(row["table_name"], row["record_id"]) for row in told}
    changed = {
        (name, key)
        for name, rows in after.items()
        for key, row in rows.items()
        if before[name].get(key) != row and name not in OWN_RECORDS and (name == table or not as_a_whole)
    }
    gone = {(table, key) for key in before[table].keys() - after[table].keys()}
    assert {name for name, _key in changed | gone} >= {table}
    assert {(name, key) for name, key in changed | gone if (name, None) not in logged} <= logged


def test_what_is_not_logged_is_named() -> None:
    assert {model.__tablename__ for model in NOT_AUDITED} == OWN_RECORDS.keys()


def test_the_first_operator_and_signing_in_are_logged(db: Database) -> None:
    operators.create_first(db, "王主任", "260718")
    with pytest.raises(UserError):
        operators.sign_in(db, "王主任", "1")
    operators.sign_in(db, "王主任", "260718")
    with db.reading() as session:
        told = session.execute(select(Audit.action, Audit.table_name).order_by(Audit.id)).all()
    actions = ("insert", operators.TRIED, operators.REFUSED, operators.TRIED, operators.SIGNED_IN)
    assert told == [(action, "operator") for action in actions]


# --- the context ---


def test_a_write_past_the_writer_needs_a_note(db: Database) -> None:
    world = World(db)
    change = update(Person).values(title="教授")
    with pytest.raises(RuntimeError, match="without an audit row: person"), writing(db, "attendees.edit") as writer:
        writer.session.execute(change)
    with db.reading() as session:
        assert set(session.scalars(select(Person.title))) == {""}
    with writing(db, "attendees.edit", reason="职称") as writer:
        writer.session.execute(change)
        writer.note("retitle", Person.__table__, None, {"title": "教授"})
    with db.reading() as session:
        last = session.scalars(select(Audit).order_by(Audit.id.desc()).limit(1)).one()
        assert set(session.scalars(select(Person.title))) == {"教授"}
    assert (last.action, last.table_name, last.after, last.reason) == ("retitle", "person", {"title": "教授"}, "职称")
    assert world.db.actor.name == last.operator


def test_the_right_comes_before_anything_else(db: Database) -> None:
    db.actor = Actor("小李", Role.DESK)
    with pytest.raises(UserError, match="没有这项权限"):
        records.save(db, SPECS["venues"], {"name": ""})
    with pytest.raises(UserError, match="没有这项权限"):
        deals.advance(db, [], DealStage.TERMINATED)


def test_search_words_that_are_brought_up_to_date_need_no_row(db: Database) -> None:
    with db.transaction() as session:
        session.add(Organisation(name="上海大学", search_text=""))
    with writing(db, None) as writer:
        writer.session.scalars(select(Organisation)).one().search_text = "上海大学"


def test_only_what_can_be_taken_back_is_a_step(db: Database) -> None:
    world = World(db)
    with record_writer.followed() as writers:
        programme.lock(db, world.roadshow, True)
    assert writers == []
    with record_writer.followed() as writers:
        records.save(db, ATTENDEES, {"note": "贵宾"}, world.person, expo_id=world.expo_id)
    assert [change.after for writer in writers for change in writer.changes] == [{"note": "贵宾"}]


PROGRAM = Path(record_writer.__file__).parents[1]
PAPER = PROGRAM.parent / "resources" / "sample" / "deals.csv"


def ways_in() -> Iterator[tuple[str, str]]:
    """File and function of everything that opens a transaction for writing, or makes a writer."""
    for path in PROGRAM.rglob("*.py"):
        inside = path.relative_to(PROGRAM).parts
        if inside[0] == "store" or inside[:2] == ("services", "sample"):
            continue
        text = path.read_text(encoding="utf-8")
        for function in ast.walk(ast.parse(text)) if re.search(r"(?:transaction|written|Writer)\(", text) else ():
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and _opens(call.func):
                        yield path.name, function.name


def _opens(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr in ("transaction", "scan_transaction", "written")
    return isinstance(called, ast.Name) and called.id == "Writer"


def test_nobody_else_opens_a_transaction() -> None:
    assert set(ways_in()) == WITHOUT_THE_CONTEXT.keys()
