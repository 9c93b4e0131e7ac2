"""Reads of counters: the hall of a point now, the board, and figures of days gone by."""

from thongsuot.counters.queries.served import Served, served_by, serving_now

__all__ = ["Served", "served_by", "serving_now"]
