"""Who lets somebody help: a consent, its code, who helped, stopping it, rating."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.assistance import actions, rules
from thongsuot.assistance.forms import ConsentForm, RateForm
from thongsuot.assistance.models import Consent
from thongsuot.assistance.queries import consents as queries
from thongsuot.assistance.queries.naming import procedures_named
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel import clock
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.private import private
from thongsuot.web.request import actor_of, must_be_somebody, nothing_pressed, pressed


@private
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Everything this account let somebody do, and the way to a new consent."""
    person_id, now = must_be_somebody(request), clock.now()
    found = queries.own_consents(person_id)
    page = page_of(request, count=found.count())
    rows = [(one, queries.state_words(one, now), one.runs(now)) for one in found[page.slice]]
    return render(request, "assistance/mine.html", {"rows": rows, "page": page})


@private
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """Whom, for what, and what they may do; then the code, shown on the answer itself: it is nowhere kept."""
    must_be_somebody(request)
    now = clock.now()
    said = request.POST or request.GET
    form = ConsentForm(said if "nguoi" in said else None)
    helper, found = None, []
    if form.is_valid():
        with refusals_on(form, beside="nguoi"):
            helper = actions.helper_by_number(form.cleaned_data["nguoi"], at=now)
        found = procedures_named(form.cleaned_data["thu_tuc"], on=timezone.localdate(now)) if helper else []
        if helper and not found:
            form.add_error("thu_tuc", _("Không có thủ tục nộp trực tuyến nào khớp. Hãy xem lại tên hoặc mã."))
    if request.method == "POST" and helper is not None and len(found) == 1:
        with refusals_on(form, beside="nguoi"):
            given = actions.give_consent(helper.number, procedure_code=found[0].code, actor=actor_of(request), at=now)
            shown = {"given": given.consent, "helper": helper, "digits": rules.in_threes(given.code)}
            return render(request, "assistance/code.html", shown)
    context = {
        "form": form,
        "helper": helper,
        "found": found,
        "minutes": setting("help_minutes", on=timezone.localdate(now)),
    }
    return render(request, "assistance/consent.html", context, status=422 if form.errors else 200)


@private
@require_http_methods(["GET", "POST"])
def mine_one(request: HttpRequest, consent_id: int) -> HttpResponse:
    person_id = must_be_somebody(request)
    found = queries.own_consent(consent_id, person_id=person_id)
    actor, at = actor_of(request), clock.now()

    def stop() -> None:
        actions.stop(found.pk, actor=actor, at=at)

    def rate(said: dict[str, Any]) -> None:
        actions.rate(found.pk, level=said["level"], reasons=said["reasons"], actor=actor, at=at)

    return _one(request, found, stop, rate)


@private
@require_http_methods(["GET", "POST"])
def by_secret(request: HttpRequest, secret: str) -> HttpResponse:
    """The same page for who has no account: the link came with the code."""
    found = queries.by_secret(secret)
    actor, at = actor_of(request), clock.now()

    def stop() -> None:
        actions.stop_by_secret(found.secret, actor=actor, at=at)

    def rate(said: dict[str, Any]) -> None:
        actions.rate_by_secret(found.secret, level=said["level"], reasons=said["reasons"], actor=actor, at=at)

    return _one(request, found, stop, rate)


def _one(
    request: HttpRequest, found: Consent, stop: Callable[[], None], rate: Callable[[dict[str, Any]], None]
) -> HttpResponse:
    now, what, answered_status = clock.now(), pressed(request), 200
    form = RateForm(request.POST if what == "danh-gia" else None)
    if what == "thoi":
        stop()
        messages.success(request, _("Đã thôi nhờ. Người giúp không mở được tờ khai nữa."))
        return redirect(request.path)
    if what == "danh-gia":
        with refusals_on(form) as answered:
            if form.is_valid():
                rate(form.cleaned_data)
                messages.success(request, _("Cảm ơn bạn đã đánh giá. Người giúp không biết ai đã chọn mức nào."))
                return redirect(request.path)
        answered_status = answered.status
    elif request.method == "POST":
        raise nothing_pressed()
    rating = getattr(found, "rating", None)
    context = {
        "one": found,
        "form": form,
        "state": queries.state_words(found, now),
        "runs": found.runs(now),
        "waits": found.state == Consent.State.WAITING and not found.is_over(now),
        "rating": rating,
        "may_rate": rating is None and found.opened_at is not None and found.is_over(now),
    }
    return render(request, "assistance/one.html", context, status=answered_status)
