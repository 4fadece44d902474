"""A question for a few values of a record, each checked as its field is; what is refused stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.specs import Field
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.labels import Label
from expo_app.ui.records import editors


def ask(
    parent: QWidget,
    title: str,
    text: str,
    fields: Sequence[tuple[Field, Any, bool]],
    verb: str,
    then: Callable[[Mapping[str, Any]], object],
) -> Dialog:
    """Ask for a few values (field, what it starts with, whether it must be given); `then(values)` does it.

    What `then` refuses is said beside its field and the dialog stays open.
    """
    box = Dialog(parent, title, theme.Width.DIALOG)
    box.body.addWidget(Label(text, "secondary", wrap=True))
    shown: dict[str, tuple[Field, FormField]] = {}
    for field, value, is_needed in fields:
        editor = editors.make(field)
        editor.set_value(value)
        shown[field.name] = (
            field,
            FormField(field.title, editor, required=is_needed, unit=_(field.unit) if field.unit else ""),
        )
        box.body.addWidget(shown[field.name][1])

    def refuse(problems: Mapping[str, str]) -> None:
        for name, words in problems.items():
            if name in shown:
                shown[name][1].set_problem(words)
            else:
                messages.show(box, UserError(words))

    def press() -> None:
        values, problems = {}, {}
        for (field, _value, is_needed), (_own, form_field) in zip(fields, shown.values(), strict=True):
            form_field.clear_problem()
            try:
                values[field.name] = field.parse(form_field.editor.value())  # type: ignore[attr-defined]
            except ValueError as problem:
                problems[field.name] = str(problem)
            else:
                if is_needed and values[field.name] in (None, ""):
                    problems[field.name] = _("不能为空。")
        if problems:
            refuse(problems)
            return
        try:
            then(values)
        except InvalidRecord as refused:
            refuse(refused.problems)
        except UserError as error:
            messages.show(box, error)
        else:
            box.close_with(True)

    box.add_action(Button(_("取消"), clicked=box.cancel))
    box.add_action(Button(verb, "primary", "check-line", clicked=press))
    box.open()
    return box
