"""Draw every screen and dialog of the sample expo into PNG files, and find text that does not fit its place.

    python packaging/shots.py DIR               all: zh_CN and English, light and dark, 1440×900 and 1366×768
    python packaging/shots.py DIR --quick       one of each
    python packaging/shots.py DIR --only desk   those whose name begins so (may be given again)
    python packaging/shots.py DIR --language en --theme dark --size 1366x768
    python packaging/shots.py resources/help/pictures --guide      the pictures of README and user guide

Exit status 1 when some text is clipped (listed on standard output), 2 when a picture could not be drawn.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SIZES = {"1440x900": (1440, 900), "1366x768": (1366, 768)}
LANGUAGES, THEMES = ("zh_CN", "en"), ("light", "dark")
GUIDE = {
    "home": ("home", "light"), "exhibitors": ("exhibitors-panel", "light"), "booths": ("booths-panel", "light"),
    "programme": ("programme", "light"), "desk-admitted": ("desk-admitted", "light"),
    "desk-again": ("desk-again", "light"), "deals": ("deals", "light"), "palette-dark": ("dialog-palette", "dark"),
    "import-columns": ("dialog-import-mapping", "light"), "import-values": ("dialog-import-values", "light"),
    "import-rows": ("dialog-import-plan", "light"), "contracts": ("contracts-panel", "light"),
    "statistics": ("statistics", "light"), "press": ("statistics-press", "light"),
    "auction-console": ("console-bidding", "light"), "auction-projector": ("hall-called", "light"),
    "auction-cashier": ("cashier-serving", "light"), "auction-checklist": ("auction-checklist", "light"),
    "roadshow": ("roadshow-scoring", "light"), "matching": ("matching-suggestions", "light"),
    "meetings": ("meetings-panel", "light"), "timetable": ("timetable", "light"),
    "voucher-use": ("vouchers-form", "light"),
    "settlement": ("15-settlement", "light"),
    "tenant": ("tenant-page", "light"),
    "alliances": ("alliances", "light"),
}  # fmt: skip
"""Pictures of the guide: file name → scene and theme; in Chinese, 1440×900."""
COLOURS = 256


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="scenes whose name begins so")
    parser.add_argument("--quick", action="store_true", help="zh_CN, light, 1440x900")
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--theme", choices=THEMES, action="append")
    parser.add_argument("--size", choices=list(SIZES), action="append")
    parser.add_argument("--no-pictures", action="store_true", help="look for clipped text, keep no pictures")
    parser.add_argument("--pages", action="store_true", help="no settings, no forms: the scenes people see first")
    parser.add_argument("--guide", action="store_true", help="the pictures of README and user guide, and no others")
    parser.add_argument("--list", action="store_true", help="name the scenes and draw nothing")
    given = parser.parse_args()
    first = 1 if given.quick else None
    given.language = given.language or LANGUAGES[:first]
    given.theme = given.theme or THEMES[:first]
    given.size = given.size or list(SIZES)[:first]
    return given


def main() -> int:
    """Draw what was asked for; the exit status."""
    given = arguments()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="shots-", ignore_cleanup_errors=True) as home:
        os.environ["EXPO_HOME"] = home
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        import scenes
        import stage

        wanted = [s for s in scenes.scenes() if not given.only or s.name.startswith(tuple(given.only))]
        wanted = [s for s in wanted if not given.pages or s.is_first]
        if given.list:
            print("\n".join(scene.name for scene in wanted))
            return 0
        app = stage.calm()
        source = stage.build(Path(home), stage.ALL if given.guide else stage.FEW)
        if given.guide:
            guide(source, Path(home), given.folder)
            return 0
        clips, failed, drawn = set(), 0, 0
        for look in given.theme:
            for language in given.language:
                for size in given.size:
                    set_up = stage.Stage(source, Path(home, f"{language}-{look}-{size}"), language, look, SIZES[size])
                    set_up.open()
                    for scene in wanted:
                        name = f"{scene.name}.{language}.{look}.{size}"
                        found = draw(set_up, scene, given.folder / f"{name}.png", not given.no_pictures)
                        drawn += found is not None
                        failed += found is None
                        new = {(scene.name.partition("-")[0], str(clip)) for clip in found or ()} - clips
                        clips |= new
                        for _scene, words in sorted(new):
                            print(f"clipped  {name}: {words}")
                    set_up.close()
        app.quit()
    print(f"{drawn} pictures, {len(clips)} clipped texts, {failed} failed")
    return 2 if failed else 1 if clips else 0


def guide(source: Path, home: Path, folder: Path) -> None:
    """The pictures of the guide, in few colours: they travel with the program."""
    import scenes
    from PIL import Image
    from stage import Stage

    known = {scene.name: scene for scene in scenes.scenes()}
    for look in THEMES:
        set_up = Stage(source, home / look, "zh_CN", look, SIZES["1440x900"])
        set_up.open()
        for name, (scene, theme) in GUIDE.items():
            if theme == look and draw(set_up, known[scene], folder / f"{name}.png", True) is not None:
                with Image.open(folder / f"{name}.png") as picture:
                    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
                few.save(folder / f"{name}.png", optimize=True)
        set_up.close()


def draw(stage: object, scene: object, path: Path, keep: bool) -> list[object] | None:
    """One picture and what is clipped in it; None (and the reason on standard error) where it cannot be drawn."""
    from clipped import clips_in, fixed_too_small, painted
    from stage import LONG, QUIET

    try:
        window = scene.draw(stage) or stage.window  # type: ignore[attr-defined]
        for quiet in (LONG,) if keep else (QUIET, LONG):  # what a timer was about to change is no clipped text
            stage.settle(quiet)  # type: ignore[attr-defined]
            with painted() as found:
                picture = window.grab()
            found += clips_in(window) + fixed_too_small(window)
            if not found:
                break
        if keep:
            picture.save(str(path))
    except Exception:  # noqa: BLE001  one picture must not keep the others from being drawn
        print(f"failed   {path.stem}", file=sys.stderr)
        traceback.print_exc()
        return None
    finally:
        stage.clear()  # type: ignore[attr-defined]
        stage.freeze()  # type: ignore[attr-defined]
    return found


if __name__ == "__main__":
    sys.exit(main())
