"""What a grade of exhibitions looks at, and the audit sheet: figures for information, nothing is graded.

Thresholds are SB/T 10358-2012 (`rules.grade`). No conformity with GB/T 30521-2025 is claimed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.i18n import N_, _
from expo_app.model import Edition, Expo, Survey, SurveyAudience
from expo_app.rules.grade import CRITERIA
from expo_app.services.report_head import read_head
from expo_app.services.statistics.audience import is_home, read_whole
from expo_app.services.statistics.exhibition import Stand, booth_stands, exhibitor_stands, read_exhibition
from expo_app.services.statistics.scope import Scope, known, scope_of
from expo_app.services.statistics.trends import known_editions
from expo_app.specs.figures import SHARE, Figure, Trace, percent, ratio
from expo_app.specs.grade_report import AuditLine, GradeData, GradeLine
from expo_app.store.database import Database

EDITIONS_UNIT = N_("届")
_WHERE = (True, False, None)
"""Domestic, foreign, not known: as `is_home` says."""
UNUSABLE = Decimal("0.1")
"""Of the sheets that came back; more is said beside the share."""


def grade(db: Database, expo_id: uuid.UUID, now: datetime) -> GradeData:
    """Everything the grade sheet says."""
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        floor = read_exhibition(session, scope)
        figures = {
            f.name: f for f in (floor.net_area, floor.raw_share, _editions(session, scope), satisfied(session, scope))
        }
        lines = tuple(GradeLine(one, figures[one.name]) for one in CRITERIA)
        return GradeData(read_head(session, expo, now), lines, read_audit(session, scope))


def _editions(session: Session, scope: Scope) -> Figure:
    """Editions held up to this one that are known, by their records and the expos of the file, each number once."""
    editions = known_editions(session, scope.is_sample)
    this = next((one for one in editions if one.scope is not None and one.scope.id == scope.id), None)
    held = [one for one in editions if this is None or one is this or one.is_before(this)]
    count, note = len({one.edition_no for one in held}), _("本文件的展会和往届记录")
    if this is not None and this.edition_no != count:
        note = _("{what}；届次写的是第 {n} 届，缺的届次可以补录").format(what=note, n=this.edition_no)
    edition = Edition.__table__
    ids = select(edition.c.id).where(edition.c.id.in_([one.record_id for one in held if one.record_id]))
    return Figure("editions", _("已办届数"), count, _(EDITIONS_UNIT), note, Trace("editions", _("往届记录"), ids))


def satisfied(session: Session, scope: Scope) -> Figure:
    """The share of exhibitors' valid sheets that say satisfied, with n; not known without any."""
    table = Survey.__table__
    asked = scope.own(table) & (table.c.audience == SurveyAudience.EXHIBITORS)
    whole = table.c.valid.is_not(None) & table.c.satisfied.is_not(None)
    sums = select(func.sum(table.c.returned), func.sum(table.c.valid), func.sum(table.c.satisfied)).where(asked, whole)
    returned, valid, happy = session.execute(sums).one()
    note = _("没有参展商满意度调查")
    if valid:
        note = _("有效问卷 n = {n}").format(n=f"{int(valid):,}")
        lost = ratio(int(returned) - int(valid), int(returned)) if returned and returned >= valid else None
        if lost is not None and lost > UNUSABLE:
            note = _("{what}；废卷占收回的 {share}，超过一成").format(what=note, share=percent(lost))
    share = ratio(int(happy), int(valid)) if valid else None
    ids = select(table.c.id).where(asked, whole)
    return Figure("satisfied", _("参展商满意率"), share, SHARE, note, Trace("surveys", _("参展商满意度调查"), ids))


# --- the audit sheet --------------------------------------------------------------------------------------------------
def read_audit(session: Session, scope: Scope) -> tuple[AuditLine, ...]:
    """审计表: per domestic and foreign what audits of exhibitions list; counted by the rules of the other figures."""
    stands, booths = exhibitor_stands(session, scope), booth_stands(session, scope)
    floor, seen = read_exhibition(session, scope), read_whole(session, scope)
    audience = seen.audience
    if audience is None:
        raise ValueError("attendance was read without its audience")
    theme = Decimal(floor.theme_area.value or 0)
    area = [sum((s.area for s in booths if is_home(s.region_code) is at), Decimal(0)) for at in _WHERE]
    home, abroad = int(audience.home.value or 0), int(audience.abroad.value or 0)
    abroad_stands = {str(s.region_code)[:2] for s in stands if s.is_exhibitor and is_home(s.region_code) is False}
    return (
        _line(_("净面积（㎡）"), area[0] + theme, area[1], area[2], floor.net_area),
        _split(_("参展商（家）"), stands, floor.exhibitors, lambda stand: stand.is_exhibitor),
        _split(_("联合参展（家）"), stands, floor.co_exhibitors, lambda stand: stand.is_co_exhibitor),
        _split(_("代表企业（家，不计入参展商）"), stands, floor.represented, lambda stand: stand.is_represented),
        _sums(_("专业观众（人）"), audience.trade_home, audience.trade_abroad, seen.trade_visitors),
        _sums(_("观众（人）"), home, abroad, seen.visitors),
        _sums(_("观众人次"), audience.visits_home, audience.visits_abroad, seen.visits),
        AuditLine(_("参展商来自的境外国家和地区（个）"), None, known(len(abroad_stands), stands), None, None),
        AuditLine(_("观众来自的境外国家和地区（个）"), None, known(audience.countries, seen.days), None, None),
    )


def _split(label: str, stands: Iterable[Stand], whole: Figure, is_in: Callable[[Stand], bool]) -> AuditLine:
    members = [stand for stand in stands if is_in(stand)]
    home, abroad, unknown = (sum(s.count for s in members if is_home(s.region_code) is at) for at in _WHERE)
    return _line(label, home, abroad, unknown, whole)


def _sums(label: str, home: int, abroad: int, whole: Figure) -> AuditLine:
    return _line(label, home, abroad, int(whole.value or 0) - home - abroad, whole)


def _line(label: str, home: int | Decimal, abroad: int | Decimal, unknown: int | Decimal, whole: Figure) -> AuditLine:
    """What is not known as a whole is not known in its parts."""
    if whole.value is None:
        return AuditLine(label, None, None, None, None)
    return AuditLine(label, home, abroad, unknown, whole.value)
