"""What looks like one thing reported again: near ones of one ticket, the same picture, clusters of all open ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from thongsuot.feedback import actions, letters
from thongsuot.feedback.facts import PlaceFacts, SenderFacts
from thongsuot.feedback.models import Category, FeedbackTicket, Reporter
from thongsuot.feedback.queries import near
from thongsuot.feedback.tests.make import DAY, HOUR, IN_RIVER, MONDAY, WORKER, a_photo
from thongsuot.feedback.words import Channel
from thongsuot.kernel.text import search_key
from thongsuot.notices.models import Notice
from thongsuot.people.tests.make import browser_of

ADDRESS = IN_RIVER.address
DEGREE = 1 / 111_320  # of latitude, a metre


@pytest.fixture(autouse=True)
def city(settings):
    settings.CITY_CODE = "98"


def said(desk, when=MONDAY, **facts):
    """At a counter: there nobody is told that they report too often."""
    return desk.report(when, channel=Channel.COUNTER, by=desk.actor("ngan"), **facts)


def at(metres):
    return PlaceFacts(latitude=21.01 + metres * DEGREE, longitude=105.05, address=ADDRESS)


def around(ticket, now=MONDAY):
    return [one.row.id for one in near.candidates(FeedbackTicket.objects.get(pk=ticket.pk), now=now)]


def test_near_ones_of_a_like_category_with_like_words_stand_first(desk):
    one = said(desk, place=at(0))
    close = said(desk, place=at(5))
    other_words = said(desk, place=at(6), words="Gạch lát bong tróc, mưa xuống nước đọng thành vũng")
    like = said(desk, place=at(10), category="via-he")
    said(desk, place=at(500))
    said(desk, place=at(3), category="den-duong")
    said(desk, place=at(4), words="Tôi tố cáo cán bộ nhận tiền làm đường trước cổng trường")
    assert around(one)[0] == close.pk
    assert set(around(one)) == {close.pk, other_words.pk, like.pk}
    first = near.candidates(FeedbackTicket.objects.get(pk=one.pk), now=MONDAY)[0]
    assert (first.metres, first.days, first.likeness > 0.9) == (5, 0, True)


def test_what_is_long_ago_or_closed_is_not_near(desk):
    old = said(desk, place=at(0))
    closed = said(desk, MONDAY + 100 * DAY, place=at(1))
    actions.refuse(closed.pk, "unclear", words="Chưa rõ", actor=desk.actor("ngan"), at=MONDAY + 100 * DAY)
    new = said(desk, MONDAY + 100 * DAY, place=at(2))
    assert around(new) == []
    assert old.pk not in around(new)


def test_without_a_point_the_ward_and_the_words_tell(desk):
    one = said(
        desk,
    )
    same = said(desk, words="Trước cổng trường có ổ gà sâu, xe máy ngã")
    said(desk, words="Nắp hố ga vỡ gần chợ, nguy hiểm ban đêm", place=PlaceFacts(address="chợ phường Sông"))
    assert around(one) == [same.pk]


def test_a_picture_sent_again_is_told_of_whatever_is_said_with_it(desk):
    old = said(desk, photos=[a_photo()], place=at(0))
    new = said(desk, MONDAY + DAY, photos=[a_photo()], category="den-duong", words="Đèn tắt cả tuần nay, tối om", place=at(900))
    for ticket in (old, new):
        for photo in ticket.photos.all():
            actions.draw(photo.pk, actor=WORKER, at=MONDAY)
    new.refresh_from_db()
    assert near.same_pictures(new) == [(old.pk, old.number, True)]
    found = near.candidates(new, now=MONDAY)
    assert [(one.row.id, one.same_picture) for one in found] == [(old.pk, True)]
    page = browser_of(desk.people["toan"]).get(reverse("feedback:ticket", args=[new.pk])).text
    assert "Ảnh này đã có trong phản ánh" in page
    assert old.number in page


def test_those_ticked_are_merged_and_each_sender_still_hangs_on_one(desk):
    one, two, three = (said(desk, place=at(metres)) for metres in (0, 3, 5))
    browser = browser_of(desk.people["toan"])
    address = reverse("feedback:duplicates", args=[one.pk])
    assert two.number in browser.get(address).text
    assert browser.post(address, {"vao": one.pk}).status_code == 302
    assert FeedbackTicket.objects.filter(parent=None).count() == 3
    browser.post(address, {"pa": [two.pk, three.pk], "vao": two.pk})
    two.refresh_from_db()
    assert (two.senders, set(two.children.values_list("pk", flat=True))) == (3, {one.pk, three.pk})
    gone = browser.get(reverse("feedback:ticket", args=[one.pk])).text
    assert f"Việc được xử lý ở phản ánh {two.number}" in gone
    part = browser_of(desk.people["ngan"]).post(reverse("feedback:act", args=[one.pk, "tach"]))
    assert part.status_code == 302
    two.refresh_from_db()
    assert two.senders == 2


def test_nobody_merges_what_they_may_not_see(desk):
    one, two = said(desk, place=at(0)), said(desk, place=at(3))
    browser = browser_of(desk.people["do"])
    assert browser.post(reverse("feedback:duplicates", args=[one.pk]), {"pa": [two.pk]}).status_code == 404
    assert browser.post(reverse("feedback:merge_cluster"), {"vao": one.pk, "pa": [two.pk]}).status_code == 404
    assert FeedbackTicket.objects.filter(parent=None).count() == 2


def test_clusters_hang_on_the_first_report_and_never_chain_along_a_street(desk):
    line = [said(desk, place=at(30 * step)) for step in range(4)]
    said(desk, place=at(2), category="den-duong", words="Đèn đường tắt ba đêm rồi")
    found = near.clusters(desk.whole, unit_ids=None, now=MONDAY)
    assert [one.seed.id for one in found] == [line[0].pk, line[2].pk]
    assert [one.count for one in found] == [2, 2]
    assert near.clusters(desk.whole, unit_ids=frozenset({desk.hill}), now=MONDAY) == []


def test_one_press_merges_a_hole_reported_by_many_whatever_one_of_them_does(desk):
    many = [said(desk, place=at(step % 7)) for step in range(12)]
    gone = many[5]
    browser = browser_of(desk.people["ngan"])
    page = browser.get(reverse("feedback:clusters"))
    assert "Gộp 12 phản ánh làm một" in page.text
    actions.refuse(gone.pk, "unclear", words="Chưa rõ", actor=desk.actor("ngan"), at=MONDAY)
    ticked = {"vao": many[0].pk, "pa": [one.pk for one in many[1:]]}
    told = browser.post(reverse("feedback:merge_cluster"), ticked, follow=True)
    assert "Đã gộp 10 phản ánh." in told.text
    assert gone.number in told.text
    many[0].refresh_from_db()
    assert many[0].senders == 11
    assert near.clusters(desk.whole, unit_ids=None, now=MONDAY) == []


def test_one_hole_reported_two_hundred_times_ends_in_one_parent_whose_answer_reaches_all(desk):
    """Each by somebody else, from the phone; two clicks at the operator's desk: open the page, press."""
    many = [
        desk.report(
            MONDAY + step * timedelta(seconds=20),
            sender=SenderFacts(name="Lò Văn Mẫu", phone=f"09130{step:05d}"),
            place=at(step % 9),
            words=("Ổ gà sâu trước cổng trường, xe máy ngã", "Có ổ gà ở cổng trường, nhiều người ngã xe")[step % 2],
        )
        for step in range(200)
    ]
    later = MONDAY + 2 * HOUR
    browser = browser_of(desk.people["ngan"])
    assert "Gộp 200 phản ánh làm một" in browser.get(reverse("feedback:clusters")).text
    told = browser.post(reverse("feedback:merge_cluster"), {"vao": many[0].pk, "pa": [one.pk for one in many[1:]]}, follow=True)
    assert "Đã gộp 199 phản ánh." in told.text
    parent = FeedbackTicket.objects.get(parent=None)
    assert (parent.pk, parent.senders, parent.children.count()) == (many[0].pk, 200, 199)
    assert near.clusters(desk.whole, unit_ids=None, now=later) == []
    desk.answered(later, ticket=actions.accept(parent.pk, actor=desk.actor("toan", later), at=later))
    letters.tell_senders("feedback_message", parent, send_key="x", at=later, what="Đã vá xong")
    assert Notice.objects.filter(key="feedback_message").values("phone").distinct().count() == 200


