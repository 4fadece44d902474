"""Write resources/countries.csv: the countries of ISO 3166-1 by code, with their names in Chinese and English.

The names are those of the Unicode CLDR as Babel has them. Babel is needed here and for the checks, not by the program:
with it the installer would be 33 MB larger, for a file of 12 KB. Taiwan, Hong Kong and Macao are places of GB/T 2260.

python packaging/countries.py
"""

import csv
import io
from pathlib import Path

from babel import Locale
from babel.core import get_global

FILE = Path(__file__).resolve().parent.parent / "resources" / "countries.csv"
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
"""Codes of two letters that CLDR has and ISO 3166-1 does not assign to a country."""
HOME = {"CN", "HK", "MO", "TW"}
SPOKEN = {
    "AE": "阿联酋、UAE", "BA": "波黑", "CD": "刚果民主共和国、刚果金", "CF": "中非",
    "CG": "刚果共和国、刚果布",
    "CI": "象牙海岸、Ivory Coast", "CZ": "捷克共和国、Czech Republic", "DO": "多米尼加",
    "GB": "大不列颠、Great Britain、Britain、England",
    "KP": "朝鲜民主主义人民共和国、DPRK", "KR": "大韩民国、Korea、Republic of Korea",
    "MM": "Myanmar、Burma", "NL": "Holland",
    "NZ": "纽西兰", "PS": "巴勒斯坦、Palestine", "RU": "俄国、俄罗斯联邦、Russian Federation", "SA": "沙特",
    "SZ": "Swaziland", "TR": "Turkey", "US": "美利坚合众国、United States of America、America", "VA": "Vatican",
    "VN": "Viet Nam",
}  # fmt: skip
"""What people write besides."""


def table() -> str:
    """The file's text: code, name, English name, other words joined by 、."""
    chinese, english = Locale("zh").territories, Locale("en").territories
    others: dict[str, list[str]] = {}
    for word, meant in get_global("territory_aliases").items():
        if len(meant) == 1 and word.isalpha():
            others.setdefault(meant[0], []).append(word)
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(("code", "name", "name_en", "aliases"))
    for code in sorted(code for code in english if len(code) == 2 and code.isalpha()):
        if code not in NOT_ISO | HOME:
            words = [*sorted(others.get(code, ())), *filter(None, [SPOKEN.get(code)])]
            out.writerow((code, chinese[code], english[code], "、".join(words)))
    return text.getvalue()


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")
