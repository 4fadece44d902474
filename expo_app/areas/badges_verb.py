"""`badges`: cards without a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import Verb
from expo_app.cli_output import Output
from expo_app.i18n import N_, _
from expo_app.services.expos import ExpoInfo
from expo_app.store.database import Database

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from expo_app.services.staff_badges import Registered

LAYOUTS = ("90x130", "A6", "4xA6", "8xA7")


def _options(parser: ArgumentParser, place: Callable[[str], Path]) -> None:
    parser.add_argument("out", type=place, metavar="OUT")
    parser.add_argument("--layout", choices=LAYOUTS, default="90x130", help=_("版式"))
    parser.add_argument("--unprinted", action="store_true", help=_("只要还没打印的"))
    parser.add_argument("--contacts", action="store_true", help=_("先把各参展商的联系人登记为参展人员"))
    parser.add_argument("--colleagues", action="store_true", help=_("连同人员名录里同单位的其他人一起登记"))
    parser.add_argument("--speakers", action="store_true", help=_("先把各场活动的嘉宾登记为参会人员"))


def _run(args: Namespace, output: Output, db: Database, expo: ExpoInfo) -> int:
    from expo_app import documents
    from expo_app.documents.badges import write_badges
    from expo_app.services import badges
    from expo_app.services.staff_badges import Ticked, Whom, register_people

    path = documents.free_path(args.out, "pdf")
    wanted = [Whom.EVERYBODY if args.colleagues else Whom.CONTACTS] if args.contacts or args.colleagues else []
    wanted += [Whom.SPEAKERS] if args.speakers else []
    registered = [register_people(db, expo.id, Ticked(whom)) for whom in wanted]
    more = _said(output, registered) if registered else {}
    made = badges.issue_all(db, expo.id)
    cards = badges.cards(db, expo.id, only_unprinted=args.unprinted)
    report = write_badges(cards, path, args.layout, output.progress(_("胸卡")), now=db.now())
    for problem in report.problems:
        detail = "" if problem.detail == problem.name else problem.detail
        output.say(
            _("{no} {name}：{kind} {detail}")
            .format(no=problem.badge_no or _("每张胸卡"), name=problem.name, kind=problem.kind.label, detail=detail)
            .rstrip()
        )
    problems = [
        {"badge_no": p.badge_no, "name": p.name, "problem": p.kind.name.lower(), "detail": p.detail}
        for p in report.problems
    ]
    return output.wrote(args.out, issued=made, badges=report.count, pages=report.pages, problems=problems, **more)


def _said(output: Output, registered: Sequence[Registered]) -> dict[str, Any]:
    """Who was registered and who was not: for a person one line each, else as JSON."""
    count = sum(len(done.attendee_ids) for done in registered)
    left_out = [one for done in registered for one in done.intake.left_out]
    output.say(_("新登记 {n} 人，没有登记 {left} 人。").format(n=count, left=len(left_out)))
    for one in left_out:
        output.say("  ".join(filter(None, (one.organisation, one.name, one.reason))))
    named = [
        {"name": one.name, "organisation": one.organisation, "why": one.why.name.lower(), "detail": one.detail}
        for one in left_out
    ]
    return {"registered": count, "left_out": named}


VERB = Verb("badges", N_("制证并生成胸卡 PDF"), 10, _options, _run)
