"""The same services without a window: every verb is one function that returns what it did.

Exit status: 0 done, 1 the person's problem in one sentence on standard error, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from expo_app import i18n, paths, settings
from expo_app.errors import Cancelled, InvalidRecord, UserError
from expo_app.i18n import N_, _

IMPORT_KINDS = (
    "exhibitors", "attendees", "programme", "deals", "achievements", "pitches", "organisations", "people", "booths",
)  # fmt: skip
EXPORT_KINDS = (*IMPORT_KINDS, "checkins")
REPORTS = ("programme", "directory", "deals", "summary")
LAYOUTS = ("90x130", "A6", "4xA6", "8xA7")

ABOUT = N_("""\
展务台：科技展会从筹备到签约的全部工作，不开窗口也能做。

无参数运行打开窗口。每个动词都可加 --json，结果以 JSON 写到标准输出；进度与提示写到标准错误。
--db 是数据库文件的路径或 PostgreSQL 地址；不给时用环境变量 EXPO_DB，再不然用上次打开的文件。
--expo 是展会编号前缀（如 KJH18）；文件里只有一个展会时不必给。
""")
EPILOG = N_("""\
退出状态：0 完成；1 数据或环境有问题，标准错误里有一句说明；2 用法不对。

KIND（import、template、export）：
  exhibitors 参展商      attendees 参会人员    programme 日程      deals 成交
  achievements 科技成果  pitches 路演项目      organisations 单位  people 人员
  booths 展位            checkins 签到记录（只导出）
NAME（report）：
  programme 三日议程（pdf）   directory 会刊（pdf）
  deals 成交台账（pdf、xlsx） summary 总结报告（pdf、xlsx）

例：
  main.py demo --out demo
  main.py import exhibitors 名单.xlsx --db demo/expo.db           只看计划，不写入
  main.py import exhibitors 名单.xlsx --db demo/expo.db --apply   写入
  main.py checkin --desk "南门 01 号台" --db demo/expo.db < codes.txt
""")


class Output:
    """Where a verb says things: one JSON value, or lines for a person; progress on standard error."""

    def __init__(self, as_json: bool, out: TextIO, err: TextIO) -> None:
        self.as_json, self.out, self.err = as_json, out, err

    def say(self, text: str) -> None:
        """A line for a person."""
        if not self.as_json:
            print(text, file=self.out, flush=True)

    def value(self, value: Any) -> None:
        """The JSON result."""
        if self.as_json:
            print(json.dumps(value, ensure_ascii=False, default=str), file=self.out, flush=True)

    def progress(self, title: str) -> Callable[..., None]:
        """A progress function; it draws a bar where standard error is a terminal, else stays silent."""
        if not self.err.isatty():
            return lambda n, total=0, step="": None

        def draw(n: int, total: int = 0, step: str = "") -> None:
            part = n / total if total else 1.0
            bar = "█" * round(part * 24)
            print(
                f"\r\033[K{title} {bar:<24} {part:4.0%} {step}",
                end="\n" if part >= 1 else "",
                file=self.err,
                flush=True,
            )

        return draw


def build_parser() -> argparse.ArgumentParser:
    """Every verb with its options."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help=_("结果写成 JSON"))
    shared.add_argument("--lang", choices=sorted(i18n.LANGUAGES), help=_("语言"))
    data = argparse.ArgumentParser(add_help=False, parents=[shared])
    data.add_argument("--db", default=os.environ.get("EXPO_DB", ""), help=_("数据库文件或 PostgreSQL 地址"))
    data.add_argument("--expo", default="", help=_("展会编号前缀，如 KJH18"))
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="main.py", description=_(ABOUT), epilog=_(EPILOG), formatter_class=raw)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, text: str, parent: argparse.ArgumentParser, run: Callable[..., int]) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=text, description=text, parents=[parent], formatter_class=raw)
        made.set_defaults(run=run)
        made.epilog = _("退出状态：0 完成；1 有问题；2 用法不对。")
        return made

    _set_up_verbs(verb, shared, data)
    _table_verbs(verb, shared, data)
    _file_verbs(verb, data)
    return parser


Verb = Callable[[str, str, argparse.ArgumentParser, Callable[..., int]], argparse.ArgumentParser]


