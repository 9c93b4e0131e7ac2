"""Outbox and own messages, through the pages."""

from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress

from thongsuot.kernel.actor import system
from thongsuot.kernel.models import Event
from thongsuot.notices import delivery, queries, tasks
from thongsuot.notices.rules import Recipient
from thongsuot.notices.tests.make import MONDAY, make_notice
from thongsuot.notices.tests.ways import tell, with_zalo
from thongsuot.people.models import LookUp, Person
from thongsuot.people.tests.make import actor, logged_in, make_administrator, make_citizen, with_second_factor

OUTBOX, OWN = "/quan-tri/tin-gui/", "/tai-khoan/tin-nhan/"


@pytest.fixture
def keeper(city):
    return logged_in(with_second_factor(make_administrator(city.city)))


def text(answer):
    return answer.content.decode()


def test_the_outbox_lists_masked_and_says_that_no_mail_leaves(city, keeper):
    make_notice(city.river.pk)
    make_notice(city.hill.pk, to=Recipient(name="Lê Hạnh", phone="0912000999"))

    page = keeper.get(OUTBOX)

    assert page.status_code == 200
    for words in ["Chưa nối máy chủ thư.", "mi•••@vidu.vn", "09•• ••• •99", "Nguyễn Đức Mi•••", "Lưu tại đây"]:
        assert words in text(page)
    for secret in ["minh@vidu.vn", "0912000048", "0912000999", "Nguyễn Đức Minh"]:
        assert secret not in text(page)


def test_with_a_mail_server_the_note_is_gone(city, keeper, mail_server):
    assert "Chưa nối máy chủ thư" not in text(keeper.get(OUTBOX))


def test_filters_and_search_by_whole_address(city, keeper):
    make_notice(city.river.pk)
    make_notice(city.river.pk, to=Recipient(name="Thu", email="sai"))
    make_notice(city.river.pk, to=Recipient(name="Thu", phone="0912 000 777"))

    def subjects(query):
        return text(keeper.get(f"{OUTBOX}?{query}")).count('scope="row"')

    assert subjects("") == 3
    assert subjects("trang_thai=failed") == 1
    assert subjects("trang_thai=sent") == 0
    assert subjects("q=MINH@vidu.vn") == 1
    assert subjects("q=minh@vidu") == 0
    assert subjects("q=0912000777") == 1
    assert subjects("q=%2B84912000777") == subjects("q=0912%20000%20777") == 1
    assert subjects("q=0912") == 0
    make_notice(city.river.pk, to=Recipient(name="Thu", phone="+84 912 000 777"))
    assert subjects("q=0912000777") == 2
    for words in ("Nguyễn", "+", "minh", "12"):
        assert subjects(f"q={quote(words)}") == 0
    assert subjects("trang_thai=kept&q=minh@vidu.vn") == 1
    assert subjects("trang_thai=<script>") == 4
    assert "Không có tin nào khớp" in text(keeper.get(f"{OUTBOX}?q=ai@vidu.vn"))


def test_an_empty_outbox_says_so(keeper):
    assert "Chưa có tin nào" in text(keeper.get(OUTBOX))


def test_the_outbox_costs_two_queries_whatever_is_listed(city, django_assert_num_queries):
    who = actor(make_administrator(city.city))
    for _ in range(5):
        make_notice(city.river.pk)

    with django_assert_num_queries(2):
        assert queries.outbox_counts(who)["kept"] == 5
        assert len(queries.outbox(who, limit=50)) == 5


def test_a_ward_sees_only_its_own(city):
    who = logged_in(with_second_factor(make_administrator(city.hill)))
    mine, other = make_notice(city.hill.pk), make_notice(city.river.pk)
    # Whoever administers a ward looks after no mail unless the appointment says so: give the duty.
    from thongsuot.people.models import Appointment

    Appointment.objects.update(duties=["see outbox"])

    page = text(who.get(OUTBOX))

    assert f"{OUTBOX}{mine.pk}/" in page
    assert f"{OUTBOX}{other.pk}/" not in page
    assert who.get(f"{OUTBOX}{other.pk}/").status_code == 404
    assert who.get(f"{OUTBOX}{other.pk}/doc/").status_code == 404
    assert who.post(f"{OUTBOX}{other.pk}/doc/", {"reason": "xem"}).status_code == 404
    assert who.post(f"{OUTBOX}{other.pk}/gui-lai/").status_code == 404


