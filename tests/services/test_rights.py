"""Every service with every role: what each asks for, by the one table of `rules.access`, and what asks for nothing."""

import dataclasses
import importlib
import inspect
import pkgutil
import shutil
import typing
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any

import pytest
from sqlalchemy import Table

from expo_app import documents, services
from expo_app.documents import auction as auction_documents
from expo_app.documents import badges as badge_documents
from expo_app.documents import deals as deal_documents
from expo_app.documents import press as press_documents
from expo_app.documents import trade_tables as table_documents
from expo_app.errors import UserError
from expo_app.model import Role
from expo_app.rules.access import PERMISSIONS, allowed
from expo_app.services import expos, operators
from expo_app.services.expos import ExpoInfo
from expo_app.services.steps import Step
from expo_app.specs import EXHIBITORS, SPECS, ImportPlan
from expo_app.specs.merging import Pair
from expo_app.specs.records import RecordSpec
from expo_app.store.database import Actor, Database, open_database

ASKED = {
    "alliance_acts.agree_as_deal": "alliances.edit",
    "alliance_acts.put_in_programme": "programme.edit",
    "attendees.register": "attendees.edit",
    "attendees.walk_in": "attendees.edit",
    "attendees.confirm": "attendees.edit",
    "attendees.cancel": "attendees.edit",
    "attendees.restore": "attendees.edit",
    "auction_act.do": "auction.run",
    "auction_cashier.take_deposit": "auction.settle",
    "auction_cashier.take_payment": "auction.settle",
    "auction_cashier.refund": "auction.settle",
    "auction_cashier.set_off": "auction.settle",
    "auction_cashier.default": "auction.settle",
    "auction_cashier.resell": "auction.settle",
    "auction_cashier.count_prints": "auction.settle",
    "auction_cashier.sign": "auction.settle",
    "auction_cashier.agree": "auction.settle",
    "auction_cashier.close": "auction.settle",
    "auction_hall.read_rules": "auction.run",
    "auction_hall.open_lot": "auction.run",
    "auction_hall.bid": "auction.run",
    "auction_hall.call": "auction.run",
    "auction_hall.hammer": "auction.run",
    "auction_hall.pause": "auction.run",
    "auction_hall.resume": "auction.run",
    "auction_hall.correct": "auction.run",
    "auction_hall.change_ladder": "auction.run",
    "auction_hall.lower_reserve": "auction.reserve",
    "auction_hall.look_at_reserve": "auction.reserve",
    "auction_hall.withdraw": "auction.run",
    "auction_hall.unlock": "auction.run",
    "backups.make": "backup.run",
    "badges.issue": "badges.issue",
    "badges.issue_all": "badges.issue",
    "badges.cards": "badges.issue",
    "badges.to_print": "badges.issue",
    "badges.mark_printed": "badges.issue",
    "badges.unmark_printed": "badges.issue",
    "badges.hand_over": "badges.issue",
    "badges.reissue": "badges.revoke",
    "badges.substitute": "badges.revoke",
    "badges.revoke": "badges.revoke",
    "categories.let_through": "settings.edit",
    "checkin.open_desk": "checkin.scan",
    "checkin_gates.stop": "settings.edit",
    "checkin_gates.admit_again": "settings.edit",
    "checkin_gates.show_again": "settings.edit",
    "checkin_gates.remove": "settings.edit",
    "checkin_gates.make_from_venue": "settings.edit",
    "duplicates.set_apart": "exhibitors.edit",
    "duplicates.offer_again": "exhibitors.edit",
    "tenant_acts.step": "parks.edit",
    "tenant_acts.go_back": "parks.edit",
    "tenant_acts.fill": "parks.edit",
    "tenant_acts.link": "parks.edit",
    "follow_up.add_task": "tasks.edit",
    "follow_up.settle": "tasks.edit",
    "follow_up.turn_tasks": "tasks.edit",
    "follow_up.save_milestone": "deals.edit",
    "follow_up.reach": "deals.edit",
    "follow_up.turn_milestones": "deals.edit",
    "follow_up.await_registration": "deals.edit",
    "contracts.submit": "contracts.edit",
    "contracts.send_back": "contracts.edit",
    "contracts.enter": "contracts.edit",
    "contracts_lists.add_shipped": "settings.edit",
    "deals.register": "deals.edit",
    "deals.advance": "deals.edit",
    "deals.set_entry": "deals.confirm",
    "deals.restore_entries": "deals.confirm",
    "deals.clear_duplicate": "deals.confirm",
    "deals.delete_drafts": "deals.edit",
    "deals_attachments.add": "deals.edit",
    "deals_attachments.remove": "deals.edit",
    "deals_attachments.read": "data.export",
    "deals_attachments.write_out": "data.export",
    "deals_ceremony.prepare": "deals.edit",
    "deals_ceremony.arrange": "deals.edit",
    "deals_ceremony.move_to_item": "deals.edit",
    "deals_parties.create": "deals.edit",
    "documents.auction.write_papers": "data.export",
    "documents.auction.write_refunds": "data.export",
    "documents.deals.confirm": "data.export",
    "documents.press.write_shown": "data.export",
    "documents.trade_tables.write_tables": "data.export",
    "deals_ceremony.rearrange": "deals.edit",
    "exhibitors.arrive": "checkin.scan",
    "exhibitors.set_state": "exhibitors.edit",
    "exhibitors.restore_states": "checkin.scan",
    "expos.create": "settings.edit",
    "floor.assign": "floor.edit",
    "floor.vacate": "floor.edit",
    "floor.swap": "floor.edit",
    "floor.hold": "floor.edit",
    "floor.restore": "floor.edit",
    "floor.place": "floor.edit",
    "floor_rows.generate": "floor.edit",
    "floor_rows.take_back": "floor.edit",
    "guests.save_speaker": "programme.edit",
    "guests.shift_pitch": "programme.edit",
    "imports.undo": "data.import",
    "mending.mend": "settings.edit",
    "operators.set_pin": "operators.edit",
    "presence.recount": "settings.edit",
    "press.approve": "press.approve",
    "programme.move": "programme.edit",
    "programme.lock": "programme.edit",
    "programme.waive": "programme.edit",
    "programme.publish": "programme.publish",
    "meeting_deals.make_deals": "deals.edit",
    "meeting_deals.unlink": "deals.edit",
    "meeting_deals.add_tasks": "tasks.edit",
    "matching_setup.allow": "settings.edit",
    "matching_setup.save": "settings.edit",
    "meeting_desk.check_in": "matching.desk",
    "meeting_desk.mark_come": "matching.desk",
    "meeting_desk.record": "matching.desk",
    "meeting_desk.take_back": "matching.desk",
    "meeting_desk.note_result": "matching.desk",
    "meeting_desk.step_in": "matching.desk",
    "meeting_desk.move": "matching.desk",
    "meeting_desk.quick_seat": "matching.desk",
    "meeting_requests.ask": "matching.edit",
    "meeting_requests.ask_named": "matching.edit",
    "meeting_requests.ask_of_suggestion": "matching.edit",
    "meeting_requests.accept": "matching.edit",
    "meeting_requests.decline": "matching.edit",
    "meeting_requests.cancel": "matching.edit",
    "meeting_requests.set_back": "matching.edit",
    "merging.merge": "exhibitors.edit",
    "merging_undo.take_back": "exhibitors.edit",
    "records.log_reveal": "data.reveal",
    "region_groups.add": "settings.edit",
    "open_calls.extend": "matching.edit",
    "open_calls.turn": "matching.edit",
    "roadshow.start": "roadshow.record",
    "roadshow.end": "roadshow.record",
    "roadshow.cancel": "roadshow.record",
    "roadshow.give_minutes": "roadshow.record",
    "roadshow.score": "roadshow.record",
    "roadshow.comment": "roadshow.record",
    "roadshow.record_interest": "roadshow.record",
    "roadshow.interest_of_badge": "roadshow.record",
    "roadshow_deals.make_deals": "deals.edit",
    "roadshow_deals.link": "deals.edit",
    "roadshow_deals.add_tasks": "tasks.edit",
    "staff_badges.register_people": "attendees.edit",
    "recounting.recount_vouchers": "settings.edit",
    "voucher_acts.apply": "vouchers.edit",
    "voucher_acts.approve": "vouchers.check",
    "voucher_acts.refuse": "vouchers.check",
    "voucher_acts.cancel": "vouchers.check",
    "voucher_acts.release_expired": "vouchers.check",
    "voucher_uses.save_draft": "vouchers.edit",
    "voucher_uses.submit": "vouchers.edit",
    "voucher_uses.add_papers": "vouchers.edit",
    "voucher_uses.verify": "vouchers.check",
    "voucher_uses.send_back": "vouchers.check",
    "voucher_uses.cancel_use": "vouchers.check",
    "voucher_uses.correct": "vouchers.settle",
    "settlement_acts.draw": "vouchers.settle",
    "settlement_acts.redraw": "vouchers.settle",
    "settlement_acts.send": "vouchers.settle",
    "settlement_acts.sign": "vouchers.settle",
    "settlement_acts.dispute": "vouchers.settle",
    "settlement_acts.pay": "vouchers.settle",
    "settlement_acts.paper": "data.export",
    "settlement_acts.write_paper": "data.export",
    "suggestion_acts.answer": "matching.edit",
    "suggestion_acts.ask": "matching.edit",
    "suggestion_acts.judge": "matching.edit",
    "suggestion_acts.remind": "matching.edit",
    "suggestion_acts.take_back_answer": "matching.edit",
    "suggestion_acts.unjudge": "matching.edit",
    "suggestions.compute": "matching.edit",
    "agendas.read_grid": "matching.grid",
    "timetable_acts.absent": "matching.plan",
    "timetable_acts.close_place": "matching.plan",
    "timetable_acts.discard": "matching.plan",
    "timetable_acts.lock": "matching.plan",
    "timetable_acts.place": "matching.plan",
    "timetable_acts.publish": "matching.plan",
    "timetable_acts.rearrange": "matching.plan",
    "timetable_acts.swap": "matching.plan",
    "timetable_acts.unplace": "matching.plan",
    "words.add_preset": "settings.edit",
    "words.take_over": "settings.edit",
    "words.merge": "settings.edit",
    "words.remove": "settings.edit",
    "words.arrange": "settings.edit",
    "words.restyle": "settings.edit",
    "documents.write": "data.export",
    "documents.export": "data.export",
    "documents.figures": "data.export",
    "documents.badges.print_badges": "badges.issue",
}
"""Module and function, and the permission it asks for before it looks at anything else."""

