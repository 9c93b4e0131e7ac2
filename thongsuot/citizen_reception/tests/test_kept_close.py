"""Who denounces is named to nobody who need not know: not by a session about it, its minutes, its recording, nor its lists."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from thongsuot.citizen_reception import actions, printing
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.facts import FoundFacts, PartyFacts, VisitorFacts
from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry
from thongsuot.citizen_reception.rules import DUTY, LEAD
from thongsuot.citizen_reception.tests.make import HOUSE, MONDAY, STARTS, WHO, a_session, came
from thongsuot.files.actions import store
from thongsuot.files.tests.make import pdf
from thongsuot.kernel.models import Event
from thongsuot.notices.models import Notice
from thongsuot.people.models import Appointment, LookUp
from thongsuot.people.tests.make import browser_of, logged_in, make_administrator, with_second_factor
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
NAME = "Lò Thị Kín"


def url(name, *args):
    return reverse(f"citizen_reception:{name}", args=args)


@pytest.fixture
def browser(office, clock):
    return lambda name: browser_of(office.people[name])


@pytest.fixture
def kept(office, clock) -> OnlineSession:
    """A session about a denunciation that is over, with a recording kept here and minutes."""
    entry = came(office, kind="denunciation")
    session = a_session(office, title=f"Tiếp {NAME}", entry_id=entry.pk)
    who = PartyFacts(name=NAME, role="Người tố cáo", phone="0912 000 078")
    actions.add_party(session.pk, who, actor=office.actor("viet"), at=MONDAY)
    actions.notify_parties(session.pk, how="Giấy mời", actor=office.actor("viet"), at=MONDAY)
    OnlineSession.objects.filter(pk=session.pk).update(state="ended", started_at=STARTS, ended_at=STARTS)
    actions.keep_recording(session.pk, file=pdf(), file_name="ghi.pdf", actor=office.actor("viet"), at=STARTS)
    return actions.draft_minutes(session.pk, words="Kết luận.", actor=office.actor("viet"), at=STARTS)


def test_colleagues_see_that_there_was_a_session_and_nobody_in_it(browser, kept):
    thu = browser("thu")
    for page in (url("sessions"), url("session", kept.pk), url("entry", kept.entry_id)):
        answer = thu.get(page)
        assert answer.status_code == 200
        for secret in ("Kín,", NAME, "Lò Thị", "Người tố cáo", "0912", kept.recording_sha256):
            assert secret not in said(answer), (page, secret)
    assert "giữ kín" in said(thu.get(url("session", kept.pk)))
    assert thu.get(url("parties", kept.pk)).status_code == 403
    for file_id in (kept.recording_file_id, kept.minutes_file_id):
        assert thu.get(url("session_file", kept.pk, file_id)).status_code == 403
    assert not LookUp.objects.exists()


TELL = ("Kín", "Lò Thị", "phố Bến", "21.01234", "105.81234", "Trần Thị Phung", "Ảnh cổng nhà", "đơn tôi viết")


@pytest.fixture
def handed(office, clock) -> ReceptionEntry:
    """A denunciation that feedback handed over to phường Đồi, which sent it on to phường Sông, where it was settled. Each who
    wrote something wrote what tells who it was."""
    Appointment.objects.filter(person=office.people["dao"]).update(duties=[DUTY, LEAD])
    photo = store(pdf(), name="a.pdf", actor=HOUSE, at=MONDAY, purpose="reception.paper")
    found = FoundFacts(files=[("Ảnh cổng nhà bà Kín", photo.pk)], place="Số 3 phố Bến", latitude=21.01234, longitude=105.81234)
    entry = actions.take_over(
        office.hill,
        kind="denunciation",
        words=f"Tôi là {NAME}.\nHọ biết đơn tôi viết.",
        visitor=VisitorFacts(name=NAME, phone="0912 000 078"),
        came_as="app",
        about=office.people["phung"],  # its code is her name
        found=found,
        actor=office.actor("khach"),
        at=MONDAY,
    )
    dao, hanh = office.actor("dao"), office.actor("hanh")
    words = "Bà Kín ở phường Sông."
    actions.handle(entry.pk, way="transferred", words=words, to_unit_id=office.river, actor=dao, at=MONDAY)
    actions.open_visitor(entry.pk, reason="Gọi bà Kín", actor=hanh, at=MONDAY)
    actions.classify(entry.pk, kind="denunciation", competence="ours", actor=hanh, at=MONDAY)
    actions.handle(entry.pk, way="accepted", words="Thụ lý đơn của bà Kín.", actor=hanh, at=MONDAY)
    actions.extend(entry.pk, reason="Bà Kín đi vắng", actor=hanh, at=MONDAY)
    session = a_session(office, by="hanh", title=f"Tiếp {NAME}", entry_id=entry.pk)
    actions.open_session(session.pk, fields=["full_name"], reason="Mời bà Kín", actor=hanh, at=MONDAY)
    actions.close_entry(entry.pk, result="Đã trả lời bà Kín.", actor=hanh, at=MONDAY)
    Appointment.objects.filter(person=office.people["dao"]).update(duties=[DUTY])
    return ReceptionEntry.objects.get()


@pytest.mark.parametrize("name", ["thu", "viet", "dao"])
def test_who_may_not_see_who_denounced_finds_it_on_no_page_and_in_no_table(browser, handed, name):
    colleague, session = browser(name), handed.sessions.get()
    lists = [url(one) for one in ("register", "sessions", "schedule", "figures", "plan", "add")]
    asked = [url("register") + f"?q={words}" for words in ("Kín", "lo thi", "phố Bến", str(handed), "21.01234")]
    own = [url("entry", handed.pk), url("register") + "?loai=denunciation", f"{url('plan')}?luot={handed.pk}"]
    own += [url("session", session.pk)] if name != "dao" else []
    for page in (*lists, *asked, *own):
        answer = colleague.get(page)
        assert answer.status_code == 200, page
        shown = said(answer) if page in asked else answer.content.decode()  # fields and links repeat what was asked
        assert not [secret for secret in TELL if secret in shown], page
    for table in (url("sheet"), url("sheet") + "?q=Kín", url("figures_sheet")):
        rows = load_workbook(io.BytesIO(b"".join(colleague.get(table)))).active.iter_rows(values_only=True)
        assert not [secret for secret in TELL if secret in str(list(rows))]
    closed = [url("visitor", handed.pk), url("file", handed.pk, handed.papers.get().file_id)]
    closed += [url("file", handed.pk, slip.file_id) for slip in handed.slips.all()] + [url("parties", session.pk)]
    assert {colleague.get(page).status_code for page in closed} == {403}

    shown = said(colleague.get(url("entry", handed.pk)))
    for words in ("Tố cáo được giữ kín", "Có 1 giấy tờ, giữ kín.", "Phường Đồi", "Tiếp nhận để giải quyết", "Trần Thị Hanh"):
        assert words in shown


def test_what_a_colleague_does_with_it_shows_it_neither(browser, handed):
    ReceptionEntry.objects.filter(pk=handed.pk).update(state="received", way="", handled_at=None, closed_at=None)
    thu, here = browser("thu"), url("entry", handed.pk)
    offered = said(thu.get(here))
    assert "Phân loại lại" not in offered
    assert "Lập phiên tiếp trực tuyến" not in offered
    said_ = {"kind": "complaint", "competence": "ours", "words": "x", "way": "accepted", "reason": "x", "because": "mistaken"}
    said_ |= {"grounds": "x", "day": "03/08/2026", "hour": "09:00", "result": "x"}
    for what in ("phan-loai", "can-cu", "xu-ly", "ket-qua", "gia-han", "ket-thuc", "bien-nhan", "khac"):
        answer = thu.post(here, said_ | {"viec": what})
        assert answer.status_code in {403, 409, 422}, what
        assert not [secret for secret in TELL if secret in answer.content.decode()], what
    handed_in = said(thu.post(here, {"viec": "giay-to", "title": "Giấy bà Kín đưa"}, follow=True))
    assert "Có 2 giấy tờ, giữ kín." in handed_in
    assert "bà Kín" not in handed_in


def test_who_leads_reads_all_of_it(browser, handed):
    shown = said(browser("hanh").get(url("entry", handed.pk)))

    for words in (
        *TELL[2:],
        "Bà Kín ở phường Sông",
        "Thụ lý đơn",
        "Bà Kín đi vắng",
        "Đã trả lời",
        "Gọi bà Kín",
        f"Tiếp {NAME}",
    ):
        assert words in shown
    assert "giữ kín" not in shown


def test_who_received_it_and_who_leads_look_for_a_reason_that_is_kept(browser, kept):
    viet = browser("viet")
    shown = said(viet.get(url("session", kept.pk)))
    assert NAME not in shown.replace(kept.title, "")
    assert viet.post(url("parties", kept.pk), {"reason": " "}).status_code == 422
    shown = said(viet.post(url("parties", kept.pk), {"reason": "Gọi lại"}))
    assert NAME in shown
    assert "0912000078" in shown
    assert viet.get(url("session_file", kept.pk, kept.recording_file_id)).status_code == 200
    assert [look.fields for look in LookUp.objects.order_by("pk")] == [["email", "full_name", "phone"], ["files"]]
    assert "Gọi lại" in said(viet.get(url("session", kept.pk)))
    assert browser("hanh").get(url("parties", kept.pk)).status_code == 200


def test_colleagues_do_nothing_that_needs_to_know_who(office, kept):
    thu = office.actor("thu", STARTS)
    for act in (
        lambda: actions.draft_minutes(kept.pk, words="Khác", actor=thu, at=STARTS),
        lambda: actions.keep_recording(kept.pk, link="https://a.vn", sha256="ab" * 32, actor=thu, at=STARTS),
        lambda: actions.keep_paper(kept.pk, pdf(), file_name="a.pdf", actor=thu, at=STARTS),
        lambda: actions.sign_minutes(kept.pk, pin="1", actor=thu, at=STARTS),
        lambda: a_session(office, by="thu", entry_id=kept.entry_id),
    ):
        with pytest.raises(errors.VisitorKept):
            act()


def test_the_outbox_tells_nobody_to_whom_letters_about_it_went(office, kept):
    came(office)
    other = Notice.objects.create(**_letter("citizen_reception.receptionentry", ReceptionEntry.objects.latest("pk").pk, office))
    keeper = logged_in(with_second_factor(make_administrator(office.city.city)))
    close = Notice.objects.get(about_subject="citizen_reception.onlinesession")

    assert "Lò" not in said(keeper.get("/quan-tri/tin-gui/?q=0912000078"))
    assert "Giữ kín" in said(keeper.get(f"/quan-tri/tin-gui/{close.pk}/"))
    assert keeper.post(f"/quan-tri/tin-gui/{close.pk}/doc/", {"reason": "Xem"}).status_code == 403
    assert str(close.body) not in said(keeper.post("/quan-tri/tin-gui/nguoi-nhan/", {"to": "0912000078", "reason": "Hỏi"}))
    assert not LookUp.objects.exists()
    assert keeper.post(f"/quan-tri/tin-gui/{other.pk}/doc/", {"reason": "Xem"}).status_code == 200


def _letter(subject, about_id, office):
    said_ = {
        "about_subject": subject,
        "about_id": about_id,
        "unit_id": office.river,
        "to_name": WHO.name,
        "phone": "0912000077",
    }
    return said_ | {"key": "reception_told", "channel": "sms", "state": "kept", "send_key": "x", "created_at": MONDAY}


def test_minutes_name_roles_and_no_person(kept, monkeypatch):
    set_ = {}
    monkeypatch.setattr(printing.typeset, "pdf", lambda paper, data, made_at: set_.update(data) or b"")
    printing.minutes_pdf(kept, at=STARTS)

    assert "(họ tên giữ kín), Người tố cáo" in set_["papers"]
    assert NAME not in str(set_)
    assert NAME not in str(list(Event.objects.values_list("facts", flat=True)))


def test_a_checklist_counts_who_was_not_told_and_names_nobody(office, browser):
    session = a_session(office)
    assert "1 bên chưa được thông báo" in said(browser("viet").get(url("session", session.pk)))
    with pytest.raises(errors.NotReadyToStart) as refusal:
        actions.start_session(session.pk, actor=HOUSE, at=STARTS)
    assert "Lò" not in refusal.value.message()


def test_an_ordinary_visitor_and_party_are_named_after_a_reason_alone(office, browser):
    entry = came(office)
    session = a_session(office, entry_id=entry.pk)
    viet = browser("viet")
    for page in (url("entry", entry.pk), url("session", session.pk)):
        shown = said(viet.get(page))
        assert WHO.name not in shown
        assert "Lò Văn Diện" not in shown
    assert "Lò Văn Di•••" in said(viet.get(url("session", session.pk)))
    assert "Lò Văn Diện" in said(viet.post(url("parties", session.pk), {"reason": "Gọi"}))
