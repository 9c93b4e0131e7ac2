"""In a real browser, on a phone: a report by place or by address, by keys alone, and without a line: it arrives once."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.tests.make import MONDAY, a_photo, make_desk
from thongsuot.files.queries import open_checked
from thongsuot.people.tests.make import make_citizen
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.units import queries as units
from thongsuot.units.boundaries import import_boundaries
from thongsuot.units.tests.test_outlines import AT, HILL, RIVER, collection
from thongsuot.web.tests.chromium import PHONE, chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REPORT = "/phan-anh/gui/"
WORDS = "Ổ gà sâu trước cổng trường, xe máy ngã hai lần"
SOON = 20_000
KEPT = """async () => {
  for (let turn = 0; turn < 400; turn++) {
    const worker = await navigator.serviceWorker.getRegistration();
    if (worker?.active?.state === "activated" && (await caches.match(location.pathname))) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("the page was not kept");
}"""
LEFT = """() => new Promise((done) => {
  const asked = indexedDB.open("thongsuot-phan-anh", 1);
  asked.onsuccess = () => {
    const work = asked.result.transaction(["reports", "sent"]);
    const all = ["reports", "sent"].map((name) => work.objectStore(name).getAll());
    work.oncomplete = () => { asked.result.close(); done(all.map((one) => one.result.length)); };
  };
})"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def desk(settings):
    settings.CITY_CODE = "98"
    units.clear_caches()
    yield make_desk()
    units.clear_caches()


@pytest.fixture
def phone(browser, live_server):
    contexts = []

    def open_(person=None, **options):
        contexts.append(window(browser, live_server.url, person, viewport={"width": PHONE, "height": 800}, **options))
        return contexts[-1]

    yield open_
    for context in contexts:
        context.close()


def large(size=(4000, 3000)):
    """As a telephone makes it: large, with where and when it was taken."""
    picture = Image.effect_noise(size, 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 0.0, 36.0), 3: "E", 4: (105.0, 3.0, 0.0)})
    out = io.BytesIO()
    picture.save(out, format="JPEG", quality=88, exif=exif)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def small():
    photo = a_photo()
    return {"name": photo.name, "mimeType": "image/jpeg", "buffer": photo.content}


def written(page, *, words=WORDS, phone="0912000999", photo=None, place=True):
    page.locator("#id_category").select_option("o-ga")
    page.locator("#id_words").fill(words)
    page.locator("#id_photos").set_input_files(photo or small())
    expect(page.get_by_role("button", name="Bỏ ảnh")).to_be_visible()
    if place:
        page.locator("#id_address").fill("phố Bến, phường Sông")
    page.locator("#id_name").fill("Lò Văn Mẫu")
    page.locator("#id_phone").fill(phone)


def send(page):
    page.get_by_role("button", name="Gửi phản ánh").click()


def test_by_place_it_comes_to_the_ward_whose_outline_holds_it(desk, phone, tmp_path):
    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)
    units.clear_caches()
    page, complaints = opened(phone(), REPORT)
    look(page, complaints)
    page.get_by_label("Tìm việc cần phản ánh").fill("o ga")
    page.get_by_role("button", name="Ổ gà, mặt đường hỏng").click()
    expect(page.get_by_label("Chỗ hỏng rộng cỡ nào?")).to_be_visible()
    written(page, photo=large(), place=False)
    page.get_by_text("Ghi tọa độ").click()
    page.locator("#id_latitude").fill("21,01")
    page.locator("#id_longitude").fill("105,05")
    look(page, complaints)
    send(page)
    expect(page.get_by_text("Phường Sông trả lời trước").first).to_be_visible(timeout=SOON)
    look(page, complaints)

    ticket = FeedbackTicket.objects.get()
    photo = ticket.photos.get()
    assert (ticket.unit_id, ticket.place_by) == (desk.river, "map")
    assert (round(photo.latitude, 3), round(photo.longitude, 3)) == (21.01, 105.05)
    with open_checked(photo.original_id) as content:
        kept = Image.open(content)
        assert max(kept.size) == 2560
        assert kept.size[0] < kept.size[1], "turned upright, as the camera said"
        assert kept.getexif()[0x0112] == 1


def test_by_address_and_by_keys_alone(desk, phone):
    page, complaints = opened(phone(), REPORT)
    page.locator("#id_words").focus()
    page.keyboard.type("Mặt đường có ổ gà sâu, xe ngã")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Có phải về:")).to_be_visible()
    page.get_by_role("button", name="Ổ gà, mặt đường hỏng").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_category")).to_be_focused()
    for field, words in (
        ("#id_address", "phố Bến, phường Sông"),
        ("#id_name", "Lò Văn Mẫu"),
        ("#id_phone", "0912000999"),
    ):
        page.locator(field).focus()
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Phường Sông trả lời trước").first).to_be_visible(timeout=SOON)
    assert FeedbackTicket.objects.get().place_by == "address"
    assert complaints == []