OF_LIST = {"records.save", "records.delete"}
"""What asks for the permission of the list it is given."""

OF_IMPORT = {"imports.require_right", "imports.state", "imports.apply", "documents.plan_import"}
"""What asks for the right to import, and for the permission of the list."""

OF_STEP = {"steps.take_back", "steps.do_again"}
"""What asks for the permission of the step it is given."""

OPEN = {
    "settlement.read", "settlement.read_line", "settlement_report.as_json", "settlement_report.parts",
    "settlement_report.read",
    "voucher_acts.releasable", "voucher_uses.look", "voucher_uses.open_use", "voucher_uses.waiting",
    "access.require", "auction_accounts.read_desk", "auction_act.kept_since", "auction_floor.numbers",
    "auction_papers.read_papers", "auction_report.as_json", "auction_report.findings", "auction_report.read",
    "auction_report.sessions", "statistics.auction.auctions",
    "auction_floor.read_events",
    "auction_floor.read_hall", "auction_floor.sessions", "auction_checklist.is_locked",
    "auction_checklist.is_reported", "auction_checklist.read", "auction_sessions.sessions",
    "attendees.present", "attendees.waiting", "badges.check_reprint", "badges.holder",
    "badges.in_hand", "batches.moment_of_undo",
    "bulletin.read", "badges.lives", "badges.new_badge", "badges.stock", "categories.effect_of", "categories.gates_of",
    "categories.over_quota", "change_stamp.stamp", "checkin_desks.by_badge_no", "checkin_desks.desks_and_gates",
    "checkin_desks.figures", "checkin_desks.find", "checkin_desks.last_scans",
    "checkin_desks.names", "checkin_gates.board", "checkin_gates.crowd_of",
    "checkin_visits.visits_of", "deals.count_to_check", "deals.facts", "deals.steps", "deals.suspected",
    "deals.suspects", "deals_attachments.attachments", "deals.was_signed",
    "deals_bulletin.read",
    "deals_ceremony.items", "deals_ceremony.read_confirmations", "deals_ceremony.read_stage",
    "deals_ceremony.signings", "deals_history.history", "deals_parties.about", "deals.index", "deals_report.read",
    "documents.shipped_rows", "documents.trade_tables.read", "duplicates.like_this", "duplicates.suspects",
    "exhibitors.bodies_of",
    "contracts.contract", "contracts.count_lacking", "contracts.files_of",
    "contracts.history", "contracts.left_out", "contracts.line", "contracts.lines", "contracts_lists.lists",
    "contracts_lists.shipped_rows", "contracts_report.lacking", "contracts_report.read", "exhibitors.people_of",
    "exhibitors.profile", "editions_rules.same_number",
    "exhibitors_report.read", "exhibitors_report.findings",
    "editions.comparison", "editions.read_report",
    "expos.all_expos", "expos.clock_of", "expos.current", "expos.homes", "expos.places", "first_steps.set_up",
    "floor.history", "floor_queries.plan",
    "follow_up.agreed", "follow_up.names_of_staff", "follow_up.rows", "follow_up.subject_of",
    "follow_up.tasks_of", "guests.parts_of", "guests.pitch_rows", "guests.pitches_of", "guests.speaker_rows",
    "import_review.review", "imports.history", "imports.made_by", "imports.number_of", "known_people.find_known",
    "landing_report.read",
    "mending.named_places", "merging.effects_of", "merging.preview", "open_calls.calls",
    "operators.list_active", "operators.printed_pin",
    "operators.sample_actor", "operators.supervisors", "operators.unnamed_actor", "programme.load",
    "press.as_json", "press.at", "press.checks", "press.read", "press.trace", "press.version", "press.versions",
    "programme_checkins.present", "programme_report.read", "records.as_seen", "records.count", "records.get",
    "records.list_rows",
    "records.options", "records.spec_in", "records.traced", "region_groups.codes_of", "region_groups.rule_of",
    "report_head.english_names", "roadshow.read_sheet", "roadshow.read_show", "roadshow.shows",
    "roadshow_report.as_json", "roadshow_report.read", "roadshow_report.shows", "statistics.roadshow.roadshows",
    "roadshow_deals.prospects", "meeting_deals.prospects", "meeting_desk.who_steps_in", "meetings.card",
    "meetings.rows",
    "roadshow_deals.without_deal", "chain.chain_of",
    "sample.scans.morning_of_day_2", "staff_badges.choices_for_staff", "staff_badges.look", "suggestions.read",
    "suggestions.waiting", "catalogue.read", "policy_page.read",
    "policy_page.for_application", "voucher_resources.find", "voucher_resources.read",
    "statistics.attendance.attendance", "statistics.attendance.guests_effect",
    "statistics.audience.whole_attendance",
    "statistics.deals.deal_figures", "statistics.deals.deal_totals", "statistics.exhibition.exhibition",
    "statistics.history.as_of", "statistics.press.count", "statistics.press.counted",
    "statistics.follow_up.complaints", "statistics.follow_up.follow_up", "statistics.landing.landing",
    "statistics.grade.grade",
    "alliance_acts.agreement_of", "alliance_acts.deals_offered", "alliance_report.certificates",
    "alliance_report.parts", "alliance_report.read", "alliances.alliance_of", "alliances.read_alliance",
    "alliances.read_board", "alliances.read_events", "alliances.roles_of", "alliances.sizes",
    "matching_report.as_json", "matching_report.read", "statistics.matching.matching",
    "agendas.as_json", "agendas.parts", "agendas.read",
    "statistics.overview.overview", "statistics.programme.programme_figures", "statistics.traced",
    "parks.read_board", "statistics.supply.supply", "supply_report.as_json", "supply_report.read",
    "statistics.cooperation.cooperation", "cooperation_report.as_json", "cooperation_report.read",
    "alliance_report.as_json", "park_report.as_json", "park_report.parts_of", "park_report.read", "tenants.read_tenant",
    "records.query_of", "tenant_origins.offered",
    "statistics.trends.trends", "timetable.read", "matching_setup.read",
    "statistics.trade_options.choices", "statistics.trade_tables.as_json", "statistics.trade_tables.read_tables",
    "words.names_offered", "words.terms", "words.usage",
}  # fmt: skip
"""What is looked at on the screen, personal data masked: everybody may, and none of it writes."""

