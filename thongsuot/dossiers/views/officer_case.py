"""One dossier as its officers see it: deadline, next actions, steps, papers, history, fees, its owner's numbers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.dossiers import actions, documents, panels, words
from thongsuot.dossiers.actions.copying import PROCEDURE
from thongsuot.dossiers.actions.digitising import must_be_open_to_officers
from thongsuot.dossiers.actions.legs import name_of
from thongsuot.dossiers.desk_words import step_words
from thongsuot.dossiers.forms.officer import UncoverForm
from thongsuot.dossiers.models import Component, FeeDue
from thongsuot.dossiers.owing import DossierFees
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.queries import signing
from thongsuot.dossiers.queries.case_papers import belongs, changes_of, papers_of_case
from thongsuot.dossiers.queries.given import papers_given
from thongsuot.dossiers.queries.look_ups import looks_at
from thongsuot.dossiers.views.looking import note_look
from thongsuot.dossiers.views.officer import desk_actor
from thongsuot.files.views import serve
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.payments.queries.paying import lines_of as paid_lines
from thongsuot.people.actions import log_look_up
from thongsuot.procedures.picture import picture_of
from thongsuot.procedures.words import limit_words
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on

# Keys that press an action on the page of a dossier; the main one of the moment has T.
KEYS = {"hoi-y-kien": "H", "doi-nguoi": "C", "bo-sung": "B", "du-thao": "D", "tra-lai": "L", "hen-lai": "X"}


@require_GET
def case(request: HttpRequest, dossier_id: int) -> HttpResponse:
    actor, now = desk_actor(request), clock.now()
    dossier = cases.access_dossier(dossier_id, actor=actor)
    note_look(dossier, actor=actor, at=now)
    page = cases.case_page(dossier, now=now)
    calendar = units.working_calendar(dossier.resolving_unit_id, on=timezone.localdate(now))
    how = signing.signed_how(page.result)
    return render(
        request,
        "dossiers/officer/case.html",
        {
            "page": page,
            "signed_how": how.sentence,
            "proof_code": how.code,
            "panels": panels.panels_of(dossier, actor=actor, now=now),
            "dossier": dossier,
            "due": due_of_case(page),
            "actions": cases.next_actions(page, actor=actor),
            "keys": KEYS,
            "steps": [(run, step_words(run, calendar=calendar, now=now, paused_at=dossier.paused_at)) for run in page.runs],
            "authority": words.authority_words(cases.authority_of(dossier)),
            "working_hours": words.working_hours,
            "legs": [(leg, name_of(leg, on=timezone.localdate(now))) for leg in page.legs],
            "history": [words.history_words(row) for row in reversed(page.history)],
            "printables": documents.printables(dossier),
            "answers": words.form_words(page.version.form_schema, dossier.form),
            "looks": looks_at(dossier, limit=20),
            "at_desk": actor.may("receive dossiers", unit_id=dossier.receiving_unit_id),
            "paid": paid_lines(DossierFees.subject, [fee.pk for fee in page.fees]) if page.fees else {},
            "just_received": "moi" in request.GET,
            "limit": limit_words(page.version.limit),
            "extension": words.extension_words(page.extension.facts) if page.extension else "",
            "process": picture_of(page.version, page.step_states),
            "how_labels": dict(Component.How.choices),
            "papers": papers_of_case(page),
            "has_copies": page.version.code == PROCEDURE,
            "result_changes": changes_of(page.result),
            "given": [one for one in papers_given(page.result) if one.copy_id is not None] if page.result else [],
        },
    )


def due_of_case(page: cases.CasePage) -> Any:
    dossier = page.dossier
    if page.due is None:
        return None
    return words.due_words(page.due, status=dossier.status, paused_at=dossier.paused_at, promised_at=dossier.promised_at)


@require_http_methods(["GET", "POST"])
def uncover(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """ID number, telephone and mail in full, for a reason that the owner will read. Shown once: the next look asks again."""
    actor, now = desk_actor(request), clock.now()
    dossier = cases.access_dossier(dossier_id, actor=actor)
    form = UncoverForm(request.POST or None)
    shown = False
    if form.is_valid():
        with refusals_on(form):
            log_look_up(
                dossier,
                fields=["id_number", "phone", "email"],
                reason=form.cleaned_data["reason"],
                about_id=dossier.account_id,
                actor=actor,
                at=now,
            )
            shown = True
    return render(
        request,
        "dossiers/officer/uncover.html",
        {"dossier": dossier, "form": form, "shown": shown},
        status=422 if form.errors else 200,
    )


@require_GET
def paper(request: HttpRequest, dossier_id: int, file_id: int) -> HttpResponseBase:
    """A paper or the result, as a download, to the officers of the dossier's units alone."""
    actor = desk_actor(request)
    dossier = cases.access_dossier(dossier_id, actor=actor)
    if not belongs(dossier.pk, file_id):
        raise NotFound
    must_be_open_to_officers(dossier, file_id)
    note_look(dossier, actor=actor, at=clock.now())
    return serve(file_id)


@require_POST
def collect(request: HttpRequest, dossier_id: int, fee_id: int) -> HttpResponse:
    """Cash taken at the counter: one fee, one receipt number."""
    actor = desk_actor(request)
    dossier = cases.access_dossier(dossier_id, actor=actor)
    if not FeeDue.objects.filter(pk=fee_id, dossier=dossier).exists():
        raise NotFound
    fee = actions.collect_fee(fee_id, actor=actor, at=clock.now())
    messages.success(request, _("Đã thu, biên lai số %(receipt)s.") % {"receipt": fee.receipt_number})
    return redirect("dossiers:case", dossier.pk)
