"""Whether a picture was sent before, however it was changed."""

from __future__ import annotations

import random
import time
from itertools import combinations

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance

from thongsuot.feedback.pictures import (
    distance,
    fingerprint,
    mirrored,
    public_copy,
)
from thongsuot.feedback.pictures.fingerprints import NEAR, band_indexes, near_query, near_values
from thongsuot.feedback.tests.photos import (
    exif,
    jpeg,
    scene,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")


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
