"""Columns of 展会."""

from expo_app.i18n import N_
from expo_app.model import Expo
from expo_app.specs.fields import Field
from expo_app.specs.records import RecordSpec

EXPOS = RecordSpec(
    name="expos",
    model=Expo,
    title=N_("展会"),
    key=(("code",), ("name",)),
    scope="",
    order=("-starts_on",),
    icon="calendar-event",
    fields=(
        Field("name", N_("展会名称"), 32, show="bold"),
        Field("code", N_("编号前缀"), 10, hint=N_("印在证件号前，如 KJH18")),
        Field("edition_no", N_("届次"), 6),
        Field("starts_on", N_("开始日期"), 12),
        Field("ends_on", N_("结束日期"), 12),
        Field("venue_id", N_("展馆"), 24, ref="venues", creates=True),
        Field("short_name", N_("简称"), 10, in_table=False),
        Field("name_en", N_("英文名称"), 40, in_table=False),
        Field("theme", N_("主题"), 30, in_table=False),
        Field("time_zone", N_("时区"), 16, in_table=False),
        Field("rehearsal_at", N_("演练时钟"), 16, in_table=False, hint=N_("设定后本展会按此时刻走时；留空用真实时间")),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)
