"""Calls and what became of each; the desk: lines, who is at them, scripts, settings."""

from thongsuot.hotline.models.calls import (
    Call,
    CallBack,
    CallChange,
    CallerNumber,
    CallNotice,
    CallRecording,
    CallTicket,
    CallTransfer,
    RecordingHold,
)
from thongsuot.hotline.models.desk import CallScript, HotlineLine, HotlineSetting, OperatorPresence

__all__ = [
    "Call",
    "CallBack",
    "CallChange",
    "CallNotice",
    "CallRecording",
    "CallScript",
    "CallTicket",
    "CallTransfer",
    "CallerNumber",
    "HotlineLine",
    "HotlineSetting",
    "OperatorPresence",
    "RecordingHold",
]
