"""Commands of staffing."""

from thongsuot.staffing.actions import errors
from thongsuot.staffing.actions.catalogue import put_position, put_rate
from thongsuot.staffing.actions.distributing import distribute
from thongsuot.staffing.actions.effect import hold_up, take_effect
from thongsuot.staffing.actions.leaving import (
    PayFacts,
    apply_for_leave,
    decide_leave,
    look_at,
    may_act,
    may_put_facts,
    pass_on,
    put_facts,
    send_back,
    withdraw_leave,
)
from thongsuot.staffing.actions.members import add_member, change_member, import_members
from thongsuot.staffing.actions.placing import approve, decide, propose, refuse, withdraw
from thongsuot.staffing.actions.plans import accept_plan, change_totals, fill_plan, make_plan

__all__ = [
    "PayFacts",
    "accept_plan",
    "add_member",
    "apply_for_leave",
    "approve",
    "change_member",
    "change_totals",
    "decide",
    "decide_leave",
    "distribute",
    "errors",
    "fill_plan",
    "hold_up",
    "import_members",
    "look_at",
    "make_plan",
    "may_act",
    "may_put_facts",
    "pass_on",
    "propose",
    "put_facts",
    "put_position",
    "put_rate",
    "refuse",
    "send_back",
    "take_effect",
    "withdraw",
    "withdraw_leave",
]
