"""The closing report of a large expo against bare reportlab making as many pages with as many words.

    python tests/bench/bench_reports.py [PEOPLE] [SCANS] [DEALS] [RUNS] [FILE]

10,000 attendees, 300,000 scans and 1,000 deals, made once into FILE. Each run is a process of its own; they are taken
in turns, since a machine's speed drifts. Prints JSON lines: CPU seconds and peak memory of reading alone, of the PDF,
of Word and of the workbook, those of the floor, then the ratio of drawing. The floor loads the same two fonts, draws
the same lines of text at the same places and saves as many pages.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

ENDINGS = ("pdf", "docx", "xlsx")


def say(told: dict[str, object]) -> None:
    print(json.dumps(told, ensure_ascii=False), flush=True)


def fill(path: Path, people: int, scans: int, deals: int) -> None:
    """The made-up expo of this size."""
    from expo_app.store.database import open_database
    from tests import made_trade

    db = open_database(path, create=True)
    made_trade.build(db, deals=deals, people=people, scans=scans)
    db.close()


def ours(path: str, what: str, out: str) -> None:
    """Read alone, or make one file; prints CPU seconds of it and of reading, pages and peak memory."""
    from expo_app.documents.summary import read_closing
    from expo_app.exchange import excel
    from expo_app.reports import closing
    from expo_app.services import expos
    from expo_app.store.database import open_database
    from tests.made_trade import ENDED

    db = open_database(Path(path))
    expo = expos.all_expos(db)[0]
    begin, clock = time.process_time(), time.perf_counter()
    data = read_closing(db, expo.id, ENDED)
    read = time.process_time() - begin
    target = Path(out, f"closing.{what}")
    if what == "xlsx":
        excel.write_tables(target, closing.tables(data), title="closing")
    elif what != "read":
        closing.write(target, data)
    told = {
        "cpu_s": time.process_time() - begin, "read_cpu_s": read, "clock_s": time.perf_counter() - clock,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    db.close()
    sys.stdout.write(json.dumps(told))


def floor(lines: str, out: str) -> None:
    """Bare reportlab: the fonts, every line of text at its place, as many pages."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pages = json.loads(Path(lines).read_text(encoding="utf-8"))
    begin = time.process_time()
    for name in ("Regular", "Bold"):
        pdfmetrics.registerFont(TTFont(name, str(ROOT / f"resources/fonts/NotoSansSC-{name}.ttf")))
    canvas = Canvas(str(Path(out, "floor.pdf")), pageCompression=1)
    for page in pages:
        for at, text in enumerate(page):
            canvas.setFont("Bold" if at % 4 == 0 else "Regular", 8.5)
            canvas.drawString(50 + at % 5 * 100, 800 - at // 5 * 14, text)
        canvas.showPage()
    canvas.save()
    sys.stdout.write(json.dumps({"cpu_s": time.process_time() - begin}))


def run(*arguments: object) -> dict[str, float]:
    """This file in a process of its own: what it prints."""
    command = [sys.executable, __file__, *map(str, arguments)]
    told: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return told


def words_of(path: Path) -> list[list[str]]:
    """Every line of text of every page."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range().splitlines() for page in document]


def main(people: int, scans: int, deals: int, runs: int, path: Path) -> None:
    """Fill the file where it is not there, then each way in turns."""
    if not path.exists():
        # in a process of its own: on Linux a child's peak memory is at least that of its parent
        subprocess.run([sys.executable, __file__, "fill", *map(str, (path, people, scans, deals))], check=True)
    with tempfile.TemporaryDirectory() as folder:
        run("ours", path, "pdf", folder)
        pages = words_of(Path(folder, "closing.pdf"))
        lines = Path(folder, "lines.json")
        lines.write_text(json.dumps(pages), encoding="utf-8")
        found: dict[str, list[dict[str, float]]] = {}
        for _n in range(runs):
            for what in ("read", *ENDINGS):
                found.setdefault(what, []).append(run("ours", path, what, folder))
            found.setdefault("floor", []).append(run("floor", lines, folder))
    medians = {
        what: {name: round(statistics.median(one[name] for one in told), 3) for name in told[0]}
        for what, told in found.items()
    }
    for what, told in medians.items():
        say({"what": what, **told})
    drawn = medians["pdf"]["cpu_s"] - medians["pdf"]["read_cpu_s"]
    say({
        "pages": len(pages), "cpu_s": medians["pdf"]["cpu_s"], "goal_s": 2, "drawing_ratio": round(
            drawn / medians["floor"]["cpu_s"], 2
        ), "peak_mib": medians["pdf"]["peak_mib"], "goal_mib": 200,
    })  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["ours"]:
        ours(*sys.argv[2:])
    elif sys.argv[1:2] == ["fill"]:
        fill(Path(sys.argv[2]), *map(int, sys.argv[3:]))
    elif sys.argv[1:2] == ["floor"]:
        floor(*sys.argv[2:])
    else:
        sizes = [int(text) for text in sys.argv[1:5]] + [10_000, 300_000, 1_000, 3][len(sys.argv[1:5]) :]
        main(*sizes, Path(sys.argv[5]) if len(sys.argv) > 5 else Path(tempfile.mkdtemp(), "large.db"))
