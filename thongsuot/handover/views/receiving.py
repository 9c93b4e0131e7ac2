"""Pages of the unit that receives: scan what comes, confirm what moved inside the system, say what is missing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from thongsuot.handover import actions, rules
from thongsuot.handover.forms.inventory import DisputeLivingForm, ScanForm, SettleForm
from thongsuot.handover.models import Box, Changeover, Item, Transfer
from thongsuot.handover.queries import inventory, speaking
from thongsuot.handover.queries import minutes as minutes_queries
from thongsuot.handover.queries.transfers import label_of, names
from thongsuot.handover.rules.classes import classes
from thongsuot.handover.views.common import of_new_unit, picked_ids
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import A_PAGE, page_of
from thongsuot.web.request import number_of, pressed

MOST_BOXES = 200


@require_http_methods(["GET", "POST"])
def receiving(request: HttpRequest, changeover_id: int, unit_id: int) -> HttpResponse:
    """A field for the scanner, and what comes from whom."""
    actor, one = of_new_unit(request, changeover_id, unit_id)
    form = ScanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, places={"code": "ma"}):
            code = form.cleaned_data["ma"]
            counted = actions.receive(one.pk, to_unit_id=unit_id, code=code, actor=actor, at=clock.now())
            if counted:
                messages.success(request, _words(counted))
            else:
                messages.info(request, _("%(code)s đã nhận trước đó rồi.") % {"code": code.upper()})
            return redirect("handover:receiving", one.pk, unit_id)
    givers = inventory.givers(one, unit_id)
    named = names({unit_id, *givers}, one.effective_on)
    boxes = Box.objects.filter(changeover=one, to_unit=unit_id)
    rows = []
    for from_unit in givers:
        listed = inventory.tallies(one, from_unit_id=from_unit, to_unit_id=unit_id)
        moved = inventory.living(one, from_unit_id=from_unit, to_unit_id=unit_id)
        rows.append((from_unit, named[from_unit], _sum(listed), _sum(moved)))
    return render(
        request,
        "handover/receiving.html",
        {
            "one": one,
            "unit_id": unit_id,
            "unit_name": named[unit_id],
            "form": form,
            "rows": rows,
            "boxes": list(boxes.exclude(state=Box.State.OPEN).order_by("code")[:MOST_BOXES]),
            "speaks": speaking.speaks_for(actor, one, unit_id),
        },
        status=422 if form.errors else 200,
    )


def _words(counted: list[Item]) -> str:
    if len(counted) == 1:
        return _("Đã nhận %(code)s: %(name)s.") % {"code": counted[0].code, "name": counted[0].name}
    return ngettext("Đã nhận %(num)s mục trong hộp.", "Đã nhận %(num)s mục trong hộp.", len(counted)) % {"num": len(counted)}


def _sum(tallies: list[inventory.Tally]) -> dict[str, int]:
    return {
        "handed": sum(one.handed for one in tallies),
        "received": sum(one.received for one in tallies),
        "disputed": sum(one.disputed for one in tallies),
        "open": sum(one.open for one in tallies),
    }


@require_http_methods(["GET", "POST"])
def coming(request: HttpRequest, changeover_id: int, unit_id: int, from_unit_id: int) -> HttpResponse:
    """All that one ended unit hands over to this one: picked and confirmed, or said to differ."""
    actor, one = of_new_unit(request, changeover_id, unit_id)
    asked = pressed(request)
    dispute_form = DisputeLivingForm(request.POST if asked == "khac" else None)
    settle_form = SettleForm(request.POST if asked == "xong" else None)
    forms: dict[str, DisputeLivingForm | SettleForm] = {"khac": dispute_form, "xong": settle_form}
    form = forms.get(asked)
    if asked and (form is None or form.is_valid()):
        try:
            with refusals_on(form):
                messages.success(request, _act(request, one, unit_id, from_unit_id, asked, form, actor))
                return redirect(request.get_full_path())
        except BadInput as refusal:  # nothing was picked, and no form is there to say it
            messages.error(request, refusal.message())
            return redirect(request.get_full_path())
    rows = inventory.items(one, from_unit_id=from_unit_id, to_unit_id=unit_id).select_related("box").order_by("klass", "code")
    if request.GET.get("con") == "1":
        rows = rows.exclude(inventory.CONFIRMED)
    page = page_of(request, count=rows.count())
    named = names({unit_id, from_unit_id}, one.effective_on)
    different = Transfer.objects.filter(
        changeover=one, from_unit=from_unit_id, to_unit=unit_id, disputed_at__isnull=False, settled_at=None
    )
    return render(
        request,
        "handover/coming.html",
        {
            "one": one,
            "unit_id": unit_id,
            "from_unit_id": from_unit_id,
            "unit_name": named[unit_id],
            "from_name": named[from_unit_id],
            "tallies": inventory.tallies(one, from_unit_id=from_unit_id, to_unit_id=unit_id),
            "living": inventory.living(one, from_unit_id=from_unit_id, to_unit_id=unit_id),
            "rows": list(rows[page.slice]),
            "labels": {klass.key: klass.label for klass in classes().values()},
            "page": page,
            "open_only": request.GET.get("con") == "1",
            "plain": inventory.plain,
            "receipt_words": minutes_queries.receipt_words,
            "different": [(row, label_of(row.kind)) for row in different.order_by("pk")[:A_PAGE]],
            "dispute_form": dispute_form,
            "settle_form": settle_form,
            "settling": number_of(request.POST.get("muc", "")) or None if asked == "xong" else None,
            "form": form,
            "speaks": speaking.speaks_for(actor, one, unit_id),
            "steers": actor.may(rules.DUTY, unit_id=one.city_id),
        },
        status=422 if form is not None and form.errors else 200,
    )


def _act(
    request: HttpRequest,
    one: Changeover,
    unit_id: int,
    from_unit_id: int,
    asked: str,
    form: DisputeLivingForm | SettleForm | None,
    actor: Actor,
) -> str:
    now = clock.now()
    if asked == "nhan":
        count = actions.receive_picked(one.pk, to_unit_id=unit_id, item_ids=picked_ids(request), actor=actor, at=now)
        return ngettext("Đã nhận %(num)s mục.", "Đã nhận %(num)s mục.", count) % {"num": count}
    if asked == "nhan_loai":
        count = actions.receive_living(
            one.pk, from_unit_id=from_unit_id, to_unit_id=unit_id, kind=request.POST.get("loai", "")[:40], actor=actor, at=now
        )
        return ngettext("Đã xác nhận %(num)s mục.", "Đã xác nhận %(num)s mục.", count) % {"num": count}
    if isinstance(form, DisputeLivingForm):
        said = dict(form.cleaned_data)
        code = said.pop("code")
        row = Transfer.objects.filter(
            changeover=one, from_unit=from_unit_id, to_unit=unit_id, label__iexact=code, moved_at__isnull=False
        ).first()
        if row is None:
            raise BadInput({"code": _("Không có mục nào có mã này chuyển từ đơn vị đó về đây.")})
        actions.dispute(one.pk, what="transfer", row_id=row.pk, **said, actor=actor, at=now)
        return _("Đã ghi khác biệt.")
    if isinstance(form, SettleForm):
        row_id = must_exist(number_of(request.POST.get("muc", "")) or None)
        actions.settle(one.pk, what="transfer", row_id=row_id, **form.cleaned_data, actor=actor, at=now)
        return _("Đã ghi kết quả làm rõ.")
    raise NotFound
