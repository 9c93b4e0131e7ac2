"""Filing online, from the choice of a procedure to the submission. The parts of a draft: citizen_parts.py."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.dossiers import actions, rules, words
from thongsuot.dossiers.actions.errors import ChannelNotOffered, DraftNotFound
from thongsuot.dossiers.forms.filing import ResumeForm, SubmitForm
from thongsuot.dossiers.models import Channel, Dossier
from thongsuot.dossiers.queries import filing
from thongsuot.dossiers.queries.filing import DraftPage, State
from thongsuot.dossiers.views import proof
from thongsuot.dossiers.views.citizen import View, draft_context, private
from thongsuot.dossiers.views.citizen_place import places, remember
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotYourDuty, TellPerson
from thongsuot.kernel.text import one_line
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.words import limit_words
from thongsuot.units import queries as units
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
            "rows": [(row, Channel.ONLINE in row.channels) for row in found.rows[:MOST_SHOWN]] if found else [],
            "drafts": filing.drafts_of(person_id, now=now) if person_id is not None else [],
        },
    )


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, procedure_code: str) -> HttpResponse:
    """What is needed, and where to file. The button starts a draft."""
    now = clock.now()
    on = timezone.localdate(now)
    version = procedures.version_in_force(procedure_code, on=on)
    if Channel.ONLINE not in version.channels:
        if request.method == "POST":
            raise ChannelNotOffered
        where = places(request, version, on=on)
        return render(request, "dossiers/citizen/not_online.html", {"version": version, "where": where})
    where = places(request, version, on=on)
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
            "limit": words.limit_words(version.limit),
            "needed": [paper for paper in version.papers if paper.kind == "submit" and paper.required],
            "sometimes": [paper for paper in version.papers if paper.kind == "submit" and not paper.required],
            "shown": [paper for paper in version.papers if paper.kind == "show"],
            "drafts": filing.drafts_of(person_id, now=now, procedure_code=version.code) if person_id is not None else [],
        },
        status=422 if form.errors else 200,
    )


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
            draft = actions.open_draft(code, at=clock.now())
        except DraftNotFound as refusal:
            form.add_error("code", refusal.message())
        else:
            return redirect("dossiers:draft", draft.code)
    return render(request, "dossiers/citizen/resume.html", {"form": form}, status=422 if form.errors else 200)


def of_draft(view: View) -> View:
    """Gives the view its draft. One that was submitted, here or in another window, leads to its confirmation."""

    @wraps(view)
    def answer(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponseBase:
        now = clock.now()
        try:
            draft = actions.open_draft(code, at=now)
            if draft.submitted_as_id is not None:
                return redirect("dossiers:submitted", draft.code)
            return view(request, filing.draft_page(draft, now=now), **kwargs)
        except DraftNotFound as refusal:
            return _gone(request, refusal)

    return private(answer)


def _gone(request: HttpRequest, refusal: DraftNotFound) -> HttpResponse:
    context = {"refusal": refusal, "resume": ResumeForm(), "procedure_code": refusal.details().get("procedure")}
    return render(request, "dossiers/citizen/draft_gone.html", context, status=refusal.status)


@require_GET
@of_draft
def draft(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """All parts and how far each is."""
    following = next((part for part in page.parts if part.state is not State.DONE), None)
    return render(request, "dossiers/citizen/draft.html", draft_context(page.draft.code, page=page, following=following))


@require_GET
@of_draft
def later(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Kept: the code and how to come back."""
    return render(request, "dossiers/citizen/later.html", draft_context(page.draft.code, page=page))


@require_http_methods(["GET", "POST"])
@of_draft
def check(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Everything once more, each with its way to change it; what it costs; then the submission."""
    now = clock.now()
    form = SubmitForm(request.POST) if request.method == "POST" else SubmitForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and page.is_ready:
            try:
                shown = form.cleaned_data["version"] or page.version.id
                dossier = actions.submit_draft(page.draft.code, version_id=shown, actor=actor_of(request), at=now)
            except (NotYourDuty, DraftNotFound):
                raise
            except TellPerson as refusal:
                form.add_error(None, refusal.message())
                status = refusal.status
            else:
                proof.remember(request, dossier.pk, now)
                return redirect("dossiers:submitted", page.draft.code)
    schema = page.version.form_schema
    filled = {
        part.key: words.form_words(filing.group_schema(schema, part.key), page.answers)
        for part in page.parts
        if part.page == "to-khai"
    }
    return render(
        request,
        "dossiers/citizen/check.html",
        draft_context(
            page.draft.code,
            page=page,
            form=form,
            filled=filled,
            unready=[part for part in page.parts if part.problems],
            return_words=dict(Dossier.Return.choices).get(page.contact.get("return_by", ""), ""),
            size_words=words.size_words,
            fee_total=sum(fee.amount_dong for fee in page.fees) if page.fees is not None else None,
        ),
        status=status,
    )


@private
@require_GET
def submitted(request: HttpRequest, code: str) -> HttpResponse:
    """It is handed in: the submission code, what happens next and by when."""
    now = clock.now()
    try:
        opened = actions.open_draft(code, at=now)
    except DraftNotFound as refusal:
        return _gone(request, refusal)
    if opened.submitted_as_id is None:
        return redirect("dossiers:draft", opened.code)
    dossier = Dossier.objects.get(pk=opened.submitted_as_id)
    version = procedures.version(dossier.version_id)
    return render(
        request,
        "dossiers/citizen/submitted.html",
        {
            "dossier": dossier,
            "version": version,
            "limit": words.limit_words(version.limit),
            "unit": units.unit_row(dossier.receiving_unit_id, as_of=timezone.localdate(now)),
            "pays": dossier.fees.filter(amount_dong__gt=0, paid_at=None).exists(),
            "shown": [paper for paper in version.papers if paper.kind == "show"],
            "has_slip": dossier.received_at is None and proof.is_owner(request, dossier),
        },
    )
