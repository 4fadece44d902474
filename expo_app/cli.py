"""The same services without a window: every verb is one function that returns what it did.

Exit status: 0 done, 1 the person's problem in one sentence on standard error, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from expo_app import cli_choices, cli_usage, i18n, registry, settings
from expo_app.areas.registration import Verb
from expo_app.cli_output import Output, line
from expo_app.errors import Cancelled, InvalidRecord, UserError, joined, why
from expo_app.i18n import _


def main(argv: Sequence[str], out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Run one verb; its exit status."""
    out, err = out or sys.stdout, err or sys.stderr
    for stream in (out, err):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    i18n.set_language(cli_usage.language(argv))
    args = cli_usage.parsed(argv)
    try:
        run = VERBS.get(args.verb) or partial(_of_area, cli_usage.area_verbs()[args.verb])
        return run(args, Output(args.json, out, err))
    except InvalidRecord as problem:
        line(_("内容有误，未写入任何数据：{text}").format(text=_labelled(problem, args)), err)
    except UserError as problem:
        line(problem, err)
        return 2 if problem.code == cli_choices.USAGE else 1
    except (Cancelled, KeyboardInterrupt):
        line(_("已取消，数据保持原样。"), err)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:  # standard output is full, a folder is not to be read: whatever no verb foresaw
        line(_("没有做完：{reason}。已写入的数据以重新打开后为准。").format(reason=why(error)), err)
    return 1


def _labelled(refused: InvalidRecord, args: argparse.Namespace) -> str:
    """Every problem under the words a person knows its column by."""
    from expo_app.specs import SPECS

    spec = SPECS[cli_usage.spec_name(getattr(args, "kind", "expos"))]
    titles = {field.name: field.title for field in spec.fields}
    return joined(
        _("{what}：{words}").format(what=titles.get(name, name), words=reason)
        for name, reason in refused.problems.items()
    )


def _open(args: argparse.Namespace, create: bool = False) -> Any:
    """The database meant, and in it whoever works."""
    from expo_app import cli_operator
    from expo_app.store import faults
    from expo_app.store.database import open_database

    try:
        db = open_database(_target(args), create=create)
    except UserError as refused:
        if refused.code != faults.NO_PASSWORD or not (password := cli_operator.password(_target(args))):
            raise
        db = open_database(_target(args), create=create, password=password)
    try:
        cli_operator.enter(db, args.operator)
    except BaseException:
        db.close()
        raise
    return db


def _target(args: argparse.Namespace) -> str:
    """The file or address meant."""
    target = args.db or settings.load().last_file
    if not target:
        raise UserError(_("没有指定数据库。请加 --db 文件路径，或先打开一次窗口。"), "E-NO-DB")
    return str(target)


def _expo(db: Any, code: str) -> Any:
    """The expo of that code, without one the only one there is; its clock becomes the database's."""
    from expo_app.services import expos

    known = expos.all_expos(db)
    if not known:
        raise UserError(_("文件里还没有展会，没有做任何事。请先用 new 新建一个。"), "E-NO-EXPO")
    names = _("、").join(expo.code for expo in known)
    chosen = [expo for expo in known if expo.code.casefold() == code.casefold()] if code else known
    if not chosen:
        raise UserError(_("没有展会“{code}”，文件里有：{names}。").format(code=code, names=names), "E-NO-EXPO")
    if len(chosen) > 1:
        raise UserError(
            _("文件里有 {n} 个展会：{names}，没有做任何事。请用 --expo 指明哪一个。").format(n=len(known), names=names),
            "E-WHICH-EXPO",
        )
    db.clock = expos.clock_of(db, chosen[0])
    return chosen[0]


def _expo_for(db: Any, spec: Any, code: str) -> Any:
    """The expo whose records are meant; None for a list that belongs to none, unless it is named or the only one."""
    from expo_app.services import expos

    if spec.needs_expo or code or len(expos.all_expos(db)) == 1:
        return _expo(db, code)
    return None


def _of_area(verb: Verb, args: argparse.Namespace, output: Output) -> int:
    db = _open(args)
    try:
        return verb.run(args, output, db, _expo(db, args.expo))
    finally:
        db.close()


