"""Forms of the pages about staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.staffing.models import Distribution, JobPosition
from thongsuot.staffing.models.leaving import LeaveKind
from thongsuot.staffing.models.persons import State
from thongsuot.staffing.models.posts import Qualification
from thongsuot.staffing.queries.persons import RUN_OUT
from thongsuot.staffing.rules import PROPOSABLE
from thongsuot.units.models import Body
from thongsuot.web.forms import DayField, Form

_TEXT = {"autocomplete": "off"}
Choice = tuple[Any, Any]


class DongField(forms.IntegerField):
    """Whole đồng, as people write them: 15.000.000."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", 10**12)
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **kwargs)

    def to_python(self, value: Any) -> int | None:
        return super().to_python(str(value).replace(".", "").replace(" ", "") if isinstance(value, str) else value)


def number_field(label: Any, *, most: int, least: int = 0, required: bool = True, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class PositionForm(Form):
    name = forms.CharField(label=_("Tên vị trí"), max_length=200)
    group = forms.ChoiceField(label=_("Nhóm"), choices=JobPosition.Group.choices)
    body_kind = forms.ChoiceField(label=_("Cơ quan"), choices=Body.Kind.choices)
    title = forms.CharField(
        label=_("Chức danh khi bổ nhiệm"), max_length=200, help_text=_("Chức danh quyết định nhiệm vụ trong hệ thống.")
    )
    applies_to = forms.MultipleChoiceField(
        label=_("Có ở"), choices=JobPosition.KINDS, widget=forms.CheckboxSelectMultiple, required=False
    )
    mandatory = forms.BooleanField(label=_("Bắt buộc có người"), required=False)
    headcount = number_field(_("Số người thường có"), most=999)
    party_managed = forms.BooleanField(
        label=_("Diện cấp ủy quản lý"), required=False, help_text=_("Bố trí cần cả bên chính quyền và bên Đảng duyệt.")
    )
    qualification = forms.ChoiceField(label=_("Trình độ tối thiểu"), choices=Qualification.choices)
    fields_text = forms.CharField(label=_("Lĩnh vực"), required=False, max_length=400, help_text=_("Ngăn bằng dấu chấm phẩy."))
    in_use = forms.BooleanField(label=_("Đang dùng"), required=False)
    checked = forms.BooleanField(label=_("Đã đối chiếu với quyết định"), required=False)


class NewPositionForm(PositionForm):
    code = forms.CharField(label=_("Mã vị trí"), max_length=12, help_text=_("Ví dụ: VT58"), widget=forms.TextInput(attrs=_TEXT))
    field_order = ("code", "name")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        if JobPosition.objects.filter(code=code).exists():
            raise forms.ValidationError(gettext("Mã này đã có trong danh mục. Hãy dùng mã khác, hoặc sửa vị trí ấy."))
        return code


class PlanForm(Form):
    title = forms.CharField(label=_("Tên phương án"), max_length=200)
    decision_number = forms.CharField(label=_("Số quyết định"), max_length=60, widget=forms.TextInput(attrs=_TEXT))
    total_persons = number_field(_("Tổng số người theo quyết định"), most=10_000_000, least=1)
    total_units = number_field(_("Số đơn vị theo quyết định"), most=10_000, least=1)
    effective_on = DayField(label=_("Áp dụng từ ngày"))


class TotalsForm(Form):
    decision_number = forms.CharField(label=_("Số quyết định"), max_length=60, widget=forms.TextInput(attrs=_TEXT))
    total_persons = number_field(_("Tổng số người theo quyết định"), most=10_000_000, least=1)
    total_units = number_field(_("Số đơn vị theo quyết định"), most=10_000, least=1)


class FileForm(Form):
    file = forms.FileField(
        label=_("Tệp .xlsx hoặc .csv"), help_text=_("Theo đúng tệp mẫu. Sai một dòng thì chưa nhập dòng nào.")
    )


class MembersFileForm(FileForm):
    counted = DayField(
        label=_("Mã đơn vị tính theo ngày"),
        help_text=_("Danh sách của đơn vị cũ thì ghi ngày cuối cùng đơn vị ấy còn hoạt động, ví dụ 30/06/2025."),
    )


class MemberForm(Form):
    full_name = forms.CharField(label=_("Họ tên"), max_length=200, widget=forms.TextInput(attrs=_TEXT))
    email = forms.EmailField(
        label=_("Thư điện tử"), max_length=254, required=False, help_text=_("Để mở tài khoản khi nhận việc.")
    )
    unit = forms.CharField(label=_("Mã đơn vị đang hoặc từng công tác"), max_length=5, widget=forms.TextInput(attrs=_TEXT))
    counted = DayField(label=_("Mã đơn vị tính theo ngày"))
    old_title = forms.CharField(label=_("Chức danh cũ"), max_length=200, required=False)
    state = forms.ChoiceField(label=_("Tình trạng"), choices=[(str(state.label), state.label) for state in PROPOSABLE])
    position = forms.CharField(label=_("Mã vị trí đang giữ"), max_length=12, required=False)
    qualification = forms.ChoiceField(
        label=_("Trình độ"), choices=[(str(label), label) for _value, label in Qualification.choices], initial="đại học"
    )
    fields_text = forms.CharField(label=_("Lĩnh vực"), required=False, max_length=400, help_text=_("Ngăn bằng dấu chấm phẩy."))
    years = number_field(_("Số năm trong lĩnh vực"), most=60, required=False)
    wish = forms.CharField(label=_("Nguyện vọng về đơn vị (mã)"), max_length=5, required=False)


class EditMemberForm(Form):
    full_name = forms.CharField(label=_("Họ tên"), max_length=200, widget=forms.TextInput(attrs=_TEXT))
    unit = forms.CharField(label=_("Mã đơn vị đang hoặc từng công tác"), max_length=5, widget=forms.TextInput(attrs=_TEXT))
    counted = DayField(label=_("Mã đơn vị tính theo ngày"))
    state = forms.ChoiceField(
        label=_("Tình trạng"),
        choices=[(state.value, state.label) for state in State],
        help_text=_("Sửa khi lập danh sách sai. Đã có phương án bố trí thì đổi bằng phương án."),
    )
    position = forms.CharField(
        label=_("Mã vị trí đang giữ"), max_length=12, required=False, widget=forms.TextInput(attrs=_TEXT)
    )
    email = forms.EmailField(label=_("Thư điện tử"), max_length=254, required=False)
    qualification = forms.ChoiceField(label=_("Trình độ"), choices=Qualification.choices)
    fields_text = forms.CharField(label=_("Lĩnh vực"), required=False, max_length=400, help_text=_("Ngăn bằng dấu chấm phẩy."))
    years_in_field = number_field(_("Số năm trong lĩnh vực"), most=60)
    wish_unit = forms.TypedChoiceField(label=_("Nguyện vọng về đơn vị"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(wish_unit=[("", gettext("Không nêu")), *units])


class ProposeForm(Form):
    """`place` is "body:position"; the position is empty where no catalogue says it."""

    becomes = forms.ChoiceField(
        label=_("Phương án"), choices=[(state.value, state.label) for state in PROPOSABLE], widget=forms.RadioSelect
    )
    place = forms.ChoiceField(label=_("Cơ quan, vị trí"), required=False, help_text=_("Bỏ trống khi đưa vào diện dôi dư."))
    title = forms.CharField(
        label=_("Chức danh"),
        max_length=200,
        required=False,
        help_text=_("Chỉ cần ghi khi nơi nhận không theo danh mục vị trí."),
    )
    effective_on = DayField(label=_("Từ ngày"), help_text=_("Có hiệu lực từ 0 giờ ngày này."))
    until = DayField(label=_("Đến trước ngày"), required=False, help_text=_("Bắt buộc khi biệt phái."))
    keeps_posts = forms.BooleanField(
        label=_("Giữ các chức vụ đang có"), required=False, help_text=_("Kiêm nhiệm: chức vụ cũ không kết thúc.")
    )
    party_managed = forms.BooleanField(
        label=_("Chức danh thuộc diện cấp ủy quản lý"),
        required=False,
        help_text=_("Cho chức danh ngoài danh mục vị trí: cần cả bên Đảng duyệt."),
    )
    note = forms.CharField(label=_("Lý do"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, places: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(place=[("", gettext("Chọn vị trí")), *places])

    def facts(self) -> dict[str, Any]:
        """What the command asks for."""
        data = dict(self.cleaned_data)
        body, _colon, position = data.pop("place").partition(":")
        return {**data, "to_body_id": int(body) if body else None, "position_id": int(position) if position else None}


# Where the commands call a field otherwise than the form.
PLACES_OF_PROPOSAL = {"to_body": "place", "position": "place"}


class ReasonForm(Form):
    reason = forms.CharField(label=_("Lý do"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class NoteForm(Form):
    note = forms.CharField(label=_("Ý kiến"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class DecideForm(Form):
    decision_number = forms.CharField(label=_("Số quyết định"), max_length=60, widget=forms.TextInput(attrs=_TEXT))
    decided_by = forms.CharField(label=_("Cơ quan quyết định"), max_length=200)
    decided_on = DayField(label=_("Ngày quyết định"))
    backdated = forms.BooleanField(
        label=_("Có hiệu lực từ trước ngày quyết định"),
        required=False,
        help_text=_("Chỉ đánh dấu khi quyết định đúng là ghi như vậy."),
    )


class CancelForm(Form):
    """The document that cancels or corrects a decision."""

    decision_number = forms.CharField(label=_("Số văn bản"), max_length=60, widget=forms.TextInput(attrs=_TEXT))
    decided_by = forms.CharField(label=_("Cơ quan ban hành"), max_length=200)
    decided_on = DayField(label=_("Ngày văn bản"))


class DecideLeaveForm(DecideForm):
    decided_dong = DongField(label=_("Số tiền theo quyết định, đồng"), help_text=_("Ghi đúng như văn bản đã ký."))
    field_order = ("decision_number", "decided_by", "decided_on", "decided_dong", "backdated")


class LeaveForm(Form):
    kind = forms.ChoiceField(label=_("Diện nghỉ"), choices=LeaveKind.choices)
    applied_on = DayField(label=_("Ngày nộp đơn"))
    leaves_on = DayField(label=_("Nghỉ từ ngày"), help_text=_("Ngày đầu tiên không còn làm việc."))
    reorganised_on = DayField(label=_("Ngày sắp xếp có hiệu lực"), help_text=_("Để tính nghỉ trong 12 tháng đầu hay về sau."))
    reason = forms.CharField(
        label=_("Nguyện vọng, lý do"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class FactsForm(Form):
    leaves_on = DayField(label=_("Nghỉ từ ngày"))
    reorganised_on = DayField(label=_("Ngày sắp xếp có hiệu lực"))
    pay_dong = DongField(
        label=_("Tiền lương, phụ cấp tháng hiện hưởng, đồng"), required=False, help_text=_("Ví dụ: 15.000.000")
    )
    months_insured = number_field(_("Số tháng đóng bảo hiểm xã hội bắt buộc"), most=720, required=False)
    months_served = number_field(
        _("Số tháng công tác"), most=720, required=False, hint=_("Cho người hoạt động không chuyên trách.")
    )
    retires_on = DayField(label=_("Ngày đủ tuổi nghỉ hưu"), required=False, help_text=_("Cho người nghỉ hưu trước tuổi."))


class DistributionForm(Form):
    """`rows` lines of a unit and its persons, named unit_0, persons_0 and so on; empty lines count for nothing."""

    title = forms.CharField(label=_("Nội dung"), max_length=200)
    group = forms.ChoiceField(label=_("Đối tượng"), choices=Distribution.Group.choices)
    basis = forms.CharField(label=_("Căn cứ"), max_length=200, required=False)
    effective_on = DayField(
        label=_("Áp dụng từ ngày"),
        help_text=_("Đơn vị để chọn là đơn vị của ngày này. Đổi ngày thì bấm “Thêm dòng” để tải lại."),
    )
    total = number_field(_("Tổng số người"), most=100_000, least=1)

    def __init__(self, *args: Any, units: Sequence[tuple[int, str]], rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for place in range(rows):
            unit = forms.TypedChoiceField(
                label=gettext("Đơn vị %(number)s") % {"number": place + 1}, coerce=int, empty_value=None, required=False
            )
            unit.choices = [("", gettext("Chọn đơn vị")), *units]
            self.fields[f"unit_{place}"] = unit
            self.fields[f"persons_{place}"] = number_field(_("Số người"), most=100_000, least=1, required=False)

    def lines(self) -> list[tuple[Any, Any]]:
        """Bound fields of each line."""
        return [(self[f"unit_{place}"], self[f"persons_{place}"]) for place in range(self.rows)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        shares: dict[int, int] = {}
        for place in range(self.rows):
            unit, persons = data.get(f"unit_{place}"), data.get(f"persons_{place}")
            if unit is not None and persons is None and f"persons_{place}" not in self.errors:
                self.add_error(f"persons_{place}", gettext("Chưa có số người của đơn vị này. Hãy ghi số, hoặc bỏ chọn đơn vị."))
            elif unit is None and persons is not None:
                self.add_error(f"unit_{place}", gettext("Chưa chọn đơn vị nhận số người này."))
            elif unit is not None and unit in shares:
                self.add_error(f"unit_{place}", gettext("Đơn vị này đã có ở dòng trên. Hãy gộp vào một dòng."))
            elif unit is not None and persons is not None:
                shares[unit] = persons
        data["shares"] = shares
        return data


STATE_CHOICES = [
    ("", _("Mọi tình trạng")),
    *((state.value, state.label) for state in State),
    (RUN_OUT, _("Hết hạn biệt phái, hợp đồng")),
]
