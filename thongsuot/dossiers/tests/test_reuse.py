"""Papers of the owner's store in the next dossier: at the desk, online, through the API; with consent and a log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Component, Dossier, ReusedComponent, Status
from thongsuot.dossiers.queries import drafts
from thongsuot.dossiers.queries.component_flags import flags_of
from thongsuot.dossiers.tests.citizen import CODE, fill_in, make_filing_town, page, start, submit, words
from thongsuot.dossiers.tests.desk import browser, case_url
from thongsuot.dossiers.tests.make import MONDAY, PAPERS, an_intake, make_town, minh, receive
from thongsuot.dossiers.tests.papers import a_scan, component_of, in_store, resolved
from thongsuot.dossiers.tests.test_intake_pages import INTAKE, filled, hidden, opened
from thongsuot.kernel.errors import BadInput
from thongsuot.people.models import LookUp, Person
from thongsuot.people.tests.make import logged_in, make_citizen, make_token
from thongsuot.personal_store import actions as store
from thongsuot.personal_store.models import Reuse, ReuseConsent, StoredPaper
from thongsuot.personal_store.tests.make import make_paper
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.content import Paper
from thongsuot.web.tests.words import said

LATER = MONDAY + timedelta(days=1)


def reused(paper: StoredPaper, code: str = "giay-chung-nhan") -> actions.PaperIn:
    return actions.PaperIn(code=code, how="reused", stored=paper.code, originals=0)


def a_certificate(**changes) -> StoredPaper:
    return make_paper(**{"title": "Giấy chứng nhận", "number": "12", **changes})


def test_a_result_goes_into_the_store_and_is_offered_in_the_next_dossier(town, clock):
    first = resolved(town)
    paper = in_store(first)
    StoredPaper.objects.filter(pk=paper.pk).update(title="Giấy chứng nhận", title_key="giay chung nhan")

    second = receive(town, at=LATER, papers=(reused(paper),), consent="spoken", consent_note="có mặt ở quầy")

    component = component_of(second)
    link = ReusedComponent.objects.get(component=component)
    assert component.how == "reused"
    assert component.file_id == paper.file_id
    assert (link.paper_code, link.number, link.issued_on, link.is_result) == (paper.code, "01", MONDAY.date(), True)
    use = Reuse.objects.get(paper=paper)
    assert (use.dossier_code, use.by_name, use.consent.how, use.consent.note) == (
        second.code,
        "Nguyễn Thị Lan",
        "spoken",
        "có mặt ở quầy",
    )


def test_a_result_of_nobody_known_goes_nowhere(town):
    dossier = resolved(town, owner=minh(id_number=""))

    assert not StoredPaper.objects.filter(dossier_id=dossier.pk).exists()


def test_a_result_filed_for_another_never_lands_in_the_filers_account(town):
    filer = make_citizen()
    dossier = resolved(town, account_id=filer.pk, filer=actions.Filer(name="Trần Văn Minh"))

    paper = in_store(dossier)
    assert (paper.account_id, paper.owner_id_number) == (None, minh().id_number)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"consent": ""}, store.ConsentNeeded),
        ({"consent": "ticked"}, store.ConsentNeeded),
        ({"consent": "xyz"}, store.ConsentNeeded),
        ({"owner": minh(id_number="001400000001")}, BadInput),
        ({"owner": minh(id_number="")}, BadInput),
    ],
)
def test_without_consent_or_for_another_owner_nothing_is_used(town, changes, refusal):
    paper = a_certificate()

    with pytest.raises(refusal):
        receive(town, **{"papers": (reused(paper),), "consent": "spoken", **changes})

    assert not Dossier.objects.exists()
    assert not ReuseConsent.objects.exists()


@pytest.mark.parametrize("state", ["replaced", "revoked"])
def test_a_replaced_or_revoked_paper_is_not_used(town, state):
    paper = a_certificate()
    store.change_worth(paper.pk, state=state, reason="sai", actor=town.actor("lan"), at=MONDAY)

    with pytest.raises(BadInput) as refusal:
        receive(town, papers=(reused(paper),), consent="spoken")

    assert "không dùng lại được nữa" in refusal.value.problems["papers.giay-chung-nhan"]
    assert not Dossier.objects.exists()


def test_a_paper_of_another_kind_or_said_to_be_scanned_is_refused(town):
    other = make_paper(title="Giấy phép xây dựng")
    paper = a_certificate()

    for one in (reused(other), actions.PaperIn(code="giay-chung-nhan", how="scanned", stored=paper.code)):
        with pytest.raises(BadInput):
            receive(town, papers=(one,), consent="spoken")
    assert not Dossier.objects.exists()


def test_one_paper_does_not_stand_for_two_components(db):
    twice = (*PAPERS, Paper(code="giay-hai", name="Giấy chứng nhận", required=False))
    town, paper = make_town(papers=twice), a_certificate()

    with pytest.raises(BadInput) as refusal:
        receive(town, papers=(reused(paper), reused(paper, "giay-hai")), consent="spoken")

    assert set(refusal.value.problems) == {"papers.giay-hai"}
    assert not Dossier.objects.exists()


def test_a_paper_of_a_stranger_reads_like_no_paper_at_all(town):
    strangers = a_certificate(owner_id_number="001400000001")
    said_of = []
    for code in (strangers.code, "GT-2222-2222-222"):
        with pytest.raises(BadInput) as refusal:
            receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", how="reused", stored=code),), consent="spoken")
        said_of.append(refusal.value.problems)

    assert said_of[0] == said_of[1]


def test_the_same_request_twice_uses_the_paper_once(town):
    from thongsuot.kernel.idempotency import Key

    paper = a_certificate()
    key = Key(caller="test", key="1", body_hash=b"x" * 32)
    intake = an_intake(town, papers=(reused(paper),), consent="spoken")

    first = actions.receive_dossier(intake, actor=town.actor("lan"), at=MONDAY, key=key)
    second = actions.receive_dossier(intake, actor=town.actor("lan"), at=MONDAY, key=key)

    assert first["code"] == second["code"]
    assert Reuse.objects.count() == 1


def test_two_equal_requests_at_once_use_the_paper_once(transactional_db):
    from thongsuot.kernel.idempotency import Key

    town, paper, both, codes = make_town(), a_certificate(), Barrier(2), []
    intake = an_intake(town, papers=(reused(paper),), consent="spoken")
    actor = town.actor("lan")

    def ask() -> None:
        both.wait()
        try:
            key = Key(caller="test", key="1", body_hash=b"x" * 32)
            codes.append(actions.receive_dossier(intake, actor=actor, at=MONDAY, key=key)["code"])
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(codes) == 2
    assert len(set(codes)) == 1
    assert Reuse.objects.count() == 1


def test_a_batch_uses_papers_for_those_that_ask(town):
    paper = a_certificate()
    outcome = actions.receive_batch(
        [an_intake(town), an_intake(town, papers=(reused(paper),), consent="written"), an_intake(town, procedure="9.999999")],
        actor=town.actor("lan"),
        at=MONDAY,
    )

    assert "refused" in outcome.answers[2]
    assert Reuse.objects.get().dossier_id == outcome.answers[1]["id"]


def test_what_the_portal_and_the_index_are_told_of_components(town):
    paper = a_certificate()
    with_reuse = receive(town, papers=(reused(paper),), consent="spoken")
    scanned = receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", file_id=a_scan(by=town.actor("lan"))),))
    on_paper = receive(town, papers=(actions.PaperIn(code="giay-chung-nhan"),))
    empty = receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", how="waived", reason="đã có"),))

    flags = flags_of([with_reuse.pk, scanned.pk, on_paper.pk, empty.pk])

    one = flags[with_reuse.pk].components[0]
    assert (one.DuocSoHoa, one.DuocTaiSuDung, one.DuocLayTuKhoDMQG) == (False, True, True)
    assert one.MaKetQuaThayThe == one.GiayToId == paper.code
    assert (flags[with_reuse.pk].any_reused, flags[with_reuse.pk].in_store) == (True, True)
    two = flags[scanned.pk].components[0]
    assert (two.DuocSoHoa, two.DuocTaiSuDung, two.DuocLayTuKhoDMQG, two.MaKetQuaThayThe) == (True, False, False, "")
    assert flags[scanned.pk].all_digitised
    assert not flags[on_paper.pk].all_digitised
    assert not flags[empty.pk].all_digitised
    assert not flags[on_paper.pk].in_store


def test_flags_of_many_cost_as_little_as_of_one(town, django_assert_num_queries):
    ids = [receive(town).pk for _ in range(3)]

    with django_assert_num_queries(5):
        flags_of(ids)


# -- consent taken back -------------------------------------------------------------------------------------------------


def test_consent_taken_back_closes_the_paper_to_officers_until_the_end(town, clock):
    paper = a_certificate()
    dossier = receive(town, papers=(reused(paper),), consent="spoken")
    lan = browser(town, "lan")
    file = reverse("dossiers:case_file", args=[dossier.pk, paper.file_id])
    assert lan.get(file).status_code == 200
    lan.post(reverse("dossiers:store", args=[dossier.pk]), {"reason": "đối chiếu"})
    through_store = reverse("dossiers:store_file", args=[dossier.pk, paper.pk])
    assert lan.get(through_store).status_code == 200

    store.withdraw_consent(Reuse.objects.get().consent_id, actor=store_owner(), at=MONDAY)

    refused = lan.get(file)
    assert refused.status_code == 403
    assert "đã rút lại đồng ý" in said(refused)
    assert lan.get(through_store).status_code == 403
    assert "Chủ giấy tờ đã rút đồng ý" in said(lan.get(case_url(dossier)))


def store_owner():
    from thongsuot.people.queries import actor_for

    person = make_citizen("Hoàng Văn Minh")
    Person.objects.filter(pk=person.pk).update(id_number=minh().id_number)
    return actor_for(Person.objects.get(pk=person.pk), at=MONDAY)


# -- at the counter -----------------------------------------------------------------------------------------------------


def test_the_desk_looks_into_the_store_leaves_a_trace_and_reuses_with_consent(town, clock):
    paper = a_certificate()
    client, shown = opened(town)
    asked = filled(shown, **{"how-giay-chung-nhan": "", "viec": "kho"})

    found = client.post(INTAKE, asked)

    assert "Kho có 1 giấy tờ dùng được" in said(found)
    assert "Giấy chứng nhận, số 12" in said(found)
    look = LookUp.objects.get(subject="personal_store.storedpaper", subject_id=paper.pk)
    assert CODE in look.reason
    chosen = {**asked, "kho": hidden(found, "kho"), "kho-giay-chung-nhan": paper.code, "viec": "nhan"}

    without = client.post(INTAKE, chosen)
    assert without.status_code == 422
    assert "Chưa ghi chủ hồ sơ đồng ý" in said(without)
    done = client.post(INTAKE, {**chosen, "dong_y": "spoken", "resolving_unit": str(town.river)})

    assert done.status_code == 302, said(done)
    assert Reuse.objects.get().paper_id == paper.pk
    assert "kho: " + paper.code in said(client.get(case_url(Dossier.objects.get())))


def test_the_store_is_shown_only_for_the_number_that_was_looked_up(town, clock):
    a_certificate()
    client, shown = opened(town)
    found = client.post(INTAKE, filled(shown, **{"how-giay-chung-nhan": "", "viec": "kho"}))
    other = a_certificate(owner_id_number="001400000001", number="99")

    asked = filled(shown, kho=hidden(found, "kho"), id_number="001400000001", viec="tinh")
    response = client.post(INTAKE, asked)

    assert "số 99" not in said(response)
    assert not LookUp.objects.filter(subject_id=other.pk, subject="personal_store.storedpaper").exists()
    assert "Hãy nhập số định danh" in said(client.post(INTAKE, filled(shown, id_number="", viec="kho")))


def test_a_store_is_seen_inside_an_open_dossier_with_a_reason(town, clock):
    paper = a_certificate()
    dossier = receive(town)
    lan = browser(town, "lan")
    address = reverse("dossiers:store", args=[dossier.pk])
    file = reverse("dossiers:store_file", args=[dossier.pk, paper.pk])

    assert "Giấy chứng nhận, " not in said(lan.get(address))
    assert lan.get(file).status_code == 302
    assert lan.post(address, {"reason": ""}).status_code == 422
    assert not LookUp.objects.filter(subject="personal_store.storedpaper").exists()

    shown = lan.post(address, {"reason": "đối chiếu ngày sinh"})

    assert paper.code in said(shown)
    assert LookUp.objects.get(subject="personal_store.storedpaper").reason == f"{dossier.code}: đối chiếu ngày sinh"
    assert lan.get(file).status_code == 200
    assert browser(town, "doi").get(address).status_code == 404
    actions.withdraw(dossier.pk, actor=town.actor("lan"), at=MONDAY)
    assert lan.get(address).status_code == 403
    assert lan.get(file).status_code == 403


# -- online -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def filing(db, clock):
    return make_filing_town()


@pytest.fixture
def owner(db) -> Person:
    return make_citizen("Hoàng Văn Minh")


def test_online_a_paper_is_ticked_used_and_logged(filing, owner):
    paper = a_certificate(owner_id_number="", account_id=owner.pk)
    client = logged_in(owner)
    code = start(client)
    fill_in(client, code)
    draft = actions.open_draft(code, at=MONDAY)
    actions.remove_draft_file(code, draft.files.get().pk, actor=actor(owner), at=MONDAY)

    assert "Dùng lại giấy tờ bạn đã có trong kho?" in words(client.get(page("draft_papers", code)))
    saved = client.post(page("draft_papers", code), {"reuse-giay-chung-nhan": paper.code})
    assert saved.status_code == 302, words(saved)
    assert "Dùng lại giấy tờ trong kho: Giấy chứng nhận, số 12" in words(client.get(page("draft_check", code)))
    assert not ReuseConsent.objects.exists()
    done = submit(client, code)

    assert done.status_code == 302, words(done)
    component = Component.objects.get(dossier__submission_code__isnull=False)
    assert (component.how, component.file_id) == ("reused", paper.file_id)
    assert Reuse.objects.get(paper=paper).consent.how == "ticked"


def actor(person: Person):
    from thongsuot.people.queries import actor_for

    return actor_for(person, at=MONDAY)


def test_online_nothing_is_ticked_beforehand_and_a_stranger_with_the_draft_sees_nothing(filing, owner, client):
    a_certificate(owner_id_number="", account_id=owner.pk)
    own = logged_in(owner)
    code = start(own)

    assert "checked" not in own.get(page("draft_papers", code)).content.decode().split("reuse-giay-chung-nhan")[1][:400]
    shown = words(client.get(page("draft_papers", code)))

    assert "số 12" not in shown
    assert "Đăng nhập" in shown


def test_online_a_paper_replaced_since_it_was_ticked_is_asked_for_again(filing, owner):
    paper = a_certificate(owner_id_number="", account_id=owner.pk)
    client = logged_in(owner)
    code = start(client)
    fill_in(client, code)
    actions.remove_draft_file(code, actions.open_draft(code, at=MONDAY).files.get().pk, actor=actor(owner), at=MONDAY)
    client.post(page("draft_papers", code), {"reuse-giay-chung-nhan": paper.code})
    store.change_worth(paper.pk, state="replaced", reason="sai", actor=actor(owner), at=MONDAY)

    response = submit(client, code)

    assert response.status_code == 422
    assert not Dossier.objects.exists()


def test_online_papers_of_the_account_are_not_used_for_somebody_else(filing, owner):
    paper = a_certificate(owner_id_number="", account_id=owner.pk)
    client = logged_in(owner)
    code = start(client)
    fill_in(client, code)
    actions.remove_draft_file(code, actions.open_draft(code, at=MONDAY).files.get().pk, actor=actor(owner), at=MONDAY)
    client.post(page("draft_papers", code), {"reuse-giay-chung-nhan": paper.code})
    client.post(page("draft_contact", code), {"filing_for": "another", "name": "Lê Thị Khác", "phone": "0912345679"})
    client.post(page("draft_contact", code, "nguoi-nop"), {"name": "Hoàng Văn Minh", "phone": "0912345678"})

    submit(client, code)

    assert not Dossier.objects.exists()
    assert not Reuse.objects.exists()


# -- in a supplement -----------------------------------------------------------------------------------------------------


def asked_for_more(town, owner, **changes) -> Dossier:
    """Filed from the owner's account for itself; Lan asks for a clearer certificate."""
    dossier = receive(town, account_id=owner.pk, **changes)
    actions.request_supplement(dossier.pk, items=["Giấy chứng nhận rõ hơn"], actor=town.actor("lan"), at=MONDAY)
    return dossier


