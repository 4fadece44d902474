"""The three sounds of the check-in desk, as plain sine tones: `python packaging/make_sounds.py`.

pass: one short 880 Hz, 90 ms; repeat: two short 660 Hz; reject: one low 220 Hz, 450 ms.
"""

import array
import math
import wave
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "sounds"
RATE, PEAK, EDGE = 44_100, 0.6, 0.008  # samples a second, share of full scale, seconds of fading in and out
SHORT, LONG, PAUSE = 0.09, 0.45, 0.08
SOUNDS = {"pass": [(880, SHORT)], "repeat": [(660, SHORT), (0, PAUSE), (660, SHORT)], "reject": [(220, LONG)]}


def tone(hertz: float, seconds: float) -> list[int]:
    """Samples of one tone, or of silence at 0 Hz."""
    count = round(RATE * seconds)
    edge = RATE * EDGE
    return [
        round(32767 * PEAK * min(1, n / edge, (count - n) / edge) * math.sin(2 * math.pi * hertz * n / RATE))
        for n in range(count)
    ]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, parts in SOUNDS.items():
        samples = array.array("h", [sample for part in parts for sample in tone(*part)])
        with wave.open(str(FOLDER / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())


if __name__ == "__main__":
    main()