WITHOUT_A_RIGHT = {
    "checkin_arrivals.arrive": "within a scan, for which its desk asked",
    "checkin_arrivals.leave": "within a scan taken back, for which its desk asked",
    "checkin_gates.say_here": "that a desk is there",
    "expos.keep_clock": "where a rehearsal's clock stopped",
    "operators.create_first": "nobody works in the file yet",
    "operators.sign_in": "who works is what it finds out",
    "record_writer.writing": "it asks for what it is given",
    "timetable_acts.held": "it asks for what it is given",
    "sample.build": "the sample, in an empty file",
    "sample.mark_arrivals": "the sample",
    "sample.matching.add_matching": "the sample",
    "sample.results.build": "another sample, in an empty file",
    "sample.alliances.add_alliances": "of that sample",
    "sample.parks.add_parks": "of that sample",
    "sample.sharing.add": "another sample: the years after the expo",
    "sample.sharing.add_vouchers": "of that sample",
    "sample.deals.register_deals": "the sample",
}
"""What writes and asks for nothing, and why."""


def functions() -> dict[str, Callable[..., Any]]:
    """Every public function of the services, and of the documents, that is given a database."""
    found = {}
    for module in [
        documents,
        auction_documents,
        badge_documents,
        deal_documents,
        press_documents,
        table_documents,
        *_modules(),
    ]:
        path = module.__name__.removeprefix("expo_app.").removeprefix("services.")
        for name, function in vars(module).items():
            own = inspect.isfunction(function) and function.__module__ == module.__name__
            if own and not name.startswith("_") and next(iter(inspect.signature(function).parameters), "") == "db":
                found[f"{path}.{name}"] = function
    return found


