"""The page on which an e-process is drawn: a form for each step and for each way on from it; what they say, as steps.

Rows are named b0, b1… and their ways b0n0, b0n1…; hidden counts say how many were sent. What the page does not show of a step
stays as it was in the draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.text import one_line
from thongsuot.people.rules import DUTIES
from thongsuot.procedures import rules, words
from thongsuot.procedures.content import Condition, Step, Way
from thongsuot.procedures.forms.fields import Hours, Whole
from thongsuot.procedures.rules import ConditionField, StepProblem
from thongsuot.units.files import role_names
from thongsuot.web.forms import DayField, Form

HAND_BACK = "hand back results"
_NUMBER = "#"  # stands in an option for the number typed beside it


class _Choice(forms.ChoiceField):
    """A choice whose first option says what happens when nothing is chosen: nothing is missing then."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class _StepHours(Hours):
    """Nothing written is no time yet; the check of the process says so."""

    def validate(self, value: Any) -> None:
        pass


def _agencies(kept: str) -> list[tuple[str, str]]:
    """Who can do a step: the unit itself or a partner by its role. What a file wrote stays to be seen, and is refused later."""
    unknown = [(kept, kept)] if kept and kept not in role_names() else []
    return [("", _("Đơn vị giải quyết")), *role_names().items(), *unknown]


