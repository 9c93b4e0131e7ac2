"""Boxes: made, filled by scanning, and every step of their way."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.files.rules import FileType
from thongsuot.handover import actions, rules
from thongsuot.handover.forms.inventory import BoxForm, CodesForm, StepForm
from thongsuot.handover.models import Box, HeadCount
from thongsuot.handover.printing import Label, labels_pdf
from thongsuot.handover.queries import inventory, speaking
from thongsuot.handover.queries import minutes as minutes_queries
from thongsuot.handover.queries.transfers import names
from thongsuot.handover.rules.boxes import STEPS, steps_from
from thongsuot.handover.views.common import may_receive, of_old_unit, of_pair
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import number_of, pressed

MOST_LABELS = 700


@require_http_methods(["GET", "POST"])
def boxes(request: HttpRequest, changeover_id: int, unit_id: int) -> HttpResponse:
    """The boxes of an ended unit, and a new one."""
    actor, one = of_old_unit(request, changeover_id, unit_id)
    form = BoxForm(request.POST or None, units=may_receive(one, unit_id))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = actions.open_box(one.pk, unit_id=unit_id, **form.cleaned_data, actor=actor, at=clock.now())
            return redirect("handover:box", made.pk)
    rows = Box.objects.filter(changeover=one, unit=unit_id).order_by("code")
    page = page_of(request, count=rows.count())
    shown = list(rows.prefetch_related("items")[page.slice])
    named = names({unit_id, *(row.to_unit_id for row in shown)}, one.effective_on)
    return render(
        request,
        "handover/boxes.html",
        {
            "one": one,
            "unit_id": unit_id,
            "unit_name": named[unit_id],
            "rows": [(row, named[row.to_unit_id], len(row.items.all())) for row in shown],
            "page": page,
            "form": form,
            "speaks": speaking.speaks_for(actor, one, unit_id),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def box(request: HttpRequest, box_id: int) -> HttpResponse:
    """One box: what is in it, the next step, and the hands it went through."""
    found = must_exist(Box.objects.filter(pk=box_id).first())
    actor, one = of_pair(request, found.changeover_id, found.unit_id, found.to_unit_id)
    sides = {
        HeadCount.Side.HANDING: speaking.speaks_for(actor, one, found.unit_id),
        HeadCount.Side.RECEIVING: speaking.speaks_for(actor, one, found.to_unit_id),
    }
    asked = pressed(request)
    codes_form = CodesForm(request.POST if asked == "xep" else None)
    steps = [
        (step, StepForm(step, request.POST if asked == step.name else None))
        for step in steps_from(found.state)
        if sides[step.by]
    ]
    form = codes_form if asked == "xep" else next((form for step, form in steps if step.name == asked), None)
    if asked:
        now = clock.now()
        with refusals_on(form):
            if asked == "lay_ra":
                actions.take_out(found.pk, item_id=number_of(request.POST.get("muc", "")), actor=actor, at=now)
                return redirect("handover:box", found.pk)
            if form is None:
                raise actions.WrongStep(found)
            if form.is_valid():
                if asked == "xep":
                    count = actions.put_in(found.pk, codes=form.cleaned_data["codes"].split(), actor=actor, at=now)
                    said = ngettext("Đã xếp %(num)s mục.", "Đã xếp %(num)s mục.", count) % {"num": count}
                    messages.success(request, said)
                else:
                    actions.move_box(found.pk, step=asked, said=form.cleaned_data.get("said", ""), actor=actor, at=now)
                return redirect("handover:box", found.pk)
    named = names({found.unit_id, found.to_unit_id}, one.effective_on)
    return render(
        request,
        "handover/box.html",
        {
            "one": one,
            "box": found,
            "unit_name": named[found.unit_id],
            "to_name": named[found.to_unit_id],
            "items": list(found.items.order_by("code")),
            "plain": inventory.plain,
            "receipt_words": minutes_queries.receipt_words,
            "codes_form": codes_form,
            "steps": steps,
            "form": form,
            "hands": sides[HeadCount.Side.HANDING],
            "takes": sides[HeadCount.Side.RECEIVING],
            "steers": actor.may(rules.DUTY, unit_id=one.city_id),
            "history": history_of(found),
            "labels": {step.name: step.label for step in STEPS.values()},
        },
        status=422 if form is not None and form.errors else 200,
    )


@require_GET
def box_label(request: HttpRequest, box_id: int) -> HttpResponseBase:
    """The label of a box."""
    found = must_exist(Box.objects.filter(pk=box_id).first())
    _actor, one = of_pair(request, found.changeover_id, found.unit_id, found.to_unit_id)
    return _labels([found], names({found.unit_id, found.to_unit_id}, one.effective_on), f"nhan-{found.code}.pdf")


@require_GET
def box_labels(request: HttpRequest, changeover_id: int, unit_id: int) -> HttpResponseBase:
    """Labels of all boxes of a unit."""
    _actor, one = of_old_unit(request, changeover_id, unit_id)
    rows = list(Box.objects.filter(changeover=one, unit=unit_id).order_by("code")[:MOST_LABELS])
    if not rows:
        raise NotFound
    return _labels(rows, names({unit_id, *(row.to_unit_id for row in rows)}, one.effective_on), "nhan-hop.pdf")


def _labels(rows: list[Box], named: dict[int, str], file_name: str) -> HttpResponseBase:
    made = [
        Label(
            code=row.code,
            title=row.content or _("Hộp %(code)s") % {"code": row.code},
            lines=(
                _("Từ: %(unit)s") % {"unit": named[row.unit_id]},
                _("Về: %(unit)s") % {"unit": named[row.to_unit_id]},
                _("Niêm phong: %(number)s") % {"number": row.seal_number} if row.seal_number else "",
            ),
        )
        for row in rows
    ]
    return file_answer(labels_pdf(made, title="Nhãn hộp", made_at=clock.now()), file_name, FileType.PDF)
