"""Columns of 操作员."""

from expo_app.i18n import N_
from expo_app.model import Operator
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.records import RecordSpec

OPERATORS = RecordSpec(
    name="operators",
    model=Operator,
    title=N_("操作员"),
    key=(("name",),),
    scope="",
    order=("name",),
    icon="user",
    fields=(
        Field("name", N_("姓名"), 14, show="bold"),
        Field("role", N_("角色"), 14),
        Field("is_active", N_("启用"), 6),
        Field(
            "has_pin",
            N_("已设 PIN"),
            8,
            type=FieldType.BOOL,
            readonly=True,
            in_form=False,
            in_excel=False,
            select=lambda: Operator.__table__.c.pin_hash != "",
        ),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)
