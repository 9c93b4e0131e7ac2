"""Books, what stands in them, whom it concerns, and what was noted later."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.text import search_key, sort_key

# A day as old registers know it: 1958-03-12, 1958-03, 1958, or nothing at all. Text, so that nothing is made up.
PARTIAL_DAY = r"^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)?$"

_A_COMMUNE = re.compile(r"(?<!thị )(?<!thi )\b(xã|xa|phường|phuong|thị trấn|thi tran|đặc khu|dac khu|x|p|ph|tt)\b")


class Kind(models.TextChoices):
    """The three registers."""

    BIRTH = "birth", _("Khai sinh")
    MARRIAGE = "marriage", _("Kết hôn")
    DEATH = "death", _("Khai tử")


class Role(models.TextChoices):
    """As whom a person stands in an entry."""

    CHILD = "child", _("Người được khai sinh")
    MOTHER = "mother", _("Mẹ")
    FATHER = "father", _("Cha")
    WIFE = "wife", _("Vợ")
    HUSBAND = "husband", _("Chồng")
    DEAD = "dead", _("Người chết")


class Book(models.Model):
    """A register book: of one place, one kind and one year. Vietnamese: sổ đăng ký hộ tịch, quyển.

    place       the unit whose book it was, as it then was; None when the gazetteer does not know it
    place_name  that unit's name by the gazetteer; what a paper says is what the entry itself has (`Entry.place`)
    keeper      the unit that keeps the book now and issues extracts from it
    """

    class Origin(models.TextChoices):
        OWN = "own", _("Ghi trong hệ thống")
        IMPORTED = "imported", _("Nhập từ sổ cũ")

    kind = models.CharField(max_length=8, choices=Kind)
    year = models.SmallIntegerField()
    name = models.CharField(max_length=30)
    place = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    place_name = models.CharField(max_length=300)
    place_key = models.CharField(max_length=300, help_text="search_key of place_name: tells books apart and finds them")
    written_key = models.TextField(
        blank=True, default="", help_text="search_keys of places as its entries write them, where they differ: finds them too"
    )
    keeper = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=8, choices=Origin)
    opened_at = models.DateTimeField()
    closed_on = models.DateField(null=True, help_text="the unit that wrote in it ended: who keeps it writes in one of its own")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="book_once", fields=["keeper", "kind", "year", "place_key", "name"]),
            models.UniqueConstraint(
                name="own_book_open_once", fields=["keeper", "kind", "year"], condition=Q(origin="own", closed_on__isnull=True)
            ),
            models.CheckConstraint(name="book_year", condition=Q(year__gte=1800, year__lte=2200)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.year}"


class Entry(models.Model):
    """One registered event as it was written that day. Later changes are annotations; the database refuses to change a row.

    Every day is partial text (`PARTIAL_DAY`). `number` with `suffix` is the number in the book: 12, or 12 with "b".
    """

    class State(models.TextChoices):
        VALID = "valid", _("Có giá trị")
        AMENDED = "amended", _("Có ghi chú thay đổi")
        CANCELLED = "cancelled", _("Đã thu hồi, hủy bỏ")

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    keeper = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField()
    suffix = models.CharField(max_length=4, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.VALID)
    registered_on = models.CharField(max_length=10, blank=True)
    again = models.BooleanField(default=False)
    before = models.CharField(max_length=300, blank=True, help_text="place, number, day of the first one")

    birthplace = models.CharField(max_length=300, blank=True)
    hometown = models.CharField(max_length=300, blank=True)
    died_on = models.CharField(max_length=10, blank=True)
    died_at = models.CharField(max_length=20, blank=True)
    death_place = models.CharField(max_length=300, blank=True)
    death_cause = models.CharField(max_length=300, blank=True)
    notice = models.CharField(max_length=300, blank=True)
    requester = models.CharField(max_length=200, blank=True)
    requester_relation = models.CharField(max_length=100, blank=True)
    signer = models.CharField(max_length=200, blank=True)
    remarks = models.CharField(max_length=1000, blank=True)
    place_written = models.CharField(
        max_length=300, blank=True, help_text="as the imported row says it, letter by letter; of a new entry its name that day"
    )

    dossier = models.ForeignKey("dossiers.Dossier", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    person_key = models.CharField(max_length=32, blank=True, help_text="equal for entries of the same event of the same person")
    fingerprint = models.CharField(max_length=32, blank=True, help_text="of the imported row")
    entered_at = models.DateTimeField()
    entered_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="entry_number_once", fields=["book", "number", "suffix"]),
            models.UniqueConstraint(
                name="entry_once_per_dossier", fields=["dossier"], condition=Q(dossier__isnull=False) & ~Q(state="cancelled")
            ),
            models.CheckConstraint(name="entry_number_positive", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="entry_days", condition=Q(registered_on__regex=PARTIAL_DAY) & Q(died_on__regex=PARTIAL_DAY)
            ),
        ]
        indexes = [
            models.Index(name="entry_person_key", fields=["person_key"], condition=~Q(person_key="")),
            models.Index(name="entry_fingerprint", fields=["fingerprint"], condition=~Q(fingerprint="")),
            models.Index(name="entry_number", fields=["number", "kind"]),
            models.Index(name="entry_of_dossier", fields=["dossier"], condition=Q(dossier__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number}{self.suffix}"

    @property
    def place(self) -> str:
        """Where it was registered, under the name it was written with; the unit beside it where that name does not say it."""
        if not self.place_written:
            return self.book.place_name
        if _A_COMMUNE.search(self.place_written.lower()):
            return self.place_written
        return f"{self.book.place_name} (sổ ghi: {self.place_written})"


class EntryPerson(models.Model):
    """A person as an entry names them, or, with `annotation`, as they are named since that annotation."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="people")
    annotation = models.ForeignKey("registers.Annotation", null=True, on_delete=models.PROTECT, related_name="people")
    role = models.CharField(max_length=8, choices=Role)
    full_name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200, editable=False)
    sort_name = models.CharField(max_length=420, editable=False)
    born = models.CharField(max_length=10, blank=True)
    sex = models.CharField(max_length=6, blank=True)
    id_number = models.CharField(max_length=20, blank=True)
    ethnicity = models.CharField(max_length=60, blank=True)
    nationality = models.CharField(max_length=60, blank=True)
    residence = models.CharField(max_length=300, blank=True)
    keeper = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="entry_person_born", condition=Q(born__regex=PARTIAL_DAY)),
            models.CheckConstraint(name="entry_person_named", condition=~Q(full_name="")),
        ]
        indexes = [
            GinIndex(SearchVector("search_name", config="simple"), name="entry_person_words"),
            models.Index(
                name="entry_person_born", fields=["born"], opclasses=["text_pattern_ops"]
            ),  # whole: LIKE proves no part of it
            models.Index(name="entry_person_id_number", fields=["id_number"], condition=~Q(id_number="")),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.role}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.put_keys()
        super().save(*args, **kwargs)

    def put_keys(self) -> EntryPerson:
        """Fill what searching and sorting go by; for rows stored many at once."""
        self.search_name, self.sort_name = search_key(self.full_name)[:200], sort_key(self.full_name)[:420]
        return self


class Annotation(models.Model):
    """What changed after registration, with its basis. Never taken back: another follows. Vietnamese: ghi chú."""

    class Sort(models.TextChoices):
        CHANGE = "change", _("Thay đổi, cải chính, bổ sung")
        DIVORCE = "divorce", _("Ly hôn")
        OTHER = "other", _("Ghi chú khác")
        INTERNAL = "internal", _("Ghi chú nội bộ, không in vào giấy")
        CANCELLATION = "cancellation", _("Thu hồi, hủy bỏ")

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="annotations")
    sort = models.CharField(max_length=12, choices=Sort)
    role = models.CharField(max_length=8, choices=Role, blank=True)
    field = models.CharField(
        max_length=20, blank=True, help_text="the column that reads otherwise since, of the person or entry"
    )
    old_value = models.CharField(max_length=300, blank=True)
    new_value = models.CharField(max_length=300, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    basis = models.CharField(max_length=300)
    decided_on = models.DateField()
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(name="annotation_has_basis", condition=~Q(basis=""))]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.sort}"
