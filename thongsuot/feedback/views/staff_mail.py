"""Letters to the mailbox of feedback that wait: why, until when; and the press that has one tried again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.feedback import actions
from thongsuot.feedback.actions.common import TAKE
from thongsuot.feedback.queries.mail import held_now, whole_rests
from thongsuot.kernel import clock
from thongsuot.units import queries as units
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, nothing_pressed, number_of


@require_http_methods(["GET", "POST"])
def held_mail(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    city = units.city_of_duty(actor, TAKE, on=clock.today())
    if request.method == "POST":
        if not (held_id := number_of(request.POST.get("thu", ""))):
            raise nothing_pressed()
        actions.try_mail_again(held_id, actor=actor, city_id=city.id, at=now)
        messages.success(request, _("Thư được thử lại trong lần nhận tới, trong vòng một phút."))
        return redirect("feedback:held_mail")
    rows = held_now(at=now)
    page = page_of(request, count=rows.count())
    context = {"whole": whole_rests(at=now), "page": page, "rows": rows[page.slice]}
    return render(request, "feedback/staff/held_mail.html", context)
