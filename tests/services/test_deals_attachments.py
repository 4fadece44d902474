"""Files kept with a deal: whole, known by their hash, never in the log, gone only with a reason; and its history."""

import hashlib
import os
import stat
import sys

import pytest
from sqlalchemy import select, update

from expo_app.errors import Cancelled, Conflict, UserError
from expo_app.model import Attachment, AttachmentContent, AttachmentKind, Audit, Deal, DealStage, Entry
from expo_app.services import deals, deals_history, records
from expo_app.services import deals_attachments as files
from expo_app.specs import DEALS
from expo_app.store import backup
from expo_app.store.database import open_database
from tests.factories import make_expo

VALUES = {
    "title": "储氢阀门", "kind": "技术合同", "stage": "签约", "sellers": "甲公司", "buyers": "乙研究所",
    "amount": "860", "signed_on": "2018-11-28",
}  # fmt: skip


@pytest.fixture
def deal(db):
    with db.transaction() as session:
        expo_id = make_expo(session).id
    return deals.register(db, expo_id, VALUES)


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "合同 扫描.pdf"
    path.write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 40)
    return path


def test_a_file_is_kept_byte_for_byte_and_read_by_its_owner_alone(db, deal, scan):
    (key,) = files.add(db, deal, [scan])
    (kept,) = files.attachments(db, deal)
    digest = hashlib.sha256(scan.read_bytes()).hexdigest()
    assert (kept.id, kept.name, kept.size, kept.sha256) == (key, "合同 扫描.pdf", scan.stat().st_size, digest)
    path = files.write_out(db, key)
    assert (path.name, path.read_bytes()) == ("合同 扫描.pdf", scan.read_bytes())
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert files.add(db, deal, [scan]) == [key]
    assert len(files.attachments(db, deal)) == 1


def test_the_log_tells_of_a_file_and_holds_none_of_it(db, deal, scan):
    files.add(db, deal, [scan], AttachmentKind.COMMITMENT)
    with db.reading() as session:
        rows = session.execute(select(Audit.table_name, Audit.after)).all()
        assert session.scalar(select(AttachmentContent.data)) == scan.read_bytes()
    told = [after for table, after in rows if table == "attachment"]
    assert [(row["name"], row["kind"]) for row in told] == [("合同 扫描.pdf", "COMMITMENT")]
    assert "attachment_content" not in {table for table, _after in rows}
    assert "PDF-1.7" not in str(rows)


def test_what_cannot_be_kept_is_refused_and_nothing_of_the_lot_goes_in(db, deal, scan, tmp_path):
    large, empty = tmp_path / "大.pdf", tmp_path / "空.pdf"
    with large.open("wb") as handle:
        handle.truncate(files.MOST + 1)
    empty.touch()
    for path, words in (
        (large, "“大.pdf”有 20.0 MB，超过 20 MB，没有添加。压缩或分开后再添。"),
        (empty, "“空.pdf”是空的，没有添加。换一个文件再添。"),
        (tmp_path / "没有.pdf", None),
        (tmp_path, None),
    ):
        with pytest.raises(UserError) as refused:
            files.add(db, deal, [scan, path])
        assert words in (None, refused.value.message)
    assert files.attachments(db, deal) == []
    with large.open("r+b") as handle:
        handle.truncate(files.MOST)
    assert len(files.add(db, deal, [large])) == 1


@pytest.mark.parametrize("ending", ["exe", "lnk", "BAT", "js", "html", "docm", "desktop", "zip", "7z", "pdf.scr", ""])
def test_what_a_system_would_run_or_nobody_sees_into_is_refused_in_one_sentence(db, deal, scan, tmp_path, ending):
    other = tmp_path / f"合同.{ending}".rstrip(".")
    other.write_bytes(b"MZ")
    with pytest.raises(UserError) as refused:
        files.add(db, deal, [scan, other])
    assert refused.value.message == (
        f"“{other.name}”不是文档或图片，没有添加。"
        "能添加的是 PDF、OFD、图片和 Word、Excel、PPT、WPS、文本文件，压缩包请解压后再添。"
    )
    assert files.attachments(db, deal) == []


@pytest.mark.parametrize("name", ["合同.OFD", "照片.jpeg", "合同.doc", "明细.et", "说明.txt"])
def test_documents_and_pictures_are_kept(db, deal, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"x")
    files.add(db, deal, [path])
    assert [kept.name for kept in files.attachments(db, deal)] == [name]


