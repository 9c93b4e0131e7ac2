"""Tables of citizen reception, by subject."""

from thongsuot.citizen_reception.models.register import (
    CameAs,
    HandedPaper,
    ReceptionEntry,
    ReceptionSlip,
    ReceptionTransfer,
    Visitor,
)
from thongsuot.citizen_reception.models.schedule import DayChange, ReceptionDay, ReceptionSetting
from thongsuot.citizen_reception.models.sessions import LineTest, OnlineSession, SessionParty, SessionSite

__all__ = [
    "CameAs",
    "DayChange",
    "HandedPaper",
    "LineTest",
    "OnlineSession",
    "ReceptionDay",
    "ReceptionEntry",
    "ReceptionSetting",
    "ReceptionSlip",
    "ReceptionTransfer",
    "SessionParty",
    "SessionSite",
    "Visitor",
]
