"""Signatures and proofs on what dossiers give out, where there is a certificate; without one the paper says that it has none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What came of it: the file to go on with, and whether it carries the signature."""

    file_id: int
    signed: bool
