"""Tables of helping citizens: who may help, what somebody consented to, shifts and what was done in them, campaigns."""

from thongsuot.assistance.models.consents import CodeTry, Consent, HelpRating
from thongsuot.assistance.models.register import Agent, Helper
from thongsuot.assistance.models.shifts import Campaign, Consultation, HelpShift, Team

__all__ = ["Agent", "Campaign", "CodeTry", "Consent", "Consultation", "HelpRating", "HelpShift", "Helper", "Team"]
