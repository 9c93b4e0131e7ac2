"""Who may touch whom: checks that several commands about people share."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import TellPerson, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.people.models import Appointment, Person
from thongsuot.units import queries as units


class NotYourself(TellPerson):
    """Whoever manages people is managed by another."""

    code = "people.not_yourself"
    status = 403
    says = _("Chức vụ, nhiệm vụ và tài khoản của chính mình do người quản trị khác thay đổi. Hãy nhờ một đồng nghiệp.")


class PersonInactive(TellPerson):
    code = "people.inactive"
    says = _("Tài khoản này đang khóa. Mở lại tài khoản trước, rồi làm tiếp.")


def locked(person_id: int) -> Person:
    """The person's row, locked: everything about one person happens one after another. Raises NotFound."""
    return must_exist(Person.objects.select_for_update().filter(pk=person_id).first())


def must_not_be_self(person_id: int, actor: Actor) -> None:
    if actor.person_id == person_id:
        raise NotYourself


def must_manage(person: Person, actor: Actor, day: date) -> None:
    """The actor manages people in every unit where the person has a post, or, without one, had the last; else in the city.

    Every unit: an administrator of one commune must not lock out someone who also works for another. For a unit that ended who
    keeps its records answers, in the end the city.
    """
    posts = Appointment.objects.filter(person=person)
    held = set(posts.filter(in_force(day)).values_list("body__unit_id", flat=True))
    if not held:
        held = set(posts.order_by("-valid_from").values_list("body__unit_id", flat=True)[:1])
    if not held:
        held = {units.default_city(as_of=day).id} if not actor.trusted else set()
    for unit_id in held:
        actor.must("manage people", unit_id=units.keeper_of(unit_id, on=day))


def must_be_self_or_manage(person: Person, actor: Actor, day: date) -> None:
    if actor.person_id != person.pk:
        must_manage(person, actor, day)


def end_all_sessions(person: Person) -> None:
    """Every session of the person is refused from the next request on; the rows themselves are swept by Django.

    Done by a number in the session's own signature, not by deleting rows: also a session made a moment ago is caught.
    """
    person.session_generation += 1
    person.save(update_fields=["session_generation"])
