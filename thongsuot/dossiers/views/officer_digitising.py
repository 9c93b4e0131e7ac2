"""Digitising at the desk: what is to be scanned, looked over by a second person, signed."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.dossiers import actions, scanning
from thongsuot.dossiers.forms.papers import CheckForm, NeededPinForm, ScanForm
from thongsuot.dossiers.models import Component, Digitisation
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.queries import digitising as queues
from thongsuot.dossiers.queries.settings import setting
from thongsuot.dossiers.views.looking import note_look
from thongsuot.files.actions import store
from thongsuot.files.attributes import Attributes
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotYourDuty, TellPerson, must_exist
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import A_PAGE, page_of
from thongsuot.web.request import actor_with, numbers_of, pressed


@require_GET
def digitising(request: HttpRequest) -> HttpResponse:
    """Three lists of the desk: to check, to scan, to sign."""
    actor = actor_with(request, "receive dossiers")
    unit_ids = actor.units_for("receive dossiers")
    counts = queues.counts(unit_ids)
    which = request.GET.get("hang", "")
    if which not in queues.QUEUES:
        which = next((one for one in queues.QUEUES if counts[one]), queues.QUEUES[0])
    page = page_of(request, count=counts[which])
    here = reverse("dossiers:digitising")
    labels = {"kiem-tra": _("Chờ kiểm tra"), "quet": _("Chờ quét"), "ky": _("Chờ ký số")}
    return render(
        request,
        "dossiers/officer/digitising.html",
        {
            "which": which,
            "label": labels[which],
            "page": page,
            "rows": queues.rows(which, unit_ids, limit=page.size, offset=page.first),
            "me": actor.person_id,
            "tabs": [
                {"href": f"{here}?hang={one}", "text": labels[one], "count": counts[one], "current": one == which}
                for one in queues.QUEUES
            ],
            "form": NeededPinForm(),
        },
    )


@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, component_id: int) -> HttpResponse:
    """Scan one paper, or scan it again."""
    actor, now = actor_with(request, "receive dossiers"), clock.now()
    component = must_exist(Component.objects.select_related("dossier").filter(pk=component_id).first())
    dossier = cases.access_dossier(component.dossier_id, actor=actor)
    note_look(dossier, actor=actor, at=now)
    form = ScanForm(request.POST, request.FILES) if request.method == "POST" else ScanForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on(form):
            with transaction.atomic():  # a file that came to nothing is not kept
                stored = store(file, name=file.name, purpose="dossiers.paper", actor=actor, at=now)
                actions.scan_component(component.pk, file_id=stored.pk, pages=form.cleaned_data["pages"], actor=actor, at=now)
            messages.success(request, _("Đã nhận bản quét."))
            return redirect("dossiers:case", dossier.pk)
    before = Digitisation.objects.filter(component=component).order_by("-pk").first()
    return render(
        request,
        "dossiers/officer/scan.html",
        {
            "component": component,
            "dossier": dossier,
            "form": form,
            "rejected": before if before is not None and before.state == Digitisation.State.REJECTED else None,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, scan_id: int) -> HttpResponse:
    """A second person looks a scan over."""
    actor, now = actor_with(request, "receive dossiers"), clock.now()
    found = must_exist(Digitisation.objects.select_related("component__dossier", "file").filter(pk=scan_id).first())
    dossier = cases.access_dossier(found.component.dossier_id, actor=actor)
    note_look(dossier, actor=actor, at=now)
    form = CheckForm(request.POST) if request.method == "POST" else CheckForm()
    if form.is_valid():
        accept = pressed(request) == "dat"
        with refusals_on(form):
            actions.check_scan(found.pk, accept=accept, reason=form.cleaned_data["reason"], actor=actor, at=now)
            messages.success(request, _("Bản quét đạt, đã vào kho.") if accept else _("Đã trả để quét lại."))
            following = queues.next_to_check(actor.units_for("receive dossiers"), not_by=actor.person_id)
            return redirect("dossiers:check_scan", following) if following else redirect("dossiers:digitising")
    known = Attributes(pages=found.images, dpi=found.dpi, in_colour=found.in_colour, pdf_version=found.pdf_version)
    return render(
        request,
        "dossiers/officer/check_scan.html",
        {
            "scan": found,
            "component": found.component,
            "dossier": dossier,
            "form": form,
            "faults": scanning.problems_of(
                known, pages=found.pages, least_dpi=setting("scan_min_dpi", on=timezone.localdate(now))
            ),
            "is_mine": found.scanned_by_id is not None and found.scanned_by_id == actor.person_id,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """The officer's digital signature on the chosen scans, with one PIN."""
    actor = actor_with(request, "receive dossiers")
    form = NeededPinForm(request.POST)
    chosen = numbers_of(request.POST.getlist("chon"), most=A_PAGE)
    back = redirect(f"{reverse('dossiers:digitising')}?hang=ky")
    if not chosen:
        messages.warning(request, _("Chưa chọn bản quét nào. Hãy chọn rồi ký."))
        return back
    if not form.is_valid():
        messages.warning(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
        return back
    try:
        done = actions.sign_scans(chosen, pin=form.cleaned_data["pin"], actor=actor, at=clock.now())
    except NotYourDuty:
        raise
    except TellPerson as refusal:
        messages.error(request, refusal.message())
        return back
    _tell(request, done)
    return back


def _tell(request: HttpRequest, done: Sequence[actions.SignedScan]) -> None:
    good = sum(one.done for one in done)
    if good:
        messages.success(request, ngettext("Đã ký %(num)s bản quét.", "Đã ký %(num)s bản quét.", good) % {"num": good})
    for one in done:
        if not one.done:
            messages.warning(request, f"{one.name}: {one.message}")
