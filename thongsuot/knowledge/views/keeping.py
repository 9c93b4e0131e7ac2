"""The stock: all questions and where they stand, drafting, approving, lists that come in and leave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.table_rows import BadRow
from thongsuot.files.views import refusals_on_list
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.text import one_line
from thongsuot.knowledge import actions, queries
from thongsuot.knowledge.forms import ApproveAnswerForm, DraftForm, ListForm, LookedForm, WithdrawForm
from thongsuot.knowledge.models import Article, ArticleVersion
from thongsuot.knowledge.rules import APPROVE, KEEP, blocks, unfit
from thongsuot.knowledge.sheets import COLUMNS
from thongsuot.people.drafted import changed_lines
from thongsuot.people.drafted_pages import Jobs, decided, forms_of
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, number_of, pressed

State = ArticleVersion.State
HISTORY_ROWS = 20
STATES = {
    "": gettext_lazy("Tất cả"),
    "dung": gettext_lazy("Đang dùng"),
    "cho": gettext_lazy("Chờ duyệt"),
    "soan": gettext_lazy("Đang soạn"),
    "xem-lai": gettext_lazy("Cần xem lại"),
    "het": gettext_lazy("Không dùng nữa"),
}
WHY = {
    "day": gettext_lazy("Đến ngày xem lại"),
    "procedure": gettext_lazy("Có thủ tục không còn trong danh mục"),
    "unit": gettext_lazy("Đơn vị đã kết thúc hoạt động"),
}


def keeper(request: HttpRequest, *duties: str) -> tuple[Actor, int]:
    """Whoever holds one of the duties over the city; either of both without any named. Raises NotYourDuty."""
    actor, city = actor_of(request), units.default_city(as_of=clock.today())
    if not any(actor.may(duty, unit_id=city.id) for duty in duties or (KEEP, APPROVE)):
        raise NotYourDuty((duties or (KEEP,))[0])
    return actor, city.id


def _of_city(request: HttpRequest, article_id: int, city_id: int) -> Article:
    found = queries.article(article_id)
    if found.city_id != city_id:
        raise Http404
    return found


@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    actor, city_id = keeper(request)
    today, state = clock.today(), request.GET.get("trang_thai", "")
    state = state if state in STATES else ""
    asked = one_line(request.GET.get("q", ""))[:200]
    found = queries.stock(city_id, on=today, state=state, text=asked)
    page = page_of(request, count=found.count())
    counts = queries.count_by_state(city_id, on=today, states=STATES)
    address = reverse("knowledge:stock")
    context = {
        "rows": queries.stock_rows(list(found[page.slice]), city_id, on=today),
        "page": page,
        "asked": asked,
        "state": state,
        "why": WHY,
        "tabs": [
            {
                "text": label,
                "href": f"{address}?trang_thai={code}" if code else address,
                "count": counts[code],
                "bad": code == "xem-lai" and counts[code] > 0,
                "current": code == state,
            }
            for code, label in STATES.items()
        ],
        "may_write": actor.may(KEEP, unit_id=city_id),
    }
    return render(request, "knowledge/stock.html", context)


@require_http_methods(["GET", "POST"])
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    """One question: what is answered today, all versions, what must be looked at again."""
    actor, city_id = keeper(request)
    found, now, today = _of_city(request, article_id, city_id), clock.now(), clock.today()
    form = LookedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.looked_again(found.pk, until=form.cleaned_data["until"], actor=actor, at=now)
            messages.success(request, _("Đã ghi: câu trả lời vẫn đúng."))
            return redirect("knowledge:article", found.pk)
    row = queries.stock_rows([found], city_id, on=today)[0]
    context = {
        "article": found,
        "row": row,
        "why": WHY,
        "blocks": blocks(row.current.answer) if row.current else [],
        "versions": queries.versions_of(found.pk),
        "today": today,
        "form": form if row.current and actor.may(APPROVE, unit_id=city_id) else None,
        "may_write": actor.may(KEEP, unit_id=city_id),
        **_history(request, found),
    }
    return render(request, "knowledge/article.html", context, status=422 if form.errors else 200)


def _history(request: HttpRequest, subject: Article | ArticleVersion) -> dict[str, Any]:
    """One page of it, the latest events on the first."""
    rows = queries.history(subject)[::-1]
    page = page_of(request, count=len(rows), size=HISTORY_ROWS)
    return {"history": rows[page.slice][::-1], "page": page}


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, article_id: int | None = None) -> HttpResponse:
    """A new question, a new version begun from the words last approved, or the open draft. "xem" shows it and keeps nothing."""
    actor, city_id = keeper(request, KEEP)
    now, today = clock.now(), clock.today()
    found = _of_city(request, article_id, city_id) if article_id else None
    version, begun, initial, offered, seen = None, None, {}, None, ""
    if found is None:
        offered = [(row.id, row.full_name) for row in units.units_under(city_id, as_of=today)]
    else:
        own = queries.versions_of(found.pk)
        version = next((one for one in own if one.state in ArticleVersion.OPEN), None)
        if request.method == "GET" and version is not None and version.state == State.SUBMITTED:
            return redirect("knowledge:version", version.pk)
        seen = queries.seen_of(found, version)
        begun = version or queries.last_approved(own) or own[0]
        initial = {**DraftForm.initial_of(found, queries.words_of(begun)), "seen": seen}
    dated = found is None or actor.may(APPROVE, unit_id=city_id) or not queries.was_approved(found.pk)
    form = DraftForm(request.POST or None, initial=initial, offered=offered, dated=dated)
    shown, other = None, list[tuple[str, str]]()
    if request.method == "POST" and form.is_valid():
        words, about, said = form.words(), form.about(), form.cleaned_data
        if pressed(request) == "xem":
            for field, sentence in unfit(words, about).items():
                form.add_error(field, sentence)
            shown = None if form.errors else words
        else:
            if begun is not None and said["seen"] and said["seen"] != seen:
                other = changed_lines(queries.words_of(begun).lines(), words.lines())
                form.data = {**request.POST.dict(), "seen": seen}  # pressed again it is meant
            with refusals_on(form):
                made = actions.draft_version(
                    article_id,
                    city_id=city_id,
                    words=words,
                    about=about,
                    unit_id=said.get("unit"),
                    look_again_on=said["look_again_on"] if dated or found is None else found.look_again_on,
                    seen=said["seen"] or None,
                    actor=actor,
                    at=now,
                )
                messages.success(request, _("Đã lưu bản đang soạn. Xem lại rồi gửi duyệt."))
                return redirect("knowledge:version", made.pk)
    context = {
        "article": found,
        "form": form,
        "other": other,
        "note": version.note if version else "",
        "shown": shown,
        "blocks": blocks(shown.answer) if shown else [],
    }
    return render(request, "knowledge/draft.html", context, status=422 if form.errors else 200)


_JOBS: Jobs = {
    "gui-duyet": (actions.submit_version, gettext_lazy("Đã gửi duyệt. Người khác có nhiệm vụ duyệt câu trả lời sẽ xem.")),
    "bo": (actions.drop_version, gettext_lazy("Đã bỏ bản này. Bản vẫn đọc được trong danh sách.")),
    "thu-hoi": (actions.withdraw_version, gettext_lazy("Đã thu hồi. Từ nay không trả lời theo bản này nữa.")),
    "duyet": (actions.approve_version, gettext_lazy("Đã duyệt. Từ ngày đó trả lời theo bản này.")),
    "tra-lai": (actions.send_back_version, gettext_lazy("Đã trả lại để sửa.")),
}


@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version: how it reads, what it changes, and what may be done with it now."""
    actor, city_id = keeper(request)
    found, now, today = queries.version_for(version_id), clock.now(), clock.today()
    if found.city_id != city_id:
        raise Http404
    forms = forms_of(request, today=today, thu_hoi=WithdrawForm, duyet=ApproveAnswerForm)
    forms["duyet"].fields["until"].required = bool(found.article.look_again_on and found.article.look_again_on <= today)
    if request.method == "POST" and decided(request, found.pk, _JOBS, forms, actor=actor, at=now):
        return redirect("knowledge:version", found.pk)
    earlier = queries.versions_before(found)
    chosen = number_of(request.GET.get("voi", ""))
    before = next((one for one in earlier if one.number == chosen), earlier[0] if earlier else None)
    context: dict[str, Any] = {
        "version": found,
        "article": found.article,
        "blocks": blocks(found.answer),
        "forms": forms,
        "earlier": earlier,
        "before": before.number if before else None,
        "changes": queries.changes_between(before, found) if before else [],
        "draft_href": reverse("knowledge:draft", args=[found.article_id]),
        "may_write": actor.may(KEEP, unit_id=city_id),
        "may_approve": actor.may(APPROVE, unit_id=city_id),
        "may_withdraw": found.state == State.APPROVED and not found.is_past(today) and actor.may(APPROVE, unit_id=city_id),
        "digest": queries.digest_of(found),
        "own": queries.wrote(found, actor),
        "to_come": False,  # it is withdrawn with a reason, whether it has begun or not
        **_history(request, found),
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "knowledge/version.html", context, status=status)


