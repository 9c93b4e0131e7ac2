"""The local node of a hall, what it did while its line was cut, and, in the node itself, how it stands."""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class LocalNode(models.Model):
    """A small computer in a hall that takes over while the line to the city is cut. Vietnamese: máy tại chỗ.

    address         where kiosks, boards and counters of the hall reach it: "http://192.168.1.10:8000"
    first_number    of the numbers that it gives, far above those of the city on any day: no number is ever given twice
    joining_digest  of the code that joins it, once, until joining_until
    key_digest      of the key that it holds from then on
    heard_at        when it last asked; asleep: it had said goodbye before
    database        which database of it the lines come from; taken_up_to: the last event of it that was retold here
    trouble         why its last lines were not taken, for who arranges the counters; empty: they were
    """

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200)
    first_number = models.IntegerField()
    joining_digest = models.CharField(max_length=64)
    joining_until = models.DateTimeField()
    key_digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    asleep = models.BooleanField(default=False)
    database = models.CharField(max_length=32, blank=True)
    taken_up_to = models.BigIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="local_node_one_of_a_point", fields=["point"], condition=Q(retired_at=None)),
            models.UniqueConstraint(name="local_node_key_once", fields=["key_digest"], condition=~Q(key_digest="")),
            models.UniqueConstraint(name="local_node_joining_once", fields=["joining_digest"]),
            models.CheckConstraint(name="local_node_first_number", condition=Q(first_number__gte=101)),
        ]

    def __str__(self) -> str:
        return self.name


class Spell(models.Model):
    """A time through which a node ran its hall, as it told afterwards. Vietnamese: đợt chạy tại chỗ.

    ended_at   when it had told everything; none: more is to come
    lines      events that were taken over
    overruled  numbers that had also changed in the city meanwhile: what happened in the hall counts
    """

    node = models.ForeignKey(LocalNode, on_delete=models.PROTECT, related_name="spells")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    lines = models.IntegerField(default=0)
    overruled = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [models.UniqueConstraint(name="local_node_spell_once", fields=["node", "began_at"])]

    def __str__(self) -> str:
        return f"{self.node_id} {self.began_at}"


class HallCode(models.Model):
    """With which an officer comes in at a node, where no password is known. Vietnamese: mã tại chỗ."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id}"


class Standing(models.Model):
    """In a node's own database, one row: how it stands.

    acting_since  it runs the hall since then; none: it follows the city
    heard_at      when the city last answered, by our clock
    sent_up_to    the last event of its own that the city took
    setup, state  digests of what it was given last
    """

    ONLY: ClassVar = 1

    city = models.CharField(max_length=200)
    house_id = models.BigIntegerField()
    database = models.CharField(max_length=32)
    first_number = models.IntegerField()
    acting_since = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    sent_up_to = models.BigIntegerField(default=0)
    setup = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=64, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="local_node_one_standing", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.city
