"""What may be typed: every verb with its options and its help."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn
from unicodedata import east_asian_width

from expo_app import cli_choices, documents, i18n, settings
from expo_app.areas import AREAS
from expo_app.areas.registration import ListEntry, Verb
from expo_app.documents import Document
from expo_app.i18n import N_, _
from expo_app.plain_text import visible
from expo_app.specs import EXPOS, FieldType
from expo_app.specs.records import RecordSpec

ABOUT = N_("""\
展务台：科技展会从筹备到签约的全部工作，不开窗口也能做。

无参数运行打开窗口。每个动词都可加 --json，结果以 JSON 写到标准输出；进度与提示写到标准错误。
--db 是数据库文件的路径或 PostgreSQL 地址；不给时用环境变量 EXPO_DB，再不然用上次打开的文件。
--expo 是展会编号前缀（如 EX26）；文件里只有一个展会时不必给，有几个时必须给。
--operator 是操作员的姓名，权限按他的角色，审计记他的名字。管理员和现场主管有 PIN 的要输 PIN：放在环境变量 EXPO_PIN 里，
或在终端里输入，从不读标准输入；其他角色只报姓名，无人看管的闸口用签到志愿者的姓名就能自己启动。示例文件和没有人设过 PIN
的文件不必给，审计记为“命令行”；别的文件不给就不写入、不导出，只能查看。doctor 和 restore 不必给。
--db、--expo、--operator、--json 和 --lang 写在动词前面或后面都可以。
""")
EXIT = N_("退出状态：0 完成；1 数据或环境有问题，标准错误里有一句说明；2 用法不对。")
EXAMPLES = N_("""\
例：
  main.py demo --out demo
  main.py import exhibitors 名单.xlsx --db demo/expo.db           只看计划，不写入
  main.py import exhibitors 名单.xlsx --db demo/expo.db --apply   写入
  main.py undo --db demo/expo.db                                  可撤销的导入；undo 3 撤销第 3 次""")
NEW_EXPO = {
    "--edition": "edition_no", "--name-en": "name_en",
    "--theme": "theme", "--theme-en": "theme_en", "--filing-no": "filing_no",
    "--filed-on": "filed_on", "--permit-no": "permit_no", "--approved": "approved_headcount",
    "--submit-days": "submit_days",
}  # fmt: skip
"""Options of `new` that need not be given, and the columns they fill."""
Tabs = tuple[tuple[int, int], ...]
TABS: dict[str, tuple[Tabs, Tabs]] = {
    "zh_CN": (((0, 0), (23, 0), (45, 0), (65, 0)), ((0, 0), (28, 0), (52, 0))),
    "en": (((0, 14), (29, 11), (54, 15), (79, 8)), ((0, 11), (36, 11))),
}
"""By language, for kinds and for reports: where a column of the help begins, and how much of it a name takes."""

BY_ITSELF = {
    "usage: ": N_("用法："),
    "positional arguments": N_("参数"),
    "options": N_("选项"),
    "show this help message and exit": N_("显示这份说明"),
    "%(prog)s: error: %(message)s\n": N_("%(prog)s：%(message)s\n"),
    "the following arguments are required: %s": N_("少了 %s"),
    "unrecognized arguments: %s": N_("不认识 %s"),
    "argument %(argument_name)s: %(message)s": N_("%(argument_name)s：%(message)s"),
    "invalid choice: %(value)r (choose from %(choices)s)": N_("没有 %(value)r，可选 %(choices)s"),
    "expected one argument": N_("后面要跟一个值"),
}
"""What argparse says by itself → our words; it asks its gettext for each."""


def _lists() -> list[ListEntry]:
    """The kinds that `export` knows, in their order."""
    known = [entry for area in AREAS for entry in area.lists if entry.command_at]
    return sorted(known, key=lambda entry: entry.command_at)


def kind_of(spec: RecordSpec) -> str:
    """What a kind of record is called on the command line."""
    return spec.name.replace("_", "-")


def spec_name(kind: str) -> str:
    """The name of the kind of record that the command line calls so."""
    return kind.replace("-", "_")


def _reports() -> list[Document]:
    """What `report` knows, in its order."""
    return sorted((d for d in documents.all_documents() if d.command_at), key=lambda d: d.command_at)


def area_verbs() -> dict[str, Verb]:
    """The areas' own verbs by name, in their order."""
    known = sorted((area.verb() for area in AREAS if area.verb), key=lambda verb: verb.at)
    return {verb.name: verb for verb in known}