def _modules() -> list[ModuleType]:
    names = (found.name for found in pkgutil.walk_packages(services.__path__, f"{services.__name__}."))
    return [importlib.import_module(name) for name in names]


FUNCTIONS = functions()


def given(kind: Any, name: str, expo: ExpoInfo) -> Any:
    """Something of that kind, right enough to come as far as the question who may."""
    origin = typing.get_origin(kind)
    options = [one for one in typing.get_args(kind) if one is not type(None)]
    if origin in (typing.Union, UnionType):
        return given(options[0], name, expo)
    if origin in (Sequence, Collection, list, tuple, set):
        return [given(options[0], name, expo)] if options else []
    if origin in (Mapping, dict):
        return {}
    made = {
        uuid.UUID: expo.id if name == "expo_id" else uuid.uuid4(), str: "word", int: 1, float: 1.0, bool: True,
        date: expo.starts_on, datetime: datetime(2018, 11, 29, 2, tzinfo=UTC), RecordSpec: EXHIBITORS,
        Path: Path("none/x.pdf"), ExpoInfo: expo, Table: EXHIBITORS.table,
    }  # fmt: skip
    if kind in made:
        return made[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return blank(kind)
    return None


def blank(kind: type, **values: Any) -> Any:
    """An object of a dataclass that holds no more than `values`."""
    made = object.__new__(kind)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


hints_of = cache(typing.get_type_hints)


def call(called: str, db: Database, expo: ExpoInfo, /, **values: Any) -> str:
    """The code of what a service refuses, called with anything at all; "" for whatever else comes of it."""
    function = FUNCTIONS[called]
    hints = hints_of(function)
    wanted = [one for one in inspect.signature(function).parameters.values() if one.name != "db"]
    asked = {
        one.name: given(hints[one.name], one.name, expo)
        for one in wanted
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD
    }
    try:
        function(db, **asked | {key: value for key, value in values.items() if key in hints})
    except UserError as refused:
        return refused.code
    except Exception:  # noqa: BLE001  (no such record, an empty word: past the question who may)
        return ""
    return ""


NOBODY = Actor("命令行", Role.ADMIN, is_known=False)
ACTORS = [*(Actor("某人", role) for role in Role), NOBODY]
REFUSALS = {"E-ACCESS", "E-WHO"}


def refusal(actor: Actor, permission: str) -> set[str]:
    """What a service must answer this actor; empty: anything but a refusal."""
    if not actor.is_known:
        return {"E-WHO"}
    return set() if allowed(actor.role, permission) else {"E-ACCESS"}


@pytest.fixture(scope="module")
def opened(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, ExpoInfo]]:
    db = open_database(shutil.copy(sample_file, tmp_path_factory.mktemp("rights") / "expo.db"))
    expo = expos.current(db)
    assert expo is not None
    yield db, expo
    db.close()


