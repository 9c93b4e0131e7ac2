"""Calls spoken by recorded clips when all pieces are there, else by the synthetic voice; uploads are read within limits."""

from __future__ import annotations

import io
import wave
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.counters import actions, clips, voice
from thongsuot.counters.models import VoiceClip, VoiceSet
from thongsuot.counters.queries.voices import missing, spoken, voice_of
from thongsuot.counters.tests.make import HOUSE, MONDAY, a_counter, a_queue, taken
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.people.tests.make import browser_of, make_administrator
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
RATE = 16_000


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


def clip(frames=100, *, rate=RATE, width=2, channels=1) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(
            bytes(range(1, 1 + frames % 250)) * width * channels if frames < 250 else b"\1" * frames * width * channels
        )
    return made.getvalue()


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return made.getvalue()


def whole(**other: bytes) -> dict[str, bytes]:
    """Each piece of another length."""
    return {f"{name}.wav": clip(100 + place) for place, name in enumerate(voice.PIECES)} | other


def frames_of(sound: bytes) -> tuple[int, int]:
    with wave.open(io.BytesIO(sound)) as heard:
        return heard.getframerate(), heard.getnframes()


def put(office, files=None, *, by="hong", point=True):
    actor = office.actor(by) if by else HOUSE
    point_id = office.point.pk if point else None
    return actions.put_voice(packed(files or whole()), name="Giọng nữ", point_id=point_id, actor=actor, at=MONDAY)


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (("A", 1, 1), ["moi-so", "chu-a", "mot", "den-quay-so", "mot"]),
        (("B", 15, 3), ["moi-so", "chu-b", "muoi", "lam", "den-quay-so", "ba"]),
        (
            ("C", 121, 21),
            ["moi-so", "chu-c", "mot", "tram", "hai", "muoi-chuc", "mot-cuoi", "den-quay-so", "hai", "muoi-chuc", "mot-cuoi"],
        ),
        (("Z", 1004, 10), ["moi-so", "chu-z", "mot", "nghin", "khong", "tram", "linh", "bon", "den-quay-so", "muoi"]),
    ],
)
def test_the_pieces_of_a_call(call, names):
    assert voice.pieces(*call) == names


@given(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), st.integers(1, 9999), st.integers(1, 99))
def test_every_call_is_made_of_pieces_that_say_it(letter, number, counter):
    names = voice.pieces(letter, number, counter)
    assert set(names) <= set(voice.PIECES)
    words = " ".join(voice.PIECES[name] for name in names)
    assert words == voice._spoken(letter, number, counter).replace(",", "").removesuffix(".")


def test_a_call_lasts_as_long_as_its_clips_after_the_chime(office):
    put(office)
    names = voice.pieces("B", 115, 21)
    lengths = {name: 100 + place for place, name in enumerate(voice.PIECES)}
    chime = len(voice.chime(RATE)) // 2
    heard = spoken(office.point.pk, "B", 115, 21)
    assert frames_of(heard) == (RATE, chime + sum(lengths[name] for name in names))


def test_when_a_piece_is_missing_the_synthetic_voice_speaks(office):
    files = whole()
    del files["lam.wav"]
    found = put(office, files)
    assert missing(found) == ["lam"]
    assert spoken(office.point.pk, "A", 15, 1) == voice.sound("A", 15, 1)
    assert frames_of(spoken(office.point.pk, "A", 16, 1))[0] == RATE


def test_a_points_own_voice_goes_before_the_citys_and_a_new_one_replaces_it(office):
    point = office.point.pk
    city = put(office, by=None, point=False)
    assert voice_of(point) == city
    own = put(office)
    assert voice_of(point) == own
    newer = put(office)
    own.refresh_from_db()
    assert (own.retired_at, voice_of(point)) == (MONDAY, newer)
    actions.retire_voice(newer.pk, actor=office.actor("hong"), at=MONDAY)
    assert (voice_of(point), newer.clips.count()) == (city, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"no zip",
        packed({}),
        packed({"xin-chao.wav": clip()}),
        packed({"mot.mp3": clip()}),
        packed({"mot.wav": b"RIFF none"}),
        packed({"mot.wav": clip(width=1)}),
        packed({"mot.wav": clip(channels=2)}),
        packed({"mot.wav": clip(rate=7_000)}),
        packed({"mot.wav": clip(0)}),
        packed({"mot.wav": clip(), "hai.wav": clip(rate=8_000)}),
        packed({"a/mot.wav": clip(), "b/MOT.wav": clip()}),
        packed({"mot.wav": b"\0" * (clips.CLIP_AT_MOST + 1)}),
        packed({f"{place}.wav": b"" for place in range(clips.FILES_AT_MOST + 1)}),
        b"\0" * (clips.ZIP_AT_MOST + 1),
    ],
    ids=range(14),
)
def test_what_is_no_voice_is_refused_in_words_and_nothing_is_kept(office, content):
    with pytest.raises(BadInput) as refused:
        actions.put_voice(content, name="x", point_id=office.point.pk, actor=office.actor("hong"), at=MONDAY)
    assert list(refused.value.problems) == ["file"]
    assert not VoiceSet.objects.exists() | VoiceClip.objects.exists()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    with pytest.raises(clips.UnusableClips):
        clips.read(content)


