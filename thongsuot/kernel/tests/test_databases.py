import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from thongsuot.kernel.tests.databases import made_once


@pytest.mark.django_db
def test_what_was_made_once_is_there_again_and_numbers_go_on(tmp_path, monkeypatch):
    monkeypatch.setenv("THONGSUOT_DATA", str(tmp_path))
    calls = []

    def make() -> int:
        calls.append(1)
        return Group.objects.create(name="một").pk

    seen = []
    for _ in range(3):
        with transaction.atomic():
            seen.append((made_once("groups", make), [*Group.objects.values_list("pk", "name")]))
            assert Group.objects.create(name="hai").pk > seen[0][0]
            transaction.set_rollback(True)
        with connection.cursor() as cursor:  # as in a database of another process, where no number was drawn
            cursor.execute("SELECT setval(pg_get_serial_sequence('auth_group', 'id'), 1, false)")
        assert not Group.objects.exists()
    assert seen == [(seen[0][0], [(seen[0][0], "một")])] * 3
    assert calls == [1]
