"""Feedback from end to end: reported on a phone, answered, published without its place, rated; and nothing private anywhere."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from thongsuot.counters.satisfaction import Level
from thongsuot.feedback import actions
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.tests.make import Desk, make_desk
from thongsuot.kernel import clock
from thongsuot.kernel.events import REACTIONS
from thongsuot.kernel.jobs import react
from thongsuot.kernel.models import Event
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.units import queries as units
from thongsuot.units.boundaries import import_boundaries
from thongsuot.units.tests.test_outlines import AT, HILL, RIVER, collection
from thongsuot.web.tests.chromium import PHONE, chromium

pytestmark = pytest.mark.django_db
NAME, TELEPHONE, MAIL = "Vừ Thị Kín", "0912345999", "kin@vidu.vn"
WORDS = "Hố sâu trước số 126 ngõ 4 phố Bến, xe máy ngã. Gọi chị Kín 0912 345 999"
# Of the masked one: no public answer may hold even their first digits.
LATITUDE, LONGITUDE = 21.0712345, 105.0643219
PRIVATE = ("Kín", "0912345999", "0912 345 999", "kin@vidu", "126 ngõ", "số 126", "21.0712", "105.0643", "21,0712", "105,0643")
BEGINNINGS = (
    "/",
    "/phan-anh/",
    "/phan-anh/ban-do/",
    "/phan-anh/ban-do/diem/?bbox=105.0,20.9,105.2,21.2&zoom=15",
    "/phan-anh/tin.atom",
    "/phan-anh/tin.atom?phuong=98001",
    "/open311/",
    "/open311/discovery.json",
    "/open311/v2/services.xml",
    "/open311/v2/services.json",
    "/open311/v2/services/o-ga.json",
    "/open311/v2/requests.xml?extensions=true",
    "/open311/v2/requests.json?extensions=true",
    "/open311/v2/servicerequestupdates.json",
    "/hoi-dap/",
    "/tiep-cong-dan/",
)
MOST_PAGES = 400


@pytest.fixture
def desk(settings, tmp_path):
    settings.CITY_CODE = "98"
    cache.clear()
    units.clear_caches()
    made = make_desk()
    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)
    units.clear_caches()
    yield made
    units.clear_caches()


def a_telephones_picture() -> bytes:
    """With where it was taken, and a second picture's worth of facts."""
    picture = Image.effect_noise((900, 700), 70).convert("RGB")
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = "Mẫu", NAME
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 4.0, 16.444), 3: "E", 4: (105.0, 3.0, 51.559)})
    out = io.BytesIO()
    picture.save(out, format="JPEG", quality=88, exif=exif, comment=TELEPHONE.encode())
    return out.getvalue()


def told_on(since: int = 0) -> None:
    """What the worker does with what happened."""
    for event in Event.objects.filter(id__gt=since).order_by("id"):
        for name in REACTIONS.get(event.name, ()):
            react(event.pk, name)


def answered(desk: Desk, ticket: FeedbackTicket) -> None:
    now = clock.now()
    toan = desk.actor("toan", now)
    if ticket.state == FeedbackTicket.State.ROUTED:
        actions.accept(ticket.pk, actor=toan, at=now)
    actions.note(ticket.pk, f"Nội bộ: nhà {NAME}, {TELEPHONE}", actor=toan, at=now)
    actions.message(ticket.pk, f"Chị {NAME} chờ chiều nay", actor=toan, at=now)
    reply = actions.submit_answer(ticket.pk, f"Gửi chị {NAME}: đã vá xong trước số 126 ngõ 4.", actor=toan, at=now)
    actions.approve_answer(reply.pk, actor=desk.actor("hanh", now), at=now)
    told_on()
    actions.publish(
        ticket.pk,
        question="Hố sâu trên phố, xe máy ngã.",
        answer="Đã vá xong mặt đường.",
        address="phố Bến",
        actor=desk.actor("ngan", now),
        at=now,
    )


@dataclass
class Walk:
    """Everything nobody in particular can open, from some addresses on by the links of what came back."""

    client: Client
    seen: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def from_(self, *beginnings: str) -> None:
        waiting = list(beginnings)
        while waiting and len(self.seen) < MOST_PAGES:
            address = waiting.pop(0)
            if address in self.seen:
                continue
            self.seen.add(address)
            answer = self.client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            kind = answer.headers.get("Content-Type", "")
            told = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
            if kind.startswith("image/"):
                self.pictures[address] = body
            else:
                self.texts[address] = f"{told}\n{body.decode('utf-8', 'replace')}"
                waiting += self._links(address, self.texts[address])

    def _links(self, address: str, text: str) -> list[str]:
        found = (
            urldefrag(urljoin(address, link.replace("&amp;", "&")))[0] for link in re.findall(r'(?:href|src)="([^"]+)"', text)
        )
        return [link for link in found if link.startswith("/") and not link.startswith(("/static/", "//"))]


