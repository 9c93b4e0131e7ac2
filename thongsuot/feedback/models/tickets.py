"""A ticket and who sent it. Who sent it stands in a table of its own: nothing public ever reads that one."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.models.catalogue import Category
from thongsuot.feedback.words import Channel, MaskedBy, PlaceBy, RefusalReason, Stream, Suspected, Urgency, WithheldReason

# Few of all: citizen reception has what was handed over to it, and what was told there. Their index has the same condition.
HELD_TOO = Q(state="handed_over") | ~Q(made_from="")
# The latest of these is when a ticket changed last. `changed_at` is kept for what the others do not say: a step without an
# instant of its own, and one that takes another's back.
STEPS_AT = ("reported_at", "routed_at", "accepted_at", "paused_at", "answered_at", "published_at", "ended_at", "changed_at")


class FeedbackTicket(models.Model):
    """One matter somebody reported. Vietnamese: phản ánh, kiến nghị.

    number        of the one series of the city, whatever the channel: PA01-26-000123
    secret        opens the page of whoever sent it
    key           made by the sender's device: the same report sent twice is one ticket
    made_from     what of ours it was made of ("reception:12"); blank: a report of its own
    words         as they were sent; latitude, longitude, address as they were sent: shown to handlers alone
    place_unit    the commune in which it is; place_by says how it was found
    unit          who answers now; handler: the person there
    drill         a test of the way to a unit (`actions.drilling`): no public page, figure, letter or reminder knows it
    suspected     of being a complaint or a denunciation: nothing goes on until an operator decided
    round         1, and one more each time it was opened again
    state_before  what it goes back to when the sender answered
    parent        of a merged one: the ticket that is worked on
    masked        no public page says where; masked_by: who wants it so, beside what is so by its kind

    Clocks (`rules/clocks.py`):
    due_at        when the sender is to have an answer; none before it was routed
    step_due_at   when the step that runs is to be done
    step_from     when that step began; none: before this was known
    step_for      the instant of `step_due_at` its ladder was made for; another one: a step began, or goes on after a pause
    step_told     the highest rung of that ladder somebody was told of, or that was past when it was made; step_rung_at: when
                  the next is climbed
    step_number   counts these ladders
    paused_at     waits for the sender: both stand still
    clock_minutes working minutes the answer had in all
    urgent_from   it became urgent while a unit had it: the short limit counts from then, none other does; put_before: working
                  minutes that pauses and extensions had put to the limit that ran until then
    next_rung     of the ladder, next_rung_at when it is climbed; none: nothing to climb
    breaches      how often an answer was due and not there
    first_due_at  as promised when it was routed for the first time in this round

    Public, filled at publishing and read by everything public:
    public_words, public_address, public_latitude, public_longitude, public_key (search key of what is public)
    """

    class State(models.TextChoices):
        NEW = "new", _("Mới gửi")
        VALIDATING = "validating", _("Đang xem xét")
        ASKED = "asked", _("Chờ người gửi bổ sung")
        REFUSED = "refused", _("Không tiếp nhận")
        ROUTED = "routed", _("Đã chuyển đơn vị")
        ACCEPTED = "accepted", _("Đơn vị đã nhận")
        IN_PROGRESS = "in_progress", _("Đang xử lý")
        ANSWERED = "answered", _("Chờ duyệt trả lời")
        APPROVED = "approved", _("Đã trả lời")
        PUBLISHED = "published", _("Đã trả lời, đã công khai")
        RATED = "rated", _("Đã đánh giá")
        CLOSED = "closed", _("Đã đóng")
        MERGED = "merged", _("Đã gộp vào phản ánh cùng việc")
        HANDED_OVER = "handed_over", _("Đã chuyển tiếp công dân")

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20, unique=True)
    secret = models.CharField(max_length=43, unique=True)
    key = models.CharField(max_length=64, null=True, unique=True)
    made_from = models.CharField(max_length=60, blank=True, default="", db_default="")
    stream = models.CharField(max_length=10, choices=Stream)
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=7, choices=Urgency, default=Urgency.NORMAL)
    urgent_claimed = models.BooleanField(
        default=False, db_default=False, help_text="its sender says so, no officer decided yet"
    )
    channel = models.CharField(max_length=9, choices=Channel)
    state = models.CharField(max_length=11, choices=State, default=State.NEW)
    suspected = models.CharField(max_length=12, choices=Suspected, blank=True)

    words = models.CharField(max_length=4000)
    answers = models.JSONField(default=dict, help_text="to the questions of the category: code -> answer")
    happened_at = models.DateTimeField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    address = models.CharField(max_length=300, blank=True)
    place_unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    place_by = models.CharField(max_length=8, choices=PlaceBy, blank=True)
    about_dossier = models.ForeignKey("dossiers.Dossier", null=True, on_delete=models.PROTECT, related_name="+")
    dossier_confirmed = models.BooleanField(
        default=False, db_default=False, help_text="an operator read that it speaks of that dossier"
    )
    search_key = models.CharField(max_length=4500)

    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    senders = models.IntegerField(default=1, help_text="whoever reported it, those of its children among them")
    round = models.SmallIntegerField(default=1)
    returns = models.SmallIntegerField(default=0)
    extensions = models.SmallIntegerField(default=0)
    breaches = models.SmallIntegerField(default=0)
    operator_decides = models.BooleanField(default=False, help_text="returned often enough: the next routing stands")
    higher_review = models.BooleanField(default=False, help_text="opened again: the city approves the answer")
    state_before = models.CharField(max_length=11, choices=State, blank=True)

    reported_at = models.DateTimeField()
    routed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text="approved: the sender was told")
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="closed, refused, merged or handed over")
    changed_at = models.DateTimeField(null=True, help_text="its last step of which no other instant tells")
    refusal = models.CharField(max_length=15, choices=RefusalReason, blank=True)
    refusal_words = models.CharField(max_length=1000, blank=True)

    due_at = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField(null=True)
    step_due_at = models.DateTimeField(null=True)
    step_from = models.DateTimeField(null=True)
    step_for = models.DateTimeField(null=True)
    step_told = models.SmallIntegerField(default=0, db_default=0)
    step_rung_at = models.DateTimeField(null=True)
    step_number = models.SmallIntegerField(default=0, db_default=0)
    paused_at = models.DateTimeField(null=True)
    clock_from = models.DateTimeField(null=True)
    clock_minutes = models.IntegerField(null=True)
    urgent_from = models.DateTimeField(null=True)
    put_before = models.IntegerField(default=0, db_default=0)
    next_rung = models.SmallIntegerField(null=True)
    next_rung_at = models.DateTimeField(null=True)

    drill = models.BooleanField(default=False, db_default=False)
    masked = models.BooleanField(default=False)
    masked_by = models.CharField(
        max_length=7, choices=MaskedBy, blank=True, default="", db_default="", help_text="blank: from before it was known"
    )
    withheld = models.CharField(max_length=9, choices=WithheldReason, blank=True)
    public_words = models.CharField(max_length=4000, blank=True)
    public_address = models.CharField(max_length=300, blank=True)
    public_latitude = models.FloatField(null=True)
    public_longitude = models.FloatField(null=True)
    public_key = models.CharField(max_length=4500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_ticket_routed",
                condition=~Q(state__in=["routed", "accepted", "in_progress", "answered", "approved", "published"])
                | Q(unit__isnull=False),
            ),
            models.CheckConstraint(
                name="feedback_ticket_merged", condition=Q(state="merged", parent__isnull=False) | Q(parent=None)
            ),
            models.CheckConstraint(name="feedback_ticket_own_parent", condition=Q(parent=None) | ~Q(parent=F("pk"))),
            models.CheckConstraint(
                name="feedback_ticket_refused", condition=Q(state="refused") & ~Q(refusal="") | ~Q(state="refused")
            ),
            models.CheckConstraint(name="feedback_ticket_paused", condition=Q(state="asked") | Q(paused_at=None)),
            models.CheckConstraint(
                name="feedback_ticket_point",
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
            ),
            # What is decided to be withheld is public nowhere.
            models.CheckConstraint(name="feedback_ticket_withheld", condition=Q(withheld="") | Q(published_at=None)),
            models.CheckConstraint(
                name="feedback_ticket_masked",
                condition=Q(masked=False) | Q(public_latitude=None, public_longitude=None),
            ),
        ]
        indexes = [
            # The operators' inbox and a unit's, by what is due first.
            models.Index(name="feedback_to_take", fields=["city", "step_due_at"], condition=Q(state__in=["new", "validating"])),
            models.Index(
                name="feedback_of_unit",
                fields=["unit", "due_at"],
                condition=Q(state__in=["asked", "routed", "accepted", "in_progress", "answered"]),
            ),
            models.Index(
                name="feedback_of_handler",
                fields=["handler", "due_at"],
                condition=Q(state__in=["asked", "routed", "accepted", "in_progress", "answered"]),
            ),
            models.Index(
                name="feedback_to_publish",
                fields=["city", "step_due_at"],
                condition=Q(state__in=["approved", "rated"], published_at=None, withheld=""),
            ),
            # Public already, and answered anew.
            models.Index(
                name="feedback_to_publish_more",
                fields=["city", "step_due_at"],
                condition=Q(
                    state__in=["approved", "rated"], published_at__isnull=False, step_due_at__isnull=False, withheld=""
                ),
            ),
            models.Index(name="feedback_rungs", fields=["next_rung_at"], condition=Q(next_rung_at__isnull=False)),
            models.Index(name="feedback_steps", fields=["step_rung_at"], condition=Q(step_due_at__isnull=False)),
            models.Index(name="feedback_asked", fields=["paused_at"], condition=Q(state="asked")),
            models.Index(
                name="feedback_to_close", fields=["answered_at"], condition=Q(state__in=["approved", "published", "rated"])
            ),
            models.Index(name="feedback_drills", fields=["city", "-reported_at"], condition=Q(drill=True)),
            models.Index(name="feedback_held_too", fields=["made_from"], condition=HELD_TOO),
            models.Index(name="feedback_reported", fields=["city", "-reported_at"]),
            models.Index(name="feedback_reported_cat", fields=["category", "-reported_at"]),
            models.Index(
                name="feedback_reported_open",
                fields=["city", "-reported_at"],
                condition=Q(state__in=["new", "validating", "asked", "routed", "accepted", "in_progress", "answered"]),
            ),
            models.Index(name="feedback_by_unit", fields=["unit", "-reported_at"]),
            models.Index(name="feedback_by_place", fields=["place_unit", "-reported_at"]),
            models.Index(name="feedback_children", fields=["parent"], condition=Q(parent__isnull=False)),
            # Near ones of one category that are still worked on: a band of latitude holds few.
            models.Index(
                name="feedback_near",
                fields=["category", "latitude"],
                condition=Q(
                    latitude__isnull=False,
                    state__in=["new", "validating", "asked", "routed", "accepted", "in_progress", "answered"],
                ),
            ),
            models.Index(name="feedback_public", fields=["city", "-published_at"], condition=Q(published_at__isnull=False)),
            models.Index(
                name="feedback_public_cat",
                fields=["category", "-published_at"],
                condition=Q(published_at__isnull=False),
            ),
            models.Index(
                name="feedback_public_at",
                fields=["place_unit", "-published_at"],
                condition=Q(published_at__isnull=False),
            ),
            GinIndex(
                SearchVector("public_key", config="simple"),
                name="feedback_public_words",
                condition=Q(published_at__isnull=False),
            ),
            GinIndex(SearchVector("search_key", config="simple"), name="feedback_words"),
            # What changed since others asked last.
            models.Index("city", Greatest(*STEPS_AT).desc(), name="feedback_last_change"),
        ]

    def __str__(self) -> str:
        return self.number


# Worked on, or to be: what a unit that ends hands over, and what a duplicate is looked for among.
OPEN = frozenset(
    {
        FeedbackTicket.State.NEW,
        FeedbackTicket.State.VALIDATING,
        FeedbackTicket.State.ASKED,
        FeedbackTicket.State.ROUTED,
        FeedbackTicket.State.ACCEPTED,
        FeedbackTicket.State.IN_PROGRESS,
        FeedbackTicket.State.ANSWERED,
    }
)


class Reporter(models.Model):
    """Who sent a ticket and how they are reached. Vietnamese: người gửi phản ánh.

    Shown to whoever handles the ticket, each look is kept; forgotten some time after the end (`actions.forgetting`).
    network   a keyed digest of the network address, for the limit of reports only
    unverified  the address stood in a letter for which our mail server did not vouch: nothing is sent there until an officer
              has made sure of it, at confirmed_at
    """

    ticket = models.OneToOneField(FeedbackTicket, on_delete=models.PROTECT, related_name="reporter")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("họ và tên"), max_length=200, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.CharField(_("thư điện tử"), max_length=254, blank=True)
    network = models.CharField(max_length=32, blank=True)
    unverified = models.BooleanField(default=False, db_default=False)
    confirmed_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="feedback_by_phone", fields=["phone", "-at"], condition=~Q(phone="")),
            models.Index(name="feedback_by_person", fields=["person", "-at"], condition=Q(person__isnull=False)),
            models.Index(name="feedback_by_email", fields=["email", "-at"], condition=~Q(email="")),
            models.Index(name="feedback_by_network", fields=["network", "-at"], condition=~Q(network="")),
            models.Index(name="feedback_to_forget", fields=["at"], condition=Q(forgotten_at=None)),
        ]

    def __str__(self) -> str:
        return f"reporter of {self.ticket_id}"
