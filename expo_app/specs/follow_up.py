"""Columns of what follows a signing: 跟进任务, 付款与里程碑, 投诉与纠纷."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, null, select

from expo_app.i18n import N_, _
from expo_app.model import (
    Alliance,
    Complaint,
    ComplaintState,
    Deal,
    DealMilestone,
    Exhibitor,
    Meeting,
    MilestoneKind,
    Organisation,
    Task,
    TaskState,
)
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.records import NamedBy, RecordSpec, both_names, own_name, read_name, search_of
from expo_app.specs.roadshow import pitch_title
from expo_app.specs.tenants import body_of, park_of, stay_field

_task, _milestone, _complaint = Task.__table__, DealMilestone.__table__, Complaint.__table__
SUBJECTS = {
    "deal_id": "deal_id", "exhibitor": "exhibitor_id", "pitch": "pitch_id", "alliance_id": "alliance_id",
    "tenant": "tenant_id",
}  # fmt: skip
"""Fields of a task that say what it concerns, one of them at most, and the columns they are kept in."""
MEASURES = (N_("遮盖展品"), N_("撤下展品"), N_("取消参展资格"), N_("调解"), N_("转交主管部门"))
"""Measures of the organiser's complaint body that a form offers; any other words do as well."""


def exhibitor_name(of: FromClause, named: NamedBy = own_name) -> ColumnElement[str]:
    """The organisation of the exhibitor that a row of `of` concerns."""
    exhibitor, organisation = Exhibitor.__table__.alias("concerned"), Organisation.__table__.alias("concerned_body")
    joined = exhibitor.join(organisation, organisation.c.id == exhibitor.c.organisation_id)
    query = select(named(organisation)).select_from(joined).where(exhibitor.c.id == of.c.exhibitor_id)
    return query.correlate(of).scalar_subquery()


def deal_title(of: FromClause) -> ColumnElement[str]:
    """The title of the deal that a row of `of` belongs to."""
    deal = Deal.__table__.alias("concerned_deal")
    return select(deal.c.title).where(deal.c.id == of.c.deal_id).correlate(of).scalar_subquery()


def meeting_sides(of: FromClause, named: NamedBy = own_name) -> ColumnElement[str]:
    """Who met in the meeting that a row of `of` came of: 甲公司 — 乙公司."""
    meeting = Meeting.__table__.alias("came_of")
    one, other = (Organisation.__table__.alias(name) for name in ("came_of_a", "came_of_b"))
    joined = meeting.join(one, one.c.id == meeting.c.a_id).join(other, other.c.id == meeting.c.b_id)
    query = select(named(one) + " — " + named(other)).select_from(joined).where(meeting.c.id == of.c.meeting_id)
    return query.correlate(of).scalar_subquery()


def alliance_name(of: FromClause, named: NamedBy = own_name) -> ColumnElement[str]:
    """The alliance that a row of `of` concerns."""
    body = Alliance.__table__.alias("concerned_alliance")
    return select(named(body)).where(body.c.id == of.c.alliance_id).correlate(of).scalar_subquery()


def subject(named: NamedBy = own_name) -> ColumnElement[str]:
    """What a task concerns, in words."""
    return func.coalesce(
        deal_title(_task), exhibitor_name(_task, named), pitch_title(_task, named), meeting_sides(_task, named),
        alliance_name(_task, named), body_of(_task, named),
    )  # fmt: skip


def task_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """A task concerns one thing, and what is still to be done was not done on any day."""
    found: dict[str, str] = {}
    named = [name for name, column in SUBJECTS.items() if values.get(column, values.get(name))]
    found |= dict.fromkeys(named[1:], _("任务的对象只填一个。"))
    if values.get("done_on") and values.get("state") is TaskState.OPEN:
        found["done_on"] = _("还是待办，办结日期应留空。")
    return found | _to_come(values, facts, "done_on", _("办结日期"))


def milestone_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """Only payments have amounts, and what was paid was paid on a day."""
    found: dict[str, str] = {}
    if values.get("kind") is MilestoneKind.STEP:
        found = {name: _("只有付款填金额。") for name in ("amount", "done_amount") if values.get(name) is not None}
    elif values.get("done_amount") is not None and "done_on" in values and values["done_on"] is None:
        found["done_amount"] = _("填了实付金额，要填完成日期。")
    return found | _to_come(values, facts, "done_on", _("完成日期"))


def complaint_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """What is settled has a result, and ends after it was received."""
    found: dict[str, str] = {}
    state, received, closed = (values.get(name) for name in ("state", "received_at", "closed_on"))
    if state is ComplaintState.SETTLED and "result" in values and not values["result"]:
        found["state"] = _("已办结的要写处理结果。")
    if state is ComplaintState.OPEN and closed:
        found["closed_on"] = _("还在处理中，办结日期应留空。")
    if facts and received and closed and closed < received.astimezone(facts.zone).date():
        found["closed_on"] = _("办结日期不能早于受理时间。")
    return found | _to_come(values, facts, "closed_on", _("办结日期"))