@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """All of a file or nothing of it."""
    actor, city_id = keeper(request, KEEP)
    form, bad_rows = ListForm(request.POST or None, request.FILES or None), list[BadRow]()
    if request.method == "POST" and form.is_valid():
        file, submit = form.cleaned_data["file"], form.cleaned_data["submit"]
        with refusals_on_list(form, bad_rows):
            made = actions.import_articles(city_id, file, name=file.name, submit=submit, actor=actor, at=clock.now())
            messages.success(request, _("Đã nhập %(count)s câu hỏi.") % {"count": len(made)})
            return redirect(f"{reverse('knowledge:stock')}?trang_thai={'cho' if submit else 'soan'}")
    context = {"form": form, "bad_rows": bad_rows}
    return render(request, "knowledge/import.html", context, status=422 if form.errors else 200)


@require_GET
def template(request: HttpRequest) -> HttpResponseBase:
    keeper(request, KEEP)
    return file_answer(tables.template(_("Câu hỏi"), COLUMNS), "mau-cau-hoi.xlsx", FileType.XLSX)


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """All that is answered today, in the columns of the template."""
    _actor, city_id = keeper(request)
    today = clock.today()
    return file_answer(
        tables.template(_("Câu hỏi"), COLUMNS, queries.sheet(city_id, on=today)),
        f"kho-hoi-dap-{today:%Y-%m-%d}.xlsx",
        FileType.XLSX,
    )
