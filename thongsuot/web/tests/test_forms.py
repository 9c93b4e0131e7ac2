"""Days as people here write them; what is missing, and what was refused, on the form."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, TellPerson
from thongsuot.web.forms import DayField, DayParts, Form, refusals_on


@pytest.mark.parametrize(
    "text", ["9/11/2026", "09/11/2026", "9-11-2026", "9.11.2026", "9 11 2026", "09112026", "2026-11-09", " 9 / 11 / 2026 "]
)
def test_a_day_is_read_day_first(text):
    assert DayField().clean(text) == date(2026, 11, 9)


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31)), st.sampled_from(["/", "-", ".", " "]))
def test_what_is_written_is_read_back(day, mark):
    assert DayField().clean(f"{day.day}{mark}{day.month}{mark}{day.year}") == day
    assert DayField().clean(f"{day.day:02}{day.month:02}{day.year}") == day


@given(st.text(max_size=30))
def test_any_text_gives_a_day_or_a_sentence(text):
    found = refusal = None
    try:
        found = DayField(required=False).clean(text)
    except forms.ValidationError as refused:
        refusal = refused.messages[0]
    assert found is None or isinstance(found, date)
    assert refusal is None or refusal.endswith(".")


@pytest.mark.parametrize("text", ["31/2/2026", "0/1/2026", "1/13/2026", "29/02/2025", "32/01/2026", "00/00/0000"])
def test_a_day_that_does_not_exist_is_named(text):
    with pytest.raises(forms.ValidationError, match=f"Không có ngày {text}"):
        DayField().clean(text)


@pytest.mark.parametrize("text", ["1/1/0001", "31/12/1799", "1/1/2200", "9999-12-31"])
def test_a_year_with_which_nothing_can_be_reckoned_is_refused(text):
    with pytest.raises(forms.ValidationError, match="Năm phải từ 1800 đến 2199"):
        DayField().clean(text)


@pytest.mark.parametrize("text", ["hôm qua", "11/2026", "1/1/26", "20261109", "9//2026"])
def test_what_cannot_be_read_shows_an_example(text):
    with pytest.raises(forms.ValidationError, match=r"ví dụ: 20/11/2026|Không có ngày"):
        DayField().clean(text)


class BirthForm(Form):
    born_on = DayField(label="Ngày sinh", widget=DayParts)


def test_three_parts_make_one_day():
    form = BirthForm({"born_on_d": "9", "born_on_m": "11", "born_on_y": "2026"})
    assert form.is_valid()
    assert form.cleaned_data["born_on"] == date(2026, 11, 9)


def test_a_missing_part_is_told_not_guessed():
    form = BirthForm({"born_on_d": "9", "born_on_m": "", "born_on_y": "2026"})
    assert form.errors["born_on"] == ["Chưa đọc được ngày này. Hãy nhập ngày, tháng, năm, ví dụ: 20/11/2026."]


def test_three_empty_parts_are_an_empty_day():
    assert BirthForm({"born_on_d": "", "born_on_m": "", "born_on_y": ""}).errors["born_on"] == [
        "Chưa điền “Ngày sinh”. Hãy điền phần này."
    ]


def test_a_kept_day_is_shown_in_three_parts():
    html = str(BirthForm(initial={"born_on": date(2026, 11, 9)})["born_on"])
    assert [f'value="{part}"' in html for part in (9, 11, 2026)] == [True, True, True]


class OwnWords(Form):
    place = forms.CharField(error_messages={"required": "Chưa có nơi sinh. Hãy nhập tên bệnh viện."})
    parents_name = forms.CharField()


def test_a_forms_own_words_for_what_is_missing_stay():
    errors = OwnWords({}).errors
    assert errors["place"] == ["Chưa có nơi sinh. Hãy nhập tên bệnh viện."]
    assert errors["parents_name"] == ["Chưa điền “Parents name”. Hãy điền phần này."]


def test_what_is_missing_is_named_in_the_language_of_the_reader_each_time():
    with translation.override("en"):
        OwnWords({}).errors  # noqa: B018 - makes the messages
    assert OwnWords({}).errors["parents_name"][0].startswith("Chưa điền")


class TooLate(TellPerson):
    says = "Đã hết hạn."


@pytest.mark.parametrize(
    ("refusal", "beside", "errors"),
    [
        (BadInput({"owner.place": "Sai nơi.", "elsewhere": "Sai."}), None, {"place": ["Sai nơi."], "__all__": ["Sai."]}),
        (BadInput({"owner.place": "Sai nơi."}), "parents_name", {"place": ["Sai nơi."]}),
        (TooLate(), None, {"__all__": ["Đã hết hạn."]}),
        (TooLate(), "parents_name", {"parents_name": ["Đã hết hạn."]}),
    ],
)
def test_a_refusal_stands_beside_its_field_or_the_one_that_is_named_or_above_the_form(refusal, beside, errors):
    form = OwnWords({"place": "Hà Nội", "parents_name": "Lan"})
    assert form.is_valid()
    with refusals_on(form, places={"owner.place": "place"}, beside=beside):
        raise refusal
    assert form.errors == errors


@pytest.mark.parametrize(("refusal", "form"), [(TooLate(), None), (NotFound(), OwnWords({})), (NotYourDuty("x"), OwnWords({}))])
def test_a_refusal_that_no_form_can_mend_rises(refusal, form):
    with pytest.raises(type(refusal)), refusals_on(form):
        raise refusal