def _epilog() -> str:
    """What the areas register, between exit status and examples."""
    for_kinds, for_reports = TABS[i18n.language()]
    kinds, reports = [], []
    for entry in _lists():
        name, words = _said(entry.command, kind_of(entry.spec), entry.spec.label)
        kinds.append((name, words if entry.can_import else _("{what}（只导出）").format(what=words)))
    for formats, group in groupby(_reports(), key=lambda document: document.formats):
        cells = [_said(d.command, d.name, _(d.title)) for d in group]
        endings = _("、").join(formats)
        reports += _table(
            [(name, _("{what}（{formats}）").format(what=w, formats=endings)) for name, w in cells], for_reports
        )
    told = [_("KIND（import、template、export）："), *_table(kinds, for_kinds), _("NAME（report）："), *reports]
    examples = [f"  {_(verb.example)}" for verb in area_verbs().values() if verb.example]
    return "\n".join((_(EXIT), "", *told, "", _(EXAMPLES), *examples, ""))


def _said(command: str, name: str, title: str) -> list[str]:
    """A name and what it means."""
    return _(command).split(" ", 1) if command else [name, title.lower()]


def _table(cells: Iterable[Sequence[str]], tabs: Tabs) -> list[str]:
    """Lines of names and words, each at the next column that is free."""
    lines: list[str] = []
    used = -1
    for name, words in cells:
        free = next(((at, wide) for at, wide in tabs if lines and at > used), None)
        at, wide = free or tabs[0]
        if free is None:
            lines.append("  ")
            used = 0
        cell = f"{name:<{max(wide - 1, 0)}} {words}"
        lines[-1] += " " * (at - used) + cell
        used = at + sum(2 if east_asian_width(letter) in "WF" else 1 for letter in cell)
    return lines


def _speak() -> None:
    """Let argparse speak the language in force."""

    def said(text: str) -> str:
        return _(BY_ITSELF.get(text, text))

    argparse._ = said  # type: ignore[attr-defined]


class Parser(argparse.ArgumentParser):
    """What was typed wrong is told without what a terminal would obey: a file's name may hold anything."""

    def error(self, message: str) -> NoReturn:
        super().error(visible(message))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """A last word that may be left out (OUT, NUMBER) stands behind options too, where argparse sees none."""
        found, left = super().parse_known_args(args, namespace)
        own = next((action for action in self._get_positional_actions() if action.nargs == "?"), None)
        word = next((word for word in left if not word.startswith("-")), None)
        if own is not None and word is not None and getattr(found, own.dest, None) is None:
            left.remove(word)
            try:
                setattr(found, own.dest, self._get_value(own, word))
            except argparse.ArgumentError as problem:
                self.error(str(problem))
        return found, left


def _shared() -> Parser:
    """Options that may stand before the verb or after it."""
    shared = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--json", action="store_true", help=_("结果写成 JSON"))
    shared.add_argument("--lang", choices=sorted(i18n.LANGUAGES), help=_("语言"))
    return shared


def _of_data() -> Parser:
    """Which database and expo: before the verb or after it, for verbs that work on one."""
    data = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    data.add_argument("--db", help=_("数据库文件或 PostgreSQL 地址"))
    data.add_argument("--expo", metavar="CODE", help=_("展会编号前缀，如 EX26"))
    data.add_argument("--operator", metavar="NAME", help=_("操作员姓名；管理员和现场主管另要 PIN"))
    return data


def language(argv: Sequence[str]) -> str:
    """The language asked for, before the parser (whose help is translated) exists; else the usual one."""
    first = Parser(add_help=False, allow_abbrev=False, exit_on_error=False)
    first.add_argument("--lang", choices=sorted(i18n.LANGUAGES))
    try:
        wanted = first.parse_known_args(argv)[0].lang
    except argparse.ArgumentError:  # the parser will say so
        wanted = None
    return wanted or settings.load().language


