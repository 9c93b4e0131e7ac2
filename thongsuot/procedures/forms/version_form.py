"""The page on which an administrator writes a version: plain fields, lines (`notation`), and rows for fees and steps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import msgspec
from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.text import day
from thongsuot.people.rules import DUTIES
from thongsuot.procedures import notation, rules, words
from thongsuot.procedures.content import FeeRule, Step, Subject
from thongsuot.procedures.forms.fields import Amount, Hours, JsonField, Lines, Whole
from thongsuot.procedures.models import Procedure
from thongsuot.procedures.queries import VersionView
from thongsuot.units.files import role_names
from thongsuot.web.forms import DayField, Form

MOST_ROWS = 20

_UNITS = [
    (LimitUnit.SAME_DAY.value, gettext_lazy("trong ngày")),
    (LimitUnit.WORKING_HOURS.value, gettext_lazy("giờ làm việc")),
    (LimitUnit.WORKING_DAYS.value, gettext_lazy("ngày làm việc")),
    (LimitUnit.CALENDAR_DAYS.value, gettext_lazy("ngày")),
    (LimitUnit.MONTHS.value, gettext_lazy("tháng")),
]
_FEE_KINDS = [("fee", gettext_lazy("Phí")), ("levy", gettext_lazy("Lệ phí"))]
_FEE_FORMS = [
    ("fixed", gettext_lazy("Một mức cho mỗi hồ sơ")),
    ("per_copy", gettext_lazy("Theo số bản")),
    ("per_page", gettext_lazy("Theo số trang")),
]
_BODIES = list(words.PLACES.items())


class MainForm(Form):
    """Everything but fees and steps."""

    valid_from = DayField(
        label=gettext_lazy("Áp dụng từ ngày"), help_text=gettext_lazy("Hồ sơ nhận trước ngày này giữ quy định cũ.")
    )
    name = forms.CharField(label=gettext_lazy("Tên thủ tục"), max_length=1000, widget=forms.Textarea(attrs={"rows": "3"}))
    also_called = forms.CharField(
        label=gettext_lazy("Còn gọi là"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Cách người dân gọi, để tìm được, ví dụ: sao y, giấy độc thân."),
    )
    field = forms.CharField(label=gettext_lazy("Lĩnh vực"), max_length=100)
    limit_value = Whole(
        1, 3650, label=gettext_lazy("Thời hạn"), required=False, help_text=gettext_lazy("Để trống khi trả trong ngày.")
    )
    limit_unit = forms.ChoiceField(label=gettext_lazy("Đơn vị thời hạn"), choices=_UNITS)
    extension_days = Whole(0, 365, label=gettext_lazy("Được kéo dài (ngày làm việc)"))
    subjects = forms.MultipleChoiceField(
        label=gettext_lazy("Đối tượng thực hiện"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Để trống khi chưa biết; chỉ số 1.3 cần phần này."),
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Cách nộp"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("1", gettext_lazy("Tại quầy")), ("2", gettext_lazy("Trực tuyến")), ("3", gettext_lazy("Bưu chính công ích"))],
    )
    fully_online = forms.BooleanField(label=gettext_lazy("Toàn trình: người dân không phải đến quầy"), required=False)
    non_boundary = forms.BooleanField(label=gettext_lazy("Nộp được ở mọi điểm phục vụ trong thành phố"), required=False)
    papers = Lines(
        notation.papers,
        rows=8,
        label=gettext_lazy("Giấy tờ"),
        required=False,
        help_text=gettext_lazy(
            "Mỗi dòng một giấy tờ. Trước tên, nếu cần: (xuất trình), (tờ khai), (nếu có), (1 bản sao). "
            "Sau dấu | là khi nào cần."
        ),
    )
    results = Lines(
        notation.results,
        rows=3,
        label=gettext_lazy("Kết quả"),
        required=False,
        help_text=gettext_lazy("Mỗi dòng một kết quả: mã | tên."),
    )
    legal_basis = Lines(
        notation.legal_texts,
        rows=5,
        label=gettext_lazy("Căn cứ pháp lý"),
        required=False,
        help_text=gettext_lazy("Mỗi dòng một văn bản: tên | hiệu lực từ | đến trước."),
    )
    decision_number = forms.CharField(
        label=gettext_lazy("Quyết định công bố số"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Ví dụ: 2345/QĐ-UBND. Chỉ số 1.1 và 1.2 tính theo quyết định này."),
    )
    decision_on = DayField(label=gettext_lazy("Ký ngày"), required=False)
    own_process = forms.ChoiceField(
        label=gettext_lazy("Quy trình điện tử"),
        widget=forms.RadioSelect,
        choices=[
            ("default", gettext_lazy("Mặc định, chia theo thời hạn")),
            ("own", gettext_lazy("Riêng, theo các bước dưới đây")),
        ],
    )
    form_schema = JsonField(
        label=gettext_lazy("Tờ khai điện tử (JSON Schema)"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": "8", "class": "code", "spellcheck": "false"}),
        help_text=gettext_lazy("Để trống khi chưa có tờ khai điện tử. Cách viết: docs/howto/publish-a-procedure.md."),
    )
    unverified = forms.MultipleChoiceField(
        label=gettext_lazy("Phần chưa đối chiếu với văn bản"), required=False, widget=forms.CheckboxSelectMultiple
    )
    source = forms.CharField(
        label=gettext_lazy("Nguồn"), max_length=400, required=False, help_text=gettext_lazy("Nơi đã đọc các nội dung này.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(subjects=[(subject.value, words.subject_words(subject)) for subject in Subject])
        self.offer(unverified=[(part, words.part_words(part)) for part in rules.PARTS])


class CodeForm(Form):
    """The code of a procedure that is new to the catalogue."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Loại mã"), choices=Procedure.Kind.choices, widget=forms.RadioSelect, initial=Procedure.Kind.NATIONAL
    )
    code = forms.CharField(label=gettext_lazy("Mã thủ tục"), max_length=20, widget=forms.TextInput(attrs={"class": "w12"}))


