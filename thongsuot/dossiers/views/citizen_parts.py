"""The parts of a draft, one question a page: place, form, papers, contact. What is typed is kept, right or wrong."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from thongsuot.dossiers import actions, words
from thongsuot.dossiers.forms.drafts import (
    ContactForm,
    FilerForm,
    OwnerForm,
    PapersForm,
    ReturnForm,
    posted_again,
    without_row,
)
from thongsuot.dossiers.models import Draft
from thongsuot.dossiers.queries.drafts import DraftPage, Part, State, draft_page
from thongsuot.dossiers.views.citizen import CONTACT_PARTS, account_facts, came_from_check, draft_context, part_href
from thongsuot.dossiers.views.citizen_place import places
from thongsuot.dossiers.views.drafts import of_draft
from thongsuot.files.rules import MEGABYTE, upload_rule
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound, TellPerson, must_exist
from thongsuot.procedures.forms import SchemaForm, form_class, group_schema, initial_for, prefilled, rows_for
from thongsuot.units import queries as units
from thongsuot.web.request import actor_of, number_of

# What a button asks for besides going on: its name in the form.
LATER, GROW, DROP, UPLOAD, REMOVE = "sau", "them", "bot", "tai", "bo"


def _answer(request: HttpRequest, page: DraftPage, part: Part, template: str, **more: Any) -> HttpResponse:
    form = more.get("form")
    context = draft_context(page, part=part, number=page.parts.index(part) + 1, here=_here(request, page, part), **more)
    refused = request.method == "POST" and form is not None and bool(form.errors)
    return render(request, f"dossiers/citizen/{template}", context, status=422 if refused else 200)


def _here(request: HttpRequest, page: DraftPage, part: Part) -> str:
    return part_href(page.draft.code, part, back_to_check=came_from_check(request))


def _save(
    request: HttpRequest, page: DraftPage, part: Part, answers: dict[str, Any], *, done: bool = True, unit_id: int | None = None
) -> Draft:
    return actions.save_page(
        page.draft.code,
        part.page,
        answers,
        part=part.key,
        done=done,
        unit_id=unit_id,
        actor=actor_of(request),
        at=clock.now(),
    )


def _is_typing(request: HttpRequest) -> bool:
    """The page sends what is typed by itself, nobody has pressed a button."""
    return request.headers.get("X-Autosave") == "1"


def _kept() -> HttpResponse:
    said = _("Đã tự lưu lúc %(time)s") % {"time": f"{clock.local_now():%H:%M}"}
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


def _onward(request: HttpRequest, saved: Draft | DraftPage, part: Part) -> HttpResponse:
    """To the next part, or back to where the reader came from. Judged anew: an answer may bring a part or take one away."""
    code = saved.code if isinstance(saved, Draft) else saved.draft.code
    if LATER in request.POST:
        return redirect("dossiers:draft_later", code)
    if came_from_check(request):
        return redirect("dossiers:draft_check", code)
    page = draft_page(saved, now=clock.now()) if isinstance(saved, Draft) else saved
    here = page.part(part.page, part.key)
    return redirect(part_href(code, page.after(here) if here else None))


# -- where -------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_draft
def place(request: HttpRequest, page: DraftPage) -> HttpResponse:
    part = must_exist(page.part("noi-nop"))
    where = places(request, page.version, on=page.on)
    form = where.form(request.POST) if request.method == "POST" else where.form(chosen=page.draft.unit_id)
    if request.method == "POST" and form.is_valid():
        saved = _save(request, page, part, {}, unit_id=where.id_of(form.cleaned_data["unit"]))
        return _onward(request, saved, part)
    return _answer(request, page, part, "place.html", form=form, where=where)


# -- the form of the procedure -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_draft
def form_page(request: HttpRequest, page: DraftPage, group: str = "") -> HttpResponse:
    part = must_exist(page.part("to-khai", group))
    if request.method == "POST":
        return _form_posted(request, page, part)
    schema, answers = group_schema(page.version.form_schema, group), page.draft.answers
    known = prefilled(schema, account_facts(request, page.draft)) if part.state is State.TO_DO else {}
    initial = {**known, **initial_for(schema, answers)}
    grow = request.GET.get(GROW, "")
    shape = form_class(schema, rows=rows_for(schema, answers, grow=grow), on=page.on)
    form = shape(posted_again(initial)) if part.state is State.WRONG and not grow else shape(initial=initial)
    return _form_answer(request, page, part, form)


def _form_posted(request: HttpRequest, page: DraftPage, part: Part) -> HttpResponse:
    schema, data = group_schema(page.version.form_schema, part.key), request.POST
    dropped, _slash, row = data.get(DROP, "").rpartition("/")
    posted: Any = without_row(data, dropped, number_of(row)) if dropped and row.isdecimal() else data
    form = form_class(schema, rows=rows_for(schema, posted), on=page.on)(posted)
    form.is_valid()
    stays = DROP in data or GROW in data or _is_typing(request)
    saved = _save(request, page, part, form.typed(), done=not stays)
    if _is_typing(request):
        return _kept()
    if stays:
        here, grown = _here(request, page, part), data.get(GROW, "")
        if grown not in form.shown_rows:
            return redirect(f"{here}#{dropped}" if dropped in form.shown_rows else here)
        return redirect(f"{here}{'&' if '?' in here else '?'}{GROW}={grown}#{grown}-moi")
    if form.errors and LATER not in data:
        fresh = draft_page(saved, now=clock.now())
        return _form_answer(request, fresh, fresh.part(part.page, part.key) or part, form)
    return _onward(request, saved, part)


def _form_answer(request: HttpRequest, page: DraftPage, part: Part, form: SchemaForm) -> HttpResponse:
    """A whole row may be left out, so its fields are not required one by one; yet none that a row needs is called optional."""
    for key, rows in form.shown_rows.items():
        for cell in form.schema["properties"][key]["items"].get("required", ()):
            for place in range(rows):
                form.fields[f"{key}-{place}-{cell}"].required = True  # after validation: only the label reads it
    return _answer(request, page, part, "form.html", form=form)


# -- papers ------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_draft
def papers(request: HttpRequest, page: DraftPage) -> HttpResponse:
    part = must_exist(page.part("giay-to"))
    if request.method == "GET":
        form = PapersForm(papers=page.papers.taken)
        if part.state is State.WRONG:
            boxes: dict[str, Any] = {f"look_up-{held.paper.code}": held.is_looked_up for held in page.papers.taken}
            boxes |= {f"reuse-{held.paper.code}": held.reused for held in page.papers.taken}
            form = PapersForm(boxes, papers=page.papers.taken)
            _say_missing(form, part)
        return _papers_answer(request, page, part, form)
    form = PapersForm(request.POST, request.FILES, papers=page.papers.taken)
    form.is_valid()
    stays = UPLOAD in request.POST or REMOVE in request.POST
    kept = _keep_files(request, page, form)
    if removed := number_of(request.POST.get(REMOVE, "")):
        actions.remove_draft_file(page.draft.code, removed, actor=actor_of(request), at=clock.now())
    # Who may not see the store changes nothing of what its owner ticked.
    reuse = form.reused() if page.may_reuse else page.draft.reused
    answers = {"look_up": form.looked_up(), **({"reuse": reuse} if reuse else {})}
    fresh = draft_page(_save(request, page, part, answers, done=not stays), now=clock.now(), reader=actor_of(request).person_id)
    saved = fresh.part("giay-to")
    if saved is None:  # the last file of a paper that is not asked for any more
        return redirect("dossiers:draft", page.draft.code)
    if kept:
        messages.success(request, ngettext("Đã nhận %(count)s tệp.", "Đã nhận %(count)s tệp.", kept) % {"count": kept})
    if not stays and LATER not in request.POST and not form.errors:
        _say_missing(form, saved)
    if form.errors:
        return _papers_answer(request, fresh, saved, form)
    return redirect(_here(request, page, part)) if stays else _onward(request, fresh, part)


def _keep_files(request: HttpRequest, page: DraftPage, form: PapersForm) -> int:
    """Each file on its own: one that cannot be taken is said beside its paper and costs none of the others."""
    kept = 0
    for code, file in form.uploads():
        try:
            actions.add_draft_file(page.draft.code, code, file, name=file.name or "", actor=actor_of(request), at=clock.now())
        except NotFound:
            raise
        except TellPerson as refusal:
            form.add_error(f"files-{code}", _("Tệp “%(name)s”: %(why)s") % {"name": file.name, "why": refusal.message()})
        else:
            kept += 1
    return kept


def _say_missing(form: PapersForm, part: Part) -> None:
    for code, sentence in part.problems.items():
        form.add_error(f"files-{code}" if f"files-{code}" in form.fields else None, sentence)


def _papers_answer(request: HttpRequest, page: DraftPage, part: Part, form: PapersForm) -> HttpResponse:
    max_mb = upload_rule(page.on).max_bytes // MEGABYTE
    return _answer(request, page, part, "papers.html", form=form, max_mb=max_mb, size_words=words.size_words)


# -- contact -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_draft
def contact(request: HttpRequest, page: DraftPage, slug: str = "") -> HttpResponse:
    """Whose dossier it is, who files it for them, how the result comes."""
    part = page.part("lien-he", CONTACT_PARTS.get(slug, "-"))
    if part is None:
        # The page of a filer for another, and the answer has been changed since.
        return redirect("dossiers:draft", page.draft.code)
    form: ContactForm
    if request.method == "POST":
        form = _contact_form(request, page, part, request.POST)
        saved = _save(request, page, part, form.answers(), done=not _is_typing(request))
        if _is_typing(request):
            return _kept()
        if form.is_valid() or LATER in request.POST:
            return _onward(request, saved, part)
    else:
        known = _known_contact(request, page, part)
        form = _contact_form(request, page, part, known if part.state is State.WRONG else None, initial=known)
    return _answer(request, page, part, "contact.html", form=form)


def _contact_form(request: HttpRequest, page: DraftPage, part: Part, data: Any, **how: Any) -> ContactForm:
    if part.key == "owner":
        return OwnerForm(data, **how)
    if part.key == "filer":
        return FilerForm(data, **how)
    return ReturnForm(data, owner=page.draft.contact.get("owner") or {}, desks=_desks(page), **how)


def _desks(page: DraftPage) -> list[tuple[str, str]]:
    """Where else the paper may be fetched; none where the procedure is bound to its unit."""
    if not page.version.non_boundary or page.draft.unit_id is None:
        return []
    below = units.units_under(units.city_of(page.draft.unit_id), as_of=clock.today())
    return [(unit.code, unit.full_name) for unit in below if unit.id != page.draft.unit_id]


_PREFILL_OF = {"full_name": "name", "phone": "phone", "id_number": "id_number", "email": "email", "address": "address"}


def _known_contact(request: HttpRequest, page: DraftPage, part: Part) -> dict[str, Any]:
    """As saved; else what the form of the procedure or the account says already, so that nobody types it twice."""
    if part.key == "return":
        return {name: page.draft.contact.get(name, "") for name in ("return_by", "collected_at")}
    if part.key in page.draft.contact:
        return {**page.draft.contact[part.key], "filing_for": page.draft.contact.get("filing_for", "self")}
    known = {_PREFILL_OF[kind]: value for kind, value in account_facts(request, page.draft).items()}
    if part.key == "owner":
        for key, field in page.version.form_schema.get("properties", {}).items():
            kind, value = field.get("x-prefill", ""), page.draft.answers.get(key)
            if kind in _PREFILL_OF and isinstance(value, str):
                known[_PREFILL_OF[kind]] = value
        known["filing_for"] = "self"
    return known
