"""Forms of the pages about dossiers, one file per kind of page."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, TellPerson


def add_refusal(form: forms.Form, refusal: TellPerson, *, places: Mapping[str, str] | None = None) -> None:
    """Show a command's "no" where it belongs: beside its field, or above the form.

    places  where the form calls a field otherwise than the command: {"owner.name": "name"}
    raises  the refusal itself when no form can mend it: nothing there, or not this person's duty
    """
    if isinstance(refusal, NotYourDuty | NotFound):
        raise refusal
    if not isinstance(refusal, BadInput):
        form.add_error(None, refusal.message())
        return
    for name, sentence in refusal.problems.items():
        field = (places or {}).get(name, name)
        form.add_error(field if field in form.fields else None, sentence)
