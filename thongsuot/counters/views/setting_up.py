"""Queues and counters of a point: their lists, one form each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions
from thongsuot.counters.centre_forms import SectionForm
from thongsuot.counters.forms import CounterForm, QueueForm
from thongsuot.counters.models import Counter, Queue, Section
from thongsuot.counters.queries import centre
from thongsuot.counters.queries import hall as queries
from thongsuot.counters.rules import ARRANGE
from thongsuot.counters.views.common import Here, here
from thongsuot.kernel import clock
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.history import history_of
from thongsuot.procedures import queries as procedures
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import pressed


@require_GET
def set_up(request: HttpRequest, point_id: int) -> HttpResponse:
    day = clock.today()
    at = here(request, point_id, day=day, duty=ARRANGE)
    names = {row.code: row.name for row in procedures.fields(on=day)}
    context = {"here": at, "hall": queries.hall(at.house_id, on=day), "names": names, "sections": centre.sections(at.house_id)}
    return render(request, "counters/set_up.html", context)


@require_http_methods(["GET", "POST"])
def open_queue(request: HttpRequest, point_id: int) -> HttpResponse:
    day = clock.today()
    at = here(request, point_id, day=day, duty=ARRANGE)
    form = QueueForm(request.POST or None, known=procedures.fields(on=day))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, places={"fields": "fields_served"}):
            queue = actions.open_queue(at.point.id, **form.facts(), actor=at.actor, at=clock.now())
            messages.success(request, _("Đã lập hàng %(letter)s.") % {"letter": queue.letter})
            return redirect("counters:set_up", at.point.id)
    return _page(request, at, form, title=_("Lập hàng chờ"))


@require_http_methods(["GET", "POST"])
def change_queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    queue = must_exist(Queue.objects.filter(pk=queue_id, valid_to=None).first())
    day = clock.today()
    at = here(request, queue.point_id, day=day, duty=ARRANGE)
    if pressed(request) == "thoi":
        actions.close_queue(queue.pk, actor=at.actor, at=clock.now())
        messages.success(request, _("Đã thôi dùng hàng %(letter)s.") % {"letter": queue.letter})
        return redirect("counters:set_up", at.point.id)
    form = QueueForm(request.POST or None, known=procedures.fields(on=day), queue=queue)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, places={"fields": "fields_served"}):
            actions.change_queue(queue.pk, **form.facts(), actor=at.actor, at=clock.now())
            messages.success(request, _("Đã sửa hàng %(letter)s.") % {"letter": queue.letter})
            return redirect("counters:set_up", at.point.id)
    return _page(
        request,
        at,
        form,
        title=_("Hàng %(letter)s") % {"letter": queue.letter},
        about=queue,
        stop=_("Thôi dùng hàng này"),
        stopped=_("Thôi dùng: không lấy số mới của hàng này nữa; số liệu cũ còn nguyên. Muốn dùng lại thì lập hàng mới."),
    )


@require_http_methods(["GET", "POST"])
def open_counter(request: HttpRequest, point_id: int) -> HttpResponse:
    day = clock.today()
    at = here(request, point_id, day=day, duty=ARRANGE)
    seen = queries.hall(at.house_id, on=day)
    taken = [row.number for row in seen.counters]
    sections = centre.sections(at.house_id)
    form = CounterForm(
        request.POST or None, queues=seen.queues, sections=sections, initial={"number": max(taken, default=0) + 1}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            counter = actions.open_counter(at.point.id, **form.cleaned_data, actor=at.actor, at=clock.now())
            messages.success(request, _("Đã lập quầy %(number)s.") % {"number": counter.number})
            return redirect("counters:set_up", at.point.id)
    return _page(request, at, form, title=_("Lập quầy"))


@require_http_methods(["GET", "POST"])
def change_counter(request: HttpRequest, counter_id: int) -> HttpResponse:
    counter = queries.counter_of(counter_id)
    day = clock.today()
    at = here(request, counter.point_id, day=day, duty=ARRANGE)
    if pressed(request) == "thoi":
        actions.close_counter(counter.pk, actor=at.actor, at=clock.now())
        messages.success(request, _("Đã thôi dùng quầy %(number)s.") % {"number": counter.number})
        return redirect("counters:set_up", at.point.id)
    open_queues, sections = queries.hall(at.house_id, on=day).queues, centre.sections(at.house_id)
    form = CounterForm(request.POST or None, queues=open_queues, sections=sections, counter=counter)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.change_counter(counter.pk, **form.cleaned_data, actor=at.actor, at=clock.now())
            messages.success(request, _("Đã sửa quầy %(number)s.") % {"number": counter.number})
            return redirect("counters:set_up", at.point.id)
    return _page(
        request,
        at,
        form,
        title=_("Quầy %(number)s") % {"number": counter.number},
        about=counter,
        stop=_("Thôi dùng quầy này"),
        stopped=_("Thôi dùng: không ai ngồi quầy này nữa; số liệu cũ còn nguyên. Muốn dùng lại thì lập quầy mới."),
    )


@require_http_methods(["GET", "POST"])
def open_section(request: HttpRequest, point_id: int) -> HttpResponse:
    day = clock.today()
    at = here(request, point_id, day=day, duty=ARRANGE)
    form = SectionForm(request.POST or None, known=procedures.fields(on=day))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, places={"fields": "fields_served"}):
            made = actions.open_section(at.point.id, **form.facts(), actor=at.actor, at=clock.now())
            messages.success(request, _("Đã lập %(name)s.") % {"name": made.name})
            return redirect("counters:set_up", at.point.id)
    return _page(request, at, form, title=_("Lập bộ phận"))


@require_http_methods(["GET", "POST"])
def change_section(request: HttpRequest, section_id: int) -> HttpResponse:
    section = must_exist(Section.objects.filter(pk=section_id, valid_to=None).first())
    day = clock.today()
    at = here(request, section.point_id, day=day, duty=ARRANGE)
    if pressed(request) == "thoi":
        actions.close_section(section.pk, actor=at.actor, at=clock.now())
        messages.success(request, _("Đã thôi dùng %(name)s.") % {"name": section.name})
        return redirect("counters:set_up", at.point.id)
    form = SectionForm(request.POST or None, known=procedures.fields(on=day), section=section)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, places={"fields": "fields_served"}):
            actions.change_section(section.pk, **form.facts(), actor=at.actor, at=clock.now())
            messages.success(request, _("Đã sửa %(name)s.") % {"name": form.cleaned_data["name"]})
            return redirect("counters:set_up", at.point.id)
    return _page(
        request,
        at,
        form,
        title=section.name,
        about=section,
        stop=_("Thôi dùng bộ phận này"),
        stopped=_("Thôi dùng: bộ phận phải không còn quầy nào; số liệu cũ còn nguyên."),
    )


def _page(
    request: HttpRequest,
    at: Here,
    form: QueueForm | CounterForm | SectionForm,
    *,
    title: str,
    about: Queue | Counter | Section | None = None,
    stop: str = "",
    stopped: str = "",
) -> HttpResponse:
    """The form of one queue or counter; of one that is there, its history and the way to stop using it."""
    history = history_of(about) if about is not None else []
    context = {"here": at, "form": form, "title": title, "stop": stop, "stopped": stopped, "history": history}
    return render(request, "counters/set_up_one.html", context, status=422 if form.errors else 200)
