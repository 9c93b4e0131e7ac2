"""What a validation says: of each signature who, when, whether it is whole and believed, and what became of it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """One word for all signatures of a file."""

    GOOD = "good"
    TEST = "test"  # good, but by the TEST authority
    DOUBTFUL = "doubtful"  # whole, but the signer is not known to us or is not believed
    BAD = "bad"
    UNSIGNED = "unsigned"


class Changed(StrEnum):
    """What was added after a signature."""

    NOTHING = "nothing"
    SIGNED = "signed"  # further signatures and their proofs
    FILLED = "filled"  # form fields, such as number and date, and a later signature stands for them
    UNCONFIRMED = "unconfirmed"  # form fields, and no later signature stands for them: anybody could have filled them
    ANNOTATED = "annotated"
    CHANGED = "changed"  # something a signature must not suffer


ALLOWED = frozenset({Changed.NOTHING, Changed.SIGNED, Changed.FILLED})


@dataclass(frozen=True, kw_only=True)
class SignatureReport:
    """One signature.

    kind         "person", "agency", or "" when the certificate is not one of ours
    post         as the certificate says; `held_post`: whether our appointments had that person in it then, None: not known
    at           of the time-stamp when it is believed, else as the signer's machine claimed
    weak         made with a method that can be forged by now (SHA-1, MD5): never trusted, whoever made it
    filled_by    of what was filled afterwards: the best verdict of a later signature, which stands for it; None: nobody's
    revoked_at   since when the certificate counts as revoked; a signature made before stays good
    """

    name: str
    kind: str
    organisation: str
    post: str
    held_post: bool | None
    reason: str
    at: datetime | None
    time_stamped: bool
    intact: bool
    covers_all: bool
    changed: Changed
    trusted: bool
    revoked: bool
    revoked_at: datetime | None
    level: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    is_test: bool
    weak: bool = False
    filled_by: Verdict | None = None

    @property
    def verdict(self) -> Verdict:
        if not self.intact or self.revoked or self.changed not in ALLOWED:
            return Verdict.BAD
        if not self.trusted or self.held_post is False or self.filled_by == Verdict.DOUBTFUL:
            return Verdict.DOUBTFUL
        return Verdict.TEST if self.is_test else Verdict.GOOD


@dataclass(frozen=True, kw_only=True)
class Report:
    """Of a whole file. `sha256` of the bytes that were examined; nothing else of them is kept."""

    sha256: str
    examined_at: datetime
    signatures: tuple[SignatureReport, ...]

    @property
    def verdict(self) -> Verdict:
        return worst([one.verdict for one in self.signatures])

    @property
    def is_test(self) -> bool:
        return any(one.is_test for one in self.signatures)


_ORDER = (Verdict.BAD, Verdict.DOUBTFUL, Verdict.TEST, Verdict.GOOD)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    return min(verdicts, key=_ORDER.index, default=Verdict.UNSIGNED)


def confirmed(signatures: Sequence[SignatureReport]) -> tuple[SignatureReport, ...]:
    """Of signatures, first to last, as each was found by itself: what was filled after one counts only below a later one.

    After the last signature that holds nothing may be filled: a number redrawn there is signed by nobody.
    """
    told: list[SignatureReport] = []
    best = Verdict.BAD
    for one in reversed(signatures):
        if one.changed == Changed.FILLED:
            one = replace(one, changed=Changed.UNCONFIRMED) if best == Verdict.BAD else replace(one, filled_by=best)
        told.append(one)
        best = max(best, one.verdict, key=_ORDER.index)
    return tuple(reversed(told))
