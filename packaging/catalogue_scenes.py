"""Pictures of 双创券 → 资源目录: the sample's instruments, whose voucher works where, the sum for a company."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QItemSelectionModel
from sqlalchemy import select
from stage import Stage

from expo_app.model import Organisation
from expo_app.routes.vouchers import CatalogueRoute
from expo_app.rules.catalogue import CATEGORY
from expo_app.services import voucher_acts
from expo_app.specs.voucher_shown import Application

COMPANY = "德盈精密机器人有限公司（示例）"
ADD = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


def _company(stage: Stage) -> uuid.UUID:
    """A company of a region whose policy holds on the stage's day, with a voucher; made once for a stage."""
    db, expo_id = stage.context.db, stage.context.expo_id
    with db.transaction() as session:
        known = session.scalar(select(Organisation.id).where(Organisation.name == COMPANY))
        if known is not None:
            return known
        made = Organisation(name=COMPANY, region_code="320583", is_sample=True, search_text=COMPANY)
        session.add(made)
        session.flush()
        key = made.id
    voucher = voucher_acts.apply(db, expo_id, Application(key, Decimal(100_000), purpose="减速器检测"))
    voucher_acts.approve(db, expo_id, voucher, "材料齐全")
    return key


def _open(stage: Stage, search: str) -> Any:
    page = stage.go(CatalogueRoute(organisation=_company(stage), search=search))
    stage.settle()
    return page.face


def _catalogue(stage: Stage) -> None:
    face = _open(stage, "电")
    face.search.facets.want(CATEGORY, frozenset({"分析仪器"}))
    face.search.show_found()
    face.panel.sum.amount.set_value(Decimal(20_000))
    stage.settle()
    if rows := face.search.view.rows_model.rowCount():
        face.search.view.select_id(face.search.view.rows_model.id_at(min(3, rows - 1)))
    stage.settle()


def _compare(stage: Stage) -> None:
    face = _open(stage, "")
    for place in (1, 2):
        face.search.view.selectionModel().select(face.search.view.rows_model.index(place, 0), ADD)
    stage.settle()
    face.compare()
    stage.settle()


CATALOGUE: dict[str, Callable[[Stage], Any]] = {"vouchers-catalogue": _catalogue, "vouchers-compare": _compare}
"""By name."""
