"""At the counter: an officer has the card in hand and ties its number to the owner's account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.people import actions, queries
from thongsuot.people.forms import IdentityForm
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of


@require_http_methods(["GET", "POST"])
def confirm_identity(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    places = units.unit_rows(queries.places_of_identities(actor), as_of=clock.today()).values()
    if not places:
        raise NotYourDuty("receive dossiers")
    named = [(place.id, place.full_name) for place in sorted(places, key=lambda place: place.sort_name)]
    form = IdentityForm(request.POST or None, places=named)
    if request.method == "POST" and form.is_valid():
        person_id = queries.id_of_email(form.cleaned_data["email"], actor=actor)
        with refusals_on(form):
            if person_id is None:
                form.add_error("email", _("Không có tài khoản nào dùng địa chỉ này. Hãy hỏi lại, hoặc mời người dân đăng ký."))
            else:
                actions.confirm_identity(
                    person_id,
                    id_number=form.cleaned_data["id_number"],
                    unit_id=form.cleaned_data["unit_id"],
                    actor=actor,
                    at=clock.now(),
                )
        if not form.errors:
            messages.success(request, _("Đã gắn số định danh vào tài khoản."))
            return redirect("people:confirm_identity")
    return render(request, "people/confirm_identity.html", {"form": form}, status=422 if form.errors else 200)
