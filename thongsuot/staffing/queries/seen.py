"""Whose persons and cases someone may see: of the units of the duty, and of ended units when it is held in their city."""

from __future__ import annotations

from django.db.models import Q

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty, must_exist
from thongsuot.people.models import Person
from thongsuot.staffing.models import LeaveCase, Placement, StaffMember
from thongsuot.staffing.rules import MANAGE, PARTY, PROPOSE
from thongsuot.units import queries as units

DUTIES = (MANAGE, PROPOSE)


def covers(actor: Actor, duty: str, unit_id: int) -> bool:
    """An ended unit is no longer among those of an appointment; its city still is."""
    if actor.may(duty, unit_id=unit_id):
        return True
    return bool(actor.units_for(duty)) and actor.may(duty, unit_id=units.city_of(unit_id))


def must_cover(actor: Actor, duty: str, unit_id: int) -> None:
    if not covers(actor, duty, unit_id):
        raise NotYourDuty(duty)


def accounts_of(member: StaffMember) -> set[int]:
    """The account that is tied; where none is yet, that of the person's address and name. One query at most."""
    if member.person_id is not None:
        return {member.person_id}
    if not member.email:
        return set()
    return set(Person.objects.filter(email=member.email, search_name=member.search_name).values_list("pk", flat=True))


def is_own(member: StaffMember, actor: Actor) -> bool:
    return actor.person_id is not None and actor.person_id in accounts_of(member)


def own_rows(person_id: int | None, prefix: str = "") -> Q:
    """The same, asked from the account: rows of the person who logs in. `prefix` walks a relation. One query."""
    if person_id is None:
        return Q(pk=None)
    tied = Q(**{f"{prefix}person_id": person_id})
    account = Person.objects.filter(pk=person_id).exclude(email="").values_list("email", "search_name").first()
    if account is None:
        return tied
    same = {f"{prefix}person__isnull": True, f"{prefix}email": account[0], f"{prefix}search_name": account[1]}
    return tied | Q(**same)


def is_party_managed(member: StaffMember) -> bool:
    """Does the person hold a post that the Party manages?"""
    return member.party_managed or (member.position is not None and member.position.party_managed)


def units_of(actor: Actor) -> frozenset[int]:
    """Units whose staff the actor manages or proposes for."""
    return frozenset().union(*(actor.units_for(duty) for duty in DUTIES))


def members_seen(actor: Actor, prefix: str = "") -> Q:
    """Persons by where they work now; in a city also those of its ended units. `prefix` walks a relation."""
    if actor.trusted:
        return Q()
    seen = units_of(actor)
    return Q(**{f"{prefix}unit__in": seen}) | Q(**{f"{prefix}city__in": seen})


def placements_seen(actor: Actor) -> Q:
    """Of the person's unit or of the one to go to; the Party's side sees what is the Party's to approve."""
    if actor.trusted:
        return Q()
    seen = units_of(actor)
    return (
        Q(from_unit__in=seen)
        | Q(to_body__unit__in=seen)
        | Q(member__city__in=seen)
        | Q(party_managed=True, member__city__in=actor.units_for(PARTY))
    )


def leave_cases_seen(actor: Actor) -> Q:
    if actor.trusted:
        return Q()
    seen, cities = units_of(actor), actor.units_for(PARTY)
    partys = Q(party_managed=True) | Q(member__party_managed=True) | Q(member__position__party_managed=True)
    return Q(unit__in=seen) | Q(member__city__in=seen) | (partys & Q(member__city__in=cities))


def member_for(member_id: int, *, actor: Actor) -> StaffMember:
    """The one guarded way to a person's row: oneself, or someone of one's units. Raises NotFound."""
    found = must_exist(
        StaffMember.objects.select_related("position")
        .filter(members_seen(actor) | own_rows(actor.person_id), pk=member_id)
        .first()
    )
    return found


def placement_for(placement_id: int, *, actor: Actor) -> Placement:
    """Raises NotFound."""
    own = own_rows(actor.person_id, "member__")
    found = must_exist(
        Placement.objects.select_related("member", "to_body", "position", "appointment")
        .filter(placements_seen(actor) | own, pk=placement_id)
        .first()
    )
    return found


def leave_case_for(case_id: int, *, actor: Actor) -> LeaveCase:
    """Raises NotFound."""
    own = own_rows(actor.person_id, "member__")
    found = must_exist(
        LeaveCase.objects.select_related("member", "placement").filter(leave_cases_seen(actor) | own, pk=case_id).first()
    )
    return found