def damaged(content, where, byte=0x55):
    changed = bytearray(content)
    changed[where] ^= byte
    return bytes(changed)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_of_which_any_byte_was_flipped_is_read_or_refused(method):
    content = packed({"mot.wav": clip(40)}, method)
    assert clips.read(content).samples
    refused = 0
    for where in range(len(content)):
        try:
            clips.read(damaged(content, where))
        except clips.UnusableClips:
            refused += 1
    assert refused > len(content) // 2


def test_a_name_that_is_no_text_and_an_empty_one_are_refused():
    content = packed({"mốt.wav": clip()})
    wrong = content.replace("mốt".encode(), b"m\xff\xfe\xfdt")
    for one in (wrong, packed({"mot.wav": clip()}).replace(b"mot.wav", b"mot.wa\0")):
        with pytest.raises(clips.UnusableClips):
            clips.read(one)


@pytest.mark.parametrize("who", ["lan", "an", "dao"])
def test_only_who_arranges_there_or_manages_the_city(office, who):
    with pytest.raises(NotYourDuty):
        put(office, by=who)
    with pytest.raises(NotYourDuty):
        put(office, by="hong", point=False)
    assert not VoiceSet.objects.exists()


def test_put_in_place_and_heard_on_the_page_and_from_the_board(office, clock, client):
    page, point = browser_of(office.people["hong"]), office.point.pk
    assert "Chưa có giọng ghi âm" in said(page.get(url("voice", point)))
    broken = SimpleUploadedFile("g.zip", b"no")
    assert page.post(url("voice", point), {"viec": "tai", "name": "Giọng nữ", "file": broken}).status_code == 422
    assert page.post(url("voice", point), {"viec": "tai", "name": "Giọng nữ"}).status_code == 422
    assert page.post(url("voice", point), {"viec": "thoi"}).status_code == 422
    given = SimpleUploadedFile("g.zip", packed(whole()))
    assert "Đủ mọi đoạn" in said(
        page.post(url("voice", point), {"viec": "tai", "name": "Giọng nữ", "file": given}, follow=True)
    )
    heard = said(page.get(url("voice", point), {"chu": "A", "so": "15", "quay": "3"}))
    assert "Mời số A, mười lăm, đến quầy số ba. giọng ghi âm" in heard
    assert page.get(url("voice", point), {"chu": "ă", "so": "15", "quay": "3"}).status_code == 422
    sample = page.get(url("voice_sample", point), {"chu": "A", "so": "15", "quay": "3"})
    assert frames_of(sample.content)[0] == RATE
    assert page.get(url("voice_sample", point)).status_code == 422

    queue = a_queue(office)
    counter, lan, ticket = a_counter(office, queue), office.actor("lan"), taken(queue, office)
    actions.sit_down(counter.pk, actor=lan, at=MONDAY)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    assert frames_of(client.get(url("spoken", point, ticket.pk)).content)[0] == RATE
    assert "Đã thôi dùng" in said(page.post(url("voice", point), {"viec": "thoi"}, follow=True))


@pytest.mark.parametrize(
    ("files", "speaks", "words"),
    [
        (None, True, "giọng đọc của máy chủ (espeak-ng)."),
        (None, False, "Bảng gọi số chỉ có tiếng chuông."),
        (whole(), True, "giọng ghi âm “Giọng nữ”, đủ mọi đoạn."),
        (whole(), False, "giọng ghi âm “Giọng nữ”, đủ mọi đoạn."),
        ({"mot.wav": clip()}, True, f"Còn thiếu {len(voice.PIECES) - 1} đoạn."),
        ({"mot.wav": clip()}, False, "Lời gọi thiếu đoạn chỉ có tiếng chuông"),
    ],
)
def test_the_page_of_machines_says_which_voice_calls(office, clock, monkeypatch, files, speaks, words):
    monkeypatch.setattr(voice, "can_speak", lambda: speaks)
    if files:
        put(office, files)
    assert words in said(browser_of(office.people["hong"]).get(url("devices", office.point.pk)))


def test_the_citys_page(office, clock):
    quan = browser_of(make_administrator(office.city.city, at=MONDAY))
    given = SimpleUploadedFile("g.zip", packed({"mot.wav": clip()}))
    done = said(quan.post(url("city_voice"), {"viec": "tai", "name": "Giọng nữ", "file": given}, follow=True))
    assert f"Còn thiếu {len(voice.PIECES) - 1} đoạn" in done
    assert frames_of(quan.get(url("city_voice_sample"), {"chu": "A", "so": "1", "quay": "1"}).content)[0] == voice.RATE
    assert browser_of(office.people["hong"]).get(url("city_voice")).status_code == 403
