"""A recorded voice as it comes: a ZIP of WAV files with fixed names, in one format. Read within limits, whole or not at all."""

from __future__ import annotations

import io
import wave
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thongsuot.counters.voice import PIECES
from thongsuot.files.zips import BROKEN_ZIP

MEGABYTE = 2**20
ZIP_AT_MOST, CLIP_AT_MOST, FILES_AT_MOST = 12 * MEGABYTE, MEGABYTE, 200
RATES = (8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
NAMED_AT_MOST = 5  # wrong names that are told


class UnusableClips(ValueError):
    """Its words say what is wrong, for a person."""


@dataclass(frozen=True, kw_only=True)
class Clips:
    """Samples by name; 16 bits, one channel, so many a second."""

    rate: int
    samples: dict[str, bytes]


def read(content: bytes) -> Clips:
    """Raises UnusableClips."""
    if len(content) > ZIP_AT_MOST:
        raise UnusableClips(_("Tệp nặng hơn %(most)s MB. Hãy cắt khoảng lặng hoặc giảm tần số lấy mẫu.") % {"most": 12})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            files = [one for one in packed.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
            if len(files) > FILES_AT_MOST:
                raise UnusableClips(_("Tệp ZIP có quá nhiều tệp. Chỉ gói các đoạn ghi âm có tên trong danh sách."))
            names = [_name(one.filename) for one in files]
            _must_be_known(names)  # before anything is unpacked: so there are no more of them than pieces
            found = [(_name(one.filename), _bounded(packed, one)) for one in files]
    except UnusableClips:
        raise
    except BROKEN_ZIP:
        raise UnusableClips(_("Không đọc được tệp ZIP. Hãy gói lại các tệp WAV rồi gửi, không đặt mật khẩu.")) from None
    samples, rates = {}, set()
    for name, said in found:
        rate, samples[name] = _samples(name, said)
        rates.add(rate)
    if len(rates) > 1:
        raise UnusableClips(_("Các đoạn ghi âm khác tần số lấy mẫu. Hãy xuất tất cả cùng một tần số, ví dụ 22050 Hz."))
    return Clips(rate=rates.pop(), samples=samples)


def _must_be_known(names: Sequence[str]) -> None:
    unknown = sorted({name for name in names if name not in PIECES})
    if unknown:
        named = ", ".join(unknown[:NAMED_AT_MOST])
        raise UnusableClips(_("Tên tệp không có trong danh sách: %(names)s. Hãy đặt đúng tên.") % {"names": named})
    if not names:
        raise UnusableClips(_("Tệp ZIP không có đoạn ghi âm nào. Hãy gói các tệp WAV đặt tên theo danh sách."))
    if len(set(names)) < len(names):
        raise UnusableClips(_("Có hai tệp cùng tên trong ZIP. Hãy để mỗi đoạn một tệp."))


def _name(path: str) -> str:
    """chu-a of tieng/CHU-A.wav; another ending stays and is unknown."""
    return path.rsplit("/", 1)[-1].lower().removesuffix(".wav")[:60]


def _bounded(packed: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    """What a header says of its size is not believed."""
    with packed.open(one) as opened:
        said = opened.read(CLIP_AT_MOST + 1)
    if len(said) > CLIP_AT_MOST:
        raise UnusableClips(_("Đoạn %(name)s quá dài. Mỗi đoạn chỉ một từ, nhiều nhất 1 MB.") % {"name": _name(one.filename)})
    return said


def _samples(name: str, content: bytes) -> tuple[int, bytes]:
    try:
        with wave.open(io.BytesIO(content)) as said:
            rate, width, channels = said.getframerate(), said.getsampwidth(), said.getnchannels()
            frames = said.readframes(said.getnframes())
    except (wave.Error, EOFError, RuntimeError):  # RuntimeError: a chunk longer than the file
        raise UnusableClips(_("Đoạn %(name)s không phải WAV (PCM). Hãy xuất lại dạng WAV.") % {"name": name}) from None
    if (width, channels) != (2, 1) or rate not in RATES:
        wanted = {"name": name}
        raise UnusableClips(_("Đoạn %(name)s cần là WAV 16 bit, một kênh, tần số từ 8000 đến 48000 Hz.") % wanted)
    if not frames:
        raise UnusableClips(_("Đoạn %(name)s không có tiếng. Hãy ghi lại.") % {"name": name})
    return rate, frames
