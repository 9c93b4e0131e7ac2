"""What is not published is told nowhere; what is published is told as it was published."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thongsuot.feedback import actions as feedback
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.tests.make import MONDAY, SENDER, WORDS, WORKER, a_photo
from thongsuot.files.queries import open_checked
from thongsuot.kernel.errors import BadInput
from thongsuot.open311 import actions, rules
from thongsuot.open311.models import ApiKey, Usage
from thongsuot.open311.queries.tickets import COLUMNS
from thongsuot.open311.tests.make import Api, make_key

KNOWN_OF_ALL = {
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
}
IN_SONG = PlaceFacts(latitude=21.011234, longitude=105.051234, address="12 ngõ 4 phố Bến, phường Sông")
PRIVATE = [SENDER.name, SENDER.phone, SENDER.email, "12 ngõ 4", WORDS, "105.0512"]


def drawn(ticket: FeedbackTicket) -> None:
    for photo in ticket.photos.all():
        feedback.draw(photo.pk, actor=WORKER, at=MONDAY)


def everything_told(api) -> str:
    """All that anybody can read without a key, in both forms."""
    numbers = FeedbackTicket.objects.values_list("number", flat=True)
    paths = ["requests", "servicerequestupdates", *(f"requests/{number}" for number in numbers)]
    return "\n".join(
        api.get(f"{path}.{form}", extensions="true").content.decode() for path in paths for form in ("xml", "json")
    )


def test_before_it_is_published_a_request_is_its_service_its_state_its_times_and_its_unit(api, reacted):
    ticket = api.report(lat="21.0112", long="105.0512", media=None)
    feedback.accept(ticket.pk, actor=api.desk.actor("toan"), at=MONDAY)
    feedback.note(ticket.pk, "ghi chú nội bộ", actor=api.desk.actor("toan"), at=MONDAY)
    reacted()
    assert api.json("requests") == api.json("servicerequestupdates") == []
    (told,) = api.mine("requests")

    assert {name for name, value in told.items() if value is not None} == KNOWN_OF_ALL
    assert told["agency_responsible"] == "Phường Sông"
    assert api.json(f"requests/{ticket.number}") == [told]  # as a client asks that knows the standard alone
    assert api.json("servicerequestupdates", service_request_id=ticket.number) == api.mine("servicerequestupdates")
    said = everything_told(api)
    assert [secret for secret in [*PRIVATE, ticket.secret, "ghi chú nội bộ"] if secret in said] == []


def everything_told_of(api, ticket) -> str:
    """To whoever guesses its number, and to whoever asks for all."""
    asked = [api.get(f"requests/{ticket.number}.json"), api.get("requests.json", service_request_id=ticket.number)]
    asked += [api.get(f"servicerequestupdates.json{more}") for more in ("", f"?service_request_id={ticket.number}")]
    return "".join(one.content.decode() for one in (*asked, api.get("requests.json"))).replace(UNKNOWN, "").replace("[]", "")


UNKNOWN = '[{"code":404,"description":"Không có phản ánh mang service_request_id này. Hãy xem lại số phản ánh."}]'


@pytest.mark.parametrize("how", ["another channel", "masked", "suspected", "withheld", "handed over"])
def test_what_must_not_be_guessed_is_told_to_the_key_that_sent_it_alone(api, reacted, how):
    desk, words = api.desk, "Tôi tố cáo cán bộ phường nhận tiền của dân khi làm giấy tờ"
    if how == "another channel":
        ticket = desk.accepted()
    else:
        ticket = api.report(description=words) if how in {"suspected", "handed over"} else api.report()
    if how == "masked":
        FeedbackTicket.objects.filter(pk=ticket.pk).update(masked=True)
    if how == "withheld":
        feedback.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY)
        feedback.withhold(desk.answered(ticket=ticket).pk, "private", actor=desk.actor("ngan"), at=MONDAY)
    if how == "handed over":
        feedback.hand_over(ticket.pk, "denunciation", to_unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY)
    reacted()

    assert everything_told_of(api, ticket) == ""
    other = Api.with_key(desk)
    assert other.mine("requests") == other.mine("servicerequestupdates") == []
    assert [row["service_request_id"] for row in api.mine("requests")] == [ticket.number] * (how != "another channel")
    if how == "handed over":
        (step,) = api.mine("servicerequestupdates", service_request_id=ticket.number)
        assert (step["status"], step["description"]) == ("closed", "Đã chuyển nơi có trách nhiệm giải quyết.")


def test_a_key_that_goes_on_with_another_has_what_that_one_sent_and_no_other_has(api, reacted):
    desk, old = api.desk, ApiKey.objects.get()
    said = {"headers": {"Idempotency-Key": "1"}}
    ticket = api.report(**said)
    update = {"service_request_id": ticket.number, "description": "Chỗ hỏng rộng thêm"}
    new = Api.with_key(desk, goes_on=old.pk)
    newest = Api.with_key(desk, goes_on=ApiKey.objects.latest("pk").pk)
    actions.withdraw_key(old.pk, actor=desk.actor("quan"), at=MONDAY)
    feedback.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY)
    reacted()

    for key in (new, newest):
        assert [row["service_request_id"] for row in key.mine("requests")] == [ticket.number]
        assert key.mine("servicerequestupdates")
        assert key.report(**said) == ticket
        assert key.post("servicerequestupdates.json", update).status_code == 200
    other = Api.with_key(desk)
    assert other.mine("requests") == other.mine("servicerequestupdates") == []
    assert other.post("servicerequestupdates.json", update).status_code == 403
    for wrong in ({"goes_on": old.pk, "for_tests": True}, {"goes_on": 0}):
        with pytest.raises(BadInput):
            make_key(desk, **wrong)


def test_what_is_answered_is_not_told_before_it_is_published(api, reacted):
    api.desk.answered()
    reacted()

    assert "Đã vá xong chỗ hỏng" not in everything_told(api)


def test_published_it_says_what_was_published_and_nothing_else(api, reacted):
    ticket = api.desk.accepted(photos=[a_photo()], place=IN_SONG)
    drawn(ticket)
    api.desk.published(ticket=ticket)
    reacted()
    (told,) = api.json("requests", extensions="true")

    assert told["description"] == "Ổ gà sâu trước cổng trường"
    assert told["address"] == "phố Bến, Phường Sông"
    assert (told["lat"], told["long"], told["address_id"]) == (21.0112, 105.0512, api.desk.city.river.code)
    assert told["status_notes"] == "Đã trả lời, đã công khai. Đã vá xong."
    assert (told["status"], told["extended_attributes"]["status"]) == ("closed", "fixed")
    said = everything_told(api)
    assert [secret for secret in [*PRIVATE[:-1], ticket.secret] if secret in said] == []


def test_its_picture_is_the_covered_copy_and_goes_when_it_is_taken_off(api):
    ticket = api.desk.accepted(photos=[a_photo()])
    drawn(ticket)
    photo = ticket.photos.get()
    assert api.get(f"media/{photo.pk}.jpg").status_code == 404
    api.desk.published(ticket=ticket)
    (told,) = api.json("requests")
    photo.refresh_from_db()

    assert told["media_url"].endswith(f"/open311/v2/media/{photo.pk}.jpg")
    shown = api.get(f"media/{photo.pk}.jpg")
    assert shown.status_code == 200
    content = b"".join(shown.streaming_content)
    with open_checked(photo.public_id) as file:
        assert content == file.read()
    feedback.unpublish(ticket.pk, actor=api.desk.actor("ngan"), at=MONDAY)
    assert api.get(f"media/{photo.pk}.jpg").status_code == 404
    assert api.json("requests") == []


def test_of_a_masked_one_the_ward_is_all_that_is_said_of_its_place(api):
    ticket = api.desk.accepted(masked=True, place=IN_SONG)
    api.desk.published(ticket=ticket)
    (told,) = api.json("requests")

    assert (told["address"], told["lat"], told["long"]) == ("Phường Sông", None, None)
    assert api.json("requests", lat="21.0112", long="105.0512", radius="1000") == []


def test_who_it_was_handed_over_to_is_between_the_sender_and_them(api, reacted):
    ticket = api.report(description="Tôi tố cáo cán bộ phường nhận tiền của dân khi làm giấy tờ")
    feedback.hand_over(ticket.pk, "denunciation", to_unit_id=api.desk.river, actor=api.desk.actor("ngan"), at=MONDAY)
    reacted()
    (told,) = api.mine(f"requests/{ticket.number}")

    assert told["status_notes"] == "Đã chuyển nơi có trách nhiệm giải quyết."
    assert told["agency_responsible"] is None
    assert "tố cáo" not in everything_told(api).lower()
    assert "tố cáo" not in str(api.mine("servicerequestupdates")).lower()


@pytest.mark.parametrize("state", sorted(FeedbackTicket.State.values))
def test_each_state_is_open_or_closed_and_has_its_word_in_the_extension(state):
    assert rules.status_of(state) in {"open", "closed"}
    assert rules.fine_status(state) in rules.STATUS_WORDS
    assert (rules.fine_status(state) == "open") <= (rules.status_of(state) == "open")


def test_no_query_asks_for_a_column_that_is_not_public(api):
    """Of tickets: the columns that are named, the search key of what is public, the state and the clock to choose by."""
    api.desk.published()
    with CaptureQueriesContext(connection) as seen:
        for query in ({}, {"q": "o ga", "status": "open"}, {"lat": "21.01", "long": "105.05", "updated_after": "2025-10-01"}):
            api.json("requests", **query)
        api.json("servicerequestupdates")
    asked = " ".join(one["sql"] for one in seen)

    private = {
        "words",
        "address",
        "latitude",
        "longitude",
        "answers",
        "search_key",
        "secret",
        "key",
        "happened_at",
        "handler_id",
    }
    assert [name for name in private if f'"feedback_feedbackticket"."{name}"' in asked] == []
    assert '"feedback_reporter"' not in asked
    assert private.isdisjoint(COLUMNS)


def test_a_sender_adds_to_it_by_the_key_that_sent_it_or_by_their_link_and_nobody_else(api):
    mine, other = api.report(), api.desk.report()

    def add(**said):
        return api.post("servicerequestupdates.json", {"description": "Chỗ hỏng rộng thêm", **said})

    assert add(service_request_id=mine.number).status_code == 200
    assert add(service_request_id=other.number).status_code == 403
    assert add(service_request_id="PA98-25-999999").status_code == 403  # whether there is one is not told
    assert add(service_request_id=other.number, secret="sai").status_code == 403
    assert add(service_request_id=other.number, secret=other.secret).status_code == 200
    assert (mine.messages.count(), other.messages.count()) == (1, 1)
    assert mine.messages.get().words == "Chỗ hỏng rộng thêm"
    assert "Chỗ hỏng rộng thêm" not in everything_told(api)


def test_the_network_of_who_has_no_key_is_forgotten_and_the_count_stays(api, clock):
    api.client.get("/open311/v2/services.xml")
    api.client.get("/open311/v2/services.xml", REMOTE_ADDR="10.0.0.9")
    assert actions.fold_networks(at=MONDAY) == 0
    clock.now = MONDAY.replace(day=9)
    actions.fold_networks(at=clock.now)

    (row,) = Usage.objects.filter(api_key=None)
    assert (row.network, row.reads) == ("", 2)
