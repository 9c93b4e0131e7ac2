"""Filing online, from the choice of a procedure to the submission. The parts of a draft: citizen_parts.py."""

from __future__ import annotations

from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.dossiers import actions, rules, words
from thongsuot.dossiers.actions.errors import ChannelNotOffered, DraftNotFound
from thongsuot.dossiers.actions.helping import is_helping
from thongsuot.dossiers.forms.drafts import ResumeForm, SubmitForm
from thongsuot.dossiers.models import Channel, Dossier, Draft
from thongsuot.dossiers.queries.drafts import DraftPage, State, draft_page, drafts_of
from thongsuot.dossiers.queries.settings import setting
from thongsuot.dossiers.views import proof
from thongsuot.dossiers.views.citizen import draft_context
from thongsuot.dossiers.views.citizen_place import places, remember
from thongsuot.kernel import clock
from thongsuot.kernel.text import one_line
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.forms import group_schema
from thongsuot.procedures.words import limit_words
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.private import View, private
from thongsuot.web.request import actor_of

MOST_SHOWN = 20


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What do you want to file? By words; and the way back to a draft."""
    now = clock.now()
    asked = one_line(request.GET.get("q", ""))[:200]
    found = procedures.catalogue(asked, on=timezone.localdate(now)) if asked else None
    person_id = actor_of(request).person_id
    return render(
        request,
        "dossiers/citizen/index.html",
        {
            "asked": asked,
            "found": found,
            "limit_words": limit_words,
            "draft_days": setting("draft_days", on=timezone.localdate(now)),
            "rows": [(row, Channel.ONLINE in row.channels) for row in found.rows[:MOST_SHOWN]] if found else [],
            "drafts": drafts_of(person_id, now=now) if person_id is not None else [],
        },
    )


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, procedure_code: str) -> HttpResponse:
    """What is needed, and where to file. The button starts a draft."""
    now = clock.now()
    on = timezone.localdate(now)
    version = procedures.version_in_force(procedure_code, on=on)
    where = places(request, version, on=on)
    if Channel.ONLINE not in version.channels:
        if request.method == "POST":
            raise ChannelNotOffered
        return render(request, "dossiers/citizen/not_online.html", {"version": version, "where": where})
    form = where.form(request.POST) if request.method == "POST" else where.form(chosen=where.remembered(request))
    if request.method == "POST" and form.is_valid():
        unit_code = form.cleaned_data["unit"]
        begun = actions.start_draft(version.code, unit_id=where.id_of(unit_code), actor=actor_of(request), at=now)
        response = redirect("dossiers:draft", begun.code)
        remember(response, unit_code)
        return response
    person_id = actor_of(request).person_id
    return render(
        request,
        "dossiers/citizen/start.html",
        {
            "version": version,
            "where": where,
            "form": form,
            "limit": _limit(version, on=on),
            "draft_days": setting("draft_days", on=on),
            "needed": [paper for paper in version.papers if paper.is_needed],
            "sometimes": [paper for paper in version.papers if paper.kind == "submit" and not paper.required],
            "shown": [paper for paper in version.papers if paper.kind == "show"],
            "drafts": drafts_of(person_id, now=now, procedure_code=version.code) if person_id is not None else [],
        },
        status=422 if form.errors else 200,
    )


def _limit(version: procedures.VersionView, *, on: date) -> str:
    cut_off = units.working_calendar(units.default_city(as_of=on).id, on=on).cut_off
    return words.limit_sentence(version.limit, cut_off=cut_off)


@private
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Open a draft again by its code; a submission code leads to where the dossier stands."""
    form = ResumeForm(request.POST) if request.method == "POST" else ResumeForm()
    if request.method == "POST" and form.is_valid():
        code = rules.typed_code(form.cleaned_data["code"])
        if rules.SUBMISSION_CODE.fullmatch(code) or rules.CODE.fullmatch(code):
            return redirect("dossiers:tracked", code)
        try:
            draft = actions.open_draft(code, actor=actor_of(request), at=clock.now())
        except DraftNotFound as refusal:
            form.add_error("code", refusal.message())
        else:
            return redirect("dossiers:draft", draft.code)
    return render(request, "dossiers/citizen/resume.html", {"form": form}, status=422 if form.errors else 200)


