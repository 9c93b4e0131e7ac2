"""Forms of payments: the drawer, refunds, accounts, statements, explanations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.text import dong, masked_name
from thongsuot.payments import banks
from thongsuot.payments.actions.outflows import OUTFLOWS
from thongsuot.payments.debts import Debt
from thongsuot.payments.models import FeeAccount, FeePayment, Refund
from thongsuot.payments.rules import FACES
from thongsuot.web.forms import Form

_NUMBERS = {"class": "w4", "inputmode": "numeric", "autocomplete": "off"}


class CountForm(Form):
    """How many notes of each face there are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notes = {
            f"n{face}": forms.IntegerField(
                label=dong(face), initial=0, min_value=0, max_value=100_000, widget=forms.TextInput(attrs=_NUMBERS)
            )
            for face in FACES
        }
        reason = forms.CharField(
            label=_("Lý do chênh lệch"), required=False, max_length=300, help_text=_("Chỉ ghi khi số đếm khác số theo sổ.")
        )
        self.add({**notes, "reason": reason})

    def counts(self) -> dict[int, int]:
        return {face: self.cleaned_data[f"n{face}"] for face in FACES}


class SlipForm(Form):
    """One slip, or one for each unit whose money the drawer holds: {unit: its name and what of it there is}."""

    def __init__(self, *args: Any, units: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label, hint = _("Số giấy nộp tiền"), _("Như ngân hàng ghi trên giấy.")
        names = {"slip_number": label} if len(units) == 1 else {f"slip_{pk}": f"{label}: {name}" for pk, name in units.items()}
        self.add({name: forms.CharField(label=label, max_length=60, help_text=hint) for name, label in names.items()})
        self._units = list(units)

    def slips(self) -> dict[int, str]:
        one = self.cleaned_data.get("slip_number", "")
        return {unit_id: self.cleaned_data.get(f"slip_{unit_id}", one) for unit_id in self._units}


class RefundForm(Form):
    how = forms.ChoiceField(label=_("Trả lại bằng"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Lý do hoàn"), max_length=300, help_text=_("Người dân và người duyệt đọc câu này. Ví dụ: thu nhầm mức phí.")
    )

    def __init__(self, *args: Any, payment: FeePayment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = (Refund.How.CASH, Refund.How.TRANSFER)
        if payment.how != FeePayment.How.CASH:
            ways = (Refund.How.GATEWAY, Refund.How.TRANSFER)
        self.offer(how=[(way.value, way.label) for way in ways])


class RefuseRefundForm(Form):
    reason = forms.CharField(label=_("Lý do không duyệt"), max_length=300)


class AgainForm(Form):
    reason = forms.CharField(
        label=_("Lý do đề nghị lại"), max_length=300, help_text=_("Người duyệt đọc câu này. Ví dụ: người nộp đã đưa sao kê.")
    )


class ProofForm(Form):
    proof = forms.CharField(
        label=_("Số chứng từ trả tiền"), max_length=64, help_text=_("Số ủy nhiệm chi, hoặc số giấy người nhận đã ký.")
    )


class AccountForm(Form):
    OTHER = "khac"

    bank_bin = forms.ChoiceField(label=_("Ngân hàng"))
    other_bin = forms.CharField(
        label=_("Mã của ngân hàng khác"),
        required=False,
        max_length=6,
        help_text=_("Mã BIN gồm 6 chữ số do NAPAS cấp; chỉ ghi khi ngân hàng không có trong danh sách."),
        widget=forms.TextInput(attrs=_NUMBERS),
    )
    number = forms.CharField(
        label=_("Số tài khoản"), max_length=30, widget=forms.TextInput(attrs={"class": "w24", "autocomplete": "off"})
    )
    holder = forms.CharField(label=_("Tên chủ tài khoản"), max_length=120, help_text=_("Như ngân hàng ghi, không dấu."))
    treasury_number = forms.CharField(
        label=_("Số tài khoản kho bạc"), required=False, max_length=30, help_text=_("Nơi tiền phí được chuyển tiếp.")
    )
    merchant = forms.CharField(
        label=_("Mã trên cổng thanh toán"),
        required=False,
        max_length=40,
        help_text=_("Cổng cấp khi đăng ký. Có mã mới làm được giao dịch thử."),
    )

    def __init__(self, *args: Any, account: FeeAccount | None = None, **kwargs: Any) -> None:
        if account is not None:
            names = ("bank_bin", "number", "holder", "treasury_number", "merchant")
            kwargs["initial"] = {name: getattr(account, name) for name in names}
            if account.bank_bin not in banks.names():
                kwargs["initial"] |= {"bank_bin": self.OTHER, "other_bin": account.bank_bin}
        super().__init__(*args, **kwargs)
        known = sorted(banks.names().items(), key=lambda one: one[1].lower())
        self.offer(bank_bin=[("", ""), *known, (self.OTHER, _("Ngân hàng khác, ghi mã ở ô dưới"))])

    def clean(self) -> dict[str, Any]:
        """The number of the bank, chosen or typed, is `bank_bin`."""
        facts = super().clean() or {}
        typed = facts.pop("other_bin", "")
        if facts.get("bank_bin") == self.OTHER:
            facts["bank_bin"] = typed
            if not re.fullmatch(r"[0-9]{6}", typed):
                self.add_error("other_bin", _("Mã ngân hàng (BIN) có 6 chữ số, ví dụ 970436."))
        return facts


class ReasonForm(Form):
    reason = forms.CharField(label=_("Lý do đóng"), max_length=300)


class StatementForm(Form):
    account = forms.ChoiceField(label=_("Tài khoản"))
    file = forms.FileField(label=_("Tệp sổ phụ"), help_text=_("CSV hoặc MT940 của ngân hàng, nhẹ hơn 5 MB."))

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(account=choices)


class AssignForm(Form):
    debt = forms.ChoiceField(label=_("Trả cho hồ sơ"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Vì sao"), max_length=300, help_text=_("Ví dụ: nội dung chuyển khoản có mã hồ sơ, người nộp đã đưa chứng từ.")
    )

    def __init__(self, *args: Any, candidates: Sequence[Debt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(
            debt=[(f"{one.subject}:{one.subject_id}", f"{one.code}, {masked_name(one.payer_name)}") for one in candidates]
        )


class ReturnForm(Form):
    back = forms.CharField(
        label=_("Vì sao trả lại, trả cho ai"),
        max_length=300,
        help_text=_(
            "Ví dụ: không tìm được hồ sơ; ngân hàng cho biết người chuyển và số tài khoản, tiền trả về đúng tài khoản ấy."
        ),
    )


class OutflowForm(Form):
    what = forms.ChoiceField(label=_("Tiền này là"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Ghi chú"), required=False, max_length=300, help_text=_("Với chi khác: chi cho việc gì, theo chứng từ nào.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(what=[(one.value, one.label) for one in OUTFLOWS])


class ExplainForm(Form):
    explanation = forms.CharField(label=_("Giải trình"), max_length=300, help_text=_("Vì sao lệch, đã xử lý thế nào."))
