"""Administration of certificates: who lacks one, which there are, taking in what was issued, the trust list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from thongsuot.files.actions import store
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.signing import actions, rules
from thongsuot.signing.forms import ImageForm, ReasonForm, RootForm, TestForm, UploadForm
from thongsuot.signing.models import Certificate, TrustedRoot
from thongsuot.signing.queries import certificates as queries
from thongsuot.signing.queries import subjects
from thongsuot.signing.queries.coverage import coverage as covered
from thongsuot.signing.rules import DUTY
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, number_of, pressed


def asked_unit(request: HttpRequest, actor: Actor) -> int | None:
    """`don-vi` of the address, when it is one of the actor's."""
    unit_id = number_of(request.GET.get("don-vi", ""))
    return unit_id if unit_id in actor.units_for(DUTY) else None


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Per unit: ready, or who lacks a usable certificate."""
    actor, now = actor_with(request, DUTY), clock.now()
    unit_id = asked_unit(request, actor)
    rows = covered(actor.units_for(DUTY) if unit_id is None else {unit_id}, at=now)
    rows = [row for row in rows if row.posts]
    only_lacking = request.GET.get("thieu") == "1"
    return render(
        request,
        "signing/coverage.html",
        {
            "rows": [row for row in rows if row.lacking] if only_lacking else rows,
            "ready": sum(row.is_ready for row in rows),
            "total": len(rows),
            "lacking_posts": sum(len(row.lacking) for row in rows),
            "expiring_posts": sum(len(row.expiring) for row in rows),
            "only_lacking": only_lacking,
            "one": rows[0] if unit_id is not None and rows else None,
            "labels": rules.CONDITION_LABELS,
            "tags": queries.TAGS,
            "waiting": queries.requests_count(actor),
            "ended": queries.to_revoke_count(actor, unit_id=unit_id, at=now),
            "test_ca": settings.TEST_CA,
        },
    )


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    actor, now = actor_with(request, DUTY), clock.now()
    unit_id = asked_unit(request, actor)
    ended, only = queries.to_revoke_count(actor, unit_id=unit_id, at=now), request.GET.get("thu-hoi") == "1"
    page = page_of(request, count=ended if only else queries.managed_count(actor, unit_id=unit_id))
    rows = queries.managed(actor, unit_id=unit_id, at=now, limit=page.size, offset=page.first, only_to_revoke=only)
    context = {"page": page, "rows": rows, "unit_id": unit_id, "ended": ended, "only_ended": only}
    return render(request, "signing/certificates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """One certificate: what it says, and what may be done: hand over, activate, stop, revoke, put in its picture."""
    actor, now = actor_with(request, DUTY), clock.now()
    row = queries.certificate_for(certificate_id, actor=actor, at=now)
    form, picture = ReasonForm(), ImageForm()
    if pressed(request) == "hinh":
        picture = ImageForm(request.POST, request.FILES)
        if picture.is_valid():
            with refusals_on(picture):
                _put_image(row, picture.cleaned_data["image"], actor=actor, at=now)
                return redirect("signing:certificate", certificate_id)
    elif request.method == "POST":
        to = request.POST.get("den", "")
        form = ReasonForm(request.POST)
        if to in (Certificate.State.DELIVERED, Certificate.State.ACTIVE):
            form.fields["reason"].required = False
        if form.is_valid():
            with refusals_on(form):
                actions.move_certificate(certificate_id, to=to, reason=form.cleaned_data["reason"], actor=actor, at=now)
                messages.success(request, _("Đã ghi trạng thái mới của chứng thư."))
                return redirect("signing:certificate", certificate_id)
    bad = form if form.errors else picture if picture.errors else None
    context = {
        "row": row,
        "asked": form,
        "picture": picture,
        "moves": rules.CERTIFICATE_MOVES[row.certificate.state],
        "states": dict(Certificate.State.choices),
    }
    if bad is not None:
        context["form"] = bad
    return render(request, "signing/certificate.html", context, status=422 if bad is not None else 200)


@transaction.atomic  # a picture that came to nothing is not kept
def _put_image(row: queries.CertificateRow, file: Any, *, actor: Actor, at: datetime) -> None:
    stored = store(file, name=file.name or "hinh.png", purpose="signing.image", actor=actor, at=at)
    actions.put_image(row.certificate.pk, file_id=stored.pk, actor=actor, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Take in a certificate that the issuer sent."""
    actor, now = actor_with(request, DUTY), clock.now()
    holders = subjects.managed(actor, unit_id=asked_unit(request, actor), at=now)
    posted = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = UploadForm(**posted, holders=[(one.key, one.label) for one in holders])
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        who = next(one for one in holders if one.key == given["holder"])
        with refusals_on(form):
            added = actions.add_certificate(
                _text(given["certificate"]),
                person_id=who.person_id,
                body_id=who.body_id,
                post=who.post,
                token_label=given["token_label"],
                key_label=given["key_label"],
                actor=actor,
                at=now,
            )
            messages.success(request, _("Đã nhập chứng thư. Hãy bàn giao rồi kích hoạt."))
            return redirect("signing:certificate", added.pk)
    context = {"asked": form, "title": _("Nhập chứng thư được cấp"), "button": _("Nhập chứng thư")}
    return _form_page(request, context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def issue_test(request: HttpRequest) -> HttpResponse:
    """A demo city's certificates: issued at once, marked TEST."""
    actor, now = actor_with(request, DUTY), clock.now()
    holders = subjects.managed(actor, unit_id=asked_unit(request, actor), at=now)
    form = TestForm(request.POST or None, holders=[(one.key, one.label) for one in holders])
    if form.is_bound and form.is_valid():
        who = next(one for one in holders if one.key == form.cleaned_data["holder"])
        with refusals_on(form):
            made = actions.issue_test_certificate(
                person_id=who.person_id,
                body_id=who.body_id,
                post=who.post,
                pin=form.cleaned_data["pin"],
                actor=actor,
                at=now,
            )
            messages.success(request, _("Đã cấp chứng thư THỬ NGHIỆM."))
            return redirect("signing:certificate", made.pk)
    context = {"asked": form, "title": _("Cấp chứng thư THỬ NGHIỆM (TEST)"), "button": _("Cấp chứng thư thử nghiệm")}
    return _form_page(request, context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def trust_list(request: HttpRequest) -> HttpResponse:
    """Whose certificates count as genuine, from when to when."""
    actor, now = actor_with(request, DUTY), clock.now()
    if "bo" in request.POST:
        actions.distrust_root(number_of(request.POST["bo"]), from_day=timezone.localdate(now), actor=actor, at=now)
        messages.success(request, _("Đã bỏ khỏi danh sách tin cậy."))
        return redirect("signing:trust_list")
    form = RootForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            actions.trust_root(
                _text(given["certificate"]), basis=given["basis"], valid_from=given["valid_from"], actor=actor, at=now
            )
            messages.success(request, _("Đã thêm vào danh sách tin cậy."))
            return redirect("signing:trust_list")
    context = {
        "asked": form,
        "roots": list(TrustedRoot.objects.order_by("name", "valid_from")),
        "test_ca": settings.TEST_CA,
        "today": timezone.localdate(now),
    }
    if form.errors:
        context["form"] = form
    return render(request, "signing/trust_list.html", context, status=422 if form.errors else 200)


def _form_page(request: HttpRequest, context: dict[str, object], form: UploadForm | TestForm) -> HttpResponse:
    if form.errors:
        context["form"] = form
    return render(request, "signing/form.html", context, status=422 if form.errors else 200)


def _text(file: Any) -> str:
    """A certificate is some kilobytes of ASCII; what is more, or is not, cannot be one."""
    return str(file.read(200_001), "ascii", "replace")
