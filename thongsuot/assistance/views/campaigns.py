"""Campaigns: the board for who leads them, the same without names of anybody for all, teams."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.assistance import actions
from thongsuot.assistance.forms import CampaignForm, TeamForm
from thongsuot.assistance.queries import campaigns as queries
from thongsuot.assistance.queries.shifts import points_arranged
from thongsuot.assistance.rules import ARRANGE
from thongsuot.assistance.views.common import manages_city, names, status_of
from thongsuot.kernel import clock
from thongsuot.kernel.history import history_of
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_with


@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    actor, today = actor_with(request, ARRANGE), clock.today()
    rows = queries.campaigns(units.default_city(as_of=today).id)
    context = {"rows": rows, "today": today, "may_start": manages_city(actor, on=today)}
    return render(request, "assistance/campaigns.html", context)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    actor, now = actor_with(request, ARRANGE), clock.now()
    city = units.city_of_duty(actor, ARRANGE, on=timezone.localdate(now))
    form = CampaignForm(request.POST or None, new=True)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            kept = {"name": said["name"], "starts_on": said["starts_on"], "days": said["days"]}
            made = actions.start_campaign(city.id, **kept, targets=form.targets(), actor=actor, at=now)
            messages.success(request, _("Đã lập đợt cao điểm."))
            return redirect("assistance:campaign", made.pk)
    context = {"form": form, "title": _("Lập đợt cao điểm"), "back": "assistance:campaigns"}
    return render(request, "assistance/edit.html", context, status=status_of(request, form))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, campaign_id: int) -> HttpResponse:
    actor, now = actor_with(request, ARRANGE), clock.now()
    units.city_of_duty(actor, ARRANGE, on=timezone.localdate(now))
    one = queries.campaign(campaign_id)
    initial = {"name": one.name, "days": one.days, "people": one.target_people, "accounts": one.target_accounts}
    form = CampaignForm(request.POST or None, initial={**initial, "dossiers": one.target_dossiers}, new=False)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            said = {"name": form.cleaned_data["name"], "days": form.cleaned_data["days"]}
            actions.change_campaign(one.pk, **said, targets=form.targets(), actor=actor, at=now)
            messages.success(request, _("Đã lưu."))
            return redirect("assistance:campaign", one.pk)
    context = {"form": form, "title": _("Sửa đợt cao điểm"), "back": "assistance:campaigns"}
    return render(request, "assistance/edit.html", context, status=status_of(request, form))


@require_http_methods(["GET", "POST"])
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The board, and the teams of the units one manages."""
    actor, now = actor_with(request, ARRANGE), clock.now()
    today = timezone.localdate(now)
    one = queries.campaign(campaign_id)
    form = TeamForm(points_arranged(actor, on=today).items(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, beside="name"):
            said = form.cleaned_data
            actions.form_team(one.pk, point_id=said["point"], name=said["name"], actor=actor, at=now)
            messages.success(request, _("Đã lập đội. Xếp ca cho đội ở trang Lịch trực."))
            return redirect("assistance:campaign", one.pk)
    teams = queries.teams_of(one, actor=actor)
    context = {
        "one": one,
        "board": queries.board(one, on=today),
        "form": form,
        "teams": teams,
        "names": names((team.unit_id for team in teams), on=today),
        "points": units.point_names({team.point_id for team in teams}, as_of=today),
        "history": history_of(one),
        "may_change": manages_city(actor, on=today),
    }
    return render(request, "assistance/campaign.html", context, status=status_of(request, form))


@require_GET
def public(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """For everybody: how far it is. Names nobody."""
    one = queries.campaign(campaign_id)
    return render(request, "assistance/campaign_public.html", {"one": one, "board": queries.board(one, on=clock.today())})
