"""Thông Suốt: the system a Vietnamese city and its communes run on."""

__version__ = "0.1.0"
