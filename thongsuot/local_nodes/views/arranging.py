"""The page of a point's local node, and each officer's own code for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.counters.actions.common import must_work_in
from thongsuot.counters.queries.hall import point_of
from thongsuot.counters.rules import ARRANGE, SERVE
from thongsuot.kernel import clock
from thongsuot.local_nodes import actions, queries
from thongsuot.local_nodes.forms import NodeForm
from thongsuot.local_nodes.models import HallCode, LocalNode, Spell
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, actor_with, nothing_pressed, number_of, pressed

SPELLS = 20


@require_http_methods(["GET", "POST"])
def node(request: HttpRequest, point_id: int) -> HttpResponse:
    """A code is shown once, on the answer itself: it is nowhere kept."""
    actor = actor_of(request)
    house_id, point = point_of(point_id, on=clock.today())
    must_work_in(house_id, ARRANGE, actor=actor, at=clock.now())
    what, status, joinable = pressed(request), 200, None
    form = NodeForm(request.POST if what == "khai" else None)
    node_id = number_of(request.POST.get("may", ""))
    if what == "khai" and form.is_valid():
        with refusals_on(form) as answered:
            joinable = actions.set_up_node(point_id, **form.cleaned_data, actor=actor, at=clock.now())
        status = 200 if joinable else answered.status
    elif what == "ma":
        joinable = actions.ask_node_to_join_again(node_id, actor=actor, at=clock.now())
    elif what == "thoi":
        actions.retire_node(node_id, actor=actor, at=clock.now())
        messages.success(request, _("Đã thôi dùng máy tại chỗ. Khi mất đường truyền, sảnh gọi số bằng lời."))
        return redirect("local_nodes:node", point.id)
    elif form.errors:
        status = 422
    elif request.method == "POST" and joinable is None:
        raise nothing_pressed()
    found: LocalNode | None = queries.node_of(house_id)
    spells = Spell.objects.filter(node__point=house_id).order_by("-began_at")[:SPELLS]
    context = {"point": point, "form": form, "joinable": joinable, "node": found, "spells": spells}
    context["cut"] = found is not None and queries.cut_off(found, clock.now())
    return render(request, "local_nodes/node.html", context, status=status)


@require_http_methods(["GET", "POST"])
def hall_code(request: HttpRequest) -> HttpResponse:
    """One's own code, shown once."""
    actor = actor_with(request, SERVE)
    code = actions.make_hall_code(actor=actor, at=clock.now()) if request.method == "POST" else ""
    row = HallCode.objects.filter(person=actor.person_id).first()
    return render(request, "local_nodes/hall_code.html", {"code": code, "row": row})
