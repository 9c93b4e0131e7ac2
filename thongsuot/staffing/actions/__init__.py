"""Commands of staffing."""

from thongsuot.staffing.actions import errors
from thongsuot.staffing.actions.catalogue import change_rate, put_position, put_rate, release_position
from thongsuot.staffing.actions.distributing import distribute
from thongsuot.staffing.actions.effect import hold_up, take_effect
from thongsuot.staffing.actions.leaving import (
    PayFacts,
    agree_to_leave,
    apply_for_leave,
    cancel_decision,
    decide_leave,
    look_at,
    may_act,
    may_agree,
    may_put_facts,
    may_refuse,
    may_withdraw,
    pass_on,
    put_facts,
    refuse_leave,
    send_back,
    withdraw_leave,
)
from thongsuot.staffing.actions.members import Written, add_member, change_member, import_members, withdraw_import
from thongsuot.staffing.actions.placing import approve, decide, propose, refuse, withdraw
from thongsuot.staffing.actions.plans import accept_plan, change_totals, fill_plan, make_plan

__all__ = [
    "PayFacts",
    "Written",
    "accept_plan",
    "add_member",
    "agree_to_leave",
    "apply_for_leave",
    "approve",
    "cancel_decision",
    "change_member",
    "change_rate",
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
    "may_agree",
    "may_put_facts",
    "may_refuse",
    "may_withdraw",
    "pass_on",
    "propose",
    "put_facts",
    "put_position",
    "put_rate",
    "refuse",
    "refuse_leave",
    "release_position",
    "send_back",
    "take_effect",
    "withdraw",
    "withdraw_import",
    "withdraw_leave",
]
