"""The commands of the hotline."""

from thongsuot.hotline.actions.call_backs import (
    give_up_call_back,
    note_call_back,
    put_call_back,
    report_called_back,
    take_call_back,
)
from thongsuot.hotline.actions.calls import (
    answer_with,
    ask_call_back,
    classify,
    conclude,
    correct,
    let_go,
    make_ticket,
    pick_call,
)
from thongsuot.hotline.actions.forgetting import (
    begin_forgetting,
    confirm_recording_gone,
    forget_caller,
    forget_numbers,
    forget_recording,
    hold_recording,
    note_recording_stays,
    release_recording,
)
from thongsuot.hotline.actions.looking import open_history, open_recording
from thongsuot.hotline.actions.notices import note_standing, take_notice
from thongsuot.hotline.actions.presence import leave, set_state, sit_at
from thongsuot.hotline.actions.reassigning import reassign_call, reassign_call_back
from thongsuot.hotline.actions.setting_up import close_line, open_line, set_settings, write_script
from thongsuot.hotline.actions.transfers import begin_transfer, note_missed, settle_transfer

__all__ = [
    "answer_with",
    "ask_call_back",
    "begin_forgetting",
    "begin_transfer",
    "classify",
    "close_line",
    "conclude",
    "confirm_recording_gone",
    "correct",
    "forget_caller",
    "forget_numbers",
    "forget_recording",
    "give_up_call_back",
    "hold_recording",
    "leave",
    "let_go",
    "make_ticket",
    "note_call_back",
    "note_missed",
    "note_recording_stays",
    "note_standing",
    "open_history",
    "open_line",
    "open_recording",
    "pick_call",
    "put_call_back",
    "reassign_call",
    "reassign_call_back",
    "release_recording",
    "report_called_back",
    "set_settings",
    "set_state",
    "settle_transfer",
    "sit_at",
    "take_call_back",
    "take_notice",
    "write_script",
]
