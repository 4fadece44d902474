"""发布口径 on paper: the finished page says what the database counts, to the fen, and whether it was approved."""

import re

import pytest
import python_calamine
from factories import local, make_deal, make_exhibitor, make_expo
from pypdf import PdfReader
from sqlalchemy import func, select

from expo_app import documents, i18n
from expo_app.model import Deal, Entry
from expo_app.services import deals, expos, press
from expo_app.specs.press import sentence
from expo_app.store.database import Actor


@pytest.fixture
def expo(db):
    db.clock = lambda: local(29, 8)
    with db.transaction() as session:
        made = make_expo(session, name="春季交易会", name_en="Spring Fair")
        make_exhibitor(session, made)
        for title, amount in (("甲", "12345678.91"), ("乙", "0.02"), ("丙", None)):
            make_deal(session, made, title, amount, created_at=local(29, 8))
    db.clock = lambda: local(29, 10, 42)
    return expos.current(db)


def flat(pages):
    return re.sub(r"\s+", "", "".join(pages))


def test_the_page_equals_the_database_to_the_fen(db, expo, tmp_path, pdf_text):
    documents.write(db, expo, "press", tmp_path / "p.pdf")
    pages = pdf_text(tmp_path / "p.pdf")
    with db.reading() as session:
        fen = session.scalar(select(func.sum(Deal.amount)))
    assert len(pages) == 1
    assert f"{fen / 10000:,.6f}万元" in flat(pages)
    assert "1,234.567893万元" in flat(pages)
    shown = press.read(db, expo.id, db.now())
    for number in shown.numbers:
        for said in (number.words, number.when, number.label):
            assert re.sub(r"\s+", "", said) in flat(pages)
    assert "数据截至2018-11-2910:42" in flat(pages)
    assert "2018-11-2910:42生成" in flat(pages)
    for language in ("zh_CN", "en"):
        assert re.sub(r"\s+", "", sentence(shown, language)) in flat(pages)


def test_it_says_whether_it_was_approved(db, expo, tmp_path, pdf_text):
    db.actor = Actor("周敏")
    documents.write(db, expo, "press", tmp_path / "open.pdf")
    press.approve(db, expo.id, local(29, 10, 30))
    documents.write(db, expo, "press", tmp_path / "approved.pdf", at="11-29 10:30")
    assert "未核定" in flat(pdf_text(tmp_path / "open.pdf"))
    assert "未核定" not in flat(pdf_text(tmp_path / "approved.pdf"))
    assert "第1版，周敏10:42核定" in flat(pdf_text(tmp_path / "approved.pdf"))


def test_an_old_version_prints_what_it_said(db, expo, tmp_path, pdf_text):
    from expo_app.documents.press import write_shown

    version = press.approve(db, expo.id, local(29, 10, 30))
    with db.reading() as session:
        ids = list(session.scalars(select(Deal.id)))
    db.clock = lambda: local(29, 12)
    deals.set_entry(db, ids, Entry.VOID, "全部作废")
    write_shown(db, press.version(db, version.id), tmp_path / "old.pdf")
    assert "1,234.567893万元" in flat(pdf_text(tmp_path / "old.pdf"))
    documents.write(db, expo, "press", tmp_path / "now.pdf")
    assert "万元" not in flat(pdf_text(tmp_path / "now.pdf"))


def test_english_and_reproducible(db, expo, tmp_path, pdf_text):
    i18n.set_language("en")
    for name in ("a.pdf", "b.pdf"):
        documents.write(db, expo, "press", tmp_path / name)
    assert "CNY12.34567893m" in flat(pdf_text(tmp_path / "a.pdf"))
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    reader = PdfReader(tmp_path / "a.pdf")
    assert (reader.metadata.title, reader.trailer["/Root"]["/Lang"]) == ("Press figures · Spring Fair", "en")


def test_the_closing_report_tells_every_version(db, expo, tmp_path, pdf_text):
    documents.write(db, expo, "closing", tmp_path / "none.pdf")
    assert "发布过的口径" not in flat(pdf_text(tmp_path / "none.pdf"))
    for hour in (9, 10):
        press.approve(db, expo.id, local(29, hour))
    with db.reading() as session:
        ids = list(session.scalars(select(Deal.id)))
    deals.set_entry(db, ids, Entry.VOID, "全部作废")
    for ending in ("pdf", "xlsx"):
        documents.write(db, expo, "closing", tmp_path / f"c.{ending}")
    assert flat(pdf_text(tmp_path / "c.pdf")).count("1,234.567893") == 2
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "c.xlsx")
    rows = book.get_sheet_by_name("发布过的口径").to_python()
    assert [(row[0], row[7], row[8]) for row in rows if isinstance(row[0], float)] == [
        (1, 3, 1234.567893), (2, 3, 1234.567893),
    ]  # fmt: skip
