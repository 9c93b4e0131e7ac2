"""Who may sign with what, from when to when, and what was asked of the issuer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated


class Authority(models.Model):
    """The local certificate authority of a demo city. Whatever it issues says THỬ NGHIỆM (TEST) in its very name.

    Its keys lie here sealed with the installation's secret key: they are worth nothing outside of it.
    """

    name = models.CharField(max_length=20, unique=True)
    root_pem = models.TextField()
    root_key = models.BinaryField()
    stamper_pem = models.TextField(help_text="signs time-stamps")
    stamper_key = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SoftwareKey(models.Model):
    """A private key sealed under its holder's PIN. The PIN itself is kept nowhere."""

    sealed = models.BinaryField()
    salt = models.BinaryField()
    memory_kib = models.IntegerField(help_text="cost of one guess of the PIN: Argon2id memory")
    passes = models.IntegerField(help_text="cost of one guess of the PIN: Argon2id passes")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"software key {self.pk}"


class Certificate(models.Model):
    """A certificate of a person in a post, or of an agency. Vietnamese: chứng thư chữ ký số.

    What its dates say (not yet valid, expiring, expired) is worked out, see `rules.condition`; the rest is `state`.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Cá nhân")
        AGENCY = "agency", _("Cơ quan")

    class State(models.TextChoices):
        ISSUED = "issued", _("Đã cấp")
        DELIVERED = "delivered", _("Đã bàn giao")
        ACTIVE = "active", _("Đang dùng")
        SUSPENDED = "suspended", _("Tạm dừng")
        REVOKED = "revoked", _("Thu hồi")

    class KeyKind(models.TextChoices):
        SOFTWARE = "software", _("Khóa phần mềm")
        TOKEN = "token", _("Thiết bị lưu khóa")

    kind = models.CharField(max_length=10, choices=Kind)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="certificates")
    body = models.ForeignKey("units.Body", on_delete=models.PROTECT, related_name="+", help_text="of the post, or the agency")
    post = models.CharField(_("chức vụ"), max_length=200, blank=True)
    subject = models.CharField(max_length=500)
    issuer = models.CharField(max_length=500)
    serial = models.CharField(max_length=64, help_text="hexadecimal, as the issuer prints it")
    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the certificate")
    pem = models.TextField()
    chain_pem = models.TextField(blank=True, help_text="certificates between it and the root")
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    is_test = models.BooleanField(default=False)
    key_kind = models.CharField(max_length=10, choices=KeyKind)
    software_key = models.OneToOneField(SoftwareKey, null=True, on_delete=models.PROTECT, related_name="certificate")
    token_label = models.CharField(max_length=64, blank=True)
    key_label = models.CharField(max_length=64, blank=True)
    image = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", help_text="handwritten signature or seal"
    )
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    state_since = models.DateTimeField()
    state_reason = models.CharField(max_length=300, blank=True)
    wrong_pins = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="certificate_of_someone",
                condition=Q(kind="person", person__isnull=False) & ~Q(post="") | Q(kind="agency", person__isnull=True, post=""),
            ),
            models.CheckConstraint(name="certificate_period", condition=Q(not_after__gt=F("not_before"))),
            models.CheckConstraint(
                name="certificate_has_a_key",
                condition=Q(key_kind="software", software_key__isnull=False)
                | Q(key_kind="token", software_key__isnull=True) & ~Q(token_label="") & ~Q(key_label=""),
            ),
        ]
        indexes = [
            models.Index(name="certificate_body", fields=["body", "kind"]),
            models.Index(name="certificate_ends", fields=["not_after"]),
        ]

    def __str__(self) -> str:
        return self.subject


class CertificateRequest(models.Model):
    """What is asked of the issuer, through the department. Vietnamese: đề nghị cấp, gia hạn, thu hồi chứng thư."""

    class Kind(models.TextChoices):
        NEW = "new", _("Cấp mới")
        RENEW = "renew", _("Gia hạn")
        CHANGE = "change", _("Thay đổi thông tin")
        SUSPEND = "suspend", _("Tạm dừng")
        REVOKE = "revoke", _("Thu hồi")
        UNLOCK = "unlock", _("Khôi phục thiết bị lưu khóa")

    class State(models.TextChoices):
        DRAFT = "draft", _("Bản nháp")
        AT_DEPARTMENT = "at_department", _("Đã gửi Sở Khoa học và Công nghệ")
        AT_ISSUER = "at_issuer", _("Đã gửi cơ quan cấp")
        ISSUED = "issued", _("Đã cấp")
        DELIVERED = "delivered", _("Đã bàn giao")
        CLOSED = "closed", _("Không thực hiện")

    kind = models.CharField(max_length=10, choices=Kind)
    holder = models.CharField(max_length=10, choices=Certificate.Kind)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("units.Body", on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=200, blank=True)
    certificate = models.ForeignKey(
        Certificate, null=True, on_delete=models.PROTECT, related_name="requests", help_text="the one it is about"
    )
    issued = models.ForeignKey(
        Certificate, null=True, on_delete=models.PROTECT, related_name="+", help_text="the one that came of it"
    )
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=15, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)
    closed_reason = models.CharField(max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="certificate_request_one_open",
                fields=["kind", "holder", "body", "person", "post"],
                condition=Q(state__in=["draft", "at_department", "at_issuer", "issued"]),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class CertificateWarning(models.Model):
    """That a certificate ends soon was said, once per mark (90, 60, 30 days)."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="warnings")
    days = models.SmallIntegerField()
    warned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="certificate_warned_once", fields=["certificate", "days"])]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.days}"


class TrustedRoot(Dated):
    """An issuer whose certificates count as genuine, for a time: one line of the trust list."""

    name = models.CharField(max_length=200)
    pem = models.TextField()
    fingerprint = models.CharField(max_length=64)
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="trusted_root_from", fields=["fingerprint", "valid_from"])]

    def __str__(self) -> str:
        return self.name
