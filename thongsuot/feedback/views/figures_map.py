"""Where it was reported: squares of the ground by how much, and the same by commune as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from thongsuot.feedback.queries import heat
from thongsuot.feedback.queries.settings import setting
from thongsuot.feedback.views.figures_asked import Asked, asked
from thongsuot.kernel.text import number
from thongsuot.web import maps


def _least(question: Asked) -> int:
    return setting("heat_least", city_id=question.scope.city_id, on=timezone.localdate(question.period.now))


@require_GET
def figures_map(request: HttpRequest) -> HttpResponse:
    question = asked(request)
    least = _least(question)
    return render(
        request,
        "feedback/figures/map.html",
        {
            **question.context(),
            "rows": heat.by_place(question.scope, question.period),
            "src": question.href("figures_cells"),
            "box": heat.extent(question.scope, question.period, least=least),
            "steps": [(step, label) for step, label in enumerate(heat.steps_said(), start=1)],
            "least": least,
        },
        status=question.status,
    )


@require_GET
def figures_cells(request: HttpRequest) -> HttpResponse:
    """What the map asks for. Raises BadInput for a view that is none."""
    question = asked(request)
    view = maps.view_asked(request)
    return maps.features_answer(
        maps.cell(one.box, one.step, _("%(count)s phản ánh") % {"count": number(one.count)})
        for one in heat.cells(question.scope, question.period, view, least=_least(question))
    )
