"""Addresses by name. Those without parts are the same for everyone, and a page asks for thirty of them."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def address(name: str, *args: object, **kwargs: object) -> str:
    """What `reverse` gives. Raises NoReverseMatch."""
    if args or kwargs:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    return _plain(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


def public(name: str, *args: object) -> str:
    """The whole address, for paper, codes and letters: by the name the world knows us by, not the one a request came by."""
    return settings.PUBLIC_URL.rstrip("/") + address(name, *args)


@lru_cache(maxsize=1000)
def _plain(name: str, urlconf: str, prefix: str) -> str:
    return reverse(name, urlconf)
