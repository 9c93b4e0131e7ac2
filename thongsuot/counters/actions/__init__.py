"""Commands of counters."""

from thongsuot.counters.actions.setting_up import (
    change_counter,
    change_queue,
    close_counter,
    close_queue,
    open_counter,
    open_queue,
)
from thongsuot.counters.actions.sitting import get_up, sit_down
from thongsuot.counters.actions.tickets import (
    absent,
    begin,
    call_again,
    call_next,
    call_one,
    cancel_ticket,
    finish,
    send_on,
    take_ticket,
)

__all__ = [
    "absent",
    "begin",
    "call_again",
    "call_next",
    "call_one",
    "cancel_ticket",
    "change_counter",
    "change_queue",
    "close_counter",
    "close_queue",
    "finish",
    "get_up",
    "open_counter",
    "open_queue",
    "send_on",
    "sit_down",
    "take_ticket",
]
