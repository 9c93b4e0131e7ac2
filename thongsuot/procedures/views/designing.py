"""Drawing an e-process: the page with its draft, the picture redrawn while one types, starting over, publishing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import day, instant, one_line
from thongsuot.procedures import actions, queries, rules, words
from thongsuot.procedures.content import Step
from thongsuot.procedures.differences import step_changes
from thongsuot.procedures.forms.process_form import CopyForm, ProcessEditor, PublishProcessForm
from thongsuot.procedures.picture import picture
from thongsuot.procedures.queries import DraftView, VersionView
from thongsuot.procedures.rules import ConditionField, edits
from thongsuot.procedures.views.common import managed_city
from thongsuot.web.confirm import confirm
from thongsuot.web.faults import for_fragment
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import pressed

_WORK = re.compile(r"(luu|them|bo|len|xuong|nhanh|bo-nhanh)(?:-([0-9]{1,2}))?(?:-([0-9]))?")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the page is about: the latest version, its draft if there is one, and what conditions may ask for."""

    code: str
    base: VersionView
    draft: DraftView | None
    fields: Mapping[str, ConditionField]

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.draft.steps if self.draft is not None else self.base.steps

    @property
    def token(self) -> str:
        return self.draft.token if self.draft is not None else ""


def desk_of(code: str) -> Desk:
    """Raises UnknownProcedure."""
    base = queries.version(queries.version_rows(code)[0].id)
    return Desk(
        code=code,
        base=base,
        draft=queries.process_draft(code),
        fields=rules.condition_fields(base.form_schema, base.fee_rules),
    )


@require_http_methods(["GET", "POST"])
def design(request: HttpRequest, code: str) -> HttpResponse:
    """The draft, or what is published as long as nobody changed it. Every button keeps the whole page."""
    actor, city = managed_city(request)
    desk = desk_of(code)
    if request.method == "GET":
        return _page(request, desk, ProcessEditor(fields=desk.fields, stored=desk.steps), desk.steps)
    editor = ProcessEditor(fields=desk.fields, stored=desk.steps, data=request.POST)
    steps = editor.steps()
    if steps is None:
        return _page(request, desk, editor, desk.steps, status=422)
    steps, focus = _worked(pressed(request), steps)
    try:
        actions.save_process(
            code, steps=steps, token=request.POST.get("token", "")[:40], city_id=city.id, actor=actor, at=clock.now()
        )
    except BadInput as refusal:
        return _page(request, desk, editor, desk.steps, status=422, said=" ".join(refusal.problems.values()), bad=True)
    except (actions.DraftChanged, actions.NoDraft) as refusal:
        # What was typed stays on the page, now against the newest draft: keeping it again is a choice with open eyes.
        desk = desk_of(code)
        mine = ProcessEditor(fields=desk.fields, stored=steps)
        return _page(request, desk, mine, steps, status=refusal.status, said=refusal.message(), bad=True)
    if not for_fragment(request):
        return redirect(f"{reverse('procedures:design_process', args=[code])}#{focus or 'thiet-ke'}")
    desk = desk_of(code)
    editor = ProcessEditor(fields=desk.fields, stored=desk.steps)
    return _page(request, desk, editor, desk.steps, focus=focus, said=_("Đã lưu lúc %(at)s.") % {"at": instant(clock.now())})


def _worked(wanted: str, steps: list[Step]) -> tuple[list[Step], str]:
    """The steps after the press of a button, and what then has the focus."""
    match = _WORK.fullmatch(wanted)
    if match is None:
        return steps, ""
    work, place, number = match[1], int(match[2] or len(steps)), int(match[3] or 0)
    if work == "them" and len(steps) < rules.MOST_STEPS:
        # Without a place: before the hand-back, which stays the last.
        place = place if match[2] else len(steps) - (2 if steps and not steps[-1].counted else 1)
        steps, key = edits.added(steps, place, name=_("Bước mới"))
        return steps, f"buoc-{key}"
    if place >= len(steps):
        return steps, ""
    key = steps[place].key
    match work:
        case "bo":
            steps = edits.removed(steps, place)
            return steps, f"buoc-{steps[min(place, len(steps) - 1)].key}" if steps else ""
        case "len" | "xuong":
            return edits.moved(steps, place, -1 if work == "len" else 1), f"{work}-{key}"
        case "nhanh" if len(steps[place].ways) < rules.MOST_WAYS:
            return edits.with_way(steps, place), f"nhanh-{key}"
        case "bo-nhanh":
            return edits.without_way(steps, place, number), f"buoc-{key}"
    return steps, ""


@require_POST
def redraw(request: HttpRequest, code: str) -> HttpResponse:
    """The picture and what is wrong, for what stands on the page now: a fragment, asked for while one types. Stores nothing."""
    managed_city(request)
    desk = desk_of(code)
    editor = ProcessEditor(fields=desk.fields, stored=desk.steps, data=request.POST)
    steps = editor.steps()
    unread = [str(one) for form in editor.forms for found in form.errors.values() for one in found] if steps is None else []
    return render(request, "procedures/manage/_drawn.html", _drawn(desk, steps if steps is not None else desk.steps, unread))


