"""Commands of conferences; and `beat`, which leaves no history."""

from thongsuot.meetings.actions.planning import (
    add_site,
    cancel_conference,
    change_conference,
    end_conference,
    leave_out_site,
    plan_conference,
    start_conference,
)
from thongsuot.meetings.actions.presence import beat, join_site
from thongsuot.meetings.actions.roll_calls import answer_roll_call, close_roll_call, open_roll_call
from thongsuot.meetings.actions.speaking import ask_to_speak, end_word, give_word, withdraw_request
from thongsuot.meetings.actions.testing import note_test

__all__ = [
    "add_site",
    "answer_roll_call",
    "ask_to_speak",
    "beat",
    "cancel_conference",
    "change_conference",
    "close_roll_call",
    "end_conference",
    "end_word",
    "give_word",
    "join_site",
    "leave_out_site",
    "note_test",
    "open_roll_call",
    "plan_conference",
    "start_conference",
    "withdraw_request",
]