class FeeRowForm(Form):
    """One fee or levy."""

    code = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Khoản thu"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Loại"), choices=_FEE_KINDS, initial="fee")
    form = forms.ChoiceField(label=gettext_lazy("Cách tính"), choices=_FEE_FORMS, initial="fixed")
    amount_dong = Amount(label=gettext_lazy("Mức (đồng)"), required=False)
    tiers = Lines(
        notation.tiers,
        rows=1,
        label=gettext_lazy("Bậc theo trang"),
        required=False,
        help_text=gettext_lazy("Ví dụ: 2: 2.000; 1.000"),
    )
    cap_dong = Amount(label=gettext_lazy("Tối đa một bản (đồng)"), required=False)
    quantity = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,39}$",
        label=gettext_lazy("Đếm theo mục"),
        required=False,
        help_text=gettext_lazy("Mã số lượng trong tờ khai, ví dụ: copies"),
    )
    online_percent = Whole(0, 100, label=gettext_lazy("Nộp trực tuyến thu bao nhiêu phần trăm"), required=False)
    basis = forms.CharField(label=gettext_lazy("Căn cứ"), max_length=400)
    valid_from = DayField(label=gettext_lazy("Từ ngày"), required=False)
    valid_to = DayField(label=gettext_lazy("Đến trước ngày"), required=False)
    exemptions = Lines(
        notation.exemptions,
        rows=2,
        label=gettext_lazy("Miễn, giảm"),
        required=False,
        help_text=gettext_lazy("Mỗi dòng: mã | tên | căn cứ | còn nộp bao nhiêu phần trăm"),
    )
    to_check = forms.BooleanField(label=gettext_lazy("Mức chưa kiểm chứng"), required=False)


class StepRowForm(Form):
    """One step."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Tên bước"), max_length=200)
    duty = forms.ChoiceField(
        label=gettext_lazy("Nhiệm vụ"), choices=[(duty, DUTIES[duty].label) for duty in rules.DUTIES], initial=rules.DUTIES[0]
    )
    minutes = Hours(label=gettext_lazy("Số giờ"))
    body_kind = forms.ChoiceField(label=gettext_lazy("Nơi làm"), choices=_BODIES, required=False)
    agency = forms.ChoiceField(label=gettext_lazy("Cơ quan làm bước này"), required=False)
    parallel_opinions = forms.BooleanField(label=gettext_lazy("Xin ý kiến song song"), required=False)
    asks_payment = forms.BooleanField(label=gettext_lazy("Ra thông báo nộp tiền"), required=False)
    silence_basis = forms.CharField(
        label=gettext_lazy("Căn cứ coi im lặng là đồng ý"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Chỉ ghi khi có văn bản quy định. Để trống: phải có ý kiến trả lời."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(agency=[("", _("Đơn vị giải quyết")), *role_names().items()])


if TYPE_CHECKING:
    _FormSet = BaseFormSet[Any]
else:  # Django's own is not subscriptable when it runs
    _FormSet = BaseFormSet


class _Rows(_FormSet):
    """Rows of the page: a new one may stay empty, any of them can be dropped."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = gettext_lazy("Bỏ dòng này")

    @property
    def kept(self) -> list[Any]:
        """The forms that are neither dropped nor an untouched new row."""
        dropped = self.deleted_forms if self.is_bound and self.is_valid() else []
        return [form for form in self.forms if form not in dropped and (form.has_changed() or not form.empty_permitted)]

    @property
    def to_show(self) -> list[Any]:
        """The forms whose errors count: what is dropped needs no repair."""
        return [form for form in self.forms if not (self.is_bound and form["DELETE"].data)]


