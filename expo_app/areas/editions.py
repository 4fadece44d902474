"""往届与评价: key figures of past editions, surveys, trends, the grade sheet."""

from __future__ import annotations

from expo_app.areas.registration import GROUNDS, ON_THE_SPOT, Area, ListEntry, SectionDef
from expo_app.i18n import N_
from expo_app.services import editions_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import EDITIONS, SURVEYS
from expo_app.specs.list_look import ListLook

AREA = Area(
    "editions",
    lists=(
        ListEntry(
            EDITIONS,
            Rules(after=(editions_rules.figures,)),
            command_at=150,
            look=ListLook(N_("往届"), N_("共 {n} 届"), N_("届次名称、展馆")),
            section=SectionDef(16, N_("往届"), "history-line", GROUNDS),
        ),
        ListEntry(
            SURVEYS,
            command_at=155,
            look=ListLook(N_("满意度调查"), N_("共 {n} 次")),
            section=SectionDef(24, N_("满意度调查"), "service-line", ON_THE_SPOT),
        ),
    ),
)
