"""`checkin`: codes or numbers of badges on standard input, one line each, and one verdict per line."""

from __future__ import annotations

import codecs
import logging
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from expo_app.areas.registration import Verb
from expo_app.cli_output import Output, columns
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import Direction
from expo_app.rules import badge_code
from expo_app.rules.badge_code import RAW_LENGTH
from expo_app.services.expos import ExpoInfo
from expo_app.store.database import Database
from expo_app.store.faults import passes

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from expo_app.services.checkin import OpenDesk, Scan

log = logging.getLogger(__name__)
LONGEST = 65_536
"""Bytes of one line that are looked at; what follows them is passed over."""
PATIENCE = 0.9
"""Seconds for which a scan is tried again: its last try may take another one, where a server says nothing."""
PROBE = 0.5
"""Seconds between two looks whether the database can be written again."""


@dataclass(frozen=True)
class Reading:
    """A line as it was given; `is_cut`: it was longer than any code, the rest of it was dropped."""

    text: str
    is_cut: bool = False


def readings(stream: BinaryIO) -> Iterator[Reading]:
    """Every line, empty ones included, whatever bytes it holds; of UTF-16 too, as Windows programs write it."""
    raw = stream.readline(LONGEST)
    encoding = _encoding(raw)
    while raw:
        text = _line(stream, raw, "\n".encode(encoding)).decode(encoding, errors="replace")
        text = text.removeprefix("\ufeff").removesuffix("\n").removesuffix("\r")
        yield Reading(text[:RAW_LENGTH], len(text) > RAW_LENGTH)
        raw = stream.readline(LONGEST)


