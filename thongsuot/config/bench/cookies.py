"""Cookies of who asks for pages without a browser."""

from __future__ import annotations

from typing import Any

TOKEN = "b" * 32  # of a form: any, as long as cookie and header say the same
ANYBODY = f"csrftoken={TOKEN}"


def cookies_of(person: Any) -> str:
    """Of somebody who is logged in."""
    from django.conf import settings
    from django.test import Client

    browser = Client(HTTP_HOST="localhost")
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}; {ANYBODY}"
