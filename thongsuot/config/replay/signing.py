"""Some of the units sign with digital signatures: certificates of the TEST authority for their leaders and their seal.

Two signatures for each result take a second of one core; all of them would make a replay of the city last a night.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.utils import timezone

from thongsuot.config.replay.facts import City
from thongsuot.config.replay.lives import Staff
from thongsuot.config.replay.proof import Check
from thongsuot.config.replay.staff import HOUSE, PIN, POSTS, Keys
from thongsuot.dossiers.models import Result, ResultSigning
from thongsuot.files.queries import open_checked
from thongsuot.signing import actions, trust
from thongsuot.signing.models import Certificate
from thongsuot.signing.validation import Verdict, validate
from thongsuot.units import queries as units

VALIDATED = 40


def certify(city: City, staff: Staff, keys: Keys, *, how_many: int, at: datetime, lasts: timedelta) -> None:
    """Give the first units what they sign with; `keys.signers` are their leaders and clerks. A second time: what is missing."""
    if trust.local() is None and how_many:
        actions.make_authority(actor=HOUSE, at=at)
    for place in city.places[:how_many]:
        leaders, clerks = staff[place.unit_id]["leader"], staff[place.unit_id]["clerk"]
        kind, post, _duties = POSTS["leader"]
        committee = units.body(place.unit_id, kind, as_of=timezone.localdate(at))
        assert committee is not None, place.unit_id
        for person_id in (*(keys.person_ids[one.email] for one in leaders), None):
            held = Certificate.objects.filter(body_id=committee.id)
            if not (held.filter(person__isnull=True) if person_id is None else held.filter(person_id=person_id)).exists():
                actions.issue_test_certificate(
                    person_id=person_id,
                    body_id=committee.id,
                    post=post if person_id else "",
                    pin=PIN,
                    starts=at - timedelta(days=1),
                    ends=at + lasts,
                    actor=HOUSE,
                    at=at,
                )
        keys.signers.update(one.email for one in (*leaders, *clerks))


def check(city: City, *, how_many: int, at: datetime) -> Check:
    """What these units issued carries both signatures, and some of it, taken evenly, is validated as anyone's file would be."""
    issued = Result.objects.filter(
        dossier__resolving_unit_id__in=[place.unit_id for place in city.places[:how_many]], issued_on__isnull=False
    )
    both = ResultSigning.objects.filter(
        result__in=issued, signed_how=ResultSigning.How.DIGITAL, issued_how=ResultSigning.How.DIGITAL, fallen_at=None
    )
    files = list(both.order_by("pk").values_list("result__file_id", flat=True))
    told: Counter[str] = Counter()
    for file_id in files[:: max(1, len(files) // VALIDATED)]:
        with open_checked(file_id) as content:
            report = validate(content.read(), at=at)
        told[report.verdict if len(report.signatures) == 2 else "not two signatures"] += 1
    count = issued.count()
    text = f"{len(files)} of {count} results of {how_many} units carry two signatures; validated {dict(told)}"
    return Check("signatures", len(files) == count and set(told) <= {Verdict.TEST}, text)
