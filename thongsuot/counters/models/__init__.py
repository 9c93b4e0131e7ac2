"""What counters keep: the hall of a day, how the centre is set up, what people arranged before they come, its voice."""

from thongsuot.counters.models.ahead import AheadCount, Booking, BookingPlan
from thongsuot.counters.models.centre import (
    Equipment,
    HallSettings,
    OpeningException,
    OpeningHours,
    Premises,
    RosterEntry,
    Section,
    Training,
)
from thongsuot.counters.models.hall import Counter, CounterBreak, Device, Queue, Service, Sitting, Ticket, TicketRating
from thongsuot.counters.models.voices import VoiceClip, VoiceSet

__all__ = [
    "AheadCount",
    "Booking",
    "BookingPlan",
    "Counter",
    "CounterBreak",
    "Device",
    "Equipment",
    "HallSettings",
    "OpeningException",
    "OpeningHours",
    "Premises",
    "Queue",
    "RosterEntry",
    "Section",
    "Service",
    "Sitting",
    "Ticket",
    "TicketRating",
    "Training",
    "VoiceClip",
    "VoiceSet",
]
