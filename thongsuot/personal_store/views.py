"""One's own papers: the list, one paper with everything that was done with it, its file, its use."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.files.views import serve
from thongsuot.kernel import clock
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.text import one_line
from thongsuot.personal_store import actions, queries
from thongsuot.personal_store.models import ReuseConsent, StoredPaper
from thongsuot.web.confirm import confirm
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, must_be_somebody


def _mine(request: HttpRequest, paper_id: int) -> StoredPaper:
    return queries.own_paper(must_be_somebody(request), paper_id)


@require_GET
def papers(request: HttpRequest) -> HttpResponse:
    """Everything in the store of whoever is logged in, found by words of its name, number or code."""
    words = one_line(request.GET.get("q", ""))[:200]
    found = queries.papers_of_person(must_be_somebody(request), words=words)
    page = page_of(request, count=found.count())
    rows = queries.rows(found[page.slice], on=clock.today())
    return render(request, "personal_store/papers.html", {"page": page, "rows": rows, "words": words})


@require_GET
def paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    own = _mine(request, paper_id)
    return render(
        request,
        "personal_store/paper.html",
        {
            "paper": own,
            "is_usable": queries.is_usable(own, on=clock.today()),
            "uses": queries.uses_of(own),
            "looks": queries.looks_at(own),
        },
    )


@require_GET
def file(request: HttpRequest, paper_id: int) -> HttpResponseBase:
    own = _mine(request, paper_id)
    return serve(own.file_id, download_name=f"{own.title[:80]} {own.code}")


@require_POST
def offer(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Let the paper be offered in new dossiers, or keep it back."""
    own = _mine(request, paper_id)
    wanted = request.POST.get("cho") == "1"
    actions.offer(own.pk, is_offered=wanted, actor=actor_of(request), at=clock.now())
    messages.success(
        request,
        _("Giấy tờ này sẽ được gợi ý khi bạn nộp hồ sơ.") if wanted else _("Từ nay giấy tờ này không được gợi ý dùng lại nữa."),
    )
    return redirect("personal_store:paper", own.pk)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, paper_id: int, consent_id: int) -> HttpResponse:
    """Take a consent back, after a question."""
    own = _mine(request, paper_id)
    consent = must_exist(ReuseConsent.objects.filter(pk=consent_id, paper=own).select_related("use").first())
    if request.method == "POST":
        actions.withdraw_consent(consent.pk, actor=actor_of(request), at=clock.now())
        messages.success(request, _("Đã rút lại đồng ý. Cán bộ không mở được giấy tờ này qua hồ sơ đó nữa."))
        return redirect("personal_store:paper", own.pk)
    return confirm(
        request,
        question=_("Rút lại đồng ý cho dùng giấy tờ này?"),
        danger=True,
        button=_("Rút lại đồng ý"),
        consequence=_(
            "Cán bộ không mở được giấy tờ này qua hồ sơ đó nữa; nơi giải quyết có thể yêu cầu bạn nộp bản khác. "
            "Những gì đã quyết định trước đó không đổi."
        ),
        cancel_href=reverse("personal_store:paper", args=[own.pk]),
        summary=[
            (_("Giấy tờ"), own.title),
            (_("Hồ sơ"), consent.use.dossier_code),
            (_("Thủ tục"), consent.use.procedure),
        ],
    )
