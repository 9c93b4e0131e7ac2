"""What a photograph tells of itself: where, when, by what, and whether a person should look twice."""

from __future__ import annotations

import io
import random
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.feedback.pictures import (
    Position,
    Sign,
    fingerprint,
    public_copy,
    read_photo,
)
from thongsuot.feedback.pictures.facts import SIGN_WORDS
from thongsuot.feedback.tests.photos import (
    PLAIN,
    SMALL,
    exif,
    jpeg,
    looping_exif,
    placed_exif,
    png,
    segments,
    with_app1,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")


def test_a_phones_photograph_says_where_and_when():
    facts = read_photo(jpeg(exif=exif(orientation=6)))

    assert (facts.width, facts.height, facts.orientation) == (480, 640, 6)
    assert facts.position == Position(10.775033, 106.695117)
    assert (facts.taken, facts.taken_offset) == (datetime(2026, 7, 1, 1, 30, tzinfo=UTC), True)
    assert (facts.software, facts.signs) == ("", ())
    assert "mẫu" not in repr(facts)


def test_an_open_file_is_read_from_its_start_and_left_open():
    file = io.BytesIO(jpeg(exif=exif()))
    file.read()

    assert read_photo(file).position is not None
    assert fingerprint(file) == fingerprint(file.getvalue())
    assert public_copy(file) == public_copy(file.getvalue())
    assert not file.closed


@pytest.mark.parametrize(
    "written",
    [
        {"place": (((0, 1), (0, 1), (0, 1)), ((0, 1), (0, 1), (0, 1)))},
        {"place": (((0, 0), (0, 0), (0, 0)), ((0, 0), (0, 0), (0, 0)))},
        {"place": (((10, 0), (46, 1), (3, 1)), ((106, 1), (41, 1), (42, 1)))},
        {"place": (((91, 1), (0, 1), (0, 1)), ((106, 1), (41, 1), (42, 1)))},
        {"place": (((90, 1), (0, 1), (1, 1)), ((106, 1), (41, 1), (42, 1)))},
        {"place": (((10, 1), (60, 1), (0, 1)), ((106, 1), (41, 1), (42, 1)))},
        {"place": (((10, 1), (46, 1), (3, 1)), ((180, 1), (41, 1), (42, 1)))},
        {"sides": ("?", "E")},
        {"sides": ("E", "N")},
        {"gps": {}},
        {"gps": {1: "N", 3: "E"}},
    ],
)
def test_a_place_that_makes_no_sense_is_no_place(written):
    assert read_photo(jpeg(exif=exif(**written))).position is None


@pytest.mark.parametrize(
    "place",
    [
        [(1, 2, b"N\0"), (2, 2, b"10.7\0"), (3, 2, b"E\0"), (4, 2, b"106.6\0")],
        [(1, 7, b"\xff"), (2, 7, b"\xff\xfe"), (3, 3, struct.pack("<H", 9)), (4, 3, struct.pack("<H", 7))],
        [(1, 2, b"N\0"), (2, 5, struct.pack("<II", 10, 1) * 9), (3, 2, b"E\0"), (4, 12, struct.pack("<d", 1.0) * 4)],
    ],
    ids=["words for numbers", "bytes and whole numbers", "too many parts"],
)
def test_a_place_of_other_types_than_the_standards_is_no_place(place):
    """As no library would write it, and some telephone does."""
    assert read_photo(with_app1(placed_exif(*place))).position is None


def test_a_place_written_by_hand_is_read_so_that_the_wrong_ones_prove_something():
    ten, hundred = struct.pack("<II", 10, 1), struct.pack("<II", 106, 1)
    rest = struct.pack("<II", 0, 1) * 2
    place = placed_exif((1, 2, b"N\0"), (2, 5, ten + rest), (3, 2, b"E\0"), (4, 5, hundred + rest))
    assert read_photo(with_app1(place)).position == Position(10.0, 106.0)


def test_south_and_west_are_negative_and_a_receiver_without_a_fix_is_not_believed():
    assert read_photo(jpeg(exif=exif(sides=("S", "W")))).position == Position(-10.775033, -106.695117)
    void = exif()
    void.get_ifd(0x8825)[9] = "V"
    assert read_photo(jpeg(exif=void)).position is None


@pytest.mark.parametrize(
    ("taken", "offset", "instant"),
    [
        ("2026:07:01 08:30:00", None, datetime(2026, 7, 1, 1, 30, tzinfo=UTC)),
        ("2026:07:01 08:30:00", "+09:00", datetime(2026, 6, 30, 23, 30, tzinfo=UTC)),
        ("2026:07:01 08:30:00", "+99:00", datetime(2026, 7, 1, 1, 30, tzinfo=UTC)),
        ("0000:00:00 00:00:00", None, None),
        ("2026:02:30 08:30:00", None, None),
        ("1970:01:01 00:00:00", None, None),
        ("hôm qua", None, None),
        ("", "+07:00", None),
    ],
)
def test_the_instant_is_the_shutters_and_vietnamese_time_without_an_offset(taken, offset, instant):
    facts = read_photo(jpeg(exif=exif(taken=taken, offset=offset)))

    assert facts.taken == instant
    assert facts.taken_offset is (instant is not None and offset == "+09:00")


@pytest.mark.parametrize(
    ("content", "sign"),
    [
        (lambda: jpeg(exif=exif(software="Adobe Photoshop 25.1 (Windows)")), Sign.EDITED),
        (lambda: jpeg(exif=exif(software="Snapseed 2.0")), Sign.EDITED),
        (lambda: jpeg(exif=exif(), xmp=b"<x:xmpmeta><photoshop:History/></x:xmpmeta>"), Sign.EDITED),
        (lambda: jpeg(exif=exif(), xmp=b"<x:xmpmeta>trainedAlgorithmicMedia</x:xmpmeta>"), Sign.MADE_BY_MACHINE),
        (lambda: jpeg(exif=exif(comment=b"ASCII\0\0\0Screenshot")), Sign.SCREENSHOT),
        (png, Sign.SCREENSHOT),
        (jpeg, Sign.NO_CAMERA),
        (
            lambda: jpeg(exif=exif())[:2] + b"\xff\xed\0\x18Photoshop FBMD01000a90" + jpeg(exif=exif())[2:],
            Sign.FROM_THE_NET,
        ),
    ],
)
def test_signs_for_a_person_to_look_twice(content, sign):
    assert sign in read_photo(content()).signs
    assert str(SIGN_WORDS[sign]).endswith(".")


def test_what_an_editor_is_called_is_told_what_a_phone_is_called_is_not():
    assert read_photo(jpeg(exif=exif(software="Adobe Photoshop 25.1"))).software == "Photoshop"
    facts = read_photo(jpeg(exif=exif(software="A536BXXU9DWK1")))
    assert (facts.software, facts.signs) == ("", ())


@pytest.mark.parametrize(
    "broken",
    [
        looping_exif(),
        b"",
        b"II*\0",
        b"MM\0*\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\xff\xff" + b"\x25\x88\4\0\1\0\0\0\x08\0\0\0" * 50,
    ],
)
def test_broken_exif_is_no_exif(broken):
    content = with_app1(broken)

    facts = read_photo(content)

    assert (facts.position, facts.taken, facts.orientation) == (None, None, 1)
    assert segments(public_copy(content)) == PLAIN
    assert fingerprint(content) == fingerprint(jpeg())


@given(st.integers(0, 2**32), st.integers(1, 24), st.integers(0, 400))
def test_whatever_becomes_of_exif_nothing_rises_and_a_place_is_on_earth(seed, changes, cut):
    chance, payload = random.Random(seed), bytearray(exif(software="Canva", comment=b"x").tobytes()[6:])  # noqa: S311 - drawings
    for _each in range(changes):
        payload[chance.randrange(len(payload))] = chance.choice(
            [0, 1, 2, 5, 8, 0x25, 0x69, 0x87, 0x88, 0xFF, chance.randrange(256)]
        )
    content = with_app1(bytes(payload[: len(payload) - cut] if cut < 200 else payload), SMALL)

    facts = read_photo(content)

    assert facts.position is None or (abs(facts.position.latitude) <= 90 and abs(facts.position.longitude) <= 180)
    assert facts.orientation in range(1, 9)
    assert segments(public_copy(content)) == PLAIN
