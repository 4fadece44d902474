"""1,000 badges against the floor: reportlab and qrcode drawing a name, a company, a kind and a code on each page.

    python tests/bench/bench_badges.py [N] [RUNS]

Prints JSON lines: each way's CPU seconds (medians of RUNS processes, taken in turns, since a machine's speed drifts)
and peak memory, then the ratio. The goal: at most 1.3 times the floor, and memory that does not grow with the number of
badges beyond the file itself. The floor's code is 16 characters (21 × 21 modules), ours is 28 (25 × 25).
"""

import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红飞鹏辉波斌宇浩凯健俊帆雪琳晨阳欣怡子涵梓萱一诺思远博文"
COMPANIES = (
    "星河智能科技有限公司",
    "量子计算研究院",
    "深海装备股份有限公司",
    "云图机器人（上海）有限公司",
    "华芯微电子",
)
KINDS = (("参展商", "primary"), ("嘉宾", "plum"), ("专业观众", "cat.energy"), ("工作人员", "cat.service"))


def people(count: int) -> list[tuple[str, str, str, tuple[str, str]]]:
    """(code, name, company, kind) of made-up people, the same on every run."""
    draw = random.Random(7)  # noqa: S311
    return [
        (
            "E1" + "".join(draw.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=26)),
            draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2)))),
            draw.choice(COMPANIES),
            draw.choice(KINDS),
        )
        for _number in range(count)
    ]


def floor(count: int) -> int:
    """The bare libraries: one canvas, the font once, the mask given, modules as runs in one operator string."""
    import qrcode
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    mm = 72 / 25.4
    wide, high, left, bottom, side = 148 * mm, 105 * mm, 59 * mm, 10 * mm, 30 * mm
    pdfmetrics.registerFont(TTFont("cjk", str(ROOT / "resources/fonts/NotoSansSC-Regular.ttf")))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(wide, high), pageCompression=1)
    for at, (code, name, company, (kind, _colour)) in enumerate(people(count)):
        for size, y, text in ((24, 75, name), (14, 60, company), (10, 50, kind)):
            canvas.setFont("cjk", size)
            canvas.drawCentredString(wide / 2, y * mm, text)
        drawn = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=3)
        drawn.add_data(f"{code[2:12]}{at:06d}")
        drawn.make()
        scale = side / (len(drawn.modules) + 8)
        runs = " ".join(f"{x} {y} {length} 1 re" for x, y, length in _runs(drawn.modules))
        canvas._code.append(
            f"q {scale:.4f} 0 0 {-scale:.4f} {left + 4 * scale:.3f} {bottom + side - 4 * scale:.3f} cm 0 g\n{runs} f Q"
        )
        canvas.showPage()
    canvas.save()
    return len(out.getvalue())


def _runs(rows: list[list[bool]]):  # type: ignore[no-untyped-def]
    for y, row in enumerate(rows):
        x, length = 0, len(row)
        while x < length:
            if row[x]:
                start = x
                while x < length and row[x]:
                    x += 1
                yield start, y, x - start
            else:
                x += 1


def ours(count: int) -> int:
    """The program's own badges, 90 × 130 mm, onto disk."""
    from expo_app.reports.badges import LAYOUTS, BadgeFace, write

    faces = (
        BadgeFace(
            name=name, organisation=company, title="工程师", category_label=kind[0], category_colour_key=kind[1],
            badge_no=f"KJH18-E-{at:05d}", code=code, sample=True, expo_name="首届长三角科技交易博览会",
            dates_text="2018.11.28–30", venue_text="上海汽车会展中心",
        )
        for at, (code, name, company, kind) in enumerate(people(count))
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "badges.pdf"
        write(path, faces, LAYOUTS["90x130"])
        return path.stat().st_size


def measure(way: str, count: int) -> dict[str, float]:
    """One way in this process: CPU of the drawing alone, after imports and fonts of a first small run."""
    run = {"floor": floor, "ours": ours}[way]
    run(2)
    before = os.times()
    size = run(count)
    after = os.times()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    return {"cpu_s": sum(after[:2]) - sum(before[:2]), "peak_mib": round(peak, 1), "bytes": size}


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
        return
    count, runs = (int(text) for text in (*sys.argv[1:3], *("1000", "5")[len(sys.argv) - 1 :]))
    seen: dict[str, list[dict[str, float]]] = {"floor": [], "ours": []}
    for _run in range(runs):
        for way, results in seen.items():
            command = [sys.executable, __file__, "--one", way, str(count)]
            results.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    medians = {way: statistics.median(result["cpu_s"] for result in results) for way, results in seen.items()}
    for way, results in seen.items():
        row = results[0] | {"cpu_s": round(medians[way], 4)}
        print(json.dumps({"work": f"badges {way}", "n": count, "runs": runs} | row))
    ratio = medians["ours"] / medians["floor"]
    print(json.dumps({"work": "badges ratio", "n": count, "ratio": round(ratio, 3), "goal": 1.3}))


if __name__ == "__main__":
    main()