def _demo(args: argparse.Namespace, output: Output) -> int:
    from expo_app import demo

    made = demo.make(args.out, args.attendees, output.progress(_("示例")), args.sample)
    output.say(_("示例展会已备好："))
    for name, what in made.files:
        output.say(f"  {args.out / name}  {what}")
    said = {"dir": str(args.out), "files": [name for name, _what in made.files], **made.figures}
    if args.sample:
        output.value(said)
        return _open_demo(args, demo.SAMPLES[args.sample].file, output)
    n, from_table = made.figures["attendees"], made.figures["attendees_imported"]
    counted = _("参会人员 {n} 人：程序生成 {built} 人，随附的表格里 {table} 人。")
    output.say(counted.format(n=n, built=n - from_table, table=from_table))
    if n != args.attendees:
        output.say(_("要的是 {n} 人：表格里的人总在，参会人员不会比那更少。").format(n=args.attendees))
    output.value(said)
    return _open_demo(args, demo.DATABASE, output)


def _open_demo(args: argparse.Namespace, file: str, output: Output) -> int:
    if args.no_window:
        return 0
    from expo_app import opening

    return opening.open_or_explain(args.out / file, output.err, language=i18n.language())


def _new(args: argparse.Namespace, output: Output) -> int:
    from expo_app.services import expos
    from expo_app.specs import SPECS
    from expo_app.store.database import is_server

    values = {"name": args.name, "code": args.code, "starts_on": args.starts, "ends_on": args.ends}
    told = {column: getattr(args, column) for column in cli_usage.NEW_EXPO.values()} | {"venues": "、".join(args.venue)}
    values |= {column: text for column, text in told.items() if text}
    SPECS["expos"].clean(values)
    target = _target(args)
    was_there = is_server(target) or Path(target).expanduser().exists()
    db = _open(args, create=not args.like)
    try:
        like = _expo(db, args.like).id if args.like else None
        expo_id = expos.create(db, values, like)
    except BaseException:
        db.close()
        if not was_there:
            db.path.unlink()  # nothing but empty tables
        raise
    db.close()
    output.say(_("已新建展会“{name}”。").format(name=args.name))
    output.value({"id": str(expo_id), "code": args.code})
    return 0


def _import(args: argparse.Namespace, output: Output) -> int:
    from expo_app import cli_imports, documents
    from expo_app.services import expos, imports, records
    from expo_app.specs import SPECS, Outcome
    from expo_app.specs.field_types import USUAL_ZONE

    spec = SPECS[cli_usage.spec_name(args.kind)]
    choices = cli_choices.chosen(args, spec)
    correction = documents.free_path(args.correction, "xlsx") if args.correction else None
    if correction and correction.exists() and args.table.exists() and correction.samefile(args.table):
        raise UserError(_("--correction 不能是要导入的文件本身，没有做任何事。请换一个文件名。"), "E-EXISTS")
    db = _open(args)
    refused: imports.RowRefused | None = None
    batch = None
    try:
        expo = _expo_for(db, spec, args.expo)
        expo_id, zone = (expo.id, expo.zone) if expo else (None, USUAL_ZONE)
        plan = documents.plan_import(db, expo, spec, args.table, choices)
        bodies = (
            [name for _id, name in records.options(db, SPECS["organisations"], "", limit=None)] if args.same else []
        )
        cli_choices.refuse_unused(plan, args, spec, bodies)
        if args.save_mapping:
            cli_choices.save_mapping(plan, args.save_mapping)
        if args.apply:
            try:
                batch = imports.apply(db, plan, expo_id, output.progress(_("写入")))
            except imports.RowRefused as refusal:
                refused, plan = refusal, refusal.plan
        is_numbered = batch is not None and (expo is not None or not expos.all_expos(db))  # numbers are an expo's
        history = imports.numbered(imports.history(db, expo_id)) if is_numbered else {}
        number = next((number for number, one in history.items() if one.id == batch), None)
        keys = cli_imports.word_keys(db, plan, expo_id)
    finally:
        db.close()
    cli_imports.say_plan(plan, zone, output.say)
    if refused is None:
        cli_imports.say_counts(plan, batch is not None, output.say)
    if number:
        output.say(_("要撤回这次导入：undo {n}。").format(n=number))
    wrote = cli_imports.write_correction(plan, correction, output.say) if correction else None
    value = {**cli_imports.plan_value(plan, zone), **cli_choices.plan_parts(plan, keys)}
    output.value({**value, "applied": bool(batch), "number": number, "correction": str(wrote) if wrote else None})
    if refused:
        output.problem(refused)
        return 1
    if args.apply and plan.rows and plan.count(Outcome.INVALID) == len(plan.rows):
        output.problem(_("没有一行可以写入，数据未变。每行的问题见上，改好后再导入。"))
        return 1
    return 0


