"""An operation of migrations that makes many tables at once. Imports nothing of ours: migrations stand on it."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation


class Together(Operation):
    """Operations of one kind, none of which needs the one before: tables, or columns, constraints and indexes of other tables.

    Django draws all models anew that a new table has to do with, after each table: at two hundred tables that is nine tenths
    of the time of building a database. Here they are drawn once.
    """

    def __init__(self, *operations: Operation) -> None:
        self.operations = operations

    @property
    def reversible(self) -> bool:  # type: ignore[override]  # a class attribute there
        return all(one.reversible for one in self.operations)

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # drawn when next asked for
        for one in self.operations:
            one.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for one in self.operations:
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for one in reversed(self.operations):
            one.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(one.describe() for one in self.operations)
