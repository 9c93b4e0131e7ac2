"""Which parts of a picture are hidden, as forms send them."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.feedback.pictures import (
    Box,
    blurs_from,
    public_copy,
    rows_of,
)
from thongsuot.feedback.pictures.blurs import MOST_BOXES, BlurNotUsable
from thongsuot.feedback.tests.photos import (
    SMALL,
)


def posted(*rows, prefix="blur"):
    data = QueryDict(mutable=True)
    for row in rows:
        for side, value in zip(("left", "top", "width", "height"), row, strict=True):
            data.appendlist(f"{prefix}-{side}", str(value))
    return data


def test_numbers_in_per_cent_become_parts_and_empty_lines_are_none():
    data = posted((10, "20,5", "30 %".replace(" ", ""), 5), ("", " ", "", ""), (0, 0, 100, 100), (66.7, 0, 33.4, 1))

    assert blurs_from(data) == [
        Box(0.1, 0.205, 0.3, 0.05),
        Box(0, 0, 1, 1),
        Box(0.667, 0, 1 - 0.667, 0.01),
    ]
    assert blurs_from(QueryDict()) == blurs_from(data, prefix="after") == []
    assert [row.left for row in rows_of(data)] == ["10", "0", "66.7", ""]
    assert [(row.left, row.top) for row in rows_of([Box(0.1, 0.205, 0.3, 0.05)])] == [("10", "20.5"), ("", "")]


@pytest.mark.parametrize(
    ("rows", "what", "number"),
    [
        ([(1, 1, 1, 1)] * (MOST_BOXES + 1), "many", 0),
        ([("", "", "", "")] * 100 + [(1, 1, 1, 1)], "many", 0),
        ([(1, 1, 1, 1), (5, 5, "", 5)], "incomplete", 2),
        ([(-1, 5, 5, 5)], "outside", 1),
        ([(5, 5, 96, 5)], "outside", 1),
        ([(5, 101, 1, 1)], "outside", 1),
        ([(5, 5, 0, 5)], "empty", 1),
        ([(5, 5, 5, -5)], "empty", 1),
        ([("một", 5, 5, 5)], "number", 1),
        ([("nan", 5, 5, 5)], "number", 1),
        ([("1e999", 5, 5, 5)], "number", 1),
        ([("<b>5", 5, 5, 5)], "number", 1),
    ],
)
def test_what_marks_nothing_is_refused_with_its_line(rows, what, number):
    with pytest.raises(BlurNotUsable) as refused:
        blurs_from(posted(*rows))

    assert refused.value.details() == {"what": what, "number": number}
    assert (f"Vùng {number} " in refused.value.message()) is (number > 0)
    assert refused.value.status == 422


@given(st.lists(st.tuples(*[st.one_of(st.floats(-5, 105).map(str), st.text(max_size=6), st.just(""))] * 4), max_size=5))
def test_whatever_is_typed_is_a_part_of_the_picture_or_refused(rows):
    try:
        boxes = blurs_from(posted(*rows))
    except BlurNotUsable as refusal:
        assert refusal.message().endswith(".")
    else:
        if boxes:
            public_copy(SMALL, blurs=boxes)
