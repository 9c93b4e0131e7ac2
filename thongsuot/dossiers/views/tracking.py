"""Where is my dossier? The state for anyone with the code, the details for whoever proves that it is theirs."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from thongsuot.dossiers import documents, events, rules, words
from thongsuot.dossiers.forms.tracking import SecretForm, TrackForm
from thongsuot.dossiers.models import DECIDED, Component, Dossier, Rating, Status
from thongsuot.dossiers.owing import DossierFees
from thongsuot.dossiers.queries import steps, tracking
from thongsuot.dossiers.queries.case import CasePage, case_page
from thongsuot.dossiers.queries.case_papers import changes_of
from thongsuot.dossiers.queries.dates import due_of
from thongsuot.dossiers.queries.given import papers_given, why_not_withdrawn
from thongsuot.dossiers.queries.look_ups import looks_at
from thongsuot.dossiers.queries.tracking import Tracked
from thongsuot.dossiers.views import proof
from thongsuot.files.rules import FileType
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.text import instant
from thongsuot.payments.queries import paying as payments
from thongsuot.units import queries as units
from thongsuot.units.opening import openings
from thongsuot.web.forms import refusals_on
from thongsuot.web.private import View, private
from thongsuot.web.request import actor_of
from thongsuot.web.site import safe_next


@require_GET
def track(request: HttpRequest) -> HttpResponse:
    """One field for the code, however it is typed. `?ma=` comes from a QR on paper."""
    if "ma" not in request.GET:
        return render(request, "dossiers/citizen/track.html", {"form": TrackForm()})
    form = TrackForm(request.GET)
    if not form.is_valid():
        return render(request, "dossiers/citizen/track.html", {"form": form}, status=422)
    return redirect("dossiers:tracked", _in_address(rules.typed_code(form.cleaned_data["ma"])))


@private
@require_GET
def tracked(request: HttpRequest, code: str) -> HttpResponse:
    """The state, to anyone; everything else after the proof."""
    if (typed := _in_address(rules.typed_code(code))) != code:
        return redirect("dossiers:tracked", typed)
    if rules.DRAFT_CODE.fullmatch(code):
        return redirect("dossiers:draft", code)
    try:
        found = tracking.tracked(code)
    except NotFound:
        return _unknown(request, code)
    dossier = own_dossier(request, found)
    return _page(request, found, SecretForm()) if dossier is None else _details(request, found, dossier)


@private
@require_POST
def open_details(request: HttpRequest, code: str) -> HttpResponse:
    """The last four digits open the details for an hour; `next` leads on to the page that asked for them."""
    now = clock.now()
    try:
        found = tracking.tracked(code)
    except NotFound:
        return _unknown(request, code)
    form = SecretForm(request.POST)
    with refusals_on(form, beside="secret") as answered:
        if form.is_valid():
            tracking.prove_owner(found.id, form.cleaned_data["secret"], now=now)
            proof.remember(request, found.id, now)
            return redirect(safe_next(request, request.POST.get("next", "")) or reverse("dossiers:tracked", args=[found.code]))
    if request.POST.get("next"):
        return prove(request, found, form, status=answered.status)
    return _page(request, found, form, status=answered.status)


def own_dossier(request: HttpRequest, found: Tracked) -> Dossier | None:
    """The dossier, if whoever asks has proved that it is theirs. No query for a stranger."""
    if actor_of(request).person_id is None and not proof.owns(request, found.id):
        return None
    dossier = Dossier.objects.get(pk=found.id)
    return dossier if proof.is_owner(request, dossier) else None


def of_owner(view: View) -> View:
    """Gives the view its dossier after the proof; without it the four digits are asked, and lead back here."""

    @wraps(view)
    def answer(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponseBase:
        try:
            found = tracking.tracked(code)
        except NotFound:
            return _unknown(request, code)
        dossier = own_dossier(request, found)
        if dossier is None:
            return prove(request, found, SecretForm(), status=200 if request.method == "GET" else 403)
        return view(request, dossier, **kwargs)

    return private(answer)


def prove(request: HttpRequest, found: Tracked, form: SecretForm, *, status: int) -> HttpResponse:
    back = safe_next(request, request.POST.get("next", "")) or request.path
    return render(request, "dossiers/citizen/prove.html", {"found": found, "form": form, "back": back}, status=status)


def _unknown(request: HttpRequest, code: str) -> HttpResponse:
    form = TrackForm(initial={"ma": code[:200]})
    return render(request, "dossiers/citizen/track.html", {"form": form, "unknown": code[:60]}, status=404)


def _in_address(code: str) -> str:
    """A slash would make another address of it."""
    return code.replace("/", "") or "-"


def _page(request: HttpRequest, found: Tracked, form: SecretForm, *, status: int = 200) -> HttpResponse:
    return render(request, "dossiers/citizen/tracked.html", {**_state(found), "form": form, "page": None}, status=status)


def _state(found: Tracked) -> dict[str, Any]:
    """What anyone may see."""
    now = clock.now()
    day = timezone.localdate(now)
    due = due_of(found, found.version, now=now)
    receiving, resolving = found.receiving_unit_id, units.unit_row(found.resolving_unit_id, as_of=day)
    kept = None if resolving.exists_on(day) else units.keeper_of(resolving.id, on=day)
    desk = receiving if units.unit_row(receiving, as_of=day).exists_on(day) else units.keeper_of(receiving, on=day)
    points = units.points_of([desk], as_of=day).get(desk, [])
    return {
        "found": found,
        "tag": rules.TAGS[found.status],
        "procedure": found.version,
        "due": None
        if due is None
        else words.due_words(due, status=found.status, paused_at=found.paused_at, promised_at=found.promised_at, to_owner=True),
        "news": words.owner_news(found.status, late=due is not None and due.pace is rules.Pace.LATE),
        "resolving_unit": resolving.full_name,
        "responsible_unit": units.unit_row(kept, as_of=day).full_name if kept is not None else None,
        "receiving_unit": units.unit_row(receiving, as_of=day).full_name if receiving != found.resolving_unit_id else None,
        "points": points,
        "openings": openings(points, clock.now()) if points else {},
    }


def _details(request: HttpRequest, found: Tracked, dossier: Dossier) -> HttpResponse:
    now = clock.now()
    page = case_page(dossier, now=now, public_only=True)
    rating = Rating.objects.filter(dossier=dossier).first()
    issued = page.result if page.result is not None and page.result.issued_on is not None else None
    return render(
        request,
        "dossiers/citizen/tracked.html",
        {
            **_state(found),
            "page": page,
            "line": _line(page),
            "paid": payments.lines_of(DossierFees.subject, [fee.pk for fee in page.fees]) if page.fees else {},
            "pays_online": bool(page.fees_open) and payments.offered_in(dossier.resolving_unit_id),
            "look_ups": looks_at(dossier),
            "rating": rating,
            "result": issued,
            "given": [one for one in papers_given(issued) if one.copy_id is not None] if issued is not None else [],
            "changes": [(one, words.change_news(one.kind)) for one in changes_of(issued) if one.number],
            "may_print": issued is not None and issued.file is not None and issued.file.blob.content_type == FileType.PDF,
            "owed": _owed(page),
            "waiting": next((one for one in page.supplements if one.completed_at is None), None),
            "may_withdraw": rules.may_move(dossier.status, Status.WITHDRAWN) and not why_not_withdrawn(dossier, page.result),
            "may_rate": dossier.status in DECIDED and rating is None,
            "printables": documents.printables(dossier, for_owner=True),
            "papers": [(component, _how_words(component)) for component in page.components],
            "form_words": words.form_words(page.version.form_schema, dossier.form),
            "size_words": words.size_words,
            "filer": dossier.filer,
            "return_words": dossier.get_return_by_display(),
        },
    )


def _owed(page: CasePage) -> list[str]:
    """What the owner was asked to pay, while the clock waits for it."""
    if page.status != Status.PAYMENT_REQUESTED:
        return []
    asked = [row.facts for row in page.history if row.name == events.PAYMENT_REQUESTED.name]
    return [line for line in words.payment_words(asked[-1]) if line] if asked else []


def _how_words(component: Component) -> str:
    how = str(component.get_how_display())
    taken = getattr(component, "reused", None) if component.how == Component.How.REUSED else None
    if taken is not None:
        numbered = _("số %(number)s") % {"number": taken.number} if taken.number else taken.paper_code
        return f"{how}: {numbered}"
    return f"{how}: {component.reason}" if component.reason else how


def _line(page: CasePage) -> list[dict[str, Any]]:
    """What has happened, what runs now, what is to come: one line, oldest first."""
    lines: list[dict[str, Any]] = []
    for row in page.history:
        told = words.history_words(row, to_owner=True)
        lines.append({"state": told.state, "title": told.title, "lines": told.lines})
    dossier, today = page.dossier, clock.today()

    def doer(step_no: int) -> str:
        place = steps.place_of(
            dossier.version_id,
            step_no,
            receiving_unit_id=dossier.receiving_unit_id,
            resolving_unit_id=dossier.resolving_unit_id,
            on=today,
            step_unit_id=dossier.step_unit_id if step_no == dossier.step_no else None,
        )
        if place is None:
            return ""
        if place.step.agency:
            return units.unit_row(place.unit_id, as_of=today).full_name
        body = units.body(place.unit_id, place.step.body_kind, as_of=today)
        return body.name if body else ""

    running = page.open_run is not None and page.status in (Status.RECEIVED, Status.PROCESSING, Status.RESOLVED)
    if running and page.open_run is not None:
        since = _("Từ %(at)s.") % {"at": instant(page.open_run.started_at)}
        lines.append({"state": "now", "title": page.open_run.name, "lines": [f"{since} {doer(page.open_run.step_no)}".strip()]})
    for step_no in page.upcoming_places:
        step = page.version.steps[step_no]
        told_by = [doer(step_no)]
        if not step.counted and dossier.due_at is not None:
            told_by.insert(0, _("Chậm nhất %(at)s.") % {"at": instant(dossier.promised_at or dossier.due_at)})
        lines.append({"state": "next", "title": step.name, "lines": [" ".join(told_by).strip()] if any(told_by) else []})
    return lines