def test_words_and_address_are_shown_after_a_reason_and_the_reader_is_written_down(city, keeper):
    citizen = make_citizen()
    notice = make_notice(city.river.pk, to=Recipient(name="Nguyễn Đức Minh", email="minh@vidu.vn", person_id=citizen.pk))
    address = f"{OUTBOX}{notice.pk}/"
    assert "minh@vidu.vn" not in text(keeper.get(address))

    asked = keeper.post(f"{address}doc/", {"reason": " "})
    assert asked.status_code == 422
    assert not LookUp.objects.exists()

    shown = text(keeper.post(f"{address}doc/", {"reason": "Người nộp báo chưa nhận được thư"}))
    assert "minh@vidu.vn" in shown
    assert "Chào Nguyễn Đức Minh," in shown
    look_up = LookUp.objects.get()
    assert (look_up.about_id, look_up.subject_id, look_up.reason) == (citizen.pk, notice.pk, "Người nộp báo chưa nhận được thư")


def test_a_failed_notice_is_sent_again_from_its_page(city, keeper, mail_server):
    notice = make_notice(city.river.pk)
    mail_server.answers["RCPT"] = ["550 no such user"]
    delivery.deliver(notice.pk, actor=system("worker"), at=MONDAY)
    address = f"{OUTBOX}{notice.pk}/"
    assert "Gửi lại" in text(keeper.get(address))
    assert "Gửi lại tin này?" in text(keeper.get(f"{address}gui-lai/"))

    answer = keeper.post(f"{address}gui-lai/", follow=True)

    assert "Đã xếp tin vào hàng gửi" in text(answer)
    notice.refresh_from_db()
    assert notice.state == "queued"
    assert keeper.post(f"{address}gui-lai/").status_code == 409


def test_without_a_mail_server_sending_again_says_what_to_do(city, keeper):
    notice = make_notice(city.river.pk)
    events = Event.objects.count()

    answer = keeper.post(f"{OUTBOX}{notice.pk}/gui-lai/")

    assert answer.status_code == 409
    assert "Chưa nối máy chủ thư" in text(answer)
    assert Event.objects.count() == events


def test_one_reads_what_was_told_to_the_account_and_to_a_proven_address(city):
    minh = make_citizen(email="minh@vidu.vn")
    make_notice(city.river.pk, to=Recipient(name="Minh", person_id=minh.pk), code="THEO-TÀI-KHOẢN")
    make_notice(city.river.pk, to=Recipient(name="Minh", email="Minh@vidu.vn"), code="THEO-THƯ")
    make_notice(city.river.pk, to=Recipient(name="Thu", email="thu@vidu.vn"), code="CỦA-THU")
    another = Recipient(name="Thu", email="minh@vidu.vn", person_id=make_citizen().pk)
    make_notice(city.river.pk, to=another, code="CỦA-NGƯỜI-KHÁC")

    page = text(logged_in(minh).get(OWN))

    assert "THEO-TÀI-KHOẢN" in page
    assert "THEO-THƯ" in page
    assert "CỦA-THU" not in page
    assert "CỦA-NGƯỜI-KHÁC" not in page


def test_an_address_only_claimed_shows_nothing(city):
    make_notice(city.river.pk)
    thief = make_citizen(email="minh@vidu.vn", verified=False)

    page = text(logged_in(thief).get(OWN))

    assert "H98.1-251117-0011" not in page
    assert "Chưa có tin nào" in page
    EmailAddress.objects.filter(user=thief).update(verified=True)
    assert "H98.1-251117-0011" in text(logged_in(thief).get(OWN))


def test_own_messages_ask_for_login(client):
    assert client.get(OWN).status_code == 302