def _to_come(values: Mapping[str, Any], facts: ExpoFacts | None, name: str, what: str) -> dict[str, str]:
    day = values.get(name)
    if facts is None or day is None or day <= max(facts.today, facts.ends_on):
        return {}
    return {name: _("{what} {day} 还没有到。").format(what=what, day=day.isoformat())}


WHAT, STATE, PAID = N_("事项"), N_("进展"), N_("完成情况")

TASKS: RecordSpec = RecordSpec(
    name="tasks",
    model=Task,
    title=N_("跟进任务"),
    key=(
        ("task_no",),
        ("title", "deal_id", "due_on"),
        ("title", "exhibitor", "due_on"),
        ("title", "pitch", "due_on"),
        ("title", "alliance_id", "due_on"),
        ("title", "tenant", "park", "stay", "due_on"),
        ("title", "tenant", "park", "due_on"),
        ("title", "tenant", "due_on"),
    ),
    order=("due_on", "task_no"),
    search=lambda: search_of(
        _task.c.search_text, func.lower(_task.c.task_no), func.lower(deal_title(_task)),
        func.lower(exhibitor_name(_task, both_names)), func.lower(pitch_title(_task, both_names)),
        func.lower(meeting_sides(_task, both_names)), func.lower(alliance_name(_task, both_names)),
        func.lower(body_of(_task, both_names)),
    ),
    search_words=("title", "assignee", "outcome"),
    chips=("state", "assignee"),
    icon="checkbox-circle",
    permission="tasks.edit",
    natural="task_no",
    contradictions=task_contradictions,
    fields=(
        Field("task_no", N_("编号"), 10, required=False, in_form=False, aliases=("任务编号",)),
        Field("title", N_("事项"), 36, show="bold", aliases=("任务", "跟进事项", "待办事项", "Task"), group=WHAT),
        Field("subject", N_("对象"), 28, readonly=True, in_form=False, in_excel=False, select=subject,
              read=partial(subject, read_name)),
        Field("assignee", N_("负责人"), 12, aliases=("责任人", "跟进人", "经办人", "Owner"), suggestions=tuple,
              group=WHAT),
        Field("due_on", N_("期限"), 12, is_vital=True,
              aliases=("到期日", "截止日期", "完成期限", "完成时限", "截止时间", "Due"), group=WHAT),
        Field("timing", N_("时限"), 12, readonly=True, in_form=False, in_excel=False, show="pill",
              select=null),
        Field("deal_id", N_("签约项目"), 16, ref="deals", is_vital=True, in_table=False,
              aliases=("成交编号", "签约编号", "项目编号"), hint=N_("任务的对象只填一个"), group=WHAT),
        Field("exhibitor", N_("参展商"), 24, ref="exhibitors", type=FieldType.REF, is_vital=True, in_table=False,
              select=partial(exhibitor_name, _task), read=partial(exhibitor_name, _task, read_name),
              aliases=("参展单位",), group=WHAT),
        Field("pitch", N_("路演项目"), 24, ref="pitches", type=FieldType.REF, is_vital=True, in_table=False,
              select=partial(pitch_title, _task), read=partial(pitch_title, _task, read_name), group=WHAT),
        Field("alliance_id", N_("联盟或共同体"), 24, ref="alliances", is_vital=True, in_table=False, aliases=("联盟",),
              group=WHAT),
        Field("tenant", N_("入驻企业"), 24, ref="tenants", type=FieldType.REF, is_vital=True, in_table=False,
              select=partial(body_of, _task), read=partial(body_of, _task, read_name), group=WHAT),
        Field("park", N_("园区"), 22, ref="parks", type=FieldType.REF, is_vital=True, in_table=False,
              select=partial(park_of, _task), read=partial(park_of, _task, read_name),
              aliases=("园区名称", "合作园区"), hint=N_("企业只在一个园区时可不填"), group=WHAT),
        stay_field(_task, in_form=False, group=WHAT),
        Field("interest_id", N_("意向编号"), 10, ref="interests", is_vital=True, in_table=False, in_form=False,
              aliases=("路演意向",), group=WHAT),
        Field("meeting_id", N_("洽谈编号"), 10, ref="meetings", is_vital=True, in_table=False, in_form=False,
              group=WHAT),
        Field("state", N_("状态"), 8, show="pill", aliases=("办理状态", "完成情况"), group=STATE),
        Field("done_on", N_("办结日期"), 12, is_vital=True, in_table=False, aliases=("完成日期",), group=STATE),
        Field("outcome", N_("结果"), 30, in_table=False, aliases=("办理结果", "跟进结果", "进展"), group=STATE),
        Field("created_at", N_("建立时间"), 16, readonly=True, in_form=False, in_table=False),
        Field("created_by", N_("建立人"), 10, readonly=True, in_form=False, in_table=False),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False),
    ),
)  # fmt: skip
"""`timing` says how the term stands today and is filled by the page: the database does not know the expo's clock."""


