"""Pages of the unit that hands over: its lists, class by class, each thing, and the boxes they are packed in."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.files.rules import FileType
from thongsuot.files.table_rows import BadRow
from thongsuot.files.views import refusals_on_list
from thongsuot.handover import actions, rules, sheets
from thongsuot.handover.forms.inventory import DisputeForm, DivideForm, FileForm, LineForm, ReopenForm, SettleForm
from thongsuot.handover.forms.steering import ChooseForm
from thongsuot.handover.models import Changeover, Item
from thongsuot.handover.printing import Label, labels_pdf
from thongsuot.handover.queries import inventory, speaking
from thongsuot.handover.queries import minutes as minutes_queries
from thongsuot.handover.queries.transfers import ended_by, names
from thongsuot.handover.rules.classes import Class, classes
from thongsuot.handover.views.common import (
    may_receive,
    of_old_unit,
    picked_ids,
)
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.units.heirs import RULE_LABELS
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, pressed

MOST_LABELS = 700
SheetForm = LineForm | ChooseForm | ReopenForm
ItemForm = LineForm | DivideForm | DisputeForm | SettleForm


@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """Every changeover in which the actor speaks for a unit: what it hands over, what it receives."""
    actor = actor_of(request)
    everything = list(Changeover.objects.select_related("decision").order_by("-effective_on"))
    mine = speaking.units_of(actor, everything)
    if not any(mine.values()):
        raise NotYourDuty(rules.HAND_OVER)
    rows = []
    for one in everything:
        ended = set(ended_by(one.decision)) & mine[one.pk]
        receiving = [unit_id for unit_id in sorted(mine[one.pk] - ended) if inventory.givers(one, unit_id)]
        named = names(ended | set(receiving), one.effective_on)
        if ended or receiving:
            rows.append((one, [(pk, named[pk]) for pk in sorted(ended)], [(pk, named[pk]) for pk in receiving]))
    return render(request, "handover/handovers.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def lists(request: HttpRequest, changeover_id: int, unit_id: int) -> HttpResponse:
    """All lists of an ended unit, and what is missing with whom."""
    actor, one = of_old_unit(request, changeover_id, unit_id)
    if request.method == "POST":
        wanted = [key for key in request.POST.getlist("loai") if key in classes()]
        if not wanted:
            messages.error(request, _("Chưa chọn bảng kê nào. Hãy đánh dấu các loại đã kê đủ, cả loại không có gì."))
        else:
            count = actions.declare(one.pk, unit_id=unit_id, klasses=wanted, actor=actor, at=clock.now())
            said = ngettext("Đã xác nhận %(num)s bảng kê.", "Đã xác nhận %(num)s bảng kê.", count) % {"num": count}
            messages.success(request, said)
        return redirect("handover:lists", one.pk, unit_id)
    begun = inventory.sheets(one, unit_id)
    tallies = {tally.key: tally for tally in inventory.tallies(one, from_unit_id=unit_id)}
    towards = inventory.receivers(one, unit_id)
    named = names({*towards, unit_id}, one.effective_on)
    pairs = [(to, named[to], minutes_queries.minutes_of(one, unit_id, to)) for to in towards]
    return render(
        request,
        "handover/lists.html",
        {
            "one": one,
            "unit_id": unit_id,
            "unit_name": named[unit_id],
            "rows": [(klass, begun.get(klass.key), tallies.get(klass.key)) for klass in classes().values()],
            "undecided": inventory.undecided_items(one, unit_id),
            "pairs": pairs,
            "speaks": speaking.speaks_for(actor, one, unit_id),
            "steers": actor.may(rules.DUTY, unit_id=one.city_id),
        },
    )


def _class(key: str) -> Class:
    found = must_exist(classes().get(key))
    return found


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, changeover_id: int, unit_id: int, klass: str) -> HttpResponse:
    """One list: what stands on it, a form for one more, a spreadsheet, where each goes, and that it is complete."""
    actor, one = of_old_unit(request, changeover_id, unit_id)
    kind = _class(klass)
    asked = pressed(request)
    only = request.GET.get("chua_ro") == "1"
    rows = inventory.items(one, from_unit_id=unit_id, klass=klass).select_related("box", "person").order_by("code")
    if only:
        rows = rows.filter(to_unit=None)
    page = page_of(request, count=rows.count())
    line_form = LineForm(kind, request.POST if asked == "them" else None)
    file_form = FileForm(*((request.POST, request.FILES) if asked == "nhap" else ()))
    choose_form = ChooseForm(request.POST if asked == "chon" else None, units=may_receive(one, unit_id))
    reopen_form = ReopenForm(request.POST if asked == "mo" else None)
    bad_rows: list[BadRow] = []
    forms: dict[str, SheetForm] = {"them": line_form, "chon": choose_form, "mo": reopen_form}
    form = forms.get(asked)
    if file_form.is_valid():
        file = file_form.cleaned_data["file"]
        with refusals_on_list(file_form, bad_rows):
            made = actions.import_list(one.pk, file, name=file.name, unit_id=unit_id, klass=klass, actor=actor, at=clock.now())
            said = ngettext("Đã nhập %(num)s dòng.", "Đã nhập %(num)s dòng.", len(made))
            messages.success(request, said % {"num": len(made)})
            return redirect(request.get_full_path())
    elif asked and not file_form.is_bound:
        with refusals_on(form, places={"0.person": "person"}):
            if done := _act_on_sheet(request, one, unit_id, kind, asked, form, actor, clock.now()):
                messages.success(request, done)
                return redirect(request.get_full_path())
    shown = list(rows[page.slice])
    begun = inventory.sheets(one, unit_id).get(klass)
    named = names({row.to_unit_id for row in shown if row.to_unit_id} | {unit_id}, one.effective_on)
    return render(
        request,
        "handover/sheet.html",
        {
            "one": one,
            "unit_id": unit_id,
            "unit_name": named[unit_id],
            "klass": kind,
            "sheet": begun,
            "declared": begun is not None and begun.declared_at is not None,
            "page": page,
            "rows": [(row, named.get(row.to_unit_id or 0, ""), RULE_LABELS[row.rule]) for row in shown],
            "receipt_words": minutes_queries.receipt_words,
            "plain": inventory.plain,
            "only": only,
            "undecided": inventory.items(one, from_unit_id=unit_id, klass=klass).filter(to_unit=None).count(),
            "line_form": line_form,
            "file_form": file_form,
            "choose_form": choose_form,
            "reopen_form": reopen_form,
            "bad_rows": bad_rows,
            "speaks": speaking.speaks_for(actor, one, unit_id),
        },
        status=422 if file_form.errors or (form is not None and form.errors) else 200,
    )


def _act_on_sheet(
    request: HttpRequest,
    one: Changeover,
    unit_id: int,
    kind: Class,
    asked: str,
    form: SheetForm | None,
    actor: Actor,
    now: datetime,
) -> str:
    """What was done; nothing: the form says why."""
    if asked == "du":
        actions.declare(one.pk, unit_id=unit_id, klasses=[kind.key], actor=actor, at=now)
        return _("Đã xác nhận bảng kê đủ.")
    if asked == "lai":
        count = actions.allocate_again(one.pk, unit_id=unit_id, klass=kind.key, actor=actor, at=now)
        return ngettext("%(num)s mục đổi nơi nhận.", "%(num)s mục đổi nơi nhận.", count) % {"num": count}
    if form is None or not form.is_valid():
        return ""
    if isinstance(form, LineForm) and form.line is not None:
        item = actions.list_item(one.pk, unit_id=unit_id, klass=kind.key, line=form.line, actor=actor, at=now)
        return _("Đã ghi %(code)s: %(name)s.") % {"code": item.code, "name": item.name}
    if isinstance(form, ChooseForm):
        picked = picked_ids(request)
        if not picked:
            raise BadInput({"to_unit_id": _("Chưa chọn mục nào. Hãy đánh dấu các mục về cùng một đơn vị.")})
        count = actions.choose_receiver(one.pk, picked, **form.cleaned_data, actor=actor, at=now)
        return ngettext("Đã chọn nơi nhận cho %(num)s mục.", "Đã chọn nơi nhận cho %(num)s mục.", count) % {"num": count}
    actions.reopen(one.pk, unit_id=unit_id, klass=kind.key, why=form.cleaned_data["why"], actor=actor, at=now)
    return _("Đã mở lại bảng kê.")


@require_GET
def template(request: HttpRequest, changeover_id: int, unit_id: int, klass: str) -> HttpResponseBase:
    """The spreadsheet to be filled."""
    of_old_unit(request, changeover_id, unit_id)
    kind = _class(klass)
    return file_answer(sheets.template(kind), f"mau-bang-ke-{kind.key}.xlsx", FileType.XLSX)


@require_GET
def export(request: HttpRequest, changeover_id: int, unit_id: int, klass: str) -> HttpResponseBase:
    """The list as it is, in the layout of the template."""
    _actor, one = of_old_unit(request, changeover_id, unit_id)
    kind = _class(klass)
    rows = inventory.items(one, from_unit_id=unit_id, klass=klass).select_related("person").order_by("code")
    return file_answer(sheets.exported(kind, rows), f"bang-ke-{kind.key}.xlsx", FileType.XLSX)


@require_GET
def labels(request: HttpRequest, changeover_id: int, unit_id: int, klass: str) -> HttpResponseBase:
    """Labels for the things of a list, with the code as QR."""
    _actor, one = of_old_unit(request, changeover_id, unit_id)
    kind = _class(klass)
    rows = list(inventory.items(one, from_unit_id=unit_id, klass=klass).order_by("code")[:MOST_LABELS])
    named = names({row.to_unit_id for row in rows if row.to_unit_id} | {unit_id}, one.effective_on)
    made = [
        Label(
            code=row.code,
            title=row.name,
            lines=(named[unit_id], _("Về: %(unit)s") % {"unit": named[row.to_unit_id]} if row.to_unit_id else ""),
        )
        for row in rows
    ]
    if not made:
        raise NotFound
    return file_answer(labels_pdf(made, title=kind.label, made_at=clock.now()), f"nhan-{kind.key}.pdf", FileType.PDF)


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """One thing: as it is, where it goes, whether it was received; what either side may do with it."""
    row = must_exist(Item.objects.select_related("changeover__decision", "box", "person").filter(pk=item_id).first())
    one, actor = row.changeover, actor_of(request)
    hands = speaking.speaks_for(actor, one, row.unit_id)
    steers = actor.may(rules.DUTY, unit_id=one.city_id)
    takes = row.to_unit_id is not None and speaking.speaks_for(actor, one, row.to_unit_id)
    if not (hands or takes or steers):
        raise NotYourDuty(rules.HAND_OVER)
    kind, asked = classes()[row.klass], pressed(request)
    receiving = may_receive(one, row.unit_id)
    forms: dict[str, ItemForm] = {
        "sua": LineForm(kind, request.POST if asked == "sua" else None, initial=LineForm.initial_of(row)),
        "chia": DivideForm(row, kind, receiving, request.POST if asked == "chia" else None),
        "khac": DisputeForm(request.POST if asked == "khac" else None),
        "xong": SettleForm(request.POST if asked == "xong" else None),
    }
    form = forms.get(asked)
    if asked and (form is None or form.is_valid()):
        with refusals_on(form):
            messages.success(request, _act_on_item(row, asked, form, actor, clock.now()))
            return redirect("handover:item", row.pk)
    parts = list(row.parts.filter(struck_at=None).order_by("code"))
    named = names(
        {unit for unit in (row.unit_id, row.to_unit_id, *(part.to_unit_id for part in parts)) if unit}, one.effective_on
    )
    begun = inventory.sheets(one, row.unit_id).get(row.klass)
    return render(
        request,
        "handover/item.html",
        {
            "one": one,
            "item": row,
            "klass": kind,
            "details": _details(row, kind),
            "unit_name": named[row.unit_id],
            "to_name": named.get(row.to_unit_id or 0, ""),
            "parts": [(part, named.get(part.to_unit_id or 0, "")) for part in parts],
            "rule": RULE_LABELS[row.rule],
            "plain": inventory.plain,
            "receipt": minutes_queries.receipt_words(row),
            "hands": hands,
            "takes": takes,
            "steers": steers,
            "open_list": begun is not None and begun.declared_at is None,
            "confirmed": row.received_at is not None or row.disputed_at is not None,
            "forms": forms,
            "form": form,
            "history": history_of(row),
        },
        status=422 if form is not None and form.errors else 200,
    )


def _details(row: Item, kind: Class) -> list[tuple[str, str]]:
    shown = LineForm.initial_of(row)
    return [(field.label, shown[f"detail-{field.key}"]) for field in kind.fields if f"detail-{field.key}" in shown]


def _act_on_item(row: Item, asked: str, form: ItemForm | None, actor: Actor, now: datetime) -> str:
    if isinstance(form, LineForm) and form.line is not None:
        actions.correct_item(row.pk, line=form.line, actor=actor, at=now)
        return _("Đã sửa.")
    if isinstance(form, DivideForm):
        made = actions.divide_item(row.pk, parts=form.parts, why=form.cleaned_data["why"], actor=actor, at=now)
        return _("Đã chia thành %(num)s phần, mỗi phần có mã riêng.") % {"num": len(made)}
    if isinstance(form, DisputeForm):
        actions.dispute(row.changeover_id, what="item", row_id=row.pk, **form.cleaned_data, actor=actor, at=now)
        return _("Đã ghi khác biệt.")
    if isinstance(form, SettleForm):
        actions.settle(row.changeover_id, what="item", row_id=row.pk, **form.cleaned_data, actor=actor, at=now)
        return _("Đã ghi kết quả làm rõ.")
    if asked == "bo":
        actions.strike_item(row.pk, actor=actor, at=now)
        return _("Đã ghi.")
    if asked == "gop":
        actions.join_again(row.pk, actor=actor, at=now)
        return _("Đã gộp lại thành một mục.")
    if asked == "nhan" and row.to_unit_id is not None:
        actions.receive(row.changeover_id, to_unit_id=row.to_unit_id, code=row.code, actor=actor, at=now)
        return _("Đã nhận.")
    if asked == "khong_nhan" and row.to_unit_id is not None:
        actions.not_received(row.changeover_id, to_unit_id=row.to_unit_id, item_id=row.pk, actor=actor, at=now)
        return _("Đã bỏ xác nhận.")
    raise NotFound
