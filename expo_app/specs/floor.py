"""Columns of venues, halls, zones, booths and rooms."""

from decimal import Decimal
from functools import partial

from sqlalchemy import ColumnElement, func, select

from expo_app.i18n import N_, _
from expo_app.model import Booth, BoothState, Exhibitor, ExhibitorState, Hall, Organisation, Room, Venue, WordRole, Zone
from expo_app.rules.booth_numbers import booth_key, check_number, made_by_excel, numbers_in
from expo_app.rules.terms import Usual
from expo_app.specs.expo import venues_of
from expo_app.specs.fields import Field
from expo_app.specs.organisations import ENGLISH_ALIASES
from expo_app.specs.records import NamedBy, RecordSpec, both_names, own_name, read_name, search_of

_booth = Booth.__table__
NARROW = Decimal("0.1")
"""Metres, the least a booth measures."""
FARTHEST = 1_000
"""Metres: no hall measures more, and nothing lies farther from its corner."""
NOISE = 0.005
"""Metres, half a centimetre: what sums of binary fractions may be off by."""
PLACE = N_("图上的位置，从展厅左上角量起")


NOT_AGREED = frozenset({ExhibitorState.APPLIED, ExhibitorState.REVIEWED, ExhibitorState.CANCELLED})
"""States of an exhibitor whose booth is only held for it."""


def state_of_taken(holder: ExhibitorState) -> BoothState:
    """The state of a booth that was given to an exhibitor in this state."""
    return BoothState.HELD if holder in NOT_AGREED else BoothState.CONFIRMED


def state_problem(state: BoothState | None, holder: ExhibitorState | None) -> str:
    """What is wrong with a booth's state beside that of who stands in it (None: nobody); "" where nothing is."""
    if state is None:
        return ""
    if holder is not None:
        wanted = state_of_taken(holder)
        words = _("展位已分给参展商，状态只能是“{state}”，先腾出再改。")
        return "" if state is wanted else words.format(state=wanted.label)
    if state is not BoothState.CONFIRMED:
        return ""
    return _("展位还没有分给参展商，不能是“{state}”。").format(state=BoothState.CONFIRMED.label)


def booth_holder(named: NamedBy = own_name) -> ColumnElement[str]:
    """Name of the organisation that stands in the booth."""
    exhibitor, organisation = Exhibitor.__table__, Organisation.__table__
    return (
        select(named(organisation))
        .select_from(exhibitor.join(organisation, organisation.c.id == exhibitor.c.organisation_id))
        .where(exhibitor.c.id == _booth.c.exhibitor_id)
        .scalar_subquery()
    )


def searched(numbers: ColumnElement[str]) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """Numbers of booths as a search looks in them: as they are written, and without dashes."""
    return numbers, func.replace(numbers, "-", "")


VENUES = RecordSpec(
    name="venues",
    model=Venue,
    title=N_("展馆"),
    key=(("name",),),
    scope="",
    order=("name",),
    icon="community",
    fields=(
        Field("name", N_("展馆名称"), 24, aliases=("名称",), show="bold"),
        Field("name_en", N_("英文名称"), 28, in_table=False, aliases=ENGLISH_ALIASES),
        Field("address", N_("地址"), 30),
        Field("walk_minutes", N_("会场间步行"), 10, unit=N_("分钟"), most=240),
    ),
)

HALLS = RecordSpec(
    name="halls",
    model=Hall,
    title=N_("展厅"),
    key=(("venue_id", "name"),),
    scope="",
    scope_filter=lambda expo_id: Hall.__table__.c.venue_id.in_(venues_of(expo_id)),
    order=("position", "name"),
    icon="layout-column",
    fields=(
        Field("name", N_("展厅"), 12, show="bold"),
        Field("name_en", N_("英文名称"), 28, in_table=False, aliases=ENGLISH_ALIASES),
        Field("venue_id", N_("展馆"), 24, ref="venues"),
        Field("width", N_("宽"), 8, places=1, unit="m", least=1, most=FARTHEST),
        Field("depth", N_("深"), 8, places=1, unit="m", least=1, most=FARTHEST),
        Field("approved_headcount", N_("核定人数"), 8, least=1, most=1_000_000, in_table=False),
        Field("position", N_("顺序"), 6, most=9_999),
    ),
)