def test_a_supplement_takes_a_paper_of_the_store_with_consent_and_log(town, clock, owner):
    paper = a_certificate(owner_id_number="", account_id=owner.pk)
    dossier = asked_for_more(town, owner)
    client = logged_in(owner)
    address = reverse("dossiers:track_supplement", args=[dossier.code])

    assert "Dùng lại giấy tờ bạn đã có trong kho?" in words(client.get(address))
    sent = client.post(address, {"reuse-giay-chung-nhan": paper.code})

    assert sent.status_code == 302, words(sent)
    dossier.refresh_from_db()
    assert dossier.status == Status.RECEIVED
    added = Component.objects.filter(dossier=dossier, paper_code="giay-chung-nhan").latest("pk")
    assert (added.how, added.file_id) == ("reused", paper.file_id)
    use = Reuse.objects.get(paper=paper)
    assert (use.dossier_code, use.consent.how, use.by_name) == (dossier.code, "ticked", "Hoàng Văn Minh")
    assert "Giấy chứng nhận" in words(client.get(reverse("personal_store:papers")))


def test_a_paper_the_dossier_has_already_is_not_offered_and_another_is_tied_to_the_new_component(town, clock, owner):
    used = a_certificate(owner_id_number="", account_id=owner.pk)
    other = a_certificate(owner_id_number="", account_id=owner.pk, number="13", source="other/1")
    dossier = asked_for_more(town, owner, papers=(reused(used),), consent="spoken")
    answer = {"uploads": (), "actor": actor(owner), "at": LATER}
    offers = drafts.offers_for_supplement(dossier, procedures.version(dossier.version_id), owner.pk, on=MONDAY.date())
    assert [paper.number for paper in offers["giay-chung-nhan"]] == ["13"]

    with pytest.raises(BadInput) as refusal:
        actions.answer_supplement(dossier.pk, reused={"giay-chung-nhan": used.code}, **answer)
    actions.answer_supplement(dossier.pk, reused={"giay-chung-nhan": other.code}, **answer)

    assert list(refusal.value.problems) == ["papers.giay-chung-nhan"]
    links = ReusedComponent.objects.filter(component__dossier=dossier).order_by("component_id")
    assert [link.number for link in links] == ["12", "13"]


