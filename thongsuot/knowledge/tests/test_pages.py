"""Pages: answers for everyone, looking up at the counter, the stock."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from thongsuot.kernel import clock
from thongsuot.kernel.text import instant
from thongsuot.knowledge import actions, queries
from thongsuot.knowledge.models import AnswerUse, Article, ArticleVersion
from thongsuot.knowledge.tests.make import QUESTION
from thongsuot.knowledge.tests.test_actions import sheet
from thongsuot.people.tests.make import MONDAY, browser_of, logged_in, make_officer

STOCK = "/can-bo/hoi-dap/kho/"


@pytest.fixture(autouse=True)
def nobody_hurried():
    cache.clear()


def text(answer):
    return answer.content.decode()


def test_everyone_searches_walks_topics_and_reads_one_answer(office):
    made = office.answered()
    client = Client()

    assert QUESTION in text(client.get("/hoi-dap/"))
    assert QUESTION in text(client.get("/hoi-dap/", {"q": "khai sinh"}))
    assert QUESTION in text(client.get("/hoi-dap/", {"chu-de": "Hộ tịch"}))
    assert "Chưa có câu trả lời khớp" in text(client.get("/hoi-dap/", {"q": "<script>zzz"}))
    page = text(client.get(f"/hoi-dap/{made.article_id}/"))
    assert '<a href="/thu-tuc/">thủ tục</a>' in page
    assert "<li>Giấy chứng sinh</li>" in page
    assert all(words in page for words in ("17/11/2025", "Luật Hộ tịch", "Cả thành phố"))
    assert client.get("/hoi-dap/999999/").status_code == 404


def test_a_visitor_judges_once_and_nobody_is_named(office):
    made = office.answered()
    client, address = Client(), f"/hoi-dap/{made.article_id}/"

    for _twice in range(2):
        client.post(address, {"viec": "co-ich", "ban": made.pk})
    Client().post(address, {"viec": "chua-co-ich", "ban": made.pk})

    assert dict(AnswerUse.objects.values_list("kind", "count")) == {"useful": 1, "useless": 1}
    assert "Bạn đã cho ý kiến" in text(client.get(address))
    assert client.post(address, {"viec": "khác", "ban": made.pk}).status_code == 422
    assert Client().post(address, {"viec": "co-ich", "ban": "x" * 30}).status_code == 404


def test_a_crowd_from_one_address_is_told_to_wait(office):
    made = office.answered()

    answers = [
        Client().post(f"/hoi-dap/{made.article_id}/", {"viec": "co-ich", "ban": made.pk}).status_code for _one in range(31)
    ]

    assert (answers[0], answers[-1]) == (302, 429)


def test_what_was_withdrawn_says_since_when_and_why(office):
    made = office.answered()
    actions.withdraw_version(made.pk, reason="Luật đã đổi", actor=office.approves, at=MONDAY)

    answer = Client().get(f"/hoi-dap/{made.article_id}/")

    assert answer.status_code == 410
    assert "Luật đã đổi" in text(answer)


def test_the_counter_looks_up_and_says_that_it_was_told(office):
    made = office.answered()
    lan = logged_in(make_officer(office.city.river))

    page = text(lan.get("/can-bo/hoi-dap/", {"q": "khai sinh"}))
    assert "Anh chị đến phường" in page
    told = lan.post("/can-bo/hoi-dap/?q=khai+sinh", {"ban": made.pk})

    assert told.headers["Location"] == "/can-bo/hoi-dap/?q=khai+sinh"
    assert AnswerUse.objects.get().kind == "counter"
    assert lan.post("/can-bo/hoi-dap/", {"ban": "1e9"}).status_code == 422
    assert lan.post("/can-bo/hoi-dap/", {"ban": "999999"}).status_code == 404


@pytest.mark.parametrize(("where", "kind"), [("feedback", "feedback"), ("reception", "reception"), ("hotline", "counter")])
def test_told_while_a_report_or_a_visitor_is_answered_it_counts_there(office, where, kind):
    made = office.answered()
    lan = browser_of(make_officer(office.city.river))
    page = lan.get("/can-bo/hoi-dap/", {"tai": where, "q": "khai sinh"})
    assert f'name="tai" value="{where}"' in page.text or kind == "counter"
    lan.post(f"/can-bo/hoi-dap/?tai={where}", {"ban": made.pk})
    assert AnswerUse.objects.get().kind == kind
    assert lan.get(STOCK).status_code == 403


WORDS = {"question": "Làm căn cước ở đâu?", "answer": "Ở công an.\n\n- Ảnh", "spoken": "Ở công an.", "basis": "Luật Căn cước"}


def test_an_answer_from_draft_to_approval(office):
    keeper, approver = browser_of(office.keeper), browser_of(office.approver)
    read = keeper.post(f"{STOCK}soan/", {**WORDS, "viec": "xem"})
    assert (read.status_code, Article.objects.count()) == (200, 0)
    assert "<li>Ảnh</li>" in text(read)
    bad = keeper.post(f"{STOCK}soan/", {**WORDS, "answer": "[x](javascript:alert(1))", "viec": "luu"})
    assert (bad.status_code, Article.objects.count()) == (422, 0)
    keeper.post(f"{STOCK}soan/", {**WORDS, "topics": "Cư trú", "viec": "luu"})
    version = ArticleVersion.objects.get()
    address = f"{STOCK}ban/{version.pk}/"
    keeper.post(address, {"viec": "gui-duyet"})
    assert "Chờ duyệt" in text(keeper.get(STOCK, {"trang_thai": "cho"}))
    page = text(approver.get(address))
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    refused = approver.post(address, {"viec": "duyet", "digest": "x", "valid_from": f"{clock.today():%d/%m/%Y}"})
    assert refused.status_code == 422
    approver.post(address, {"viec": "duyet", "digest": digest, "valid_from": f"{clock.today():%d/%m/%Y}"})
    assert queries.answer_for(version.article_id, clock.today()).version_id == version.pk

    keeper.post(f"{STOCK}{version.article_id}/soan/", {**WORDS, "answer": "Ở phường.", "viec": "luu"})
    second = ArticleVersion.objects.get(number=2)
    assert "<del>Ở công an.</del>" in text(approver.get(f"{STOCK}ban/{second.pk}/"))
    assert approver.post(address, {"viec": "thu-hoi", "reason": ""}).status_code == 422
    approver.post(address, {"viec": "thu-hoi", "reason": "Đổi luật"})
    assert "Đã thu hồi" in text(approver.get(f"{STOCK}{version.article_id}/"))
    assert approver.post(f"{STOCK}{version.article_id}/", {"until": "mai"}).status_code in {404, 422}


def test_lists_come_in_and_leave(office):
    keeper = browser_of(office.keeper)
    office.answered()
    assert keeper.get(f"{STOCK}mau/").headers["Content-Type"].startswith("application/vnd.openxml")
    assert len(keeper.get(f"{STOCK}xuat/").content) > 1_000

    def send(content, name="a.xlsx", **more):
        return keeper.post(f"{STOCK}nhap/", {"file": SimpleUploadedFile(name, content), **more})

    bad = send(sheet(("Câu xấu nào?", "<b>x</b>", "x", "x")))
    assert (bad.status_code, "thẻ HTML" in text(bad)) == (422, True)
    assert send(b"MZ\x90\x00 not a table").status_code == 422
    assert send(sheet(("Câu tốt nào?", "Một.", "Một.", "Luật")), submit="on").headers["Location"].endswith("cho")
    assert Article.objects.count() == 2


def test_every_page_of_the_stock_is_drawn(office, django_assert_max_num_queries):
    made = office.answered()
    actions.note_told(made.pk, where="hotline", actor=office.writes, at=clock.now())
    office.draft("Đang soạn dở à?")
    keeper = browser_of(office.keeper)
    for address in (
        "",
        "?trang_thai=xem-lai",
        "?q=khai",
        "?trang_thai=la",
        "so-lieu/",
        "so-lieu/?so-ngay=30",
        "soan/",
        "nhap/",
    ):
        with django_assert_max_num_queries(40):
            assert keeper.get(f"{STOCK}{address}").status_code == 200, address
    assert "Chưa dùng lần nào" in text(keeper.get(f"{STOCK}so-lieu/"))


def test_two_who_write_at_once_lose_nothing(office):
    keeper, other = browser_of(office.keeper), browser_of(office.keeper)
    made = office.answered()
    address = f"{STOCK}{made.article_id}/soan/"

    def seen(page):
        return re.search(r'name="seen" value="(\w+)"', text(page))[1]

    began = seen(keeper.get(address))
    assert other.post(address, {**WORDS, "answer": "Của người khác.", "seen": began, "viec": "luu"}).status_code == 302
    refused = keeper.post(address, {**WORDS, "answer": "Của tôi.", "seen": began, "viec": "luu"})

    assert refused.status_code == 422
    page = text(refused)
    assert all(words in page for words in ("người khác đã lưu bản khác", "Của tôi.</textarea>", "<del>Của người khác.</del>"))
    assert ArticleVersion.objects.get(number=2).answer == "Của người khác."
    again = keeper.post(address, {**WORDS, "answer": "Của cả hai.", "seen": seen(refused), "viec": "luu"})
    assert again.status_code == 302
    assert ArticleVersion.objects.get(number=2).answer == "Của cả hai."
    version = ArticleVersion.objects.get(number=2)
    actions.submit_version(version.pk, actor=office.writes, at=MONDAY)
    late = keeper.post(address, {**WORDS, "answer": "Viết muộn.", "seen": began, "viec": "luu"})
    assert (late.status_code, "Viết muộn.</textarea>" in text(late)) == (422, True)


def test_the_day_to_look_again_is_asked_of_who_may_say_it(office):
    made = office.draft()
    keeper = browser_of(office.keeper)
    address = f"{STOCK}{made.article_id}/soan/"
    assert 'name="look_again_on"' in text(keeper.get(address))
    keeper.post(address, {**WORDS, "look_again_on": "31/12/2030", "viec": "luu"})
    actions.submit_version(made.pk, actor=office.writes, at=MONDAY)
    approver = browser_of(office.approver)
    assert "Xem lại vào ngày 31/12/2030" in text(approver.get(f"{STOCK}ban/{made.pk}/"))
    version = ArticleVersion.objects.get()
    actions.approve_version(
        made.pk, digest=queries.digest_of(version), valid_from=clock.today(), actor=office.approves, at=clock.now()
    )

    assert 'name="look_again_on"' not in text(keeper.get(address))
    keeper.post(address, {**WORDS, "answer": "Khác.", "look_again_on": "", "viec": "luu"})
    assert f"{Article.objects.get().look_again_on}" == "2030-12-31"


def test_a_long_history_has_pages_and_tells_nothing_of_each_telling(office):
    made = office.answered()
    for n in range(25):
        until, at = MONDAY.date() + timedelta(days=30 + n), MONDAY + timedelta(minutes=n)
        actions.looked_again(made.article_id, until=until, actor=office.approves, at=at)
        actions.note_told(made.pk, where="hotline", actor=office.writes, at=MONDAY)
    keeper, address = browser_of(office.keeper), f"{STOCK}{made.article_id}/"

    first, second = text(keeper.get(address)), text(keeper.get(f"{address}?trang=2"))

    assert (first.count("Đã xem lại, vẫn đúng"), second.count("Đã xem lại, vẫn đúng")) == (20, 5)
    latest, one_of_twenty = (instant(MONDAY + timedelta(minutes=n)) for n in (24, 5))
    assert first.index(latest) < first.index(one_of_twenty), "the latest on top"
    assert "Đã trả lời người dân theo bản này" not in text(keeper.get(f"{STOCK}ban/{made.pk}/"))
