"""All that went to a person and why: one's own messages, and for an officer who says why they ask."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.notices import queries
from thongsuot.notices.forms import ToldForm
from thongsuot.notices.models import Notice
from thongsuot.notices.queries import PersonRow
from thongsuot.notices.ways import connected
from thongsuot.people.actions import log_look_up
from thongsuot.people.models import Person
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import A_PAGE, PARAM, Page, page_of
from thongsuot.web.request import actor_with, must_be_somebody, number_of


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """What was told to me: to my account, and to addresses I have proven to be mine."""
    person_id = must_be_somebody(request)
    emails = list(EmailAddress.objects.filter(user_id=person_id, verified=True).values_list("email", flat=True))
    page = page_of(request, count=queries.own_count(person_id, emails=emails), size=20)
    rows = queries.own(person_id, emails=emails, limit=page.size, offset=page.first)
    return render(request, "notices/own.html", {"rows": rows, "page": page, "leaves": bool(connected())})


@require_http_methods(["GET", "POST"])
def told(request: HttpRequest) -> HttpResponse:
    """Everything that went to an address or a number, and to its account; after a reason, which is kept."""
    actor = actor_with(request, queries.DUTY)
    form, rows, page = ToldForm(request.POST or None), None, None
    if form.is_valid():
        found = queries.found_person(form.cleaned_data["to"])
        if found is None:
            form.add_error("to", ToldForm.not_whole)
        else:
            whom, person = found
            with refusals_on(form):
                count = queries.told_to_count(whom, actor=actor)
                # Posted, not linked: an address with a name, a number and a reason in it would stand in logs.
                number = min(max(1, number_of(request.POST.get(PARAM, ""))), max(1, -(-count // A_PAGE)))
                page = Page(number=number, size=A_PAGE, count=count, path=request.path)
                rows = queries.told_to(whom, actor=actor, limit=page.size, offset=page.first)
                _log(rows, person, reason=form.cleaned_data["reason"], actor=actor)
            if form.errors:
                rows = None
    context = {"form": form, "rows": rows, "page": page}
    return render(request, "notices/told.html", context, status=422 if form.errors else 200)


def _log(rows: list[PersonRow], person: Person | None, *, reason: str, actor: Actor) -> None:
    """One look for each account whose messages are shown, so that each of them sees it; one of nobody's when there is none."""
    accounts = {row.to_person_id: row.id for row in reversed(rows) if row.to_person_id}
    if person and rows:
        accounts.setdefault(person.pk, rows[0].id)
    for about_id, notice_id in accounts.items() or [(None, row.id) for row in rows[:1]]:
        log_look_up(
            person if person and person.pk == about_id else Notice(pk=notice_id),
            fields=["to_name", "email", "phone", "body"],
            reason=reason,
            about_id=about_id,
            actor=actor,
            at=clock.now(),
        )