def build_parser() -> Parser:
    """Every verb with its options."""
    _speak()
    shared = _shared()
    data = Parser(add_help=False, parents=[shared, _of_data()])
    data.set_defaults(has_data=True)
    raw = argparse.RawDescriptionHelpFormatter
    parser = Parser(
        prog="main.py", description=_(ABOUT), epilog=_epilog(), formatter_class=raw, allow_abbrev=False,
        parents=[_shared(), _of_data()],
    )  # fmt: skip
    parser.set_defaults(json=False, has_data=False)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, text: str, parent: Parser) -> Parser:
        return verbs.add_parser(
            name, help=text, description=text, parents=[parent], formatter_class=raw, allow_abbrev=False,
            epilog=_("退出状态：0 完成；1 有问题；2 用法不对。"),
        )  # fmt: skip

    _set_up_verbs(verb, shared, data)
    _table_verbs(verb, shared, data)
    _report_verb(verb, data)
    _area_verbs(verb, data, is_last=False)
    _file_verbs(verb, data)
    _area_verbs(verb, data, is_last=True)
    return parser


def parsed(argv: Sequence[str]) -> argparse.Namespace:
    """What was typed; a verb without a database refuses one before it as it does behind it."""
    parser = build_parser()
    args = parser.parse_args(argv)
    told = [f"--{name}" for name in ("db", "expo", "operator") if name in args]
    if told and not args.has_data:
        parser.error(_("不认识 %s") % " ".join(told))
    if hasattr(args, "needs_out") and args.out is None and not args.json:
        args.needs_out(_("少了 %s") % "OUT")
    args.db, args.expo = getattr(args, "db", settings.asked_file()), getattr(args, "expo", "")
    args.operator = getattr(args, "operator", "").strip()
    return args


AddVerb = Callable[[str, str, Parser], Parser]


def _set_up_verbs(verb: AddVerb, shared: Parser, data: Parser) -> None:
    demo = verb("demo", _("生成示例展会和全部文件，再打开窗口"), shared)
    demo.add_argument("--out", required=True, metavar="DIR", type=_place, help=_("放到哪个文件夹"))
    people = _(
        "参会人数，默认 5000。随附的表格里有 600 人，所以 601 起才是总数；更小的数在这 600 人之外再生成至多 100 人"
    )
    demo.add_argument("--attendees", type=_count, default=5000, metavar="N", help=people)
    other = _(
        "另一个示例，在自己的文件里：results 是一届成果展的成果、需求和揭榜挂帅；"
        "sharing 是这届展会四年之后的双创券、合作园区和联盟"
    )
    demo.add_argument("--sample", choices=["results", "sharing"], default="", help=other)
    demo.add_argument("--no-window", action="store_true", help=_("不打开窗口"))
    new = verb("new", _("新建展会；没有数据库时先建"), data)
    new.add_argument("name", metavar="NAME", help=_("展会名称"))
    new.add_argument("--code", required=True, help=_("编号前缀，如 EX27"))
    new.add_argument("--starts", required=True, metavar="DATE")
    new.add_argument("--ends", required=True, metavar="DATE")
    new.add_argument("--venue", action="append", default=[], metavar="NAME", help=_("展馆名称，几个就写几次"))
    for option, column in NEW_EXPO.items():
        field = EXPOS.field(column)
        meta = {FieldType.DATE: "DATE", FieldType.NUMBER: "NUMBER"}.get(field.type, "TEXT")
        new.add_argument(option, dest=column, default="", metavar=meta, help=field.title)
    new.add_argument("--like", default="", metavar="CODE", help=_("沿用这一届的展区、展位、入口和签到台"))


def _table_verbs(verb: AddVerb, shared: Parser, data: Parser) -> None:
    exported = [kind_of(entry.spec) for entry in _lists()]
    imported = [kind_of(entry.spec) for entry in _lists() if entry.can_import]
    load = verb("import", _("核对一个表格文件，看每行会怎样；--apply 才写入"), data)
    load.add_argument("kind", choices=imported, metavar="KIND", help=" ".join(imported))
    load.add_argument("table", type=_place, metavar="TABLE", help=_("xlsx、xls、ods 或 csv"))
    load.add_argument("--apply", action="store_true", help=_("写入新增和变更的行"))
    correction = _("把有问题的行和带说明的行存为 xlsx，带“问题”列")
    load.add_argument("--correction", type=_place, metavar="OUT", help=correction)
    cli_choices.add_options(load)
    undo = verb("undo", _("撤销一次导入或合并；不给编号时列出可撤销的"), data)
    undo.add_argument("number", nargs="?", type=_number, metavar="NUMBER", help=_("第几次"))
    template = verb("template", _("空白导入模板；给了 --db 就带上展会自己的类目"), data)
    template.add_argument("kind", choices=imported, metavar="KIND", help=" ".join(imported))
    template.add_argument("out", type=_place, metavar="OUT")
    export = verb("export", _("导出一个列表（xlsx 或 csv）"), data)
    export.add_argument("kind", choices=exported, metavar="KIND", help=" ".join(exported))
    export.add_argument("out", type=_place, metavar="OUT")
    reason = _("不遮挡手机和邮箱；写明用途，会记入审计；总要 --operator")
    export.add_argument("--unmasked", type=_word, metavar="REASON", help=reason)