def _undo(args: argparse.Namespace, output: Output) -> int:
    """Without a number the imports and merges that can be undone, else that one undone."""
    from expo_app import cli_imports
    from expo_app.model import BatchKind
    from expo_app.services import expos, imports
    from expo_app.specs.field_types import USUAL_ZONE

    db = _open(args)
    try:
        expo = _expo(db, args.expo) if args.expo or expos.all_expos(db) else None
        zone = expo.zone if expo else USUAL_ZONE
        known = imports.numbered(imports.history(db, expo.id if expo else None))
        if args.number is None:
            left = {number: batch for number, batch in known.items() if batch.undone_at is None}
            cli_imports.say_batches(left, zone, output.say)
            output.value([cli_imports.batch_value(number, left[number], zone) for number in sorted(left)[::-1]])
            return 0
        batch = cli_imports.chosen(known, args.number)
        imports.undo(db, batch.id)
    finally:
        db.close()
    words = _("已撤销第 {n} 次导入（{file}）：新增的 {new} 条已删去，更新的 {changed} 条已改回。")
    if batch.kind is BatchKind.MERGE:
        words = _("已撤销第 {n} 次（合并 {file}）：两条又是两条，改动的 {changed} 处已改回。")
    output.say(words.format(n=args.number, file=batch.file_name, new=batch.new_count, changed=batch.changed_count))
    output.value({**cli_imports.batch_value(args.number, batch, zone), "undone": True})
    return 0


def _template(args: argparse.Namespace, output: Output) -> int:
    from expo_app import documents
    from expo_app.exchange import excel
    from expo_app.services.records import spec_in
    from expo_app.services.words import names_offered
    from expo_app.specs import SPECS

    spec, path = SPECS[cli_usage.spec_name(args.kind)], documents.free_path(args.out, "xlsx")
    if not args.db:
        excel.template(spec, path)
        return output.wrote(args.out)
    db = _open(args)
    try:
        expo = _expo_for(db, spec, args.expo)
        names = names_offered(db, spec, expo.id if expo else None)
        excel.template(spec_in(db, spec), path, expo.facts(db.now()).usual_day if expo else None, names)
    finally:
        db.close()
    return output.wrote(args.out)


def _export(args: argparse.Namespace, output: Output) -> int:
    from expo_app import documents
    from expo_app.specs import SPECS

    if args.unmasked and not args.operator:
        raise UserError(_("--unmasked 要说明是谁要看，没有导出。请加 --operator 姓名（管理员或现场主管）。"), "E-WHO")
    db = _open(args)
    try:
        spec = SPECS[cli_usage.spec_name(args.kind)]
        expo = _expo_for(db, spec, args.expo)
        path = documents.free_path(args.out, "xlsx", "csv")
        progress, reason = output.progress(_("导出")), args.unmasked or ""
        rows = documents.export(db, expo, spec, path, progress, reveal=reason)
    finally:
        db.close()
    return output.wrote(args.out, rows=rows)


