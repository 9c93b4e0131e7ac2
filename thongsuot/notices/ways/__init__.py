"""The ways out: one protocol, whoever carries the message. Which are connected, the settings say."""

from thongsuot.notices.ways.protocol import Message, NotTaken, Report, UnreadableReport, Way, connected, way_named

__all__ = ["Message", "NotTaken", "Report", "UnreadableReport", "Way", "connected", "way_named"]
