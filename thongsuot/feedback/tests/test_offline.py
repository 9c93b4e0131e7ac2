"""In a real browser, on a phone: a report by place or by address, by keys alone, and without a line: it arrives once."""

from __future__ import annotations

import io
import json

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
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    with page.expect_response("**/xa-phuong/o-dau.json"):
        page.locator("#id_latitude").fill("21,01")
        page.locator("#id_longitude").fill("105,05")
        page.locator("#id_longitude").blur()
    expect(page.get_by_text("Phường Sông, 21.01")).to_be_visible()
    assert [address for address in addresses if "21.01" in address] == [], "where somebody stands is in no address"
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
    context.add_init_script("SyncManager.prototype.register = async () => {}")  # a window of a test is never allowed it
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
    expect(page.get_by_text("Bạn đang sửa phản ánh này")).to_be_visible()
    look(page, complaints)
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


def test_a_report_that_waits_takes_its_pin_along_and_leaves_none_for_the_next(desk, phone):
    context = phone()
    page, _complaints = opened(context, REPORT)
    context.set_offline(True)
    pin, said = page.locator(".ground__pin"), page.locator("[data-map-pin] [data-say]")
    page.get_by_role("button", name="Đặt ghim ở giữa bản đồ").click()
    written(page, place=False)
    expect(page.locator("#id_latitude")).not_to_have_value("")
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible()
    expect(pin).to_have_count(0)
    expect(said).to_have_text("Chưa chọn điểm nào trên bản đồ.")
    written(page, words=f"{WORDS} nữa")
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 2 phản ánh")).to_be_visible()

    rows = page.locator("[data-outbox] li")
    with_pin, without = rows.filter(has_not_text=f"{WORDS} nữa"), rows.filter(has_text=f"{WORDS} nữa")
    with_pin.get_by_role("button", name="Xem").click()
    expect(pin).to_have_count(1)
    expect(page.locator("#id_latitude")).not_to_have_value("")
    page.get_by_role("button", name="Thôi sửa").click()
    expect(pin).to_have_count(0)
    page.get_by_role("button", name="Đặt ghim ở giữa bản đồ").click()
    without.get_by_role("button", name="Xem").click()
    expect(page.locator("#id_words")).to_have_value(f"{WORDS} nữa")
    expect(pin).to_have_count(0)
    expect(page.locator("#id_latitude")).to_have_value("")


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
    expect(page.get_by_text("Đã gửi 1 phản ánh viết ở cửa sổ khác")).to_be_visible(timeout=SOON)
    assert FeedbackTicket.objects.count() == 1
    assert page.evaluate(LEFT) == [0, 1], "its link waits a day for the window that wrote it"
    page.clock.set_fixed_time(page.evaluate("Date.now()") + 25 * 3600 * 1000)
    page.evaluate("window.outbox.sweep()")
    assert page.evaluate(LEFT) == [0, 0]


