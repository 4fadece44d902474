"""Areas: what they register is whole, and all that central code goes through is registered."""

from expo_app import documents, i18n
from expo_app.areas import AREAS
from expo_app.areas.registration import BEFORE, ListEntry, Offer, plain_page
from expo_app.services.record_rules import rules_of
from expo_app.specs import DEALS, SPECS, VENUES


def test_every_kind_of_record_is_registered_by_one_area():
    registered = [entry.spec.name for area in AREAS for entry in area.lists if entry.spec.name in SPECS]
    assert sorted(registered) == sorted(SPECS)


def test_no_two_stand_in_the_same_place():
    kinds = [entry.command_at for area in AREAS for entry in area.lists if entry.command_at]
    gallery = [document.at for area in AREAS for document in area.reports]
    command = [document.command_at for area in AREAS for document in area.reports if document.command_at]
    entries = [entry for area in AREAS for entry in area.lists]
    found = [entry.found.order for entry in entries if entry.found]
    sections = [entry.section.order for entry in entries if entry.section and not entry.section.inside]
    sections += [section.order for area in AREAS for section in area.sections]
    steps = [step.order for area in AREAS for step in area.steps]
    for places in (kinds, gallery, command, found, sections, steps):
        assert sorted(places) == sorted({*places})


def test_names_are_given_once():
    for names in (
        [area.name for area in AREAS],
        [page.name for area in AREAS for page in area.pages],
        [document.name for document in documents.all_documents()],
    ):
        assert len(names) == len({*names})


def test_an_area_names_its_rules_and_a_list_without_any_has_none():
    modules = {hook.__module__.removeprefix("expo_app.services.") for hook in rules_of(DEALS).before}
    assert modules == {"deals_rules", "auction_deals"}  # its own, and what the auction adds
    assert rules_of(SPECS["zones"]).before == ()


def test_what_the_palette_offers_of_a_list_is_worked_out_where_it_has_no_words_of_its_own():
    plain = ListEntry(VENUES, new=Offer(99), imported=Offer(99))
    assert (plain.new_words, plain.import_words) == ("新增展馆", "导入展馆")
    i18n.set_language("en")
    assert (plain.new_words, plain.import_words) == ("New venue", "Import Venue")
    own = next(entry for area in AREAS for entry in area.lists if entry.spec is DEALS)
    assert own.new_words == "New deal"


def test_a_plain_list_in_the_rail_is_called_after_its_records():
    page = plain_page(ListEntry(VENUES), BEFORE)
    assert (page.name, page.title, page.icon, page.group) == ("venues", VENUES.title, VENUES.icon, BEFORE)
    assert page.spec is VENUES