def test_hostile_words_are_text_on_the_pages(city):
    minh = make_citizen(name="<script>alert(1)</script>", email="minh@vidu.vn")
    make_notice(
        city.river.pk,
        procedure="<img src=x onerror=alert(1)>",
        code='"><script>',
        link="javascript:alert(1)",
        to=Recipient(name="<script>alert(1)</script>", email="minh@vidu.vn"),
    )

    page = text(logged_in(minh).get(OWN))

    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_many_messages_come_in_pages(city):
    minh = make_citizen(email="minh@vidu.vn")
    for number in range(25):
        make_notice(city.river.pk, code=f"HS-{number:02}", at=MONDAY)
    browser = logged_in(minh)

    first, second = text(browser.get(OWN)), text(browser.get(f"{OWN}?trang=2"))

    assert "HS-24" in first
    assert "HS-04" not in first
    assert "HS-04" in second


def test_a_code_is_read_by_nobody_on_our_pages(city, keeper, mail_server, gateways):
    minh = make_citizen(email="minh@vidu.vn")
    to = Recipient(name="Minh", email="minh@vidu.vn", phone="0912000048", person_id=minh.pk)
    notice = make_notice(city.river.pk, key="help_code", to=to, link="https://vidu.vn/bi-mat/")

    pages = [
        keeper.get(f"{OUTBOX}{notice.pk}/"),
        keeper.post(f"{OUTBOX}{notice.pk}/doc/", {"reason": "Người nộp hỏi"}),
        keeper.post(TOLD, ASKS),
        logged_in(minh).get(OWN),
    ]

    for page in pages:
        assert page.status_code == 200
        assert "482 913" not in text(page)
        assert "bi-mat" not in text(page)
    assert all("••••" in text(page) for page in pages[1:])


def test_what_the_gateway_said_stands_on_the_page(city, keeper, gateways):
    notice = make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912000048"))
    assert "Báo cáo của cổng tin nhắn" not in text(keeper.get(f"{OUTBOX}{notice.pk}/"))
    delivery.deliver(notice.pk, way="sms", actor=system("worker"), at=MONDAY)
    tell(notice, "sms", at=MONDAY.replace(minute=4), said_at=MONDAY.replace(minute=3))

    page = text(keeper.get(f"{OUTBOX}{notice.pk}/"))

    number = notice.deliveries.get().gateway_id
    assert number
    for words in [f"Số của cổng tin nhắn: {number}", "Báo cáo của cổng tin nhắn", "17/11/2025 09:03", "17/11/2025 09:04"]:
        assert words in page


def test_sending_again_is_offered_only_when_it_would_be_done(city, keeper, mail_server, gateways):
    waits = make_notice(city.river.pk)
    delivery.deliver(waits.pk, actor=system("worker"), at=MONDAY)
    code = make_notice(city.river.pk, key="help_code")
    delivery.end_use(code.pk, actor=system("worker"), at=MONDAY.replace(minute=30))
    waits.refresh_from_db()
    code.refresh_from_db()
    assert (waits.state, code.state) == ("sent", "failed")

    for notice in (waits, code):  # the SMS of the one waits still; nobody has the code of the other
        assert "gui-lai" not in text(keeper.get(f"{OUTBOX}{notice.pk}/"))
        assert keeper.post(f"{OUTBOX}{notice.pk}/gui-lai/").status_code == 409


# --- All that went to a person, and why ---

TOLD, PLAYED = f"{OUTBOX}nguoi-nhan/", f"{OUTBOX}gia-lap/"
ASKS = {"to": "minh@vidu.vn", "reason": "Người nộp hỏi đã gửi tin chưa"}