def _report_verb(verb: AddVerb, data: Parser) -> None:
    report = verb("report", _("生成一份报告"), data)
    names = [document.name for document in _reports()]
    *some, last = [document.name for document in _reports() if "xlsx" in document.formats]
    texts = _("、").join(document.name for document in _reports() if "docx" in document.formats)
    report.add_argument("name", choices=names, metavar="NAME", help=" ".join(names))
    sheets = _("pdf，或 {some}、{last} 的 xlsx，或 {texts} 的 docx").format(
        some=_("、").join(some), last=last, texts=texts
    )
    told = _("、").join(document.name for document in _reports() if document.as_json)
    if told:
        sheets = _("{sheets}；{names} 加 --json 时可以不写，数字打印在标准输出").format(sheets=sheets, names=told)
    report.add_argument("out", nargs="?", type=_place, metavar="OUT", help=sheets)
    report.set_defaults(needs_out=report.error)
    of_day = _("、").join(document.name for document in _reports() if document.of_day)
    report.add_argument(
        "--day", type=_day, metavar="DATE", help=_("{names} 截至哪天，不写就是今天").format(names=of_day)
    )
    in_parts = _("、").join(document.name for document in _reports() if document.parts)
    report.add_argument("--of", default="", metavar="TITLE", help=_("{names} 只写哪一场").format(names=in_parts))
    of_moment = _("、").join(document.name for document in _reports() if document.of_moment)
    report.add_argument(
        "--at", type=_word, metavar="TIME",
        help=_("{names} 截至哪一刻，如 11-15 18:00，不写就是现在").format(names=of_moment),
    )  # fmt: skip
    of_period = _("、").join(document.name for document in _reports() if document.of_period)
    report.add_argument(
        "--period", type=_word, metavar="PERIOD",
        help=_("{names} 哪个结算期，如 2019、2019H1 或 2019Q2，不写就是上一个半年").format(names=of_period),
    )  # fmt: skip


def _area_verbs(verb: AddVerb, data: Parser, is_last: bool) -> None:
    for own in area_verbs().values():
        if own.is_last is is_last:
            own.options(verb(own.name, _(own.about), data), _place)


def _file_verbs(verb: AddVerb, data: Parser) -> None:
    backup = verb("backup", _("备份到文件或文件夹"), data)
    backup.add_argument("out", type=_place, metavar="OUT")
    restore = verb("restore", _("用备份替换 --db 的文件；原文件另存"), data)
    restore.add_argument("file", type=_place, metavar="FILE")
    doctor = verb("doctor", _("检查数据库文件和本机，说出问题"), data)
    doctor.add_argument(
        "--mend", nargs=3, action="append", default=[], metavar=("TABLE.COLUMN", "ID", "VALUE"),
        help=_("把检查指出的一个读不出的值改成新值；空文字表示没有"),
    )  # fmt: skip
    doctor.add_argument("--recount", action="store_true", help=_("先按签到记录把在场人数重新数一遍"))


def _count(text: str) -> int:
    """How many people the sample has."""
    number = _whole(text, 200_000)
    if not number:
        raise argparse.ArgumentTypeError(_("应为 1 到 200000 的整数，不是“{text}”").format(text=text))
    return number


def _number(text: str) -> int:
    """Which import: 1 is the first."""
    number = _whole(text, 999_999_999)
    if not number:
        raise argparse.ArgumentTypeError(_("应为编号，如 3，不是“{text}”").format(text=text))
    return number


def _whole(text: str, most: int) -> int:
    """A number from 1 to `most`; 0 for any other text, however long."""
    digits = text.lstrip("0")
    is_short = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(most))
    return int(digits) if is_short and int(digits) <= most else 0


def _day(text: str) -> date:
    """A day with its year."""
    from expo_app.specs.field_types import read_date

    try:
        return read_date(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _place(text: str) -> Path:
    """A file or folder; nothing at all (a variable nobody set) is not this folder."""
    return Path(_word(text))


def _word(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(_("不能为空。"))
    return text
