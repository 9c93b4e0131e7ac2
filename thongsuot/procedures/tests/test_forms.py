from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kernel.errors import BadInput
from thongsuot.procedures.forms import clean_form_data, form_class, group_schema, initial_for, prefilled, rows_for

SCHEMA = {
    "type": "object",
    "title": "Tờ khai",
    "additionalProperties": False,
    "required": ["name", "sex", "born"],
    "x-groups": [{"key": "who", "title": "Người yêu cầu"}, {"key": "what", "title": "Giấy tờ"}],
    "properties": {
        "name": {"type": "string", "title": "Họ tên", "maxLength": 60, "x-group": "who", "x-prefill": "full_name"},
        "id": {"type": "string", "format": "id-number", "title": "Số định danh", "x-group": "who"},
        "phone": {"type": "string", "format": "phone", "title": "Điện thoại", "x-group": "who", "x-prefill": "phone"},
        "email": {"type": "string", "format": "email", "title": "Thư điện tử", "x-group": "who"},
        "sex": {
            "type": "string",
            "title": "Giới tính",
            "enum": ["f", "m"],
            "x-labels": {"f": "Nữ", "m": "Nam"},
            "x-group": "who",
        },
        "born": {"type": "string", "format": "date", "title": "Ngày sinh", "x-group": "who", "x-not-future": True},
        "note": {"type": "string", "title": "Ghi chú", "maxLength": 500, "x-widget": "textarea", "x-group": "what"},
        "poor": {"type": "boolean", "title": "Thuộc hộ nghèo", "x-group": "what"},
        "papers": {
            "type": "array",
            "title": "Giấy tờ cần sao",
            "x-group": "what",
            "maxItems": 3,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind", "pages"],
                "properties": {
                    "kind": {"type": "string", "title": "Loại giấy tờ", "maxLength": 60},
                    "pages": {"type": "integer", "title": "Số trang", "minimum": 1, "maximum": 500},
                },
            },
        },
    },
}
GOOD = {"name": "Nguyễn Văn Minh", "sex": "m", "born": "2026-01-05"}


def test_answers_are_normalised_and_empty_ones_are_no_answers():
    clean = clean_form_data(
        SCHEMA,
        {
            "name": "  Nguye\u0302\u0303n\tVăn  Minh ",
            "sex": "m",
            "born": "2026-01-05",
            "id": "001 426 000 001",
            "phone": "+84 912.345.678",
            "email": "",
            "note": "một\nhai ",
            "papers": [],
            "poor": False,
        },
    )
    assert clean == {
        "name": "Nguyễn Văn Minh",
        "sex": "m",
        "born": "2026-01-05",
        "id": "001426000001",
        "phone": "0912345678",
        "note": "một\nhai",
        "poor": False,
    }


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"sex": "x"}, "sex"),
        ({"born": "2026-02-30"}, "born"),
        ({"born": "20260105"}, "born"),
        ({"born": "0001-01-01"}, "born"),
        ({"id": "12345"}, "id"),
        ({"id": "٠٠١٤٢٦٠٠٠٠٠١"}, "id"),
        ({"phone": "12"}, "phone"),
        ({"email": "a@"}, "email"),
        ({"poor": "true"}, "poor"),
        ({"papers": "x"}, "papers"),
        ({"papers": [{"kind": "CCCD"}]}, "papers.0.pages"),
        ({"papers": [{"kind": "CCCD", "pages": 0}]}, "papers.0.pages"),
        ({"papers": [{"kind": "CCCD", "pages": 2.0}]}, "papers.0.pages"),
        ({"papers": [{"kind": "CCCD", "pages": True}]}, "papers.0.pages"),
        ({"papers": [{"kind": "C", "pages": 1, "x": 1}]}, "papers.0.x"),
        ({"papers": [{"kind": "C", "pages": 1}] * 4}, "papers"),
        ({"is_admin": True}, "is_admin"),
        ({"papers": [3]}, "papers.0"),
        ({"name": {"$gt": ""}}, "name"),
    ],
)
def test_each_wrong_answer_has_one_sentence_at_its_place(change, place):
    with pytest.raises(BadInput) as refusal:
        clean_form_data(SCHEMA, {**GOOD, **change})
    assert list(refusal.value.problems) == [place]
    assert refusal.value.problems[place].endswith(".")


