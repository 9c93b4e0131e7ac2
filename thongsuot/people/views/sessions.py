"""Where the person is logged in, in words one recognises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.views import ListUserSessionsView

from thongsuot.people import rules


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    device: str
    address: str
    since: datetime
    is_current: bool


class OwnSessions(ListUserSessionsView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["rows"] = [
            SessionRow(
                device=rules.device_name(session.user_agent),
                address=session.ip,
                since=session.created_at,
                is_current=session.is_current(),
            )
            for session in reversed(context["sessions"])
        ]
        return context
