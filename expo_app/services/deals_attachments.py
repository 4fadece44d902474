"""Files kept with a deal: put in whole, known by their SHA-256, compared with it whenever they are read."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import insert, select

from expo_app import paths
from expo_app.atomic_files import privately
from expo_app.errors import Conflict, UserError, why
from expo_app.i18n import _
from expo_app.model import Attachment, AttachmentContent, AttachmentKind, Deal, new_id
from expo_app.rules.paper_kinds import PAPERS, is_of
from expo_app.services.access import require
from expo_app.services.deals import ever_signed
from expo_app.services.record_writer import writing
from expo_app.specs.field_types import clean_text
from expo_app.store.database import Database

MOST = 20 * 1024 * 1024
"""Bytes of one file."""
LONGEST = 160
"""Characters of a name that is kept."""
SHOWN_FOR = 24 * 3600
"""Seconds that a file stays where it was written to be looked at."""
PIECE = 1024 * 1024
"""Bytes after which whoever waits is told."""
Progress = Callable[[int, int, str], None]
_attachment, _content = Attachment.__table__, AttachmentContent.__table__


def attachments(db: Database, deal_id: uuid.UUID) -> list[Attachment]:
    """The files of a deal without their bytes, in the order they came."""
    query = select(Attachment).where(Attachment.deal_id == deal_id).order_by(Attachment.added_at, Attachment.id)
    with db.reading() as session:
        return list(session.scalars(query))


def quiet(_done: int, _total: int, _step: str) -> None:
    """Nobody waits to be told."""


def add(
    db: Database, deal_id: uuid.UUID, files: Sequence[Path], kind: AttachmentKind = AttachmentKind.CONTRACT,
    progress: Progress = quiet,
) -> list[uuid.UUID]:  # fmt: skip
    """Keep files with a deal, all of them or, where one cannot be, none; their keys. UserError says which and why.

    One that is there already, byte for byte, is not kept twice.
    """
    require(db, "deals.edit")
    contents = [_read(path, progress) for path in files]  # before anybody waits for this write
    with writing(db, "deals.edit") as writer:
        if writer.session.get(Deal, deal_id) is None:
            raise Conflict(_("这条记录已被删除，未保存任何改动。请刷新后再试。"), "E-GONE")
        known = dict(
            writer.session.execute(
                select(_attachment.c.sha256, _attachment.c.id).where(_attachment.c.deal_id == deal_id)
            ).all()
        )
        found: list[uuid.UUID] = []
        for name, data, digest in contents:
            progress(len(found), len(contents), _("存入数据库"))
            if digest not in known:
                known[digest] = new_id()
                row = {
                    "id": known[digest], "deal_id": deal_id, "kind": kind, "name": short_name(name), "size": len(data),
                    "sha256": digest, "added_at": writer.now, "added_by": db.actor.name,
                }  # fmt: skip
                writer.insert(_attachment, [row])
                content = {"id": new_id(), "attachment_id": known[digest], "data": data}
                writer.session.execute(insert(_content), [content])
            found.append(known[digest])
    return found


def _read(path: Path, progress: Progress) -> tuple[str, bytes, str]:
    """Name, bytes and SHA-256 of a file that is to be kept."""
    if not is_of(PAPERS, path.name):
        words = _(
            "“{name}”不是文档或图片，没有添加。"
            "能添加的是 PDF、OFD、图片和 Word、Excel、PPT、WPS、文本文件，压缩包请解压后再添。"
        )
        raise UserError(words.format(name=path.name), "E-ATTACHMENT-KIND")
    data = bytes_of(path, progress)
    return path.name, data, hashlib.sha256(data).hexdigest()


def bytes_of(path: Path, progress: Progress = quiet) -> bytes:
    """What a file holds that is to be kept; UserError where it cannot be read, is empty or too large.

    `progress` is told of KB.
    """
    data, step = bytearray(), _("正在读 {name}（KB）").format(name=path.name)
    try:
        size = path.stat().st_size
        if size <= MOST and path.is_file():
            with path.open("rb") as handle:
                while len(data) <= MOST and (piece := handle.read(PIECE)):
                    data += piece
                    progress(len(data) // 1024, size // 1024, step)
    except OSError as error:
        words = _("“{name}”读不出来：{reason}。没有添加。换一个文件再添。")
        raise UserError(words.format(name=path.name, reason=why(error)), "E-ATTACHMENT") from error
    if size > MOST or len(data) > MOST:
        words = _("“{name}”有 {size} MB，超过 {most} MB，没有添加。压缩或分开后再添。")
        said = words.format(name=path.name, size=f"{size / 1024 / 1024:.1f}", most=MOST // 1024 // 1024)
        raise UserError(said, "E-ATTACHMENT-SIZE")
    if not data:
        words = _("“{name}”是空的，没有添加。换一个文件再添。")
        raise UserError(words.format(name=path.name), "E-ATTACHMENT")
    return bytes(data)


def short_name(name: str) -> str:
    """A name as it is kept: a long one loses its middle, never its ending."""
    name = clean_text(name) or "—"
    if len(name) <= LONGEST:
        return name
    ending = Path(name).suffix[:20]
    return f"{name[: LONGEST - len(ending) - 1]}…{ending}"


def read(db: Database, attachment_id: uuid.UUID) -> tuple[Attachment, bytes]:
    """A file as it was put in, for who may hand data out.

    UserError where its bytes are no longer those, Conflict where it is gone.
    """
    require(db, "data.export")
    with db.reading() as session:
        found = session.get(Attachment, attachment_id)
        data = session.scalar(select(_content.c.data).where(_content.c.attachment_id == attachment_id))
    if found is None:
        raise Conflict(_("这个附件已被删除。请刷新。"), "E-GONE")
    if not isinstance(data, bytes) or hashlib.sha256(data).hexdigest() != found.sha256:
        words = _(
            "附件“{name}”的内容与添加时的校验值不符，没有打开，其他数据不受影响。从备份恢复，或请经办人重新添加。"
        )
        raise UserError(words.format(name=found.name), "E-ATTACHMENT-HASH")
    return found, data


def write_out(db: Database, attachment_id: uuid.UUID) -> Path:
    """A copy that only this person can read, to be looked at; those of an earlier day go. Raises as `read`.

    What an earlier version kept may be of any kind: ask `rules.paper_kinds` before it is opened.
    """
    found, data = read(db, attachment_id)
    return shown_copy(found.name, data)


def shown_copy(name: str, data: bytes) -> Path:
    """A copy of these bytes under that name, which only this person can read. UserError where there is no place."""
    try:
        folder = paths.own_folder(paths.data_dir() / "attachments")
        _forget_old(folder)
        place = paths.own_folder(folder / uuid.uuid4().hex)
        path = place / _safe(name)
        with open(path, "xb", opener=privately) as handle:
            handle.write(data)
    except OSError as error:
        words = _("附件“{name}”没有打开：{reason}。数据库里的附件没有变。腾出空间后再试。")
        raise UserError(words.format(name=name, reason=why(error)), "E-ATTACHMENT") from error
    return path


def _safe(name: str) -> str:
    """A name that every file system takes and that leads nowhere else."""
    kept = "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in name).strip(". ")
    ending = Path(kept).suffix[:20]
    return f"{Path(kept).stem[:60] or '_'}{ending}"


def _forget_old(folder: Path) -> None:
    for place in folder.iterdir():
        with suppress(OSError):  # somebody still looks at it
            if place.stat().st_mtime < time.time() - SHOWN_FOR:
                for file in place.iterdir():
                    os.unlink(file)
                place.rmdir()


def remove(db: Database, attachment_id: uuid.UUID, reason: str = "") -> None:
    """Take a file away; of a signed deal only with a reason. Raises UserError, Conflict."""
    with writing(db, "deals.edit", reason=reason) as writer:
        rows = writer.rows(_attachment, [attachment_id])
        if not rows:
            raise Conflict(_("这个附件已被删除。请刷新。"), "E-GONE")
        deal = writer.session.get_one(Deal, rows[attachment_id]["deal_id"])
        if not clean_text(reason) and ever_signed(writer.session, [deal.id]):
            raise UserError(_("已签约项目的附件，移除要写明原因，数据未变。"), "E-REASON")
        writer.delete(_attachment, attachment_id, rows[attachment_id])
