"""All that went to a person and why: one's own messages, and for an officer who says why they ask."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.notices import queries
from thongsuot.notices.forms import ToldForm
from thongsuot.notices.models import Notice
from thongsuot.notices.ways import connected
from thongsuot.people.actions import log_look_up
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, must_be_somebody

MOST = 100


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
    form, rows, count = ToldForm(request.POST or None), None, 0
    if form.is_valid():
        found = queries.found_person(form.cleaned_data["to"])
        if found is None:
            form.add_error("to", ToldForm.not_whole)
        else:
            whom, person = found
            with refusals_on(form):
                rows = queries.told_to(whom, actor=actor, limit=MOST)
                count = queries.told_to_count(whom, actor=actor)
                if rows:
                    log_look_up(
                        person or Notice(pk=rows[0].id),
                        fields=["to_name", "email", "phone", "body"],
                        reason=form.cleaned_data["reason"],
                        about_id=person.pk if person else None,
                        actor=actor,
                        at=clock.now(),
                    )
            if form.errors:
                rows = None
    context = {"form": form, "rows": rows, "count": count}
    return render(request, "notices/told.html", context, status=422 if form.errors else 200)
