"""After the help: filed alone or together, rated, and what of it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from thongsuot.assistance import actions, reactions
from thongsuot.assistance.actions import errors
from thongsuot.assistance.models import Consent, HelpRating
from thongsuot.assistance.queries import consents as queries
from thongsuot.assistance.rules import ARRANGE
from thongsuot.assistance.tests.make import MINUTE
from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.tests.citizen import words
from thongsuot.dossiers.tests.make import HOUSE, MONDAY
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import BadInput, NotFound
from thongsuot.kernel.events import Happened
from thongsuot.kernel.history import history_of
from thongsuot.people.tests.make import browser_of, logged_in, make_officer

pytestmark = pytest.mark.django_db


def alone(aid, opened, at):
    """The citizen files what was begun with the help; the worker notes it."""
    opened.refresh_from_db()
    dossier = dossiers.submit_draft(opened.draft.code, actor=aid.acts(aid.citizen), at=at)
    reactions.note_what_was_filed(
        Happened(id=1, name="dossiers.submitted", subject="dossiers.dossier", subject_id=dossier.pk, facts={})
    )
    opened.refresh_from_db()
    return dossier


def test_whoever_ended_the_help_files_alone_and_the_helper_does_not_learn_it(aid, clock):
    opened = aid.opened()
    aid.filled(opened)
    actions.stop(opened.pk, actor=aid.acts(aid.citizen), at=MONDAY + MINUTE)
    clock.now = later = MONDAY + timedelta(days=3)
    dossier = alone(aid, opened, later)

    assert (opened.state, opened.ended_by, opened.ended_at) == (Consent.State.ENDED, "citizen", MONDAY + MINUTE)
    assert dossier.assisted_by, "the helper did write it"
    assert queries.filed_by_day([aid.town.river], first=MONDAY.date(), last=later.date()) == []
    (row,) = queries.log_rows(queries.log_of(aid.helping, on=later.date()), now=later)
    assert (row.state, row.ended_at) == ("Người dân thôi nhờ", MONDAY + MINUTE)
    assert "Đã nộp" not in aid.browser().get(reverse("assistance:session", args=[opened.pk])).content.decode()
    with pytest.raises(errors.AlreadyOver):
        actions.note_filed(opened.pk, actor=HOUSE, at=later)


@pytest.mark.parametrize(("wrote", "closed"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_helper_whose_time_was_over_has_a_part_in_it_only_if_they_wrote_some_of_it(aid, clock, wrote, closed):
    opened = aid.opened()
    if wrote:
        aid.filled(opened)
    clock.now = later = MONDAY + timedelta(days=3)
    if not wrote:
        aid.filled_by(logged_in(aid.citizen), opened)
    if closed:
        actions.close_over(opened.pk, actor=HOUSE, at=later)
    dossier = alone(aid, opened, later)

    assert bool(dossier.assisted_by) is wrote
    assert (opened.state, opened.ended_by) == (("filed", "") if wrote else ("ended", "time"))
    assert actions.to_close(at=later + timedelta(days=1)) == []


def test_a_helper_is_rated_once_by_who_was_helped_when_it_is_over(aid):
    opened = aid.opened()
    with pytest.raises(errors.NotYetRateable):
        actions.rate(opened.pk, level=5, actor=aid.acts(aid.citizen), at=MONDAY)
    aid.filed(opened)
    for actor in (aid.helping, ANYONE):
        with pytest.raises(NotFound):
            actions.rate(opened.pk, level=5, actor=actor, at=MONDAY)
    for level, reasons in ((0, ()), (6, ()), (5, ("bad",))):
        with pytest.raises(BadInput):
            actions.rate(opened.pk, level=level, reasons=reasons, actor=aid.acts(aid.citizen), at=MONDAY)
    actions.rate(opened.pk, level=5, reasons=["attitude", "attitude"], actor=aid.acts(aid.citizen), at=MONDAY)
    with pytest.raises(errors.AlreadyRated):
        actions.rate(opened.pk, level=1, actor=aid.acts(aid.citizen), at=MONDAY)

    assert HelpRating.objects.get().reasons == ["attitude"]
    assert "level" not in history_of(opened)[-1].facts


def test_a_code_that_nobody_typed_is_not_rated(aid, clock):
    given = aid.given()
    with pytest.raises(errors.NotYetRateable):
        actions.rate(given.consent.pk, level=5, actor=aid.acts(aid.citizen), at=MONDAY + timedelta(hours=2))


def test_sums_are_shown_from_five_on(aid):
    for number in range(5):
        assert queries.sums_of_agents([aid.agent.pk]).get(aid.agent.pk, queries.NO_SUM).satisfied_percent is None
        opened = aid.opened()
        actions.stop(opened.pk, actor=aid.helping, at=MONDAY)
        actions.rate(opened.pk, level=1 if number == 0 else 5, actor=aid.acts(aid.citizen), at=MONDAY)

    assert queries.sums_of_agents([aid.agent.pk])[aid.agent.pk].satisfied_percent == 80
    assert queries.sums_of_helpers([aid.helper.pk])[aid.helper.pk].rated == 5
    opened = aid.opened()
    actions.stop(opened.pk, actor=aid.helping, at=MONDAY)
    actions.rate(opened.pk, level=1, actor=aid.acts(aid.citizen), at=MONDAY)
    shown = queries.sums_of_agents([aid.agent.pk])[aid.agent.pk]
    assert (shown.rated, shown.satisfied_percent) == (5, 80)  # what the sixth said is not to be worked out


def test_ratings_by_a_link_that_the_helper_printed_are_for_who_manages_alone(aid):
    for _ in range(5):
        opened = aid.on_paper()
        actions.stop(opened.pk, actor=aid.helping, at=MONDAY)
        link = reverse("assistance:by_secret", args=[opened.secret])
        assert "không tính vào số công khai" in words(Client().get(link))
        actions.rate_by_secret(opened.secret, level=5, actor=ANYONE, at=MONDAY)
    manages = browser_of(make_officer(aid.town.city.river, duties=[ARRANGE], email="giu@vidu.vn"))

    assert queries.sums_of_agents([aid.agent.pk]) == queries.sums_of_helpers([aid.helper.pk]) == {}
    for browser, address in ((Client(), reverse("assistance:near")), (aid.browser(), reverse("assistance:desk"))):
        assert "100%" not in words(browser.get(address))
    for name, pk in (("agent", aid.agent.pk), ("helper", aid.helper.pk)):
        shown = words(manages.get(reverse(f"assistance:{name}", args=[pk])))
        assert "Bằng phiếu giấy, không tính vào số công khai: 100% hài lòng, 5 lượt" in shown


def test_the_helper_who_printed_the_slip_cannot_rate_with_it(aid):
    opened = aid.on_paper()
    actions.stop_by_secret(opened.secret, actor=ANYONE, at=MONDAY)
    with pytest.raises(NotFound):
        actions.rate_by_secret(opened.secret, level=1, actor=aid.helping, at=MONDAY)
    assert actions.rate_by_secret(opened.secret, level=1, actor=ANYONE, at=MONDAY).level == 1
