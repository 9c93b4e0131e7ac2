"""Who came and who took part is forgotten once its days are over; the book stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from thongsuot.citizen_reception import actions, tasks
from thongsuot.citizen_reception.facts import PaperFacts, PartyFacts
from thongsuot.citizen_reception.models import OnlineSession, ReceptionSlip, SessionParty, Visitor
from thongsuot.citizen_reception.queries import register as queries
from thongsuot.citizen_reception.tests.make import MONDAY, STARTS, WHO, a_session, came, told
from thongsuot.files.models import StoredFile
from thongsuot.files.tests.make import pdf
from thongsuot.kernel import clock as clocks
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.notices.models import Notice
from thongsuot.people.tests.make import browser_of

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=5475)


def over(office):
    viet = office.actor("viet")
    entry = actions.handle(came(office).pk, way="guided", words="Đến Tòa án.", body="Tòa án", actor=viet, at=MONDAY)
    session = a_session(office)
    OnlineSession.objects.filter(pk=session.pk).update(state="ended", ended_at=STARTS)
    return entry, session


def test_names_end_fifteen_years_after_the_matter_did_and_what_is_open_keeps_its_own(office, monkeypatch):
    entry, session = over(office)
    still_open = came(office)
    now = MONDAY + DAYS
    monkeypatch.setattr(clocks, "now", lambda: now)
    tasks.forget_people(0)
    assert Visitor.objects.get(entry=entry).name == WHO.name

    now = STARTS + DAYS + timedelta(minutes=1)
    tasks.forget_people(0)
    tasks.forget_people(0)

    who = Visitor.objects.get(entry=entry)
    assert (who.name, who.address, who.id_number, who.phone, who.email, who.search_name) == ("",) * 6
    assert who.forgotten_at == now
    assert Visitor.objects.get(entry=still_open).name == WHO.name
    assert set(SessionParty.objects.filter(session=session).values_list("name", "phone")) == {("", "")}
    assert queries.row_of(entry.__class__.objects.get(pk=entry.pk)).who == "-"
    assert timezone.now()


def test_letters_papers_minutes_and_recordings_go_with_the_names(office, monkeypatch):
    viet = office.actor("viet")
    entry = came(office, papers=[PaperFacts(title="Đơn", content=pdf(), file_name="don.pdf")])
    entry = actions.handle(entry.pk, way="guided", words="Đến Tòa án.", body="Tòa án", actor=viet, at=MONDAY)
    session = a_session(office)
    actions.add_party(session.pk, PartyFacts(name="Lò Thị Bên", role="Bên", phone="0912000078"), actor=viet, at=MONDAY)
    told(office, session)
    OnlineSession.objects.filter(pk=session.pk).update(state="ended", started_at=STARTS, ended_at=STARTS)
    for _twice in range(2):
        actions.keep_recording(session.pk, file=pdf(), file_name="ghi.pdf", actor=viet, at=STARTS)
        actions.draft_minutes(session.pk, words="Kết luận.", actor=viet, at=STARTS)
    assert Notice.objects.exclude(to_name="").count() == 2
    assert StoredFile.objects.count() > 5

    monkeypatch.setattr(clocks, "now", lambda: STARTS + DAYS + timedelta(minutes=1))
    tasks.forget_people(0)

    assert not Notice.objects.exclude(to_name="", phone="", email="").exists()
    assert not StoredFile.objects.exists()
    assert not ReceptionSlip.objects.exclude(file=None).exists()
    for page in (f"/can-bo/tiep-dan/{entry.pk}/", f"/can-bo/tiep-dan/truc-tuyen/{session.pk}/"):
        assert browser_of(office.people["viet"]).get(page).status_code == 200


def test_only_the_house_forgets(office):
    entry, session = over(office)
    for act in (actions.forget_visitor, actions.forget_parties):
        with pytest.raises(NotYourDuty):
            act(entry.pk if act is actions.forget_visitor else session.pk, actor=office.actor("hanh"), at=MONDAY)