def _set_up_verbs(verb: Verb, shared: argparse.ArgumentParser, data: argparse.ArgumentParser) -> None:
    demo = verb("demo", _("生成示例展会和全部文件，再打开窗口"), shared, _demo)
    demo.add_argument("--out", required=True, metavar="DIR", type=Path, help=_("放到哪个文件夹"))
    demo.add_argument("--attendees", type=_count, default=5000, metavar="N", help=_("参会人数，默认 5000"))
    demo.add_argument("--no-window", action="store_true", help=_("不打开窗口"))
    new = verb("new", _("新建展会；没有数据库时先建"), data, _new)
    new.add_argument("name", metavar="NAME", help=_("展会名称"))
    new.add_argument("--code", required=True, help=_("编号前缀，如 KJH19"))
    new.add_argument("--starts", required=True, metavar="DATE")
    new.add_argument("--ends", required=True, metavar="DATE")
    new.add_argument("--venue", default="", help=_("展馆名称"))
    new.add_argument("--like", default="", metavar="CODE", help=_("沿用这一届的展区、展位、入口和签到台"))


def _table_verbs(verb: Verb, shared: argparse.ArgumentParser, data: argparse.ArgumentParser) -> None:
    load = verb("import", _("核对一个表格文件，看每行会怎样；--apply 才写入"), data, _import)
    load.add_argument("kind", choices=IMPORT_KINDS, metavar="KIND", help="、".join(IMPORT_KINDS))
    load.add_argument("table", type=Path, metavar="TABLE", help=_("xlsx、xls、ods 或 csv"))
    load.add_argument("--apply", action="store_true", help=_("写入新增和变更的行"))
    load.add_argument("--correction", type=Path, metavar="OUT", help=_("把有问题的行另存为 xlsx，带“问题”列"))
    template = verb("template", _("空白导入模板"), shared, _template)
    template.add_argument("kind", choices=IMPORT_KINDS, metavar="KIND", help="、".join(IMPORT_KINDS))
    template.add_argument("out", type=Path, metavar="OUT")
    export = verb("export", _("导出一个列表（xlsx 或 csv）"), data, _export)
    export.add_argument("kind", choices=EXPORT_KINDS, metavar="KIND", help="、".join(EXPORT_KINDS))
    export.add_argument("out", type=Path, metavar="OUT")
    export.add_argument("--unmasked", default="", metavar="REASON", help=_("不遮挡手机和邮箱；写明用途，会记入审计"))


def _file_verbs(verb: Verb, data: argparse.ArgumentParser) -> None:
    report = verb("report", _("生成一份报告"), data, _report)
    report.add_argument("name", choices=REPORTS, metavar="NAME", help="、".join(REPORTS))
    report.add_argument("out", type=Path, metavar="OUT", help=_("pdf，或 deals、summary 的 xlsx"))
    badges = verb("badges", _("制证并生成胸卡 PDF"), data, _badges)
    badges.add_argument("out", type=Path, metavar="OUT")
    badges.add_argument("--layout", choices=LAYOUTS, default="90x130", help=_("版式"))
    badges.add_argument("--unprinted", action="store_true", help=_("只要还没打印的"))
    backup = verb("backup", _("备份到文件或文件夹"), data, _backup)
    backup.add_argument("out", type=Path, metavar="OUT")
    restore = verb("restore", _("用备份替换 --db 的文件；原文件另存"), data, _restore)
    restore.add_argument("file", type=Path, metavar="FILE")
    verb("doctor", _("检查数据库文件和本机，说出问题"), data, _doctor)
    checkin = verb("checkin", _("签到：标准输入每行一个码，标准输出每行一个结果"), data, _checkin)
    checkin.add_argument("--desk", required=True, metavar="NAME", help=_("签到台名称"))
    checkin.add_argument("--gate", default="", metavar="NAME", help=_("入口或会场；默认用签到台自己的"))
    checkin.add_argument("--at", default="", metavar="TIME", help=_("按此时刻签到，如 2018-11-29T10:42"))


