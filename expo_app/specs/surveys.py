"""Columns of 满意度调查: how many sheets were sent, came back, could be used, and say satisfied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expo_app.i18n import N_, _
from expo_app.model import Survey, SurveyAudience
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.fields import Field
from expo_app.specs.records import RecordSpec

_STEPS = (
    ("sent", "returned", N_("收回的 {n} 份比发出的 {most} 份还多。")),
    ("returned", "valid", N_("有效的 {n} 份比收回的 {most} 份还多。")),
    ("valid", "satisfied", N_("满意的 {n} 份比有效的 {most} 份还多。")),
)
"""Each number is part of the one before it."""


def contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """More sheets than there can be, sheets collected before they were handed out."""
    found = {}
    for whole, part, words in _STEPS:
        most, n = values.get(whole), values.get(part)
        if most is not None and n is not None and n > most:
            found[part] = _(words).format(n=f"{n:,}", most=f"{most:,}")
    out, back = values.get("handed_out_on"), values.get("collected_on")
    if out and back and back < out:
        found["collected_on"] = _("回收日期不能早于发放日期。")
    return found


def _sheets(name: str, label: str, aliases: tuple[str, ...], hint: str = "") -> Field:
    return Field(name, label, 8, is_vital=True, unit=N_("份"), aliases=aliases, hint=hint)


SURVEYS = RecordSpec(
    name="surveys",
    model=Survey,
    title=N_("满意度调查"),
    key=(("title", "audience"),),
    order=("audience", "title"),
    icon="service",
    permission="editions.edit",
    natural="title",
    contradictions=contradictions,
    fields=(
        Field("title", N_("调查名称"), 28, show="bold", aliases=("问卷名称", "名称")),
        Field(
            "audience", N_("调查对象"), 10, aliases=("对象",), default=SurveyAudience.EXHIBITORS,
            hint=N_("评级参考只看参展商的满意率"),
        ),
        Field("handed_out_on", N_("发放日期"), 12, is_vital=True, hint=N_("通常在第二天发放，闭幕前一天收齐")),
        Field("collected_on", N_("回收日期"), 12, is_vital=True),
        _sheets("sent", N_("发出"), ("发放数", "发出问卷")),
        _sheets("returned", N_("收回"), ("回收数", "收回问卷")),
        _sheets("valid", N_("有效"), ("有效数", "有效问卷"), N_("废卷不计；一般不超过收回数的一成")),
        _sheets("satisfied", N_("满意"), ("满意数", "满意及以上"), N_("有效问卷里回答满意的")),
        Field("note", N_("备注"), 30, in_table=False, aliases=("说明",)),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False),
    ),
)  # fmt: skip
