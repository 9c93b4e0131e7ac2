"""What everybody may see of a photograph: its pixels and nothing else."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw

from thongsuot.feedback.pictures import (
    Box,
    distance,
    fingerprint,
    public_copy,
    read_photo,
)
from thongsuot.feedback.tests.photos import (
    PLAIN,
    PLATE,
    exif,
    jpeg,
    near,
    plate,
    png,
    scene,
    segments,
    shown,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")


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
    assert shown(public_copy(jpeg(scene(size=(3000, 1))))).size == (1600, 1)


@pytest.mark.parametrize("size", [(640, 480), (2000, 1500)])
@pytest.mark.parametrize("made_by", [jpeg, png])
def test_nothing_of_a_hidden_part_is_left_in_any_copy(size, made_by):
    """Two pictures that differ there alone have the same copy, to the last byte."""
    one, other = (made_by(plate(words, size=size)) for words in ("99A-000.01", "99B-776.54"))

    assert public_copy(one) != public_copy(other)
    assert public_copy(one, blurs=[PLATE]) == public_copy(other, blurs=[PLATE])
    assert public_copy(one, blurs=[PLATE], longest_side=320) == public_copy(other, blurs=[PLATE], longest_side=320)
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
