"""How high a post stands, so that those who sign together are of one rank; a post nobody knows says nothing.

Equal rank of signatories is custom at signing ceremonies; the words are those of Chinese bodies and usual English ones.
"""

import re
import unicodedata
from collections.abc import Mapping

HEAD, DEPUTY, SECTION, STAFF = 1, 2, 3, 4
_RANKS: Mapping[int, str] = {
    HEAD: (
        "董事长、董事局主席、主席、总裁、总经理、首席执行官、CEO、执行董事、法定代表人、理事长、会长、院长、校长、所长、台长、行长、"
        "社长、厂长、主任、书记、省长、市长、区长、县长、镇长、局长、厅长、部长、秘书长、president、chairman、chairwoman、chair、"
        "managing director、general manager、chief executive officer、director general、mayor、rector、dean"
    ),
    DEPUTY: (
        "总监、总工程师、总会计师、总经济师、首席技术官、首席财务官、首席运营官、CTO、CFO、COO、董事、巡视员、"
        "vice president、deputy director、director"
    ),
    SECTION: (
        "总经理助理、院长助理、校长助理、部门经理、项目经理、经理、处长、科长、主管、组长、manager、head"
    ),
    STAFF: "专员、职员、助理、秘书、工程师、研究员、科员、代表、assistant、engineer、officer",
}  # fmt: skip
_KNOWN = {
    unicodedata.normalize("NFKC", word).casefold(): rank for rank, words in _RANKS.items() for word in words.split("、")
}
_WORDS = re.compile("|".join(sorted(map(re.escape, _KNOWN), key=len, reverse=True)))
_DEPUTY = re.compile(r"常务副|执行副|副|vice[- ]|deputy ")
_PART = re.compile(r"(?:部|处|科|室|中心|分公司|办事处|办公室|系)(?:副?(?:部长|主任|处长|科长|总经理|经理|总监))$")
"""The head of a part of a body (研发部部长) is not the head of the body."""


def rank(post: str) -> int | None:
    """From 1, the head of a body, down to 4; None for a post that is not known. The highest of several counts."""
    text = unicodedata.normalize("NFKC", post).casefold().strip()
    found = [_one(part) for part in re.split(r"[、,，/;；兼]", text)]
    return min((one for one in found if one is not None), default=None)


def _one(text: str) -> int | None:
    said = list(_WORDS.finditer(text))
    if not said:
        return None
    known = _KNOWN[said[-1][0]]
    is_deputy = _DEPUTY.search(text[: said[-1].start()]) is not None or said[-1][0].startswith(("vice", "deputy"))
    if known == HEAD and _PART.search(text):
        known = SECTION
    elif is_deputy and known == HEAD:
        known = DEPUTY
    return known
