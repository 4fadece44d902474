"""Write resources/regions.csv: the English names of the places of China, by code.

They are spelt by pypinyin, whose dictionaries take half a second and 50 MB: much for the few names of a report.

python packaging/regions.py
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FILE = ROOT / "resources" / "regions.csv"
OWN = {"内蒙古": "Inner Mongolia", "西藏": "Tibet", "陕西": "Shaanxi", "香港": "Hong Kong", "澳门": "Macao"}
"""Names that are not written as they are read."""
VOWEL = re.compile("[aoe]")


def table() -> str:
    """The file's text: code and name."""
    from expo_app.rules.region_codes import current, past
    from expo_app.rules.regions import SUFFIX, region_name, short_name

    lines = ["code,name_en"]
    for code in sorted(past() | current()):
        name = region_name(code)
        short = short_name(code) if code.endswith("0000") else SUFFIX.sub("", name) if len(name) > 2 else name
        lines.append(f"{code},{OWN.get(short) or english(short)}")
    return "\n".join([*lines, ""])


def english(short: str) -> str:
    """Suzhou, Lu'an."""
    from expo_app.rules.search_key import spelling

    joined = "".join(f"'{s}" if at and VOWEL.match(s) else s for at, s in enumerate(spelling(short)))
    return joined[:1].upper() + joined[1:]


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")
