"""The correction list: one proposes, another decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.people.actions import log_look_up
from thongsuot.registers import actions
from thongsuot.registers.forms.entries import EntryForm, texts
from thongsuot.registers.forms.imports import DecisionForm, ProposalForm
from thongsuot.registers.models import ImportRow, Kind, Proposal
from thongsuot.registers.queries import books as reading
from thongsuot.registers.queries import places
from thongsuot.registers.queries.same import entries_with_key
from thongsuot.registers.rules import DUTY, reasons
from thongsuot.registers.rules.columns import columns_by_key
from thongsuot.registers.views.common import tabs
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, pressed


@require_GET
def corrections(request: HttpRequest) -> HttpResponse:
    actor = actor_with(request, DUTY, "review dossiers")
    mine = actor.units_for(DUTY) | actor.units_for("review dossiers")
    page = page_of(request, count=reading.corrections_count(keeper_ids=mine))
    rows = reading.corrections(keeper_ids=mine, limit=page.size, offset=page.first)
    return render(
        request,
        "registers/corrections.html",
        {
            "rows": [(row, reasons.in_words(row.reasons)) for row in rows],
            "page": page,
            "tabs": tabs("registers:corrections", actor=actor),
        },
    )


@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, row_id: int) -> HttpResponse:
    """The row as the file has it, what is unclear, and either a proposal to make or one to decide on."""
    actor, now = actor_with(request, DUTY, "review dossiers"), clock.now()
    row = reading.correction_for(row_id, actor=actor)
    proposal = row.proposals.filter(outcome="").first()
    if request.method == "POST" and proposal is not None:
        return _decide(request, row, proposal, actor)
    if request.method == "POST":
        actor.must(DUTY, unit_id=row.source.unit_id)
        return _propose(request, row, actor)
    # Names stand on this page in full: opening it is a look-up whose reason is the work on the list.
    log_look_up(
        row,
        fields=["full_name", "birth_date", "civil_status"],
        reason=_("Xử lý danh sách cần sửa, tệp %(file)s, dòng %(place)s") % {"file": row.source.file_name, "place": row.place},
        actor=actor,
        at=now,
    )
    return _page(request, row, actor, status=200)


def _propose(request: HttpRequest, row: ImportRow, actor: Actor) -> HttpResponse:
    entry_form, form = _forms(row, request)
    # Both are looked at, so that all faults are told at once.
    if all([form.is_valid(), entry_form.is_valid() or form.data.get("way") == "reject"]):
        said = form.cleaned_data
        cells = texts(entry_form.cleaned_data) if said["way"] == "store" else row.cells
        with refusals_on(form):
            actions.propose_correction(
                row.pk,
                way=Proposal.Way(said["way"]),
                cells=cells,
                place_unit_id=said["place_unit"],
                settled=said.get("settled", ()),
                why=said["why"],
                actor=actor,
                at=clock.now(),
            )
            messages.success(request, _("Đã gửi đề xuất. Người thứ hai sẽ quyết định."))
            return redirect("registers:corrections")
    return _page(request, row, actor, status=422, forms=(entry_form, form))


def _decide(request: HttpRequest, row: ImportRow, proposal: Proposal, actor: Actor) -> HttpResponse:
    form = DecisionForm(request.POST)
    if form.is_valid():
        accept = pressed(request) == "dong-y"
        with refusals_on(form):
            actions.decide_correction(proposal.pk, accept=accept, note=form.cleaned_data["note"], actor=actor, at=clock.now())
            messages.success(request, _("Đã đồng ý.") if accept else _("Đã trả lại cho người đề xuất."))
            return redirect("registers:corrections")
    return _page(request, row, actor, status=422, decision=form)


def _forms(row: ImportRow, request: HttpRequest | None = None) -> tuple[EntryForm, ProposalForm]:
    data = request.POST if request else None
    kind = Kind(row.source.kind)
    choices = places.old_places(row.source.unit_id, today=clock.today())
    entry_form = EntryForm(kind, data, initial=row.cells, whole_row=True)
    return entry_form, ProposalForm(choices, row.reasons, data)


def _page(
    request: HttpRequest,
    row: ImportRow,
    actor: Actor,
    *,
    status: int,
    forms: tuple[EntryForm, ProposalForm] | None = None,
    decision: DecisionForm | None = None,
) -> HttpResponse:
    proposal = row.proposals.filter(outcome="").first()
    entry_form, form = forms or _forms(row)
    labels = {key: str(column.heading) for key, column in columns_by_key(row.source.kind).items()}
    keeps = actor.may(DUTY, unit_id=row.source.unit_id)
    context: dict[str, Any] = {
        "row": row,
        "why": reasons.in_words(row.reasons),
        "written": [(labels[key], row.cells[key]) for key in labels if row.cells.get(key)],
        "proposal": proposal,
        "changes": _changes(row, proposal, labels) if proposal else [],
        "settled": reasons.in_words(proposal.settled) if proposal else [],
        "place_unit": places.full_name(proposal.place_unit_id, on=clock.today()) if proposal and proposal.place_unit_id else "",
        "past": list(row.proposals.exclude(outcome="").order_by("-id")),
        "own": proposal is not None and proposal.proposed_by_id == actor.person_id,
        "same": _same(row),
        "entry_form": entry_form,
        "form": form,
        "decision": decision or DecisionForm(),
        "keeps": keeps,
        "open": row.state == ImportRow.State.DOUBTFUL,
        "tabs": tabs("registers:corrections", actor=actor),
    }
    return render(request, "registers/correction.html", context, status=status)


def _changes(row: ImportRow, proposal: Proposal, labels: dict[str, str]) -> list[tuple[str, str, str]]:
    return [
        (labels[key], str(row.cells.get(key, "")), str(proposal.cells.get(key, "")))
        for key in labels
        if str(row.cells.get(key, "")) != str(proposal.cells.get(key, ""))
    ]


def _same(row: ImportRow) -> list[tuple[int, str]]:
    """(entry, words) of what it seems to double, to compare with."""
    if not row.person_key:
        return []
    return [
        (
            one.id,
            _("số %(number)s, quyển %(book)s, năm %(year)s")
            % {"number": one.number, "book": one.book or "-", "year": one.year},
        )
        for one in entries_with_key(row.person_key, keeper_id=row.source.unit_id)
    ]
