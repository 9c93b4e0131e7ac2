"""Lists of numbers go to PostgreSQL as one array, and find what they found before."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


def statement(rows):
    with CaptureQueriesContext(connection) as asked:
        found = set(rows.values_list("pk", flat=True))
    return found, asked[0]["sql"]


def test_numbers_of_keys_and_of_references_are_one_array():
    some = list(Permission.objects.order_by("pk").values_list("pk", "content_type_id")[:5])
    keys, types = [pk for pk, _type in some], {content_type for _pk, content_type in some}

    found, sql = statement(Permission.objects.filter(pk__in=iter(keys)))
    assert found == set(keys)
    assert "::integer[])" in sql
    found, sql = statement(Permission.objects.filter(content_type_id__in=types))
    assert found == {one.pk for one in Permission.objects.all() if one.content_type_id in types}
    assert "ANY(" in sql
    found, sql = statement(Permission.objects.exclude(content_type__in=types))
    assert found == {one.pk for one in Permission.objects.all() if one.content_type_id not in types}
    assert "ANY(" in sql


@pytest.mark.parametrize(
    "listed",
    [[], [None], [True], ["{pk}"], [2**31], [-(2**31) - 1, 2**70]],
    ids=str,
)
def test_what_is_no_number_of_a_row_is_taken_as_before(listed):
    first = Permission.objects.order_by("pk").first()
    listed = [str(first.pk) if one == "{pk}" else one for one in listed]
    expected = {one.pk for one in Permission.objects.all() if one.pk in [int(one) for one in listed if one is not None]}

    assert set(Permission.objects.filter(pk__in=listed).values_list("pk", flat=True)) == expected


def test_rows_expressions_and_queries_are_taken_as_before():
    types = ContentType.objects.filter(app_label="auth")
    expected = {one.pk for one in Permission.objects.all() if one.content_type_id in {row.pk for row in types}}

    assert expected
    assert statement(Permission.objects.filter(content_type__in=list(types)))[0] == expected
    assert statement(Permission.objects.filter(content_type__in=types))[0] == expected
    assert statement(Permission.objects.filter(content_type__in=types.values("pk")))[0] == expected
    assert statement(Permission.objects.filter(pk__in=[F("pk"), 0]))[0] == {one.pk for one in Permission.objects.all()}
    assert statement(Permission.objects.filter(content_type__app_label__in=["auth"]))[0] == expected
