"""Pages and API of signing."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from thongsuot.files.models import Blob, StoredFile
from thongsuot.kernel.working_time import working_days_between
from thongsuot.people.models import Person
from thongsuot.signing import actions, proofs
from thongsuot.signing.models import Certificate, CertificateRequest, TrustedRoot
from thongsuot.signing.tests.make import HOUSE, MONDAY, PIN, bytes_of, paper, sign_both
from thongsuot.signing.trust import must_have_local
from thongsuot.units import queries as units
from thongsuot.units.models import Body


@pytest.fixture(autouse=True)
def _city(settings):
    settings.CITY_CODE = "98"


def upload(content: bytes, name: str = "van-ban.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def logged_in(town, name: str) -> Client:
    Person.objects.filter(pk=town.people[name].pk).update(is_demo=True)
    client = Client()
    client.force_login(town.people[name])
    return client


def test_anyone_reads_who_signed_a_file_and_nothing_of_it_is_kept(town, client):
    _one, two = sign_both(town)
    pdf, kept = bytes_of(two), (Blob.objects.count(), StoredFile.objects.count())

    page = client.post(reverse("signing:validate"), {"file": upload(pdf)})

    said = page.content.decode()
    assert page.status_code == 200
    for words in ("Phạm Thị Hạnh", "Phó Chủ tịch", "THỬ NGHIỆM", "B-LT", "có dấu thời gian"):
        assert words in said
    assert (Blob.objects.count(), StoredFile.objects.count()) == kept


def test_a_file_that_cannot_be_read_gets_a_sentence(town, client):
    page = client.post(reverse("signing:validate"), {"file": upload(b"khong phai pdf")})

    assert page.status_code == 422
    assert "không phải PDF, hoặc PDF đã hỏng" in page.content.decode()
    assert client.post(reverse("signing:validate")).status_code == 422


def test_the_api_says_the_same(town, client):
    _one, two = sign_both(town)

    answer = client.post("/api/v1/signatures/validate", {"file": upload(bytes_of(two))}).json()

    assert (answer["verdict"], answer["is_test"]) == ("test", True)
    assert [(one["kind"], one["intact"], one["level"]) for one in answer["signatures"]] == [
        ("person", True, "B-LT"),
        ("agency", True, "B-LT"),
    ]
    refused = client.post("/api/v1/signatures/validate", {"file": upload(b"%PDF-1.7 hong")})
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:thongsuot:signing.not_a_pdf"


@pytest.fixture
def proof(town) -> str:
    _one, two = sign_both(town)
    code = proofs.new_code()
    actions.register_proof(
        code,
        file_id=two,
        kind="result",
        title="Giấy xác nhận tình trạng hôn nhân",
        number="07",
        unit_id=town.river,
        issued_on=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    return code


def test_a_code_proves_a_paper_without_naming_anybody(town, client, proof, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        page = client.get(reverse("signing:proof", args=[proof]))

    said = page.content.decode()
    for words in ("Giấy xác nhận tình trạng hôn nhân", "07", "06/10/2025", "phường Sông", "Còn giá trị", "Phó Chủ tịch"):
        assert words in said
    assert "Hạnh" not in said  # not even the officer: the post signs
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert client.get(f"/api/v1/proofs/{proof}").json()["number"] == "07"


def test_a_file_dropped_in_is_compared_bit_by_bit_and_forgotten(town, client, proof):
    issued, kept = bytes_of(StoredFile.objects.latest("pk").pk), Blob.objects.count()
    address = reverse("signing:proof", args=[proof])

    assert "Đúng là tệp này" in client.post(address, {"file": upload(issued)}).content.decode()
    assert "Không phải tệp này" in client.post(address, {"file": upload(issued + b" ")}).content.decode()
    assert Blob.objects.count() == kept


def test_a_replaced_paper_says_so_and_leads_to_the_one_that_counts(town, client, proof):
    other = proofs.new_code()
    actions.revoke_proof(proof, reason="sai ngày sinh", replaced_by=other, actor=HOUSE, at=MONDAY)

    said = client.get(reverse("signing:proof", args=[proof])).content.decode()

    assert "Đã được thay thế" in said
    assert reverse("signing:proof", args=[other]) in said
    assert "sai ngày sinh" not in said  # what an officer typed stays inside


@pytest.mark.parametrize("code", ["ABCDEFGHJKMNPQRS", "x", "%00", "Ω" * 16, "A" * 400])
def test_an_unknown_code_is_404_with_a_sentence(town, client, code):
    page = client.get(reverse("signing:proof", args=[code]))

    assert page.status_code == 404
    assert "Không có giấy tờ nào mang mã này" in page.content.decode()


def test_one_address_that_sends_file_after_file_waits_and_others_do_not(town, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"check_signatures": "2/m/ip"}
    page, door = reverse("signing:validate"), "/api/v1/signatures/validate"

    told = [client.post(page, {"file": upload(paper())}).status_code, client.post(door, {"file": upload(paper())}).status_code]
    refused = client.post(page, {"file": upload(paper())})
    by_program = client.post(door, {"file": upload(paper())})

    assert told == [200, 200]
    assert (refused.status_code, by_program.status_code) == (429, 429)
    assert "chờ một phút" in refused.content.decode()
    assert client.post(page, {"file": upload(paper())}, REMOTE_ADDR="203.0.113.7").status_code == 200


def test_a_code_typed_with_dashes_leads_to_its_page(town, client, proof):
    page = client.get(reverse("signing:ask_code"), {"ma": proofs.code_as_shown(proof).lower()})

    assert page.headers["Location"] == reverse("signing:proof", args=[proof])
    assert client.get(reverse("signing:ask_code"), {"ma": "sai"}).status_code == 404


def test_an_officer_sees_their_certificate_changes_the_pin_and_asks_for_a_renewal(town):
    client = logged_in(town, "hanh")
    said = client.get(reverse("signing:mine")).content.decode()
    assert "TEST" in said

    wrong = {"pin": "000111", "new_pin": "915374", "again": "915374"}
    address = reverse("signing:change_pin", args=[town.hanh.pk])
    assert client.post(address, wrong).status_code == 422
    assert client.post(address, {**wrong, "pin": PIN}).status_code == 302
    asked = client.post(reverse("signing:mine"), {"what": "renew", "about": f"c-{town.hanh.pk}", "reason": ""})

    assert asked.status_code == 302
    assert CertificateRequest.objects.get().kind == "renew"
    assert "Gia hạn" in client.get(reverse("signing:mine")).content.decode()


def test_the_city_sees_who_lacks_a_certificate(town, django_assert_max_num_queries):
    client = logged_in(town, "quan")

    with django_assert_max_num_queries(25):
        said = client.get(reverse("signing:coverage")).content.decode()

    assert "Đơn vị sẵn sàng ký số: 0 trên 3" in said
    assert "Trần Thị Thu" in said  # the clerk has none
    only = client.get(reverse("signing:coverage"), {"thieu": "1", "don-vi": str(town.river)}).content.decode()
    assert "phường Đồi" not in only


def test_the_city_is_told_which_certificates_outlived_their_body(town):
    client, page = logged_in(town, "quan"), reverse("signing:certificates")
    assert "cần thu hồi" not in client.get(page).content.decode()

    Body.objects.filter(pk=town.committee.body_id).update(valid_to=timezone.localdate())

    assert "2 chứng thư của cơ quan đã kết thúc, cần thu hồi" in client.get(reverse("signing:coverage")).content.decode()
    said = client.get(page, {"thu-hoi": "1"}).content.decode()
    assert said.count("Cơ quan đã kết thúc: cần thu hồi") == 2
    Certificate.objects.update(state="revoked")
    assert "Không có chứng thư nào cần thu hồi" in client.get(page, {"thu-hoi": "1"}).content.decode()


def test_a_certificate_is_suspended_with_a_reason_and_used_again(town):
    client, address = logged_in(town, "quan"), reverse("signing:certificate", args=[town.hanh.pk])

    assert client.post(address, {"den": "suspended", "reason": ""}).status_code == 422
    assert client.post(address, {"den": "suspended", "reason": "đi công tác"}).status_code == 302
    assert client.post(address, {"den": "active", "reason": ""}).status_code == 302

    assert Certificate.objects.get(pk=town.hanh.pk).state == "active"


def test_a_request_goes_its_way_and_a_late_one_is_reminded_of_by_letter(town):
    client = logged_in(town, "quan")
    now = timezone.now()
    clerk = actions.Asked(
        kind="new", body_id=town.city.body(town.city.river, "office").pk, person_id=town.people["thu"].pk, post="Văn thư"
    )
    request = actions.ask(clerk, actor=HOUSE, at=now - timedelta(days=40))
    actions.move_request(request.pk, to="at_department", actor=HOUSE, at=now - timedelta(days=40))

    listed = client.get(reverse("signing:requests")).content.decode()
    letter = client.post(reverse("signing:reminder", args=[request.pk]))
    skipped = client.post(reverse("signing:request", args=[request.pk]), {"den": "delivered"})
    sent = client.post(reverse("signing:request", args=[request.pk]), {"den": "at_issuer"})
    unfounded = client.post(reverse("signing:request", args=[request.pk]), {"den": "issued"})

    assert "ngày làm việc" in listed
    calendar = units.working_calendar(town.city.city.pk, on=now.date())
    days = working_days_between(timezone.localdate(now - timedelta(days=40)), timezone.localdate(now), calendar)
    said = " ".join(PdfReader(BytesIO(letter.content)).pages[0].extract_text().split())
    assert "Kính gửi: Sở Khoa học và Công nghệ" in said
    assert "của Trần Thị Thu, Văn thư, Văn phòng" in said
    assert f"Ngày {timezone.localtime(now - timedelta(days=40)):%d/%m/%Y}, đề nghị cấp mới" in said
    assert days > 20
    assert f"Đến nay đã {days} ngày làm việc" in said
    assert (skipped.status_code, sent.status_code, unfounded.status_code) == (422, 302, 422)
    request.refresh_from_db()
    assert request.state == "at_issuer"
    assert request.reminded_at is not None


@pytest.mark.parametrize("kind", ["renew", "change", "suspend", "revoke", "unlock"])
def test_an_agencys_certificate_is_asked_about_by_who_manages_it(town, kind):
    client, address = logged_in(town, "quan"), reverse("signing:requests")
    about = f"c-{town.committee.pk}"

    assert about in client.get(address).content.decode()
    vague = client.post(address, {"what": kind, "about": f"a-{town.committee.body_id}", "reason": "x"})
    asked = client.post(address, {"what": kind, "about": about, "reason": "đổi người giữ"})

    assert vague.status_code == 422
    assert asked.status_code == 302
    made = CertificateRequest.objects.get()
    assert (made.kind, made.certificate_id, made.holder) == (kind, town.committee.pk, "agency")


def test_requests_are_paged_and_counted_whole(town):
    client, address = logged_in(town, "quan"), reverse("signing:requests")
    body = town.city.body(town.city.river, "office")
    CertificateRequest.objects.bulk_create(
        CertificateRequest(
            kind="new", holder="person", person=town.people["thu"], body=body, post=f"Văn thư {number}",
            state_since=timezone.now(), made_at=timezone.now(), made_by_name="x",
        )
        for number in range(320)
    )  # fmt: skip

    first = client.get(address).content.decode()
    last = client.get(address, {"trang": "7"}).content.decode()

    assert "320" in first
    assert "Văn thư 0," in first
    assert "Văn thư 319," in last
    assert "320" in client.get(reverse("signing:coverage")).content.decode()


def test_a_root_is_trusted_from_a_day_and_not_any_more_from_another(town):
    client = logged_in(town, "quan")
    pem = must_have_local().root_pem.encode()

    posted = {"certificate": SimpleUploadedFile("goc.pem", pem), "basis": "danh sách tin cậy", "valid_from": "01/07/2025"}
    assert client.post(reverse("signing:trust_list"), posted).status_code == 302
    assert client.post(reverse("signing:trust_list"), {"bo": TrustedRoot.objects.get().pk}).status_code == 302
    junk = {**posted, "certificate": SimpleUploadedFile("goc.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n")}
    assert client.post(reverse("signing:trust_list"), junk).status_code == 422

    assert TrustedRoot.objects.get().valid_to is not None


def test_a_root_that_was_ended_is_trusted_again_only_from_a_later_day(town):
    client = logged_in(town, "quan")

    def add(day: str):
        root = SimpleUploadedFile("goc.pem", must_have_local().root_pem.encode())
        return client.post(reverse("signing:trust_list"), {"certificate": root, "basis": "x", "valid_from": day})

    assert add("01/07/2025").status_code == 302
    client.post(reverse("signing:trust_list"), {"bo": TrustedRoot.objects.get().pk})
    refused = add("01/07/2025")

    assert refused.status_code == 422
    assert "ngày bắt đầu muộn hơn" in refused.content.decode()
    assert add("02/07/2025").status_code == 302
    assert TrustedRoot.objects.filter(valid_to=None).count() == 1


def test_a_test_certificate_is_issued_on_the_page_and_a_broken_one_is_not_taken_in(town):
    client = logged_in(town, "quan")
    body = town.city.body(town.city.river, "office").pk
    holder = f"p-{body}-{town.people['thu'].pk}"

    issued = client.post(reverse("signing:issue_test"), {"holder": holder, "pin": "915374"})
    broken = client.post(
        reverse("signing:add"),
        {"holder": holder, "certificate": upload(paper()), "token_label": "a", "key_label": "b"},
    )

    assert issued.status_code == 302
    assert broken.status_code == 422
    assert Certificate.objects.filter(person=town.people["thu"]).count() == 1


def test_warnings_are_told_once_per_mark_by_letter(town):
    from thongsuot.kernel.events import Happened
    from thongsuot.kernel.models import Event
    from thongsuot.notices.models import Notice
    from thongsuot.signing import tasks
    from thongsuot.signing.models import CertificateWarning
    from thongsuot.signing.reactions import tell_of_end

    Certificate.objects.filter(pk=town.hanh.pk).update(not_after=timezone.now() + timedelta(days=59))
    for _twice in range(2):
        tasks.warn_of_ends(0)

    [event] = Event.objects.filter(name="signing.certificate_warned", subject_id=town.hanh.pk)
    tell_of_end(Happened(id=event.pk, name=event.name, subject=event.subject, subject_id=event.subject_id, facts=event.facts))
    assert [warning.days for warning in CertificateWarning.objects.filter(certificate=town.hanh)] == [60]
    assert Notice.objects.filter(to_person=town.people["hanh"]).count() == 1
