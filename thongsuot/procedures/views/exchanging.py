"""E-processes as BPMN files: out, and in by way of a preview in which the reader says who does what."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput
from thongsuot.procedures import actions, bpmn, content, rules, words
from thongsuot.procedures.content import Step
from thongsuot.procedures.forms.process_form import BpmnForm, MappingForm
from thongsuot.procedures.picture import picture
from thongsuot.procedures.views.common import managed_city
from thongsuot.procedures.views.designing import Desk, desk_of
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import pressed

SALT = "procedures.bpmn"


@require_GET
def export(request: HttpRequest, code: str) -> HttpResponseBase:
    """The draft, or what is published, as a file other tools open. Other tools need a step to draw."""
    managed_city(request)
    desk = desk_of(code)
    steps = desk.steps or desk.base.steps
    written = bpmn.written(steps, desk.fields, code=code, name=desk.base.name)
    return file_answer(written, f"quy-trinh-{code}.bpmn", "application/xml; charset=utf-8")


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """A file read, shown, completed by who knows the offices, and only then put into the draft."""
    managed_city(request)
    desk = desk_of(code)
    if pressed(request) == "nhan":
        return _accept(request, desk)
    form = BpmnForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        with refusals_on(form, beside="file"):
            if sent.size > bpmn.MOST_BYTES:
                raise bpmn.BpmnNotRead(_("Tệp lớn quá 1 MB. Quy trình một thủ tục nhỏ hơn thế nhiều."))
            found = bpmn.read(sent.read())
            kept = {
                "steps": content.plain(found.steps),
                "lanes": found.lanes,
                "guessed": sorted(found.guessed),
                "ignored": list(found.ignored)[:50],
            }
            forms = [MappingForm(prefix=f"b{place}", step=step) for place, step in enumerate(found.steps)]
            return _preview(request, desk, found.steps, forms, kept)
    return render(
        request, "procedures/manage/import_process.html", {"form": form, "desk": desk}, status=422 if form.errors else 200
    )


def _accept(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The file as it was read, signed by us on its way through the page, with what was chosen for each step."""
    actor, city = managed_city(request)
    try:
        kept = signing.loads(request.POST.get("doc", ""), salt=SALT, max_age=24 * 3600)
        steps = content.read(tuple[Step, ...], kept["steps"])
    except (signing.BadSignature, msgspec.ValidationError, KeyError, zlib.error, ValueError) as error:
        raise BadInput({"file": _("Bản xem trước đã quá một ngày hoặc không còn nguyên vẹn. Hãy chọn lại tệp.")}) from error
    forms = [MappingForm(request.POST, prefix=f"b{place}", step=step) for place, step in enumerate(steps)]
    if [form for form in forms if not form.is_valid()]:
        return _preview(request, desk, steps, forms, kept, status=422)
    steps = tuple(_mapped(step, form.cleaned_data) for step, form in zip(steps, forms, strict=True))
    actions.save_process(
        desk.code, steps=steps, token=request.POST.get("token", "")[:40], city_id=city.id, actor=actor, at=clock.now()
    )
    messages.success(request, _("Bản thảo nay là quy trình trong tệp. Hãy xem lại rồi công bố."))
    return redirect("procedures:design_process", desk.code)


def _mapped(step: Step, chosen: dict[str, Any]) -> Step:
    counted = chosen["duty"] != "hand back results"
    return msgspec.structs.replace(
        step,
        duty=chosen["duty"],
        body_kind="" if chosen["agency"] else chosen["body_kind"],
        agency=chosen["agency"],
        minutes=chosen["hours"] if counted else 0,
        counted=counted,
    )


def _preview(
    request: HttpRequest,
    desk: Desk,
    steps: tuple[Step, ...],
    forms: list[MappingForm],
    kept: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "procedures/manage/import_process_preview.html",
        {
            "desk": desk,
            "rows": list(zip(steps, forms, strict=True)),
            "forms": forms,
            "lanes": kept["lanes"],
            "guessed": kept["guessed"],
            "ignored": kept["ignored"],
            "doc": signing.dumps(kept, salt=SALT, compress=True),
            "process": picture(steps, desk.fields),
            "problems": rules.check_steps(steps, desk.base.limit, desk.fields),
            "words": words,
        },
        status=status,
    )
