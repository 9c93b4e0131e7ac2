"""Commands of counters."""

from thongsuot.counters.actions.devices import ask_to_join_again, join_device, retire_device, set_up_device
from thongsuot.counters.actions.opening import (
    expire_ticket,
    put_exception,
    set_hours,
    set_settings,
    withdraw_exception,
)
from thongsuot.counters.actions.rating import give_reasons, rate_at, rate_ticket
from thongsuot.counters.actions.setting_up import (
    change_counter,
    change_queue,
    close_counter,
    close_queue,
    open_counter,
    open_queue,
)
from thongsuot.counters.actions.sitting import end_break, get_up, sit_down, take_break
from thongsuot.counters.actions.tickets import (
    absent,
    begin,
    call_again,
    call_next,
    call_one,
    cancel_ticket,
    finish,
    leave_queue,
    send_on,
    send_to,
    take_ticket,
    take_ticket_at,
)

__all__ = [
    "absent",
    "ask_to_join_again",
    "begin",
    "call_again",
    "call_next",
    "call_one",
    "cancel_ticket",
    "change_counter",
    "change_queue",
    "close_counter",
    "close_queue",
    "end_break",
    "expire_ticket",
    "finish",
    "get_up",
    "give_reasons",
    "join_device",
    "leave_queue",
    "open_counter",
    "open_queue",
    "put_exception",
    "rate_at",
    "rate_ticket",
    "retire_device",
    "send_on",
    "send_to",
    "set_hours",
    "set_settings",
    "set_up_device",
    "sit_down",
    "take_break",
    "take_ticket",
    "take_ticket_at",
    "withdraw_exception",
]
