"""What the law and the practice say about procedures: pure functions, without database, clock or request."""

from thongsuot.procedures.rules.fees import FeeLine, check_fee_rules, fees_due, fees_for_form
from thongsuot.procedures.rules.schemas import FORMATS, check_schema, exemptions_in, ordered, quantities_in, with_order
from thongsuot.procedures.rules.steps import DUTIES, check_steps, counted_minutes, default_steps, limit_in_minutes

PARTS = ("limit", "fees", "papers", "steps", "channels", "basis", "form")

__all__ = [
    "DUTIES", "FORMATS", "PARTS", "FeeLine", "check_fee_rules", "check_schema", "check_steps", "counted_minutes",
    "default_steps", "exemptions_in", "fees_due", "fees_for_form", "limit_in_minutes", "ordered", "quantities_in", "with_order",
]
