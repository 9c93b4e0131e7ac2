"""Namespaces of BPMN 2.0 (OMG formal/2011-01-03) and of our own data in its extension elements."""

from __future__ import annotations

import re

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
CANVAS = "http://www.omg.org/spec/DD/20100524/DC"
LINES = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# <ts:step key duty minutes counted bodyKind opinions/> in a task, <ts:lane bodyKind or agency/> in a lane,
# <ts:condition field op value type/> in a flow. What is ours is repeated in plain BPMN where BPMN has a place for it.
OURS = "urn:thongsuot:bpmn:1"

PREFIXES = {"bpmn": MODEL, "bpmndi": DIAGRAM, "dc": CANVAS, "di": LINES, "xsi": XSI, "ts": OURS}

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufddf\ufffe\uffff]")


def model(name: str) -> str:
    return f"{{{MODEL}}}{name}"


def ours(name: str) -> str:
    return f"{{{OURS}}}{name}"


def plain(text: str) -> str:
    """Text that XML can hold."""
    return _NOT_XML.sub("", text)
