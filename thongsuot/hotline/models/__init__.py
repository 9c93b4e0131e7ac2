"""Calls and what became of each; the desk: lines, who is at them, scripts, settings."""

from thongsuot.hotline.models.calls import Call, CallBack, CallerNumber, CallNotice, CallTransfer
from thongsuot.hotline.models.desk import CallScript, HotlineLine, HotlineSetting, OperatorPresence

__all__ = [
    "Call",
    "CallBack",
    "CallNotice",
    "CallScript",
    "CallTransfer",
    "CallerNumber",
    "HotlineLine",
    "HotlineSetting",
    "OperatorPresence",
]