def test_a_unit_is_not_shown_what_another_has_nearby(desk):
    one, other = said(desk, place=at(0)), said(desk, place=at(3))
    FeedbackTicket.objects.filter(pk=other.pk).update(unit=desk.hill)
    page = reverse("feedback:duplicates", args=[one.pk])
    assert other.number not in browser_of(desk.people["toan"]).get(page).text
    assert other.number in browser_of(desk.people["ngan"]).get(page).text


# -- among a million -----------------------------------------------------------------------------------------------------


def flood(desk, many, *, spots):
    """Rows as reports would have left them, with the table's own defaults; half of them say one of two things."""
    model = said(desk, place=at(0))
    category = Category.objects.get(pk=model.category_id)
    heard = ("Ổ gà sâu trước cổng trường, xe máy ngã hai lần", "Mặt đường sụt một hố lớn giữa ngã tư chợ")
    rows = [
        FeedbackTicket(
            city_id=desk.whole,
            number=f"PA98-25-9{number:06d}",
            secret=f"x{number}",
            stream="scene",
            category=category,
            channel="app",
            state="routed",
            unit_id=desk.river,
            words=heard[number % 2],
            address=ADDRESS,
            search_key=search_key(heard[number % 2]),
            latitude=21.0 + (number % spots) * 200 * DEGREE,
            longitude=105.0,
            reported_at=MONDAY,
            routed_at=MONDAY,
            due_at=MONDAY + DAY,
        )
        for number in range(many)
    ]
    FeedbackTicket.objects.bulk_create(rows, batch_size=1000)
    assert Reporter.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE feedback_feedbackticket")


