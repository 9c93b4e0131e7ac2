"""A fully online dossier from filing to download: no paper, no visit, an electronic result in the owner's store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Component, Dossier
from thongsuot.dossiers.queries.component_flags import flags_of
from thongsuot.dossiers.tests.citizen import fill_in, make_filing_town, page, start, submit, words
from thongsuot.dossiers.tests.make import MONDAY
from thongsuot.dossiers.tests.papers import PIN, SEAL_PIN, a_pdf, react_to, with_certificates
from thongsuot.files.queries import open_checked
from thongsuot.notices.models import Notice
from thongsuot.people.tests.make import logged_in, make_citizen
from thongsuot.personal_store.models import StoredPaper
from thongsuot.procedures import queries as procedures
from thongsuot.signing.validation import validate


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.PUBLIC_URL = "https://vidu.vn"


def test_from_filing_to_download_without_paper_or_visit(db, clock):
    town = with_certificates(make_filing_town())
    owner = make_citizen("Hoàng Văn Minh")
    client = logged_in(owner)
    code = start(client)
    fill_in(client, code)
    client.post(page("draft_contact", code, "nhan-ket-qua"), {"return_by": "electronic"})
    assert submit(client, code).status_code == 302
    dossier = Dossier.objects.get()

    clock.now = MONDAY + timedelta(hours=1)
    actions.accept_submission(dossier.pk, actor=town.actor("lan"), at=clock.now)
    dossier.refresh_from_db()
    steps = procedures.version(dossier.version_id).steps
    doers = {"tiep-nhan": "lan", "phan-cong": "viet", "tham-dinh": "toan", "soat": "viet", "ky": "hanh", "vao-so": "thu"}
    for step in steps[:-1]:
        actor = town.actor(doers[step.key], clock.now)
        if step.duty == "process dossiers":
            actions.draft_result(dossier.pk, title="Giấy xác nhận", file_id=a_pdf(by=actor), actor=actor, at=clock.now)
        pin = {"ky": PIN, "vao-so": SEAL_PIN}.get(step.key, "")
        to = town.people["toan"].pk if step.key == "phan-cong" else None
        actions.forward_signed(dossier.pk, step_key=step.key, pin=pin, to_person=to, actor=actor, at=clock.now)
    react_to(dossier)
    dossier.refresh_from_db()
    assert dossier.status == 9

    paper = StoredPaper.objects.get(dossier_id=dossier.pk, kind="result")
    assert (paper.signature, paper.account_id) == ("both", owner.pk)
    with open_checked(paper.file_id) as content:
        assert len(validate(content.read()).signatures) == 2
    assert paper.title in words(client.get(reverse("personal_store:papers")))
    for address in (
        reverse("personal_store:file", args=[paper.pk]),
        reverse("dossiers:track_result", args=[dossier.code]),
    ):
        assert client.get(address).headers["Content-Type"] == "application/pdf"
    assert "Bản giấy nhận tại" not in Notice.objects.get(key="result_ready").body
    flags = flags_of([dossier.pk])[dossier.pk]
    assert flags.all_digitised
    assert flags.in_store
    assert not Component.objects.filter(dossier=dossier, how="scanned").exists()
