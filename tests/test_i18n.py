"""The English catalogue: complete, in step with the source, with the same placeholders."""

import re
import subprocess
import sys

import polib

from expo_app import i18n, paths
from expo_app.model import DealStage, WordRole
from expo_app.specs.records import SPECS

LISTS = tuple(
    f"expo_app/ui/{place}" for place in (
        "records/list_", "pages/attendees", "pages/badges", "pages/deals", "pages/exhibitors", "pages/guests",
        "pages/settings/lists",
    )
)  # fmt: skip
ROOT = paths.root()
CATALOGUE = polib.pofile(str(paths.resource("i18n", "en", "LC_MESSAGES", "expo.po")))


def said(entry):
    """The English of an entry: one text, or singular and plural."""
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def test_nothing_is_missing_and_nothing_is_left_over():
    check = [sys.executable, str(ROOT / "packaging" / "translate.py"), "--check"]
    said = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (said.stdout.strip(), said.returncode) == ("0 without translation, 0 out of step", 0)


def test_placeholders_are_equal():
    def names(text):
        return sorted(set(re.findall(r"\{(\w*)[^}]*\}", text)))

    assert [e.msgid for e in CATALOGUE for text in said(e) if names(e.msgid) != names(text)] == []


def test_english_is_english():
    han = re.compile("[\u4e00-\u9fff]")
    allowed = {"南门 01 号台", "01 号台", "元", "亿元", "简体中文"}
    left = [text for e in CATALOGUE for text in said(e) if han.search(re.sub("|".join(allowed), "", text))]
    assert left == []


def test_a_word_with_two_meanings_has_two_translations():
    i18n.set_language("en")
    assert (WordRole.SIGNING.label, DealStage.SIGNED.label, DealStage.TERMINATED.label) == (
        "Signing",
        "Signed",
        "Terminated",
    )
    words = ["终止", "终止于", "终止日期", "收回", "撤回", "人次"]
    assert [*map(i18n._, words), i18n.meant("admissions", "人次")] == [
        "Terminated", "Terminated on", "Valid until", "Returned", "Withdraw", "visits", "admissions",
    ]  # fmt: skip


def test_one_is_singular():
    words = "共 {n} 届"
    assert i18n._(words).format(n="1") == "共 1 届"
    i18n.set_language("en")
    counted = [i18n._(words).format(n=n) for n in ("1", 2, "1,001")]
    assert counted == ["1 edition", "2 editions", "1,001 editions"]
    assert i18n.in_every_language(words) == (words, "{n} editions")


def test_no_plural_stands_beside_a_one_on_a_list_page():
    """A text with "{n} items" alone would say "1 items": it needs both forms."""
    plural = re.compile(r"\{n\} [a-z]{3,}s\b")
    here = [e for e in CATALOGUE if any(place.startswith(LISTS) for place, _line in e.occurrences)]
    assert [e.msgid for e in here if plural.search(e.msgstr)] == []


def test_an_amount_has_one_form_of_words():
    """A sentence that writes 万元 behind an amount itself has an English form of its own."""
    assert {entry.msgid for entry in CATALOGUE if "} 万元" in entry.msgid} == {"{n} 万元"}


def test_what_a_list_has_is_named_one_by_one_in_english() -> None:
    """New tenant, never New Tenants: every list's title has its singular."""
    i18n.set_language("en")
    lacking = [spec.title for spec in SPECS.values() if not i18n.singular(spec.title)[0].islower()]
    assert [title for title in lacking if i18n.singular(title) == i18n._(title)] == []
