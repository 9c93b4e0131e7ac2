"""Into the owner's store from an open dossier of that owner, for a reason that the owner reads; every look is noted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.dossiers.actions.digitising import owner_account
from thongsuot.dossiers.forms.papers import LookForm
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.views.looking import ONE_LOOK
from thongsuot.dossiers.views.officer import desk_actor
from thongsuot.files.views import serve
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, TellPerson
from thongsuot.people.actions import log_look_up
from thongsuot.people.queries import looked_lately
from thongsuot.personal_store import queries as stored
from thongsuot.personal_store.actions import ConsentWithdrawn
from thongsuot.web.forms import refusals_on

MOST = 100


class DossierClosed(TellPerson):
    """The store of an owner is looked into only while a dossier of theirs is open."""

    code = "dossiers.store_closed"
    status = 403
    says = _("Hồ sơ đã kết thúc nên không xem kho giấy tờ của chủ hồ sơ được nữa. Hãy xem trong hồ sơ đang giải quyết.")


def _open_dossier(request: HttpRequest, dossier_id: int) -> tuple[Dossier, Actor]:
    actor = desk_actor(request)
    dossier = cases.access_dossier(dossier_id, actor=actor)
    if dossier.ended_at is not None:
        raise DossierClosed
    return dossier, actor


def _owner(dossier: Dossier) -> stored.Owner:
    return stored.Owner(id_number=dossier.owner_id_number, account_id=owner_account(dossier))


@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """GET asks for the reason; POST shows the list, once, and notes the look on every paper shown."""
    dossier, actor = _open_dossier(request, dossier_id)
    now = clock.now()
    form = LookForm(request.POST or None)
    rows = None
    if request.method == "POST" and form.is_valid():
        found = list(stored.papers_of_owner(_owner(dossier))[:MOST])
        reason = f"{dossier}: {form.cleaned_data['reason']}"[:300]
        with refusals_on(form):
            for paper in found:
                log_look_up(
                    paper, fields=["files"], reason=reason, about_id=dossier.account_id or paper.account_id, actor=actor, at=now
                )
            rows = stored.rows(found, on=timezone.localdate(now))
    return render(
        request,
        "dossiers/officer/store.html",
        {"dossier": dossier, "form": form, "rows": rows, "most": MOST},
        status=422 if form.errors else 200,
    )


@require_GET
def paper(request: HttpRequest, dossier_id: int, paper_id: int) -> HttpResponseBase:
    """A paper of the list, to whoever gave a reason within the hour; others are asked for it."""
    dossier, actor = _open_dossier(request, dossier_id)
    found = stored.papers_of_owner(_owner(dossier)).filter(pk=paper_id).first()
    if found is None:
        raise NotFound
    consent = stored.consent_of(paper_id, dossier.pk)
    if consent is not None and consent.withdrawn_at is not None:
        raise ConsentWithdrawn
    if not looked_lately(found, actor, now=clock.now(), within=ONE_LOOK):
        return redirect("dossiers:store", dossier.pk)
    return serve(found.file_id, download_name=f"{found.title[:80]} {found.code}")
