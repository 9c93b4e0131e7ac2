"""What somebody let a helper do, once, and how satisfied they were."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.assistance.models.register import Agent, Helper
from thongsuot.counters.satisfaction import Level


class Consent(models.Model):
    """One person lets one helper fill in one dossier. Vietnamese: đồng ý nhờ nộp giúp.

    unit, agent   the helper's, when it was given: the log stays where it was made
    person        the account that consents; none: `how` says in which other way
    may_*         what the person was shown that the helper may do
    code_digest   of the one-time code, which is nowhere kept; none of a paper
    for_name      who is helped; of who has no account it is forgotten some time after the end (`actions.forget_name`)
    secret        opens the page of a person without an account: who helped, stop it, rate
    scan          of the signed paper
    draft         what is filled in; swept away some time after its end
    """

    class How(models.TextChoices):
        ACCOUNT = "account", _("Mã từ tài khoản của người dân")
        CODE = "code", _("Mã gửi đến thư hoặc điện thoại của người dân")
        PAPER = "paper", _("Giấy đồng ý có chữ ký, bản quét kèm theo")

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ nhập mã")
        OPEN = "open", _("Đang làm")
        FILED = "filed", _("Đã nộp")
        ENDED = "ended", _("Đã thôi")

    class EndedBy(models.TextChoices):
        CITIZEN = "citizen", _("Người dân thôi nhờ")
        HELPER = "helper", _("Người giúp kết thúc")
        TIME = "time", _("Hết giờ")

    number = models.CharField(max_length=16, unique=True)
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="consents")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    procedure_code = models.CharField(max_length=20)
    procedure_name = models.CharField(max_length=500)
    how = models.CharField(max_length=7, choices=How)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    for_name = models.CharField(max_length=200)
    identity_level = models.SmallIntegerField(default=0)
    may_scan = models.BooleanField()
    may_submit = models.BooleanField()
    code_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    secret = models.CharField(max_length=43, unique=True)
    scan = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    draft = models.OneToOneField("dossiers.Draft", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    open_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="filed, or ended otherwise")
    ended_by = models.CharField(max_length=7, choices=EndedBy, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consent_paper_has_scan",
                condition=Q(how="paper", scan__isnull=False) | (~Q(how="paper") & Q(scan__isnull=True)),
            ),
            models.CheckConstraint(
                name="consent_account", condition=Q(how="account", person__isnull=False) | (~Q(how="account") & Q(person=None))
            ),
            models.CheckConstraint(
                name="consent_ended", condition=Q(state__in=["filed", "ended"], ended_at__isnull=False) | Q(ended_at=None)
            ),
        ]
        indexes = [
            models.Index(name="consent_of_helper", fields=["helper", "-made_at"]),
            models.Index(name="consent_running", fields=["state"], condition=Q(state__in=["waiting", "open"])),
            models.Index(name="consent_of_person", fields=["person", "-made_at"], condition=Q(person__isnull=False)),
            models.Index(name="consent_filed", fields=["ended_at"], condition=Q(state="filed")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_filed(self) -> bool:
        """With this help; also in the moments before the worker has noted it, unless the help was over by then."""
        runs_out = self.state == self.State.OPEN and self.draft is not None and self.draft.submitted_as_id is not None
        return self.state == self.State.FILED or runs_out

    def runs(self, at: datetime) -> bool:
        """The helper may work on it."""
        return self.state == self.State.OPEN and self.open_until is not None and at < self.open_until and not self.is_filed

    def is_over(self, at: datetime) -> bool:
        """Nothing more comes of it; a code that nobody typed in time is over too."""
        until = self.code_until if self.state == self.State.WAITING else self.open_until
        return self.is_filed or self.state == self.State.ENDED or (until is not None and until <= at)


class HelpRating(models.Model):
    """How satisfied somebody was with a helper: once for each consent."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="rating")
    level = models.SmallIntegerField(choices=Level)
    reasons = ArrayField(models.CharField(max_length=10), default=list)
    rated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.consent_id}: {self.level}"


class CodeTry(models.Model):
    """A code that a helper typed and that opened nothing. After some in an hour none is taken for a while."""

    helper = models.ForeignKey(Helper, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="code_try_recent", fields=["helper", "at"])]

    def __str__(self) -> str:
        return f"{self.helper_id} {self.at:%Y-%m-%d %H:%M}"