def test_who_waits_is_told_and_may_give_up(db, deal, scan, tmp_path):
    large, told = tmp_path / "大.pdf", []
    large.write_bytes(b"x" * (3 * files.PIECE))
    files.add(db, deal, [large], progress=lambda *said: told.append(said))
    reading = "正在读 大.pdf（KB）"
    assert told == [(n * 1024, 3072, reading) for n in (1, 2, 3)] + [(0, 1, "存入数据库")]

    def give_up(done, _total, _step):
        if not done:
            raise Cancelled

    with pytest.raises(Cancelled):  # within the write
        files.add(db, deal, [scan], progress=give_up)
    assert [kept.name for kept in files.attachments(db, deal)] == ["大.pdf"]


def test_bytes_that_are_no_longer_those_are_never_opened(db, deal, scan):
    (key,) = files.add(db, deal, [scan])
    with db.transaction() as session:
        session.execute(update(AttachmentContent.__table__).values(data=b"%PDF-1.7 forged"))
    with pytest.raises(UserError) as refused:
        files.write_out(db, key)
    assert refused.value.code == "E-ATTACHMENT-HASH"
    assert "合同 扫描.pdf" in refused.value.message


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "_.._etc_passwd"), ("a:b|c?.pdf", "a_b_c_.pdf"), ("长" * 300 + ".pdf", None)],
)
def test_a_name_leads_nowhere_else(db, deal, scan, name, kept):
    (key,) = files.add(db, deal, [scan])
    with db.transaction() as session:
        session.get_one(Attachment, key).name = name[:160]
    path = files.write_out(db, key)
    assert path.parent.parent.name == "attachments"
    assert kept in (None, path.name)
    assert len(os.fsencode(path.name)) < 255


def test_a_paper_of_a_signed_deal_goes_only_with_a_reason(db, deal, scan):
    (key,) = files.add(db, deal, [scan])
    with pytest.raises(UserError) as refused:
        files.remove(db, key)
    assert refused.value.code == "E-REASON"
    files.remove(db, key, "扫描件缺页")
    with db.reading() as session:
        assert session.scalars(select(AttachmentContent.id)).all() == []
    with pytest.raises(Conflict):
        files.remove(db, key, "再来")
    with pytest.raises(Conflict):
        files.write_out(db, key)
    draft = deals.register(db, session_expo(db, deal), {"title": "半份"}, draft=True)
    (key,) = files.add(db, draft, [scan])
    files.remove(db, key)
    (key,) = files.add(db, draft, [scan])
    deals.delete_drafts(db, [draft])
    with db.reading() as session:
        assert session.scalars(select(AttachmentContent.id)).all() == []


def session_expo(db, deal_id):
    with db.reading() as session:
        return session.get_one(Deal, deal_id).expo_id


def test_a_backup_has_the_papers_too(db, deal, scan, tmp_path):
    if not db.is_sqlite:
        pytest.skip("a server's backup is the server's")
    (key,) = files.add(db, deal, [scan])
    backup.backup(db, tmp_path / "copy.expobak")
    backup.restore(tmp_path / "copy.expobak", tmp_path / "again.expo")
    again = open_database(tmp_path / "again.expo")
    try:
        assert files.read(again, key)[1] == scan.read_bytes()
    finally:
        again.close()


def test_the_history_has_old_values_dates_persons_and_reasons(db, deal, scan):
    expo_id = session_expo(db, deal)
    deals.register(db, expo_id, {"amount": "900", "buyers": "丙大学"}, deal, reason="补充协议")
    deals.register(db, expo_id, {"buyers_signer": "李二"}, deal)
    deals.register(db, expo_id, {"buyers_signer": "李三"}, deal)
    files.add(db, deal, [scan])
    deals.advance(db, [deal], DealStage.PERFORMING)
    deals.set_entry(db, [deal], Entry.VOID, "重复登记")
    events = deals_history.history(db, deal)
    assert [(e.stage, e.entry) for e in events if e.stage] == [
        (DealStage.SIGNED, Entry.VALID), (DealStage.PERFORMING, Entry.VALID), (DealStage.PERFORMING, Entry.VOID),
    ]  # fmt: skip
    told = [(set(e.changes), e.reason) for e in events if e.changes]
    assert told == [
        ({("成交额", "860.00 万元", "900.00 万元"), ("买方 / 委托方", "乙研究所", "丙大学")}, "补充协议"),
        ({("买方签约人", "", "李二")}, ""),
        ({("买方签约人", "李二", "李三")}, ""),
        ({("附件", "", "合同 扫描.pdf")}, ""),
    ]
    assert events[-1].reason == "重复登记"
    assert records.get(db, DEALS, deal)["entry"] is Entry.VOID
