"""Persons, the posts they hold and for how long, and who looked at whose data."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated
from thongsuot.kernel.text import search_key, sort_key


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """Someone who can log in: a citizen, an officer, or both. What an officer may do hangs on dated appointments."""

    # Empty for who came in with a national identity that tells none; such a person has no password either.
    email = models.EmailField(_("thư điện tử"), blank=True)
    full_name = models.CharField(_("họ tên"), max_length=200)
    search_name = models.CharField(max_length=200, db_index=True, editable=False)
    sort_name = models.CharField(max_length=420, editable=False)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    # Only from a card that an officer has seen (actions.confirm_identity): never as typed by its owner.
    id_number = models.CharField(_("số định danh"), max_length=12, blank=True)
    is_active = models.BooleanField(default=True)
    inactive_reason = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False, help_text="made by the demo city; production refuses to start with one")
    joined_at = models.DateTimeField()
    session_generation = models.IntegerField(default=0, help_text="raised to end every session of the person at once")

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="person_email_once", fields=["email"], condition=~Q(email="")),
            models.UniqueConstraint(name="person_id_number_once", fields=["id_number"], condition=~Q(id_number="")),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name, self.sort_name = search_key(self.full_name)[:200], sort_key(self.full_name)[:420]
        if kwargs.get("update_fields") is not None and "full_name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_name", "sort_name"}
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must match at each request: a new password or a new generation ends them all."""
        value = f"{self.password}:{self.session_generation}"
        return salted_hmac("people.session", value, secret=secret, algorithm="sha256").hexdigest()

    # Django's permission framework is not used; these two answer the libraries that ask.
    @property
    def is_staff(self) -> bool:
        return False

    @property
    def is_superuser(self) -> bool:
        return False


class Appointment(Dated):
    """A person holds a post in a body for a time, by a decision. One person may hold several.

    A period that ends on the day it begins is empty: an appointment taken back before it held.
    With a `point` its duties hold for the unit whose service point that is, whoever runs it.
    `owed`: duties that an upgrade gives it, until the worker of the new release has (`actions.give_owed`): the release before
    does not know them.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    body = models.ForeignKey("units.Body", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("chức danh"), max_length=200)
    point = models.ForeignKey(
        "units.ServicePoint", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    duties = ArrayField(models.CharField(max_length=40), default=list, help_text="names from people.rules.DUTIES")
    owed = ArrayField(models.CharField(max_length=40), null=True, blank=True)
    decided_by = models.CharField(_("cơ quan quyết định"), max_length=200, blank=True)
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appointment_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
        ]
        indexes = [
            models.Index(name="appointment_body", fields=["body", "valid_from"]),
            models.Index(name="appointment_point", fields=["point"], condition=Q(point__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title


class Delegation(Dated):
    """While away, one person's work in a unit goes to another of the same unit. Always with an end."""

    from_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_given")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_taken")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("lý do"), max_length=300)
    includes_signing = models.BooleanField(_("gồm cả quyền ký kết quả"), default=False)
    decision_number = models.CharField(_("số văn bản ủy quyền"), max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="delegation_to_another", condition=~Q(from_person=F("to_person"))),
            models.CheckConstraint(
                name="delegation_ends", condition=Q(valid_to__isnull=False) & Q(valid_to__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_person_id} -> {self.to_person_id}"


class LookUp(models.Model):
    """Someone read personal data: who, what, why. The person concerned can see it."""

    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    by_post = models.CharField(max_length=200)
    about = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.PROTECT,
        related_name="look_ups",
        help_text="whose data, when that person has an account",
    )
    subject = models.CharField(max_length=60, help_text='what was read: "dossiers.dossier"')
    subject_id = models.BigIntegerField()
    fields = ArrayField(models.CharField(max_length=40))
    reason = models.CharField(_("lý do"), max_length=300)

    class Meta:
        indexes = [
            models.Index(name="look_up_subject", fields=["subject", "subject_id", "at"]),
            models.Index(name="look_up_about", fields=["about", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.subject} {self.subject_id}"


class ApiToken(models.Model):
    """A key for programs. It acts as one person, with at most the listed duties; only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(_("tên khóa"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    duties = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class CacheEntry(models.Model):
    """Django's database cache, as a table that migrations know: all processes count login attempts in one place."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "people_cache"

    def __str__(self) -> str:
        return self.cache_key
