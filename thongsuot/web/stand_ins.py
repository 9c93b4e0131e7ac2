"""Connections that are played by a stand-in: each says so on every page, until the real one takes its place."""

from __future__ import annotations

from django.utils.functional import Promise

_sentences: dict[str, str | Promise] = {}


def announce(name: str, sentence: str | Promise) -> None:
    """Called by an adapter's stand-in when it is put to use; `sentence` is whole and ends with a full stop."""
    _sentences[name] = sentence


def withdraw(name: str) -> None:
    _sentences.pop(name, None)


def announced() -> list[str]:
    return [str(_sentences[name]) for name in sorted(_sentences)]
