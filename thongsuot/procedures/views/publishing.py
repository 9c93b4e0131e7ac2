"""Writing and publishing a version. The page checks as one types, and again on publishing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.kernel.text import day
from thongsuot.procedures import actions, queries, rules
from thongsuot.procedures.forms.version_form import VersionEditor
from thongsuot.procedures.models import Procedure
from thongsuot.procedures.views.common import managed_city
from thongsuot.web.request import pressed


@require_http_methods(["GET", "POST"])
def publish_first(request: HttpRequest) -> HttpResponse:
    """A procedure that is new to the catalogue."""
    managed_city(request)
    editor = VersionEditor(first=True, valid_from=clock.today(), data=request.POST or None)
    return _publish(request, editor, code="")


@require_http_methods(["GET", "POST"])
def publish_next(request: HttpRequest, code: str) -> HttpResponse:
    """A new version, starting from the latest one."""
    managed_city(request)
    start = queries.version(queries.version_rows(code)[0].id)
    editor = VersionEditor(start=start, valid_from=clock.today(), data=request.POST or None)
    return _publish(request, editor, code=code)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What still keeps the page from being published: a fragment, asked for while one types. Stores nothing."""
    managed_city(request)
    return render(request, "procedures/manage/_checks.html", _checked(VersionEditor(data=request.POST)))


def _publish(request: HttpRequest, editor: VersionEditor, *, code: str) -> HttpResponse:
    wanted = pressed(request)
    checks = None
    if request.method == "POST" and wanted == "kiem-tra":
        checks = _checked(editor)
    elif wanted == "cong-bo" and (published := _try(request, editor, code)) is not None:
        return published
    return render(
        request,
        "procedures/manage/version_form.html",
        {"editor": editor, "code": code, "checks": checks},
        status=422 if wanted == "cong-bo" else 200,
    )


def _try(request: HttpRequest, editor: VersionEditor, code: str) -> HttpResponse | None:
    actor, city = managed_city(request)
    draft = editor.draft()
    if draft is None:
        return None
    kind = Procedure.Kind.NATIONAL.value
    if editor.code_form is not None:
        code, kind = editor.code_form.cleaned_data["code"], editor.code_form.cleaned_data["kind"]
        if queries.known(code):
            editor.refused({"code": _("Mã này đã có trong danh mục. Hãy công bố phiên bản mới ở trang của thủ tục.")})
            return None
    else:
        kind = queries.kind_of(code)
    valid_from = editor.main.cleaned_data["valid_from"]
    try:
        actions.publish_version(
            code, draft=draft, valid_from=valid_from, city_id=city.id, kind=kind, actor=actor, at=clock.now()
        )
    except BadInput as refusal:
        editor.refused(refusal.problems)
        return None
    except TellPerson as refusal:
        editor.refused({"valid_from": refusal.message()})
        return None
    messages.success(request, _("Đã công bố, áp dụng từ %(day)s.") % {"day": day(valid_from)})
    return redirect("procedures:manage_procedure", code)


def _checked(editor: VersionEditor) -> dict[str, object]:
    draft = editor.draft()
    if draft is None:
        unread = [str(message) for form in editor.forms for messages in form.errors.values() for message in messages]
        return {"problems": unread, "total": "", "allowed": ""}
    return {
        "problems": list(rules.check_draft(draft).values()),
        "total": rules.in_hours(rules.counted_minutes(draft.process())),
        "allowed": rules.in_hours(rules.limit_in_minutes(draft.limit)),
    }