def test_nothing_private_stands_in_anything_public_nor_in_the_log(desk, client, caplog):
    caplog.set_level(logging.INFO)
    photo = a_telephones_picture()
    sent = []
    for masked in (True, False):
        said = {
            "category": "o-ga",
            "words": WORDS,
            "latitude": str(LATITUDE),
            "longitude": str(LONGITUDE),
            "address": "126 ngõ 4 phố Bến, phường Sông",
            "name": NAME,
            "phone": TELEPHONE,
            "email": MAIL,
            "photos": SimpleUploadedFile("Kín 0912345999.jpg", photo),
            "knows": "on",
        }
        answer = client.post("/phan-anh/gui/", said | ({"masked": "on"} if masked else {}))
        assert answer.status_code in {200, 302}
        ticket = FeedbackTicket.objects.latest("pk")
        assert (ticket.masked, ticket.unit_id) == (masked, desk.river)
        sent.append(ticket)
        if not masked:  # an ordinary one may say where it is: only the masked one's place is looked for
            FeedbackTicket.objects.filter(pk=ticket.pk).update(latitude=21.01, longitude=105.05)
        told_on()
        answered(desk, FeedbackTicket.objects.get(pk=ticket.pk))
    # One more that nobody answered.
    client.post("/phan-anh/gui/", said | {"photos": SimpleUploadedFile("a.jpg", photo), "same_as": sent[1].number})

    walk = Walk(Client())
    numbers = FeedbackTicket.objects.values_list("number", flat=True)
    walk.from_(
        *BEGINNINGS,
        *(f"/phan-anh/{number}/" for number in numbers),
        *(f"/open311/v2/requests/{number}.{form}?extensions=true" for number in numbers for form in ("xml", "json")),
    )

    published = [ticket for ticket in sent if walk.texts[f"/phan-anh/{ticket.number}/"].count("Đã vá xong mặt đường.")]
    assert len(published) == 2, "what is walked must hold what was published"
    assert len(walk.seen) > 50
    secrets = (*PRIVATE, *FeedbackTicket.objects.values_list("secret", flat=True))
    found = {(address, secret) for address, text in walk.texts.items() for secret in secrets if secret in text}
    assert found == set()
    assert len(walk.pictures) >= 2
    for address, body in walk.pictures.items():
        with Image.open(io.BytesIO(body)) as picture:
            assert not picture.getexif(), address
            assert not {"exif", "comment", "xmp", "icc_profile"} & set(picture.info), address
        assert not [secret for secret in secrets if secret.encode() in body], address
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert [secret for secret in secrets if secret in logged] == []


def test_a_crawl_of_the_senders_link_leads_nowhere_public(desk, client):
    """The secret link is in no page that anybody can reach, and says to search engines and to other sites nothing."""
    client.post(
        "/phan-anh/gui/",
        {
            "category": "o-ga",
            "words": WORDS,
            "address": "phố Bến, phường Sông",
            "name": NAME,
            "phone": TELEPHONE,
            "knows": "on",
        },
    )
    ticket = FeedbackTicket.objects.get()
    answer = Client().get(reverse("feedback:follow", args=[ticket.secret]))
    assert answer.status_code == 200
    assert "noindex" in answer.content.decode()
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by", ["boundary", "address"])
def test_reported_on_a_phone_answered_published_masked_and_rated(desk, live_server, by):
    with chromium() as browser:
        phone = window(browser, live_server.url, viewport={"width": PHONE, "height": 800})
        page, complaints = opened(phone, "/phan-anh/gui/")
        page.locator("#id_category").select_option("o-ga")
        page.locator("#id_words").fill(WORDS)
        page.locator("#id_photos").set_input_files(
            {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": a_telephones_picture()}
        )
        expect(page.get_by_role("button", name="Bỏ ảnh")).to_be_visible()
        if by == "boundary":
            page.get_by_text("Ghi tọa độ").click()
            page.locator("#id_latitude").fill("21,0712")
            page.locator("#id_longitude").fill("105,0643")
        else:
            page.locator("#id_address").fill("126 ngõ 4 phố Bến, phường Sông")
        page.get_by_label("Khi công khai, chỉ nêu phường, xã").check()
        page.locator("#id_name").fill(NAME)
        page.locator("#id_phone").fill(TELEPHONE)
        page.get_by_role("button", name="Gửi phản ánh").click()
        expect(page.get_by_text("Phường Sông trả lời trước").first).to_be_visible(timeout=20_000)

        told_on()
        ticket = FeedbackTicket.objects.get()
        assert (ticket.unit_id, ticket.masked) == (desk.river, True)
        # A picture knows where it was taken, so without a point the place is the picture's; the address agrees with it.
        assert ticket.place_by == ("map" if by == "boundary" else "photo")
        answered(desk, ticket)

        page, complaints = opened(phone, f"/phan-anh/{ticket.number}/")
        look(page, complaints)
        expect(page.get_by_text("Đã vá xong mặt đường.")).to_be_visible()
        text = page.content()
        assert [secret for secret in PRIVATE if secret in text] == []
        page, complaints = opened(phone, reverse("feedback:follow", args=[ticket.secret]))
        look(page, complaints)
        page.get_by_label(str(Level.SATISFIED.label), exact=True).check()
        page.get_by_role("button", name="Gửi đánh giá").click()
        expect(page.get_by_text("Bạn đã đánh giá: Hài lòng.")).to_be_visible()
        look(page, complaints)
    ticket.refresh_from_db()
    assert ticket.state == FeedbackTicket.State.RATED