MILESTONES: RecordSpec = RecordSpec(
    name="milestones",
    model=DealMilestone,
    title=N_("付款与里程碑"),
    key=(("deal_id", "title"),),
    scope="",
    scope_filter=lambda expo_id: _milestone.c.deal_id.in_(select(Deal.id).where(Deal.expo_id == expo_id)),
    order=("deal_id", "due_on"),
    search=lambda: search_of(
        func.lower(_milestone.c.title), func.lower(deal_title(_milestone)),
        func.lower(MILESTONES.joined["deal_id"].c.deal_no),
    ),
    chips=("kind",),
    icon="flag",
    permission="deals.edit",
    natural="title",
    contradictions=milestone_contradictions,
    fields=(
        Field("deal_id", N_("签约项目"), 16, ref="deals", aliases=("成交编号", "签约编号", "项目编号", "编号"),
              group=WHAT),
        Field("deal_title", N_("项目名称"), 30, readonly=True, in_form=False, in_excel=False,
              select=partial(deal_title, _milestone)),
        Field("kind", N_("类型"), 8, aliases=("类别",), group=WHAT),
        Field("title", N_("名称"), 20, show="bold", aliases=("里程碑", "款项", "付款名称", "节点"), group=WHAT),
        Field("due_on", N_("期限"), 12, is_vital=True,
              aliases=("到期日", "应付日期", "付款日期", "计划日期", "截止日期"), group=WHAT),
        Field("timing", N_("时限"), 12, readonly=True, in_form=False, in_excel=False, show="pill",
              select=null),
        Field("amount", N_("应付金额"), 12, is_vital=True, unit=N_("万元"), aliases=("应付", "计划金额", "金额"),
              group=WHAT),
        Field("done_on", N_("完成日期"), 12, is_vital=True, aliases=("实付日期", "到账日期"), group=PAID),
        Field("done_amount", N_("实付金额"), 12, is_vital=True, unit=N_("万元"), aliases=("实付", "到账金额", "已付"),
              group=PAID),
        Field("note", N_("备注"), 24, in_table=False, aliases=("说明",), group=PAID),
    ),
)  # fmt: skip
"""What belongs to a deal by its number; `timing` as for tasks."""


COMPLAINTS: RecordSpec = RecordSpec(
    name="complaints",
    model=Complaint,
    title=N_("投诉与纠纷"),
    key=(("complaint_no",), ("received_at", "complainant", "subject")),
    order=("-complaint_no",),
    search=lambda: search_of(
        _complaint.c.search_text, func.lower(_complaint.c.complaint_no),
        func.lower(exhibitor_name(_complaint, both_names)),
    ),
    search_words=("subject", "complainant", "handler", "result"),
    chips=("state", "kind"),
    icon="file-warning",
    permission="complaints.edit",
    natural="complaint_no",
    contradictions=complaint_contradictions,
    fields=(
        Field("complaint_no", N_("编号"), 10, required=False, in_form=False, aliases=("投诉编号",)),
        Field("received_at", N_("受理时间"), 16, needs_clock=True, aliases=("投诉时间", "受理日期"), group=WHAT),
        Field("kind", N_("类别"), 10, aliases=("投诉类别", "纠纷类别"), group=WHAT),
        Field("subject", N_("事由"), 36, show="bold", aliases=("投诉内容", "内容", "投诉事项"), group=WHAT),
        Field("exhibitor", N_("涉及参展商"), 24, ref="exhibitors", type=FieldType.REF, is_vital=True,
              select=partial(exhibitor_name, _complaint), read=partial(exhibitor_name, _complaint, read_name),
              aliases=("被投诉单位", "参展商", "被投诉方"), group=WHAT),
        Field("complainant", N_("投诉人"), 14, in_table=False, aliases=("投诉方",), group=WHAT),
        Field("phone", N_("联系电话"), 16, type=FieldType.PHONE, mask="phone", in_table=False, aliases=("电话", "手机"),
              group=WHAT),
        Field("state", N_("状态"), 8, show="pill", aliases=("办理状态",), group=STATE),
        Field("measure", N_("措施"), 20, suggestions=lambda: [_(words) for words in MEASURES],
              aliases=("处理措施", "采取措施"), group=STATE),
        Field("result", N_("处理结果"), 30, in_table=False, aliases=("结果",), group=STATE),
        Field("handler", N_("经办人"), 12, suggestions=tuple, aliases=("受理人",), group=STATE),
        Field("closed_on", N_("办结日期"), 12, is_vital=True, in_table=False, group=STATE),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False),
    ),
)  # fmt: skip
"""The register of the complaint body and the dispute desk (上海市会展业条例 art. 37, 38, 40)."""