def test_a_day_after_the_filing_is_refused_when_the_filing_is_known():
    later = {**GOOD, "born": "2026-03-11"}
    assert clean_form_data(SCHEMA, later)
    with pytest.raises(BadInput) as refusal:
        clean_form_data(SCHEMA, later, on=date(2026, 3, 10))
    assert refusal.value.problems == {"born": "Ngày sinh ở sau hôm nay. Hãy nhập ngày đã qua."}


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "data",
    [None, [], "x", 3, {1: 2}, {**GOOD, "note": "x" * 100_001}, {**GOOD, "papers": deep(100_000)}, {**GOOD, "name": object()}],
)
def test_what_is_no_form_at_all_is_refused(data):
    with pytest.raises(BadInput):
        clean_form_data(SCHEMA, data)


def test_a_procedure_without_a_form_takes_no_answers():
    assert clean_form_data({}, {}) == {}
    with pytest.raises(BadInput):
        clean_form_data({}, {"name": "Minh"})


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "x"]), values))
def test_whatever_is_sent_is_cleaned_or_refused(data):
    try:
        clean = clean_form_data(SCHEMA, {**GOOD, **data})
    except BadInput:
        return
    assert clean_form_data(SCHEMA, clean) == clean


def posted(**answers):
    data = QueryDict(mutable=True)
    data.update({key.replace("__", "-"): value for key, value in answers.items()})
    return data


def test_the_page_gives_the_same_answers_as_the_api():
    form = form_class(SCHEMA, rows={"papers": 2})(
        posted(
            name="Nguyễn Văn Minh",
            sex="m",
            born_d="5",
            born_m="1",
            born_y="2026",
            papers__0__kind="Căn cước",
            papers__0__pages="2",
        )
    )
    assert form.is_valid(), form.errors
    assert form.form_data() == clean_form_data(SCHEMA, {**GOOD, "papers": [{"kind": "Căn cước", "pages": 2}], "poor": False})


def test_the_page_says_what_is_wrong_beside_the_field_it_concerns():
    form = form_class(SCHEMA, rows={"papers": 3})(
        posted(
            name="",
            sex="m",
            born_d="31",
            born_m="2",
            born_y="2026",
            papers__0__kind="",
            papers__2__kind="Căn cước",
            papers__2__pages="nhiều",
            papers__1__kind="Hộ chiếu",
        )
    )
    assert not form.is_valid()
    assert set(form.errors) == {"name", "born", "papers-1-pages", "papers-2-pages"}
    assert all(len(sentences) == 1 for sentences in form.errors.values())


def test_a_list_that_must_have_rows_says_so_at_its_first_field():
    schema = {**SCHEMA, "required": [*SCHEMA["required"], "papers"]}
    form = form_class(schema)(posted(name="Minh", sex="m", born_d="5", born_m="1", born_y="2026"))
    assert not form.is_valid()
    assert set(form.errors) == {"papers-0-kind"}


def test_one_page_of_the_form_asks_and_checks_its_own_fields_alone():
    form = form_class(group_schema(SCHEMA, "what"))(posted(note="một"))
    assert form.is_valid(), form.errors
    assert form.form_data() == {"note": "một", "poor": False}
    assert list(form.fields) == ["note", "poor", "papers-0-kind", "papers-0-pages"]


def test_a_form_draws_its_parts_in_order_and_lists_grow_to_their_most():
    form = form_class(SCHEMA, rows={"papers": 9})()
    parts = list(form.parts())
    assert [getattr(part, "name", None) or part.key for part in parts] == list(SCHEMA["properties"])
    assert len(parts[-1].rows) == 3
    assert not parts[-1].may_grow
    assert rows_for(SCHEMA, posted(papers__0__kind="", papers__1__kind=""), grow="papers") == {"papers": 3}
    assert rows_for(SCHEMA, posted(papers__99999999__kind=""), grow="") == {"papers": 0}


def test_a_draft_comes_back_as_it_was_left():
    data = {**GOOD, "papers": [{"kind": "Căn cước", "pages": 2}, {"kind": "Hộ chiếu", "pages": 1}], "left_over": 1}
    initial = initial_for(SCHEMA, data)
    assert initial["born"] == date(2026, 1, 5)
    assert initial["papers-1-kind"] == "Hộ chiếu"
    assert rows_for(SCHEMA, data) == {"papers": 2}


def test_what_the_account_knows_is_filled_in():
    assert prefilled(SCHEMA, {"full_name": "Minh", "phone": "", "address": "x"}) == {"name": "Minh"}
