"""Whose wish it is that no public page says where something is, and the way back from a first guess."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from thongsuot.feedback import actions
from thongsuot.feedback.actions import errors
from thongsuot.feedback.models import Category, FeedbackTicket
from thongsuot.feedback.queries import reporting
from thongsuot.feedback.tests.make import ANYONE, IN_RIVER, MONDAY, SENDER
from thongsuot.feedback.words import MaskedBy
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.people.tests.make import browser_of

pytestmark = pytest.mark.django_db
OTHER = replace(SENDER, name="Lục Thị Hai", phone="0912000111", email="")


def offers(ticket) -> bool:
    category = Category.objects.get(code="o-ga")
    return bool(reporting.near(category.pk, ticket.latitude, ticket.longitude, at=MONDAY))


@pytest.mark.parametrize("guess", [{"category": "", "stream": "waste"}, {"category": "lang-phi"}])
def test_what_was_masked_by_a_first_guess_is_so_no_more_and_others_may_join_it(desk, guess):
    ticket, ngan = desk.report(**guess), desk.actor("ngan")
    assert (ticket.masked, ticket.masked_by) == (True, MaskedBy.KIND)
    ticket = actions.classify(ticket.pk, category="o-ga", actor=ngan, at=MONDAY)
    assert not ticket.masked
    assert offers(ticket)
    assert desk.report(same_as=ticket.number, sender=OTHER).parent_id == ticket.pk
    assert actions.classify(ticket.pk, category="lang-phi", actor=ngan, at=MONDAY).masked
    assert not actions.classify(ticket.pk, category="", stream="scene", actor=ngan, at=MONDAY).masked


def test_what_its_sender_asked_for_stays_whatever_it_is_about(desk):
    ticket, ngan = desk.report(masked=True, category="lang-phi"), desk.actor("ngan")
    ticket = actions.classify(ticket.pk, category="o-ga", actor=ngan, at=MONDAY)
    assert (ticket.masked, ticket.masked_by) == (True, MaskedBy.SENDER)
    assert not offers(ticket)
    with pytest.raises(BadInput) as refused:
        actions.mask(ticket.pk, masked=False, why="Nơi công cộng", actor=ngan, at=MONDAY)
    assert "Người gửi không muốn" in refused.value.problems["masked"]
    assert "theo ý người gửi" in browser_of(desk.people["ngan"]).get(reverse("feedback:ticket", args=[ticket.pk])).text


def test_from_before_it_was_known_who_asked_it_stays_until_an_officer_decides(desk):
    ticket, ngan = desk.report(category="lang-phi"), desk.actor("ngan")
    FeedbackTicket.objects.filter(pk=ticket.pk).update(masked_by="")
    with pytest.raises(BadInput) as refused:
        actions.mask(ticket.pk, masked=False, why="Nơi công cộng", actor=ngan, at=MONDAY)
    assert "phân loại lại" in refused.value.problems["masked"]
    assert actions.classify(ticket.pk, category="o-ga", actor=ngan, at=MONDAY).masked
    address = reverse("feedback:act", args=[ticket.pk, "che"])
    browser = browser_of(desk.people["ngan"])
    assert browser.post(address, {"masked": "khong"}).status_code == 422
    assert browser.post(address, {"masked": "khong", "why": "Nơi công cộng"}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.masked, ticket.masked_by) == (False, MaskedBy.KIND)
    assert ticket.notes.get().words == "Thôi che nơi xảy ra khi công khai: Nơi công cộng"
    FeedbackTicket.objects.filter(pk=ticket.pk).update(masked_by="")  # not masked: so nobody asked
    assert actions.classify(ticket.pk, category="lang-phi", actor=ngan, at=MONDAY).masked
    assert not actions.classify(ticket.pk, category="o-ga", actor=ngan, at=MONDAY).masked


def test_an_officer_hides_where_it_is_and_what_is_public_is_read_over_again(desk):
    ticket, said = desk.published(place=IN_RIVER), {"why": "Nhà có trẻ nhỏ", "at": MONDAY}
    with pytest.raises(NotYourDuty):
        actions.mask(ticket.pk, masked=True, actor=desk.actor("toan"), **said)
    with pytest.raises(errors.NotInThisState):
        actions.mask(ticket.pk, masked=False, actor=desk.actor("hanh"), **said)
    with pytest.raises(BadInput):
        actions.mask(ticket.pk, masked=True, actor=desk.actor("hanh"), **said | {"why": ""})
    ticket = actions.mask(ticket.pk, masked=True, actor=desk.actor("hanh"), **said)
    assert (ticket.masked, ticket.published_at, ticket.public_words, ticket.state) == (True, None, "", "approved")
    assert ticket.step_due_at is not None
    assert history_of(ticket)[-1].facts == {"masked": True, "was_public": True}
    with pytest.raises(errors.NotInThisState):
        actions.mask(ticket.pk, masked=True, actor=desk.actor("hanh"), **said)
    texts = {"question": "Ổ gà", "answer": "Đã vá.", "address": "phố Bến", "actor": desk.actor("ngan"), "at": MONDAY}
    assert actions.publish(ticket.pk, **texts).public_latitude is None
    ticket = actions.mask(ticket.pk, masked=False, actor=desk.actor("hanh"), **said)
    assert (ticket.public_latitude, ticket.public_address) == (None, ""), "until somebody publishes it with its place"
    actions.unpublish(ticket.pk, actor=desk.actor("hanh"), at=MONDAY)
    assert actions.publish(ticket.pk, **texts).public_latitude is not None


def test_what_another_category_shows_again_is_public_only_when_somebody_says_where(desk):
    ticket = desk.report(category="lang-phi")
    actions.route(ticket.pk, desk.river, actor=desk.actor("ngan"), at=MONDAY)
    ticket = desk.answered(ticket=actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY))
    actions.publish(ticket.pk, question="Ổ gà", answer="Đã vá.", actor=desk.actor("ngan"), at=MONDAY)
    actions.reopen(ticket.pk, "Vẫn còn", secret=ticket.secret, actor=ANYONE, at=MONDAY)
    ticket = actions.classify(ticket.pk, category="o-ga", actor=desk.actor("ngan"), at=MONDAY)
    assert (ticket.masked, ticket.published_at is None, ticket.public_latitude) == (False, False, None)
