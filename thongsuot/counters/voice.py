"""What the loudspeaker of a hall says, and the sound of it after a chime: recorded clips when all that are needed are there
(queries.voices), else a synthetic voice.

Numbers are spelled by us: espeak-ng reads 15 as "mười năm". It runs as a program of its own (GPL), and only when it is
installed; without it there is a chime alone, and the board shows the number.
"""

from __future__ import annotations

import functools
import io
import math
import shutil
import struct
import subprocess
import tempfile
import wave
from collections.abc import Iterable
from pathlib import Path

from thongsuot.kernel.spelling import spelled

PROGRAM = "espeak-ng"
RATE = 22_050  # samples a second, 16 bits, one channel: what espeak-ng makes
WORDS_A_MINUTE = 140
GIVE_UP = 5.0  # seconds
KEPT = 64  # announcements per process: a few boards of one hall ask for the same one

# How letters are said, A to Z.
_LETTERS = (
    *("a", "bê", "xê", "đê", "e", "ép", "giê", "hát", "i", "gi", "ca", "e-lờ", "em-mờ"),
    *("en-nờ", "o", "pê", "quy", "e-rờ", "ét-xì", "tê", "u", "vê", "vê-kép", "ích-xì", "i-dài", "dét"),
)


def announcement(letter: str, number: int, counter: int) -> str:
    """Mời số A, mười lăm, đến quầy số ba."""
    return f"Mời số {letter}, {spelled(number)}, đến quầy số {spelled(counter)}."


def _spoken(letter: str, number: int, counter: int) -> str:
    return announcement(letter, number, counter).replace(f"số {letter},", f"số {_LETTERS[ord(letter) - ord('A')]},", 1)


# Clips of a recorded voice: what each says, by the name of its file. Words that differ by their marks alone are told apart.
WORDS = {
    "không": "khong",
    "một": "mot",
    "hai": "hai",
    "ba": "ba",
    "bốn": "bon",
    "năm": "nam",
    "sáu": "sau",
    "bảy": "bay",
    "tám": "tam",
    "chín": "chin",
    "mười": "muoi",
    "mươi": "muoi-chuc",
    "mốt": "mot-cuoi",
    "lăm": "lam",
    "linh": "linh",
    "trăm": "tram",
    "nghìn": "nghin",
}
FIRST, LAST = "moi-so", "den-quay-so"
PIECES: dict[str, str] = {
    FIRST: "Mời số",
    LAST: "đến quầy số",
    **{f"chu-{chr(ord('a') + place)}": said for place, said in enumerate(_LETTERS)},
    **{name: word for word, name in WORDS.items()},
}


def pieces(letter: str, number: int, counter: int) -> list[str]:
    """Names of the clips that say it, in order."""
    of_number, of_counter = ([WORDS[word] for word in spelled(one).split()] for one in (number, counter))
    return [FIRST, f"chu-{letter.lower()}", *of_number, LAST, *of_counter]


def can_speak() -> bool:
    return shutil.which(PROGRAM) is not None


class Silent(Exception):
    """There is no voice, or it failed this time."""


def sound(letter: str, number: int, counter: int) -> bytes:
    """A WAV file: the chime, then the announcement if there is a voice."""
    try:
        said = _synthetic(_spoken(letter, number, counter))
    except Silent:
        said = b""
    return _wave([chime(), said])


@functools.lru_cache(maxsize=KEPT)
def _synthetic(text: str) -> bytes:
    """Samples of the synthetic voice. Raises Silent."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise Silent
    with tempfile.TemporaryDirectory(prefix="thongsuot-voice-") as folder:
        target = Path(folder) / "said.wav"
        asked = [program, "-v", "vi", "-s", str(WORDS_A_MINUTE), "-w", str(target), "--stdin"]
        try:
            subprocess.run(asked, input=text.encode(), check=True, capture_output=True, timeout=GIVE_UP)
            with wave.open(str(target), "rb") as said:
                if (said.getframerate(), said.getsampwidth(), said.getnchannels()) != (RATE, 2, 1):
                    raise Silent
                return said.readframes(said.getnframes())
        except (OSError, subprocess.SubprocessError, wave.Error) as reason:
            raise Silent from reason


def together(clips: Iterable[bytes], *, rate: int) -> bytes:
    """A WAV file: the chime, then clips of 16 bits and one channel, one after another."""
    return _wave([chime(rate), *clips], rate=rate)


def _wave(parts: Iterable[bytes], *, rate: int = RATE) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(b"".join(parts))
    return made.getvalue()


@functools.cache
def chime(rate: int = RATE) -> bytes:
    """Two soft falling tones, a third apart: 0.9 s that make people look up."""
    return _tone(659.3, 0.4, rate) + _tone(523.3, 0.5, rate)


def _tone(hertz: float, seconds: float, rate: int) -> bytes:
    count = int(rate * seconds)
    fading = (math.exp(-4 * at / count) * min(1.0, at / 200) for at in range(count))
    return b"".join(
        struct.pack("<h", int(9_000 * loud * math.sin(2 * math.pi * hertz * at / rate))) for at, loud in enumerate(fading)
    )
