"""The dialog that makes or edits one record, from its spec.

    dialog = RecordDialog(self, self.context, DEALS, record_id, noun=N_("成交"))
    dialog.saved.connect(self._on_saved)       # id, what was saved, the step by which to take it back
    dialog.open()

Nothing typed is lost: every 20 s, on closing and on Ctrl+S the edits are kept as a draft and offered the next time.
Subclasses may override `make_form`, `side` (a column at the right), `check` (problems by field, before saving),
`save_draft` (a page's own drafts) and `submit_words`.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.i18n import _, singular
from expo_app.routes import ListRoute
from expo_app.rules.ages import ago
from expo_app.services import expos, record_writer, records, steps
from expo_app.services.record_rules import Known, rules_of
from expo_app.specs import RecordSpec
from expo_app.specs.records import by_name
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.jobs import run_job
from expo_app.ui.kit.labels import KeyCap, Label
from expo_app.ui.kit.panels import clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records import drafts
from expo_app.ui.records.form import Form

KEEP_EVERY = 20_000  # milliseconds
LOOK = 250
"""Milliseconds after the last key before it is asked who is known already."""
KNOWN = 2
"""Known ones that are shown above the form."""
MANY_FIELDS = 14
Save = Callable[[dict[str, Any], uuid.UUID | None, Mapping[str, Any]], uuid.UUID]


def draft_key(context: Context, spec: RecordSpec, record_id: uuid.UUID | None = None) -> str:
    """What drafts of a record of this expo are kept under; without an id those of new ones."""
    expo = context.expo.code if context.expo else "all"
    return f"{spec.name}-{expo}-{record_id or 'new'}"


class _Saves(QObject):
    """What a form tells of its saves; that of a form taken up again tells the same ones."""

    saved = Signal(object, object, object)


class RecordDialog(Dialog):
    """`values`: what a new record starts with; `fixed` goes with every save (a parent's id); `save(values, id, seen)`
    defaults to services.records.save. `saved(id, new values, services.steps.Step | None)` after the commit.
    """

    wide = 0
    """Pixels, for a dialog with a column beside the form; 0: by the number of fields."""
    several: Mapping[str, str] = {}
    """Text fields that hold names of a spec joined by 、."""

    def __init__(
        self,
        parent: QWidget,
        context: Context,
        spec: RecordSpec,
        record_id: uuid.UUID | None = None,
        *,
        noun: str = "",
        values: Mapping[str, Any] | None = None,
        fixed: Mapping[str, Any] | None = None,
        save: Save | None = None,
    ) -> None:
        self.context, self.record_id, self._noun = context, record_id, noun
        self.spec = spec = records.spec_in(context.db, spec)
        self._saves = _Saves()
        key = draft_key(context, spec, record_id)
        self._draft_key = key if record_id else drafts.free(key)
        self.seen: dict[str, Any] = records.get(context.db, spec, record_id) if record_id else {}
        self._fixed, self._save = dict(fixed or {}), save
        self._begun = frozenset(values or ()) if record_id is None else frozenset()
        self._linked: dict[str, uuid.UUID] = {}  # parent → record chosen from the list
        what = singular(noun or spec.title)
        title = (_("编辑{what}") if record_id else _("新增{what}")).format(what=what)
        count = sum(f.in_form for f in spec.writable)
        large = theme.Width.DIALOG_LARGE if count > MANY_FIELDS else theme.Width.DIALOG
        super().__init__(parent, title, self.wide or large)
        self._top = column(spacing=theme.Space.S)
        self._is_refused = False
        self.body.addLayout(self._top)
        self._known = column(spacing=theme.Space.S)
        self.body.addLayout(self._known)
        self.form = self.make_form()
        self.form.judge = self.judge
        self.form.set_values(self.seen or dict(values or {}))
        self.form.picked.connect(self._on_picked)
        self.form.edited.connect(lambda name: self._linked.pop(name.partition(".")[0], None))
        line = row(spacing=theme.Space.XL)
        line.addWidget(self.form, 1, Qt.AlignmentFlag.AlignTop)  # a longer column beside it leaves its lines together
        side = self.side()
        if side is not None:
            line.addWidget(side)
        self.body.addLayout(line)
        self.body.addStretch(1)
        self._keeping = QTimer(self, interval=KEEP_EVERY)
        self._keeping.timeout.connect(self.keep_draft)
        self._asked, self._left_out = 0, ""
        self._alike = rules_of(spec).alike if record_id is None else None
        self._looking = QTimer(self, singleShot=True, interval=LOOK)
        self._looking.timeout.connect(self._look)
        if self._alike is not None:
            self.form.edited.connect(lambda _name: self._looking.start())
        self._make_footer()
        self._offer_draft()

    @property
    def saved(self) -> SignalInstance:
        """`saved(id, new values, steps.Step | None)`."""
        return self._saves.saved

    def first_focus(self) -> QWidget | None:
        """In a new record what must be filled in and is not yet."""
        name = "" if self.record_id else self.form.first_missing()
        return self.form.editor(name) if name else super().first_focus()

    # --- what a subclass may change ---

    def make_form(self) -> Form:
        """The form; override for other fields or offers."""
        expo = self.context.expo
        db, expo_id = self.context.db, self.context.expo_id
        of_places = [field.name for field in self.spec.fields if field.is_place]
        offers = dict.fromkeys(of_places, expos.places(db, expo_id) if of_places else [])
        return Form(
            self.spec, zone=expo.zone if expo else None, look_up=self.context.options, several=self.several,
            offers={"valid_days": [day.isoformat() for day in self.days()], **offers},
            terms=self.context.terms, usual=self.usual_day(), homes=expos.homes(db, expo_id),
        )  # fmt: skip

    def days(self) -> list[date]:
        """What a field of days offers."""
        return self.context.expo.days if self.context.expo else []

    def usual_day(self) -> date:
        """The day that dates are most likely about."""
        return self.context.usual_day(self.spec)

    def side(self) -> QWidget | None:
        """A column to the right of the form."""
        return None

    def judge(self, values: Mapping[str, Any]) -> Mapping[str, str]:
        """What is wrong with the form's values beside each other, by field: as saving would find."""
        expo = self.context.expo
        facts = expo.facts(self.context.now()) if expo else None
        return self.spec.contradicted({**self.seen, **values}, facts, self.seen or None)

    def check(self, values: Mapping[str, Any]) -> Mapping[str, str]:
        """Problems by field that only this dialog knows, before anything is saved."""
        return {}

    def submit_words(self) -> str:
        """The verb on the primary button."""
        return _("保存")

    save_draft: Callable[[dict[str, Any]], uuid.UUID] | None = None
    """A page that keeps unfinished records in the database gives a function here; else drafts stay on this computer."""

    # --- submit ---

    def _make_footer(self) -> None:
        if not self.context.may_write(self.spec.permission):
            self.form.set_read_only(True)
            self.add_left(Label(self._why_not(), "fact", "warn"))
            self.add_action(Button(_("关闭"), clicked=self.cancel), safe=True)
            return
        for keys, words in (("Ctrl+S", _("存草稿")), ("Ctrl+Enter", self.submit_words())):
            self.add_left(KeyCap(keys))
            self.add_left(Label(words, "fact"))
        self.submit_button = Button(self.submit_words(), "primary", "check-line", clicked=self.submit)
        if self.save_draft is not None:
            self.add_action(Button(_("存草稿"), icon="save-3-line", clicked=self.put_draft))
        else:
            self.add_action(Button(_("取消"), clicked=self.cancel))
        self.add_action(self.submit_button)
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self.put_draft)
        self._keeping.start()

    def _why_not(self) -> str:
        if self.context.is_read_only:
            return _("只能查看：数据库以只读方式打开")
        return _("只能查看：{role}没有修改权限").format(role=self.context.actor.role.label)

    def submit(self) -> None:
        """Check, save, close; a refusal stays beside its field, what was refused before is no longer said."""
        if self._is_refused:
            self._clear_top()
        if not self.form.check_all(edited_only=self.record_id is not None):
            return
        values = self.form.changes() if self.record_id else self.form.values()
        problems = self.check(values)
        if problems:
            self._refuse(problems)
            return
        if self.record_id and not values:
            self.close_with(self.record_id)
            return
        self._store(values)

    def _store(self, values: dict[str, Any]) -> None:
        try:
            with record_writer.followed() as writers:
                record_id = self.store(values)
        except InvalidRecord as refused:
            self._refuse(refused.problems)
        except Conflict as conflict:
            self._say(conflict, self._ways_out(conflict))
        except UserError as error:
            self._say(error)
        else:
            drafts.discard(self._draft_key)
            self.close_with(record_id)
            self.saved.emit(record_id, values, steps.step_of(self.spec.permission, writers))

    def store(self, values: dict[str, Any]) -> uuid.UUID:
        """Save and return the id."""
        given = {**values, **{f"{parent}_id": key for parent, key in self._linked.items()}, **self._fixed}
        if self._save is not None:
            return self._save(given, self.record_id, self.seen)
        return records.save(
            self.context.db, self.spec, given, self.record_id, expo_id=self.context.expo_id, seen=self.seen
        )

    def _refuse(self, problems: Mapping[str, str]) -> None:
        rest = self.form.show_problems(problems)
        if rest:
            self._say(UserError("；".join(rest.values())))

    # --- somebody else was faster ---

    def _say(self, error: UserError, ways: Sequence[QWidget] = ()) -> None:
        self._clear_top()
        self._is_refused = True
        self._top.addWidget(Banner("bad", str(error), ways))
        self._area.verticalScrollBar().setValue(0)

    def _clear_top(self) -> None:
        self._is_refused = False
        clear(self._top)

    def _ways_out(self, conflict: Conflict) -> list[QWidget]:
        if conflict.code == "E-CONFLICT":
            return [Button(_("载入新值"), clicked=self._reload), Button(_("保留我的"), clicked=self._insist)]
        if conflict.code == "E-GONE":
            return [Button(_("另存为新记录"), clicked=self._save_anew)]
        return []

    def _reload(self) -> None:
        """Take what is stored now; the edits go."""
        self.seen = records.get(self.context.db, self.spec, self.record_id)  # type: ignore[arg-type]
        self.form.set_values(self.seen)
        self._clear_top()

    def _insist(self) -> None:
        """Keep the edits over what is stored now, everything else as stored; the person submits again."""
        mine = self.form.changes()
        self._reload()
        self.form.fill(mine)

    def _save_anew(self) -> None:
        self.record_id, self.seen = None, {}
        self._clear_top()
        self.submit()

    # --- who is known already ---

    def _look(self) -> None:
        """Ask in a worker which records this one probably is; only the last answer counts."""
        if self._alike is None:
            return
        self._asked += 1
        ask, asked = self._alike, self._asked
        db, spec, values, expo_id = self.context.db, self.spec, self.form.values(), self.context.expo_id

        def show(found: list[Known]) -> None:
            if asked == self._asked and self.is_open:
                self._show_known(found)

        def refused(error: Exception) -> None:
            if isinstance(error, UserError) and self.is_open:
                self._say(error)

        run_job(self, "", lambda _progress: ask(db, spec, values, expo_id), show, refused, card=False)

    def _show_known(self, found: Sequence[Known]) -> None:
        clear(self._known)
        for known in found[:KNOWN]:
            words = _("像是已有的“{name}”（{why}）").format(name=known.name, why=known.why)
            shown = f"{words} · {known.detail}" if known.detail else words
            link = Button(_("打开"), "plain", clicked=partial(self._go_to, known))
            self._known.addWidget(Banner("info", shown, [link]))

    def _go_to(self, known: Known) -> None:
        """What was typed stays as a draft."""
        self.cancel()
        self.context.navigate(ListRoute(known.spec, record=known.id))

    # --- drafts ---

    def keep_draft(self) -> None:
        """Keep the edits on this computer, if there are any."""
        if not self.form.is_dirty:
            return
        began_with = {name: value for name, value in self.form.values().items() if name in self._begun}
        values = {**began_with, **self.form.changes()}  # whoever sits here next opens it
        secret = [name for name in values if self.spec.is_secret(name)]
        self._left_out = _("、").join(self.spec.field(name).title for name in secret if values.pop(name))
        try:
            drafts.keep(self._draft_key, values)
        except UserError as error:
            self._say(error)
            return
        words = _("草稿已存，{names}不存进草稿") if self._left_out else _("草稿已存")
        self.note.setText(words.format(names=self._left_out))

    def put_draft(self) -> None:
        """Ctrl+S: the page's own draft where there is one, else this computer's."""
        if self.save_draft is None:
            self.keep_draft()
            return
        try:
            record_id = self.save_draft(self.form.values())
        except InvalidRecord as refused:
            self._refuse(refused.problems)
        except UserError as error:
            self._say(error)
        else:
            drafts.discard(self._draft_key)
            self.close_with(record_id)

    def _offer_draft(self) -> None:
        if not self.context.may_write(self.spec.permission):
            return
        for key, draft in self._kept():
            words = _("上次没有提交的内容还在（{age}）。").format(age=ago(draft.at))
            if name := self._name_of(draft):
                words = _("“{name}”没有提交，内容还在（{age}）。").format(name=name, age=ago(draft.at))
            take = Button(_("接着填"), "plain", clicked=partial(self._take_up, key, draft))
            drop = Button(_("丢弃"), "text", clicked=partial(self._drop, key))
            self._top.addWidget(Banner("info", words, [take, drop], icon="draft-line"))

    def _kept(self) -> list[tuple[str, drafts.Draft]]:
        """The drafts that can be taken up here: those of new records, or that of this one."""
        key = draft_key(self.context, self.spec, self.record_id)
        draft = drafts.find(key) if self.record_id else None
        return [(key, draft)] if draft else [] if self.record_id else drafts.kept(key)

    def _name_of(self, draft: drafts.Draft) -> str:
        """What a draft is about: the first name in it."""
        texts = (draft.values.get(f.name) for f in self.form.fields if f.required and f.type.is_text)
        return next((text.strip() for text in texts if isinstance(text, str) and text.strip()), "")

    def take_up(self) -> None:
        """Go on with what was not submitted, where there is one; of several the form offers each."""
        kept = self._kept()
        if len(kept) == 1:
            self._take_up(*kept[0])

    def _take_up(self, key: str, draft: drafts.Draft) -> None:
        """Fill in what was kept, and keep it there from now on."""
        if key != self._draft_key:
            drafts.discard(self._draft_key)
        self._draft_key = key
        self._take(draft)

    def _take(self, draft: drafts.Draft) -> None:
        self._clear_top()
        self.form.clear_problems()
        self.form.take(draft.values)
        first = next((f.name for f in self.form.fields if not {f.name, *f.was}.isdisjoint(draft.values)), "")
        if first:
            self.form.focus(first)

    def _drop(self, key: str) -> None:
        drafts.discard(key)
        self._clear_top()
        self._offer_draft()

    def cancel(self) -> None:
        """Esc and the cross: nothing is asked, edits are kept as a draft, and the toast says so."""
        dirty = self.form.is_dirty and self.context.may_write(self.spec.permission)
        if dirty:
            self.keep_draft()
            kept = _("没有提交，内容已存为草稿")
            words = _("没有提交，内容已存为草稿，{names}不存进草稿") if self._left_out else kept
            messages.show(self, words.format(names=self._left_out), "info", (_("接着填"), self._again))
        self.close_with(None)

    def _again(self) -> None:
        """Open what was left once more; of this dialog itself nothing of Qt is there any longer."""
        again = type(self)(
            self._window, self.context, self.spec, self.record_id, noun=self._noun, fixed=self._fixed, save=self._save
        )
        again._saves = self._saves
        again.open()
        draft = drafts.find(self._draft_key)
        if draft is not None:
            again._take_up(self._draft_key, draft)

    # --- a parent chosen from the list brings its own values ---

    def _on_picked(self, name: str, record_id: Any) -> None:
        parent, dot, _attribute = name.partition(".")
        link = (self.spec.parents or {}).get(parent)
        if not dot or link is None:
            return
        self._linked[parent] = record_id
        known = records.get(self.context.db, by_name(link.spec), record_id)
        own = [f for f in self.form.fields if f.name.startswith(f"{parent}.") and f.name != name]
        self.form.set_values({f.name: known.get(f.name.removeprefix(f"{parent}.")) for f in own}, [f.name for f in own])
