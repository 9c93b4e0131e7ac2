"""Keeping, changing, consenting, reusing; and what is refused leaves nothing behind."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.people.models import Person
from thongsuot.people.tests.make import make_citizen
from thongsuot.personal_store import actions, queries
from thongsuot.personal_store.models import Reuse, ReuseConsent, StoredPaper
from thongsuot.personal_store.rules import Wanted
from thongsuot.personal_store.tests.make import HOUSE, MINH, MONDAY, acting, make_paper

USE = actions.Use(
    dossier_id=5,
    dossier_code="H98-1",
    procedure_code="9.1",
    procedure="Cấp giấy",
    unit_id=3,
    unit_name="Phường Sông",
    how="spoken",
)
WANTED = [Wanted(procedure_code="9.1", paper_code="ks", name="Giấy khai sinh")]
OWNER = queries.Owner(id_number=MINH)


def reuse(paper: StoredPaper, **changes) -> Reuse:
    use = actions.Use(**{**USE.__dict__, **changes})
    return actions.reuse(paper.pk, use=use, on=MONDAY.date(), actor=HOUSE, at=MONDAY)


def test_a_paper_announced_twice_is_kept_once(db):
    first = make_paper(source="dossiers.result/1")
    again = make_paper(source="dossiers.result/1")

    assert again.pk == first.pk
    assert Event.objects.filter(name="personal_store.kept").count() == 1


def test_two_announcements_at_once_keep_one_paper(transactional_db):
    both, kept = Barrier(2), []

    def announce() -> None:
        both.wait()
        try:
            kept.append(make_paper(source="dossiers.result/1").pk)
        finally:
            connection.close()

    threads = [Thread(target=announce) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(kept)) == 1
    assert StoredPaper.objects.count() == 1


def test_a_paper_without_an_owner_goes_nowhere(db):
    paper = make_paper()
    nobodys = actions.NewPaper(
        kind="result",
        source="x/1",
        owner_id_number="",
        account_id=None,
        procedure_code="9",
        title="Giấy",
        file_id=paper.file_id,
    )

    assert actions.keep(nobodys, actor=HOUSE, at=MONDAY) is None


def test_a_paper_issued_today_is_offered_and_its_use_is_written_down(db):
    paper = make_paper(issued_on=MONDAY.date())

    assert queries.offers(OWNER, WANTED, on=MONDAY.date()) == {"ks": [paper]}
    used = reuse(paper)

    assert used.consent.how == "spoken"
    assert [trace.what for trace in queries.uses_of(paper)] == ["Cấp giấy"]
    assert list(Event.objects.order_by("id").values_list("name", flat=True)[2:]) == [
        "personal_store.consent_given",
        "personal_store.reused",
    ]


def test_facts_of_events_never_name_the_owner(db):
    reuse(make_paper())

    assert MINH not in str(list(Event.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize("state", ["corrected", "replaced", "revoked"])
def test_a_changed_paper_stays_readable_and_is_offered_no_more(db, state):
    paper, after = make_paper(), make_paper(number="13")

    actions.change_worth(paper.pk, state=state, reason="Sai ngày sinh", replaced_by=after.pk, actor=HOUSE, at=MONDAY)

    assert queries.offers(OWNER, WANTED, on=MONDAY.date()) == {"ks": [after]}
    with pytest.raises(actions.PaperNotUsable):
        reuse(paper)
    assert not Reuse.objects.exists()
    assert not ReuseConsent.objects.exists()


def test_a_change_needs_its_reason(db):
    paper = make_paper()

    with pytest.raises(BadInput):
        actions.change_worth(paper.pk, state="revoked", reason=" ", actor=HOUSE, at=MONDAY)

    paper.refresh_from_db()
    assert paper.state == "valid"


def test_nothing_is_used_without_a_known_way_of_consent(db):
    with pytest.raises(actions.ConsentNeeded):
        reuse(make_paper(), how="")

    assert not Reuse.objects.exists()


@pytest.fixture
def owner(db) -> Person:
    person = make_citizen("Hoàng Văn Minh")
    Person.objects.filter(pk=person.pk).update(id_number=MINH)
    return Person.objects.get(pk=person.pk)


def test_only_the_owner_keeps_a_paper_back_or_takes_consent_back(owner):
    paper = make_paper()
    used = reuse(paper)
    stranger = make_citizen("Lê Thị Khác")

    for actor in (acting(stranger), ANYONE):
        with pytest.raises(NotYourDuty):
            actions.offer(paper.pk, is_offered=False, actor=actor, at=MONDAY)
        with pytest.raises(NotYourDuty):
            actions.withdraw_consent(used.consent_id, actor=actor, at=MONDAY)
    paper.refresh_from_db()
    assert paper.is_offered
    assert not ReuseConsent.objects.filter(withdrawn_at__isnull=False).exists()

    actions.offer(paper.pk, is_offered=False, actor=acting(owner), at=MONDAY)
    actions.withdraw_consent(used.consent_id, actor=acting(owner), at=MONDAY)

    assert queries.offers(OWNER, WANTED, on=MONDAY.date()) == {}
    assert queries.uses_of(paper)[0].withdrawn_at == MONDAY
    with pytest.raises(actions.AlreadyWithdrawn):
        actions.withdraw_consent(used.consent_id, actor=acting(owner), at=MONDAY)


def test_a_store_is_opened_by_account_or_by_a_number_seen_on_the_card(owner):
    by_number = make_paper()
    by_account = make_paper(owner_id_number="", account_id=owner.pk)
    make_paper(owner_id_number="001400000001")
    only_typed = make_citizen("Người khác")

    assert set(queries.papers_of_person(owner.pk)) == {by_number, by_account}
    assert not queries.papers_of_person(only_typed.pk).exists()
    assert queries.offers(queries.Owner(), WANTED, on=MONDAY.date()) == {}


def test_the_list_is_searched_without_marks_by_number_and_by_code(owner):
    paper = make_paper(number="77")
    make_paper(title="Giấy phép xây dựng", number="78")

    for words in ("khai sinh", "77", paper.code.lower()):
        assert list(queries.papers_of_person(owner.pk, words=words)) == [paper]
