"""What owners do with their dossiers: bring what was missing, withdraw, fetch papers and the result, rate; and their list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.dossiers import actions, conversion, words
from thongsuot.dossiers.forms.tracking import RateForm, SupplementForm, WithdrawForm
from thongsuot.dossiers.models import DECIDED, Component, Dossier, Rating, Result, ResultChange, SupplementRequest
from thongsuot.dossiers.owing import DossierFees
from thongsuot.dossiers.queries import drafts, tracking
from thongsuot.dossiers.queries.drafts import HeldPaper
from thongsuot.dossiers.queries.given import copies_given
from thongsuot.dossiers.views import proof
from thongsuot.dossiers.views.tracking import of_owner
from thongsuot.files.rules import MEGABYTE, FileType, upload_rule
from thongsuot.files.views import serve
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.payments import asking as paying
from thongsuot.procedures import queries as procedures
from thongsuot.web.confirm import confirm
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.private import private
from thongsuot.web.request import actor_of, must_be_somebody


def _posted(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is bound to: an empty answer is an answer too."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@require_http_methods(["GET", "POST"])
@of_owner
def supplement(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Bring what was asked for: files and words, once."""
    asked = SupplementRequest.objects.filter(dossier=dossier, completed_at=None).first()
    if asked is None:
        messages.info(request, _("Hồ sơ này không chờ bổ sung gì. Bạn không phải làm gì thêm."))
        return redirect("dossiers:tracked", str(dossier))
    version = procedures.version(dossier.version_id)
    asked_for = [paper for paper in version.papers if paper.kind == "submit"]
    offers = drafts.offers_for_supplement(dossier, version, actor_of(request).person_id, on=clock.today())
    papers = [
        HeldPaper(paper=paper, files=(), is_looked_up=False, offers_look_up=False, offers=offers.get(paper.code, ()))
        for paper in sorted(asked_for, key=lambda paper: (paper.code not in offers, not paper.required))
    ]
    form = SupplementForm(*_posted(request), papers=papers)
    if form.is_valid():
        uploads = [actions.Upload(paper_code=code, name=file.name or "", content=file) for code, file in form.uploads()]
        places = {"papers": "answer", **{f"papers.{held.paper.code}": f"reuse-{held.paper.code}" for held in papers}}
        with refusals_on(form, places=places):
            try:
                actions.answer_supplement(
                    dossier.pk,
                    uploads=uploads,
                    reused=form.reused(),
                    answer=form.cleaned_data["answer"],
                    actor=proof.owner_actor(request, dossier),
                    at=clock.now(),
                )
                messages.success(request, _("Đã gửi phần bổ sung. Hồ sơ chạy tiếp."))
                return redirect("dossiers:tracked", str(dossier))
            except actions.UploadsRefused as refusal:
                for code, sentence in refusal.refused:
                    form.add_error(f"files-{code}", sentence)
                form.add_error(None, _("Chưa gửi gì. Hãy chọn lại các tệp rồi gửi."))
    return render(
        request,
        "dossiers/citizen/supplement.html",
        {
            "dossier": dossier,
            "asked": asked,
            "form": form,
            "papers": papers,
            "version": version,
            "max_mb": upload_rule(clock.today()).max_bytes // MEGABYTE,
        },
        status=422 if form.errors else 200,
    )