class StepForm(Form):
    """One step, without its ways."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Tên bước"), max_length=200)
    duty = forms.ChoiceField(label=gettext_lazy("Nhiệm vụ"), choices=[(duty, DUTIES[duty].label) for duty in rules.DUTIES])
    body_kind = _Choice(label=gettext_lazy("Nơi làm"))
    agency = _Choice(label=gettext_lazy("Cơ quan làm bước này"))
    hours = _StepHours(label=gettext_lazy("Số giờ (4 hoặc 0,5)"))
    opinions = forms.BooleanField(label=gettext_lazy("Xin ý kiến nơi khác trong lúc làm"), required=False)
    asks_payment = forms.BooleanField(
        label=gettext_lazy("Ra thông báo nộp tiền"),
        required=False,
        help_text=gettext_lazy("Chỉ với bước xử lý của cơ quan phối hợp: thời gian chờ nộp tiền không tính vào thời hạn."),
    )
    silence_basis = forms.CharField(
        label=gettext_lazy("Căn cứ coi im lặng là đồng ý"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Chỉ ghi khi có văn bản quy định. Để trống: phải có ý kiến trả lời."),
    )
    to = _Choice(label=gettext_lazy("Xong thì sang"))

    def __init__(
        self,
        data: Any = None,
        *,
        others: Sequence[tuple[str, str]],
        body_kinds: Sequence[str] = (),
        agency: str = "",
        branching: bool,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        places = {**words.PLACES, **{kind: kind for kind in body_kinds if kind not in words.PLACES}}
        self.offer(body_kind=list(places.items()))
        self.offer(agency=_agencies(agency))
        self.offer(to=[("", _("Bước ngay sau")), *others])
        if branching:
            self.fields["to"].label = _("Các trường hợp còn lại thì sang")


class WayForm(Form):
    """A way with its condition: what is asked with its answer in one choice, so that nothing senseless can be put together."""

    when = _Choice(label=gettext_lazy("Khi"))
    number = Whole(
        0, rules.MOST_VALUE, label=gettext_lazy("Số"), required=False, help_text=gettext_lazy("Chỉ với điều kiện về số.")
    )
    to = _Choice(label=gettext_lazy("Thì sang"))

    def __init__(self, data: Any = None, *, options: Options, others: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self.options = options
        self.offer(when=[("", _("Chọn điều kiện")), *options.groups])
        self.offer(to=[("", _("Chọn bước")), *others])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            str(cleaned.get("when", "")).endswith(f"|{_NUMBER}")
            and cleaned.get("number") is None
            and "number" not in self.errors
        ):
            self.add_error("number", _("Hãy ghi số để so sánh."))
        return cleaned

    def way(self) -> Way:
        return Way(
            to=self.cleaned_data["to"], when=self.options.condition(self.cleaned_data["when"], self.cleaned_data["number"])
        )


class Options:
    """Every condition that can be chosen, as options of one list, grouped by what is asked."""

    def __init__(self, fields: Mapping[str, ConditionField], kept: Sequence[Condition] = ()) -> None:
        self.conditions: dict[str, Condition] = {}
        self.groups: list[tuple[str, list[tuple[str, str]]]] = []
        for asked in fields.values():
            self.groups.append((asked.title[:100], [self._option(one, fields) for one in _askable(asked)]))
        gone = [one for one in kept if one.field and not rules.fits(one, fields)]
        if gone:
            self.groups.append((_("Không còn dùng được"), [self._option(one, fields) for one in dict.fromkeys(gone)]))

    def _option(self, condition: Condition, fields: Mapping[str, ConditionField]) -> tuple[str, str]:
        name = self.name(condition, fields)
        self.conditions[name] = condition
        if name.endswith(f"|{_NUMBER}"):
            condition = msgspec.structs.replace(condition, value="…")
        return name, words.condition_words(condition, fields)

    @staticmethod
    def name(condition: Condition, fields: Mapping[str, ConditionField]) -> str:
        asked = fields.get(condition.field)
        counted = asked is not None and asked.kind == "number" and rules.fits(condition, fields)
        value = _NUMBER if counted else str(condition.value)
        return f"{condition.field}|{condition.op}|{value}"

    def condition(self, name: str, number: int | None) -> Condition:
        condition = self.conditions.get(name, Condition(field=""))  # not chosen yet: a draft may wait
        return msgspec.structs.replace(condition, value=number or 0) if name.endswith(f"|{_NUMBER}") else condition


def _askable(asked: ConditionField) -> list[Condition]:
    """Every condition on a field; a number stands for all numbers."""
    operators = rules.OPERATORS[asked.kind]
    match asked.kind:
        case "choice":
            return [Condition(field=asked.name, op=op, value=value) for op in operators for value, _words in asked.choices]
        case "yes_no":
            return [Condition(field=asked.name, op="is", value=value) for value in (True, False)]
        case "number":
            return [Condition(field=asked.name, op=op, value=0) for op in operators]
        case "given":
            return [Condition(field=asked.name, op=op) for op in operators]


@dataclass
class Row:
    """A step of the page: its form and those of its ways."""

    place: int
    form: StepForm
    ways: list[WayForm]
    problems: list[str]

    @property
    def key(self) -> str:
        return str(self.form["key"].value() or "")

    @property
    def forms(self) -> list[Form]:
        return [self.form, *self.ways]


class ProcessEditor:
    """The page: from steps, or from what was sent. `steps()` is what it says, None while something cannot be read."""

    def __init__(
        self, *, fields: Mapping[str, ConditionField], stored: Sequence[Step], data: Mapping[str, Any] | None = None
    ) -> None:
        self.fields, self.data = fields, data
        self.stored = {step.key: step for step in stored}
        kept = [way.when for step in stored for way in step.ways if way.when is not None]
        self.options = Options(fields, kept)
        self.rows = self._sent(data) if data is not None else self._shown(stored)

    @property
    def forms(self) -> list[Form]:
        return [form for row in self.rows for form in row.forms]

    def steps(self) -> list[Step] | None:
        """The steps in the order of the page. New ones get a key."""
        if [form for form in self.forms if not form.is_valid()]:  # all of them, so that all errors are shown at once
            return None
        found = []
        for place, row in enumerate(self.rows):
            facts = row.form.cleaned_data
            step = self.stored.get(row.key) or Step(key=row.key, name="", duty="", minutes=0)
            following = self.rows[place + 1].key if place + 1 < len(self.rows) else ""
            ways = tuple(way.way() for way in row.ways)
            otherwise = facts["to"] or (following if ways else "")
            if otherwise:
                ways += (Way(to=otherwise),)
            found.append(
                msgspec.structs.replace(
                    step,
                    name=facts["name"],
                    duty=facts["duty"],
                    minutes=0 if facts["duty"] == HAND_BACK else facts["hours"],
                    counted=facts["duty"] != HAND_BACK,
                    # An office of ours says nothing of a partner's desk.
                    body_kind="" if facts["agency"] else facts["body_kind"],
                    agency=facts["agency"],
                    parallel_opinions=facts["opinions"],
                    asks_payment=facts["asks_payment"],
                    silence_basis=one_line(facts["silence_basis"]),
                    ways=ways,
                )
            )
        return found

    def place_problems(self, problems: Sequence[StepProblem]) -> None:
        """Beside the fields of their step; for the whole process there is the summary."""
        for problem in problems:
            if problem.step is not None and problem.step < len(self.rows):
                self.rows[problem.step].problems.append(problem.sentence)

    def _shown(self, steps: Sequence[Step]) -> list[Row]:
        keys = [(step.key, step.name) for step in steps]
        rows = []
        for place, step in enumerate(steps):
            others = _onwards(keys, place)
            told = [way for way in step.ways if way.when is not None]
            otherwise = next((way.to for way in step.ways if way.when is None), "")
            following = steps[place + 1].key if place + 1 < len(steps) else ""
            facts = {
                "key": step.key,
                "name": step.name,
                "duty": step.duty,
                "body_kind": step.body_kind,
                "hours": f"{step.minutes / 60:g}".replace(".", ",") if step.counted else "",
                "agency": step.agency,
                "opinions": step.parallel_opinions,
                "asks_payment": step.asks_payment,
                "silence_basis": step.silence_basis,
                # A step chosen by hand stays chosen while others are moved about.
                "to": "" if otherwise == following and told else otherwise,
            }
            form = StepForm(
                prefix=f"b{place}",
                others=others,
                body_kinds=(step.body_kind,),
                agency=step.agency,
                branching=bool(told),
                initial=facts,
            )
            ways = [
                WayForm(
                    prefix=f"b{place}n{number}",
                    options=self.options,
                    others=others,
                    initial=self._said(way),
                )
                for number, way in enumerate(told)
            ]
            rows.append(Row(place=place, form=form, ways=ways, problems=[]))
        return rows

    def _said(self, way: Way) -> dict[str, Any]:
        if way.when is None or way.when.field == "":
            return {"to": way.to}
        name = self.options.name(way.when, self.fields)
        return {"when": name, "number": way.when.value if name.endswith(f"|{_NUMBER}") else "", "to": way.to}

    def _sent(self, data: Mapping[str, Any]) -> list[Row]:
        count = _count(data.get("so-buoc"), rules.MOST_STEPS)
        keys: list[tuple[str, str]] = []
        taken = set(self.stored)
        fresh = (key for number in range(1, 1000) if (key := f"s{number}") not in taken)
        for place in range(count):
            key = str(data.get(f"b{place}-key", ""))[:40]
            keys.append((key or next(fresh), str(data.get(f"b{place}-name", ""))[:200]))
        rows = []
        for place, (key, _name) in enumerate(keys):
            others, stored = _onwards(keys, place), self.stored.get(key)
            sent = {**{name: data[name] for name in data if name.startswith(f"b{place}-")}, f"b{place}-key": key}
            ways = [
                WayForm(data, prefix=f"b{place}n{number}", options=self.options, others=others)
                for number in range(_count(data.get(f"b{place}-so-nhanh"), rules.MOST_WAYS - 1))
            ]
            form = StepForm(
                sent,
                prefix=f"b{place}",
                others=others,
                body_kinds=(stored.body_kind,) if stored else (),
                agency=stored.agency if stored else "",
                branching=bool(ways),
            )
            rows.append(Row(place=place, form=form, ways=ways, problems=[]))
        return rows


def _onwards(keys: Sequence[tuple[str, str]], place: int) -> list[tuple[str, str]]:
    """The steps behind a step, as choices; those before it only when they are the choice already: they are named as wrong."""
    return [(key, f"{number}. {name}") for number, (key, name) in enumerate(keys, start=1) if number - 1 != place]


def _count(text: Any, most: int) -> int:
    text = str(text or "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 4 else 0


# -- small forms -------------------------------------------------------------------------------------------------------


class CopyForm(Form):
    """Another procedure's process to start from."""

    copy_from = forms.CharField(
        label=gettext_lazy("Mã thủ tục khác"),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "w12", "autocomplete": "off"}),
    )


