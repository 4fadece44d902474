"""Keep the English catalogue in step with the source: new texts are added empty, texts that are gone are removed.

python packaging/translate.py            update resources/i18n/en/LC_MESSAGES/expo.po and say what is missing
python packaging/translate.py --check    change nothing; exit status 1 if the catalogue is not complete
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "resources" / "i18n" / "en" / "LC_MESSAGES" / "expo.po"
MARKS = {"_", "N_"}


def texts(source: Path) -> Iterator[str]:
    """Every literal text inside `_()` and `N_()`, and the labels of Labelled enums."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS and node.args:
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
                    yield part.value
        elif isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "Labelled" for b in node.bases):
            for statement in node.body:
                if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
                    yield str(statement.value.value)


def collected() -> dict[str, dict[str, int]]:
    """Text → the files it stands in, with its place among the texts of each."""
    found: dict[str, dict[str, int]] = {}
    for source in sorted((ROOT / "expo_app").rglob("*.py")):
        name = source.relative_to(ROOT).as_posix()
        for place, text in enumerate(texts(source)):
            found.setdefault(text, {}).setdefault(name, place)
    return found


def homes(found: dict[str, dict[str, int]], known: dict[str, polib.POEntry]) -> dict[str, str]:
    """Text → the file it stands under: where it stood before as long as it is said there, else the first."""
    before = {text: entry.occurrences[0][0] for text, entry in known.items() if entry.occurrences}
    return {text: before[text] if before.get(text) in places else next(iter(places)) for text, places in found.items()}


def update() -> polib.POFile:
    """The catalogue with exactly the texts of the source."""
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() and CATALOGUE.stat().st_size else polib.POFile()
    known = {entry.msgid: entry for entry in old if not entry.msgctxt}
    new = polib.POFile(wrapwidth=0)
    new.metadata = {"Language": "en", "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8",
                    "Content-Transfer-Encoding": "8bit", "Plural-Forms": "nplurals=2; plural=(n != 1);"}  # fmt: skip
    found = collected()
    home = homes(found, known)
    for text in sorted(found, key=lambda text: (home[text], found[text][home[text]])):
        where = [(place, "") for place in sorted(found[text], key=lambda place: place != home[text])[:2]]
        entry = known.get(text, polib.POEntry())
        # a text that counts has two forms in English: msgid_plural repeats the msgid, msgstr[0] is for one
        forms = {"msgid_plural": text, "msgstr_plural": entry.msgstr_plural} if entry.msgstr_plural else {}
        new.append(polib.POEntry(msgid=text, msgstr=entry.msgstr, occurrences=where, **forms))
    for entry in old:  # the same word with another meaning as an enum's label: kept as long as the word is
        if entry.msgctxt and entry.msgid in found:
            new.append(entry)
    return new


def main() -> int:
    """Update or check; how many texts lack a translation."""
    new = update()
    missing = [entry.msgid for entry in new if not entry.translated()]
    if "--check" in sys.argv:
        old = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(CATALOGUE))}
        stale = old ^ {(entry.msgctxt, entry.msgid) for entry in new}
        print(f"{len(missing)} without translation, {len(stale)} out of step")
        return 1 if missing or stale else 0
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(CATALOGUE))
    print(f"{len(new)} texts, {len(missing)} without translation")
    for text in missing[:20]:
        print(" ", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
