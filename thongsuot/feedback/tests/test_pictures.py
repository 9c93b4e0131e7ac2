"""What a photograph tells, what everybody may see of it, whether it was sent before; and what hostile people send instead."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
import zlib
from datetime import UTC, datetime
from itertools import combinations

import pytest
from django.db import connection, models
from django.http import QueryDict
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageEnhance, PngImagePlugin

from thongsuot.feedback.pictures import (
    Box,
    Position,
    Sign,
    blurs_from,
    distance,
    fingerprint,
    mirrored,
    public_copy,
    read_photo,
    rows_of,
    thumbnail,
)
from thongsuot.feedback.pictures.blurs import MOST_BOXES, BlurNotUsable
from thongsuot.feedback.pictures.facts import SIGN_WORDS
from thongsuot.feedback.pictures.fingerprints import NEAR, band_indexes, near_query, near_values
from thongsuot.feedback.tests.photos import exif, jpeg, looping_exif, png, scene, segments, with_app1
from thongsuot.files import actions as files
from thongsuot.files.inspection.refusals import FileBroken, FileTypeRefused, FileUnsafe
from thongsuot.files.models import StoredFile
from thongsuot.files.rules import MEGABYTE, PHOTO_RULE
from thongsuot.files.tests import make as made
from thongsuot.files.views import serve
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import TellPerson

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)
PLAIN = [0xD8, 0xE0, 0xDB, 0xDB, 0xC0, 0xC4, 0xC4, 0xC4, 0xC4, 0xDA]  # JFIF, tables, frame, scan


def shown(content):
    return Image.open(io.BytesIO(content))


def near(a, b, *, within=6):
    return all(abs(one - other) <= within for one, other in zip(a, b, strict=True))


# --- What it says of itself ---


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
        {"gps": {2: "10.7", 1: "N", 4: "106.6", 3: "E"}},
        {"gps": {1: "N", 3: "E"}},
        {"gps": {2: b"\xff\xfe", 1: b"\xff", 4: 7, 3: 9}},
        {"gps": {1: "N", 2: ((10, 1),) * 9, 3: "E", 4: (1.0,) * 4}},
    ],
)
def test_a_place_that_makes_no_sense_is_no_place(written):
    try:
        content = jpeg(exif=exif(**written))
    except (TypeError, ValueError, struct.error):
        pytest.skip("cannot be written")
    assert read_photo(content).position is None


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


SMALL = jpeg(scene(size=(64, 48)))


# --- What everybody may see ---


def marked(size=(640, 480)):
    """Red above, green at the left, blue at the right, white below."""
    picture, (width, height) = Image.new("RGB", size, "grey"), size
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height // 3, width // 3, height), fill="green")
    draw.rectangle((2 * width // 3, height // 3, width, height), fill="blue")
    draw.rectangle((0, 0, width, height // 4), fill="red")
    return picture


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_copy_is_upright_and_says_nothing_but_its_pixels(orientation):
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what of Pillow's transpositions turns it as a camera held so would
    turned = marked().transpose(Image.Transpose(undo[orientation])) if orientation > 1 else marked()
    content = jpeg(turned, exif=exif(orientation=orientation), comment=b"tel 0900 000 000", xmp=b"<x:xmpmeta>Minh</x:xmpmeta>")

    copy = public_copy(content)

    picture = shown(copy)
    assert picture.size == (640, 480)
    assert near(picture.getpixel((320, 20)), (255, 0, 0), within=12)
    assert near(picture.getpixel((20, 400)), (0, 128, 0), within=12)
    assert near(picture.getpixel((620, 400)), (0, 0, 255), within=12)
    assert segments(copy) == PLAIN
    assert not picture.getexif()
    assert set(picture.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_size_falls_to_the_longest_side_and_never_grows():
    assert shown(public_copy(jpeg(scene(size=(4000, 500))))).size == (1600, 200)
    assert shown(public_copy(jpeg(scene()), longest_side=100)).size == (100, 75)
    assert shown(public_copy(jpeg(scene(size=(64, 48))))).size == (64, 48)
    assert max(shown(thumbnail(jpeg(scene()))).size) == 320
    assert shown(public_copy(jpeg(scene(size=(3000, 1))))).size == (1600, 1)


def plate(words, *, size=(640, 480)):
    picture = scene(size=size).copy()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0.40 * size[0], 0.60 * size[1], 0.60 * size[0], 0.70 * size[1]), fill="white")
    draw.text((0.41 * size[0], 0.62 * size[1]), words, fill="black", font_size=0.04 * size[1])
    return picture


PLATE = Box(0.40, 0.60, 0.20, 0.10)


@pytest.mark.parametrize("size", [(640, 480), (2000, 1500)])
@pytest.mark.parametrize("made_by", [jpeg, png])
def test_nothing_of_a_hidden_part_is_left_in_any_copy(size, made_by):
    """Two pictures that differ there alone have the same copy, to the last byte."""
    one, other = (made_by(plate(words, size=size)) for words in ("99A-000.01", "99B-776.54"))

    assert public_copy(one) != public_copy(other)
    assert public_copy(one, blurs=[PLATE]) == public_copy(other, blurs=[PLATE])
    assert thumbnail(one, blurs=[PLATE]) == thumbnail(other, blurs=[PLATE])
    unhidden = shown(public_copy(one)).crop((0, 0, 200, 200))
    assert near(
        ImageChops.difference(unhidden, shown(public_copy(one, blurs=[PLATE])).crop((0, 0, 200, 200))).getextrema()[0], (0, 4)
    )


def test_parts_that_touch_and_parts_at_the_edge_hide_each_other_too():
    boxes = [PLATE, Box(0.3, 0.55, 0.1, 0.2), Box(0, 0, 0.05, 0.05), Box(0.9, 0.9, 0.1, 0.1)]
    one, other = jpeg(plate("99A-000.01")), jpeg(plate("99B-776.54"))

    assert public_copy(one, blurs=boxes) == public_copy(other, blurs=boxes)
    assert public_copy(one, blurs=boxes[::-1]) == public_copy(other, blurs=boxes[::-1])
    whole = [Box(0, 0, 1, 1)]
    assert public_copy(one, blurs=whole) == public_copy(jpeg(scene(9)), blurs=whole)


def test_boxes_are_of_the_upright_picture():
    red = Box(0, 0, 1, 0.2)
    content = jpeg(marked().transpose(Image.Transpose.ROTATE_90), exif=exif(orientation=6))

    picture = shown(public_copy(content, blurs=[red]))

    assert not near(picture.getpixel((320, 40)), (255, 0, 0), within=40)
    assert near(picture.getpixel((20, 400)), (0, 128, 0), within=12)


def test_a_picture_that_says_it_has_a_thumbnail_or_a_second_picture_gives_neither():
    inner = jpeg(plate("99A-000.01", size=(160, 120)))
    hidden = jpeg(exif=exif())[:2] + struct.pack(">BBH", 0xFF, 0xE1, len(inner) + 8) + b"Exif\0\0" + inner + jpeg()[2:]
    out = io.BytesIO()
    scene(1).save(out, format="MPO", save_all=True, append_images=[scene(2)], exif=exif())

    for content in (hidden, out.getvalue()):
        copy = public_copy(content, blurs=[PLATE])
        assert segments(copy) == PLAIN
        assert shown(copy).size == (640, 480)
    assert public_copy(out.getvalue()) == public_copy(jpeg(scene(1), quality=75))


def palette():
    picture = Image.new("P", (40, 30), 1)
    picture.putpalette([200, 0, 0, 0, 200, 0])
    return picture


COLOURS = {
    "grey": (lambda: jpeg(Image.new("L", (40, 30), 120)), (120, 120, 120)),
    "cmyk": (lambda: jpeg(Image.new("CMYK", (40, 30), (0, 255, 255, 0))), (254, 0, 0)),
    "16 bits": (lambda: png(Image.new("I;16", (40, 30), 0x8000)), (128, 128, 128)),
    "palette": (lambda: png(palette(), transparency=1), (255, 255, 255)),
    "opaque palette": (lambda: png(palette()), (0, 200, 0)),
    "transparent": (lambda: png(Image.new("RGBA", (40, 30), (255, 0, 0, 0))), (255, 255, 255)),
    "half": (lambda: png(Image.new("RGBA", (40, 30), (255, 0, 0, 128))), (254, 127, 127)),
    "grey, half": (lambda: png(Image.new("LA", (40, 30), (0, 128))), (127, 127, 127)),
    "one bit": (lambda: png(Image.new("1", (40, 30), 1)), (255, 255, 255)),
    "one colour is nothing": (lambda: png(Image.new("RGB", (40, 30), (1, 2, 3)), transparency=(1, 2, 3)), (255, 255, 255)),
    "a broken profile": (lambda: jpeg(Image.new("RGB", (40, 30), (9, 99, 199)), icc_profile=b"no profile"), (9, 99, 199)),
}


@pytest.mark.parametrize("name", COLOURS)
def test_every_kind_of_colour_becomes_what_a_page_shows(name):
    content, colour = COLOURS[name]
    content = content()

    copy = shown(public_copy(content))

    assert copy.mode == "RGB"
    assert near(copy.getpixel((20, 15)), colour)
    assert read_photo(content).width == 40
    assert fingerprint(content) is None


def test_a_profile_is_followed_and_left_out():
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = Image.new("RGB", (40, 30), (200, 90, 40))

    for profile in (swapped, srgb):
        copy = public_copy(jpeg(picture, icc_profile=profile))
        assert segments(copy) == PLAIN
        assert near(shown(copy).getpixel((20, 15)), (200, 90, 40))


def test_only_the_first_of_moving_pictures():
    out = io.BytesIO()
    scene(1).save(out, format="PNG", save_all=True, append_images=[scene(2), scene(3)], duration=50)

    assert distance(fingerprint(public_copy(out.getvalue())), fingerprint(png(scene(1)))) <= 2


# --- Whether it was sent before ---


def again(picture, how):
    width, height = picture.size
    match how:
        case "smaller":
            return jpeg(picture.resize((width // 2, height // 2)))
        case "quality 40":
            return jpeg(picture, quality=40)
        case "tiny":
            return jpeg(picture.resize((320, 240)), quality=15)
        case "cut":
            return jpeg(picture.crop((round(0.03 * width), 0, width, height)))
        case "brighter":
            return jpeg(ImageEnhance.Brightness(picture).enhance(1.3))
        case "public copy":
            return public_copy(jpeg(picture), longest_side=400)
        case "turned by its note":
            return jpeg(picture.transpose(Image.Transpose.ROTATE_90), exif=exif(orientation=6))


@pytest.mark.parametrize("how", ["smaller", "quality 40", "tiny", "cut", "brighter", "public copy", "turned by its note"])
def test_what_is_sent_again_is_near_however_it_was_changed(how):
    apart = [distance(fingerprint(jpeg(scene(seed))), fingerprint(again(scene(seed), how))) for seed in range(30)]

    assert max(apart) <= NEAR


def test_different_pictures_are_far_and_a_mirrored_one_is_found_by_its_mirror():
    prints = [fingerprint(jpeg(scene(seed))) for seed in range(60)]

    assert min(distance(a, b) for a, b in combinations(prints, 2)) > NEAR
    for seed in range(20):
        reflected = fingerprint(jpeg(scene(seed).transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
        assert distance(mirrored(prints[seed]), reflected) <= 3
        assert mirrored(mirrored(prints[seed])) == prints[seed]
    assert all(-(2**63) <= value < 2**63 for value in prints)
    assert min(prints) < 0 < max(prints)


def test_what_shows_next_to_nothing_has_none():
    noise = Image.frombytes("L", (400, 300), random.Random(1).randbytes(400 * 300))  # noqa: S311 - drawings
    for nothing in (
        Image.new("RGB", (400, 300)),
        noise.point(lambda value: value // 12),
        noise.point(lambda value: 190 + value // 8),
        Image.linear_gradient("L").resize((400, 300)),
    ):
        assert fingerprint(jpeg(nothing)) is None
    night = Image.new("RGB", (400, 300))
    ImageDraw.Draw(night).ellipse((100, 60, 140, 100), fill="yellow")
    assert fingerprint(jpeg(night)) is not None


@given(st.integers(-(2**63), 2**63 - 1), st.lists(st.integers(0, 63), max_size=64, unique=True))
def test_distance_counts_the_bits_that_were_turned(value, turned):
    other = value % 2**64
    for bit in turned:
        other ^= 1 << bit
    other = other - 2**64 if other >= 2**63 else other

    assert distance(value, other) == len(turned) == distance(other, value)


ROWS = 60_000


@isolate_apps("thongsuot.feedback")
def test_near_ones_are_found_among_many_rows_and_by_the_indexes(db):
    class Scratch(models.Model):  # noqa: DJ008
        fingerprint = models.BigIntegerField(null=True)

        class Meta:
            app_label = "feedback"
            db_table = "feedback_scratch"
            indexes = band_indexes("fingerprint", "scratch_band")

    mine, chance = fingerprint(jpeg(scene(1))), random.Random(3)  # noqa: S311 - drawings
    sown = {}
    for apart in range(16):
        turned = sum(1 << bit for bit in chance.sample(range(64), apart))
        value = (mine ^ turned) % 2**64
        sown[apart] = value - 2**64 if value >= 2**63 else value
    with connection.schema_editor() as editor:
        editor.create_model(Scratch)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feedback_scratch (fingerprint) SELECT ('x' || left(md5(n::text), 16))::bit(64)::bigint"
            " FROM generate_series(1, %s) n UNION ALL SELECT NULL",
            [ROWS],
        )
        cursor.executemany("INSERT INTO feedback_scratch (fingerprint) VALUES (%s)", [[value] for value in sown.values()])
        cursor.execute("ANALYZE feedback_scratch")
        query = near_query("feedback_scratch", "fingerprint")
        cursor.execute(query, near_values(mine))
        found = [apart for _key, apart in cursor.fetchall()]
        cursor.execute(f"{query.replace('(true)', 'id > %(after)s')} LIMIT 1", {**near_values(mine), "after": 10**9})
        assert cursor.fetchall() == []
        cursor.execute("EXPLAIN " + query, near_values(mine))
        plan = "\n".join(line for (line,) in cursor.fetchall())
        times = []
        for _each in range(50):
            begun = time.perf_counter()
            cursor.execute(query, near_values(chance.getrandbits(63)))
            times.append(time.perf_counter() - begun)

    assert found == list(range(NEAR + 1))
    assert all(f"scratch_band_{band}" in plan for band in range(4))
    print(f"\n{ROWS} rows: median {sorted(times)[25] * 1000:.1f} ms, most {max(times) * 1000:.1f} ms")  # noqa: T201


# --- What else is sent ---


def a_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("x.html", "<script>alert(1)</script>")
    return out.getvalue()


TAILS = {
    "zip": a_zip(),
    "pdf": made.pdf(),
    "html": b"<html><script>alert(1)</script></html>",
    "a clip": b"\0\0\0\x18ftypmp42" + bytes(5000),
    "another picture": jpeg(scene(5)),
}


@pytest.mark.parametrize("tail", TAILS)
def test_nothing_of_what_hangs_behind_a_picture_is_in_its_copy_and_the_original_is_a_download(tail, db):
    content = jpeg(comment=TAILS["html"]) + TAILS[tail]

    copy = public_copy(content)
    stored = files.store(content, name="x.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    answer = serve(stored.pk)

    assert copy == public_copy(jpeg())
    assert b"script" not in copy
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    answer.close()


HEIC = b"\0\0\0\x24ftypheic\0\0\0\0mif1heicMiHBMiPr" + bytes(300)
REFUSED = {
    "heic": (HEIC, "heic", "Tương thích nhất"),
    "heic of another phone": (b"\0\0\0\x18ftypmif1\0\0\0\0heicmif1" + bytes(300), "heic", "chụp màn hình"),
    "avif": (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(300), "avif", "JPEG và PNG"),
    "a clip": (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(300), "mp4", "JPEG và PNG"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "svg", "JPEG và PNG"),
    "gif": (b"GIF89a/*" + bytes(60) + b"*/=1;alert(1)", "gif", "JPEG và PNG"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(60), "webp", "JPEG và PNG"),
    "pdf": (made.pdf(), "", "JPEG và PNG"),
    "zip": (a_zip(), "zip", "JPEG và PNG"),
    "html": (b"<html><img src=x onerror=alert(1)>", "html", "JPEG và PNG"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photograph_is_refused_with_what_to_do_instead_and_leaves_nothing(name, db):
    content, looks_like, words = REFUSED[name]

    with pytest.raises(FileTypeRefused) as refused:
        files.store(content, name="anh.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE)

    assert words in refused.value.message()
    assert refused.value.details()["looks_like"] == looks_like or not looks_like
    assert not StoredFile.objects.exists()
    for look in (read_photo, public_copy, thumbnail, fingerprint):
        with pytest.raises(FileTypeRefused, match=r"files\.type_refused"):
            look(content)


def whole_or_refused(content):
    for look in (public_copy, thumbnail, fingerprint):
        try:
            look(content)
        except TellPerson as refusal:
            assert refusal.message().endswith(".")
            return type(refusal)
    return None


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.95])
def test_a_picture_that_was_cut_off_is_refused(part, db):
    for content in (jpeg(scene(size=(1600, 1200))), png()):
        cut = content[: int(len(content) * part)]
        assert whole_or_refused(cut) is FileBroken
        with pytest.raises(FileBroken) as refused:
            files.store(cut, name="x", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
        assert "chụp lại" in refused.value.message()


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_whatever_is_changed_in_a_picture_it_is_shown_or_refused(seed, changes):
    chance = random.Random(seed)  # noqa: S311 - drawings
    for whole in (SMALL, SMALL_PNG):
        content = bytearray(whole)
        for _each in range(changes):
            content[chance.randrange(2, len(content))] = chance.randrange(256)
        assert whole_or_refused(bytes(content)) in (None, FileBroken, FileTypeRefused, FileUnsafe)


SMALL_PNG = png(scene(size=(64, 48)))


def test_bombs_are_refused_before_a_pixel_is_decoded(db):
    wide = made.png(claimed=(30_000, 30_000))
    begun = time.process_time()
    for look in (read_photo, public_copy, fingerprint):
        for content in (wide, made.jpeg(30_000, 30_000)):
            with pytest.raises(FileUnsafe) as refused:
                look(content)
            assert "quá lớn" in refused.value.message()
    for content in (wide, made.jpeg(30_000, 30_000)):
        with pytest.raises(FileUnsafe):
            files.store(content, name="x", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    assert time.process_time() - begun < 2


def test_a_picture_of_endless_scans_is_refused_on_its_way_in(db):
    """Each scan goes over all pixels again."""
    content = jpeg(progressive=True)
    scan = content.index(b"\xff\xda")
    last = content.rindex(b"\xff\xda")
    many = content[:scan] + content[scan:last] + content[last:-2] * 200 + b"\xff\xd9"

    with pytest.raises(FileUnsafe):
        files.store(many, name="x.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    assert files.store(content, name="x.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE).pk


def test_a_profile_or_text_that_unpacks_to_a_hundred_megabytes_is_not_followed():
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    whole = SMALL_PNG
    for kind, head in ((b"iCCP", b"x\0\0"), (b"zTXt", b"x\0\0")):
        bomb = chunk(kind, head + zlib.compress(bytes(100 * MEGABYTE), 9))
        assert whole_or_refused(whole[:33] + bomb + whole[33:]) in (None, FileBroken)


def test_a_hundred_megabytes_are_refused_by_their_size(db):
    class Endless:
        read_so_far = 0

        def read(self, size=-1, /):
            self.read_so_far += size
            return SMALL[:size].ljust(size, b"\0")

    upload = Endless()
    with pytest.raises(files.FileTooBig) as refused:
        files.store(upload, name="x.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    assert "20 MB" in refused.value.message()
    assert upload.read_so_far < 21 * MEGABYTE


def test_nothing_at_all_a_wrong_ending_and_a_name_that_is_a_path(db):
    for look in (read_photo, public_copy, fingerprint):
        with pytest.raises(FileBroken) as empty:
            look(b"")
    assert "không có nội dung" in empty.value.message()
    with pytest.raises(FileBroken):
        files.store(b"", name="x.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    with pytest.raises(files.EndingDisagrees):
        files.store(SMALL, name="x.png", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    stored = files.store(SMALL, name='../../etc/<img src=x onerror="alert(1)">.jpg', actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    assert not set('<>/\\"') & set(stored.name)
    assert stored.name.endswith(".jpg")


def test_words_of_a_png_are_left_behind():
    words = PngImagePlugin.PngInfo()
    words.add_itxt("Comment", "Nguyễn Văn Mẫu, 0900 000 000")
    words.add_text("parameters", "a pothole in the rain, steps 20")
    content = png(pnginfo=words, exif=exif())

    assert segments(public_copy(content)) == PLAIN
    assert Sign.MADE_BY_MACHINE in read_photo(content).signs
    assert read_photo(content).position == Position(10.775033, 106.695117)


# --- What is marked to be hidden ---


def posted(*rows, prefix="blur"):
    data = QueryDict(mutable=True)
    for row in rows:
        for side, value in zip(("left", "top", "width", "height"), row, strict=True):
            data.appendlist(f"{prefix}-{side}", str(value))
    return data


def test_numbers_in_per_cent_become_parts_and_empty_lines_are_none():
    data = posted((10, "20,5", "30 %".replace(" ", ""), 5), ("", " ", "", ""), (0, 0, 100, 100), (66.7, 0, 33.4, 1))

    assert blurs_from(data) == [
        Box(0.1, 0.205, 0.3, 0.05),
        Box(0, 0, 1, 1),
        Box(0.667, 0, 1 - 0.667, 0.01),
    ]
    assert blurs_from(QueryDict()) == blurs_from(data, prefix="after") == []
    assert [row.left for row in rows_of(data)] == ["10", "0", "66.7", ""]
    assert [(row.left, row.top) for row in rows_of([Box(0.1, 0.205, 0.3, 0.05)])] == [("10", "20.5"), ("", "")]


@pytest.mark.parametrize(
    ("rows", "what", "number"),
    [
        ([(1, 1, 1, 1)] * (MOST_BOXES + 1), "many", 0),
        ([("", "", "", "")] * 100 + [(1, 1, 1, 1)], "many", 0),
        ([(1, 1, 1, 1), (5, 5, "", 5)], "incomplete", 2),
        ([(-1, 5, 5, 5)], "outside", 1),
        ([(5, 5, 96, 5)], "outside", 1),
        ([(5, 101, 1, 1)], "outside", 1),
        ([(5, 5, 0, 5)], "empty", 1),
        ([(5, 5, 5, -5)], "empty", 1),
        ([("một", 5, 5, 5)], "number", 1),
        ([("nan", 5, 5, 5)], "number", 1),
        ([("1e999", 5, 5, 5)], "number", 1),
        ([("<b>5", 5, 5, 5)], "number", 1),
    ],
)
def test_what_marks_nothing_is_refused_with_its_line(rows, what, number):
    with pytest.raises(BlurNotUsable) as refused:
        blurs_from(posted(*rows))

    assert refused.value.details() == {"what": what, "number": number}
    assert (f"Vùng {number} " in refused.value.message()) is (number > 0)
    assert refused.value.status == 422


@given(st.lists(st.tuples(*[st.one_of(st.floats(-5, 105).map(str), st.text(max_size=6), st.just(""))] * 4), max_size=5))
def test_whatever_is_typed_is_a_part_of_the_picture_or_refused(rows):
    try:
        boxes = blurs_from(posted(*rows))
    except BlurNotUsable as refusal:
        assert refusal.message().endswith(".")
    else:
        if boxes:
            public_copy(SMALL, blurs=boxes)
