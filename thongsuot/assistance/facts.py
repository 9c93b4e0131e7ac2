"""What is said of an agent or a helper, as typed or read from a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class AgentFacts:
    """As typed."""

    name: str
    address: str
    hours: str
    phone: str
    decision_number: str
    decided_on: date


@dataclass(frozen=True, kw_only=True)
class HelperFacts:
    """As typed. `agent_id` of an agent's person, `bar_number` of a lawyer."""

    kind: str
    full_name: str
    email: str
    phone: str = ""
    organisation: str = ""
    agent_id: int | None = None
    bar_number: str = ""
    training: str = ""
    trained_on: date | None = None
    may_scan: bool = False
    may_submit: bool = False
    is_head: bool = False
