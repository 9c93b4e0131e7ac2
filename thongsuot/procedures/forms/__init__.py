"""Forms: what citizens fill in for a procedure (`schema_form`), and what administrators fill in for the catalogue."""

from thongsuot.procedures.forms.schema_form import (
    SchemaForm,
    clean_form_data,
    form_class,
    group_schema,
    initial_for,
    prefilled,
    rows_for,
)

__all__ = ["SchemaForm", "clean_form_data", "form_class", "group_schema", "initial_for", "prefilled", "rows_for"]
