"""New entries from dossiers: checked, once, without gaps; then annotations, cancellation, and the papers made from them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.actions.errors import ResultNotReady
from thongsuot.dossiers.models import Result
from thongsuot.dossiers.queries.result_register import register_rows
from thongsuot.dossiers.tests.make import forward_to
from thongsuot.dossiers.tests.papers import PIN, SEAL_PIN, react_to, with_certificates
from thongsuot.files import queries as files
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.people.models import LookUp
from thongsuot.personal_store.models import StoredPaper
from thongsuot.registers import actions
from thongsuot.registers.actions import errors
from thongsuot.registers.models import Annotation, Book, Entry, EntryPerson, IssuedPaper, Kind
from thongsuot.registers.rules.entering import prefilled
from thongsuot.registers.tests.make import HOUSE, NEXT, a_row, an_entry, at_the_officer, imported, keeper, make_register_town
from thongsuot.signing.models import Proof
from thongsuot.signing.rules import code_as_shown


def register(town, dossier, *, by="toan", despite="", **changes):
    kind, _again = {"1.001193": (Kind.BIRTH, 0), "1.000894": (Kind.MARRIAGE, 0), "1.000656": (Kind.DEATH, 0)}.get(
        town.version.procedure.code, (Kind.BIRTH, 1)
    )
    cells = {**prefilled(kind, dossier.form), **changes}
    return actions.register_event(dossier.pk, cells=cells, despite=despite, actor=keeper(town, by), at=NEXT)


def text_of(paper: IssuedPaper) -> str:
    with files.open_checked(paper.file_id) as file:
        return " ".join(PdfReader(BytesIO(file.read())).pages[0].extract_text().split())


def test_the_event_of_a_dossier_is_written_with_the_next_number(town):
    first = register(town, at_the_officer(town))
    second = register(town, at_the_officer(town, child_name="Trần Thị Hai"))

    assert (first.number, second.number) == (1, 2)
    assert first.book == second.book
    assert (first.book.place_name, first.registered_on) == ("Phường Sông, Thành phố Ví Dụ", "2025-10-06")
    assert [(one.role, one.full_name, one.born) for one in first.people.order_by("id")] == [
        ("child", "Nguyễn Thu An", "2025-09-20"),
        ("mother", "Trần Thị Hạnh", "1995-03-08"),
        ("father", "Nguyễn Văn Minh", ""),
    ]
    facts = history_of(first)[0].facts
    assert "Nguyễn" not in str(facts)


def test_a_dossier_is_written_once(town):
    dossier = at_the_officer(town)
    entry = register(town, dossier)

    with pytest.raises(errors.AlreadyEntered) as refusal:
        register(town, dossier)

    assert refusal.value.entry_id == entry.pk
    assert Entry.objects.count() == 1


def test_after_a_cancellation_it_may_be_written_again_under_a_new_number(town):
    dossier = at_the_officer(town)
    entry = register(town, dossier)
    actions.cancel_entry(entry.pk, basis="QĐ 1/QĐ-UBND", decided_on=date(2025, 10, 6), actor=keeper(town), at=NEXT)

    assert register(town, dossier).number == 2
    assert list(Entry.objects.order_by("number").values_list("state", flat=True)) == ["cancelled", "valid"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"child_name": ""}, "child_name"),
        ({"child_born": "2025"}, "child_born"),
        ({"child_born": "31/02/2025"}, "child_born"),
        ({"child_born": "07/10/2025"}, "future"),
        ({"child_sex": ""}, "child_sex"),
        ({"mother_id": "12345"}, "mother_id"),
        ({"mother_born": "01/01/2026"}, "future"),
        ({"child_name": "NguyÔn V¨n §øc"}, "child_name"),
        ({"mother_born": "20/10/2025"}, "future"),
    ],
)
def test_what_is_unclear_is_refused_beside_its_field_and_draws_no_number(town, changes, field):
    dossier = at_the_officer(town)

    with pytest.raises(BadInput) as refusal:
        register(town, dossier, **changes)

    assert field in refusal.value.problems
    assert not Entry.objects.exists()
    assert not Book.objects.exists()


def test_the_same_child_again_needs_a_reason_which_the_register_keeps(town):
    register(town, at_the_officer(town))
    again = at_the_officer(town)

    with pytest.raises(errors.PersonKnown):
        register(town, again)
    assert Entry.objects.count() == 1
    entry = register(town, again, despite="hai người cùng tên, cùng ngày, đã xem giấy chứng sinh")

    assert "đã xem giấy chứng sinh" in Annotation.objects.get(entry=entry).words
    # An officer's reason is no annotation of the citizen's certificate.
    paper = actions.draft_paper(entry.pk, dossier_id=again.pk, actor=keeper(town), at=NEXT)
    assert "chứng sinh" not in text_of(paper)
    assert "Đã đối chiếu" not in text_of(paper)


def test_a_marriage_that_still_stands_is_warned_of_and_a_divorce_ends_it(db):
    town = make_register_town("1.000894")
    imported(
        town,
        [a_row(Kind.MARRIAGE, wife_name="TRẦN THỊ HẠNH", wife_born="08/03/1998", registered_on="20/10/2020", book="01/2020")],
        kind=Kind.MARRIAGE,
    )
    old = Entry.objects.get()
    dossier = at_the_officer(town)

    with pytest.raises(errors.PersonKnown) as refusal:
        register(town, dossier)
    actions.annotate_entry(
        old.pk,
        sort=Annotation.Sort.DIVORCE,
        basis="Bản án 5/2023/HNGĐ-ST",
        decided_on=date(2023, 5, 4),
        actor=keeper(town),
        at=NEXT,
    )

    assert refusal.value.entry_ids == [old.pk]
    assert register(town, dossier).kind == "marriage"


def test_only_the_officer_at_the_step_of_drafting_may_write(town):
    dossier = at_the_officer(town)

    for stranger in ("lan", "hanh", "doi"):
        with pytest.raises(NotYourDuty):
            register(town, dossier, by=stranger)
    entry = register(town, dossier)
    actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=keeper(town), at=NEXT)
    dossiers.forward(dossier.pk, step_key="tham-dinh", actor=keeper(town), at=NEXT)
    with pytest.raises(errors.NotAtThatStep):
        actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=keeper(town), at=NEXT)

    assert Entry.objects.count() == 1


def test_a_registration_again_takes_old_days_as_they_are_known_and_names_the_first_one(db):
    town = make_register_town("1.004884")
    dossier = at_the_officer(town)

    entry = register(town, dossier, child_born="1960", before="Ủy ban hành chính khu Giữa; 1960; số 12")

    assert (entry.again, entry.before) == (True, "Ủy ban hành chính khu Giữa; 1960; số 12")
    assert entry.people.get(role="child").born == "1960"


def test_imported_books_and_ours_never_share_a_number(town):
    row = a_row(
        number="1", book="01/2025", registered_on="02/01/2025", child_born="01/01/2025", place="Phường Sông, thành phố Ví Dụ"
    )
    imported(town, [row])

    entry = register(town, at_the_officer(town))

    assert Entry.objects.count() == 2
    assert (entry.number, entry.book.name) == (1, "02/2025")


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_write_one_entry_and_leave_no_gap(settings):
    settings.CITY_CODE = "98"
    town = make_register_town()
    one, other = at_the_officer(town), at_the_officer(town, child_name="Trần Thị Hai")

    faults = at_once(
        lambda: register(town, one, by="toan"), lambda: register(town, one, by="tam"), lambda: register(town, other, by="tam")
    )

    assert [type(fault) for fault in faults] == [errors.AlreadyEntered]
    assert sorted(Entry.objects.values_list("number", flat=True)) == [1, 2]
    assert Book.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_dossiers_of_one_child_at_once_leave_one_entry(settings):
    settings.CITY_CODE = "98"
    town = make_register_town()
    one, other = at_the_officer(town), at_the_officer(town)

    faults = at_once(lambda: register(town, one, by="toan"), lambda: register(town, other, by="tam"))

    assert [type(fault) for fault in faults] == [errors.PersonKnown]
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_marrying_two_at_once_is_seen(settings):
    settings.CITY_CODE = "98"
    town = make_register_town("1.000894")
    one = at_the_officer(town)
    other = at_the_officer(town, husband_name="Hồ Văn Khác", husband_born_on="1990-01-02", husband_id="001412349999")

    faults = at_once(lambda: register(town, one, by="toan"), lambda: register(town, other, by="tam"))

    assert [type(fault) for fault in faults] == [errors.PersonKnown]
    assert Entry.objects.count() == 1


def test_the_database_lets_nobody_change_what_was_written(town):
    entry = an_entry(town)

    for change in (
        lambda: Entry.objects.filter(pk=entry.pk).update(number=99),
        lambda: Entry.objects.filter(pk=entry.pk).update(registered_on="2000"),
        lambda: EntryPerson.objects.filter(entry=entry).update(full_name="Ai Đó"),
        lambda: Entry.objects.filter(pk=entry.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    assert Entry.objects.get().number == 15


def test_a_change_stands_beside_what_was_written_and_both_names_are_found(town):
    from thongsuot.registers.queries.search import Wanted, search

    entry = an_entry(town)
    actions.annotate_entry(
        entry.pk,
        sort=Annotation.Sort.CHANGE,
        role="child",
        field="full_name",
        new_value="Lò Ngọc Mới",
        basis="QĐ 12/QĐ-UBND",
        decided_on=date(2025, 9, 1),
        actor=keeper(town),
        at=NEXT,
    )

    entry.refresh_from_db()
    assert entry.state == Entry.State.AMENDED
    assert entry.people.filter(annotation=None, role="child").get().full_name == "Lò Thị Mẫu"
    for name in ("lo thi mau", "ngọc mới"):
        assert [row.id for row in search(Wanted(name=name), actor=keeper(town)).rows] == [entry.pk]


def test_a_second_change_of_an_entry_goes_on_from_the_first(town):
    entry = an_entry(town, Kind.DEATH, death_place="Bến Cũ")
    for place in ("Bến Mới", "Bến Sau"):
        made = actions.annotate_entry(
            entry.pk,
            sort=Annotation.Sort.CHANGE,
            field="death_place",
            new_value=place,
            basis="QĐ 12/QĐ-UBND",
            decided_on=date(2025, 9, 1),
            actor=keeper(town),
            at=NEXT,
        )

    assert (made.old_value, made.new_value) == ("Bến Mới", "Bến Sau")


def test_a_note_without_basis_or_from_the_future_is_refused(town):
    entry = an_entry(town)

    with pytest.raises(BadInput) as refusal:
        actions.annotate_entry(
            entry.pk,
            sort=Annotation.Sort.OTHER,
            words="",
            basis=" ",
            decided_on=date(2030, 1, 1),
            actor=keeper(town),
            at=NEXT,
        )

    assert sorted(refusal.value.problems) == ["basis", "decided_on", "words"]
    assert not Annotation.objects.exists()


def test_an_extract_carries_the_old_place_the_old_numbers_and_the_new_body(db):
    town = make_register_town("2.000635")
    entry = an_entry(town, child_name="Đỗ Thị Ngọc Ưởng", remarks="Nguyễn Thị Hoàng Oanh ký thay, ỷ ỡ ậ ằ ẵ ẹ ể ộ ợ ự")
    actions.annotate_entry(
        entry.pk,
        sort=Annotation.Sort.CHANGE,
        role="child",
        field="full_name",
        new_value="Đỗ Ngọc Ưởng",
        basis="QĐ 12/QĐ-UBND",
        decided_on=date(2025, 9, 1),
        actor=keeper(town),
        at=NEXT,
    )
    dossier = at_the_officer(town)

    paper = actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=keeper(town), at=NEXT)

    text = text_of(paper)
    for words in (
        "TRÍCH LỤC KHAI SINH",
        "(BẢN SAO)",
        "Ủy ban nhân dân phường Bến, Quận Giữa, Thành phố Ví Dụ".upper()[:3],
        "ĐỖ THỊ NGỌC ƯỞNG",
        "15/2004",
        "01/2004",
        "12/05/2004",
        "ỦY BAN NHÂN DÂN PHƯỜNG SÔNG",
        "từ “Đỗ Thị Ngọc Ưởng” thành “Đỗ Ngọc Ưởng”",
        "ỷ ỡ ậ ằ ẵ ẹ ể ộ ợ ự",
        "Số bản sao cấp: 03",
        "Ngày mùng hai, tháng năm, năm hai nghìn không trăm linh bốn",
    ):
        assert words in text, (words, text)
    assert "phường Bến, quận Giữa, thành phố Ví Dụ" in text  # as the row says it
    look = LookUp.objects.get(subject="registers.issuedpaper", subject_id=paper.pk)
    assert (look.reason, look.by_name) == (str(dossier), "Nguyễn Văn Toàn")


@pytest.mark.parametrize(
    ("code", "title"),
    [("1.001193", "GIẤY KHAI SINH"), ("1.000894", "GIẤY CHỨNG NHẬN KẾT HÔN"), ("1.000656", "TRÍCH LỤC KHAI TỬ")],
)
def test_each_event_gets_its_paper_as_the_draft_of_the_result(db, code, title):
    town = make_register_town(code)
    dossier = at_the_officer(town)
    entry = register(town, dossier)

    paper = actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=keeper(town), at=NEXT)

    assert title in text_of(paper)
    assert f"Số: {entry}/2025" in text_of(paper)


def test_a_paper_made_again_replaces_the_draft_and_what_is_issued_is_noted_once(town):
    dossier = at_the_officer(town)
    entry = register(town, dossier)
    actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=keeper(town), at=NEXT)
    second = actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=keeper(town), at=NEXT)
    dossiers.forward(dossier.pk, step_key="tham-dinh", actor=keeper(town), at=NEXT)
    dossier.refresh_from_db()
    forward_to(town, dossier, "tra", at=NEXT)

    from thongsuot.kernel.events import Happened
    from thongsuot.registers.reactions import note_what_was_issued

    told = Happened(id=1, name="dossiers.resolved", subject="dossiers.dossier", subject_id=dossier.pk, facts={})
    note_what_was_issued(told)
    note_what_was_issued(told)

    second.refresh_from_db()
    assert (second.number, second.issued_on) == ("01", date(2025, 10, 6))
    assert IssuedPaper.objects.filter(replaced=True).count() == 1
    assert [row.name for row in history_of(entry)].count("registers.paper_issued") == 1


def test_no_paper_is_made_from_a_cancelled_entry_nor_from_one_of_another_unit(db):
    town = make_register_town("2.000635")
    entry = an_entry(town)
    dossier = at_the_officer(town)
    actions.cancel_entry(entry.pk, basis="QĐ 1", decided_on=date(2025, 10, 1), actor=keeper(town), at=NEXT)

    with pytest.raises(errors.EntryCancelled):
        actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=keeper(town), at=NEXT)
    with pytest.raises(errors.EntryCancelled):
        actions.annotate_entry(
            entry.pk,
            sort=Annotation.Sort.OTHER,
            words="x",
            basis="y",
            decided_on=date(2025, 10, 1),
            actor=keeper(town),
            at=NEXT,
        )

    assert not IssuedPaper.objects.exists()


def test_a_search_uses_its_index_however_many_entries_there_are(town):
    from thongsuot.registers.queries.search import Wanted, search

    imported(town, [a_row(number=str(n), child_name=f"Lò Thị Số {n}", child_born="2003") for n in range(1, 40)])
    used = {"name": "entry_person_words", "born": "entry_person_born", "id_number": "entry_person_id_number"}
    asked = {"name": "lo thi so", "born": "2003", "id_number": "001412345678"}
    for key, index in used.items():
        seen = []

        def note(execute, sql, params, many, context, seen=seen):
            if "registers_entryperson" in sql and "DISTINCT" in sql and not sql.startswith("EXPLAIN"):
                plain = sql.replace("DISTINCT ", "").split(" LIMIT ")[0]  # a few rows are walked in any order just as well
                context["cursor"].execute(f"EXPLAIN {plain}", params)
                seen.extend(row[0] for row in context["cursor"].fetchall())
            return execute(sql, params, many, context)

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            with connection.execute_wrapper(note):
                search(Wanted(**{key: asked[key]}), actor=HOUSE)
        assert any(index in line for line in seen), (key, seen)


def issued_extract(town):
    """A copy from an old entry, signed by Hạnh, issued by Thu: the dossier and the entry."""
    entry = an_entry(town)
    dossier = at_the_officer(town)
    actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=keeper(town), at=NEXT)
    for step, pin, name in (("tham-dinh", "", "toan"), ("ky", PIN, "hanh"), ("vao-so", SEAL_PIN, "thu")):
        dossiers.forward_signed(dossier.pk, step_key=step, pin=pin, actor=town.actor(name, NEXT), at=NEXT)
    react_to(dossier)
    return dossier, entry


def cancel(town, entry):
    return actions.cancel_entry(entry.pk, basis="QĐ 9/QĐ-UBND", decided_on=date(2025, 10, 6), actor=keeper(town), at=NEXT)


def test_an_extract_carries_exactly_one_qr_and_it_is_that_of_its_proof(db):
    town = with_certificates(make_register_town("2.000635"))
    dossier, _entry = issued_extract(town)

    result = Result.objects.get(dossier=dossier)
    with files.open_checked(result.file_id) as file:
        reader = PdfReader(BytesIO(file.read()))
    said = " ".join(page.extract_text(visitor_text=None) for page in reader.pages)
    forms = [form.get_object() for page in reader.pages for form in page["/Resources"].get("/XObject", {}).values()]
    stamped = [form for form in forms if form["/BBox"][1] > 20]  # a line says that the certificate is a TEST one
    [proof] = Proof.objects.filter(unit_id=town.river, kind="result")
    codes = [annotated for annotated in (code_as_shown(proof.code),) if annotated in said.replace("\n", " ")]
    assert (len(stamped), codes) == (1, [code_as_shown(proof.code)])
    assert proof.file_id == result.file_id
    assert "Mã xác thực" in said
    assert said.count("Mã xác thực") == 1


def test_cancelling_an_entry_ends_the_proof_and_the_stored_paper_of_every_extract_made_from_it(db, client):
    town = with_certificates(make_register_town("2.000635"))
    dossier, entry = issued_extract(town)

    cancel(town, entry)

    proof = Proof.objects.get(kind="result")
    page = client.get(reverse("signing:proof", args=[proof.code])).content.decode()
    assert proof.state == Proof.State.REVOKED
    assert "thu hồi, hủy bỏ" in page
    assert "Lò" not in page
    assert "QĐ 9" not in page
    paper = StoredPaper.objects.get(dossier_id=dossier.pk, kind="result")
    assert (paper.state, "QĐ 9/QĐ-UBND" in paper.state_reason) == ("revoked", True)
    [row] = register_rows([town.river], year=2025)
    assert (row.state, "QĐ 9/QĐ-UBND" in row.reason) == ("revoked", True)


def test_a_cancellation_that_fails_later_leaves_the_proof_as_it_was(db, monkeypatch):
    town = with_certificates(make_register_town("2.000635"))
    _dossier, entry = issued_extract(town)

    def falls(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("thongsuot.registers.actions.entering.record", falls)
    with pytest.raises(KeyboardInterrupt):
        cancel(town, entry)

    entry.refresh_from_db()
    assert (entry.state, Proof.objects.get(kind="result").state) == ("valid", "valid")


def test_a_draft_made_from_an_entry_that_is_cancelled_is_signed_by_nobody(town):
    dossier = at_the_officer(town)
    entry = register(town, dossier)
    actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=keeper(town), at=NEXT)
    dossiers.forward(dossier.pk, step_key="tham-dinh", actor=keeper(town), at=NEXT)

    cancel(town, entry)

    with pytest.raises(ResultNotReady):
        dossiers.forward_signed(dossier.pk, step_key="ky", actor=town.actor("hanh", NEXT), at=NEXT)
    assert Result.objects.get(dossier=dossier).file_id is None


@pytest.mark.parametrize("act", ["withdraw", "stop"])
def test_a_dossier_that_made_an_entry_ends_only_after_the_entry_is_cancelled(town, act):
    dossier = at_the_officer(town)
    entry = register(town, dossier)
    by = town.actor({"withdraw": "lan", "stop": "hanh"}[act], NEXT)

    def ends():
        return getattr(dossiers, act)(dossier.pk, reason="người nộp đổi ý", actor=by, at=NEXT)

    with pytest.raises(errors.EntryStands) as refusal:
        ends()
    assert "hủy mục đó" in refusal.value.message()
    dossier.refresh_from_db()
    assert dossier.ended_at is None

    cancel(town, entry)
    assert ends().ended_at == NEXT
