"""The counter's form: who, what, which papers, how many. The command of reception checks it; a refusal loses nothing typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers.actions import Filer, Owner, PaperIn
from thongsuot.dossiers.forms.papers import PageCountField
from thongsuot.dossiers.models import Channel, Component, Dossier, OwnerKind
from thongsuot.personal_store.models import ReuseConsent
from thongsuot.procedures.content import Exemption, Paper
from thongsuot.web.forms import Form

_TOKEN_SALT = "dossiers.intake"  # noqa: S105 - the name of a purpose
_TOKEN_SECONDS = 24 * 3600
_OFF = {"autocomplete": "off"}

# Where the command's words for a field stand on this form.
PLACES = {
    "owner.name": "name",
    "owner.id_number": "id_number",
    "owner.phone": "phone",
    "owner.email": "email",
    "owner.address": "address",
    "owner.kind": "owner_kind",
    "filer.name": "filer_name",
    "filer.id_number": "filer_id_number",
    "filer.phone": "filer_phone",
    "filer.relation": "filer_relation",
}


def _text(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={**_OFF, **attrs})


class PersonForm(Form):
    """Whose dossier, and who brings it when that is another. What is right is decided by the command."""

    id_number = forms.CharField(label=_("Số định danh"), required=False, max_length=30, widget=_text(inputmode="numeric"))
    name = forms.CharField(
        label=_("Họ tên chủ hồ sơ"),
        max_length=300,
        widget=_text(),
        error_messages={"required": _("Chưa có họ tên. Hãy nhập họ tên như trên giấy tờ.")},
    )
    phone = forms.CharField(label=_("Điện thoại"), required=False, max_length=30, widget=_text(inputmode="tel"))
    email = forms.CharField(label=_("Thư điện tử"), required=False, max_length=250, widget=_text(inputmode="email"))
    address = forms.CharField(label=_("Nơi ở"), required=False, max_length=400, widget=_text())
    owner_kind = forms.TypedChoiceField(
        label=_("Loại chủ hồ sơ"), choices=OwnerKind.choices, coerce=int, initial=OwnerKind.CITIZEN
    )
    channel = forms.TypedChoiceField(
        label=_("Nộp qua"),
        choices=[(Channel.COUNTER, _("Tại quầy")), (Channel.POST, _("Bưu chính công ích"))],
        coerce=int,
        initial=Channel.COUNTER,
    )
    return_by = forms.ChoiceField(label=_("Nhận kết quả"), choices=Dossier.Return.choices, initial=Dossier.Return.COUNTER)
    filer_name = forms.CharField(label=_("Họ tên người nộp thay"), required=False, max_length=300, widget=_text())
    filer_id_number = forms.CharField(
        label=_("Số định danh người nộp thay"), required=False, max_length=30, widget=_text(inputmode="numeric")
    )
    filer_phone = forms.CharField(
        label=_("Điện thoại người nộp thay"), required=False, max_length=30, widget=_text(inputmode="tel")
    )
    filer_relation = forms.CharField(label=_("Quan hệ, giấy ủy quyền"), required=False, max_length=300, widget=_text())

    @property
    def by_another(self) -> bool:
        """Was anything said of another filer?"""
        return any(
            str(self[name].value() or "").strip() for name in ("filer_name", "filer_id_number", "filer_phone", "filer_relation")
        )

    def owner(self) -> Owner:
        """Only after `is_valid()`."""
        said = self.cleaned_data
        return Owner(
            name=said["name"],
            kind=said["owner_kind"],
            id_number=said["id_number"],
            phone=said["phone"],
            email=said["email"],
            address=said["address"],
        )

    def filer(self) -> Filer | None:
        if not self.by_another:
            return None
        said = self.cleaned_data
        return Filer(
            name=said["filer_name"],
            id_number=said["filer_id_number"],
            phone=said["filer_phone"],
            relation=said["filer_relation"],
        )


class ProcedureForm(Form):
    """Which procedure: its code, or words of its name without marks. The page searches while one types."""

    def __init__(self, *args: Any, search_at: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        while_typing = {
            "hx-post": search_at,
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#giay-to",
            "hx-swap": "outerHTML",
            "hx-vals": '{"viec": "tim"}',
            "hx-sync": "this:replace",
        }
        self.fields["thu-tuc"] = forms.CharField(
            label=gettext("Thủ tục: mã, hoặc tên không cần dấu"),
            max_length=200,
            widget=_text(**while_typing),
            error_messages={"required": gettext("Chưa chọn thủ tục. Hãy gõ mã hoặc tên rồi chọn trong danh sách.")},
        )


# The order of the desk: look the datum up, reuse, only then scan; what is only shown is not scanned.
_ORDER = (
    Component.How.DATA,
    Component.How.REUSED,
    Component.How.SCANNED,
    Component.How.UPLOADED,
    Component.How.SHOWN,
    Component.How.WAIVED,
)


_AT_THE_DESK = (ReuseConsent.How.SPOKEN, ReuseConsent.How.WRITTEN, ReuseConsent.How.AUTHORISED)


class PapersForm(Form):
    """A row per published paper: where it comes from, how many, a file that was stored already, or a reason."""

    def __init__(
        self, *args: Any, papers: Sequence[Paper], offers: Mapping[str, Sequence[tuple[str, str]]] | None = None, **kwargs: Any
    ) -> None:
        """`offers`: by paper, what the owner's store has for it as (code, words); None while nobody looked there."""
        super().__init__(*args, **kwargs)
        self.papers = papers
        self.offers = offers or {}
        for code, choices in self.offers.items():
            self.fields[f"kho-{code}"] = forms.ChoiceField(
                label=gettext("Dùng lại giấy tờ trong kho"), required=False, choices=[("", gettext("Không dùng lại")), *choices]
            )
        if self.offers:
            self.fields["dong_y"] = forms.ChoiceField(
                label=gettext("Chủ hồ sơ đồng ý cho dùng lại bằng cách"),
                required=False,
                choices=[("", gettext("Chưa hỏi")), *((how.value, how.label) for how in _AT_THE_DESK)],
            )
            self.fields["dong_y_ghi"] = forms.CharField(
                label=gettext("Ghi thêm về đồng ý"), required=False, max_length=300, widget=_text()
            )
        for paper in papers:
            named = {"paper": paper.name}
            self.fields[f"how-{paper.code}"] = forms.ChoiceField(
                label=gettext("%(paper)s lấy từ đâu") % named,
                required=False,
                choices=[("", gettext("Chưa có")), *((how.value, how.label) for how in _ORDER)],
                initial=Component.How.SHOWN.value if paper.kind == "show" and paper.required else "",
            )
            for name, label, usual in (
                ("originals", gettext("Số bản chính: %(paper)s"), paper.originals),
                ("copies", gettext("Số bản sao: %(paper)s"), paper.copies),
            ):
                self.fields[f"{name}-{paper.code}"] = forms.IntegerField(
                    label=label % named,
                    required=False,
                    min_value=0,
                    max_value=999,
                    initial=usual,
                    widget=_text(inputmode="numeric"),
                    error_messages={"invalid": gettext("Số bản là số, từ 0 đến 999.")},
                )
            self.fields[f"reason-{paper.code}"] = forms.CharField(
                label=gettext("Lý do miễn: %(paper)s") % named, required=False, max_length=300, widget=_text()
            )
            self.fields[f"so-trang-{paper.code}"] = PageCountField(
                label=gettext("Số trang giấy đã quét: %(paper)s") % named, required=False
            )
            self.fields[f"giu-{paper.code}"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def says_of(self, papers: Sequence[Paper]) -> bool:
        """Was anything chosen for one of these?"""
        return any(self[f"how-{paper.code}"].value() or self[f"giu-{paper.code}"].value() for paper in papers)

    @property
    def takes_any(self) -> bool:
        """Is a paper of the store chosen? Only after `is_valid()`."""
        return any(self.cleaned_data.get(f"kho-{code}") for code in self.offers)

    def clean(self) -> None:
        super().clean()
        if self.takes_any and not self.cleaned_data.get("dong_y"):
            self.add_error("dong_y", gettext("Chưa ghi chủ hồ sơ đồng ý bằng cách nào. Hãy hỏi rồi chọn."))

    def rows(self) -> list[PaperIn]:
        """Papers that are there, in the order of the procedure. Only after `is_valid()`."""
        rows = []
        for paper in self.papers:
            said = {
                name: self.cleaned_data.get(f"{name}-{paper.code}")
                for name in ("how", "originals", "copies", "reason", "so-trang", "giu")
            }
            file_id = token_file(said["giu"] or "")
            if stored := self.cleaned_data.get(f"kho-{paper.code}") or "":
                rows.append(PaperIn(code=paper.code, how=Component.How.REUSED, stored=stored, originals=0))
                continue
            how = said["how"] or (Component.How.SCANNED if file_id is not None else "")
            if how:
                rows.append(
                    PaperIn(
                        code=paper.code,
                        how=how,
                        reason=said["reason"] or "",
                        file_id=file_id,
                        pages=said["so-trang"],
                        originals=said["originals"] or 0,
                        copies=said["copies"] or 0,
                    )
                )
        return rows


class MoneyForm(Form):
    """Who resolves it, what fees are counted by, what exempts from them."""

    resolving_unit = forms.TypedChoiceField(label=_("Nơi giải quyết"), coerce=int)
    exemptions = forms.MultipleChoiceField(label=_("Được miễn, giảm vì"), required=False, widget=forms.CheckboxSelectMultiple)
    cash = forms.BooleanField(label=_("Đã thu đủ tiền mặt"), required=False)

    def __init__(
        self,
        *args: Any,
        units: Sequence[tuple[int, str]],
        counted: Sequence[tuple[str, str, int]],
        exemptions: Sequence[Exemption],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(resolving_unit=list(units))
        self.offer(exemptions=[(one.code, one.name) for one in exemptions])
        self.counted = [name for name, _title, _usual in counted]
        usual_titles = {"pages": gettext("Số trang bản chính"), "copies": gettext("Số bản")}
        for name, title, usual in counted:
            self.fields[f"sl-{name}"] = forms.IntegerField(
                label=title or usual_titles.get(name, name),
                min_value=0,
                max_value=10_000,
                required=False,
                initial=usual,
                widget=_text(inputmode="numeric"),
                error_messages={"invalid": gettext("Hãy nhập số, không kèm chữ.")},
            )

    def quantities(self) -> dict[str, int]:
        """What was counted; what was left empty is not said."""
        return {name: value for name in self.counted if (value := self.cleaned_data.get(f"sl-{name}")) is not None}


# -- files that survive a refused form ---------------------------------------------------------------------------------


def file_token(file_id: int) -> str:
    """A stored file's id for a hidden field, signed: only what this desk stored can come back."""
    return signing.dumps(file_id, salt=_TOKEN_SALT)


def token_file(token: str) -> int | None:
    """The id behind a token; None for anything we did not sign today."""
    try:
        file_id: int = signing.loads(token, salt=_TOKEN_SALT, max_age=_TOKEN_SECONDS)
    except signing.BadSignature:
        return None
    return file_id


def account_token(account_id: int, id_number: str) -> str:
    """Whose account was found for a number: holds only as long as the number beside it is the same."""
    return signing.dumps([account_id, id_number], salt=f"{_TOKEN_SALT}.account")


def token_account(data: Mapping[str, Any], id_number: str) -> int | None:
    try:
        account_id, found_for = signing.loads(str(data.get("tk", "")), salt=f"{_TOKEN_SALT}.account", max_age=_TOKEN_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return int(account_id) if found_for == id_number else None


def looked_token(id_number: str, procedure_code: str) -> str:
    """Says that this desk looked into the store of this number for this procedure, and that it was written down."""
    return signing.dumps([id_number, procedure_code], salt=f"{_TOKEN_SALT}.store")


def token_looked(data: Mapping[str, Any], id_number: str, procedure_code: str) -> bool:
    try:
        looked: list[str] = signing.loads(str(data.get("kho", "")), salt=f"{_TOKEN_SALT}.store", max_age=_TOKEN_SECONDS)
    except (signing.BadSignature, ValueError):
        return False
    return looked == [id_number, procedure_code]
