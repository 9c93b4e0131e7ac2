"""What the loudspeaker says, and that it sounds."""

from __future__ import annotations

import io
import shutil
import wave

import pytest
from django.urls import reverse

from thongsuot.counters import actions, voice
from thongsuot.counters.tests.make import MINUTE, MONDAY, a_counter, a_queue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("letter", "number", "counter", "words"),
    [
        ("A", 1, 1, "Mời số A, một, đến quầy số một."),
        ("B", 15, 3, "Mời số B, mười lăm, đến quầy số ba."),
        ("A", 21, 12, "Mời số A, hai mươi mốt, đến quầy số mười hai."),
        ("C", 104, 5, "Mời số C, một trăm linh bốn, đến quầy số năm."),
        ("A", 1005, 25, "Mời số A, một nghìn không trăm linh năm, đến quầy số hai mươi lăm."),
    ],
)
def test_a_number_is_called_in_words(letter, number, counter, words):
    assert voice.announcement(letter, number, counter) == words


def test_letters_are_said_by_their_names():
    assert voice._spoken("B", 7, 2) == "Mời số bê, bảy, đến quầy số hai."
    assert voice._spoken("S", 7, 2) == "Mời số ét-xì, bảy, đến quầy số hai."


def lasts(sound):
    with wave.open(io.BytesIO(sound)) as said:
        assert (said.getframerate(), said.getsampwidth(), said.getnchannels()) == (22_050, 2, 1)
        return said.getnframes() / said.getframerate()


def test_the_voice_follows_the_chime():
    assert shutil.which(voice.PROGRAM), "espeak-ng: scripts/outside.sh installs it"

    short, long = voice.sound("A", 1, 1), voice.sound("A", 1005, 25)

    assert lasts(short) > lasts(voice._wave([voice.chime()])) + 1
    assert lasts(long) > lasts(short) + 1


@pytest.mark.parametrize(
    "program", ["", "#!/bin/sh\nexit 3\n", '#!/bin/sh\ncat > /dev/null\nfor w; do :; done\necho no > "$5"\n']
)
def test_without_a_voice_or_with_a_broken_one_there_is_the_chime(monkeypatch, tmp_path, program):
    voice._synthetic.cache_clear()
    if program:
        (tmp_path / voice.PROGRAM).write_text(program)
        (tmp_path / voice.PROGRAM).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin" if program else str(tmp_path))

    assert lasts(voice.sound("A", 1, 1)) == pytest.approx(0.9, abs=0.01)


def test_a_voice_that_failed_once_speaks_the_next_time(monkeypatch):
    voice._synthetic.cache_clear()
    with monkeypatch.context() as without:
        without.setenv("PATH", "")
        assert lasts(voice.sound("A", 2, 1)) < 1

    assert lasts(voice.sound("A", 2, 1)) > 2


def test_only_what_is_called_now_is_spoken(client, office, clock):
    queue = a_queue(office)
    counter = a_counter(office, queue, number=3)
    lan = office.actor("lan")
    actions.sit_down(counter.pk, actor=lan, at=MONDAY)
    ticket = actions.take_ticket(queue.pk, actor=lan, at=MONDAY)
    sound = reverse("counters:spoken", args=[office.point.pk, ticket.pk])
    assert client.get(sound).status_code == 404

    actions.call_next(counter.pk, actor=lan, at=MONDAY + MINUTE)
    clock.now = MONDAY + MINUTE
    page = client.get(reverse("counters:board", args=[office.point.pk]))

    assert "Mời số A, một, đến quầy số ba." in page.content.decode()
    assert sound in page.content.decode()
    said = client.get(sound)
    assert (said.status_code, said["Content-Type"]) == (200, "audio/wav")
    assert lasts(said.content) > 1

    actions.begin(counter.pk, actor=lan, at=MONDAY + MINUTE)
    assert client.get(sound).status_code == 200  # the loudspeaker may not be through
    clock.now = MONDAY + 3 * MINUTE
    assert client.get(sound).status_code == 404


def test_a_number_that_is_called_again_is_another_call_and_one_of_long_ago_is_none(client, office, clock):
    queue = a_queue(office)
    counter = a_counter(office, queue)
    lan = office.actor("lan")
    actions.sit_down(counter.pk, actor=lan, at=MONDAY)
    actions.take_ticket(queue.pk, actor=lan, at=MONDAY)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    board = reverse("counters:board", args=[office.point.pk])

    def calls():
        return [part.partition('"')[0] for part in client.get(board).content.decode().split('data-call="')[1:]]

    first = calls()
    actions.call_again(counter.pk, actor=lan, at=MONDAY + MINUTE / 2)
    clock.now = MONDAY + MINUTE / 2
    again = calls()
    clock.now = MONDAY + 3 * MINUTE

    assert (len(first), len(again)) == (1, 1)
    assert first != again
    assert calls() == []
