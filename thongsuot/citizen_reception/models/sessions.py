"""Receptions held over a line, from 01/07/2026."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.citizen_reception.models.register import ReceptionEntry


class OnlineSession(models.Model):
    """An online reception: parties at several sites, recorded. Vietnamese: phiên tiếp công dân trực tuyến.

    Picture and sound go over the city's own system (`link`) and are kept on the state's servers: here stands where, with
    the fingerprint by which the recording can be known again.

    chair            who leads it and signs its minutes; none named: who leads the unit
    chair_because    why another one was named later
    minutes_signed_by_name, minutes_brought_by_name   who signed; who brought the paper that was signed by hand
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Sắp tiếp")
        RUNNING = "running", _("Đang tiếp")
        ENDED = "ended", _("Đã kết thúc")
        CANCELLED = "cancelled", _("Đã hủy")

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    entry = models.ForeignKey(ReceptionEntry, null=True, on_delete=models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    link = models.CharField(max_length=500, blank=True)
    heard_by = models.CharField(max_length=200)
    chair = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    chair_because = models.CharField(max_length=300, blank=True, default="", db_default="")
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was cancelled, or last moved")
    recording_link = models.CharField(max_length=500, blank=True)
    recording_file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    recording_sha256 = models.CharField(max_length=64, blank=True)
    minutes_words = models.TextField(blank=True)
    minutes_file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    minutes_paper = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    minutes_signed_at = models.DateTimeField(null=True)
    minutes_signed_by_name = models.CharField(max_length=200, blank=True)
    minutes_brought_by_name = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="session_link_is_safe", condition=Q(link="") | Q(link__startswith="https://")),
            models.CheckConstraint(
                name="session_recording_is_safe",
                condition=Q(recording_link="") | Q(recording_link__startswith="https://"),
            ),
            models.CheckConstraint(
                name="session_fingerprint",
                condition=Q(recording_sha256="") | Q(recording_sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="session_over_has_an_end",
                condition=Q(state__in=["ended", "cancelled"], ended_at__isnull=False)
                | Q(state__in=["planned", "running"], ended_at=None),
            ),
        ]
        indexes = [models.Index(name="session_of_unit", fields=["unit", "-starts_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def is_kept_close(self) -> bool:
        """It is about a denunciation: who takes part is for who received that and who leads."""
        return self.entry is not None and self.entry.is_kept_close


class SessionParty(models.Model):
    """Who takes part and must be told in time: the only table that says it; forgotten some time after the end.

    people       how many a representative speaks for
    told_at      invited in time to the session as it is planned now; heard_at: was ever told of it, so learns what changes
    removed_at   does not take part after all; kept, for they may have been told
    """

    session = models.ForeignKey(OnlineSession, on_delete=models.PROTECT, related_name="parties")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200)
    people = models.IntegerField(default=1)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    told_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=200, blank=True)
    heard_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="session_party_people", condition=Q(people__range=(1, 9999)))]

    def __str__(self) -> str:
        return str(self.session_id)


class SessionSite(models.Model):
    """Where parties sit: a unit's room, a service point. Vietnamese: điểm tiếp.

    tested_at     of the first test in the unbroken row of good ones, or of the one that failed since: `LineTest` has all
    test_note     what was noted of that test
    connected_at  for the first time, for the session as it is planned now
    """

    session = models.ForeignKey(OnlineSession, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey("units.ServicePoint", null=True, on_delete=models.PROTECT, related_name="+")
    tested_at = models.DateTimeField(null=True)
    test_passed = models.BooleanField(null=True)
    test_note = models.CharField(max_length=300, blank=True)
    connected_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="session_site_once", fields=["session", "name"])]

    def __str__(self) -> str:
        return self.name


class LineTest(models.Model):
    """One test call with a site. Vietnamese: lần thử đường truyền."""

    site = models.ForeignKey(SessionSite, on_delete=models.PROTECT, related_name="tests")
    at = models.DateTimeField()
    passed = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.site_id} {self.at:%Y-%m-%d %H:%M}"
