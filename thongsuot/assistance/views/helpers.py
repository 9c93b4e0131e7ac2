"""Who helps: a code becomes a session, and what they did stays in their log."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.assistance import actions, sheets
from thongsuot.assistance.actions import errors
from thongsuot.assistance.forms import CodeForm, WithoutAccountForm
from thongsuot.assistance.models import Consent, Helper
from thongsuot.assistance.queries import consents as queries
from thongsuot.assistance.queries.naming import procedure_named
from thongsuot.assistance.queries.shifts import own_shifts
from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import workbook
from thongsuot.kernel import clock
from thongsuot.web import qr
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.private import private
from thongsuot.web.request import actor_of, must_be_somebody, nothing_pressed, pressed


@private
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """What a helper is registered as, what runs, and the field for a code. Whoever is no helper reads how to become one."""
    person_id, now = must_be_somebody(request), clock.now()
    day = timezone.localdate(now)
    entries, filing = queries.helpers_of(person_id, on=day), queries.filing_helpers(person_id, on=day)
    form = CodeForm(filing, request.POST or None)
    status = 200
    if request.method == "POST" and filing:
        with refusals_on(form, beside="code") as answered:
            if form.is_valid():
                said = form.cleaned_data
                opened = actions.open_with_code(said["tu_cach"], said["code"], actor=actor_of(request), at=now)
                return redirect("assistance:session", opened.pk)
        status = answered.status
    sums = queries.sums_of_helpers([one.pk for one in entries])
    context = {
        "entries": [(one, sums.get(one.pk, queries.NO_SUM), one in filing) for one in entries],
        "form": form if filing else None,
        "running": queries.running(person_id, now=now),
        "shifts": own_shifts(person_id, on=day) if entries else [],
        "has_log": any(one.kind != Helper.Kind.LAWYER for one in entries),
        "may_begin": any(one.may_submit for one in filing),
    }
    return render(request, "assistance/desk.html", context, status=status)


@private
@require_http_methods(["GET", "POST"])
def without_account(request: HttpRequest) -> HttpResponse:
    """For somebody who has no account: a code goes to their own address, or they signed a paper."""
    person_id, now = must_be_somebody(request), clock.now()
    filing = queries.filing_helpers(person_id, on=timezone.localdate(now))
    if not filing:
        return redirect("assistance:desk")
    filing = [one for one in filing if one.may_submit]
    if not filing:
        refusal = errors.CannotFileForThem()
        status = refusal.status if request.method == "POST" else 200
        return render(request, "assistance/without_account.html", {"form": None, "says": refusal.message()}, status=status)
    form = WithoutAccountForm(filing, request.POST or None, request.FILES or None, initial={"how": "code"})
    status = 200
    if request.method == "POST":
        with refusals_on(form) as answered:
            if form.is_valid():
                return _begun(request, form.cleaned_data)
        status = answered.status
    return render(request, "assistance/without_account.html", {"form": form}, status=status)


def _begun(request: HttpRequest, said: dict[str, Any]) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    code = procedure_named(said["procedure"], "procedure", on=timezone.localdate(now))
    if said["how"] == "paper":
        scan = said["scan"]
        name = scan.name if scan else ""
        opened = actions.take_paper(
            said["tu_cach"], scan, file_name=name, name=said["name"], procedure_code=code, actor=actor, at=now
        )
        return redirect("assistance:session", opened.pk)
    actions.ask_by_letter(
        said["tu_cach"],
        name=said["name"],
        email=said["email"],
        phone=said["phone"],
        procedure_code=code,
        actor=actor,
        at=now,
    )
    messages.success(request, _("Đang gửi mã cho người dân. Hãy nhờ họ đọc mã trong thư hoặc tin nhắn, rồi nhập ở đây."))
    return redirect("assistance:desk")


@private
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    """One consent while it runs: the way into the draft. Afterwards nothing but that it is over, and when."""
    found = queries.of_helper(session_id, person_id=must_be_somebody(request))
    now = clock.now()
    if request.method == "POST":
        if pressed(request) != "ket-thuc":
            raise nothing_pressed()
        actions.stop(found.pk, actor=actor_of(request), at=now)
        messages.success(request, _("Đã kết thúc phiên nộp giúp."))
        return redirect("assistance:desk")
    context = {
        "one": found,
        "has_slip": found.how == Consent.How.PAPER,
        "runs": found.runs(now),
        "state": queries.state_words(found, now),
        "ended_at": found.ended_at or (found.open_until if not found.is_filed else None),
        "filed_on": _filed_on(found),
    }
    return render(request, "assistance/session.html", context)


@private
@require_GET
def slip(request: HttpRequest, session_id: int) -> HttpResponse:
    """To print for who signed on paper: the link by which they stop the help and rate it, as others find it in their letter."""
    found = queries.on_paper(session_id, person_id=must_be_somebody(request), now=clock.now())
    address = settings.PUBLIC_URL.rstrip("/") + reverse("assistance:by_secret", args=[found.secret])
    context = {"one": found, "address": address, "picture": qr.picture(address)}
    return render(request, "assistance/slip.html", context)


def _filed_on(found: Consent) -> Any:
    if found.is_filed and found.draft is not None and found.draft.submitted_as is not None:
        return found.draft.submitted_as.submitted_at
    return found.ended_at if found.is_filed else None


@private
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    must_be_somebody(request)
    now = clock.now()
    rows = queries.log_of(actor_of(request), on=timezone.localdate(now))
    page = page_of(request, count=rows.count())
    context = {"page": page, "rows": list(queries.log_rows(rows, now=now, first=page.first, most=page.size))}
    return render(request, "assistance/log.html", context)


@private
@require_GET
def log_sheet(request: HttpRequest) -> HttpResponseBase:
    must_be_somebody(request)
    now = clock.now()
    return log_file(queries.log_of(actor_of(request), on=timezone.localdate(now)), now)


def log_file(found: Any, now: Any) -> HttpResponseBase:
    lines = (
        (row.number, row.helper, row.of, row.procedure, row.how, row.made_at, row.opened_at, row.ended_at, row.state)
        for row in queries.log_rows(found, now=now)
    )
    made = workbook([(_("Nhật ký nộp giúp"), sheets.log_heads(), lines)])
    return file_answer(made, "nhat-ky-nop-giup.xlsx", FileType.XLSX)
