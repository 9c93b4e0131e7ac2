"""The database is told the same whether all models are drawn or those asked for; and few are."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from django.core.management import get_commands
from django.db import connection, migrations, models, transaction
from django.db.migrations.state import ModelState, ProjectState

from thongsuot.kernel.migrating import drawn_as_asked
from thongsuot.kernel.together import Together

APP = "invented"
KEY = models.BigAutoField(primary_key=True)


def _to(name: str, **how: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(f"{APP}.{name}", on_delete=models.PROTECT, **how)


def _table(name: str, **fields: models.Field[Any, Any]) -> migrations.CreateModel:
    return migrations.CreateModel(name, fields=[("id", KEY.clone()), *fields.items()])


def _read(apps: Any, _editor: Any) -> None:
    """Along a reference, and against one."""
    assert list(apps.get_model(APP, "House").objects.filter(street__name="x", rooms__isnull=True)) == []
    assert {model.__name__ for model in apps.get_models()} >= {"Street", "House", "Room", "Lamp"}
    assert [model.__name__ for model in apps.get_app_config(APP).get_models()]


HISTORY = (
    [_table("Street", code=models.IntegerField(unique=True)), _table("Lamp")],
    [_table(f"Sign{number}", street=_to("Street")) for number in range(20)],
    [Together(_table("House", street=_to("Street"), next_to=_to("House", null=True)), _table("Room"))],
    [
        migrations.AddField("room", "house", _to("House", null=True, related_name="rooms")),
        migrations.AddField("street", "name", models.CharField(max_length=9, default="")),
        migrations.AddField("house", "lamps", models.ManyToManyField(f"{APP}.Lamp")),
        migrations.AddField("lamp", "of", _to("Street", null=True, to_field="code")),
    ],
    [migrations.RunPython(_read, migrations.RunPython.noop)],
    [
        migrations.AlterField("street", "code", models.BigIntegerField(unique=True)),  # and what points to it
        migrations.AddConstraint("room", models.UniqueConstraint(fields=["house"], name="room_of_house")),
        migrations.AddIndex("house", models.Index(fields=["street", "next_to"], name="house_street")),
        migrations.RenameField("street", "name", "called"),
    ],
    [migrations.RenameModel("House", "Home"), migrations.AlterField("home", "id", models.AutoField(primary_key=True))],
    [migrations.RemoveField("room", "house"), migrations.DeleteModel("Room")],
)


def _told(how: AbstractContextManager[None]) -> list[str]:
    told: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in str(sql):  # they are numbered on and on
            told.append(f"{sql} {params}")
        return execute(sql, params, many, context)

    with how, transaction.atomic():
        state = ProjectState()
        with connection.execute_wrapper(note):
            for place, operations in enumerate(HISTORY):
                migration = migrations.Migration(f"{place:04}", APP)
                migration.operations = operations
                with connection.schema_editor() as editor:
                    state = migration.apply(state, editor)
        transaction.set_rollback(True)
    return told


@pytest.mark.django_db
def test_a_history_is_told_as_django_tells_it_with_fewer_models_drawn(monkeypatch):
    drawn: list[str] = []
    draw = ModelState.render
    monkeypatch.setattr(ModelState, "render", lambda one, apps: (drawn.append(one.name), draw(one, apps))[1])

    as_django = _told(nullcontext())
    all_drawn = len(drawn)

    told = _told(drawn_as_asked())
    assert sorted(told) == sorted(as_django)  # of two references to one column, either is first
    assert any('ALTER TABLE "invented_lamp" ALTER COLUMN "of_id" TYPE bigint' in one for one in as_django)
    assert len(drawn) - all_drawn < all_drawn


def test_afterwards_django_is_as_it_was():
    before = {**vars(ProjectState)}
    with pytest.raises(ZeroDivisionError), drawn_as_asked():
        1 / 0  # noqa: B018

    assert {**vars(ProjectState)} == before


def test_all_who_migrate_do_it_so():
    assert get_commands()["migrate"] == "thongsuot.kernel"