def test_who_proved_the_dossier_by_four_digits_neither_sees_nor_takes_from_the_store(town, clock, owner, client):
    paper = a_certificate(owner_id_number="", account_id=owner.pk)
    dossier = asked_for_more(town, owner)
    stranger = make_citizen("Lê Thị Khác", email="khac@vidu.vn")
    proved = replace(actor(stranger), owns=frozenset({("dossiers.dossier", dossier.pk)}))

    with pytest.raises(BadInput):
        actions.answer_supplement(dossier.pk, uploads=(), reused={"giay-chung-nhan": paper.code}, actor=proved, at=LATER)

    dossier.refresh_from_db()
    assert dossier.status == Status.SUPPLEMENT_REQUESTED
    assert not Reuse.objects.exists()
    assert drafts.offers_for_supplement(dossier, procedures.version(dossier.version_id), stranger.pk, on=MONDAY.date()) == {}


def test_a_supplement_filed_for_another_takes_nothing_from_the_filers_store(town, clock, owner):
    paper = a_certificate(owner_id_number="", account_id=owner.pk)
    filer = actions.Filer(name="Hoàng Văn Minh", relation="con", id_number="001412345679", phone="0912345678")
    dossier = asked_for_more(town, owner, filer=filer)

    with pytest.raises(BadInput):
        actions.answer_supplement(dossier.pk, uploads=(), reused={"giay-chung-nhan": paper.code}, actor=actor(owner), at=LATER)

    assert not Reuse.objects.exists()


