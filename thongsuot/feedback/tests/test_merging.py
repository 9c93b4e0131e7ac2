"""One thing reported by many: who may join which ticket, what one sender learns of another's, and that drills stay drills."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from django.urls import reverse

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.feedback import actions
from thongsuot.feedback.actions import errors
from thongsuot.feedback.facts import CategoryFacts, PlaceFacts
from thongsuot.feedback.models import Category, FeedbackTicket, PublicCell, PublicPin
from thongsuot.feedback.queries import following, near, reporting
from thongsuot.feedback.tests.make import ANYONE, DAY, HOUR, MONDAY, SENDER, WORKER, a_photo
from thongsuot.feedback.tests.test_citizen_pages import JSON, REPORT, said
from thongsuot.feedback.tests.test_reactions import deliver  # noqa: F401 - a fixture
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.events import REACTIONS
from thongsuot.kernel.jobs import react
from thongsuot.kernel.models import Event
from thongsuot.notices.models import Notice

pytestmark = pytest.mark.django_db
State = FeedbackTicket.State
DEGREE = 1 / 111_320  # of latitude, a metre
OTHER = replace(SENDER, name="Lục Thị Hai", phone="0912000111", email="")
PRIVATE = "Đã vá trước nhà ông Lò Văn Mẫu, số 12 ngõ 4, điện thoại 0912 000 999."


def at(metres: float) -> PlaceFacts:
    return PlaceFacts(latitude=21.01 + metres * DEGREE, longitude=105.05, address="phố Bến, phường Sông")


@pytest.fixture
def hole(desk):
    return desk.report(place=at(0))


def joined(desk, parent, when=MONDAY, **facts):
    return desk.report(when, same_as=parent.number, sender=OTHER, **{"place": at(10), **facts})


# -- who may join ----------------------------------------------------------------------------------------------------------


def test_only_what_would_be_offered_is_joined(desk, hole):
    assert joined(desk, hole).parent_id == hole.pk


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        (MONDAY, {"place": at(400)}),
        (MONDAY, {"category": "den-duong"}),
        (MONDAY, {"place": PlaceFacts(address="phố Bến, phường Sông")}),
        (MONDAY + 61 * DAY, {}),
        (MONDAY, {"words": "Tôi tố cáo cán bộ nhận hối lộ khi làm đường"}),
    ],
    ids=["far", "another kind", "no point", "long ago", "looks like a denunciation"],
)
def test_knowing_a_number_is_not_enough(desk, hole, when, facts):
    child = joined(desk, hole, when, **facts)
    hole.refresh_from_db()
    assert (child.parent_id, child.state == State.MERGED, hole.senders) == (None, False, 1)


@pytest.mark.parametrize("kept", [{"masked": True}, {"suspected": "complaint"}, {"drill": True}])
def test_what_is_offered_to_nobody_is_joined_by_nobody(desk, hole, kept):
    FeedbackTicket.objects.filter(pk=hole.pk).update(**kept)
    assert joined(desk, hole).parent_id is None


# -- what is told before a report is sent ----------------------------------------------------------------------------------


def near_ones(desk, metres, when=MONDAY):
    spot = at(metres)
    return reporting.near(Category.objects.get(code="o-ga").pk, spot.latitude, spot.longitude, at=when)


def test_whoever_asks_from_everywhere_learns_a_square_and_no_more(desk):
    """Two holes in one square of fifty metres are told alike from wherever somebody asks; who stands there is asked."""
    first = desk.report(place=at(0))
    told = [[row.metres for row in near_ones(desk, metres)] for metres in range(-120, 120, 7)]
    FeedbackTicket.objects.filter(pk=first.pk).update(latitude=21.01 + 20 * DEGREE)
    assert [[row.metres for row in near_ones(desk, metres)] for metres in range(-120, 120, 7)] == told
    assert near_ones(desk, 20)
    assert {metres for found in told for metres in found} <= {50, 100}


def test_the_page_offers_a_sealed_handle_and_a_number_joins_nothing(client, desk, hole):
    here = {"latitude": "21.0101", "longitude": "105.05", "phone": "0912000888", "email": ""}
    html = client.post(REPORT, said(**here), **JSON).json()["html"]
    (handle,) = re.findall(r'name="same_as" value="([^"]+)"', html)

    assert hole.number not in html
    for number, (same_as, parent) in enumerate([(hole.number, None), (handle[:-1] + "~", None), (handle, hole.pk)]):
        sent = client.post(
            REPORT, said(**here, key=str(number), words=f"Ổ gà sâu {number}", knows="1", same_as=same_as), **JSON
        )
        assert FeedbackTicket.objects.get(number=sent.json()["number"]).parent_id == parent


def test_who_asks_again_and_again_is_offered_nothing_and_reports_all_the_same(client, desk, hole, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"near_reports": "30/m/ip,2/h/key"}
    here = {"latitude": "21.0101", "longitude": "105.05", "phone": "0912000888", "email": ""}
    assert [client.post(REPORT, said(**here), **JSON).status_code for _ in range(3)] == [409, 409, 201]


def test_of_a_kind_told_to_a_kilometre_nothing_is_offered(desk, hole):
    assert near_ones(desk, 5)
    Category.objects.filter(code="o-ga").update(public_decimals=2)
    assert not near_ones(desk, 5)


# -- what one sender learns of another's -----------------------------------------------------------------------------------


def answered(desk, parent):
    actions.accept(parent.pk, actor=desk.actor("toan"), at=MONDAY)
    answer = desk.answer(parent, words=PRIVATE, photos=[a_photo()])
    actions.approve_answer(answer.pk, actor=desk.actor("hanh"), at=MONDAY)
    for photo in parent.photos.all():
        actions.draw(photo.pk, actor=WORKER, at=MONDAY)
    parent.refresh_from_db()
    return parent


def test_who_joined_reads_the_answer_without_what_is_the_first_senders(desk, hole, client, deliver):  # noqa: F811 - the fixture
    child = joined(desk, hole)
    actions.message(hole.pk, "Anh Mẫu ở nhà chiều nay chứ?", actor=desk.actor("toan"), at=MONDAY)
    answered(desk, hole)
    photo = hole.photos.get()
    page = client.get(reverse("feedback:follow", args=[child.secret])).text

    assert "Đã vá trước nhà" in page
    assert all(private not in page for private in ("Lò Văn Mẫu", "0912 000 999", "ngõ 4", "chiều nay"))
    assert client.get(reverse("feedback:own_photo", args=[child.secret, photo.pk])).status_code == 404
    assert client.get(reverse("feedback:own_photo", args=[hole.secret, photo.pk])).status_code == 200
    deliver()
    letters = {one.to_name: one.body for one in Notice.objects.filter(key="feedback_answered")}
    assert PRIVATE in letters[SENDER.name]
    assert "Đã vá trước nhà" in letters[OTHER.name]
    assert "0912 000 999" not in letters[OTHER.name]

    ngan = desk.actor("ngan")
    actions.publish(
        hole.pk, question="Ổ gà ở phố Bến", answer="Đã vá xong ở phố Bến.", address="phố Bến", actor=ngan, at=MONDAY
    )
    assert "Đã vá xong ở phố Bến." in client.get(reverse("feedback:follow", args=[child.secret])).text
    assert client.get(reverse("feedback:own_photo", args=[child.secret, photo.pk])).status_code == 200


def test_who_joined_is_offered_to_open_it_again_and_may(desk, hole, client):
    child = joined(desk, hole)
    answered(desk, hole)
    page = reverse("feedback:follow", args=[child.secret])
    assert "Chưa hài lòng? Mở lại phản ánh" in client.get(page).text
    assert client.post(page, {"viec": "mo-lai", "ml-why": "Vẫn còn hố"}).status_code == 302
    hole.refresh_from_db()
    assert (hole.state, hole.round) == (State.ROUTED, 2)
    child.refresh_from_db()
    assert following.followed(child, now=MONDAY).reopen is None
    assert "Chưa hài lòng?" not in client.get(page).text


@pytest.mark.parametrize("way", ["unmerge", "refuse", "hand_over"])
def test_who_hung_on_another_is_told_once_that_theirs_goes_on_alone(desk, hole, deliver, way):  # noqa: F811 - the fixture
    child, ngan = joined(desk, hole), desk.actor("ngan")
    if way == "unmerge":
        actions.unmerge(child.pk, actor=ngan, at=MONDAY)
    elif way == "refuse":
        actions.refuse(hole.pk, "unclear", words="Chưa rõ", actor=ngan, at=MONDAY)
    else:
        actions.suspect(hole.pk, "complaint", actor=desk.actor("toan"), at=MONDAY)
        actions.hand_over(hole.pk, "complaint", to_unit_id=desk.river, actor=ngan, at=MONDAY)

    told = deliver()

    assert told.count(("feedback_unmerged", OTHER.name)) == 1
    body = Notice.objects.get(key="feedback_unmerged").body
    assert hole.number in body
    assert "không phải gửi lại" in body
    assert "khiếu nại" not in body.lower()
    child.refresh_from_db()
    assert (child.state, child.parent_id) == (State.VALIDATING, None)


# -- bounds ----------------------------------------------------------------------------------------------------------------


def test_one_press_merges_no_more_than_is_said(desk, hole, monkeypatch):
    monkeypatch.setattr("thongsuot.feedback.actions.merging.MOST_AT_ONCE", 2)
    others = [desk.report(place=at(step), sender=replace(OTHER, phone=f"091200011{step}")) for step in range(2)]
    with pytest.raises(errors.TooManyToMerge) as refusal:
        actions.merge(hole.pk, [one.pk for one in others], actor=desk.actor("ngan"), at=MONDAY)
    assert "nhiều nhất 2 phản ánh" in refusal.value.message()
    assert not FeedbackTicket.objects.exclude(parent=None).exists()


def test_a_picture_sent_by_thousands_is_looked_for_among_some(desk, hole, monkeypatch):
    monkeypatch.setattr(near, "MOST_ALIKE", 2)
    tickets = [
        desk.report(place=at(step), photos=[a_photo()], sender=replace(OTHER, phone=f"091200011{step}")) for step in range(5)
    ]
    for ticket in tickets:
        actions.draw(ticket.photos.get().pk, actor=WORKER, at=MONDAY)
    assert len(near.same_pictures(tickets[-1])) == 2


HEARD = (
    "Ổ gà sâu giữa làn xe máy ngã",
    "Nắp cống vỡ mất song chắn",
    "Gạch lát bong tróc vũng nước",
    "Vạch sơn mờ hẳn khuất biển",
)


def test_a_place_where_everything_is_broken_is_grouped_by_what_came_last_and_soon_again(
    desk, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(near, "MOST_SEEDS", 2)

    def said_again(words):
        sender = replace(OTHER, phone=f"09120003{FeedbackTicket.objects.count():02}")
        return desk.report(place=at(0), words=words, sender=sender)

    for words in HEARD:
        said_again(words)
    said_again(HEARD[0])  # the first of these is no seed any more
    last = [said_again(HEARD[3]) for _ in range(2)]
    (found,) = near.clusters(desk.whole, unit_ids=None, now=MONDAY)
    assert {one.id for one in found.members} >= {one.pk for one in last}
    actions.refuse(last[0].pk, "unclear", words="Chưa rõ", actor=desk.actor("ngan"), at=MONDAY)
    with django_assert_num_queries(1):
        (again,) = near.clusters(desk.whole, unit_ids=None, now=MONDAY)
    assert again.count == found.count - 1


# -- opened again ----------------------------------------------------------------------------------------------------------


THIRD = replace(SENDER, name="Ông Văn Ba", phone="0912000222", email="")
SAID = "Chỗ trước nhà tôi số 12 vẫn còn hố"


@pytest.mark.parametrize("who", [SENDER.name, OTHER.name])
def test_who_shares_a_ticket_learns_once_that_it_was_opened_again_and_what_was_answered_anew(desk, hole, deliver, who):  # noqa: F811
    others = [joined(desk, hole), desk.report(same_as=hole.number, sender=THIRD, place=at(10))]
    desk.answered(ticket=actions.accept(hole.pk, actor=desk.actor("toan"), at=MONDAY))
    deliver()
    own = hole if who == SENDER.name else others[0]
    actions.reopen(own.pk, SAID, secret=own.secret, actor=ANYONE, at=MONDAY)
    told = deliver()
    everybody = sorted([SENDER.name, OTHER.name, THIRD.name])
    opened = [name for key, name in told if key == "feedback_reopened"]
    assert sorted(opened) == [name for name in everybody if name != who]
    # Whom the ticket is of reads where it is again, once: by this letter, or, who said so, by the one of the way.
    assert told.count(("feedback_routed", SENDER.name)) == (2 if who == SENDER.name else 1)
    assert not any(SAID in one.body or who in one.body for one in Notice.objects.filter(key="feedback_reopened"))
    for one in others:
        steps = [step.title for step in following.followed(one, now=MONDAY).steps]
        assert steps.count("Được giải quyết lại: có người cho biết việc chưa xong") == 1

    actions.accept(hole.pk, actor=desk.actor("toan"), at=MONDAY)
    actions.approve_answer(desk.answer(hole, words="Đã vá lại cả đoạn.").pk, actor=desk.actor("truong"), at=MONDAY)
    anew = [name for key, name in deliver() if key == "feedback_answered"]
    assert sorted(anew) == sorted(everybody * 2)
    actions.reopen(others[1].pk, "Vẫn còn", secret=others[1].secret, actor=ANYONE, at=MONDAY)
    assert [name for key, name in deliver() if key == "feedback_reopened"][2:] == [SENDER.name, OTHER.name]


def test_answered_anew_before_anybody_was_told_the_answer_tells_it(desk, hole, deliver):  # noqa: F811
    child = joined(desk, hole)
    desk.answered(ticket=actions.accept(hole.pk, actor=desk.actor("toan"), at=MONDAY))
    actions.reopen(child.pk, SAID, secret=child.secret, actor=ANYONE, at=MONDAY)
    actions.accept(hole.pk, actor=desk.actor("toan"), at=MONDAY)
    actions.approve_answer(desk.answer(hole).pk, actor=desk.actor("truong"), at=MONDAY)
    assert not [name for key, name in deliver() if key == "feedback_reopened"]


# -- drills ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def drill(desk):
    actions.send_drill(desk.whole, actor=desk.actor("quan"), at=MONDAY)
    return FeedbackTicket.objects.get(drill=True, unit=desk.river)


def test_a_drill_reaches_no_reception_and_mixes_with_no_real_ticket(desk, hole, drill):
    toan, ngan = desk.actor("toan"), desk.actor("ngan")
    events = Event.objects.count()
    with pytest.raises(errors.IsDrill):
        actions.suspect(drill.pk, "complaint", actor=toan, at=MONDAY)
    for parent, child in ((drill, hole), (hole, drill)):
        with pytest.raises(errors.IsDrill):
            actions.merge(parent.pk, [child.pk], actor=ngan, at=MONDAY)
    assert Event.objects.count() == events
    actions.give_back(drill.pk, "not_ours", words="Không phải", actor=toan, at=MONDAY)
    with pytest.raises(errors.IsDrill):
        actions.hand_over(drill.pk, "complaint", to_unit_id=desk.river, actor=ngan, at=MONDAY)
    assert not ReceptionEntry.objects.exists()


def test_once_a_drill_is_closed_nothing_of_it_goes_on(desk, drill):
    actions.accept(drill.pk, actor=desk.actor("toan"), at=MONDAY)
    drill.refresh_from_db()
    answer = desk.answer(drill)
    hill = FeedbackTicket.objects.get(drill=True, unit=desk.hill)
    actions.accept(hill.pk, actor=desk.actor("do"), at=MONDAY)
    reply = actions.submit_answer(hill.pk, "Đã nhận", actor=desk.actor("do"), at=MONDAY)
    actions.approve_answer(reply.pk, actor=desk.actor("duc"), at=MONDAY)
    actions.close_drill(desk.whole, actor=desk.actor("quan"), at=MONDAY + HOUR)
    with pytest.raises(errors.NotInThisState):
        actions.approve_answer(answer.pk, actor=desk.actor("hanh"), at=MONDAY + HOUR)
    with pytest.raises(errors.IsDrill):
        actions.reopen(hill.pk, "Chưa được", secret=hill.secret, actor=ANYONE, at=MONDAY + HOUR)


def test_a_drill_ends_when_it_is_closed_and_counts_who_answered_whatever_ended_before(desk, drill):
    with pytest.raises(errors.IsDrill):
        actions.ask(drill.pk, "Ở đâu?", actor=desk.actor("toan"), at=MONDAY)
    actions.accept(drill.pk, actor=desk.actor("toan"), at=MONDAY)
    drill.refresh_from_db()
    actions.approve_answer(desk.answer(drill).pk, actor=desk.actor("hanh"), at=MONDAY)
    FeedbackTicket.objects.filter(drill=True, unit=desk.hill).update(state="asked", paused_at=MONDAY)
    over = MONDAY + 40 * DAY
    assert actions.to_close(at=over) == actions.asked_long_ago(at=over) == []
    FeedbackTicket.objects.filter(pk=drill.pk).update(state="closed", ended_at=over)  # by an older program
    assert actions.close_drill(desk.whole, actor=desk.actor("quan"), at=over) == 1
    assert not FeedbackTicket.objects.filter(drill=True, ended_at=None).exists()


# -- how near the public map says where ------------------------------------------------------------------------------------


def place_of(ticket):
    ticket.refresh_from_db()
    pin = PublicPin.objects.get(ticket=ticket)
    assert (pin.latitude, pin.longitude) == (ticket.public_latitude, ticket.public_longitude)
    return pin.latitude, pin.longitude


EXACT = PlaceFacts(latitude=21.012345, longitude=105.056789, address="phố Bến, phường Sông")


def test_what_often_points_at_a_home_is_public_less_exactly(desk):
    assert place_of(desk.published(place=EXACT)) == (21.0123, 105.0568)
    noise = desk.published(place=EXACT, category="tieng-on", words="Loa kéo hát rất to sau mười giờ đêm", sender=OTHER)
    assert place_of(noise) == (21.012, 105.057)


def test_what_turns_out_to_be_of_such_a_kind_is_told_less_exactly_at_once(desk):
    ticket = desk.published(place=EXACT)
    actions.reopen(ticket.pk, "Vẫn còn", secret=ticket.secret, actor=ANYONE, at=MONDAY)
    actions.classify(ticket.pk, category="tieng-on", actor=desk.actor("ngan"), at=MONDAY)
    assert place_of(ticket) == (21.012, 105.057)


def test_a_kind_that_is_told_less_exactly_from_now_on_is_so_where_it_is_public_already(desk):
    tickets = [desk.published(place=EXACT, sender=replace(OTHER, phone=f"091200011{step}")) for step in range(3)]
    lamp = desk.published(place=EXACT, category="den-duong", words="Ba cột đèn không sáng từ đầu tuần", sender=OTHER)
    category = Category.objects.get(code="o-ga")
    as_it_is = {one.name: getattr(category, one.name) for one in fields(CategoryFacts)}
    wider = CategoryFacts(**as_it_is | {"public_decimals": 3})
    actions.change_category(category.pk, wider, actor=desk.actor("quan"), at=MONDAY)
    assert actions.too_fine(category.pk) == [one.pk for one in tickets]
    event = Event.objects.get(name="feedback.category_changed")
    for name in REACTIONS[event.name]:
        react(event.pk, name)
    assert {place_of(one) for one in tickets} == {(21.012, 105.057)}
    assert place_of(lamp) == (21.0123, 105.0568)
    cells = dict(PublicCell.objects.filter(category=category, level=17, count__gt=0).values_list("x", "count"))
    assert list(cells.values()) == [3]
    with pytest.raises(BadInput):
        actions.change_category(category.pk, replace(wider, public_decimals=7), actor=desk.actor("quan"), at=MONDAY)


def test_what_turns_out_to_be_of_a_kind_told_more_exactly_stays_as_it_was_until_somebody_reads_it_over(desk):
    noise = desk.published(place=EXACT, category="tieng-on", words="Loa kéo hát rất to sau mười giờ đêm")
    actions.reopen(noise.pk, "Vẫn còn", secret=noise.secret, actor=ANYONE, at=MONDAY)
    actions.classify(noise.pk, category="o-ga", actor=desk.actor("ngan"), at=MONDAY)
    assert place_of(noise) == (21.012, 105.057)
    answer = desk.answer(actions.accept(noise.pk, actor=desk.actor("toan"), at=MONDAY))
    actions.approve_answer(answer.pk, actor=desk.actor("truong"), at=MONDAY)
    actions.publish(noise.pk, question="Hố ga hở", answer="Đã đậy.", actor=desk.actor("ngan"), at=MONDAY)
    assert place_of(noise) == (21.0123, 105.0568)


def test_what_is_public_and_hangs_on_another_is_public_no_more(desk, hole):
    """Opened again it says "being handled again"; merged, nobody would ever answer it there."""
    ticket = desk.published(place=at(10), sender=OTHER)
    actions.reopen(ticket.pk, "Vẫn còn", secret=ticket.secret, actor=ANYONE, at=MONDAY)
    assert PublicPin.objects.filter(ticket=ticket).exists()
    actions.merge(hole.pk, [ticket.pk], actor=desk.actor("ngan"), at=MONDAY)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.published_at, ticket.public_words) == (State.MERGED, None, "")
    assert not PublicPin.objects.exists()
    assert not PublicCell.objects.filter(count__gt=0).exists()
    assert Event.objects.get(name="feedback.merged").facts["was_public"] is True
