"""What the options of `import` decide about a list, and what its JSON says of sheets, columns, values and suspects."""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from expo_app.errors import UserError
from expo_app.exchange import mapping_file
from expo_app.i18n import _
from expo_app.specs import Field, ImportPlan, RecordSpec
from expo_app.specs.choices import ANY_SHEET, EMPTY, NEW, Choices, Header, SheetChoice
from expo_app.specs.names import name_key
from expo_app.specs.plan import How

USAGE = "E-USAGE"
"""The code of what was typed wrong, and not of what does not fit the file."""
Given = tuple[str, str]
"""An option whose place among the others matters, and its value."""


MOST = 20
"""Names in a sentence that says what may be filled in."""


class InOrder(argparse.Action):
    """Keeps options in their order: a --header holds for the --sheet before it."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        found = [*(getattr(namespace, self.dest, None) or ()), ((option or "").lstrip("-"), str(values))]
        setattr(namespace, self.dest, found)


def add_options(load: argparse.ArgumentParser) -> None:
    """The options of `import` that decide something."""
    order: dict[str, Any] = {"action": InOrder, "dest": "in_order", "default": []}
    load.add_argument("--sheet", metavar="NAME", help=_("只读这张工作表，可写多次"), **order)
    load.add_argument("--all-sheets", action="store_true", help=_("隐藏的和不像名单的工作表也读"))
    load.add_argument(
        "--header", metavar="N[-M]", help=_("表头在第几行，多行写 2-3；跟在 --sheet 后只管那一张"), **order
    )
    mapped = _("“表头=字段”指定一列，可写多次；字段写名称或英文名，两项用 + 连接，留空不导入，金额可带单位（元）")
    load.add_argument("--map", action="append", default=[], metavar="HEADER=FIELD", help=mapped)
    value = _("“字段:值=目标”指定一个不认识的值，可写多次；目标写 + 新建，留空不写")
    load.add_argument("--value", action="append", default=[], metavar="FIELD:VALUE=TARGET", help=value)
    given = _("“字段=值”：每一行都按这个值，可写多次，如 单位=某某公司")
    load.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help=given)
    usual = _("“字段=值”：没写这一项的行按这个值，可写多次，如 类别=参展商")
    load.add_argument("--usual", action="append", default=[], metavar="FIELD=VALUE", help=usual)
    load.add_argument("--new-words", action="store_true", help=_("类目里没有的词都新建（带规则的类别除外）"))
    load.add_argument("--new-booths", action="store_true", help=_("没有的展位号都新建"))
    same = _("“文件里的单位=库里的单位”算同一单位，可写多次；右边留空算新单位")
    load.add_argument("--same", action="append", default=[], metavar="FILE=OURS", help=same)
    above = _("相似度到这个数的都算同一单位，如 0.95")
    load.add_argument("--same-above", type=_share, metavar="0..1", help=above)
    fill = _("名单里没有的这一项，新来的按提示的值填，如 状态（已确认），可写多次")
    load.add_argument("--fill", action="append", default=[], metavar="FIELD", help=fill)
    load.add_argument("--update", action="store_true", help=_("已填的项也按文件改；不写只补空的"))
    load.add_argument(
        "--hidden", choices=("keep", "skip"), default="skip", help=_("隐藏的行和列：读或不读（默认不读）")
    )
    load.add_argument("--mapping", type=Path, metavar="FILE", help=_("按一份保存的对应关系（JSON）读"))
    load.add_argument("--save-mapping", type=Path, metavar="FILE", help=_("把这次的对应关系存成 JSON"))
    load.add_argument("--no-memory", action="store_true", help=_("不用上次记住的对应，也不记住这次的"))


def _share(text: str) -> float:
    if not re.fullmatch(r"0?\.\d{1,6}|1(\.0*)?", text, re.ASCII) or not float(text):
        raise argparse.ArgumentTypeError(_("应是 0 到 1 之间的数，如 0.95"))
    return float(text)


def chosen(args: argparse.Namespace, spec: RecordSpec) -> Choices:
    """The choices of a command line; UserError with a sentence for an option that cannot be understood."""
    base = mapping_file.load(args.mapping, spec.name) if args.mapping else Choices()
    sheets, header = _sheets(args.in_order)
    columns, units = dict(base.columns), dict(base.units)
    for text in args.map:
        key, fields, unit = _column(text, spec)
        columns[key] = fields
        if unit:
            units[key] = unit
    values = {name: dict(targets) for name, targets in base.values.items()}
    for text in args.value:
        name, value, target = _value(text, spec)
        values.setdefault(name, {})[value] = target
    filled = {**base.filled, **{_fill(text, spec).name: True for text in args.fill}}
    same = dict(base.same) | dict(_pair(text, "--same") for text in args.same)
    fixed, usual = _fixed(args, spec)
    return replace(
        base, sheets={**base.sheets, **sheets}, header=header, columns=columns, units=units, values=values, same=same,
        fixed=fixed, usual=usual, same_above=args.same_above, keeps_hidden=args.hidden == "keep",
        all_sheets=args.all_sheets, new_words=args.new_words, new_booths=args.new_booths, update=args.update,
        filled=filled, uses_memory=not args.no_memory,
    )  # fmt: skip


def _fill(text: str, spec: RecordSpec) -> Field:
    own = field_of(spec, text, "--fill")
    if own.unsaid is None:
        known = _("、").join(field.title for field in spec.writable if field.unsaid) or _("没有")
        words = _("--fill：“{title}”不能这样填，可以的：{known}。没有导入任何内容。")
        raise UserError(words.format(title=own.title, known=known), "E-FIELD")
    return own


def _sheets(given: Sequence[Given]) -> tuple[dict[str, SheetChoice], Header | None]:
    found: dict[str, SheetChoice] = {}
    last, header = "", None
    for option, text in given:
        if option == "sheet":
            last = text
            found[ANY_SHEET] = SheetChoice(used=False)
            found[text] = SheetChoice(used=True)
        elif last:
            found[last] = SheetChoice(used=True, header=_header(text))
        else:
            header = _header(text)
    return found, header


def _header(text: str) -> Header:
    parts = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", text.strip())
    first = int(parts[1]) if parts else 0
    last = int(parts[2]) if parts and parts[2] else first
    if parts is None or last < first or (first == 0 and last):
        raise UserError(_("--header 应写成 3 或 2-3，不是“{text}”；没有表头写 0。").format(text=text), USAGE)
    return first, last


def _pair(text: str, option: str) -> tuple[str, str]:
    left, mark, right = text.rpartition("=")
    if not mark or not left.strip():
        raise UserError(_("{option} 里缺“=”：{text}。").format(option=option, text=text), USAGE)
    return left.strip(), right.strip()


def _fixed(args: argparse.Namespace, spec: RecordSpec) -> tuple[dict[str, str], dict[str, str]]:
    """What --set and --usual say; UserError where a field is given twice."""
    fixed, usual = dict[str, str](), dict[str, str]()
    for option, texts, found in (("--set", args.set, fixed), ("--usual", args.usual, usual)):
        for name, value in (_pair_first(text, option) for text in texts):
            own = field_of(spec, name, option)
            if own.name in fixed or own.name in usual:
                words = _("--set、--usual：“{title}”写了两次，只能有一个值。没有导入任何内容。")
                raise UserError(words.format(title=own.title), USAGE)
            found[own.name] = value
    return fixed, usual


def _pair_first(text: str, option: str) -> tuple[str, str]:
    """At the first mark: a name of a field has none, a value may."""
    left, mark, right = text.partition("=")
    if not mark or not left.strip() or not right.strip():
        raise UserError(_("{option} 应写成“字段=值”，不是“{text}”。").format(option=option, text=text), USAGE)
    return left.strip(), right.strip()


def _column(text: str, spec: RecordSpec) -> tuple[str, tuple[str, ...], str]:
    from expo_app.exchange.headers import key_of

    header, names = _pair(text, "--map")
    unit = ""
    if found := re.fullmatch(r"(.*?)\s*[(（]([^()（）]+)[)）]", names):
        names, unit = found[1], key_of(found[2])
    fields = tuple(field_of(spec, name, "--map").name for name in names.split("+") if name.strip())
    return ("@" + header[1:] if header.startswith("@") else key_of(header)), fields, unit


def _value(text: str, spec: RecordSpec) -> tuple[str, str, str]:
    name, mark, rest = text.partition(":")
    if not mark:
        name, mark, rest = text.partition("：")
    if not mark:
        raise UserError(_("--value 应写成“字段:值=目标”，不是“{text}”。").format(text=text), USAGE)
    value, target = _pair(rest, "--value")
    return field_of(spec, name, "--value").name, value, NEW if target == NEW else target or EMPTY


def field_of(spec: RecordSpec, text: str, option: str) -> Field:
    """The field of that name or title; UserError with a sentence that names them all."""
    wanted = text.strip()
    by_name = {field.name: field for field in spec.writable}
    by_title = {title: field for field in reversed(spec.writable) for title in (field.header, field.title, field.label)}
    found = by_name.get(wanted) or by_title.get(wanted)
    if found is None:
        known = _("、").join(
            _("{what}（{formats}）").format(what=field.title, formats=field.name) for field in spec.writable
        )
        words = _("{option}：没有“{name}”这个字段，有：{known}。没有导入任何内容。")
        raise UserError(words.format(option=option, name=wanted, known=known), "E-FIELD")
    return found


def refuse_unused(plan: ImportPlan, args: argparse.Namespace, spec: RecordSpec, bodies: Collection[str]) -> None:
    """UserError for an option that comes to nothing: a sheet or column the file does not have, a target not there.

    `bodies`: the names of the organisations there are.
    """
    from expo_app.exchange.headers import forms

    sheets = [sheet.name for sheet in plan.sheets]
    for option, text in args.in_order:
        if option == "sheet" and text not in sheets:
            visible = _("、").join(sheet.name for sheet in plan.sheets if sheet.name)
            words = _("文件里没有工作表“{name}”，有：{names}。") if visible else _("文件里没有工作表“{name}”。")
            raise UserError(words.format(name=text, names=visible), "E-FILE-SHEET")
    known = {key for column in plan.columns for key in (column.key, *forms("\n".join(column.header.split())))}
    for text in args.map:
        key = _column(text, spec)[0]
        if key not in known:
            there = _("、").join(dict.fromkeys(column.header for column in plan.columns if column.index >= 0))
            words = _("--map：文件里没有“{name}”这一列，有：{there}。没有导入任何内容。")
            raise UserError(words.format(name=_pair(text, "--map")[0], there=there), "E-COLUMN")
    clash = next((column.clash for column in plan.columns if column.how is How.GIVEN and column.clash), "")
    if clash and args.map:
        raise UserError(clash, "E-COLUMN")
    _refuse_unused_values(plan, args, spec)
    known_names = {name_key(name) for name in (*bodies, *(n for p in plan.suspects for n in (p.file, p.ours)))}
    known_names.update(name_key(name) for row in plan.rows for name in row.values.values() if isinstance(name, str))
    for text in args.same:
        ours = _pair(text, "--same")[1]
        if ours and name_key(ours) not in known_names:
            words = _("--same：库里和文件里都没有单位“{name}”。没有导入任何内容。")
            raise UserError(words.format(name=ours), "E-SAME")


def _refuse_unused_values(plan: ImportPlan, args: argparse.Namespace, spec: RecordSpec) -> None:
    """The same of the options --value."""
    for text in args.value:
        name, said, target = _value(text, spec)
        open_values = (v for v in plan.values if v.field == name and v.target is None)
        value = next((v for v in open_values if name_key(v.value) == name_key(said)), None)
        if value is not None and target == NEW:
            words = _("--value：“{value}”不能在这里新建：{reason}没有导入任何内容。")
            raise UserError(words.format(value=said, reason=value.reason), "E-VALUE")
        if value is not None:
            words = _("--value：“{title}”里没有“{target}”，可填：{offered}。没有导入任何内容。")
            offered = _("、").join(value.offered[:MOST]) + ("…" if len(value.offered) > MOST else "")
            title = spec.field(name).title
            raise UserError(words.format(title=title, target=target, offered=offered), "E-VALUE")
        if all(v.field != name or name_key(v.value) != name_key(said) for v in plan.values):
            words = _("--value：“{title}”里没有待定的值“{value}”。没有导入任何内容。")
            raise UserError(words.format(title=spec.field(name).title, value=said), "E-VALUE")


def save_mapping(plan: ImportPlan, path: Path) -> None:
    """Write what this list was given as a file that can be handed on."""
    found = Choices(
        plan.choices.sheets,
        columns={
            column.key: column.fields for column in plan.columns if column.fields or column.key in plan.choices.columns
        },
        units={column.key: column.unit for column in plan.columns if column.unit and column.unit_from == "given"},
        values=_decided(plan),
        same={pair.file: pair.ours if pair.choice else EMPTY for pair in plan.suspects if pair.choice is not None},
        filled=dict.fromkeys(plan.filled, True),
    )
    mapping_file.save(path, plan.spec, found)


def _decided(plan: ImportPlan) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for value in plan.values:
        if value.target is not None:
            found.setdefault(value.field, {})[value.value] = value.target
    return found


def plan_parts(plan: ImportPlan, keys: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Sheets, columns, values, suspects and what is hidden, as JSON. `keys`: spec → a word's name → its key."""
    return {
        "sheets": [
            {"name": sheet.name, "rows": sheet.rows, "used": sheet.used, "why": sheet.why} for sheet in plan.sheets
        ],
        "columns": [
            {
                "sheet": column.sheet,
                "header": column.header,
                "field": (column.fields[0] if len(column.fields) == 1 else list(column.fields))
                if column.fields
                else None,
                "how": column.how.value,
                **({"clash": column.clash} if column.clash else {}),
                **({"unit": column.unit} if column.unit else {}),
            }
            for column in plan.columns
        ],
        "values": [
            {"field": v.field, "value": v.value, "rows": v.rows, "choice": _choice(v.field, v.target, plan, keys)}
            for v in plan.values
        ],
        "suspects": [
            {"file": p.file, "ours": p.ours, "likeness": round(p.likeness, 2), "why": p.why, "choice": _said(p.choice)}
            for p in plan.suspects
        ],
        "hidden": [
            {"sheet": sheet.name, "rows": list(sheet.hidden_rows), "columns": [n + 1 for n in sheet.hidden_columns]}
            for sheet in plan.sheets
            if sheet.hidden_rows or sheet.hidden_columns
        ],
    }


def _choice(name: str, target: str | None, plan: ImportPlan, keys: Mapping[str, Mapping[str, str]]) -> Any:
    if target is None:
        return "open"
    if target in (NEW, EMPTY):
        return "new" if target == NEW else "empty"
    from expo_app.specs import SPECS

    of_spec = keys.get(SPECS[plan.spec].field(name).ref, {})
    return {"word": of_spec.get(target, target)}


def _said(choice: bool | None) -> str:
    return "open" if choice is None else "same" if choice else "new"