def _report(args: argparse.Namespace, output: Output) -> int:
    """A file, or without one the document's figures as JSON."""
    from expo_app import documents

    db = _open(args)
    try:
        expo = _expo(db, args.expo)
        if args.out is None:
            told = documents.figures(
                db, expo, args.name, args.day, part=args.of, at=args.at or "", period=args.period or ""
            )
            output.value(told)
            return 0
        path = documents.free_path(args.out, *documents.by_name(args.name).formats)
        progress, at, period = output.progress(_("报告")), args.at or "", args.period or ""
        lacking = documents.write(db, expo, args.name, path, progress, day=args.day, part=args.of, at=at, period=period)
    finally:
        db.close()
    if lacking:
        output.say(documents.lacking_words(lacking))
        return output.wrote(args.out, lacking=sorted(lacking))
    return output.wrote(args.out)


def _refuse_itself(db: Any, path: Path) -> None:
    if db.path and path.exists() and path.samefile(db.path):
        raise UserError(_("备份不能写在数据库自己的位置上，没有备份。请换一个文件名。"), "E-EXISTS")


def _backup(args: argparse.Namespace, output: Output) -> int:
    from expo_app import documents
    from expo_app.services import backups

    db = _open(args)
    try:
        if not args.out.is_dir():
            _refuse_itself(db, args.out)
            documents.free_path(args.out)
        info = backups.make(db, args.out, output.progress(_("备份")))
    finally:
        db.close()
    return output.wrote(Path(info.path), rows=sum(info.counts.values()), sha256=info.sha256)


def _restore(args: argparse.Namespace, output: Output) -> int:
    from expo_app.store import backup

    if not args.db:
        raise UserError(_("请用 --db 指明恢复到哪个文件。"), "E-NO-DB")
    kept = backup.restore(args.file, Path(args.db), output.progress(_("恢复")))
    if kept:
        output.say(_("原文件保存在 {path}").format(path=kept))
    return output.wrote(Path(args.db), kept=str(kept) if kept else None)


def _recount(args: argparse.Namespace) -> list[str]:
    """What each area says of its sums, added up once more."""
    db = _open(args)
    try:
        said = [area.recount(db) for area in registry.areas() if area.recount]
    finally:
        db.close()
    return [words for words in said if words]


def _mend(args: argparse.Namespace) -> None:
    import uuid

    from expo_app.services.mending import mend

    db = _open(args)
    try:
        for place, key, value in args.mend:
            try:
                record_id = uuid.UUID(key)
            except ValueError:
                raise UserError(_("“{text}”不是记录的编号，没有改动任何数据。").format(text=key), "E-MEND") from None
            mend(db, place, record_id, value)
    finally:
        db.close()


def _doctor(args: argparse.Namespace, output: Output) -> int:
    from expo_app import cli_operator
    from expo_app.store import engines, faults
    from expo_app.store.doctor import doctor, healthy

    if args.mend:
        _mend(args)
        output.say(_("已修复 {n} 个读不出的值").format(n=len(args.mend)))
    if args.recount:
        for words in _recount(args):
            output.say(words)
    findings = doctor(_target(args))
    if any(f.code == faults.NO_PASSWORD for f in findings) and (password := cli_operator.password(_target(args))):
        findings = doctor(engines.with_password(_target(args), password))
    marks = {"ok": "✓", "warning": "!", "error": "✗"}
    for finding in findings:
        said = _("{what}：{words}").format(what=finding.title, words=finding.text)
        output.say(f"{marks[finding.level]} {said}")
    output.value([_finding(f) for f in findings])
    if healthy(findings):
        return 0
    problem = next(f for f in findings if f.level == "error")
    output.problem(_("{what}：{words}").format(what=problem.title, words=problem.text))
    return 1


def _finding(found: Any) -> dict[str, Any]:
    said = {"level": found.level, "title": found.title, "text": found.text}
    if found.damage is None:
        return said
    where = found.damage
    return {**said, "table": where.table, "id": str(where.record_id), "column": where.column, "found": where.found}


VERBS: dict[str, Callable[[argparse.Namespace, Output], int]] = {
    "demo": _demo,
    "new": _new,
    "import": _import,
    "undo": _undo,
    "template": _template,
    "export": _export,
    "report": _report,
    "backup": _backup,
    "restore": _restore,
    "doctor": _doctor,
}
"""What each verb of `cli_usage.build_parser` does that is not an area's."""
