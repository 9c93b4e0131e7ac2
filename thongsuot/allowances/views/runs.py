"""The months of the city: freeze, approve, files, results, retries, reconciling."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from itertools import chain
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.allowances import actions
from thongsuot.allowances.actions.errors import SameReportAgain
from thongsuot.allowances.actions.results import ACCEPT, DISMISS, PAID_TWICE
from thongsuot.allowances.forms import ApproveForm, CloseForm, MonthForm, ReopenForm, ReportForm, ReturnForm, SettleForm
from thongsuot.allowances.models import Beneficiary, Payer, PayerReportRow, Payment, PayRun
from thongsuot.allowances.queries import checks
from thongsuot.allowances.queries import runs as queries
from thongsuot.allowances.queries.groups import to_change
from thongsuot.allowances.queries.keeping import due_people, keeps
from thongsuot.allowances.queries.roll import group_lines
from thongsuot.allowances.rules import APPROVE
from thongsuot.allowances.rules.outcomes import WHY
from thongsuot.allowances.sheets import report_rows_head, sums_head, twice_head
from thongsuot.allowances.views.common import city_actor, names
from thongsuot.files import queries as files
from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import Cell, Sheet, workbook
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.text import instant
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import nothing_pressed, number_of, numbers_of, pressed

SHOWN = 200
STATE_TAGS = {"draft": "new", "frozen": "wait", "approved": "go", "sent": "go", "settling": "go", "closed": "end"}
STEPS = list(PayRun.State)
SETTLES = {"nhan": ACCEPT, "giu": DISMISS, "hai-lan": PAID_TWICE}


def _run(request: HttpRequest, run_id: int) -> tuple[Actor, PayRun]:
    actor, _city = city_actor(request, today=clock.today())
    return actor, queries.run_for(run_id, actor=actor)


@require_http_methods(["GET", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    today = timezone.localdate(now)
    actor, city = city_actor(request, today=today)
    form = MonthForm(request.POST or None, initial={"month": queries.month_to_open(city.id, today=today)})
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            run = actions.open_run(city.id, month=form.cleaned_data["month"], actor=actor, at=now)
            return redirect("allowances:run", run.pk)
    return render(
        request,
        "allowances/runs.html",
        {
            "form": form,
            "runs": queries.runs(city.id),
            "tags": STATE_TAGS,
            "city": city,
            "may_open": keeps(actor, city.id),
        },
        status=422 if form.errors else 200,
    )


ORDERS: dict[str, tuple[Callable[..., object], Promise]] = {
    "chot": (actions.freeze_run, gettext_lazy("Đã chốt danh sách.")),
    "doi-nhom": (actions.change_groups, gettext_lazy("Đã chuyển nhóm. Người, nơi nhận và địa chỉ giữ nguyên.")),
    "bo": (actions.discard_run, gettext_lazy("Đã bỏ kỳ đang soạn.")),
    "duyet": (actions.approve_run, gettext_lazy("Đã duyệt danh sách.")),
    "tra-lai": (actions.return_run, gettext_lazy("Đã trả lại để chốt lại.")),
    "tep": (actions.make_batches, gettext_lazy("Đã lập tệp cho ngân hàng và bưu điện.")),
    "khoa": (actions.close_run, gettext_lazy("Đã khóa sổ kỳ chi trả.")),
    "mo-lai": (actions.reopen_run, gettext_lazy("Đã mở lại sổ.")),
}


@dataclass(frozen=True)
class Asks:
    """What an order asks for beside the press of its button; None: nothing."""

    approve: ApproveForm | None
    close: CloseForm | None
    back: ReturnForm
    reopen: ReopenForm

    def of(self, what: str) -> forms.Form | None:
        asked: dict[str, forms.Form | None] = {
            "duyet": self.approve,
            "khoa": self.close,
            "tra-lai": self.back,
            "mo-lai": self.reopen,
        }
        return asked.get(what)


def _asks(request: HttpRequest, check: checks.Check | None, sums: queries.Reconciled | None) -> Asks:
    """Figures in the forms are those of now; what the person saw is in what they sent."""
    said, what = request.POST, pressed(request)
    ticked = {"accept": said.get("accept", "")}
    approve = close = None
    if check is not None and check.stands_out:
        now = {"figures": check.figures}
        approve = ApproveForm({**ticked, **now} if what == "duyet" else None, initial=now)
    if sums is not None and sums.city.failed:
        unpaid = {"unpaid": sums.city.failed, "unpaid_dong": sums.city.failed_dong}
        close = CloseForm({**ticked, **unpaid} if what == "khoa" else None, initial=unpaid)
    return Asks(
        approve,
        close,
        ReturnForm(said if what == "tra-lai" else None),
        ReopenForm(said if what == "mo-lai" else None),
    )


def _given(request: HttpRequest, what: str) -> dict[str, Any]:
    """What the person sent with an order, as its command takes it."""
    said = request.POST
    match what:
        case "duyet":
            return {"accepted": said.get("figures", "")}
        case "khoa":
            return {"unpaid": number_of(said.get("unpaid", "")), "unpaid_dong": number_of(said.get("unpaid_dong", ""))}
        case "tra-lai" | "mo-lai":
            return {"reason": said.get("reason", "")}
    return {}


@require_http_methods(["GET", "POST"])
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Where the month is, what adds up, what is next."""
    actor, found = _run(request, run_id)
    frozen = found.state != PayRun.State.DRAFT
    check = checks.check(found) if frozen else None
    sums = queries.reconcile(found) if frozen else None
    asks, form = _asks(request, check, sums), None
    if request.method == "POST":
        what = pressed(request)
        if what not in ORDERS:
            raise nothing_pressed()
        form = asks.of(what)
        if form is None or form.is_valid():
            order, said = ORDERS[what]
            order(found.pk, actor=actor, at=clock.now(), **_given(request, what))
            messages.success(request, str(said))
            return redirect("allowances:runs") if what == "bo" else redirect("allowances:run", found.pk)
    return render(
        request,
        "allowances/run.html",
        {
            "run": found,
            "tag": STATE_TAGS[found.state],
            "steps": _steps(found),
            "check": check,
            "sums": sums,
            "changes": [] if frozen else to_change(found),
            "due": None if frozen else due_people(found.city_id, found.month, on=clock.today()),
            "batches": queries.batches(found),
            "contradictions": queries.open_contradictions(found),
            "payers": dict(Payer.choices),
            "asks": asks,
            "refused": form,
            "may_keep": keeps(actor, found.city_id),
            "may_approve": keeps(actor, found.city_id, duty=APPROVE),
            "own_freeze": actor.person_id is not None and actor.person_id == found.frozen_by_id,
        },
        status=422 if form is not None and form.errors else 200,
    )


