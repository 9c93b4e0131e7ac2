"""What is not told to the national portal and why, for those who look after it in a unit or in the city."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import TellPerson
from thongsuot.national_portal import actions, queries, rules
from thongsuot.national_portal.actions import DUTY
from thongsuot.national_portal.forms import DayForm, OffForm
from thongsuot.national_portal.portal import Refused, Unreachable, chosen, is_stand_in
from thongsuot.national_portal.reconcile import Reconciliation, reconcile
from thongsuot.units import queries as units
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, actor_with, number_of, numbers_of

MOST_AT_ONCE = 500


class PortalNotAnswering(TellPerson):
    code = "national_portal.not_answering"
    status = 503

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def message(self) -> str:
        return _("Cổng Dịch vụ công quốc gia lúc này %(fault)s nên chưa đối soát được. Hãy thử lại sau ít phút.") % {
            "fault": rules.FAULTS.get(self.fault, _("không trả lời"))
        }


class PortalRefuses(TellPerson):
    code = "national_portal.refuses"
    status = 502

    def __init__(self, error_code: str) -> None:
        self.error_code = error_code[:40]

    def message(self) -> str:
        return _(
            "Cổng Dịch vụ công quốc gia từ chối cho đối soát (mã %(code)s). Hãy báo người vận hành hỏi bên quản lý Cổng."
        ) % {"code": self.error_code}


class NoPortal(TellPerson):
    code = "national_portal.none"
    status = 409
    says = gettext_lazy("Nơi này chưa nối với Cổng Dịch vụ công quốc gia. Người vận hành nối bằng cài đặt THONGSUOT_PORTAL.")


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Not told to the end: by reason, longest waiting first; and how each unit gets through."""
    actor, now = actor_with(request, DUTY), clock.now()
    reason = request.GET.get("ly_do", "")
    reason = reason if reason in queries.REASONS else ""
    unit_id = _unit_asked(request.GET, actor)
    counts = queries.open_counts(actor, unit_id=unit_id)
    page = page_of(request, count=counts[reason] if reason else sum(counts.values()))
    access = queries.access_rows(actor, now=now)
    return render(
        request,
        "national_portal/overview.html",
        {
            "rows": queries.open_lanes(actor, reason=reason, unit_id=unit_id, limit=page.size, offset=page.first, now=now),
            "page": page,
            "counts": counts,
            "labels": queries.reason_labels(),
            "reason": reason,
            "unit": units.unit_row(unit_id, as_of=timezone.localdate(now)) if unit_id else None,
            "access": access,
            "alarms": [row for row in access if row.state == "alarm"],
            "connected": bool(settings.PORTAL),
            "stand_in": is_stand_in(),
            "today": timezone.localdate(now),
        },
    )


@require_POST
def resend_chosen(request: HttpRequest) -> HttpResponse:
    """Those ticked on the page, or all of a reason."""
    actor, now = actor_with(request, DUTY), clock.now()
    if request.POST.get("tat_ca") in queries.REASONS:
        unit_id = _unit_asked(request.POST, actor)
        rows = queries.open_lanes(actor, reason=request.POST["tat_ca"], unit_id=unit_id, limit=MOST_AT_ONCE, now=now)
        ids = [row.dossier_id for row in rows]
    else:
        ids = numbers_of(request.POST.getlist("hs"), most=MOST_AT_ONCE)
    done = actions.resend_many(ids, actor=actor, at=now)
    if done:
        said = ngettext("Đã xếp lại %(num)s hồ sơ vào hàng gửi.", "Đã xếp lại %(num)s hồ sơ vào hàng gửi.", done) % {
            "num": done
        }
        if len(ids) == MOST_AT_ONCE:
            said += " " + _("Mỗi lần xếp nhiều nhất %(most)s hồ sơ; còn lại thì bấm lần nữa.") % {"most": MOST_AT_ONCE}
        messages.success(request, said)
    else:
        messages.info(request, _("Chưa chọn hồ sơ nào còn phải gửi."))
    return redirect("national_portal:overview")


@require_POST
def resend(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """From the page of a dossier."""
    actions.resend(dossier_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("Đã xếp hồ sơ vào hàng gửi. Kết quả hiện ở đây sau ít phút."))
    return redirect("dossiers:case", dossier_id)


@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Off with a reason, or on again. Only the city."""
    actor, now = actor_with(request, DUTY), clock.now()
    unit = units.unit_row(unit_id, as_of=timezone.localdate(now))
    actor.must(DUTY, unit_id=units.city_of(unit_id))
    row = queries.access_of(unit_id, actor=actor, now=now)
    is_off = row.state == "off"
    form = None if is_off else OffForm(request.POST or None)
    if request.method == "POST" and (form is None or form.is_valid()):
        with refusals_on(form):
            if form is None:
                actions.switch_on(unit_id, actor=actor, at=now)
                messages.success(request, _("Đã mở lại đồng bộ của %(unit)s.") % {"unit": unit.full_name})
            else:
                actions.switch_off(unit_id, reason=form.cleaned_data["reason"], actor=actor, at=now)
                messages.success(request, _("Đã tạm dừng đồng bộ của %(unit)s.") % {"unit": unit.full_name})
            return redirect("national_portal:overview")
    return confirm(
        request,
        question=(_("Mở lại đồng bộ của %(unit)s?") if is_off else _("Tạm dừng đồng bộ của %(unit)s?"))
        % {"unit": unit.full_name},
        consequence=_("Tin đã chờ được gửi theo thứ tự.")
        if is_off
        else _("Việc tiếp nhận và giải quyết vẫn như thường; tin chờ ở đây và được gửi khi mở lại."),
        button=_("Mở lại") if is_off else _("Tạm dừng"),
        cancel_href=reverse("national_portal:overview"),
        form=form,
        staff=True,
    )


@require_http_methods(["GET", "POST"])
def reconciliation(request: HttpRequest) -> HttpResponse:
    """One day, ours against the portal's. POST: tell again what it lost or has otherwise."""
    actor = actor_with(request, DUTY)
    asked = request.POST if request.method == "POST" else request.GET
    form = DayForm({"ngay": asked["ngay"]} if "ngay" in asked else None)
    found = None
    if form.is_valid():
        found = _reconciled(actor, form)
        if request.method == "POST":
            count = actions.mend(found, actor=actor, at=clock.now())
            messages.success(request, _("Đã xếp %(count)s hồ sơ để báo lại.") % {"count": count})
            return redirect(f"{reverse('national_portal:reconciliation')}?ngay={form.cleaned_data['ngay']:%d/%m/%Y}")
    return render(request, "national_portal/reconcile.html", {"form": form, "found": found}, status=422 if form.errors else 200)


def _reconciled(actor: Actor, form: DayForm) -> Reconciliation:
    portal = chosen()
    if portal is None:
        raise NoPortal
    try:
        return reconcile(portal, form.cleaned_data["ngay"], unit_ids=actor.units_for(DUTY))
    except Unreachable as trouble:
        raise PortalNotAnswering(trouble.fault) from None
    except Refused as no:
        raise PortalRefuses(no.answer.error_code) from None


def _unit_asked(asked_for: QueryDict, actor: Actor) -> int | None:
    unit_id = number_of(asked_for.get("don_vi", ""))
    return unit_id if unit_id in actor.units_for(DUTY) else None