def _encoding(raw: bytes) -> str:
    """What the first bytes of a file of codes say: its mark, or a zero byte beside each of its first characters."""
    for name, mark in (("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)):
        zeros, others = (raw[1::2], raw[0::2]) if name == "utf-16-le" else (raw[0::2], raw[1::2])
        if raw.startswith(mark) or (len(raw) > 2 and not any(zeros) and all(others)):
            return name
    return "utf-8"


def _line(stream: BinaryIO, raw: bytes, end: bytes) -> bytes:
    """A line of which `raw` was read: its beginning, the rest of a long one is passed over."""
    kept = tail = raw
    length, more = len(raw), raw
    while more and not (tail.endswith(end) and length % len(end) == 0):
        more = stream.read(1) if length % len(end) else stream.readline(LONGEST)
        length, tail = length + len(more), (tail + more)[-len(end) :]
        kept += more if len(kept) < LONGEST else b""
    return kept


@dataclass(frozen=True)
class NotKept:
    """The final answer to a line that could not be kept, and why; nothing of it is stored later."""

    scan_id: uuid.UUID
    reason: str
    at: datetime


def scan(desk: OpenDesk, reading: Reading, at: datetime | None) -> Scan | NotKept:
    """The verdict on one line. A badge number is its holder, as at the desk of the window; tried again for a moment."""
    text = f"{reading.text}…" if reading.is_cut else reading.text  # what was cut off is no code, whatever is left
    scan_id, give_up = desk.new_id(), time.monotonic() + PATIENCE
    while True:
        try:
            return _once(desk, text, at, scan_id)
        except UserError as problem:
            if passes(problem) and time.monotonic() < give_up:
                time.sleep(0.02)
                continue
            return NotKept(scan_id, str(problem), desk.local_now(at))
        except Exception:  # whatever it was, the next line is judged
            log.exception("a line could not be kept")
            return NotKept(scan_id, _("程序出了意外，这一次没有保存。请再扫一次。"), desk.local_now(at))


def _once(desk: OpenDesk, text: str, at: datetime | None, scan_id: uuid.UUID) -> Scan:
    act = desk.check_in if badge_code.badge_no(text) is None else desk.admit_number
    return act(text, at, scan_id)


def line(answer: Scan | NotKept) -> str:
    """A verdict as a person reads it; the same code read twice at once says so."""
    if isinstance(answer, NotKept):
        return columns(_("没有保存"), "", "", answer.reason)
    said = _("读头重复，没有再记") if answer.bounce else answer.reason
    return columns(answer.verdict.label, answer.name, answer.badge_no, said)


def values(reading: Reading, answer: Scan | NotKept, direction: Direction) -> dict[str, Any]:
    """A verdict as JSON has it; `code` is what was read, `cut` whether only its beginning."""
    if isinstance(answer, NotKept):
        return {
            "code": reading.text, "cut": reading.is_cut, "verdict": "not_kept", "direction": direction.name.lower(),
            "name": "", "organisation": "", "category": None, "category_name": None, "badge_no": "",
            "reason": answer.reason, "at": answer.at.isoformat(), "first_at": None, "first_desk": None, "bounce": False,
        }  # fmt: skip
    return {
        "code": reading.text,
        "cut": reading.is_cut,
        "verdict": answer.verdict.name.lower(),
        "direction": answer.direction.name.lower(),
        "name": answer.name,
        "organisation": answer.organisation,
        "category": answer.category.key if answer.category else None,
        "category_name": answer.category.label if answer.category else None,
        "badge_no": answer.badge_no,
        "reason": answer.reason,
        "at": answer.at.isoformat(),
        "first_at": answer.first_at.isoformat() if answer.first_at else None,
        "first_desk": answer.first_desk or None,
        "bounce": answer.bounce,
    }


def _run(args: Namespace, output: Output, db: Database, expo: ExpoInfo) -> int:
    """One verdict per line, written only after its commit; status 1 where a line was not kept."""
    from expo_app.services import checkin

    try:
        at = _moment(args.at, expo) if args.at else None
        way = Direction[args.direction.upper()] if args.direction else None
        desk = checkin.open_desk(db, expo.id, args.desk, args.gate, way)
        lost = Lost(db, desk, output)
        try:
            for reading in readings(sys.stdin.buffer if sys.stdin else BytesIO()):
                answer = scan(desk, reading, at)
                _tell_jump(desk, output)
                lost.look(answer)
                output.say(line(answer))
                output.value(values(reading, answer, desk.direction))
        finally:
            lost.end()
            desk.close()
    except KeyboardInterrupt:
        raise UserError(_("已停止。显示了结果的签到都已保存，标明没有保存的除外。"), "E-STOPPED") from None
    return 1 if lost.any else 0


def _tell_jump(desk: OpenDesk, output: Output) -> None:
    """The computer's clock was set: said once; the gate counts on by its own until it is started anew."""
    if desk.clock is not None and desk.clock.jump is not None:
        zone, jump = desk.post.zone, desk.clock.jump
        words = _("电脑的时钟变了：应是 {kept}，它却说 {machine}。签到仍按 {kept} 计；要按电脑的时间计，请重新运行。")
        if not jump.is_kept:
            words = _("有一次扫描记在 {kept}，电脑却说现在是 {machine}。签到按电脑的时间计；电脑不对的话，请先校准。")
        kept, machine = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (jump.kept, jump.machine))
        output.problem(words.format(kept=kept, machine=machine))
        if jump.is_kept:
            desk.clock.stay()
        else:
            desk.clock.follow()


class Lost:
    """What was not kept: it is made sure that it stays so, and said when the database can be written again."""

    def __init__(self, db: Database, desk: OpenDesk, output: Output) -> None:
        self._db, self._desk, self._output = db, desk, output
        self._unsure: list[uuid.UUID] = []
        self._ended, self._watch = threading.Event(), threading.Thread()
        self._lock = threading.Lock()
        self.any = self._is_away = False

    def look(self, answer: Scan | NotKept) -> None:
        """Take note of an answer before it is given."""
        if isinstance(answer, NotKept):
            self.any = self._is_away = True
            self._unsure.append(answer.scan_id)
            if not self._watch.is_alive():
                self._watch = threading.Thread(target=self._wait_until_back, daemon=True)
                self._watch.start()
        else:
            self._say_back()
            self._make_sure()

    def _say_back(self) -> None:
        """Once, by whoever notices first: the thread that asks, or a line that was kept."""
        with self._lock:
            is_news, self._is_away = self._is_away, False
        if is_news:
            self._output.problem(_("back：数据库又能写入了，接着签到。没有保存的请再扫一次。"))

    def _make_sure(self) -> None:
        """A server may have finished what it gave no answer to: that is taken out again."""
        while self._unsure:
            try:
                self._desk.forget(self._unsure[0])
            except UserError:
                return  # away again: the next time
            except Exception:
                log.exception("it is not sure that a line is not kept")
                return
            self._unsure.pop(0)

    def _wait_until_back(self) -> None:
        line = self._db.connection_for_desk()
        while self._is_away and not self._ended.wait(PROBE):
            try:
                self._desk.say_here(line)
            except UserError:
                continue
            except Exception:
                log.exception("nothing says when the database can be written again")
                break
            self._say_back()
        line.close()

    def end(self) -> None:
        """No more lines come."""
        self._ended.set()
        if self._watch.is_alive():
            self._watch.join(PROBE + PATIENCE)
        self._make_sure()


def _moment(text: str, expo: ExpoInfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if not 1900 <= at.year <= 2999:
            raise ValueError(text)
    except ValueError:
        words = _("“{text}”不是时刻，应如 {day}T10:42。").format(text=text, day=expo.starts_on)
        raise UserError(words, "E-TIME") from None
    return at if at.tzinfo else at.replace(tzinfo=expo.zone)


def _options(parser: ArgumentParser, _place: Callable[[str], Path]) -> None:
    parser.add_argument("--desk", required=True, metavar="NAME", help=_("签到台名称"))
    parser.add_argument("--gate", default="", metavar="NAME", help=_("入口或会场；默认用签到台自己的"))
    parser.add_argument("--direction", choices=("in", "out"), default="", help=_("进 in 或出 out；默认按签到台的设置"))
    parser.add_argument("--at", default="", metavar="TIME", help=_("按此时刻签到，写作“年-月-日T时:分”"))


VERB = Verb(
    "checkin",
    N_("签到：标准输入每行一个胸卡码或证件号，空行也算；标准输出每行一个结果"),
    20,
    _options,
    _run,
    is_last=True,
    example=N_('main.py checkin --desk "南门 01 号台" --db demo/expo.db < codes.txt'),
)
