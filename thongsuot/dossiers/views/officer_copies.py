"""Electronic certified copies: of one dossier, and the certification register of a unit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.dossiers import actions
from thongsuot.dossiers.actions.copying import PROCEDURE, offered_by
from thongsuot.dossiers.forms import papers as forms
from thongsuot.dossiers.models import CertifiedCopy, Status
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.queries.worklist import units_of
from thongsuot.dossiers.views.looking import note_look
from thongsuot.dossiers.views.officer import asked_unit, desk_actor, unit_choices
from thongsuot.files.actions import store
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units
from thongsuot.web.forms import Form, refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import number_of, pressed

State = CertifiedCopy.State


@require_http_methods(["GET", "POST"])
def copies(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The copies of a dossier; POST adds one that was compared with its original."""
    actor, now = desk_actor(request), clock.now()
    dossier = cases.access_dossier(dossier_id, actor=actor)
    note_look(dossier, actor=actor, at=now)
    form = forms.CopyForm(request.POST, request.FILES) if request.method == "POST" else forms.CopyForm()
    if form.is_valid():
        said = dict(form.cleaned_data)
        file = said.pop("file")
        with refusals_on(form):
            with transaction.atomic():  # a file that came to nothing is not kept
                stored = store(file, name=file.name, purpose="dossiers.copy", actor=actor, at=now)
                actions.compare_copy(dossier.pk, file_id=stored.pk, **said, actor=actor, at=now)
            messages.success(request, _("Đã ghi bản sao đã đối chiếu. Người ký duyệt, rồi văn thư đóng dấu số."))
            return redirect("dossiers:case_copies", dossier.pk)
    unit_id, today = dossier.resolving_unit_id, timezone.localdate(now)
    return render(
        request,
        "dossiers/officer/copies.html",
        {
            "dossier": dossier,
            "form": form,
            "copies": CertifiedCopy.objects.filter(dossier=dossier).order_by("pk"),
            "offered": bool(offered_by([unit_id], on=today)),
            "may_add": procedures.version(dossier.version_id).code == PROCEDURE
            and dossier.status in (Status.RECEIVED, Status.PROCESSING)
            and any(actor.may(duty, unit_id=unit_id) for duty in ("process dossiers", "receive dossiers")),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, dossier_id: int, copy_id: int) -> HttpResponse:
    """One copy and what this officer can do with it now."""
    actor, now = desk_actor(request), clock.now()
    dossier = cases.access_dossier(dossier_id, actor=actor)
    one = must_exist(CertifiedCopy.objects.select_related("scan", "file").filter(pk=copy_id, dossier=dossier).first())
    note_look(dossier, actor=actor, at=now)
    word = pressed(request)
    offered = {
        key: (kind(request.POST if key == word else None, prefix=key) if kind else None) for key, kind in _todo(one, actor)
    }
    wrong: Form | None = None
    if request.method == "POST":
        if word not in offered:
            messages.warning(request, _("Việc này không còn làm được ở bước hiện tại. Hãy xem việc cần làm bên dưới."))
            return redirect("dossiers:case_copy", dossier.pk, one.pk)
        wrong = offered[word]
        if wrong is None or wrong.is_valid():
            with refusals_on(wrong):
                _run(word, one, wrong.cleaned_data if wrong else {}, {"actor": actor, "at": now})
                messages.success(request, str(_DONE[word]))
                return redirect("dossiers:case_copy", dossier.pk, one.pk)
    return render(
        request,
        "dossiers/officer/copy.html",
        {
            "dossier": dossier,
            "copy": one,
            "offered": [(key, form, _BUTTONS[key], key == "bo") for key, form in offered.items()],
            "form": wrong,
        },
        status=422 if wrong is not None and wrong.errors else 200,
    )


_BUTTONS = {
    "duyet": gettext_lazy("Duyệt bản sao"),
    "chung-thuc": gettext_lazy("Vào sổ, đóng dấu số"),
    "bo": gettext_lazy("Bỏ bản sao này"),
}
_DONE = {
    "duyet": gettext_lazy("Đã duyệt."),
    "chung-thuc": gettext_lazy("Đã chứng thực, bản sao đã vào kho của chủ hồ sơ."),
    "bo": gettext_lazy("Đã bỏ."),
}


def _todo(one: CertifiedCopy, actor: Actor) -> list[tuple[str, type[Form] | None]]:
    found: list[tuple[str, type[Form] | None]] = []
    if one.state == State.COMPARED and actor.may("sign results", unit_id=one.unit_id):
        found.append(("duyet", None))
    if one.state in (State.APPROVED, State.NUMBERED) and actor.may("issue results", unit_id=one.unit_id):
        found.append(("chung-thuc", forms.NeededPinForm))
    if one.state in (State.COMPARED, State.APPROVED, State.NUMBERED) and any(
        actor.may(duty, unit_id=one.unit_id) for duty in ("process dossiers", "issue results")
    ):
        found.append(("bo", forms.ReasonForm))
    return found


def _run(word: str, one: CertifiedCopy, said: dict[str, Any], command: dict[str, Any]) -> object:
    match word:
        case "duyet":
            return actions.approve_copy(one.pk, **command)
        case "chung-thuc":
            return actions.certify_copy(one.pk, pin=said["pin"], **command)
    return actions.drop_copy(one.pk, reason=said["reason"], **command)


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The certification register of electronic copies of a unit and year, cancelled numbers among them."""
    mine = units_of(desk_actor(request))
    choices = unit_choices(mine)
    unit_id = asked_unit(request, choices) or (choices[0][0] if choices else next(iter(mine)))
    actor, today = desk_actor(request), clock.today()
    typed = request.GET.get("nam", "")
    years = list(range(today.year, 2024, -1))
    year = int(typed) if typed in {str(one) for one in years} else today.year
    found = CertifiedCopy.objects.filter(unit_id=unit_id, numbered_on__year=year).exclude(number="").select_related("dossier")
    page = page_of(request, count=found.count())
    rows = list(found.order_by("-numbered_on", "-pk")[page.slice])
    return render(
        request,
        "dossiers/officer/copy_register.html",
        {
            "rows": rows,
            "page": page,
            "unit_id": unit_id,
            "unit": units.unit_row(unit_id, as_of=today).full_name,
            "units": choices,
            "year": year,
            "years": [(one, one) for one in years],
            "offered": bool(offered_by([unit_id], on=today)),
            "may_offer": actor.may("sign results", unit_id=unit_id),
        },
    )


@require_POST
def offer(request: HttpRequest) -> HttpResponse:
    """The unit's leader starts or ends the service."""
    actor = desk_actor(request)
    if not (unit_id := number_of(request.POST.get("don_vi", ""))):
        raise BadInput({"don_vi": _("Hãy chọn đơn vị.")})
    wanted = request.POST.get("cung_cap") == "1"
    actions.offer_copies(unit_id, offered=wanted, actor=actor, at=clock.now())
    messages.success(
        request, _("Đơn vị cung cấp bản sao điện tử từ hôm nay.") if wanted else _("Đơn vị thôi cung cấp bản sao điện tử.")
    )
    return redirect("dossiers:copies")
