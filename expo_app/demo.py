"""The whole sample at once: the file, both imports, badges, a replayed morning, deals and every document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from expo_app import documents, paths
from expo_app.atomic_files import refuse_share
from expo_app.errors import UserError, why
from expo_app.i18n import N_, _
from expo_app.services import badges, checkin, expos, imports, records, sample
from expo_app.services.expos import ExpoInfo
from expo_app.services.sample import results, sharing
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.statistics.supply import supply
from expo_app.specs import ATTENDEES, SPECS, Outcome
from expo_app.store import claims, copying, placing
from expo_app.store.database import Database, open_database, translated

Progress = Callable[..., None]
DATABASE = "expo.db"
Fill = Callable[..., ExpoInfo]
HELD = N_("示例数据库正被另一个程序打开，没有重做示例，也没有改动。请关闭打开它的窗口和签到程序，再试一次。")
LEFT_UNPRINTED, BEFORE = 42, timedelta(hours=16)
FEW = 700
"""People of a sample that is not about people."""


@dataclass
class Made:
    """What the demo left in its folder: (file, what it is), and figures of the run."""

    files: list[tuple[str, str]] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """A sample that may be made: its file, the documents beside it, how many steps fill the file."""

    file: str
    outputs: tuple[str, ...]
    fill: Fill
    steps: int


def make(
    folder: Path, attendees: int = 5000, progress: Progress = lambda n, total, step="": None, sample_name: str = ""
) -> Made:
    """Fill `folder`; what an earlier run made is replaced, anything else of the same name is refused.

    `sample_name`: a key of `SAMPLES`, "" the expo. Nobody else may have the earlier database open, from the first look
    at it until the new one is in its place.
    """
    wanted = SAMPLES[sample_name]
    _make_folder(folder)
    outputs = wanted.outputs
    made = Made([(wanted.file, _("示例展会的数据库"))])
    steps = _Steps(progress, wanted.steps + len(outputs))
    target = folder / wanted.file
    with translated(target), claims.claimed(target):
        with _earlier(target) as earlier:
            for name in outputs:
                documents.free_path(folder / name)
            expo = _build(target, earlier, lambda db: wanted.fill(db, attendees, made, steps.next))
        db = open_database(target)
        try:
            db.clock = expos.clock_of(db, expo)
            for name in outputs:
                steps.next(name)
                document = documents.by_name(Path(name).stem)
                documents.write(db, expo, document.name, folder / name)
                made.files.append((name, _(document.title)))
        finally:
            db.close()
    steps.next(_("完成"))
    return made


def _build(target: Path, earlier: Any, fill_in: Callable[[Database], ExpoInfo]) -> ExpoInfo:
    """The new sample beside its place, then in it."""
    part = target.with_name(f"{target.name}.part")
    _sweep(part)
    db = open_database(part, create=True)
    try:
        expo = fill_in(db)
    finally:
        db.close()
    try:
        if earlier is None:
            placing.settle(part, target, is_new=True)
        else:
            copying.put(part, earlier)
    except FileExistsError:
        raise _foreign(target) from None
    finally:
        _sweep(part)
    return expo


def fill(db: Database, attendees: int, made: Made, step: Callable[[str], None] = lambda _name: None) -> ExpoInfo:
    """The whole sample in an empty database, its clock turned to the rehearsal; the figures of it in `made`."""
    step(_("建立示例展会"))
    expo_id = sample.build(db, attendees=attendees)
    expo = next(e for e in expos.all_expos(db) if e.id == expo_id)
    db.clock = expos.clock_of(db, expo)
    for kind, file in sample.FILES:
        step(_("导入 {file}").format(file=file))
        _import(db, expo, kind, file, made)
    sample.mark_arrivals(db, expo_id)
    step(_("制证"))
    made.figures["badges"] = badges.issue_all(db, expo_id)
    _print(db, expo, {code for _at, _desk, _gate, code in sample.morning_of_day_2(db, expo_id)})
    step(_("重放第二天上午的签到"))
    made.figures["scans"] = _replay(db, expo)
    step(_("登记成交"))
    made.figures["deals"] = sample.register_deals(db, expo_id)
    step(_("登记供需对接"))
    made.figures["meetings"] = sample.add_matching(db, expo_id)
    counted = exhibition(db, expo_id)
    for figure in (counted.exhibitors, counted.services, counted.co_exhibitors):
        made.figures[figure.name] = int(figure.value or 0)
    made.figures["attendees"] = records.count(db, ATTENDEES, expo_id)
    return expo


def fill_results(
    db: Database, _attendees: int, made: Made, step: Callable[[str], None] = lambda _name: None
) -> ExpoInfo:
    """The sample of results and demands in an empty database, its clock turned to the rehearsal."""
    step(_("建立示例展会"))
    expo_id = results.build(db)
    expo = next(e for e in expos.all_expos(db) if e.id == expo_id)
    db.clock = expos.clock_of(db, expo)
    counted = supply(db, expo_id)
    made.figures |= {figure.name: int(figure.value or 0) for figure in counted.figures}
    made.figures["reported"] = counted.results.reported.count if counted.results.reported else 0
    return expo


def fill_sharing(
    db: Database, _attendees: int, made: Made, step: Callable[[str], None] = lambda _name: None
) -> ExpoInfo:
    """The sample expo with few people, and what came of it in the years after, its clock turned to the last of them."""
    expo = fill(db, FEW, made, step)
    step(_("登记此后几年的券、园区和联盟"))
    made.figures |= sharing.add(db, expo.id)
    expo = next(e for e in expos.all_expos(db) if e.id == expo.id)
    db.clock = expos.clock_of(db, expo)
    return expo


SAMPLES = {
    "": Sample(
        DATABASE,
        (
            "badges.pdf", "programme.pdf", "directory.pdf", "deals.pdf", "summary.pdf",
            "deals.xlsx", "exhibitors.xlsx", "attendees.xlsx", "summary.xlsx",
        ),
        fill,
        8,
    ),
    "results": Sample("results.db", ("supply.pdf", "supply.xlsx"), fill_results, 2),
    "sharing": Sample(
        "sharing.db",
        ("settlement.pdf", "settlement.xlsx", "park.pdf", "park.xlsx", "alliance.pdf", "alliance.xlsx", "index.pdf"),
        fill_sharing,
        9,
    ),
}  # fmt: skip
"""By the word of the command line."""


class _Steps:
    """Counts the steps of the run into a progress function."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress, self.total, self.n = progress, total, 0

    def next(self, step: str) -> None:
        """The next step begins."""
        self.progress(self.n, self.total, step)
        self.n = min(self.n + 1, self.total)


