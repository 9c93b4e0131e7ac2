"""`…__in=[numbers]` is one array for PostgreSQL.

Django writes a place for each value. Who works for a whole city asks for some 650 units, in three columns at once: writing and
reading such a statement took 30 ms where finding takes 2.
"""

from __future__ import annotations

from typing import Any

from django.db.models import ForeignKey, IntegerField
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

_OF_NUMBERS = {"bigint", "integer"}  # the array has the type of its column, as Django's list has
_LIMIT = 2**31


class NumberIn(In):
    """Whole numbers alone; anything else (a query, objects, texts, what no column holds) as Django has it."""

    _as_array = False

    def get_prep_lookup(self) -> Any:
        if self.rhs_is_direct_value():
            self.rhs = list(self.rhs)
            self._as_array = bool(self.rhs) and all(type(one) is int and -_LIMIT <= one < _LIMIT for one in self.rhs)
            if self._as_array:
                return self.rhs
        return super().get_prep_lookup()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        kind = self.lhs.output_field.db_type(connection)
        if not self._as_array or kind not in _OF_NUMBERS:
            return self.as_sql(compiler, connection)
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::{kind}[])", [*params, self.rhs]


class KeyIn(NumberIn, RelatedIn):
    """The same of a reference to another row."""


def register() -> None:
    IntegerField.register_lookup(NumberIn)
    ForeignKey.register_lookup(KeyIn)