@require_POST
@of_owner
def pay(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Pay online all fees that are still owed: on to the page of the payment."""
    payment = paying.begin(DossierFees.subject, dossier.pk, actor=actor_of(request), now=clock.now())
    return redirect("payments:payment", payment.secret)


@require_http_methods(["GET", "POST"])
@of_owner
def withdraw(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    form = WithdrawForm(*_posted(request))
    if form.is_valid():
        actions.withdraw(
            dossier.pk, reason=form.cleaned_data["reason"], actor=proof.owner_actor(request, dossier), at=clock.now()
        )
        messages.success(request, _("Đã rút hồ sơ. Giấy tờ đã nộp được trả lại."))
        return redirect("dossiers:tracked", str(dossier))
    return confirm(
        request,
        question=_("Rút hồ sơ này?"),
        danger=True,
        button=_("Rút hồ sơ"),
        form=form,
        consequence=_("Nơi giải quyết sẽ dừng và trả lại giấy tờ. Không hoàn tác được, nhưng bạn vẫn nộp lại được."),
        cancel_href=reverse("dossiers:tracked", args=[str(dossier)]),
        summary=[(_("Mã hồ sơ"), str(dossier)), (_("Thủ tục"), procedures.version(dossier.version_id).name)],
    )


@require_http_methods(["GET", "POST"])
@of_owner
def rate(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Five levels, reasons, once. The link of a letter leads here."""
    rating = Rating.objects.filter(dossier=dossier).first()
    form = RateForm(*_posted(request))
    if form.is_valid():
        actions.rate(dossier.pk, **form.cleaned_data, actor=proof.owner_actor(request, dossier), at=clock.now())
        messages.success(request, _("Cảm ơn bạn đã đánh giá."))
        return redirect("dossiers:tracked", str(dossier))
    return render(
        request,
        "dossiers/citizen/rate.html",
        {
            "dossier": dossier,
            "form": form,
            "rating": rating,
            "may_rate": dossier.status in DECIDED,
            "version": procedures.version(dossier.version_id),
        },
        status=422 if form.errors else 200,
    )


@require_GET
@of_owner
def paper(request: HttpRequest, dossier: Dossier, component_id: int) -> HttpResponseBase:
    """A paper the owner handed in, back as it was."""
    component = Component.objects.filter(dossier=dossier, pk=component_id, file__isnull=False).first()
    if component is None or component.file_id is None:
        raise NotFound
    return serve(component.file_id)


@require_GET
@of_owner
def result(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """The electronic original, once it has been issued. A draft of it is the house's own affair."""
    issued = Result.objects.filter(dossier=dossier, issued_on__isnull=False, file__isnull=False).first()
    if issued is None or issued.file_id is None:
        raise NotFound
    return serve(issued.file_id, download_name=f"{dossier}-ket-qua")


@require_GET
@of_owner
def given_copy(request: HttpRequest, dossier: Dossier, copy_id: int) -> HttpResponseBase:
    """One of the certified copies that make up the result, once it has been issued."""
    issued = Result.objects.filter(dossier=dossier, issued_on__isnull=False).first()
    one = next((one for one in copies_given(issued) if one.pk == copy_id), None) if issued is not None else None
    if one is None or one.file_id is None:
        raise NotFound
    return serve(one.file_id, download_name=f"{dossier}-ban-sao-{one.number}")


@require_GET
@of_owner
def changed_result(request: HttpRequest, dossier: Dossier, change_id: int) -> HttpResponseBase:
    """What corrected, replaced or revoked the result, once it has been issued."""
    change = ResultChange.objects.filter(pk=change_id, result__dossier=dossier, issued_on__isnull=False).first()
    if change is None or change.file_id is None:
        raise NotFound
    return serve(change.file_id, download_name=f"{dossier}-{change.kind}-{change.number}")


@require_GET
@of_owner
def paper_copy(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """The electronic original on paper, with the marks of the conversion."""
    copy_id = conversion.asked_copy(request.GET.get("ban-sao", ""))
    made = conversion.of_result(dossier, by="", at=clock.now(), copy_id=copy_id)
    return file_answer(made, f"{dossier}-ban-giay.pdf", FileType.PDF, shown="xem" in request.GET)


@private
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """All that was filed from this account, and what is begun."""
    person_id, now = must_be_somebody(request), clock.now()
    rows = [
        (
            row,
            words.due_words(row.due, status=row.status, paused_at=row.paused_at, promised_at=row.promised_at, to_owner=True)
            if row.due
            else None,
        )
        for row in tracking.own_dossiers(person_id, now=now)
    ]
    return render(request, "dossiers/citizen/mine.html", {"rows": rows, "drafts": drafts.drafts_of(person_id, now=now)})
