"""Forms of the pages about people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.people import rules
from thongsuot.units.queries import BodyRow
from thongsuot.web.forms import DayField, Form

_TEXT = {"autocomplete": "off"}


def duty_choices(duties: Iterable[str] = rules.DUTIES) -> list[tuple[str, Any]]:
    return [(name, rules.DUTIES[name].label) for name in duties]


class DutiesField(forms.MultipleChoiceField):
    """Boxes of duties; those that call for a second factor say so."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, duties: Iterable[str] = rules.DUTIES, **kwargs: Any) -> None:
        super().__init__(choices=duty_choices(duties), **kwargs)


class PostForm(Form):
    """A post in one of a unit's bodies, as (body, title)."""

    post = forms.ChoiceField(label=_("Chức vụ"))
    point = forms.TypedChoiceField(
        label=_("Nơi làm việc"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Người làm ở một điểm phục vụ theo điểm đó khi điểm về cơ quan khác quản lý"),
    )
    duties = DutiesField(label=_("Nhiệm vụ"), required=False, help_text=_("Không chọn gì thì theo chức vụ"))
    valid_from = DayField(label=_("Từ ngày"))
    valid_to = DayField(label=_("Đến trước ngày"), required=False, help_text=_("Ngày đầu tiên không còn giữ chức vụ"))
    decided_by = forms.CharField(label=_("Cơ quan quyết định"), max_length=200, required=False)
    decision_number = forms.CharField(label=_("Số quyết định"), max_length=60, required=False)

    def __init__(
        self, *args: Any, bodies: Iterable[BodyRow], points: Sequence[tuple[int, str]], level: str, on: date, **kwargs: Any
    ) -> None:
        """`points`: those that the bodies run."""
        super().__init__(*args, **kwargs)
        groups = []
        for body in bodies:
            titles = rules.titles_of(body.kind, level, on=on)
            if titles:
                groups.append((body.name, [(f"{body.id}:{title.name}", title.name) for title in titles]))
        self.offer(post=[("", gettext("Chọn chức vụ")), *groups])
        if points:
            self.offer(point=[("", gettext("Không riêng điểm nào")), *points])
        else:
            del self.fields["point"]
        self.fields["valid_from"].initial = on

    def clean_post(self) -> tuple[int, str]:
        body_id, _colon, title = self.cleaned_data["post"].partition(":")
        return int(body_id), title

    def facts(self) -> dict[str, Any]:
        """What `appoint` asks for."""
        data = self.cleaned_data
        body_id, title = data["post"]
        return {
            "body_id": body_id,
            "title": title,
            "point_id": data.get("point"),
            "duties": data["duties"] or None,
            "valid_from": data["valid_from"],
            "valid_to": data["valid_to"],
            "decided_by": data["decided_by"],
            "decision_number": data["decision_number"],
        }


class OpenAccountForm(PostForm):
    full_name = forms.CharField(label=_("Họ và tên"), max_length=200, widget=forms.TextInput(attrs=_TEXT))
    email = forms.EmailField(
        label=_("Thư điện tử"),
        max_length=254,
        help_text=_("Dùng để đăng nhập"),
        error_messages={"invalid": _("Địa chỉ thư chưa đúng. Hãy nhập dạng ten@vidu.vn.")},
        widget=forms.EmailInput(attrs=_TEXT),
    )
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, required=False, widget=forms.TextInput(attrs=_TEXT))
    field_order = (
        "full_name",
        "email",
        "phone",
        "post",
        "point",
        "duties",
        "valid_from",
        "valid_to",
        "decided_by",
        "decision_number",
    )

    def facts(self) -> dict[str, Any]:
        """What `open_account` asks for."""
        return {**super().facts(), **{name: self.cleaned_data[name] for name in ("full_name", "email", "phone")}}


class EndPostForm(Form):
    on = DayField(label=_("Thôi giữ chức vụ từ ngày"), help_text=_("Ngày đầu tiên không còn giữ chức vụ"))
    decision_number = forms.CharField(label=_("Số quyết định"), max_length=60, required=False)