def of_row(view: View) -> View:
    """Gives the view the row of its draft, or says that there is none and how to go on."""

    @wraps(view)
    def answer(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, actions.open_draft(code, actor=actor_of(request), at=clock.now()), **kwargs)
        except DraftNotFound as refusal:
            context = {"refusal": refusal, "resume": ResumeForm(), "procedure_code": refusal.details().get("procedure")}
            return render(request, "dossiers/citizen/draft_gone.html", context, status=refusal.status)

    return private(answer)


def of_draft(view: View) -> View:
    """Gives the view its draft. One that was submitted, here or in another window, leads to its confirmation."""

    @wraps(view)
    def answer(request: HttpRequest, row: Draft, **kwargs: Any) -> HttpResponseBase:
        if row.submitted_as_id is not None:
            return redirect("dossiers:submitted", row.code)
        return view(request, draft_page(row, now=clock.now(), reader=actor_of(request).person_id), **kwargs)

    return of_row(answer)


@require_GET
@of_draft
def draft(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """All parts and how far each is."""
    following = next((part for part in page.parts if part.state is not State.DONE), None)
    return render(request, "dossiers/citizen/draft.html", draft_context(page, following=following))


@require_GET
@of_draft
def later(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Kept: the code and how to come back."""
    return render(request, "dossiers/citizen/later.html", draft_context(page))


@require_http_methods(["GET", "POST"])
@of_draft
def check(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Everything once more, each with its way to change it; what it costs; then the submission."""
    now = clock.now()
    form = SubmitForm(request.POST) if request.method == "POST" else SubmitForm()
    with refusals_on(form) as answered:
        if form.is_valid() and page.is_ready:
            shown = form.cleaned_data["version"] or page.version.id
            dossier = actions.submit_draft(page.draft.code, version_id=shown, actor=actor_of(request), at=now)
            given = page.draft.given_help
            if given is not None and is_helping(given, actor_of(request).person_id):
                return redirect(given.back)  # of the dossier a helper learns no more
            proof.remember(request, dossier.pk, now)
            return redirect("dossiers:submitted", page.draft.code)
    schema = page.version.form_schema
    filled = {
        part.key: words.form_words(group_schema(schema, part.key), page.draft.answers)
        for part in page.parts
        if part.page == "to-khai"
    }
    return render(
        request,
        "dossiers/citizen/check.html",
        draft_context(
            page,
            form=form,
            filled=filled,
            unready=[part for part in page.parts if part.problems],
            return_words=dict(Dossier.Return.choices).get(page.draft.contact.get("return_by", ""), ""),
            size_words=words.size_words,
            fee_total=sum(fee.amount_dong for fee in page.fees) if page.fees is not None else None,
        ),
        status=answered.status if form.is_bound else 200,
    )


@require_GET
@of_row
def submitted(request: HttpRequest, row: Draft) -> HttpResponse:
    """It is handed in: the submission code, what happens next and by when."""
    dossier = row.submitted_as
    if dossier is None:
        return redirect("dossiers:draft", row.code)
    on = clock.today()
    version = procedures.version(dossier.version_id)
    return render(
        request,
        "dossiers/citizen/submitted.html",
        {
            "dossier": dossier,
            "version": version,
            "limit": _limit(version, on=on),
            "unit": units.unit_row(dossier.receiving_unit_id, as_of=on),
            "pays": dossier.fees.filter(amount_dong__gt=0, paid_at=None).exists(),
            "shown": [paper for paper in version.papers if paper.kind == "show"],
            "has_slip": dossier.received_at is None and proof.is_owner(request, dossier),
        },
    )