def main(argv: Sequence[str], out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Run one verb; its exit status."""
    out, err = out or sys.stdout, err or sys.stderr
    for stream in (out, err):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    i18n.set_language(_language(argv))
    args = build_parser().parse_args(argv)
    try:
        return int(args.run(args, Output(args.json, out, err)))
    except InvalidRecord as problem:
        print(
            _("内容有误，未写入任何数据：{text}").format(
                text="；".join(f"{k}：{v}" for k, v in problem.problems.items())
            ),
            file=err,
        )
    except UserError as problem:
        print(problem, file=err)
    except (Cancelled, KeyboardInterrupt):
        print(_("已取消，数据保持原样。"), file=err)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _language(argv: Sequence[str]) -> str:
    """The language asked for, before the parser (whose help is translated) exists."""
    wanted = argv[argv.index("--lang") + 1] if "--lang" in argv[:-1] else settings.load().language
    return wanted if wanted in i18n.LANGUAGES else "zh_CN"


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 200_000:
        raise argparse.ArgumentTypeError(_("应在 1 到 200000 之间"))
    return number


def _open(args: argparse.Namespace, create: bool = False) -> Any:
    from expo_app.store.database import open_database

    target = args.db or settings.load().last_file
    if not target:
        raise UserError(_("没有指定数据库。请加 --db 文件路径，或先打开一次窗口。"), "E-NO-DB")
    return open_database(target, create=create)


def _expo(db: Any, code: str) -> Any:
    """The expo asked for by code, else the current one; its clock becomes the database's."""
    from expo_app.services import expos

    known = expos.all_expos(db)
    chosen = [e for e in known if e.code == code] if code else [expos.current(db)] if known else []
    if not chosen or chosen[0] is None:
        names = "、".join(e.code for e in known) or "—"
        raise UserError(_("没有展会“{code}”，文件里有：{names}。").format(code=code or "—", names=names), "E-NO-EXPO")
    db.clock = expos.clock_of(chosen[0])
    return chosen[0]


def _demo(args: argparse.Namespace, output: Output) -> int:
    from expo_app import demo

    made = demo.make(args.out, args.attendees, output.progress(_("示例")))
    output.say(_("示例展会已备好："))
    for name, what in made.files:
        output.say(f"  {args.out / name}  {what}")
    output.value({"dir": str(args.out), "files": [name for name, _what in made.files], **made.figures})
    if args.no_window:
        return 0
    from expo_app import app

    return app.open_or_explain(args.out / "expo.db", output.err)


def _new(args: argparse.Namespace, output: Output) -> int:
    from expo_app.services import expos

    db = _open(args, create=True)
    try:
        like = _expo(db, args.like).id if args.like else None
        values = {"name": args.name, "code": args.code, "starts_on": args.starts, "ends_on": args.ends}
        if args.venue:
            values["venue_id"] = args.venue
        expo_id = expos.create(db, values, like)
    finally:
        db.close()
    output.say(_("已新建展会“{name}”。").format(name=args.name))
    output.value({"id": str(expo_id), "code": args.code})
    return 0


def _import(args: argparse.Namespace, output: Output) -> int:
    from expo_app import documents
    from expo_app.services import imports
    from expo_app.specs import SPECS, Outcome

    spec = SPECS[args.kind]
    db = _open(args)
    try:
        expo = _expo(db, args.expo)
        plan = documents.plan_import(db, expo, spec, args.table)
        counts = {outcome.value: plan.count(outcome) for outcome in Outcome}
        if args.apply:
            imports.apply(db, plan, expo.id, output.progress(_("写入")))
    finally:
        db.close()
    invalid = plan.of(Outcome.INVALID)
    if args.correction and invalid:
        from expo_app.exchange import excel

        excel.correction(plan, documents.free_path(args.correction))
    for note in plan.notes:
        output.say(note)
    for row in invalid:
        reasons = "；".join(f"{header}：{text}" if header else text for header, text in row.problems.items())
        output.say(_("第 {row} 行：{reasons}").format(row=row.row, reasons=reasons))
    output.say(
        _("新增 {new}，更新 {changed}，相同 {same}，有问题 {invalid}。").format(**counts)
        + (_("已写入。") if args.apply else _("这是计划，还没有写入；加 --apply 写入。"))
    )
    output.value(
        {
            "new": counts["new"],
            "changed": counts["changed"],
            "same": counts["same"],
            "invalid": [{"row": row.row, "problems": dict(row.problems)} for row in invalid],
            "notes": list(plan.notes),
            "applied": bool(args.apply),
        }
    )
    return 0


def _wrote(output: Output, path: Path, **figures: Any) -> int:
    output.say(_("已写入 {path}").format(path=path))
    output.value({"path": str(path), **figures})
    return 0


def _template(args: argparse.Namespace, output: Output) -> int:
    from expo_app import documents
    from expo_app.exchange import excel
    from expo_app.specs import SPECS

    excel.template(SPECS[args.kind], documents.free_path(args.out))
    return _wrote(output, args.out)


def _export(args: argparse.Namespace, output: Output) -> int:
    from expo_app import documents
    from expo_app.specs import SPECS

    db = _open(args)
    try:
        expo = _expo(db, args.expo)
        path = documents.free_path(args.out)
        rows = documents.export(db, expo, SPECS[args.kind], path, output.progress(_("导出")), reveal=args.unmasked)
    finally:
        db.close()
    return _wrote(output, args.out, rows=rows)


def _report(args: argparse.Namespace, output: Output) -> int:
    from expo_app import documents

    db = _open(args)
    try:
        expo = _expo(db, args.expo)
        documents.write(db, expo, args.name, documents.free_path(args.out), output.progress(_("报告")))
    finally:
        db.close()
    return _wrote(output, args.out)


def _badges(args: argparse.Namespace, output: Output) -> int:
    from expo_app import documents
    from expo_app.services import badges

    db = _open(args)
    try:
        expo = _expo(db, args.expo)
        path = documents.free_path(args.out)
        made = badges.issue_all(db, expo.id)
        cards = badges.cards(db, expo.id, only_unprinted=args.unprinted)
        report = documents.write_badges(cards, path, args.layout, output.progress(_("胸卡")), now=db.now())
    finally:
        db.close()
    for problem in report.problems:
        output.say(
            _("{no} {name}：{kind} {detail}").format(
                no=problem.badge_no, name=problem.name, kind=problem.kind.label, detail=problem.detail
            )
        )
    problems = [
        {"badge_no": p.badge_no, "name": p.name, "problem": p.kind.name.lower(), "detail": p.detail}
        for p in report.problems
    ]
    return _wrote(output, args.out, issued=made, badges=report.count, pages=report.pages, problems=problems)


def _backup(args: argparse.Namespace, output: Output) -> int:
    from expo_app.store import backup

    db = _open(args)
    try:
        info = backup.backup(db, args.out, output.progress(_("备份")))
    finally:
        db.close()
    return _wrote(output, Path(info.path), rows=sum(info.counts.values()), sha256=info.sha256)


def _restore(args: argparse.Namespace, output: Output) -> int:
    from expo_app.store import backup

    if not args.db:
        raise UserError(_("请用 --db 指明恢复到哪个文件。"), "E-NO-DB")
    kept = backup.restore(args.file, Path(args.db), output.progress(_("恢复")))
    if kept:
        output.say(_("原文件保存在 {path}").format(path=kept))
    return _wrote(output, Path(args.db), kept=str(kept) if kept else None)


def _doctor(args: argparse.Namespace, output: Output) -> int:
    from expo_app.store.doctor import doctor, healthy

    target = args.db or settings.load().last_file
    findings = doctor(target) if target else doctor(paths.data_dir() / "expo.db")
    marks = {"ok": "✓", "warning": "!", "error": "✗"}
    for finding in findings:
        output.say(f"{marks[finding.level]} {finding.title}：{finding.text}")
    output.value([{"level": f.level, "title": f.title, "text": f.text} for f in findings])
    if healthy(findings):
        return 0
    problem = next(f for f in findings if f.level == "error")
    print(f"{problem.title}：{problem.text}", file=output.err)
    return 1


def _checkin(args: argparse.Namespace, output: Output) -> int:
    """One verdict per line, written only after its commit."""
    from expo_app.services import checkin

    db = _open(args)
    try:
        expo = _expo(db, args.expo)
        at = _moment(args.at, expo) if args.at else None
        desk = checkin.open_desk(db, expo.id, args.desk, args.gate)
        for line in _lines():
            if not line.strip():
                continue
            scan = _patiently(desk, line, at)
            output.say("\t".join((scan.verdict.label, scan.name, scan.badge_no, scan.reason)).rstrip())
            output.value(_scan_values(scan))
        desk.close()
    finally:
        db.close()
    return 0


def _lines() -> Any:
    """Lines of standard input, whatever bytes they hold."""
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        yield from sys.stdin
        return
    for raw in iter(stream.readline, b""):
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def _patiently(desk: Any, line: str, at: datetime | None) -> Any:
    """A scan, tried again for 5 s while another program writes."""
    import time

    from expo_app.model import new_id

    scan_id, give_up = new_id(), time.monotonic() + 5
    while True:
        try:
            return desk.check_in(line, at, scan_id)
        except UserError as busy:
            if busy.code != "E-DB-LOCKED" or time.monotonic() > give_up:
                raise


def _scan_values(scan: Any) -> dict[str, Any]:
    return {
        "code": scan.code,
        "verdict": scan.verdict.name.lower(),
        "name": scan.name,
        "organisation": scan.organisation,
        "category": scan.category.name.lower() if scan.category else None,
        "badge_no": scan.badge_no,
        "reason": scan.reason,
        "at": scan.at.isoformat(),
        "first_at": scan.first_at.isoformat() if scan.first_at else None,
        "first_desk": scan.first_desk or None,
        "bounce": scan.bounce,
    }


def _moment(text: str, expo: Any) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(_("“{text}”不是时刻，应如 2018-11-29T10:42。").format(text=text), "E-TIME") from None
    return at if at.tzinfo else at.replace(tzinfo=expo.zone)
