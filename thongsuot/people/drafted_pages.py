"""The page of one version of words (`drafted.py`): its forms, what its buttons do; drawn by people/_drafted.html.

No address of its own: other capabilities' views call these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.web.forms import DayField, Form, refusals_on
from thongsuot.web.request import nothing_pressed, pressed

Jobs = Mapping[str, tuple[Callable[..., object], Any]]
"""{what the button says in `viec`: (command of the version's id, what is said when it is done)}"""


class ApproveForm(Form):
    digest = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)  # of the words that the page showed
    valid_from = DayField(label=_("Dùng từ ngày"))


class SendBackForm(Form):
    note = forms.CharField(label=_("Chỗ cần sửa"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def forms_of(request: HttpRequest, *, today: Any, **more: type[Form]) -> dict[str, Form]:
    """By the button each belongs to; `more`: those of the capability's own, "_" for "-"; duyet: one that asks more."""
    job = pressed(request)

    def form(name: str, kind: type[Form], **initial: Any) -> Form:
        return kind(request.POST if job == name else None, initial=initial)

    kinds: dict[str, type[Form]] = {
        "duyet": ApproveForm,
        "tra-lai": SendBackForm,
        **{name.replace("_", "-"): kind for name, kind in more.items()},
    }
    return {name: form(name, kind, valid_from=today) for name, kind in kinds.items()}


def decided(
    request: HttpRequest, version_id: int, jobs: Jobs, asked: Mapping[str, Form], *, actor: Actor, at: datetime
) -> bool:
    """Does what was pressed. False: its form was refused, and the page shows why."""
    if (job := pressed(request)) not in jobs:
        raise nothing_pressed()
    (command, said), form = jobs[job], asked.get(job)
    if form is not None and not form.is_valid():
        return False
    with refusals_on(form):
        command(version_id, **(form.cleaned_data if form else {}), actor=actor, at=at)
        messages.success(request, said)
    return form is None or not form.errors
