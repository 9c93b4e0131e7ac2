"""Who connects, on which terms, what came in that way, and the list of updates that others follow."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated


class ApiKey(Dated):
    """An organisation's key to send by. The key itself is shown once; kept is its digest. Vietnamese: khóa Open311.

    hint         how the key begins: by it people tell keys apart
    limit_hour   calls in one hour
    for_tests    what is sent with it is checked as any other and then taken back: nothing is kept
    first        the first of the keys it goes on with: what was sent by one of them is theirs together
    """

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(_("tổ chức"), max_length=200)
    contact = models.CharField(_("thư liên hệ"), max_length=254)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    limit_hour = models.IntegerField(_("số lượt mỗi giờ"))
    may_report = models.BooleanField(_("gửi phản ánh"), default=True)
    may_update = models.BooleanField(_("gửi bổ sung"), default=True)
    for_tests = models.BooleanField(_("chỉ để thử"), default=False)
    first = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="open311_key_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
            models.CheckConstraint(name="open311_key_limit", condition=Q(limit_hour__gt=0)),
        ]
        indexes = [models.Index(name="open311_keys_of", fields=["city", "-made_at"])]

    def __str__(self) -> str:
        return f"{self.organisation} {self.hint}"


class AccessTerms(Dated):
    """On which terms others connect, for a time. Vietnamese: điều kiện kết nối.

    keyless       reports are taken without a key too
    by_token      a report is answered with a token first, which tells its number when asked
    read_hour     calls that read in one hour from one network address, without a key
    keyless_hour  reports in one hour from one network address, without a key
    """

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    keyless = models.BooleanField(_("nhận phản ánh không cần khóa"), default=False)
    by_token = models.BooleanField(_("trả mã tạm trước, số phản ánh sau"), default=False)
    read_hour = models.IntegerField(_("lượt đọc mỗi giờ, không khóa"))
    keyless_hour = models.IntegerField(_("phản ánh mỗi giờ, không khóa"))
    basis = models.CharField(_("căn cứ"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="open311_terms_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="open311_terms_limits", condition=Q(read_hour__gt=0, keyless_hour__gt=0)),
            models.UniqueConstraint(name="open311_terms_once", fields=["city", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} {self.valid_from}"


class SentRequest(models.Model):
    """A ticket that came by Open311, and by whose key. Vietnamese: phản ánh gửi qua Open311.

    token    what is answered instead of the number while the terms say so
    repeat   digest of the caller and their Idempotency-Key; said: keyed digest of what was sent with it
    """

    ticket = models.OneToOneField("feedback.FeedbackTicket", on_delete=models.PROTECT, related_name="+")
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    repeat = models.CharField(max_length=64, null=True, unique=True)
    said = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.token}"


class SentUpdate(models.Model):
    """A sender's message that came by Open311; one `update_id` of a caller is one message. Vietnamese: bổ sung qua Open311.

    said   keyed digest of what was sent with that id; blank of those from before it was kept
    """

    message = models.OneToOneField("feedback.Message", on_delete=models.PROTECT, related_name="+")
    repeat = models.CharField(max_length=64, null=True, unique=True)
    said = models.CharField(max_length=64, blank=True, db_default="")
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.message_id}"


class StatusUpdate(models.Model):
    """One step of a ticket that everybody may know of, found by its instant. Vietnamese: cập nhật tình trạng.

    An index of the history (`event_id`): what is said of the step is put together when it is read.
    """

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey("feedback.FeedbackTicket", on_delete=models.PROTECT, related_name="+")
    event_id = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=60)
    round = models.SmallIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="open311_updates", fields=["city", "at", "id"])]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind}"


class Usage(models.Model):
    """How often somebody called in one hour: the limit, and figures. Vietnamese: lượt gọi.

    network   keyed digest of the network address of whoever has no key; taken out after some days, the counts stay
    """

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.PROTECT, related_name="+")
    network = models.CharField(max_length=32, blank=True)
    hour = models.DateTimeField()
    reads = models.IntegerField(default=0)
    sends = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="open311_usage_once", fields=["city", "hour", "api_key", "network"], nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.api_key_id} {self.hour:%Y-%m-%d %H}"
