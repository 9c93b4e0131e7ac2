"""Answers for everyone: search, topics, one answer, and whether it was useful."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.errors import TellPerson, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.knowledge import actions, queries
from thongsuot.procedures import queries as procedures
from thongsuot.web.paging import page_of
from thongsuot.web.request import nothing_pressed, number_of, pressed

JUDGED = "knowledge.judged"  # in the session: ids of the versions this visitor has judged
MOST_JUDGED, MOST_FOUND, MOST_SHOWN = 200, 30, 10


class TooManyJudged(TellPerson):
    """From one address, within a minute."""

    code = "knowledge.too_many_judged"
    status = 429
    says = gettext_lazy("Vừa có nhiều ý kiến liền nhau gửi đến từ nơi của bạn. Hãy chờ một phút rồi thử lại.")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """By words, by topic, or what is used most."""
    today = clock.today()
    asked, topic = one_line(request.GET.get("q", ""))[:200], one_line(request.GET.get("chu-de", ""))[:60]
    page = None
    if asked:
        rows = queries.search(asked, on=today, limit=MOST_FOUND)
    elif topic:
        found = queries.of_topic(topic, on=today)
        page = page_of(request, count=found.count())
        rows = queries.rows_of(found[page.slice], on=today)
    else:
        rows = queries.most_used(on=today, limit=MOST_SHOWN)
    context = {"asked": asked, "topic": topic, "rows": rows, "page": page, "topics": queries.topics(today)}
    return render(request, "knowledge/index.html", context)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, article_id: int) -> HttpResponse:
    """One answer. A visitor's judgement counts once; who judged is not kept."""
    today = clock.today()
    row = queries.answer_for(article_id, today)
    judged = request.session.get(JUDGED, [])
    if request.method == "POST":
        if (said := pressed(request)) not in {"co-ich", "chua-co-ich"}:
            raise nothing_pressed()
        version_id = number_of(request.POST.get("ban", ""))
        if version_id in judged:
            messages.info(request, _("Bạn đã cho ý kiến về câu trả lời này."))
            return redirect("knowledge:page", article_id)
        if not ratelimit.consume(request, action="judge_answers"):
            raise TooManyJudged
        must_exist(row if row and row.version_id == version_id else None)
        actions.judge(version_id, useful=said == "co-ich", at=clock.now())
        request.session[JUDGED] = [*judged, version_id][-MOST_JUDGED:]
        messages.success(request, _("Cảm ơn bạn đã cho ý kiến."))
        return redirect("knowledge:page", article_id)
    if row is None:
        ended = must_exist(queries.withdrawn(article_id, on=today))
        return render(request, "knowledge/withdrawn.html", {"ended": ended}, status=410)
    context = {
        "row": row,
        "judged": row.version_id in judged,
        "procedures": procedures.these(row.procedure_codes, on=today),
        "near": [one for one in queries.search(row.question, on=today, limit=5) if one.article_id != article_id][:3],
    }
    return render(request, "knowledge/page.html", context)
