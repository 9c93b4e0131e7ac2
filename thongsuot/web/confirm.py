"""One question before something that is hard to undo: the same page, whatever is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def confirm(
    request: HttpRequest,
    *,
    question: str,
    consequence: str,
    button: str,
    cancel_href: str,
    form: BaseForm | None = None,
    summary: Sequence[tuple[Any, Any]] = (),
    hidden: Mapping[str, Any] | None = None,
    danger: bool = False,
    staff: bool = False,
) -> HttpResponse:
    """The page that asks; 422 when the form it shows was refused.

    question     "Rút hồ sơ này?"
    consequence  what will happen, and whether it can be undone
    button       the verb of the question: "Rút hồ sơ", never "OK"
    form         what must be said with the answer, as the reason
    summary      rows of name and value: what is asked about
    hidden       {name: value}, sent along
    staff        within the officers' pages
    """
    context = {
        "question": question,
        "consequence": consequence,
        "button": button,
        "cancel_href": cancel_href,
        "form": form,
        "summary": summary,
        "hidden": hidden or {},
        "danger": danger,
        "staff": staff,
    }
    return render(request, "web/confirm.html", context, status=422 if form is not None and form.errors else 200)