def test_an_officer_reads_all_that_went_to_an_address_after_a_reason(city, keeper, mail_server, gateways):
    notice = make_notice(city.river.pk, send_key="dossiers.received/1")
    make_notice(city.river.pk, to=Recipient(name="Thu", email="thu@vidu.vn"), code="CỦA-THU")
    delivery.deliver(notice.pk, way="sms", actor=system("worker"), at=MONDAY)
    assert "Chào Nguyễn Đức Minh" not in text(keeper.get(TOLD))
    for wrong in ({"reason": " "}, {"to": ""}, {"to": "minh"}, {"to": "0912"}):
        answer = keeper.post(TOLD, {**ASKS, **wrong})
        assert answer.status_code == 422
        assert "Chào" not in text(answer)
    assert not LookUp.objects.exists()

    page = text(keeper.post(TOLD, ASKS))

    for words in [
        "Chào Nguyễn Đức Minh",
        "Vì: Đã tiếp nhận (H98.1-251117-0011).",
        "pháp luật hoặc công vụ buộc phải báo",
        "Mẫu tin: Đã tiếp nhận, hẹn ngày trả, bản 1.",
        "Da nhan ho so H98.1-251117-0011",
        "Đã gửi",
        "Đang chờ gửi",
    ]:
        assert words in page
    assert "CỦA-THU" not in page
    look_up = LookUp.objects.get()
    assert (look_up.reason, look_up.subject, look_up.fields) == (
        ASKS["reason"],
        "notices.notice",
        ["body", "email", "phone", "to_name"],
    )


def test_an_address_of_an_account_finds_what_went_to_the_account_and_its_owner_sees_the_look(city, keeper):
    minh = make_citizen(email="minh@vidu.vn")
    make_notice(city.river.pk, to=Recipient(name="Minh", person_id=minh.pk), code="THEO-TÀI-KHOẢN")

    assert "THEO-TÀI-KHOẢN" in text(keeper.post(TOLD, ASKS))
    assert LookUp.objects.get().about_id == minh.pk


def test_a_number_is_found_however_it_was_written(city, keeper):
    make_notice(city.river.pk, to=Recipient(name="Minh", phone="+84 912 000 777"), code="MỘT")
    make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912000777"), code="HAI")

    page = text(keeper.post(TOLD, {**ASKS, "to": "0912 000 777"}))

    assert "MỘT" in page
    assert "HAI" in page


def test_what_zalo_was_told_is_read_as_its_parameters_and_the_history_names_the_way(city, keeper, gateways):
    with_zalo(city=city.city.pk)
    notice = make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912000048"))
    delivery.deliver(notice.pk, way="zalo", actor=system("worker"), at=MONDAY)

    assert "Mẫu 301: ma = H98.1-251117-0011" in text(keeper.post(TOLD, {**ASKS, "to": "0912000048"}))
    assert "<p>Zalo</p>" in text(keeper.get(f"{OUTBOX}{notice.pk}/"))


def test_everybody_whose_messages_a_number_shows_sees_the_look(city, keeper):
    minh, thu = make_citizen(), make_citizen()
    for who in (minh.pk, thu.pk, None, minh.pk):
        make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912000777", person_id=who))

    keeper.post(TOLD, {**ASKS, "to": "0912 000 777"})

    assert sorted(LookUp.objects.values_list("about_id", flat=True)) == sorted([minh.pk, thu.pk])
    assert set(LookUp.objects.values_list("reason", flat=True)) == {ASKS["reason"]}


def test_all_that_went_to_a_person_comes_in_pages_each_with_its_look(city, keeper):
    for number in range(51):
        make_notice(city.river.pk, code=f"HS-{number:02}")

    first = text(keeper.post(TOLD, ASKS))
    second = text(keeper.post(TOLD, {**ASKS, "trang": "2"}))

    assert "HS-50" in first
    assert "HS-00" not in first
    assert 'name="trang" value="2"' in first
    assert "HS-00" in second
    assert "HS-50" not in second
    assert LookUp.objects.count() == 2
    assert "HS-00" in text(keeper.post(TOLD, {**ASKS, "trang": "99"}))
    assert "HS-50" in text(keeper.post(TOLD, {**ASKS, "trang": "x"}))


def test_an_id_number_finds_its_account_and_one_of_nobody_finds_nothing(city, keeper):
    minh = make_citizen()
    Person.objects.filter(pk=minh.pk).update(id_number="001431000077")
    make_notice(city.river.pk, to=Recipient(name="Minh", person_id=minh.pk), code="THEO-SỐ")

    assert "THEO-SỐ" in text(keeper.post(TOLD, {**ASKS, "to": "001431000077"}))
    assert "THEO-SỐ" not in text(keeper.post(TOLD, {**ASKS, "to": "001431000078"}))