def test_what_is_wrong_is_said_and_pictures_stay(desk, phone):
    page, _complaints = opened(phone(), REPORT)
    written(page, words="ngắn")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Hãy viết rõ hơn")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("button", name="Bỏ ảnh")).to_be_visible()
    assert page.evaluate(LEFT) == [0, 0]
    page.locator("#id_words").fill(WORDS)
    send(page)
    expect(page.get_by_text("Phường Sông trả lời trước").first).to_be_visible(timeout=SOON)
    assert FeedbackTicket.objects.get().photos.count() == 1


def test_without_a_line_it_waits_and_arrives_once(desk, phone):
    context = phone()
    page, complaints = opened(context, REPORT)
    page.evaluate(KEPT)
    context.set_offline(True)
    kept = page.goto(REPORT)
    assert kept is not None
    assert kept.from_service_worker
    expect(page.locator("form[data-kept]")).to_be_visible()
    written(page)
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible()
    expect(page.get_by_text("tự gửi khi có mạng. Bạn có thể đóng trang.")).to_be_visible()
    complaints.clear()  # the browser says itself that there was no line
    look(page, complaints)
    page.get_by_role("button", name="Xem").click()
    expect(page.locator("#id_words")).to_have_value(WORDS)
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible()
    assert not FeedbackTicket.objects.exists()

    context.set_offline(False)
    expect(page.get_by_text("Đã gửi, số PA98")).to_be_visible(timeout=SOON)
    page.reload()
    expect(page.get_by_text("Đã gửi, số PA98")).to_be_hidden()
    ticket = FeedbackTicket.objects.get()
    assert (ticket.unit_id, ticket.photos.count()) == (desk.river, 1)
    assert page.evaluate(LEFT) == [0, 0], "nothing of it stays in the browser"


def test_a_page_that_was_closed_before_the_answer_sends_the_same_report_again(desk, phone):
    context = phone()
    page, _complaints = opened(context, REPORT)
    written(page)

    def never_told(route):
        if route.request.method != "POST":
            return route.fallback()
        route.fetch()  # the server has it; the page never hears of it
        route.abort()
        return None

    context.route(f"**{REPORT}", never_told)
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible(timeout=SOON)
    page.close()
    context.unroute(f"**{REPORT}")
    assert FeedbackTicket.objects.count() == 1
    page, _complaints = opened(context, REPORT)
    expect(page.get_by_text("Đã gửi, số PA98")).to_be_visible(timeout=SOON)
    assert FeedbackTicket.objects.count() == 1
    assert page.evaluate(LEFT)[0] == 0


def test_what_the_server_refuses_later_is_kept_with_its_sentence(desk, phone):
    context = phone()
    page, _complaints = opened(context, REPORT)
    context.set_offline(True)
    written(page, phone="12")
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("Số điện thoại có 10 chữ số")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Sửa và gửi lại").click()
    page.locator("#id_phone").fill("0912000999")
    send(page)
    expect(page.get_by_text("Phường Sông trả lời trước").first).to_be_visible(timeout=SOON)
    assert FeedbackTicket.objects.count() == 1


def test_another_account_does_not_send_what_waits_and_the_kept_page_names_nobody(desk, phone):
    minh = make_citizen("Hoàng Văn Minh", at=MONDAY)
    context = phone(minh)
    page, _complaints = opened(context, REPORT)
    page.evaluate(KEPT)
    kept = page.evaluate("caches.match(location.pathname).then((found) => found.text())")
    assert "Gửi phản ánh" in kept
    assert "Hoàng Văn Minh" not in kept
    context.set_offline(True)
    written(page)
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible()
    context.clear_cookies()
    context.set_offline(False)
    expect(page.get_by_text("viết bằng tài khoản khác")).to_be_visible(timeout=SOON)
    assert not FeedbackTicket.objects.exists()
    page.get_by_role("button", name="Xóa").click()
    expect(page.get_by_text("viết bằng tài khoản khác")).to_be_hidden()
    assert page.evaluate(LEFT) == [0, 0]


def test_lists_and_the_map_are_sound(desk, phone):
    desk.published()
    context = phone()
    for address in ("/phan-anh/", "/phan-anh/ban-do/"):
        look(*opened(context, address))
    page, complaints = opened(context, "/phan-anh/")
    page.get_by_role("link", name="Ổ gà sâu trước cổng trường").click()
    expect(page.get_by_role("heading", name="Ổ gà, mặt đường hỏng")).to_be_visible()
    look(page, complaints)
