"""Photographs of a report, of a message, of an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import ngettext

from thongsuot.feedback.facts import PhotoUpload
from thongsuot.web.forms import ManyFiles

# Named one by one: a phone that sees image/jpeg turns its own format into one everybody can open.
PICTURES = "image/jpeg,image/png,.jpg,.jpeg,.png"


class PhotosField(forms.FileField):
    """Several pictures. What they are is looked at when they are kept, not here. No browser keeps what was chosen when the
    page is drawn again, so the field says then that they must be chosen again.
    """

    widget = ManyFiles(attrs={"accept": PICTURES})

    def clean(self, data: Any, initial: Any = None) -> list[PhotoUpload]:
        return [PhotoUpload(name=file.name or "", content=file.file) for file in data or []]

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        bound = super().get_bound_field(form, field_name)
        if lost := bound.data if form.is_bound else bound.initial:
            again = ngettext(
                "Trình duyệt không giữ ảnh khi trang mở lại. Hãy chọn lại %(num)s ảnh.",
                "Trình duyệt không giữ ảnh khi trang mở lại. Hãy chọn lại %(num)s ảnh.",
                len(lost),
            )
            bound.help_text = " ".join(filter(None, [str(bound.help_text), again % {"num": len(lost)}]))
        return bound
