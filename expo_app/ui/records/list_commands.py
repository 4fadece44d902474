"""What a person does on a list page: add, edit, delete, take back, import, export, act on the ticked rows."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

from PySide6.QtGui import QGuiApplication

from expo_app.errors import UserError
from expo_app.i18n import _, singular
from expo_app.services.records import Row
from expo_app.services.steps import Step
from expo_app.specs.records import RecordSpec
from expo_app.ui.kit import messages
from expo_app.ui.kit.table import TableModel
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.records import list_parts
from expo_app.ui.records.list_hooks import ListHooks
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.record_panel import RecordPanel
from expo_app.ui.records.undo_list import Act, UndoList, attempt, step_act

NAMED = 3
"""So many records are named, the others counted."""


class ListActs(ListHooks):
    """Acts on the rows that ListPage reads and shows."""

    rows: list[Row]
    _index: dict[uuid.UUID, int]
    model: TableModel
    view: TableView
    panel: RecordPanel
    acts: UndoList
    _bulk: list_parts.BulkBar
    _left_out: list[str]
    _offered: tuple[list[uuid.UUID], int]
    _wanted: dict[str, Any]

    @property
    def what(self) -> str:
        """The word for one record."""
        return _(self.noun) if self.noun else self.spec.label

    def add(self, values: Mapping[str, Any] | None = None) -> None:
        """Open the form for a new record, with `values` beside the page's defaults."""
        if self.can_add and self.context.may_write(self.spec.permission):
            self._open_dialog(None, values)

    def edit(self, record_id: uuid.UUID | None = None) -> None:
        """Open the form for a record, the current one without an id."""
        wanted = record_id or self.view.current_id()
        if wanted is not None:
            self._open_dialog(wanted)

    def take_up(self) -> None:
        """Go on with a new record that was not submitted."""
        if dialog := self._open_dialog(None):
            dialog.take_up()

    def _open_dialog(self, record_id: uuid.UUID | None, values: Mapping[str, Any] | None = None) -> RecordDialog | None:
        given = {**self.defaults(), **(values or {})}
        try:
            dialog = self.dialog_class(
                self, self.context, self.spec, record_id, noun=self.noun, values=given, fixed=self.fixed(),
                save=self.save,
            )  # fmt: skip
        except UserError as error:
            messages.show(self, error)
            return None
        dialog.saved.connect(partial(self._on_saved, record_id is None))
        dialog.open()
        return dialog

    def _on_saved(self, is_new: bool, record_id: uuid.UUID, values: Mapping[str, Any], step: Step | None) -> None:
        self._wanted["record"] = record_id
        words = _("已新增{what}").format(what=singular(self.noun or self.spec.title)) if is_new else _("已保存")
        self.acts.add(self.act_of(words, record_id, step, is_new))

    def act_of(self, words: str, record_id: uuid.UUID, step: Step | None, is_new: bool) -> Act:
        """How a save is taken back and done again: all that it wrote."""
        return step_act(words, self.context.db, step)

    def meant(self) -> list[uuid.UUID]:
        """What an act is about: the ticked records that are shown, else those selected, else the current one."""
        current = self.view.current_id()
        return self.checked() or self.view.selected_ids() or ([current] if current is not None else [])

    def remove(self, ids: Sequence[uuid.UUID] | None = None) -> None:
        """Ask, then delete these records (the ticked ones, else the current one)."""
        if not self.can_delete or not self.context.may_write(self.spec.permission):
            return
        if not ids:
            self._say_left_out()
        wanted = list(ids or self.meant())
        if not wanted:
            return
        title = _("删除“{name}”？").format(name=self.name_of(wanted[0]))
        if len(wanted) > 1:
            title = _("删除选中的 {n} 条{what}？").format(n=len(wanted), what=self.what)
        text = _("删除后不能恢复，日志里留有记录。被其他资料用到的不会删除。")
        messages.confirm(self, title, text, _("删除"), partial(self._delete, wanted), danger=True, safe=_("保留"))

    def _delete(self, ids: list[uuid.UUID]) -> None:
        if self.panel.record_id in ids:
            self.panel.close_panel()
        self.attempt(lambda: self.delete(ids), _("已删除 {n} 条").format(n=len(ids)))

    def attempt(self, act: Callable[[], object], said: str = "") -> bool:
        """Do it and say so; a UserError is shown instead. Whether it worked.

        What is said here cannot be taken back; an act that can says nothing here and is `remember`ed.
        """
        done = attempt(self, act)
        if done and said:
            self.acts.bar(said)
        return done

    def name_of(self, record_id: uuid.UUID) -> str:
        """What a record is called: its bold field, else the one that names it in references."""
        place = self.model.place_of(record_id)
        named = next((f for f in self._fields if f.show == "bold" and not f.is_number), None)
        named = named or next((f for f in self._fields if f.name == self.spec.natural), self._fields[0])
        return self.words(named, self.model.row(place)[self._places[named.name]]) if place >= 0 else self.what

    def checked(self) -> list[uuid.UUID]:
        """Ids of the ticked rows that are shown, in the order of the list: what an act may touch."""
        return [row_[0] for row_ in self.checked_rows()]

    def checked_rows(self) -> list[Row]:
        """The ticked rows that are shown, in the order of the list."""
        index, ticked = self._index, self.model.checked
        if not ticked:
            return []
        if len(self.model.rows()) < len(self.rows):
            ticked = {row_[0] for row_ in self.model.rows()} & ticked
        places = sorted(index[cast(uuid.UUID, key)] for key in ticked if key in index)
        return [self.rows[place] for place in places]

    def _hidden(self) -> int:
        """How many ticked rows a filter hides."""
        return len(self.model.checked) - len(self.checked_rows()) if self.model.checked else 0

    def _show_hidden(self) -> None:
        """A filter hides ticked rows, or shows them again; a mere refresh takes no button from under the pointer."""
        if self._offered != (self.checked(), self._hidden()):
            self._show_bulk()

    def _show_bulk(self) -> None:
        ids = self.checked()
        self._offered = ids, self._hidden()
        acts = list(self.bulk_actions(ids)) if ids else []
        if len(ids) == 2 and self.merges is not None and self.context.may_write(self.merges.permission):
            acts.append((_("合并"), "git-merge-line", self.merge))
        may_delete = self.can_delete and self.deletes_many and self.context.may_write(self.spec.permission)
        if ids and may_delete:
            acts.append((_("删除"), "delete-bin-line", self.remove))
        offered: list[tuple[str, str, Callable[[], object]]] = [
            (words, icon, partial(self._act_on_ticked, call)) for words, icon, call in acts
        ]
        if ids and self.can_export and self.context.may("data.export"):
            offered.insert(len(offered) - may_delete, (_("导出"), "download-2-line", self.export))
        self._bulk.show_acts(len(ids), self._hidden(), offered)

    def _act_on_ticked(self, call: Callable[[list[uuid.UUID]], object]) -> None:
        """Do it with what is ticked and shown now, and say what was left out."""
        self._left_out.clear()
        if ids := self.checked():
            call(ids)
        self._say_left_out()

    def taken(self, ids: Sequence[uuid.UUID], left_out: Mapping[Any, str], field: str) -> list[uuid.UUID]:
        """Those that an act is about; `left_out`: the value of a field → why it leaves such records out, which is said.

        What is `left_out` alone is an act about nothing, and said too.
        """
        why = {key: left_out.get(self.value(self.rows[self._index[key]], field)) for key in ids if key in self._index}
        for reason in dict.fromkeys(filter(None, why.values())):
            names = [self.name_of(key) for key, other in why.items() if other == reason]
            words = _("、").join(names[:NAMED])
            if len(names) > NAMED:
                words = _("{names} 等 {n} 条").format(names=words, n=f"{len(names):,}")
            self._left_out.append(_("{names}{why}").format(names=words, why=reason))
        return [key for key in ids if not why.get(key)]

    def _say_left_out(self, with_hidden: bool = True) -> None:
        said, hidden = list(self._left_out), self._hidden() if with_hidden else 0
        self._left_out.clear()
        if hidden:
            said.append(_("另有 {n} 条被筛选隐藏").format(n=f"{hidden:,}"))
        if said:
            messages.show(self, _("{what}，没有动").format(what=_("；").join(said)), "info")

    def reviving(self, ids: Sequence[uuid.UUID], field: str, dead: Any, verb: str, then: Callable[[], object]) -> None:
        """Ask before an act brings back what was given up: records whose `field` is `dead`."""
        rows = [self.rows[self._index[key]] for key in ids if key in self._index]
        gone = [row_[0] for row_ in rows if self.value(row_, field) is dead]
        if not gone:
            then()
            return
        names = _("、").join(map(self.name_of, gone[:NAMED]))
        title = _("其中 {n} 条是“{state}”，也要{verb}吗？").format(n=f"{len(gone):,}", state=dead.label, verb=verb)
        more = _("{names} 等").format(names=names) if len(gone) > NAMED else names
        text = _("{names}会恢复。不要恢复就取消，去掉它们的勾再做。可以撤销。").format(names=more)
        messages.confirm(self, title, text, verb, then)

    def merge(self, ids: Sequence[uuid.UUID]) -> None:
        """Make two rows one: what becomes of them is shown and chosen first."""
        from expo_app.specs.merging import Pair
        from expo_app.ui.records.merge_dialog import open_merge

        def ask(spec: RecordSpec) -> None:
            keep, other = self.merged(ids)
            open_merge(self, self.context, self.acts, Pair(spec.name, keep, other))

        if self.merges is not None:
            self.attempt(partial(ask, self.merges))

    # --- undo ---

    def remember(self, words: str, undo: Callable[[], object], redo: Callable[[], object] | None = None) -> None:
        """Say what was done, offer 撤销, and put it on the undo list."""
        self.acts.add(Act(words, undo, redo))

    def undo(self) -> None:
        """Take back the last act of this page."""
        self.acts.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.acts.redo()

    # --- files ---

    def import_file(self, source: Any = None) -> None:
        """Open the import wizard, with a file (`Path`) or a table from the clipboard (`Pasted`) at once if given."""
        from expo_app.ui.records.import_wizard import ImportWizard

        wizard = ImportWizard(self, self.context, self.spec, self.what, self.acts)
        wizard.imported.connect(lambda batch_id: self.imported(batch_id, wizard.plan))
        wizard.open()
        if source is not None:
            wizard.read(source)

    @property
    def may_import(self) -> bool:
        """Whether a table can be brought in here."""
        context = self.context
        return self.can_import and context.may_write(self.spec.permission) and context.may("data.import")

    def paste(self) -> bool:
        """Import the table on the clipboard; False where there is none."""
        from expo_app.ui.records.import_wizard import Pasted

        text = QGuiApplication.clipboard().text()
        has_table = "\t" in text or "\n" in text.strip()
        if has_table and self.may_import:
            self.import_file(Pasted(text))
        return has_table and self.may_import

    def save_template(self) -> None:
        """Save an empty Excel file with this list's columns."""
        from expo_app.ui.records.import_wizard import save_template

        save_template(self, self.context, self.spec)

    def export(self) -> None:
        """Open the export dialog over the ticked rows, those shown, or all."""
        from expo_app.ui.records.export_dialog import ExportDialog

        if hidden := self._hidden():
            messages.show(self, _("另有 {n} 条被筛选隐藏，不在其中").format(n=f"{hidden:,}"), "info")
        every, shown = [row_[0] for row_ in self.rows], [row_[0] for row_ in self.model.rows()]
        ExportDialog(self, self.context, self.spec, every, shown, self.checked(), self.what).open()