def _make_folder(folder: Path) -> None:
    refuse_share(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UserError(
            _("“{path}”是文件，不是文件夹，没有动它。请换一个文件夹。").format(path=folder), "E-EXISTS"
        ) from None
    except OSError as error:
        raise UserError(
            _("建不了文件夹“{path}”：{reason}。没有写入。请换一个位置。").format(path=folder, reason=why(error)),
            "E-FILE-WRITE",
        ) from error
    placing.check_folder(folder)


@contextmanager
def _earlier(path: Path) -> Iterator[Any]:
    """The earlier sample, held alone: a connection for `copying.put`, None where there is none.

    UserError where it is somebody's work, that is, holds anything but the sample, or where somebody has it open.
    """
    if not path.exists():
        yield None
        return
    try:
        db = open_database(path)
    except UserError as error:
        raise error if error.code == "E-DB-LOCKED" else _foreign(path) from error
    try:
        known = expos.all_expos(db)
    finally:
        db.close()
    if not known or not all(expo.is_sample for expo in known):
        raise _foreign(path)
    with copying.alone(path, _(HELD)) as connection:
        if connection.execute("SELECT count(*) FROM expo WHERE NOT is_sample").fetchone() != (0,):
            raise _foreign(path)  # a new expo came in between
        yield connection


def _foreign(path: Path) -> UserError:
    return UserError(
        _("“{path}”不是示例生成的数据库，没有动它。请换一个文件夹，或先把它移走。").format(path=path), "E-NOT-SAMPLE"
    )


def _sweep(part: Path) -> None:
    """Remove what a run left of the file it was making."""
    for leftover in part.parent.glob(f"{part.name}*"):
        leftover.unlink()


def _import(db: Database, expo: ExpoInfo, kind: str, file: str, made: Made) -> None:
    plan = documents.plan_import(db, expo, SPECS[kind], paths.resource("sample", file))
    imports.apply(db, plan, expo.id)
    made.figures[f"{kind}_imported"] = plan.count(Outcome.NEW)
    made.figures[f"{kind}_invalid"] = plan.count(Outcome.INVALID)


def _print(db: Database, expo: ExpoInfo, shown: set[str]) -> None:
    """The evening before, every badge came out of the printer but the last few of people who are not there yet."""
    cards = badges.cards(db, expo.id, only_unprinted=True)
    waiting = [card.badge_id for card in cards if card.code not in shown][-LEFT_UNPRINTED:]
    kept = set(waiting)
    clock, db.clock = db.clock, lambda: (expo.rehearsal_at or db.now()) - BEFORE
    badges.mark_printed(db, [card.badge_id for card in cards if card.badge_id not in kept])
    db.clock = clock


def _replay(db: Database, expo: ExpoInfo) -> int:
    """The morning of day 2 through the check-in service, scan by scan, each at its own moment."""
    desks: dict[tuple[str, str], checkin.OpenDesk] = {}
    n = 0
    for at, desk, gate, code in sample.morning_of_day_2(db, expo.id):
        if (desk, gate) not in desks:
            desks[desk, gate] = checkin.open_desk(db, expo.id, desk, gate)
        desks[desk, gate].check_in(code, at)
        n += 1
    for opened in desks.values():
        opened.close()
    return n