def test_thousands_of_open_ones_are_grouped_in_few_queries(desk, django_assert_max_num_queries):
    flood(desk, 3000, spots=100)
    with django_assert_max_num_queries(4):
        found = near.clusters(desk.whole, unit_ids=None, now=MONDAY)
    assert sum(one.count for one in found) == 3000


def test_one_press_merges_those_that_are_here_and_says_which_went_elsewhere(desk):
    first, second, third, gone, seed = (said(desk, place=at(step)) for step in range(5))
    for one in (gone, seed):
        actions.route(one.pk, desk.hill, actor=desk.actor("ngan"), at=MONDAY)
    browser, alike = browser_of(desk.people["toan"]), reverse("feedback:duplicates", args=[first.pk])
    elsewhere = "Phản ánh này đã chuyển đến nơi khác"

    told = browser.post(alike, {"pa": [second.pk, gone.pk], "vao": first.pk}, follow=True).text
    assert ("Đã gộp 1 phản ánh." in told, f"{gone.number}: {elsewhere}" in told) == (True, True)
    told = browser.post(alike, {"pa": [gone.pk], "vao": gone.pk}, follow=True).text
    assert ("Đã gộp" in told, f"{gone.number}: {elsewhere}" in told) == (False, True)
    assert browser.post(alike, {"pa": [second.pk, gone.pk], "vao": 987654}).status_code == 404
    ticked = {"vao": seed.pk, "pa": [first.pk, third.pk, gone.pk]}
    told = browser.post(reverse("feedback:merge_cluster"), ticked, follow=True).text
    assert "Đã gộp 1 phản ánh." in told
    assert all(f"{one.number}: {elsewhere}" in told for one in (seed, gone))
    assert set(FeedbackTicket.objects.filter(parent=first).values_list("pk", flat=True)) == {second.pk, third.pk}
