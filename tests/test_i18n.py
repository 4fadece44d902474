"""The English catalogue: complete, in step with the source, with the same placeholders."""

import re
import subprocess
import sys

import polib

from expo_app import i18n, paths
from expo_app.model import DealStage, ItemKind

ROOT = paths.root()
CATALOGUE = polib.pofile(str(paths.resource("i18n", "en", "LC_MESSAGES", "expo.po")))


def test_nothing_is_missing_and_nothing_is_left_over():
    check = [sys.executable, str(ROOT / "packaging" / "translate.py"), "--check"]
    said = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (said.stdout.strip(), said.returncode) == ("0 without translation, 0 out of step", 0)


def test_placeholders_are_equal():
    def names(text):
        return sorted(set(re.findall(r"\{(\w*)[^}]*\}", text)))

    assert [e.msgid for e in CATALOGUE if names(e.msgid) != names(e.msgstr)] == []


def test_english_is_english():
    han = re.compile("[\u4e00-\u9fff]")
    allowed = {"南门 01 号台", "01 号台", "元", "亿元", "简体中文"}
    left = [e.msgstr for e in CATALOGUE if han.search(re.sub("|".join(allowed), "", e.msgstr))]
    assert left == []


def test_a_word_with_two_meanings_has_two_translations():
    i18n.set_language("en")
    assert (ItemKind.SIGNING.label, DealStage.SIGNED.label, DealStage.TERMINATED.label) == (
        "Signing",
        "Signed",
        "Terminated",
    )
