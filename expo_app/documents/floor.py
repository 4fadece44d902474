"""The floor plan as PDF."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from expo_app.documents import Progress
from expo_app.errors import UserError
from expo_app.i18n import _, named
from expo_app.services import floor
from expo_app.services.expos import ExpoInfo
from expo_app.services.report_head import english_names
from expo_app.specs import floor_sheet
from expo_app.store.database import Database


def write_floor(
    db: Database, expo: ExpoInfo, path: Path, by: str = floor_sheet.INDUSTRY, progress: Progress | None = None
) -> None:
    """The plan of every hall, coloured `by` one of `floor_sheet.COLOURINGS`; UserError where there is no booth yet."""
    from expo_app.reports import floor_plan

    now = db.now().astimezone(expo.zone)
    words = dict(floor_sheet.COLOURINGS)[by]
    sheets = floor_sheet.sheets(floor.plan(db, expo.id), by, is_open=now.date() >= expo.starts_on)
    if not sheets:
        raise UserError(_("还没有展位，没有写入。请先在“数据与设置”里生成展位。"), "E-EMPTY")
    names = english_names(db)
    sheets = [replace(s, boxes=tuple(replace(b, name=names.get(b.name, b.name)) for b in s.boxes)) for s in sheets]
    floor_plan.write(
        path, sheets, expo_name=named(expo.name, expo.name_en), by=_(words), now=now, sample=expo.is_sample,
        progress=progress,
    )  # fmt: skip