def _steps(found: PayRun) -> list[dict[str, Any]]:
    """The way of a month, with who did what on it."""
    here = STEPS.index(PayRun.State(found.state))
    did = {
        PayRun.State.FROZEN: (found.frozen_by_name, found.frozen_at),
        PayRun.State.APPROVED: (found.approved_by_name, found.approved_at),
        PayRun.State.CLOSED: (found.closed_by_name, found.closed_at),
    }
    steps = []
    for place, state in enumerate(STEPS):
        who, when = did.get(state, ("", None))
        over = place < here or state == PayRun.State.CLOSED == found.state
        steps.append(
            {
                "state": "done" if over else "now" if place == here else "next",
                "title": state.label,
                "lines": [f"{who}, {instant(when)}"] if when else [],
            }
        )
    return steps


@require_GET
def checked(request: HttpRequest, run_id: int) -> HttpResponse:
    """Sums of units, nobody twice, nobody missing: the whole of what the check found."""
    _actor, found = _run(request, run_id)
    result = checks.check(found)
    page = page_of(request, count=len(result.missing))
    missing = sorted(result.missing, key=lambda row: bool(row.reason))[page.slice]
    left_out = result.left_out[:SHOWN]
    return render(
        request,
        "allowances/checked.html",
        {
            "run": found,
            "check": result,
            "missing": missing,
            "page": page,
            "names": names((row.unit_id for row in (*missing, *left_out)), on=found.month),
            "left_out": left_out,
            "unchecked": [line.code for line in group_lines(found.month) if not line.checked],
            "reasons": dict(Beneficiary.Stop.choices),
        },
    )