def _page(
    request: HttpRequest,
    desk: Desk,
    editor: ProcessEditor,
    steps: Sequence[Step],
    *,
    status: int = 200,
    focus: str = "",
    said: str = "",
    bad: bool = False,
) -> HttpResponse:
    problems = rules.step_problems(steps, desk.base.limit, desk.fields)
    if status != 422:
        editor.place_problems(problems)
    return render(
        request,
        "procedures/manage/_designer.html" if for_fragment(request) else "procedures/manage/designer.html",
        {
            "desk": desk,
            "editor": editor,
            "focus": focus,
            "said": said,
            "bad": bad,
            "most_steps": rules.MOST_STEPS,
            "most_ways": rules.MOST_WAYS - 1,
            "copy_form": CopyForm(),
            "words": words,
            **_drawn(desk, steps, []),
        },
        status=status,
    )


def _drawn(desk: Desk, steps: Sequence[Step], unread: Sequence[str]) -> dict[str, Any]:
    total, allowed = rules.longest_minutes(steps), rules.limit_in_minutes(desk.base.limit)
    return {
        "desk": desk,
        "process": picture(steps, desk.fields),
        "problems": list(unread) or rules.check_steps(steps, desk.base.limit, desk.fields),
        "total": rules.in_hours(total),
        "shortest": rules.in_hours(rules.shortest_minutes(steps)) if rules.branches(steps) else "",
        "allowed": rules.in_hours(allowed),
        "left": rules.in_hours(abs(allowed - total)) if total != allowed else "",
        "over": total > allowed,
    }


@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Start the draft over: from the generic process, or from the one of another procedure."""
    actor, city = managed_city(request)
    desk = desk_of(code)
    token = request.POST.get("token", "")[:40]
    form = CopyForm(request.POST)
    try:
        if pressed(request) == "mau":
            _kept(code, rules.default_steps(desk.base.limit), token, city_id=city.id, actor=actor)
            messages.success(request, _("Bản thảo nay là quy trình mẫu chung, chia theo thời hạn của thủ tục."))
            return redirect("procedures:design_process", code)
        if form.is_valid():
            other = queries.version_in_force(one_line(form.cleaned_data["copy_from"]), on=clock.today())
            _kept(code, other.steps, token, city_id=city.id, actor=actor)
            messages.success(request, _("Đã chép quy trình của thủ tục %(code)s. Hãy xem lại số giờ.") % {"code": other.code})
            return redirect("procedures:design_process", code)
    except (queries.UnknownProcedure, queries.NotInForce) as refusal:
        form.add_error("copy_from", refusal.message())
    except (actions.DraftChanged, actions.NoDraft) as refusal:
        messages.warning(request, refusal.message())
        return redirect("procedures:design_process", code)
    return render(request, "procedures/manage/copy_process.html", {"form": form, "desk": desk}, status=422)


def _kept(code: str, steps: Sequence[Step], token: str, *, city_id: int, actor: Any) -> None:
    actions.save_process(code, steps=steps, token=token, city_id=city_id, actor=actor, at=clock.now())


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throw the draft away, after a question."""
    actor, city = managed_city(request)
    desk = desk_of(code)
    if desk.draft is None:
        raise actions.NoDraft
    if request.method == "POST":
        actions.discard_process(code, token=desk.token, city_id=city.id, actor=actor, at=clock.now())
        messages.success(request, _("Đã bỏ bản thảo. Trang nay là quy trình đang công bố."))
        return redirect("procedures:design_process", code)
    return confirm(
        request,
        staff=True,
        danger=True,
        question=_("Bỏ bản thảo quy trình của thủ tục %(code)s?") % {"code": code},
        consequence=_("Mọi thay đổi trong bản thảo mất đi. Quy trình đang công bố và hồ sơ đang giải quyết không đổi."),
        summary=[
            (_("Lưu lần cuối"), instant(desk.draft.changed_at)),
            (_("Người lưu"), desk.draft.changed_by),
            (_("Số bước"), str(len(desk.draft.steps))),
        ],
        button=_("Bỏ bản thảo"),
        cancel_href=reverse("procedures:design_process", args=[code]),
    )


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """What would change, for which dossiers, from when; confirmed, it is a new version."""
    actor, city = managed_city(request)
    desk = desk_of(code)
    if desk.draft is None:
        raise actions.NoDraft
    form = PublishProcessForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        valid_from = form.cleaned_data["valid_from"]
        with refusals_on(form, beside="valid_from"):
            actions.publish_process(
                code,
                token=request.POST.get("token", "")[:40],
                valid_from=valid_from,
                city_id=city.id,
                actor=actor,
                at=clock.now(),
            )
            messages.success(request, _("Đã công bố quy trình, áp dụng cho hồ sơ nhận từ %(day)s.") % {"day": day(valid_from)})
            return redirect("procedures:manage_procedure", code)
    changes, reordered = step_changes(desk.base.steps, desk.steps, desk.fields)
    return render(
        request,
        "procedures/manage/publish_process.html",
        {
            "form": form,
            "changes": changes,
            "reordered": reordered,
            "change_ahead": desk.base.valid_from if desk.base.valid_from > clock.today() else None,
            **_drawn(desk, desk.steps, []),
        },
        status=422 if form.errors else 200,
    )
