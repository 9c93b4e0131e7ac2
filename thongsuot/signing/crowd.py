"""How often one address may have a file examined: what anybody can ask for must leave room for everybody."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest

from thongsuot.signing import errors

ACTION = "check_signatures"  # ACCOUNT_RATE_LIMITS in the settings, counted as attempts to log in are


def must_not_hurry(request: HttpRequest) -> None:
    """Counts this asking. Raises TooManyChecks."""
    if not ratelimit.consume(request, action=ACTION):
        raise errors.TooManyChecks
