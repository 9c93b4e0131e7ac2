"""The register: its list, a new visit, an entry with all that is done about it, who came, papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.citizen_reception import actions, sheets
from thongsuot.citizen_reception.forms import (
    ClassForm,
    EndForm,
    GroundsForm,
    HandleForm,
    PaperForm,
    ReasonForm,
    ResultForm,
    VisitForm,
    WhyForm,
)
from thongsuot.citizen_reception.models import HandedPaper, ReceptionEntry, ReceptionSlip
from thongsuot.citizen_reception.panels import panels_of
from thongsuot.citizen_reception.queries import access
from thongsuot.citizen_reception.queries import register as queries
from thongsuot.citizen_reception.queries.sessions import title_for
from thongsuot.citizen_reception.rules import EXTEND
from thongsuot.citizen_reception.views.common import (
    KIND_TAGS,
    STATE_TAGS,
    bound,
    must_be_known,
    officer,
    own_choices,
    tabs,
)
from thongsuot.files.rules import FileType
from thongsuot.files.views import serve
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.history import history_of
from thongsuot.kernel.text import instant
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import number_of


def _asked(request: HttpRequest) -> queries.Asked:
    return queries.Asked(
        words=request.GET.get("q", "")[:200].strip(),
        kind=request.GET.get("loai", ""),
        state=request.GET.get("muc", ""),
        unit_id=number_of(request.GET.get("don_vi", "")) or None,
    )


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    actor, now, today, asked = officer(request), clock.now(), clock.today(), _asked(request)
    found = queries.entries(actor, asked, now=now, on=today)
    page = page_of(request, count=found.count())
    rows = [queries.row_of(entry) for entry in found[page.slice]]
    counts = queries.counts(actor, now=now, on=today)
    words = {
        "": _("Tất cả"),
        "dang-mo": _("Đang mở"),
        "tre": _("Trễ hạn xử lý, giải quyết"),
        "tu-choi": _("Chờ thông báo từ chối"),
        "qua-han": _("Quá hạn thông báo"),
    }
    here = reverse("citizen_reception:register")
    whose = own_choices(actor, on=today)
    context = {
        "rows": rows,
        "page": page,
        "asked": asked,
        "now": now,
        "names": {row.id: row.full_name for row in units.unit_rows({row.unit_id for row in rows}, as_of=today).values()},
        "whose": whose,
        "kinds": [*ReceptionEntry.Kind.choices, ("chua", _("Chưa phân loại"))],
        "tabs": tabs("register", actor=actor),
        "filters": [
            {
                "text": text,
                "href": f"{here}?muc={state}" if state else here,
                "current": state == asked.state,
                "count": counts.get(state),
                "bad": state in {"tre", "qua-han"} and bool(counts.get(state)),
            }
            for state, text in words.items()
        ],
        "kind_tags": KIND_TAGS,
        "state_tags": STATE_TAGS,
    }
    return render(request, "citizen_reception/register.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    actor, today = officer(request), clock.today()
    form = VisitForm(own_choices(actor, on=today), request.POST or None)
    status = 200
    if request.method == "POST":
        with refusals_on(form) as answered:
            if form.is_valid():
                said = form.cleaned_data
                entry = actions.register_visit(
                    said["unit"],
                    visitor=form.visitor(),
                    papers=form.handed_in(),
                    **{name: said[name] for name in ("matter", "kind", "competence", "competent_body", "heard_by", "came_as")},
                    actor=actor,
                    at=clock.now(),
                )
                messages.success(request, _("Đã ghi vào sổ, số %(code)s.") % {"code": entry})
                return redirect("citizen_reception:entry", entry.pk)
        status = answered.status
    return render(request, "citizen_reception/add.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """All of one matter, but who came: the name as lists show it, the rest after a reason. Of a denunciation whoever may not
    see who it was reads no words of it either: they tell it."""
    actor, now, today = officer(request), clock.now(), clock.today()
    found = access.entry_for(entry_id, actor=actor, on=today)
    handles = found.unit_id in access.own_units(actor, on=today) or actor.trusted
    local = clock.local_now()
    classes = {"kind": found.kind, "competence": found.competence, "competent_body": found.competent_body}
    forms: dict[str, Any] = {
        "phan-loai": bound(request, "phan-loai", ClassForm, initial=classes),
        "giay-to": bound(request, "giay-to", PaperForm),
        "can-cu": bound(request, "can-cu", GroundsForm, initial={"day": local.date(), "hour": local.time()}),
        "xu-ly": bound(
            request,
            "xu-ly",
            HandleForm,
            queries.units_to_send_to(found, on=today),
            asks_since=found.grounds_at is None,
            initial={"body": found.competent_body, "words": found.grounds},
        ),
        "ket-qua": bound(request, "ket-qua", ResultForm),
        "gia-han": bound(request, "gia-han", WhyForm),
        "ket-thuc": bound(request, "ket-thuc", EndForm, handed_over=found.about_id is not None),
    }
    form: Any = None
    status = 200
    if request.method == "POST":
        what = must_be_known(request, {*forms, "bien-nhan"})
        form = forms.get(what)
        with refusals_on(form, places={"since": "day", "papers": "title"}) as answered:
            if form is None or form.is_valid():
                messages.success(request, _do(found, what, form, actor=actor))
                return redirect("citizen_reception:entry", found.pk)
        status = answered.status
    reads = access.may_see_visitor(actor, found, on=today)
    transfers = list(found.transfers.order_by("at", "pk"))
    of_units = {found.unit_id, found.book_unit_id}.union(*({one.from_unit_id, one.to_unit_id} for one in transfers))
    context = {
        "entry": found,
        "handles": handles,
        "extends": (
            found.state == "accepted"
            and found.kind in EXTEND
            and (found.due_at is not None and now <= found.due_at)
            and access.leads(actor, found.unit_id, on=today)
        ),
        "reads": reads,
        "sees": reads and handles,
        "forms": forms,
        "form": form,
        "now": now,
        "names": {row.id: row.full_name for row in units.unit_rows(of_units, as_of=today).values()},
        "transfers": transfers,
        "row": queries.row_of(found),
        "papers": list(found.papers.order_by("pk")),
        "slips": list(found.slips.order_by("pk")),
        "sessions": [(one, title_for(one, sees=reads)) for one in found.sessions.select_related("entry").order_by("starts_at")],
        "panels": panels_of(found, actor=actor, now=now),
        "looks": queries.looks_at(found),
        "history": history_of(found),
        "kind_tags": KIND_TAGS,
        "state_tags": STATE_TAGS,
    }
    return render(request, "citizen_reception/entry.html", context, status=status)


def _do(found: ReceptionEntry, what: str, form: Any, *, actor: Actor) -> str:
    """One press of a button; what to say then."""
    at, said = clock.now(), form.cleaned_data if form else {}
    match what:
        case "phan-loai":
            actions.classify(found.pk, **said, actor=actor, at=at)
            return _("Đã phân loại.")
        case "giay-to":
            actions.add_papers(found.pk, [form.paper()], actor=actor, at=at)
            return _("Đã ghi giấy tờ.")
        case "can-cu":
            actions.note_grounds(found.pk, grounds=said["grounds"], since=form.since(), actor=actor, at=at)
            return _("Đã ghi căn cứ. Thời hạn thông báo từ chối đang tính.")
        case "xu-ly":
            done = actions.handle(found.pk, **form.said(), actor=actor, at=at)
            if done.unit_id != found.unit_id:
                return _("Đã lập phiếu chuyển. Đơn vị nhận có lượt tiếp này trong sổ từ bây giờ; bạn vẫn xem được.")
            return _("Đã lập phiếu xử lý. Hãy in và đưa cho người đến.")
        case "ket-qua":
            actions.close_entry(found.pk, result=said["result"], actor=actor, at=at)
            return _("Đã ghi kết quả.")
        case "gia-han":
            done = actions.extend(found.pk, reason=said["reason"], actor=actor, at=at)
            assert done.due_at is not None
            return _("Đã gia hạn đến %(due)s.") % {"due": instant(done.due_at)}
        case "ket-thuc":
            actions.end_entry(found.pk, **said, actor=actor, at=at)
            return _("Đã kết thúc lượt tiếp.")
    actions.make_receipt(found.pk, actor=actor, at=at)
    return _("Đã lập giấy biên nhận. Hãy in và đưa cho người đến.")


@require_http_methods(["GET", "POST"])
def visitor(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Who came: first why, then who."""
    actor, today = officer(request), clock.today()
    found = access.entry_for(entry_id, actor=actor, on=today)
    actions.must_see(found, actor, clock.now())
    form, who, status = ReasonForm(request.POST or None), None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            with refusals_on(form):
                who = actions.open_visitor(found.pk, reason=form.cleaned_data["reason"], actor=actor, at=clock.now())
                status = 200
    context = {"entry": found, "form": form, "who": who}
    return render(request, "citizen_reception/visitor.html", context, status=status)


@require_GET
def file(request: HttpRequest, entry_id: int, file_id: int) -> HttpResponseBase:
    """A paper or a slip; that it was opened is kept."""
    actor, today = officer(request), clock.today()
    found = access.entry_for(entry_id, actor=actor, on=today)
    rows = (HandedPaper.objects, ReceptionSlip.objects)
    if not any(row.filter(entry=found, file=file_id).exists() for row in rows):
        raise NotFound
    actions.open_file(found.pk, actor=actor, at=clock.now())
    return serve(file_id)


@require_GET
def sheet(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, as a table: names masked as there."""
    actor, today = officer(request), clock.today()
    found = queries.entries(actor, _asked(request), now=clock.now(), on=today)[: sheets.MOST_ROWS]
    return file_answer(sheets.register(found, on=today), f"so-tiep-cong-dan-{today:%Y%m%d}.xlsx", FileType.XLSX)