class ChangeDutiesForm(Form):
    duties = DutiesField(label=_("Nhiệm vụ"), required=False)


class ProfileForm(Form):
    full_name = forms.CharField(label=_("Họ và tên"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Điện thoại"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )


class ReasonForm(Form):
    reason = forms.CharField(label=_("Lý do"), max_length=300, widget=forms.TextInput(attrs=_TEXT))


class DelegationForm(Form):
    """`givers`: who may be away here (oneself, or the people of a unit one manages); `takers`: who can stand in."""

    from_person = forms.TypedChoiceField(label=_("Người đi vắng"), coerce=int)
    to_person = forms.TypedChoiceField(label=_("Người làm thay"), coerce=int)
    valid_from = DayField(label=_("Vắng từ ngày"))
    valid_to = DayField(label=_("Trở lại làm việc ngày"))
    reason = forms.CharField(label=_("Lý do"), max_length=300, help_text=_("Ví dụ: nghỉ phép, đi học"))
    includes_signing = forms.BooleanField(
        label=_("Giao cả quyền ký kết quả"), required=False, help_text=_("Chỉ khi có văn bản ủy quyền của người ký")
    )
    decision_number = forms.CharField(label=_("Số văn bản ủy quyền"), max_length=60, required=False)

    def __init__(
        self, *args: Any, givers: list[tuple[int, str]], takers: list[tuple[int, str]], on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(to_person=[("", gettext("Chọn người")), *takers])
        self.fields["valid_from"].initial = on
        if len(givers) == 1:
            del self.fields["from_person"]
            self.only_giver = givers[0][0]
        else:
            self.offer(from_person=[("", gettext("Chọn người")), *givers])

    def facts(self) -> dict[str, Any]:
        """What `delegate_work` asks for, and who is away under "from_person_id"."""
        data = dict(self.cleaned_data)
        data["from_person_id"] = data.pop("from_person", None) or self.only_giver
        data["to_person_id"] = data.pop("to_person")
        return data


class TokenForm(Form):
    name = forms.CharField(
        label=_("Tên khóa"),
        max_length=100,
        help_text=_("Theo phần mềm sẽ dùng khóa, ví dụ: cổng dịch vụ"),
        widget=forms.TextInput(attrs=_TEXT),
    )
    last_day = DayField(label=_("Dùng đến hết ngày"), help_text=_("Không quá một năm"))

    def __init__(self, *args: Any, held: Iterable[str], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duties"] = DutiesField(label=_("Khóa được làm gì"), duties=held)
        self.order_fields(["name", "duties", "last_day"])
        self.fields["last_day"].initial = on + timedelta(days=90)

    def expires_at(self) -> datetime:
        """The first instant after the last day."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["last_day"] + timedelta(days=1), time()))


class IdentityForm(Form):
    unit_id = forms.TypedChoiceField(label=_("Nơi đối chiếu"), coerce=int)
    email = forms.EmailField(
        label=_("Thư điện tử của tài khoản"),
        widget=forms.EmailInput(attrs=_TEXT),
        error_messages={"invalid": _("Địa chỉ thư chưa đúng. Hãy nhập dạng ten@vidu.vn.")},
    )
    id_number = forms.CharField(
        label=_("Số định danh trên thẻ"), max_length=20, widget=forms.TextInput(attrs={**_TEXT, "inputmode": "numeric"})
    )

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit_id=places)
        self.fields["unit_id"].initial = places[0][0] if places else None

    def clean_id_number(self) -> str:
        return "".join(self.cleaned_data["id_number"].split())


class TestPersonForm(Form):
    """The page of the stand-in for the national identity: who to be. `people`: (key, name, what is known)."""

    __test__ = False  # no test class

    person = forms.ChoiceField(label=_("Bạn là ai?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(person=[(key, name) for key, name, _known in people])
        self.explain(person={key: known for key, _name, known in people})