def test_every_service_is_named_once() -> None:
    named = [*ASKED, *OF_LIST, *OF_IMPORT, *OF_STEP, *OPEN, *WITHOUT_A_RIGHT]
    assert sorted(named) == sorted(FUNCTIONS)
    assert set(ASKED.values()) <= PERMISSIONS.keys()


@pytest.mark.parametrize("name", ASKED)
def test_a_service_asks_for_its_right_before_anything_else(name: str, opened: tuple[Database, ExpoInfo]) -> None:
    other = {one.id for one in operators.list_active(opened[0])}.pop()
    more = {"name": "summary"} if name in ("documents.write", "documents.figures") else {"operator_id": other}
    more |= {"spec": SPECS["industries"]} if name.startswith("words.") else {}
    more |= {"place": "expo.starts_on", "text": "2026-05-21"}
    more |= {"name": "item_kinds"} if name == "words.add_preset" else {}
    more |= {"pair": Pair("organisations", uuid.uuid4(), uuid.uuid4())} if name.startswith("merging.") else {}
    for actor in ACTORS:
        opened[0].actor = actor
        assert {call(name, *opened, **more)} & REFUSALS == refusal(actor, ASKED[name]), actor


@pytest.mark.parametrize("name", sorted(OF_LIST))
@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
def test_a_list_is_written_by_whom_it_says(name: str, spec: RecordSpec, opened: tuple[Database, ExpoInfo]) -> None:
    for actor in ACTORS:
        opened[0].actor = actor
        assert {call(name, *opened, spec=spec)} & REFUSALS == refusal(actor, spec.permission), actor