def test_nothing_found_is_said_and_no_look_is_kept(city, keeper):
    assert "Chưa gửi tin nào cho địa chỉ này" in text(keeper.post(TOLD, ASKS))
    assert not LookUp.objects.exists()


def test_a_ward_reads_what_it_told_and_nothing_of_others(city):
    from thongsuot.people.models import Appointment

    who = logged_in(with_second_factor(make_administrator(city.hill)))
    Appointment.objects.update(duties=["see outbox"])
    make_notice(city.hill.pk, code="CỦA-MÌNH")
    make_notice(city.river.pk, code="CỦA-NƠI-KHÁC")

    page = text(who.post(TOLD, ASKS))

    assert "CỦA-MÌNH" in page
    assert "CỦA-NƠI-KHÁC" not in page


def test_one_reads_by_which_way_and_why(city, mail_server, gateways):
    minh = make_citizen(email="minh@vidu.vn")
    to = Recipient(name="Minh", email="minh@vidu.vn", phone="0912000048", person_id=minh.pk)
    make_notice(city.river.pk, key="rate_invited", to=to)
    held = make_notice(city.river.pk, to=to, at=MONDAY.replace(hour=22))

    page = text(logged_in(minh).get(OWN))

    assert "đã gửi qua" not in page
    delivery.deliver(held.pk, way="sms", actor=system("worker"), at=MONDAY.replace(day=18))
    assert "đã gửi qua: SMS" in text(logged_in(minh).get(OWN))
    delivery.deliver(held.pk, actor=system("worker"), at=MONDAY.replace(day=18))
    assert "đã gửi qua: Thư điện tử, SMS" in text(logged_in(minh).get(OWN))
    for words in ["Tin này bạn có thể chọn không nhận.", "Giữ đến hết giờ yên lặng", "18/11/2025 07:00", "Dự phòng"]:
        assert words in page
    assert held.state == "queued"


def test_ones_own_messages_cost_as_many_queries_however_many_they_are(city, django_assert_num_queries):
    minh = make_citizen()
    for _ in range(5):
        make_notice(city.river.pk, to=Recipient(name="Minh", email="minh@vidu.vn", phone="0912000048", person_id=minh.pk))

    with django_assert_num_queries(2):
        assert len(queries.own(minh.pk, emails=[], limit=20)) == 5


def test_the_outbox_of_the_stand_in_shows_what_it_took_and_fails_when_told_to(city, keeper, gateways, settings):
    settings.CITY_CODE = "98"
    assert "Chưa có tin nào đi qua" in text(keeper.get(PLAYED))
    assert keeper.post(PLAYED, {"way": "sms", "mischief": "nổ"}).status_code == 422
    assert keeper.post(PLAYED, {"way": "sms", "mischief": "twice"}).status_code == 302
    assert "Báo đã tới nơi hai lần" in text(keeper.get(PLAYED))
    notice = make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912000048"))
    delivery.deliver(notice.pk, way="sms", actor=system("worker"), at=MONDAY)
    tasks.play_reports("sms", gateways.kept()[0].reference)

    page = text(keeper.get(PLAYED))

    assert "Da nhan ho so H98.1-251117-0011" in page
    assert "84•• ••• •48" in page
    assert "84912000048" not in page
    notice.refresh_from_db()
    assert notice.state == "delivered"
    settings.PRODUCTION = True
    assert "Da nhan ho so" not in text(keeper.get(PLAYED))


def test_without_a_stand_in_its_page_leads_back(city, keeper, settings):
    settings.CITY_CODE = "98"
    assert keeper.get(PLAYED)["Location"] == OUTBOX


@pytest.mark.parametrize("state", ["held", "delivered", "sent", "queued"])
def test_every_state_has_its_tab(city, keeper, state):
    assert f"trang_thai={state}" in text(keeper.get(OUTBOX))
    assert keeper.get(f"{OUTBOX}?trang_thai={state}").status_code == 200