FeeRows = formset_factory(FeeRowForm, formset=_Rows, can_delete=True, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
StepRows = formset_factory(StepRowForm, formset=_Rows, can_delete=True, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class VersionEditor:
    """The whole page: the main form, its rows, and how they become a draft.

    With `data` it is what was posted; `grow` names the rows ("fees" or "steps") that get one more.
    """

    def __init__(
        self,
        *,
        start: VersionView | None = None,
        valid_from: date | None = None,
        first: bool = False,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.problems: dict[str, str] = {}
        self.kept_steps = {step.key: step for step in start.steps} if start else {}
        posted = dict(data.items()) if data is not None and "viec" in data and str(data["viec"]).startswith("them-") else None
        if posted is not None and data is not None:
            data = _grown(data, posted["viec"].removeprefix("them-"))
        self.code_form = CodeForm(data) if first else None
        self.main = MainForm(data, initial=_main_initial(start, valid_from))
        self.fees = cast(_Rows, FeeRows(data, prefix="fees", initial=_fee_initial(start)))
        self.steps = cast(_Rows, StepRows(data, prefix="steps", initial=_step_initial(start)))

    @property
    def forms(self) -> list[Form]:
        """Everything with errors, for the summary on top."""
        code = [self.code_form] if self.code_form is not None else []
        return [*code, self.main, *self.fees.to_show, *self.steps.to_show]

    def draft(self) -> rules.Draft | None:
        """What was written, or None when a field cannot be read; the errors then stand beside the fields."""
        if [form for form in self.forms if not form.is_valid()]:  # all of them, so that all errors are shown at once
            return None
        if not (self.fees.is_valid() and self.steps.is_valid()):
            self.main.add_error(None, _("Các dòng của trang gửi lên không đủ. Hãy tải lại trang rồi ghi lại."))
            return None
        main = self.main.cleaned_data
        steps = self._steps() if main["own_process"] == "own" else []
        if main["own_process"] == "own" and not steps:
            self.main.add_error("own_process", _("Hãy ghi các bước, hoặc chọn quy trình mặc định."))
            return None
        unit = LimitUnit(main["limit_unit"])
        if unit != LimitUnit.SAME_DAY and main["limit_value"] is None:
            self.main.add_error("limit_value", _("Hãy ghi thời hạn, hoặc chọn “trong ngày”."))
            return None
        return rules.Draft(
            name=main["name"],
            also_called=main["also_called"],
            field=main["field"],
            limit=Limit(main["limit_value"] or 1, unit),
            extension_days=main["extension_days"] or 0,
            papers=main["papers"],
            results=main["results"],
            fee_rules=self._fee_rules(),
            steps=steps,
            form_schema=main["form_schema"],
            subjects=frozenset(Subject(one) for one in main["subjects"]),
            channels=frozenset(int(channel) for channel in main["channels"]),
            fully_online=main["fully_online"],
            non_boundary=main["non_boundary"],
            legal_basis=main["legal_basis"],
            decision_number=main["decision_number"],
            decision_on=main["decision_on"],
            source=main["source"],
            unverified=frozenset(main["unverified"]) | (set() if main["own_process"] == "own" else {"steps"}),
        )

    def refused(self, problems: Mapping[str, str]) -> None:
        """Put what the command said beside the field it concerns; what has none stands on top of the page."""
        fields = {"limit": "limit_value"}
        for part, sentence in problems.items():
            field = fields.get(part, part)
            if part == "code" and self.code_form is not None:
                self.code_form.add_error("code", sentence)
            elif field in self.main.fields:
                self.main.add_error(field, sentence)
            else:
                self.main.add_error(None, sentence)

    def _fee_rules(self) -> list[FeeRule]:
        found = []
        for place, row in enumerate((form.cleaned_data for form in self.fees.kept), start=1):
            found.append(
                FeeRule(
                    code=row["code"] or f"f{place}",
                    name=row["name"],
                    kind=row["kind"],
                    form=row["form"],
                    amount_dong=row["amount_dong"] or 0,
                    tiers=tuple(row["tiers"]),
                    cap_dong=row["cap_dong"],
                    quantity=row["quantity"] or "copies",
                    basis=row["basis"],
                    exemptions=tuple(row["exemptions"]),
                    online_percent=100 if row["online_percent"] is None else row["online_percent"],
                    valid_from=row["valid_from"] or self.main.cleaned_data["valid_from"],
                    valid_to=row["valid_to"],
                    to_check=row["to_check"],
                )
            )
        return found

    def _steps(self) -> list[Step]:
        rows = [form.cleaned_data for form in self.steps.kept]
        taken = {row["key"] for row in rows} | set(self.kept_steps)
        fresh = (key for place in range(1, 3 * MOST_ROWS) if (key := f"s{place}") not in taken)
        return [
            # What this page does not show (branches above all) stays as it was.
            msgspec.structs.replace(
                self.kept_steps.get(row["key"]) or Step(key=row["key"] or next(fresh), name="", duty="", minutes=0),
                name=row["name"],
                duty=row["duty"],
                minutes=row["minutes"],
                counted=row["duty"] != "hand back results",
                body_kind=row["body_kind"],
                parallel_opinions=row["parallel_opinions"],
                agency=row["agency"],
                asks_payment=row["asks_payment"],
                silence_basis=row["silence_basis"],
            )
            for row in rows
        ]


def _grown(data: Mapping[str, Any], prefix: str) -> Mapping[str, Any]:
    """The posted page with one more row of a kind: everything typed stays."""
    copy: Any = data.copy()  # type: ignore[attr-defined]  # a QueryDict
    name = f"{prefix}-TOTAL_FORMS"
    count = str(copy.get(name, ""))
    if count.isascii() and count.isdigit():
        copy[name] = str(min(int(count) + 1, MOST_ROWS))
    return copy  # type: ignore[no-any-return]  # a QueryDict too


def _main_initial(start: VersionView | None, valid_from: date | None) -> dict[str, Any]:
    if start is None:
        return {
            "valid_from": valid_from,
            "channels": ["1", "2", "3"],
            "limit_unit": LimitUnit.WORKING_DAYS.value,
            "own_process": "default",
            "extension_days": 0,
        }
    return {
        "valid_from": valid_from,
        "name": start.name,
        "also_called": start.also_called,
        "field": start.field,
        "limit_unit": start.limit.unit.value,
        "limit_value": None if start.limit.unit == LimitUnit.SAME_DAY else start.limit.value,
        "extension_days": start.extension_days,
        "fully_online": start.fully_online,
        "subjects": sorted(start.subjects),
        "channels": [str(channel) for channel in sorted(start.channels)],
        "non_boundary": start.non_boundary,
        "papers": notation.written_papers(start.papers),
        "results": notation.written_results(start.results),
        "legal_basis": notation.written_legal_texts(start.legal_basis),
        "decision_number": start.decision_number,
        "decision_on": start.decision_on,
        "own_process": "own" if start.has_own_process else "default",
        "unverified": sorted(start.unverified),
        "source": start.source,
        "form_schema": json.dumps(start.form_schema, ensure_ascii=False, indent=1) if start.form_schema else "",
    }


def _fee_initial(start: VersionView | None) -> list[dict[str, Any]]:
    return (
        []
        if start is None
        else [
            {
                "code": rule.code,
                "name": rule.name,
                "kind": rule.kind,
                "form": rule.form,
                "amount_dong": rule.amount_dong or "",
                "tiers": notation.written_tiers(rule.tiers),
                "cap_dong": "" if rule.cap_dong is None else rule.cap_dong,
                "quantity": rule.quantity,
                "online_percent": rule.online_percent,
                "basis": rule.basis,
                "valid_from": day(rule.valid_from),
                "valid_to": day(rule.valid_to) if rule.valid_to else "",
                "exemptions": notation.written_exemptions(rule.exemptions),
                "to_check": rule.to_check,
            }
            for rule in start.fee_rules
        ]
    )


def _step_initial(start: VersionView | None) -> list[dict[str, Any]]:
    return (
        []
        if start is None
        else [
            {
                "key": step.key,
                "name": step.name,
                "duty": step.duty,
                "minutes": f"{step.minutes / 60:g}".replace(".", ","),
                "body_kind": step.body_kind,
                "parallel_opinions": step.parallel_opinions,
                "agency": step.agency,
                "asks_payment": step.asks_payment,
                "silence_basis": step.silence_basis,
            }
            for step in start.steps
        ]
    )
