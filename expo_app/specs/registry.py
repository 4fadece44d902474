"""Columns of the lists and time limits of the registration of technology contracts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import literal

from expo_app.i18n import N_, _, in_every_language
from expo_app.model import RegistryChoice, RegistryDeadline, RegistryList
from expo_app.rules import regions
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.organisations import region_suggestions
from expo_app.specs.records import RecordSpec

SECOND_LEVEL = (RegistryList.SUBKIND, RegistryList.TECH_SUBFIELD)
"""Lists whose choices belong to one of another list."""
LONGEST = 3650


def _times(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """Nothing ends before it begins; a second level names the first."""
    found = {}
    since, until = values.get("since"), values.get("until")
    if since and until and until < since:
        found["until"] = _("终止日期不能早于起始日期。")
    if values.get("list") in SECOND_LEVEL and "parent" in values and not values["parent"]:
        found["parent"] = _("二级项要填所属的上级。")
    return found


def _parse_place(text: str) -> str:
    """The code of a region; the whole country is ""."""
    return "" if text in in_every_language(COUNTRY) else regions.parse_region(text)


def _place(code: str) -> str:
    return regions.region_name(code) if code else _(COUNTRY)


def _shipped() -> Field:
    """In an export: what holds because it ships with the program. Nothing that is in the file itself."""
    return Field(
        "is_shipped", N_("随附"), 6, type=FieldType.BOOL, readonly=True, in_form=False, in_table=False,
        select=lambda: literal(False),
    )  # fmt: skip


COUNTRY = N_("全国")
SINCE, UNTIL = N_("起始日期"), N_("终止日期")
REGISTRY_CHOICES = RecordSpec(
    name="registry_choices",
    model=RegistryChoice,
    title=N_("登记清单"),
    key=(("list", "parent", "name", "since"), ("list", "name", "parent")),
    scope="",
    order=("list", "position", "name"),
    chips=("list",),
    icon="file-list-3",
    natural="name",
    contradictions=_times,
    fields=(
        Field("list", N_("清单"), 14, show="pill", required=True, aliases=("清单名称", "List")),
        Field("name", N_("名称"), 28, show="bold", aliases=("选项", "项目", "Name")),
        Field("code", N_("代码"), 10, aliases=("编码", "Code")),
        Field("parent", N_("上级"), 16, aliases=("所属", "上级名称", "Parent")),
        Field("since", SINCE, 12, is_vital=True, until="until", aliases=("施行日期", "生效日期", "起")),
        Field("until", UNTIL, 12, is_vital=True, aliases=("废止日期", "失效日期", "止")),
        Field("position", N_("顺序"), 6, most=9_999, in_table=False),
        Field("source", N_("依据"), 30, in_table=False, aliases=("来源", "Source")),
        _shipped(),
    ),
)
"""登记清单."""

REGISTRY_DEADLINES = RecordSpec(
    name="registry_deadlines",
    model=RegistryDeadline,
    title=N_("登记时限"),
    key=(("since", "region_code"),),
    scope="",
    order=("region_code", "since"),
    icon="time",
    natural="source",
    contradictions=_times,
    fields=(
        Field(
            "region_code",
            N_("地区"),
            12,
            check=_parse_place,
            format=_place,
            suggestions=region_suggestions,
            is_vital=True,
            is_place=True,
            aliases=("省份", "Region"),
            hint=N_("留空是全国；更细的地区优先"),
        ),
        Field("since", SINCE, 12, is_vital=True, until="until", aliases=("施行日期", "生效日期", "起")),
        Field("until", UNTIL, 12, is_vital=True, aliases=("废止日期", "失效日期", "止")),
        Field("days", N_("天数"), 8, least=1, most=LONGEST, aliases=("时限", "Days")),
        Field("is_working_days", N_("按工作日"), 8, hint=N_("跳过周六周日；法定节假日不知道，不算在内")),
        Field("source", N_("依据"), 36, show="bold", aliases=("来源", "法规", "Source")),
        _shipped(),
    ),
)
"""登记时限."""