@pytest.mark.parametrize("name", sorted(OF_STEP))
def test_a_step_is_taken_back_by_who_may_take_it(name: str, opened: tuple[Database, ExpoInfo]) -> None:
    for actor in ACTORS:
        opened[0].actor = actor
        for permission in PERMISSIONS:
            step = blank(Step, permission=permission)
            assert {call(name, *opened, step=step)} & REFUSALS == refusal(actor, permission), actor


@pytest.mark.parametrize("document", documents.all_documents(), ids=lambda document: document.name)
def test_a_document_is_for_whom_it_says(document: documents.Document, opened: tuple[Database, ExpoInfo]) -> None:
    for actor in ACTORS:
        opened[0].actor = actor
        found = call("documents.write", *opened, name=document.name, path=Path("none/x.pdf"))
        assert {found} & REFUSALS == refusal(actor, document.permission), actor


@pytest.mark.parametrize("name", sorted(OF_IMPORT))
def test_who_may_import_needs_the_right_to_the_list_too(name: str, opened: tuple[Database, ExpoInfo]) -> None:
    for actor in ACTORS:
        opened[0].actor = actor
        for spec in SPECS.values():
            wanted = refusal(actor, "data.import") | refusal(actor, spec.permission)
            found = call(name, *opened, spec=spec, plan=blank(ImportPlan, spec=spec.name))
            assert {found} & REFUSALS == wanted, (actor, spec.name)


@pytest.mark.parametrize("name", ["records.list_rows", "records.get", "exhibitors_report.read"])
def test_what_is_masked_is_shown_to_who_may_see_it(name: str, opened: tuple[Database, ExpoInfo]) -> None:
    for actor in ACTORS:
        opened[0].actor = actor
        assert {call(name, *opened, reveal="应急联络")} & REFUSALS == refusal(actor, "data.reveal"), actor


@pytest.mark.parametrize("name", sorted(OPEN - {"access.require"}))
def test_what_everybody_may_look_at_writes_nothing(name: str, opened: tuple[Database, ExpoInfo]) -> None:
    db, expo = opened
    db.actor, db.read_only = NOBODY, True
    try:
        assert call(name, db, expo) not in REFUSALS | {"E-DB-READONLY"}
    finally:
        db.read_only = False