ZONES = RecordSpec(
    name="zones",
    model=Zone,
    title=N_("展区"),
    key=(("code",),),
    order=("code",),
    icon="map-2",
    permission="floor.edit",
    natural="code",
    fields=(
        Field("code", N_("展区代号"), 8, show="bold"),
        Field("name", N_("展区名称"), 18),
        Field("name_en", N_("英文名称"), 28, in_table=False, aliases=ENGLISH_ALIASES),
        Field("hall_id", N_("展厅"), 12, ref="halls"),
        Field("x", N_("左"), 8, places=1, unit="m", in_table=False, most=FARTHEST, group=PLACE),
        Field("y", N_("上"), 8, places=1, unit="m", in_table=False, most=FARTHEST, group=PLACE),
    ),
)

BOOTHS: RecordSpec = RecordSpec(
    name="booths",
    model=Booth,
    title=N_("展位"),
    key=(("number",),),
    order=("number",),
    search=lambda: search_of(*searched(func.lower(_booth.c.number)), booth_holder(both_names)),
    chips=("zone_id", "state", "kind_id"),
    icon="map-2",
    permission="floor.edit",
    natural="number",
    fields=(
        Field(
            "number",
            N_("展位号"),
            10,
            split=numbers_in,
            aliases=("展位", "摊位号"),
            show="bold",
            check=check_number,
            alike=booth_key,
            doubt=made_by_excel,
        ),
        Field("zone_id", N_("展区"), 8, ref="zones", required=False, aliases=("区域", "所在展区")),
        Field(
            "kind_id",
            N_("类型"),
            12,
            ref="booth_kinds",
            default=Usual(WordRole.SHELL_SCHEME),
            was=("kind",),
            aliases=("展位类型", "类别", "展位类别", "形式"),
        ),
        Field("area", N_("面积"), 8, aliases=("面积（平方米）",), unit="㎡"),
        Field("is_paid", N_("是否有偿"), 8, in_table=False, aliases=("有偿", "是否收费")),
        Field("state", N_("状态"), 8, show="pill"),
        Field(
            "holder",
            N_("参展单位"),
            30,
            readonly=True,
            in_form=False,
            select=booth_holder,
            read=partial(booth_holder, read_name),
        ),
        Field("x", N_("左"), 8, places=2, unit="m", in_table=False, most=FARTHEST, group=PLACE),
        Field("y", N_("上"), 8, places=2, unit="m", in_table=False, most=FARTHEST, group=PLACE),
        Field("width", N_("宽"), 8, places=2, unit="m", in_table=False, least=NARROW, most=FARTHEST, group=PLACE),
        Field("depth", N_("深"), 8, places=2, unit="m", in_table=False, least=NARROW, most=FARTHEST, group=PLACE),
        Field("note", N_("备注"), 20, in_table=False),
    ),
)

ROOMS = RecordSpec(
    name="rooms",
    model=Room,
    title=N_("会场"),
    key=(("venue_id", "name"),),
    scope="",
    scope_filter=lambda expo_id: Room.__table__.c.venue_id.in_(venues_of(expo_id)),
    order=("position", "name"),
    icon="mic",
    fields=(
        Field("name", N_("会场"), 12, show="bold"),
        Field("name_en", N_("英文名称"), 28, in_table=False, aliases=ENGLISH_ALIASES),
        Field("venue_id", N_("展馆"), 24, ref="venues"),
        Field("purpose", N_("用途"), 14),
        Field("seats", N_("座位"), 8, most=100_000),
        Field("approved_headcount", N_("核定人数"), 8, least=1, most=1_000_000, in_table=False),
        Field("changeover_minutes", N_("换场"), 8, unit=N_("分钟"), most=240),
        Field("position", N_("顺序"), 6, most=9_999),
    ),
)
