"""What is decided about a table and what would come of it: every decision is planned anew in a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.services import imports
from expo_app.specs import SPECS, Existing, ImportPlan, RecordSpec
from expo_app.specs.choices import Choices
from expo_app.specs.plan import ColumnSeen, How
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.records.import_wizard import engine
from expo_app.ui.records.import_wizard.engine import Source

BUSY_AFTER = 300  # ms


class Work(QObject):
    """`choices` is all that was decided, `plan` what would come of it (None before a table was read).

    Signals: `planned` after every new plan, `ticked` when only ticks changed, `waits(words, rows)` and `rests` around
    reading and writing, `busy(on)` around a new plan that takes its time, `failed(error)`, `written(batch id)`.
    """

    planned = Signal()
    ticked = Signal()
    waits = Signal(str, int)
    told = Signal(int, int)
    rests = Signal()
    busy = Signal(bool)
    failed = Signal(object)
    written = Signal(object)

    def __init__(self, host: QWidget, context: Context, spec: RecordSpec, begin: Choices) -> None:
        """`begin`: what is decided before a table is read."""
        super().__init__(host)
        self.host, self.context, self.spec, self._begin = host, context, spec, begin
        self.choices = begin
        self.plan: ImportPlan | None = None
        self._book: Any = None
        self._existing: Existing | None = None
        self._past: list[Choices] = []
        self._job: jobs.Job | None = None
        self._planning: jobs.Job | None = None
        self._again = self._stale = False
        self._late = QTimer(self, singleShot=True, interval=BUSY_AFTER)
        self._late.timeout.connect(lambda: self.busy.emit(True))
        context.changed.connect(self._on_changed)

    @property
    def zone(self) -> Any:
        """The expo's time zone."""
        return self.context.expo.zone if self.context.expo else None

    @property
    def is_waiting(self) -> bool:
        """Whether a table is being read or written."""
        return self._job is not None

    @property
    def is_planning(self) -> bool:
        """Whether the plan is older than the choices."""
        return self._planning is not None

    @property
    def is_decided(self) -> bool:
        """Whether the person decided anything that closing would lose."""
        return self.plan is not None and bool(self._past)

    def _on_changed(self, _tables: frozenset[str]) -> None:
        self._stale = True

    # --- read ---

    def read(self, source: Source) -> None:
        """Open a table and plan it, with nothing decided yet but what was from the beginning."""
        db, spec, expo_id, begin = self.context.db, self.spec, self.context.expo_id, self._begin

        def work(progress: jobs.Progress) -> tuple[Any, Existing, ImportPlan]:
            book = engine.opened(source)
            progress(1, 3)
            existing = imports.state(db, spec, expo_id)
            progress(2, 3)
            return book, existing, engine.planned(db, spec, expo_id, book, existing, begin)

        self._wait_for(_("正在读取 {name}").format(name=engine.name_of(source)), work, self._on_read)

    def _on_read(self, found: tuple[Any, Existing, ImportPlan]) -> None:
        self._book, self._existing, self.plan = found
        self.choices, self._past, self._stale = self.plan.choices, [], False
        self.planned.emit()

    # --- decide ---

    def choose(self, choices: Choices, plans: bool = True) -> None:
        """Decide: the table is planned anew; `plans=False` where only ticks of rows changed."""
        if choices != self.choices:
            self._past.append(self.choices)
            self._take(choices, plans)

    def take_back(self) -> bool:
        """Undo the last decision; False when there is none."""
        if self._past and not self.is_waiting:
            self._take(self._past.pop(), plans=True)
            return True
        return False

    def keep_plan(self) -> None:
        """Stop planning: what was decided since the plan shown is forgotten."""
        if self._planning is not None and self.plan is not None:
            self._planning.cancel()
            self._again = False
            while self._past and self.choices != self.plan.choices:
                self.choices = self._past.pop()
            self.choices = self.plan.choices

    def _take(self, choices: Choices, plans: bool) -> None:
        self.choices = choices
        if plans or self._planning is not None:
            self._plan_anew()
        elif self.plan is not None:
            self.plan = replace(self.plan, choices=choices)
            self.ticked.emit()

    def _plan_anew(self) -> None:
        if self._planning is not None:
            self._again = True
            return
        db, spec, expo_id, choices = self.context.db, self.spec, self.context.expo_id, self.choices
        book, known = self._book, None if self._stale else self._existing
        if book is None or self.plan is None:
            return
        self._stale = False

        def work(progress: jobs.Progress) -> tuple[Existing, ImportPlan]:
            existing = known or imports.state(db, spec, expo_id)
            progress(1, 2)
            plan = engine.planned(db, spec, expo_id, book, existing, choices)
            progress(2, 2)
            return existing, plan

        self._late.start()
        title = _("正在核对 {name}").format(name=self.plan.file_name)
        self._planning = jobs.run_job(self.host, title, work, self._on_planned, self._on_refused, card=False)
        self._planning.finished.connect(self._on_rested)

    def _on_planned(self, found: tuple[Existing, ImportPlan]) -> None:
        if not self._again:
            self._existing, self.plan = found
            self.choices = self.plan.choices

    def _on_refused(self, error: Exception) -> None:
        """These choices cannot be: the plan shown stays, and so does what it was made of."""
        self._again = False
        if self.plan is not None:
            self.choices = self.plan.choices
        self.failed.emit(error)

    def _on_rested(self) -> None:
        self._planning = None
        self._late.stop()
        if self._again:
            self._again = False
            self._plan_anew()
        else:
            self.busy.emit(False)
            self.planned.emit()

    # --- write ---

    def write(self) -> None:
        """Write the rows that go in and have their tick, all or nothing."""
        if self.plan is None or self._planning is not None:
            return
        db, plan, expo_id = self.context.db, self.plan, self.context.expo_id
        words, rows = _("正在导入 {name}").format(name=plan.file_name), len(plan.to_write)
        self._wait_for(words, lambda progress: imports.apply(db, plan, expo_id, progress), self.written.emit, rows)

    def cancel(self) -> bool:
        """Stop reading or writing, the data stays as it was; False when neither is under way."""
        if self._job is not None:
            self._job.cancel()
        return self._job is not None

    def _wait_for(
        self, words: str, work: Callable[[jobs.Progress], Any], done: Callable[[Any], object], rows: int = 0
    ) -> None:
        self.waits.emit(words, rows)
        self._job = jobs.run_job(self.host, words, work, done, self._on_failed, card=False)
        self._job.progressed.connect(lambda n, total, _step: self.told.emit(n, total))
        self._job.finished.connect(self._on_finished)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, imports.RowRefused):
            self.plan = error.plan
            self.planned.emit()
        self.failed.emit(error)

    def _on_finished(self) -> None:
        self._job = None
        self.rests.emit()

    # --- what the steps ask ---

    def columns_of(self, sheet: str) -> list[ColumnSeen]:
        """The columns of a sheet, those that no sheet has at the end."""
        found = [c for c in self.plan.columns if c.sheet == sheet] if self.plan else []
        return [*(c for c in found if c.index >= 0), *(c for c in found if c.index < 0)]

    def titles(self, names: tuple[str, ...]) -> str:
        """What the fields of a column are called."""
        if not names:
            return _("不导入")
        said = "＋".join(self.spec.field(name).title for name in names)
        return _("{fields}（拆分）").format(fields=said) if len(names) > 1 else said


