"""One test ticket for every unit, who answered it, and its end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.feedback import actions
from thongsuot.feedback.queries.readiness import last_drill, units_that_answer
from thongsuot.feedback.views.administration import manager
from thongsuot.kernel import clock
from thongsuot.kernel.text import number
from thongsuot.web.confirm import confirm
from thongsuot.web.request import nothing_pressed, pressed


@require_http_methods(["GET", "POST"])
def drill(request: HttpRequest) -> HttpResponse:
    actor, city = manager(request)
    what, today = pressed(request), clock.today()
    if what == "hoi":
        return confirm(
            request,
            question=_("Gửi phản ánh thử đến mọi đơn vị?"),
            consequence=_(
                "Mỗi đơn vị nhận một phản ánh ghi rõ là thử, số riêng bắt đầu bằng THU, không vào số liệu, không công khai. "
                "Đơn vị nhận, trả lời, duyệt như phản ánh thật."
            ),
            button=_("Gửi phản ánh thử"),
            cancel_href=reverse("feedback:drill"),
            summary=[(_("Số đơn vị"), number(len(units_that_answer(city.id, on=today))))],
            hidden={"viec": "gui"},
            staff=True,
        )
    if what == "gui":
        sent = actions.send_drill(city.id, actor=actor, at=clock.now())
        messages.success(request, _("Đã gửi phản ánh thử đến %(count)s đơn vị.") % {"count": number(len(sent))})
    elif what == "khep":
        answered = actions.close_drill(city.id, actor=actor, at=clock.now())
        messages.success(request, _("Đã khép lại. %(count)s đơn vị đã trả lời xong.") % {"count": number(answered)})
    elif request.method == "POST":
        raise nothing_pressed()
    if request.method == "POST":
        return redirect("feedback:drill")
    return render(request, "feedback/administration/drill.html", {"drill": last_drill(city.id, on=today)})
