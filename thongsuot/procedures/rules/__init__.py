"""What the law and the practice say about procedures: pure functions, without database, clock or request."""

from thongsuot.procedures.rules.drafts import CHANNELS, PARTS, Draft, check_code, check_draft
from thongsuot.procedures.rules.fees import FeeLine, check_fee_rules, fees_due, fees_for_form
from thongsuot.procedures.rules.schemas import FORMATS, check_schema, exemptions_in, ordered, quantities_in, with_order
from thongsuot.procedures.rules.steps import DUTIES, check_steps, counted_minutes, default_steps, in_hours, limit_in_minutes

__all__ = [
    "CHANNELS",
    "DUTIES",
    "FORMATS",
    "PARTS",
    "Draft",
    "FeeLine",
    "check_code",
    "check_draft",
    "check_fee_rules",
    "check_schema",
    "check_steps",
    "counted_minutes",
    "default_steps",
    "exemptions_in",
    "fees_due",
    "fees_for_form",
    "in_hours",
    "limit_in_minutes",
    "ordered",
    "quantities_in",
    "with_order",
]
