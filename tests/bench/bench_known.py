"""Who is known, asked in a worker while somebody types: 100,000 people of one expo, milliseconds.

    python tests/bench/bench_known.py [PEOPLE] [ASKED] [FILE]

Prints JSON lines: the median and the slowest look-up of a name alone, a name and an organisation (an ordinary one and
one of 3,000 people), all of it, a Latin name, nobody known. The goal: a tenth of a second. FILE is kept for the
next run when given.
"""

import json
import random
import statistics
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sqlalchemy import insert, select  # noqa: E402

from expo_app.model import Attendee, AttendeeSource, AttendeeState, Expo, Organisation, Person, new_id  # noqa: E402
from expo_app.rules.likeness import core  # noqa: E402
from expo_app.rules.search_key import matches  # noqa: E402
from expo_app.services.known_people import Newcomer, find_known  # noqa: E402
from expo_app.specs import PEOPLE  # noqa: E402
from expo_app.store.database import open_database  # noqa: E402
from tests.factories import category, make_expo, make_organisation  # noqa: E402

COMPANIES, SHARE_OF_LARGE, LARGE = 2_000, 33, "示例大学"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
START = datetime(2018, 11, 1, tzinfo=UTC)


def fill(path: Path, count: int) -> None:
    """Names as they are spread in China: a few surnames for most."""
    draw = random.Random(3)  # noqa: S311
    weights = [1 / (place + 3) for place in range(len(SURNAMES))]
    codes = bytes(byte for high in range(0xB0, 0xB8) for low in range(0xA1, 0xFF) for byte in (high, low))
    given = codes.decode("gb2312", "ignore")
    db = open_database(path, create=True)
    with db.transaction() as session:
        expo = make_expo(session, is_sample=True)
        visitor, large = category(session, expo, "visitor").id, make_organisation(session, LARGE).id
        companies = [make_organisation(session, f"示例{n}科技有限公司").id for n in range(COMPANIES)]
    people: list[dict[str, Any]] = []
    attendees: list[dict[str, Any]] = []
    for n in range(count):
        name = draw.choices(SURNAMES, weights)[0] + "".join(draw.choices(given, k=draw.choice((1, 2, 2))))
        body = large if n % SHARE_OF_LARGE == 0 else draw.choice(companies)
        person: dict[str, Any] = {"id": new_id(), "name": name, "phone": f"+86138{n:08d}", "organisation_id": body}
        person["search_text"] = PEOPLE.searched_by(person.get)
        people.append(person)
        attendees.append(
            {
                "id": new_id(), "expo_id": expo.id, "person_id": person["id"], "organisation_id": body,
                "category_id": visitor, "state": AttendeeState.CONFIRMED, "source": AttendeeSource.IMPORT,
                "badge_no": f"KJH18-V-{n + 1:06d}", "registered_at": START, "is_sample": True,
            }
        )  # fmt: skip
    with db.transaction() as session:
        for model, rows in ((Person, people), (Attendee, attendees)):
            session.connection().execute(insert(model.__table__), rows)
    db.close()


def main(count: int = 100_000, asked: int = 200, path: str = "") -> None:
    """Ask, and print."""
    matches("展", "z"), core("展")  # as the window loads what names are compared by
    with tempfile.TemporaryDirectory() as folder:
        file = Path(path) if path else Path(folder) / "known.db"
        if not file.exists():
            fill(file, count)
        db = open_database(file)
        with db.reading() as session:
            expo_id: uuid.UUID = session.scalars(select(Expo.id)).one()
            rows = session.execute(
                select(Person.name, Person.phone, Organisation.name)
                .join(Organisation, Organisation.id == Person.organisation_id)
                .order_by(Person.phone.desc())
                .limit(asked)
            ).all()
        ways = {
            "name": [Newcomer(name) for name, _phone, _body in rows],
            "name, organisation": [Newcomer(name, "", body) for name, _phone, body in rows],
            "name, organisation of 3,000": [Newcomer(name, "", LARGE) for name, _phone, _body in rows],
            "all, with a space": [Newcomer(f"{name[0]} {name[1:]}", phone, body) for name, phone, body in rows],
            "Latin": [Newcomer("Wei Zhang", phone, body) for _name, phone, body in rows],
            "nobody": [Newcomer(f"龘{name}", "+8613900000000", body) for name, _phone, body in rows],
        }
        find_known(db, expo_id, ways["all, with a space"][0])
        for way, newcomers in ways.items():
            taken = []
            for newcomer in newcomers:
                began = time.perf_counter()
                find_known(db, expo_id, newcomer)
                taken.append((time.perf_counter() - began) * 1000)
            line = {"asked by": way, "median ms": round(statistics.median(taken), 1), "max ms": round(max(taken), 1)}
            print(json.dumps(line, ensure_ascii=False))
        db.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:4])