def columns_open(plan: ImportPlan) -> int:
    """How many columns of the sheets that are read want a look: guessed, left out with something in them, clashing."""
    used = {sheet.name for sheet in plan.sheets if sheet.used}
    wants = {
        (column.key, column.how)
        for column in plan.columns
        if column.sheet in used
        and (column.clash or column.how is How.GUESS or (column.how is How.NONE and column.header in plan.unknown))
    }
    return len(wants)


def is_mapping_open(plan: ImportPlan) -> bool:
    """Whether something about sheets or columns is for the person to see before rows are."""
    left = any(not sheet.used and sheet.rows and sheet.is_hidden for sheet in plan.sheets)
    money = {f.name for f in SPECS[plan.spec].fields if f.type.units is not None}
    unsaid = any(money.intersection(c.fields) and not c.unit_from and c.filled for c in plan.columns)
    hidden = any(sheet.used and (sheet.hidden_rows or sheet.hidden_columns) for sheet in plan.sheets)
    return bool(columns_open(plan)) or left or hidden or unsaid or (bool(plan.sheets) and not plan.rows)


def values_open(plan: ImportPlan) -> int:
    """How many values and names nobody decided about yet."""
    return sum(v.target is None for v in plan.values) + sum(s.choice is None for s in plan.suspects)


def are_values_open(plan: ImportPlan) -> bool:
    """Whether there is a value or a suspect that the person has not answered, now or with an earlier list."""
    chosen, before = plan.choices, plan.remembered.choices if plan.remembered else Choices()
    answered = {(name, value) for c in (before, chosen) for name, targets in c.values.items() for value in targets}
    same = {*before.same, *chosen.same}
    return any((v.field, v.value) not in answered for v in plan.values) or any(
        s.file not in same for s in plan.suspects
    )


def has_clash(plan: ImportPlan) -> bool:
    """Whether two columns of a sheet that is read go to one field."""
    used = {sheet.name for sheet in plan.sheets if sheet.used}
    return any(column.clash for column in plan.columns if column.sheet in used)