def test_what_was_written_without_an_account_is_shown_in_the_window_that_wrote_it_alone(desk, phone):
    """The next person at a shared machine has no account either."""
    context = phone()
    page, _complaints = opened(context, REPORT)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)  # it tries again when the test says so
    answering(context, 502)
    written(page)
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible(timeout=SOON)
    expect(page.locator("[data-outbox]")).to_contain_text(WORDS)
    other, complaints = opened(context, REPORT)
    box = other.locator("[data-outbox]")
    expect(box.get_by_text("còn 1 phản ánh chưa gửi")).to_be_visible(timeout=SOON)
    expect(box).not_to_contain_text(WORDS)
    expect(box.get_by_role("button")).to_have_count(0)
    complaints.clear()  # the browser says itself what the server answered
    look(other, complaints)
    context.unroute(f"**{REPORT}")
    other.reload()
    expect(box.get_by_text("Đã gửi 1 phản ánh viết ở cửa sổ khác")).to_be_visible(timeout=SOON)
    expect(box).not_to_contain_text("PA98")
    expect(box.get_by_role("link")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Đã gửi, số PA98")).to_be_visible(timeout=SOON)
    expect(page.locator("[data-outbox]").get_by_role("link", name="Theo dõi")).to_be_visible()
    assert (FeedbackTicket.objects.count(), page.evaluate(LEFT)) == (1, [0, 0])


def answering(context, status, body="<html>Too large</html>", content_type="text/html", **headers):
    """A server before ours answers what is sent; ours goes on telling the token."""

    def told(route):
        if route.request.method == "POST":
            return route.fulfill(status=status, body=body, headers={"Content-Type": content_type, **headers})
        return route.fallback()

    context.route(f"**{REPORT}", told)


def test_where_the_browser_sends_nothing_by_itself_the_page_does_ever_more_seldom(desk, phone):
    """Without Background Sync nobody is told to close the page."""
    context = phone()
    context.add_init_script("delete ServiceWorkerRegistration.prototype.sync")
    page, _complaints = opened(context, REPORT)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    answering(context, 502)
    written(page)
    send(page)
    expect(page.get_by_text("Máy chủ chưa nhận được")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("Hãy để trang này mở")).to_be_visible()
    expect(page.get_by_text("Bạn có thể đóng trang")).to_be_hidden()
    with page.expect_response(lambda answer: answer.status == 502):
        page.clock.run_for(16_000)
    context.unroute(f"**{REPORT}")
    page.clock.run_for(16_000)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible()
    assert not FeedbackTicket.objects.exists(), "the second time it waits twice as long"
    passing(page, 40)  # from whenever it learned of the second no
    expect(page.get_by_text("Đã gửi, số PA98")).to_be_visible(timeout=SOON)
    assert FeedbackTicket.objects.count() == 1


@pytest.mark.parametrize(("status", "says"), [(403, "mã bảo vệ"), (413, "bớt ảnh"), (415, "không phải ảnh"), (410, "mã 410")])
def test_a_refusal_for_good_is_told_and_can_be_mended_whoever_says_it(desk, phone, status, says):
    context = phone()
    page, _complaints = opened(context, REPORT)
    answering(context, status)
    written(page)
    send(page)
    expect(page.get_by_role("alert")).to_contain_text(says)
    expect(page.locator("#id_words")).to_have_value(WORDS)
    assert page.evaluate(LEFT) == [0, 0], "it stands in the form"


def test_what_is_refused_later_stays_kept_until_the_mended_one_is_sent(desk, phone):
    context = phone()
    page, _complaints = opened(context, REPORT)
    context.set_offline(True)
    written(page, phone="12")
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible()
    answering(context, 413)
    context.set_offline(False)
    expect(page.get_by_text("Hãy bớt ảnh")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("Chưa gửi được: 1 phản ánh")).to_be_visible()
    context.unroute(f"**{REPORT}")
    page.get_by_role("button", name="Sửa và gửi lại").click()
    expect(page.locator("#id_words")).to_have_value(WORDS)
    assert page.evaluate(LEFT) == [1, 0], "mended, not sent: still kept"
    page.reload()
    page.get_by_role("button", name="Sửa và gửi lại").click()
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Số điện thoại có 10 chữ số")
    assert page.evaluate(LEFT) == [1, 0]
    page.locator("#id_phone").fill("0912000999")
    expect(page.get_by_role("button", name="Bỏ ảnh")).to_be_visible()
    send(page)
    expect(page.get_by_text("Phường Sông trả lời trước").first).to_be_visible(timeout=SOON)
    assert (FeedbackTicket.objects.count(), page.evaluate(LEFT)) == (1, [0, 0])


def passing(page, seconds):
    """Little by little, so that what a timer began in the store is done before the next one."""
    for _turn in range(seconds // 10):
        page.clock.run_for(10_000)
        page.evaluate("window.outbox.all()")


def test_too_many_from_one_network_wait_for_the_hour_that_was_told(desk, phone):
    """After a storm a thousand telephones come through one address of their carrier."""
    context = phone()
    page, _complaints = opened(context, REPORT)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    said = {"message": "Hãy gửi lại từ 10:00.", "problems": {}}
    answering(context, 429, json.dumps(said), "application/json", **{"Retry-After": "100"})
    written(page)
    send(page)
    box = page.locator("[data-outbox]")
    expect(box).to_contain_text("Hãy gửi lại từ 10:00. Phản ánh được giữ ở đây và tự gửi lại", timeout=SOON)
    expect(page.locator("#id_words")).to_have_value("")
    asked = []
    page.on("request", lambda request: asked.append(request.method) if request.url.endswith(REPORT) else None)
    context.unroute(f"**{REPORT}")
    passing(page, 90)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible()
    assert asked == [], "before the hour that was told nothing is asked"
    passing(page, 200)
    expect(page.get_by_text("Đã gửi, số PA98")).to_be_visible(timeout=SOON)
    assert (FeedbackTicket.objects.count(), page.evaluate(LEFT)) == (1, [0, 0])


def test_of_what_was_refused_to_others_nobody_is_told_that_it_will_be_sent(desk, phone):
    context = phone()
    page, _complaints = opened(context, REPORT)
    context.set_offline(True)
    written(page)
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible()
    answering(context, 413)
    context.set_offline(False)
    expect(page.get_by_text("Chưa gửi được: 1 phản ánh")).to_be_visible(timeout=SOON)
    other, complaints = opened(context, REPORT)
    box = other.locator("[data-outbox]")
    expect(box.get_by_text("có 1 phản ánh máy chủ không nhận")).to_be_visible(timeout=SOON)
    expect(box).not_to_contain_text("phản ánh sẽ tự gửi")
    complaints.clear()
    look(other, complaints)


def test_another_account_sees_only_that_something_waits_and_the_kept_page_names_nobody(desk, phone):
    minh = make_citizen("Hoàng Văn Minh", at=MONDAY)
    context = phone(minh)
    cookies = context.cookies()
    page, _complaints = opened(context, REPORT)
    page.evaluate(KEPT)
    kept = page.evaluate("caches.match(location.pathname).then((found) => found.text())")
    assert "Gửi phản ánh" in kept
    assert "Hoàng Văn Minh" not in kept
    context.set_offline(True)
    written(page)
    send(page)
    expect(page.get_by_text("Đang chờ mạng: 1 phản ánh")).to_be_visible()
    expect(page.locator("[data-outbox]")).to_contain_text(WORDS)
    other = context.new_page()
    other.goto(REPORT)  # without a line nobody can tell who sits here
    expect(other.get_by_text("còn 1 phản ánh chưa gửi")).to_be_visible()
    expect(other.locator("[data-outbox]")).not_to_contain_text(WORDS)
    other.close()
    context.clear_cookies()
    context.set_offline(False)
    for _turn in range(2):
        expect(page.get_by_text("còn 1 phản ánh chưa gửi")).to_be_visible(timeout=SOON)
        expect(page.locator("[data-outbox]")).not_to_contain_text(WORDS)
        expect(page.get_by_role("button", name="Xóa")).to_be_hidden()
        page.reload()
    assert not FeedbackTicket.objects.exists()
    context.add_cookies(cookies)
    page.reload()
    expect(page.get_by_text("Đã gửi, số PA98")).to_be_visible(timeout=SOON)
    assert FeedbackTicket.objects.get().reporter.person_id == minh.pk
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
