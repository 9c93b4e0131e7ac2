"""Pages for anyone: what a code proves, and what a file's signatures are worth. Nothing that is uploaded here is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from thongsuot.kernel import clock
from thongsuot.signing import crowd, errors, rules, trust, words
from thongsuot.signing.forms import CodeForm, CompareForm, FileForm
from thongsuot.signing.queries import proving
from thongsuot.signing.reading.guarded import LARGEST
from thongsuot.signing.validation import Report, Verdict, validate
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Upload a PDF and read of each signature who, when, whole or not, believed or not."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    report: Report | None = None
    with refusals_on(form, beside="file") as answered:
        if form.is_valid():
            file = form.cleaned_data["file"]
            if file.size > LARGEST:
                raise errors.TooBigToCheck(LARGEST // 2**20)
            crowd.must_not_hurry(request)
            report = validate(file.read(), at=clock.now())
    context = {
        "report": report,
        "verdict": words.VERDICTS[report.verdict] if report else None,
        "verdicts": words.VERDICTS,
        "changes": words.CHANGES,
        "unsigned": report is not None and report.verdict == Verdict.UNSIGNED,
        "asked": form,
    }
    if form.errors:
        context["form"] = form
    return render(request, "signing/check.html", context, status=answered.status if form.errors else 200)


@require_safe
def ask_code(request: HttpRequest) -> HttpResponse:
    """For those who read the code from paper."""
    form = CodeForm(request.GET) if request.GET.get("ma") else CodeForm()
    if form.is_bound and form.is_valid():
        code = rules.code_as_kept(form.cleaned_data["ma"])
        if code is not None:
            return redirect("signing:proof", code)
        form.add_error("ma", errors.ProofNotFound().message())
    context = {"asked": form}
    if form.errors:
        context["form"] = form
    return _unlisted(render(request, "signing/ask_code.html", context, status=404 if form.errors else 200))


@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, code: str) -> HttpResponse:
    """What a paper's code proves; POST compares a file with the one that was issued."""
    page = proving.proof_page(code)
    form = CompareForm(request.POST, request.FILES) if request.method == "POST" else CompareForm()
    same: bool | None = None
    if form.is_bound and form.is_valid():
        same = proving.same_file(page, form.cleaned_data["file"])
    context = {
        "page": page,
        "kind": words.PROOF_KINDS.get(page.kind, page.title),
        "state": words.PROOF_STATES[page.state],
        "asked": form,
        "same": same,
    }
    if form.errors:
        context["form"] = form
    return _unlisted(render(request, "signing/proof.html", context, status=422 if form.errors else 200))


@require_safe
def test_root(request: HttpRequest) -> HttpResponseBase:
    """The root of the TEST authority, for those who look at our signatures with their own tools."""
    here = trust.must_have_local()
    return file_answer(here.root_pem, "ca-thu-nghiem-TEST.pem", "application/x-pem-file")


def _unlisted(response: HttpResponse) -> HttpResponse:
    """No search engine lists it and no cache keeps it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
