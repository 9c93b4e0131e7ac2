"""The register: agents, their people, volunteers, lawyers; all of a file; the log of the units."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.assistance import actions
from thongsuot.assistance.facts import AgentFacts, HelperFacts
from thongsuot.assistance.forms import AGENT_FACTS, HELPER_FACTS, AgentForm, EndForm, HelperForm, ListForm, LogForm, ReasonForm
from thongsuot.assistance.models import Consent, Helper
from thongsuot.assistance.queries import consents, register
from thongsuot.assistance.rules import ARRANGE, LEAD_AID, typed_number
from thongsuot.assistance.sheets import COLUMNS
from thongsuot.assistance.views.common import manages_city, names, status_of, tabs, whose
from thongsuot.assistance.views.helpers import log_file
from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.table_rows import BadRow
from thongsuot.files.views import refusals_on_list, serve
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.history import history_of
from thongsuot.kernel.periods import not_over
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, nothing_pressed, number_of, pressed


@require_GET
def helpers(request: HttpRequest) -> HttpResponse:
    actor, today = actor_with(request, ARRANGE, LEAD_AID), clock.today()
    kind, words, unit_id = (
        request.GET.get("loai", ""),
        one_line(request.GET.get("q", ""))[:100],
        number_of(request.GET.get("don_vi", "")),
    )
    found = register.helpers_managed(actor, kind=kind, words=words, unit_id=unit_id or None)
    page = page_of(request, count=found.count())
    rows = list(found[page.slice])
    context = {
        "page": page,
        "rows": rows,
        "today": today,
        "names": names((one.unit_id for one in rows), on=today),
        "kinds": Helper.Kind.choices,
        "asked": {"loai": kind, "q": words, "don_vi": unit_id},
        "whose": whose(actor, on=today),
        "tabs": tabs("assistance:helpers", actor=actor),
        "may_import": manages_city(actor, on=today),
    }
    return render(request, "assistance/helpers.html", context)


@require_http_methods(["GET", "POST"])
def add_helper(request: HttpRequest) -> HttpResponse:
    actor, now = actor_with(request, ARRANGE, LEAD_AID), clock.now()
    today = timezone.localdate(now)
    kinds = [(kind, words) for kind, words in Helper.Kind.choices if actor.units_for(actions.duty_for(kind))]
    agents = [(one.pk, one.name) for one in register.agents_managed(actor, on=today).filter(not_over(today))]
    how: dict[str, Any] = {"kinds": kinds, "whose": whose(actor, on=today), "agents": agents, "new": True}
    form = HelperForm(request.POST or None, initial={"valid_from": today, "agent": request.GET.get("dai_ly", "")}, **how)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            unit_id = said["unit"] or units.default_city(as_of=today).id
            facts = HelperFacts(
                kind=said["kind"],
                email=said["email"],
                phone=said["phone"],
                agent_id=said["agent"] or None,
                **{name: said[name] for name in HELPER_FACTS},
            )
            added = actions.add_helper(unit_id, facts, valid_from=said["valid_from"], actor=actor, at=now)
            messages.success(request, _("Đã ghi. Số thẻ: %(number)s.") % {"number": added.number})
            return redirect("assistance:helper", added.pk)
    return render(
        request,
        "assistance/edit.html",
        _edit(form, _("Thêm người giúp"), "assistance:helpers"),
        status=status_of(request, form),
    )


def _edit(form: Any, title: str, back: str) -> dict[str, Any]:
    return {"form": form, "title": title, "back": back}


@require_http_methods(["GET", "POST"])
def helper(request: HttpRequest, helper_id: int) -> HttpResponse:
    """One helper: what they may do, and their end."""
    actor, now = actor_with(request, ARRANGE, LEAD_AID), clock.now()
    today = timezone.localdate(now)
    found = register.helper_for(helper_id, actor=actor)
    what, posted = pressed(request), request.POST
    form = HelperForm(posted if what == "sua" else None, initial=HelperForm.of(found), new=False)
    end = EndForm(posted if what in {"thoi", "o-lai"} else None, initial={"on": found.valid_to})
    if request.method == "POST" and what not in {"sua", "thoi", "o-lai"}:
        raise nothing_pressed()
    if what == "o-lai":
        with refusals_on(end):
            actions.keep_helper(found.pk, actor=actor, at=now)
            messages.success(request, _("Đã bỏ ngày thôi."))
            return redirect("assistance:helper", found.pk)
    if form.is_valid():
        with refusals_on(form):
            facts = HelperFacts(kind=found.kind, email="", **{name: form.cleaned_data[name] for name in HELPER_FACTS})
            actions.change_helper(found.pk, facts, actor=actor, at=now)
            messages.success(request, _("Đã lưu."))
            return redirect("assistance:helper", found.pk)
    if what == "thoi" and end.is_valid():
        with refusals_on(end):
            actions.end_helper(found.pk, on=end.cleaned_data["on"], actor=actor, at=now)
            messages.success(request, _("Đã ghi ngày thôi."))
            return redirect("assistance:helper", found.pk)
    context = {
        "one": found,
        "form": form,
        "end": end,
        "past": found.is_past(today),
        "sum": consents.sums_of_helpers([found.pk]).get(found.pk, consents.NO_SUM),
        "on_paper": consents.sums_of_helpers([found.pk], on_paper=True).get(found.pk, consents.NO_SUM),
        "unit": names([found.unit_id], on=today)[found.unit_id],
        "history": history_of(found),
    }
    return render(request, "assistance/helper.html", context, status=status_of(request, form, end))


@require_GET
def agents(request: HttpRequest) -> HttpResponse:
    actor, today = actor_with(request, ARRANGE), clock.today()
    words, unit_id = one_line(request.GET.get("q", ""))[:100], number_of(request.GET.get("don_vi", ""))
    found = register.agents_managed(actor, on=today, words=words, unit_id=unit_id or None)
    page = page_of(request, count=found.count())
    rows = list(found[page.slice])
    context = {
        "page": page,
        "rows": rows,
        "today": today,
        "names": names((one.unit_id for one in rows), on=today),
        "sums": consents.sums_of_agents([one.pk for one in rows]),
        "no_sum": consents.NO_SUM,
        "asked": {"q": words, "don_vi": unit_id},
        "whose": whose(actor, on=today),
        "tabs": tabs("assistance:agents", actor=actor),
        "may_import": manages_city(actor, on=today),
    }
    return render(request, "assistance/agents.html", context)


@require_http_methods(["GET", "POST"])
def register_agent(request: HttpRequest) -> HttpResponse:
    actor, now = actor_with(request, ARRANGE), clock.now()
    today = timezone.localdate(now)
    form = AgentForm(whose(actor, on=today), request.POST or None, initial={"valid_from": today}, new=True)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            facts = AgentFacts(**{name: said[name] for name in AGENT_FACTS})
            made = actions.register_agent(said["unit"], facts, valid_from=said["valid_from"], actor=actor, at=now)
            messages.success(request, _("Đã ghi đại lý. Hãy thêm nhân viên của đại lý."))
            return redirect("assistance:agent", made.pk)
    context = _edit(form, _("Ghi đại lý"), "assistance:agents")
    return render(request, "assistance/edit.html", context, status=status_of(request, form))


@require_http_methods(["GET", "POST"])
def agent(request: HttpRequest, agent_id: int) -> HttpResponse:
    """One agent: what is known of it, its people, pausing and ending it."""
    actor, now = actor_with(request, ARRANGE), clock.now()
    today = timezone.localdate(now)
    found = register.agent_for(agent_id, actor=actor)
    what, posted = pressed(request), request.POST
    form = AgentForm((), posted if what == "sua" else None, initial=AgentForm.of(found), new=False)
    end = EndForm(posted if what in {"thoi", "o-lai"} else None, initial={"on": found.valid_to})
    if what in {"tam-dung", "chay-lai"}:
        order = actions.suspend_agent if what == "tam-dung" else actions.resume_agent
        order(found.pk, actor=actor, at=now)
        messages.success(request, _("Đã ghi."))
        return redirect("assistance:agent", found.pk)
    if request.method == "POST" and what not in {"sua", "thoi", "o-lai"}:
        raise nothing_pressed()
    if what == "o-lai":
        with refusals_on(end):
            actions.keep_agent(found.pk, actor=actor, at=now)
            messages.success(request, _("Đã bỏ ngày thôi."))
            return redirect("assistance:agent", found.pk)
    if form.is_valid():
        with refusals_on(form):
            facts = AgentFacts(**{name: form.cleaned_data[name] for name in AGENT_FACTS})
            actions.change_agent(found.pk, facts, actor=actor, at=now)
            messages.success(request, _("Đã lưu."))
            return redirect("assistance:agent", found.pk)
    if what == "thoi" and end.is_valid():
        with refusals_on(end):
            actions.end_agent(found.pk, on=end.cleaned_data["on"], actor=actor, at=now)
            messages.success(request, _("Đã ghi ngày thôi."))
            return redirect("assistance:agent", found.pk)
    context = {
        "one": found,
        "form": form,
        "end": end,
        "past": found.is_past(today),
        "people": [(row, row.is_past(today)) for row in found.helpers.order_by("valid_to", "search_name")],
        "sum": consents.sums_of_agents([found.pk]).get(found.pk, consents.NO_SUM),
        "on_paper": consents.sums_of_agents([found.pk], on_paper=True).get(found.pk, consents.NO_SUM),
        "unit": names([found.unit_id], on=today)[found.unit_id],
        "history": history_of(found),
    }
    return render(request, "assistance/agent.html", context, status=status_of(request, form, end))


@require_http_methods(["GET", "POST"])
def import_register(request: HttpRequest) -> HttpResponse:
    """All of a file or nothing of it."""
    actor, now = actor_with(request, ARRANGE), clock.now()
    city = units.city_of_duty(actor, ARRANGE, on=timezone.localdate(now))
    form, bad_rows = ListForm(request.POST or None, request.FILES or None), list[BadRow]()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on_list(form, bad_rows):
            added = actions.import_register(city.id, file, name=file.name, actor=actor, at=now)
            messages.success(request, _("Đã ghi %(count)s người giúp.") % {"count": len(added)})
            return redirect("assistance:helpers")
    context = {"form": form, "bad_rows": bad_rows}
    return render(request, "assistance/import.html", context, status=status_of(request, form))


@require_GET
def template(request: HttpRequest) -> HttpResponseBase:
    actor_with(request, ARRANGE)
    return file_answer(tables.template(_("Người giúp"), COLUMNS), "mau-danh-sach-nguoi-giup.xlsx", FileType.XLSX)


@require_GET
def city_log(request: HttpRequest) -> HttpResponse:
    """What was done with which consent, in all units whose helpers one manages."""
    actor, now = actor_with(request, ARRANGE), clock.now()
    found, form = _log(request, actor)
    page = page_of(request, count=found.count())
    context = {
        "page": page,
        "rows": list(consents.log_rows(found, now=now, first=page.first, most=page.size)),
        "tabs": tabs("assistance:city_log", actor=actor),
        "paper": "assistance:paper",
        "form": form,
        "is_asked": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "assistance/city_log.html", context, status=422 if form.errors else 200)


def _log(request: HttpRequest, actor: Actor) -> tuple[QuerySet[Consent], LogForm]:
    """What the address asks for of the log; nothing where that cannot be read."""
    found = consents.log_in(actor)
    agents = dict(register.agents_managed(actor, on=clock.today()).values_list("pk", "name")) | dict(consents.agents_in(found))
    form = LogForm(sorted(agents.items(), key=lambda one: one[1]), request.GET or None)
    if not form.is_bound or not form.is_valid():
        return (found.none() if form.is_bound else found), form
    said = form.cleaned_data
    number = typed_number(said["nguoi_giup"]) if said["nguoi_giup"] else ""
    asked = consents.Asked(agent_id=said["dai_ly"], number=number, first=said["tu"], last=said["den"])
    return consents.narrowed(found, asked), form


@require_GET
def city_log_sheet(request: HttpRequest) -> HttpResponseBase:
    found, form = _log(request, actor_with(request, ARRANGE))
    if form.errors:
        raise BadInput({name: str(said[0]) for name, said in form.errors.items()})
    return log_file(found, clock.now())


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, consent_id: int) -> HttpResponseBase:
    """The scan of a signed consent, after a reason that is kept."""
    actor = actor_with(request, ARRANGE)
    found, scan_id = consents.paper_for(consent_id, actor=actor)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.note_paper_opened(found.pk, reason=form.cleaned_data["reason"], actor=actor, at=clock.now())
            return serve(scan_id, download_name=f"giay-dong-y-{found.number}")
    return render(request, "assistance/paper.html", {"one": found, "form": form}, status=status_of(request, form))
