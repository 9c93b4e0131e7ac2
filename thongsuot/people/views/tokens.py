"""Keys for programs: one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from thongsuot.kernel import clock
from thongsuot.people import actions, queries, rules
from thongsuot.people.forms import TokenForm
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, must_be_somebody


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and the form for one more. A new key's secret is shown in the answer to the form and never again."""
    actor = actor_of(request)
    now, today = clock.now(), clock.today()
    person_id = must_be_somebody(request)
    held = [duty for duty in rules.DUTIES if actor.units_for(duty)]
    form = TokenForm(request.POST or None, held=held, on=today)
    made = None
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = actions.create_token(
                person_id,
                name=form.cleaned_data["name"],
                duties=form.cleaned_data["duties"],
                expires_at=form.expires_at(),
                actor=actor,
                at=now,
            )
            form = TokenForm(held=held, on=today)
    rows = queries.tokens_of(person_id, at=now)
    return render(request, "people/tokens.html", {"form": form, "made": made, "rows": rows}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """One's own, or of someone whose posts one manages: then from that person's page."""
    actor = actor_of(request)
    person_id, name = queries.token_for(token_id, actor=actor)
    back = reverse("people:tokens") if person_id == actor.person_id else reverse("people:person", args=[person_id])
    if request.method == "POST":
        actions.revoke_token(token_id, actor=actor, at=clock.now())
        messages.success(request, _("Đã thu hồi khóa."))
        return redirect(back)
    return confirm(
        request,
        question=_("Thu hồi khóa “%(name)s”?") % {"name": name},
        consequence=_("Phần mềm đang dùng khóa sẽ bị từ chối sau vài giây. Khóa đã thu hồi không mở lại được."),
        button=_("Thu hồi khóa"),
        cancel_href=back,
        danger=True,
        staff=True,
    )
