"""Who has proved in this session to own which dossier: by its code with four digits, or by the account that filed it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.http import HttpRequest

from thongsuot.dossiers.models import Dossier
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.web.request import actor_of

SESSION_KEY = "proved_dossiers"
LASTS = timedelta(hours=1)
MOST = 20  # a family or an agent follows several at a time; the oldest proof gives way


def remember(request: HttpRequest, dossier_id: int, now: datetime) -> None:
    """Keep in the session that its holder named the four digits of this dossier (`queries.tracking.prove_owner`)."""
    proofs = {**_proofs(request), str(dossier_id): now.isoformat()}
    latest = sorted(proofs, key=lambda known: proofs[known])[-MOST:]
    request.session[SESSION_KEY] = {known: proofs[known] for known in latest}


def owns(request: HttpRequest, dossier_id: int) -> bool:
    """Was it proved within the last hour? Says nothing of accounts: see `is_owner`."""
    proved_at = _proofs(request).get(str(dossier_id))
    return proved_at is not None and clock.now() - datetime.fromisoformat(proved_at) < LASTS


def is_owner(request: HttpRequest, dossier: Dossier) -> bool:
    """By proof in this session, or because the account that filed it is logged in."""
    person_id = actor_of(request).person_id
    return (person_id is not None and person_id == dossier.account_id) or owns(request, dossier.pk)


def owner_actor(request: HttpRequest, dossier: Dossier) -> Actor:
    """Whoever asks, with the dossier among what they own when that was proved. Commands refuse everybody else."""
    actor = actor_of(request)
    if not owns(request, dossier.pk):
        return actor
    return replace(actor, owns=actor.owns | {("dossiers.dossier", dossier.pk)})


def _proofs(request: HttpRequest) -> dict[str, str]:
    known: dict[str, str] = request.session.get(SESSION_KEY, {})
    return known