class PublishProcessForm(Form):
    valid_from = DayField(
        label=gettext_lazy("Áp dụng cho hồ sơ nhận từ ngày"),
        help_text=gettext_lazy("Hồ sơ nhận trước ngày này đi tiếp theo quy trình cũ."),
    )


class BpmnForm(Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp quy trình (.bpmn)"), allow_empty_file=True, help_text=gettext_lazy("BPMN 2.0, tối đa 1 MB.")
    )


class MappingForm(Form):
    """Who does a task of the file, where and how long: filled with what was read or guessed."""

    duty = forms.ChoiceField(label=gettext_lazy("Nhiệm vụ"), choices=[(duty, DUTIES[duty].label) for duty in rules.DUTIES])
    body_kind = _Choice(label=gettext_lazy("Nơi làm"))
    agency = _Choice(label=gettext_lazy("Cơ quan làm bước này"))
    hours = _StepHours(label=gettext_lazy("Số giờ (4 hoặc 0,5)"))

    def __init__(self, data: Any = None, *, step: Step, **more: Any) -> None:
        initial = {
            "duty": step.duty,
            "body_kind": step.body_kind,
            "agency": step.agency,
            "hours": f"{step.minutes / 60:g}".replace(".", ",") if step.counted else "",
        }
        super().__init__(data, initial=initial, **more)
        places = {**words.PLACES, **({} if step.body_kind in words.PLACES else {step.body_kind: step.body_kind})}
        self.offer(body_kind=list(places.items()))
        self.offer(agency=_agencies(step.agency))
