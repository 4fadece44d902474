"""Tasks, milestones and complaints: numbers, what they concern, ticking off, what an import says, merges."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.exchange import import_plan
from expo_app.model import Complaint, ComplaintState, Deal, DealMilestone, Entry, Expo, Pitch, Role, Task, TaskState
from expo_app.services import deals, follow_up, import_review, imports, merging, records, steps
from expo_app.services.record_writer import followed
from expo_app.services.statistics import follow_up as figures
from expo_app.services.statistics.scope import scope_of
from expo_app.specs import COMPLAINTS, CONTRACTS, EXPOS, MILESTONES, ORGANISATIONS, PITCHES, TASKS, Outcome
from expo_app.specs.choices import Choices
from expo_app.specs.merging import Pair
from expo_app.store.database import Actor
from tests.factories import (
    local,
    make_achievement,
    make_deal,
    make_exhibitor,
    make_expo,
    make_item,
    make_pitch,
    make_room,
)
from tests.lists import book_of

TODAY = date(2018, 12, 3)


class Made:
    """An expo of 2018 on 3 December, with a deal of 300 万元, an exhibitor and a pitch."""

    def __init__(self, db) -> None:
        with db.transaction() as session:
            expo = make_expo(session, code="TT18")
            deal = make_deal(session, expo, "膜材料转让", amount=Decimal(3_000_000), contract_subkind="专利权转让")
            roadshow = make_item(session, expo, "路演", kind="roadshow", room_id=make_room(session, expo, "A 会场").id)
            pitch = make_pitch(session, roadshow, make_achievement(session, expo, "纳米膜"), position=1)
            body = make_exhibitor(session, expo, "甲公司")
            self.expo, self.deal, self.deal_no, self.exhibitor, self.pitch = (
                expo.id, deal.id, deal.deal_no, body.id, pitch.id
            )  # fmt: skip
            self.body = body.organisation_id
        db.actor = Actor("周敏", Role.ADMIN)
        db.clock = lambda: local(1).replace(month=12, day=3)
        self.db = db

    def task(self, **values) -> dict:
        key = records.save(self.db, TASKS, {"title": "寄回合同", **values}, expo_id=self.expo)
        return records.get(self.db, TASKS, key) | {"id": key}

    def point(self, **values):
        given = {"title": "首付款", "deal_id": self.deal_no, **values}
        return records.save(self.db, MILESTONES, given, expo_id=self.expo)

    def plan(self, spec, header, *rows):
        planned = import_plan.plan(spec, book_of(header, rows), imports.state(self.db, spec, self.expo), Choices())
        return import_review.review(self.db, planned, self.expo)


@pytest.fixture
def made(db) -> Made:
    return Made(db)


# --- tasks ---


def test_numbers_are_drawn_behind_those_given(made):
    assert made.task()["task_no"] == "T-001"
    assert made.task(title="二", task_no="T-007")["task_no"] == "T-007"
    assert made.task(title="三")["task_no"] == "T-008"
    with pytest.raises(InvalidRecord) as taken:
        made.task(title="四", task_no="T-007")
    assert list(taken.value.problems) == ["task_no"]


def test_a_task_says_what_it_concerns(made):
    about = {"deal_id": made.deal_no, "exhibitor": "甲公司", "pitch": "纳米膜"}
    subjects = {name: made.task(title=name, **{name: value}) for name, value in about.items()}
    assert [task["subject"] for task in subjects.values()] == ["膜材料转让", "甲公司", "纳米膜"]
    places = [follow_up.subject_of(made.db, task["id"]) for task in subjects.values()]
    assert places == [("deal_id", made.deal), ("exhibitor_id", made.exhibitor), ("pitch_id", made.pitch)]
    assert follow_up.subject_of(made.db, made.task()["id"]) is None
    key = subjects["exhibitor"]["id"]
    records.save(made.db, TASKS, {"exhibitor": None}, key, expo_id=made.expo)
    assert records.get(made.db, TASKS, key)["subject"] is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"exhibitor": "无此公司"}, "exhibitor"),
        ({"pitch": "无此项目"}, "pitch"),
        ({"exhibitor": "甲公司", "pitch": "纳米膜"}, "pitch"),
        ({"state": "待办", "done_on": "2018-12-01"}, "done_on"),
        ({"state": "已办", "done_on": "2018-12-04"}, "done_on"),
        ({"title": ""}, "title"),
        ({"due_on": "2018-02-30"}, "due_on"),
    ],
)
def test_what_no_task_is(made, values, field):
    with pytest.raises(InvalidRecord) as refused:
        made.task(**values)
    assert list(refused.value.problems) == [field]


def test_a_title_pitched_twice_says_of_neither_which_it_is(made):
    with made.db.transaction() as session:
        expo = session.get_one(Expo, made.expo)
        other = make_item(session, expo, "第二场路演", kind="roadshow")
        session.add(
            Pitch(item_id=other.id, achievement_id=session.get_one(Pitch, made.pitch).achievement_id, position=1)
        )
    with pytest.raises(InvalidRecord) as refused:
        made.task(pitch="纳米膜")
    assert list(refused.value.problems) == ["pitch"]
    assert len(records.options(made.db, PITCHES, "纳米", made.expo)) == 2
    assert records.options(made.db, PITCHES, "xx", made.expo) == []


def test_done_today_and_taken_up_again(made):
    task = made.task(due_on="2018-12-01")
    records.save(made.db, TASKS, {"state": "已办"}, task["id"], expo_id=made.expo)
    assert records.get(made.db, TASKS, task["id"])["done_on"] == TODAY
    records.save(made.db, TASKS, {"state": "待办"}, task["id"], expo_id=made.expo)
    assert records.get(made.db, TASKS, task["id"])["done_on"] is None


def test_ticking_off_is_one_act_to_take_back(made):
    ids = [made.task(title=f"第 {n} 件")["id"] for n in range(3)]
    records.save(made.db, TASKS, {"state": "已办", "done_on": "2018-12-01"}, ids[0], expo_id=made.expo)
    changed = follow_up.settle(made.db, ids, TaskState.DONE)
    assert sorted(changed) == sorted(ids[1:])  # what was done already keeps its day
    assert [records.get(made.db, TASKS, key)["done_on"] for key in ids] == [date(2018, 12, 1), TODAY, TODAY]
    follow_up.turn_tasks(made.db, changed)
    assert [records.get(made.db, TASKS, key)["state"] for key in ids[1:]] == [TaskState.OPEN] * 2
    follow_up.turn_tasks(made.db, changed, forth=True)
    records.save(made.db, TASKS, {"outcome": "寄了"}, ids[1], expo_id=made.expo)
    records.save(made.db, TASKS, {"state": "不办了"}, ids[2], expo_id=made.expo)
    with pytest.raises(Conflict):
        follow_up.turn_tasks(made.db, changed)
    assert records.get(made.db, TASKS, ids[1])["state"] is TaskState.DONE


def test_lists_say_how_a_term_stands_while_it_is_open(made):
    for title, due in (("逾期", "2018-11-30"), ("今天", "2018-12-03"), ("以后", "2018-12-20"), ("无期", None)):
        made.task(title=title, due_on=due)
    done = made.task(title="已办", due_on="2018-11-01", state="已办")
    fields = tuple(TASKS.field(name) for name in ("title", "timing"))
    rows = follow_up.rows(made.db, TASKS, made.expo, fields, TODAY)
    assert {row[1]: row[2] for row in rows} == {"逾期": -3, "今天": 0, "以后": None, "无期": None, "已办": None}
    assert done["done_on"] == TODAY


def test_a_panel_shows_open_tasks_first(made):
    later = made.task(title="后", deal_id=made.deal_no, due_on="2018-12-20")
    made.task(title="完", deal_id=made.deal_no, due_on="2018-12-01", state="已办")
    added = follow_up.add_task(made.db, made.expo, {"title": "先", "due_on": "2018-12-05"}, {"deal_id": made.deal})
    shown = follow_up.tasks_of(made.db, "deal_id", made.deal)
    assert [task.title for task in shown] == ["先", "后", "完"]
    assert [task.id for task in shown[:2]] == [added, later["id"]]
    assert follow_up.tasks_of(made.db, "exhibitor_id", made.exhibitor) == []


def test_a_list_comes_in_and_comes_in_again(made):
    rows = (
        ("事项", "签约项目", "参展商", "负责人", "期限", "状态"),
        ("催首付款", made.deal_no, "", "李可", "2018-12-10", "待办"),
        ("回访", "", "甲公司", "郑岚", "2018-12-05", "待办"),
        ("回访", "", "没有的公司", "郑岚", "2018-12-06", "待办"),
        ("寄样品", "", "", "", "二〇一八", ""),
    )
    plan = made.plan(TASKS, *rows)
    assert [row.outcome for row in plan.rows] == [Outcome.NEW] * 2 + [Outcome.INVALID] * 2
    imports.apply(made.db, plan, made.expo)
    again = made.plan(TASKS, *rows[:3])
    assert [row.outcome for row in again.rows] == [Outcome.SAME] * 2
    names = [row[1] for row in records.list_rows(made.db, TASKS, made.expo, (TASKS.field("task_no"),))]
    assert sorted(names) == ["T-001", "T-002"]


# --- what becomes of tasks with what they concern ---


def test_a_draft_takes_its_tasks_along_and_a_void_deal_keeps_them(made):
    with made.db.transaction() as session:
        draft = make_deal(session, session.get_one(Expo, made.expo), "草稿", entry=Entry.DRAFT)
        draft_id, draft_no = draft.id, draft.deal_no
    made.task(title="草稿的", deal_id=draft_no)
    kept = made.task(title="作废的", deal_id=made.deal_no)
    made.point()
    deals.delete_drafts(made.db, [draft_id])
    deals.set_entry(made.db, [made.deal], Entry.VOID, "重复")
    with made.db.reading() as session:
        assert session.scalars(select(Task.title)).all() == ["作废的"]
        assert session.scalar(select(func.count()).select_from(DealMilestone)) == 1
    assert records.get(made.db, TASKS, kept["id"])["subject"] == "膜材料转让"


def test_tasks_and_complaints_follow_a_merge_and_come_back(made):
    with made.db.transaction() as session:
        other = make_exhibitor(session, session.get_one(Expo, made.expo), "甲公司（筹）")
        other_id, other_body = other.id, other.organisation_id
    task = made.task(exhibitor="甲公司（筹）")
    given = {"subject": "噪声", "exhibitor": "甲公司（筹）", "received_at": "2018-11-29 10:00"}
    complaint = records.save(made.db, COMPLAINTS, given, expo_id=made.expo)
    batch = merging.merge(made.db, Pair(ORGANISATIONS.name, made.body, other_body))
    assert records.get(made.db, TASKS, task["id"])["exhibitor"] == "甲公司"
    assert records.get(made.db, COMPLAINTS, complaint)["exhibitor"] == "甲公司"
    imports.undo(made.db, batch)
    with made.db.reading() as session:
        assert session.get_one(Task, task["id"]).exhibitor_id == other_id
        assert session.get_one(Complaint, complaint).exhibitor_id == other_id


# --- milestones ---


def test_what_was_paid_without_a_word_of_the_sum_was_paid_as_agreed(made):
    key = made.point(amount="100", due_on="2018-12-01", done_on="2018-12-02")
    assert records.get(made.db, MILESTONES, key)["done_amount"] == Decimal(1_000_000)
    step = made.point(title="样机验收", kind="里程碑", done_on="2018-12-02")
    assert records.get(made.db, MILESTONES, step)["done_amount"] is None
    assert [line.title for line in follow_up.agreed(made.db, made.deal).lines] == ["首付款", "样机验收"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "里程碑", "amount": "10"}, "amount"),
        ({"done_amount": "10"}, "done_amount"),
        ({"done_on": "2018-12-09"}, "done_on"),
        ({"deal_id": "没有的编号"}, "deal_id"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "很多"}, "amount"),
    ],
)
def test_what_no_milestone_is(made, values, field):
    with pytest.raises(InvalidRecord) as refused:
        made.point(**values)
    assert list(refused.value.problems) == [field]


def test_payments_are_added_up_beside_the_amount(made):
    made.point(amount="200", done_on="2018-12-02", done_amount="150.5")
    made.point(title="尾款", amount="99.99")
    found = follow_up.agreed(made.db, made.deal)
    assert (found.payments.agreed, found.payments.made) == (Decimal("2999900.00"), Decimal(1_505_000))
    assert not found.payments.is_above
    assert [line.is_open for line in found.lines] == [True, True]  # the first was paid short
    made.point(title="追加", amount="0.02")
    assert follow_up.agreed(made.db, made.deal).payments.is_above


def test_a_payment_made_is_one_act_to_take_back(made):
    key = made.point(amount="100")
    changed = follow_up.reach(made.db, key)
    got = records.get(made.db, MILESTONES, key)
    assert (got["done_on"], got["done_amount"]) == (TODAY, Decimal(1_000_000))
    follow_up.turn_milestones(made.db, changed)
    assert records.get(made.db, MILESTONES, key)["done_on"] is None
    records.delete(made.db, MILESTONES, [key])
    with pytest.raises(Conflict):
        follow_up.reach(made.db, key)


def test_a_patent_that_is_transferred_waits_for_its_registration(made):
    assert follow_up.agreed(made.db, made.deal).is_transfer
    key = follow_up.await_registration(made.db, made.deal)
    assert not follow_up.agreed(made.db, made.deal).is_transfer
    follow_up.reach(made.db, key, date(2018, 12, 1))
    with made.db.reading() as session:
        assert session.get_one(Deal, made.deal).patent_registered_on == date(2018, 12, 1)
    with made.db.transaction() as session:
        session.get_one(Deal, made.deal).contract_subkind = "技术秘密转让"
    with pytest.raises(UserError) as refused:
        follow_up.await_registration(made.db, made.deal)
    assert refused.value.code == "E-KIND"


def test_a_list_of_payments_above_the_amount_comes_in_and_says_so(made):
    made.point(amount="200")
    header = ("签约项目", "名称", "应付金额（万元）", "期限")
    fits = made.plan(MILESTONES, header, (made.deal_no, "尾款", "100", "2019-03-01"))
    assert not fits.rows[0].notes
    plan = made.plan(MILESTONES, header, (made.deal_no, "尾款", "100.01", "2019-03-01"))
    assert plan.rows[0].outcome is Outcome.NEW
    assert "300.01" in str(plan.rows[0].notes)
    twice = made.plan(MILESTONES, header, (made.deal_no, "首付款", "300", "2019-03-01"))
    assert "超过" not in str(twice.rows[0].notes)  # it is the first one again, which keeps its sum
    imports.apply(made.db, plan, made.expo)
    again = made.plan(MILESTONES, header, (made.deal_no, "尾款", "100.01", "2019-03-01"))
    assert again.rows[0].outcome is Outcome.SAME


# --- what an expo was filed with ---


def test_a_filed_expo_that_changes_has_to_be_filed_again(made):
    change = lambda **values: records.save(made.db, EXPOS, values, made.expo)  # noqa: E731
    titles = lambda: sorted(row[1] for row in records.list_rows(made.db, TASKS, made.expo, (TASKS.field("title"),)))  # noqa: E731
    change(name="改名以前没有备案的展会")
    change(filing_no="沪商会展 1 号")
    change(theme="协同创新")
    assert titles() == []
    change(name="又改名的展会", ends_on="2018-12-01")
    assert titles() == ["变更备案：展会名称、结束日期改了，报主管部门，告知参展商并公布"]
    change(venues="东馆")
    assert len(titles()) == 2
    change(venues="东馆")
    assert len(titles()) == 2


# --- complaints ---


def test_a_complaint_is_numbered_and_closed(made):
    given = {"subject": "展品涉嫌侵权", "kind": "知识产权", "exhibitor": "甲公司", "phone": "13800138000"}
    with pytest.raises(InvalidRecord) as undated:
        records.save(made.db, COMPLAINTS, given, expo_id=made.expo)
    assert list(undated.value.problems) == ["received_at"]
    key = records.save(made.db, COMPLAINTS, given | {"received_at": "2018-11-29 10:00"}, expo_id=made.expo)
    got = records.get(made.db, COMPLAINTS, key)
    assert (got["complaint_no"], got["exhibitor"], got["state"]) == ("C-001", "甲公司", ComplaintState.OPEN)
    assert "*" in got["phone"]
    with pytest.raises(InvalidRecord) as unsaid:
        records.save(made.db, COMPLAINTS, {"state": "已办结"}, key, expo_id=made.expo)
    assert list(unsaid.value.problems) == ["state"]
    closing = {"state": "已办结", "measure": "撤下展品", "result": "已撤下"}
    records.save(made.db, COMPLAINTS, closing, key, expo_id=made.expo)
    assert records.get(made.db, COMPLAINTS, key)["closed_on"] == TODAY
    with pytest.raises(InvalidRecord) as early:
        records.save(made.db, COMPLAINTS, {"closed_on": "2018-11-28"}, key, expo_id=made.expo)
    assert list(early.value.problems) == ["closed_on"]


def patent_day(made):
    with made.db.reading() as session:
        return session.get_one(Deal, made.deal).patent_registered_on


def test_the_day_of_a_patents_registration_goes_with_its_milestone(made):
    point = follow_up.await_registration(made.db, made.deal)
    reached = follow_up.reach(made.db, point)
    assert patent_day(made) == TODAY
    follow_up.turn_milestones(made.db, reached)
    assert patent_day(made) is None
    follow_up.turn_milestones(made.db, reached, forth=True)
    assert patent_day(made) == TODAY
    follow_up.save_milestone(made.db, made.deal, {"done_on": ""}, point)
    assert patent_day(made) is None


def point_day(made, point):
    return records.get(made.db, MILESTONES, point)["done_on"]


def test_a_deleted_milestone_takes_its_day_from_the_contract_and_brings_it_back(made):
    point = follow_up.await_registration(made.db, made.deal)
    follow_up.reach(made.db, point)
    with followed() as writers:
        records.delete(made.db, MILESTONES, [point])
    assert patent_day(made) is None
    steps.take_back(made.db, step := steps.step_of(MILESTONES.permission, writers))
    assert (patent_day(made), point_day(made, point)) == (TODAY, TODAY)
    steps.do_again(made.db, step)
    assert patent_day(made) is None


def test_a_day_that_the_contract_says_is_the_milestones(made):
    point = follow_up.await_registration(made.db, made.deal)
    day = date(2018, 12, 1)
    with followed() as writers:
        records.save(made.db, CONTRACTS, {"patent_registered_on": "2018-12-01"}, made.deal, expo_id=made.expo)
    assert (patent_day(made), point_day(made, point)) == (day, day)
    steps.take_back(made.db, steps.step_of(CONTRACTS.permission, writers))
    assert (patent_day(made), point_day(made, point)) == (None, None)
    plan = made.plan(CONTRACTS, ("编号", "专利转让登记日"), (made.deal_no, "2018-12-01"))
    batch = imports.apply(made.db, plan, made.expo)
    assert (patent_day(made), point_day(made, point)) == (day, day)
    imports.undo(made.db, batch)
    assert (patent_day(made), point_day(made, point)) == (None, None)


def test_a_milestone_that_gets_another_name_no_longer_says_the_day(made):
    point = made.point(title="专利转让登记", kind="里程碑", done_on="2018-12-01")
    assert patent_day(made) == date(2018, 12, 1)
    follow_up.save_milestone(made.db, made.deal, {"title": "交付"}, point)
    assert patent_day(made) is None


def test_a_list_of_milestones_says_the_day_and_learns_the_one_known(made):
    header, row = ("签约项目", "类型", "名称", "完成日期"), (made.deal_no, "里程碑", "专利转让登记")
    batch = imports.apply(made.db, made.plan(MILESTONES, header, (*row, "2018-12-01")), made.expo)
    assert patent_day(made) == date(2018, 12, 1)
    imports.undo(made.db, batch)
    assert patent_day(made) is None
    records.save(made.db, CONTRACTS, {"patent_registered_on": "2018-12-02"}, made.deal, expo_id=made.expo)
    imports.apply(made.db, made.plan(MILESTONES, header, (*row, "")), made.expo)
    with made.db.reading() as session:
        assert session.scalar(select(DealMilestone.done_on)) == date(2018, 12, 2)


def test_a_task_with_the_day_it_was_done_is_done(made):
    planned = made.plan(TASKS, ("任务", "办结日期"), ("寄回合同", "2018-12-01"))
    imports.apply(made.db, planned, made.expo)
    with made.db.reading() as session:
        assert session.execute(select(Task.state, Task.done_on)).one() == (TaskState.DONE, date(2018, 12, 1))


def test_nothing_is_due_of_a_void_deal(made):
    made.task(deal_id=made.deal_no, due_on="2018-12-04")
    made.task(title="自己的", due_on="2018-12-04")
    deals.set_entry(made.db, [made.deal], Entry.VOID, "重复")
    with made.db.reading() as session:
        tasks, _milestones = figures.due(session, scope_of(session, made.expo), TODAY)
    assert tasks.value == 1


def test_what_will_be_paid_is_not_paid_yet(made):
    given = {"kind": "付款", "amount": "30", "done_on": "2018-12-03", "done_amount": "30"}
    made.point(**given)
    made.db.clock = lambda: local(1).replace(month=12, day=2)
    assert follow_up.agreed(made.db, made.deal).payments.made == 0
