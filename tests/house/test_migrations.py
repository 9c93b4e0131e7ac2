"""Migrations: complete, reversible, and safe beside the previous release."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

from tests.house import PACKAGE, ROOT

FILES = sorted(path for path in PACKAGE.glob("*/migrations/*.py") if path.stem != "__init__")
LATER = [path for path in FILES if not path.stem.startswith("0001_")]
# Hold a lock that keeps everyone waiting while the whole table is read or rewritten.
SLOW = {
    "AddIndex": "AddIndexConcurrently",
    "RemoveIndex": "RemoveIndexConcurrently",
    "AddConstraint": "AddConstraintNotValid, then ValidateConstraint",
}


DROPPED = re.compile(r"DROP INDEX CONCURRENTLY IF EXISTS (\w+)")
MADE = re.compile(r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY (\w+)")
BEGUN_ANEW = {"RunSQL", "AddIndexConcurrently", "RemoveIndexConcurrently", "ValidateConstraint"}
TOGETHER = "thongsuot.kernel.together"  # itself made of Django alone


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def drawn(path: Path) -> type[migrations.Migration]:
    return import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)).Migration


def operations(path: Path) -> list[Operation]:
    return [one for made in drawn(path).operations for one in getattr(made, "operations", [made])]


@pytest.mark.django_db
def test_no_table_differs_from_its_model():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_migration_can_be_undone(path):
    assert [type(one).__name__ for one in operations(path) if not one.reversible] == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_migration_imports_nothing_of_ours(path):
    """It must still run when the code it once stood beside is gone. Field classes of libraries stay, and so does `Together`."""
    ours = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("thongsuot") and node.module != TOGETHER)
        or (isinstance(node, ast.Import) and any(alias.name.startswith("thongsuot") for alias in node.names))
    ]

    assert ours == []


def left_behind(migration: type[migrations.Migration]) -> list[str]:
    """What of a migration that is no single transaction stays when it is interrupted, so that it cannot be begun anew."""
    said, dropped = [], set()
    steps = [] if migration.atomic else migration.operations
    for step in (inner for one in steps for inner in getattr(one, "database_operations", [one])):
        kind = type(step).__name__
        sqls = [step.sql] if isinstance(sql := getattr(step, "sql", []), str) else sql
        for text in map(str.strip, sqls):
            if found := DROPPED.fullmatch(text):
                dropped.add(found[1])
            elif not ((made := MADE.match(text)) and made[1] in dropped):
                said.append(f"{text[:40]}: in a migration of its own, in one transaction; an index: drop it before")
        if kind == "AddIndexConcurrently" and step.index.name not in dropped:
            said.append(f"{step.index.name}: DROP INDEX CONCURRENTLY IF EXISTS it before")
        elif kind not in BEGUN_ANEW:
            said.append(f"{kind}: in a migration of its own, in one transaction")
    return said


@pytest.mark.parametrize("path", FILES, ids=name)
def test_an_interrupted_migration_can_be_begun_anew(path):
    assert left_behind(drawn(path)) == []


def test_that_test_knows_what_would_stay():
    index = AddIndexConcurrently("dossier", models.Index(name="x", fields=["code"]))
    drop = migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS x", migrations.RunSQL.noop)
    update = migrations.RunSQL("UPDATE x SET y = 1", migrations.RunSQL.noop)

    def made(atomic: bool, *operations: Operation) -> type[migrations.Migration]:
        return type("Migration", (migrations.Migration,), {"atomic": atomic, "operations": list(operations)})

    assert left_behind(made(False, index))
    assert left_behind(made(False, update))
    assert left_behind(made(False, migrations.AddField("dossier", "x", models.IntegerField(null=True))))
    assert left_behind(made(False, drop, index)) == left_behind(made(True, update)) == []


def unsafe(operation: Operation) -> str | None:
    kind = type(operation).__name__
    if kind in SLOW:
        return f"{kind}: use {SLOW[kind]}"
    if isinstance(operation, migrations.AddField):
        field = operation.field
        filled = field.null or field.has_default() or field.db_default is not NOT_PROVIDED or field.many_to_many
        if not filled:
            return f"AddField {operation.name}: the previous release inserts rows without it; null or a db_default"
    if isinstance(operation, migrations.RenameField | migrations.RenameModel | migrations.AlterModelTable):
        return f"{kind}: the previous release still asks for the old name"
    return None


@pytest.mark.parametrize("path", LATER or [None], ids=lambda path: name(path) if path else "none yet")
def test_a_later_migration_is_safe_beside_the_previous_release(path):
    assert [said for operation in (operations(path) if path else []) if (said := unsafe(operation))] == []


def test_the_safety_test_knows_an_unsafe_step_when_it_sees_one():
    index = migrations.AddIndex("dossier", models.Index(name="x", fields=["code"]))
    added = migrations.AddField("dossier", "x", models.IntegerField())
    harmless = migrations.AddField("dossier", "x", models.IntegerField(null=True))

    assert unsafe(index)
    assert unsafe(added)
    assert unsafe(harmless) is None
