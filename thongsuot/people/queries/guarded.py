"""The guarded ways to a person's row."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.contact import is_id_number
from thongsuot.kernel.errors import NotYourDuty, must_exist
from thongsuot.people.models import Person
from thongsuot.units import queries as units
from thongsuot.units.models import Unit


@dataclass(frozen=True, kw_only=True)
class PersonCard:
    """What an officer at the counter sees of an account: enough to file for its owner."""

    id: int
    full_name: str
    email: str
    phone: str


def person_by_id_number(id_number: str, *, actor: Actor) -> PersonCard | None:
    """The account whose owner's card with this number an officer has seen.

    Raises NotYourDuty for everyone who receives no dossiers. The caller logs the look-up (actions.log_look_up).
    """
    actor.must_somewhere("receive dossiers")
    if not is_id_number(id_number):
        return None
    person = Person.objects.filter(id_number=id_number, is_active=True).first()
    if person is None:
        return None
    return PersonCard(id=person.pk, full_name=person.full_name, email=person.email, phone=person.phone)


def corrects_identities(actor: Actor, *, unit_id: int) -> bool:
    """An administrator of the whole city: may put right a number that a counter tied to the wrong account."""
    return actor.trusted or (
        bool(actor.units_for("manage people")) and actor.may("manage people", unit_id=units.city_of(unit_id))
    )


def places_of_identities(actor: Actor) -> frozenset[int]:
    """The units in which the actor may tie a card's number to an account; a city's administrator corrects one in the city."""
    cities = Unit.objects.filter(pk__in=actor.units_for("manage people"), level=Unit.Level.PROVINCE)
    return actor.units_for("receive dossiers") | frozenset(cities.values_list("pk", flat=True))


def id_of_email(email: str, *, actor: Actor) -> int | None:
    """The account of a mail address, for an officer who has its owner at the counter. Raises NotYourDuty."""
    if not actor.trusted and not places_of_identities(actor):
        raise NotYourDuty("receive dossiers")
    named = Person.objects.filter(email=email.strip().lower(), is_active=True).exclude(email="")
    return named.values_list("pk", flat=True).first()


def people_managed_by(actor: Actor) -> Q:
    """Persons who hold or held a post in a unit whose people the actor manages."""
    if actor.trusted:
        return Q()
    mine = actor.units_for("manage people")
    if mine and actor.day is not None:
        mine |= units.kept_by(mine, on=actor.day)
    return Q(appointments__body__unit_id__in=mine)


def person_for(person_id: int, *, actor: Actor) -> Person:
    """The one guarded way to a person's row: oneself, or someone whose posts the actor manages. Raises NotFound."""
    own = Q() if actor.person_id == person_id else people_managed_by(actor)
    return must_exist(Person.objects.filter(own, pk=person_id).distinct().first())