def test_the_desk_takes_it_from_the_store_with_the_consent_it_noted_and_a_tick_is_not_its_to_give(town):
    paper = a_certificate()
    dossier = receive(town)
    lan = town.actor("lan")
    actions.request_supplement(dossier.pk, items=["Giấy chứng nhận rõ hơn"], actor=lan, at=MONDAY)

    with pytest.raises(store.ConsentNeeded):
        actions.complete_supplement(dossier.pk, papers=(reused(paper),), actor=lan, at=LATER)
    with pytest.raises(BadInput):
        actions.complete_supplement(dossier.pk, papers=(reused(paper),), consent="ticked", actor=lan, at=LATER)
    actions.complete_supplement(dossier.pk, papers=(reused(paper),), consent="spoken", actor=lan, at=LATER)

    assert Reuse.objects.get(paper=paper).consent.how == "spoken"


# -- programs -----------------------------------------------------------------------------------------------------------


def test_programs_reuse_with_consent(town, client, clock):
    paper = a_certificate()
    key = make_token(town.people["lan"], ["receive dossiers"], at=MONDAY)
    body = {
        "procedure": CODE,
        "receiving_unit": "98001",
        "owner": {"name": "Hoàng Văn Minh", "id_number": minh().id_number},
        "papers": [{"code": PAPERS[1].code, "how": "reused", "stored": paper.code}],
    }
    headers = {"authorization": f"Bearer {key}"}

    refused = client.post("/api/v1/dossiers", body, content_type="application/json", headers=headers)
    taken = client.post("/api/v1/dossiers", {**body, "consent": "written"}, content_type="application/json", headers=headers)

    assert refused.status_code == 422
    assert refused.json()["type"].endswith("personal_store.consent_needed")
    assert taken.status_code == 201, taken.json()
    assert Reuse.objects.get().dossier_id == taken.json()["id"]
    told = client.get(f"/api/v1/dossiers/{taken.json()['id']}/components", headers=headers).json()
    assert told["items"][0]["DuocLayTuKhoDMQG"] is True
    assert told["items"][0]["GiayToId"] == paper.code
    assert (told["any_reused"], told["in_store"]) == (True, True)