@require_GET
def reconciled(request: HttpRequest, run_id: int) -> HttpResponse:
    _actor, found = _run(request, run_id)
    return render(
        request, "allowances/reconciled.html", {"run": found, "sums": queries.reconcile(found), "payers": Payer.choices}
    )


@require_GET
def report(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """The month by unit, for the file; sums alone, nobody's name."""
    _actor, found = _run(request, run_id)
    sums = queries.reconcile(found)
    of_units = (
        _cells(
            one.code,
            one.name if one.decided else _("%(unit)s, chưa rõ đơn vị nhận") % {"unit": one.name},
            one.people,
            one.sums,
        )
        for one in sums.units
    )
    cells = chain(of_units, [_cells("", _("Toàn thành phố"), sums.people, sums.city)])
    sheets: list[Sheet] = [(_("Kỳ %(month)s") % {"month": f"{found.month:%m-%Y}"}, sums_head(), cells)]
    if sums.twice:
        where = names((one.unit_id for one in sums.twice), on=found.month)
        twice: list[list[Cell]] = [[one.reference, one.code, where[one.unit_id], one.dong, one.note] for one in sums.twice]
        sheets.append((_("Trả hai lần"), twice_head(), twice))
    file = workbook(sheets)
    return file_answer(file, f"chi-tra-tro-cap-{found.month:%Y-%m}.xlsx", FileType.XLSX)


def _cells(code: str, name: str, people: int, sums: queries.Sums) -> list[Cell]:
    """In the order of `sums_head`."""
    return [code, name, people, *astuple(sums)]


@require_http_methods(["GET", "POST"])
def failed(request: HttpRequest, run_id: int) -> HttpResponse:
    """What could not be paid, and the next numbered batch for it."""
    actor, found = _run(request, run_id)
    if request.method == "POST":
        ids = numbers_of(request.POST.getlist("khoan"), most=SHOWN)
        chosen = None if pressed(request) == "tat-ca" else ids
        made = actions.make_retry(found.pk, payment_ids=chosen, actor=actor, at=clock.now())
        messages.success(
            request, _("Đã lập đợt chi lại số %(numbers)s.") % {"numbers": ", ".join(str(one.number) for one in made)}
        )
        return redirect("allowances:run", found.pk)
    asked = queries.Asked(state=Payment.State.FAILED)
    page = page_of(request, count=queries.line_count(found, asked))
    rows = queries.lines(found, asked, limit=page.size, offset=page.first)
    return render(
        request,
        "allowances/failed.html",
        {
            "run": found,
            "rows": rows,
            "page": page,
            "unsettled": queries.unsettled(found).filter(state=Payment.State.FAILED).count(),
            "names": names((row.answering_unit_id or row.unit_id for row in rows), on=found.month),
            "payers": dict(Payer.choices),
            "may_retry": keeps(actor, found.city_id) and found.state in {PayRun.State.SENT, PayRun.State.SETTLING},
        },
    )


@require_http_methods(["GET", "POST"])
def results(request: HttpRequest, run_id: int) -> HttpResponse:
    """A payer's file comes in; all that came."""
    actor, found = _run(request, run_id)
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on(form):
            try:
                sent = actions.send_report(found.pk, file, name=file.name, actor=actor, at=clock.now())
                return redirect("allowances:payer_report", sent.pk)
            except SameReportAgain as refusal:
                messages.info(request, refusal.message())
                return redirect("allowances:payer_report", refusal.report_id)
    return render(
        request,
        "allowances/results.html",
        {"run": found, "form": form, "reports": queries.reports(found)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def payer_report(request: HttpRequest, report_id: int) -> HttpResponse:
    """What became of the rows of a payer's file; contradictions are settled here."""
    actor, _city = city_actor(request, today=clock.today())
    found = queries.report_for(report_id, actor=actor)
    form = SettleForm(request.POST or None)
    if form.is_bound and form.is_valid():
        row = found.rows.filter(pk=number_of(request.POST.get("dong", ""))).first()
        with refusals_on(form):
            actions.settle_contradiction(
                row.pk if row else 0,
                outcome=SETTLES.get(pressed(request), ""),
                note=form.cleaned_data["note"],
                actor=actor,
                at=clock.now(),
            )
            messages.success(request, _("Đã xử lý một kết quả trái ngược."))
            return redirect("allowances:payer_report", found.pk)
    page = page_of(request, count=found.rows.count())
    rows = list(queries.report_rows(found)[page.slice])
    return render(
        request,
        "allowances/payer_report.html",
        {
            "page": page,
            "report": found,
            "run": found.run,
            "form": form,
            "open": [row for row in rows if row.state == PayerReportRow.State.CONTRADICTING],
            "rows": [(row, _why(row)) for row in rows],
            "states": dict(Payment.State.choices),
        },
        status=422 if form.errors else 200,
    )


def _why(row: PayerReportRow) -> list[str]:
    return [str(WHY[code]) for code in row.why if code in WHY]


@require_GET
def report_rows(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """All rows that were not simply applied; by references, nobody's name."""
    actor, _city = city_actor(request, today=clock.today())
    found = queries.report_for(report_id, actor=actor)
    outcomes = dict(Payment.State.choices)
    lines: Iterable[list[Cell]] = (
        [
            row.place,
            row.reference,
            str(outcomes.get(row.outcome, "")),
            row.reason,
            str(row.get_state_display()),
            " ".join(_why(row)),
            row.note,
        ]
        for row in queries.report_rows(found).iterator(chunk_size=2_000)
    )
    file = workbook([(_("Dòng không ghi ngay"), report_rows_head(), lines)])
    return file_answer(file, f"ket-qua-{found.pk}.xlsx", FileType.XLSX)


@require_POST
def withdraw(request: HttpRequest, batch_id: int) -> HttpResponse:
    actor, _city = city_actor(request, today=clock.today())
    batch = actions.withdraw_batch(queries.batch_for(batch_id, actor=actor).pk, actor=actor, at=clock.now())
    messages.success(request, _("Đã rút đợt %(number)s. Các khoản của đợt lại ở mục chưa trả được.") % {"number": batch.number})
    return redirect("allowances:run", batch.run_id)


@require_POST
def batch_file(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """A POST: taking out names and accounts leaves a trace."""
    actor, _city = city_actor(request, today=clock.today())
    batch = actions.take_out_batch(queries.batch_for(batch_id, actor=actor).pk, actor=actor, at=clock.now())
    assert batch.file_id is not None  # made with the batch
    row, file = files.opened_row(batch.file_id)
    return file_answer(file, row.name, "text/csv; charset=utf-8")


@require_POST
def batch_sent(request: HttpRequest, batch_id: int) -> HttpResponse:
    actor, _city = city_actor(request, today=clock.today())
    batch = actions.mark_sent(queries.batch_for(batch_id, actor=actor).pk, actor=actor, at=clock.now())
    messages.success(request, _("Đã ghi nhận đợt %(number)s được gửi.") % {"number": batch.number})
    return redirect("allowances:run", batch.run_id)
