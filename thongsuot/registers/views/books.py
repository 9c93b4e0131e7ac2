"""Books: the list, one book with what it lacks, print and export, figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import workbook
from thongsuot.kernel import clock
from thongsuot.kernel.text import nfc, slug
from thongsuot.registers import actions, papers, printing
from thongsuot.registers.forms.entries import KINDS, BookForm
from thongsuot.registers.models import Book, Entry, EntryPerson, Kind
from thongsuot.registers.queries import books as reading
from thongsuot.registers.rules import DUTY, days
from thongsuot.registers.rules.columns import COLUMNS
from thongsuot.registers.rules.drafts import WORDS
from thongsuot.registers.views.common import tabs
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, number_of

PRINTED = 500  # entries in one print: some forty pages


@require_GET
def books(request: HttpRequest) -> HttpResponse:
    actor = actor_with(request, DUTY)
    kind, year = request.GET.get("loai", ""), number_of(request.GET.get("nam", ""))
    keepers = actor.units_for(DUTY)
    page = page_of(request, count=reading.books_count(keeper_ids=keepers, kind=kind, year=year))
    rows = reading.books(keeper_ids=keepers, kind=kind, year=year, on=clock.today(), limit=page.size, offset=page.first)
    return render(
        request,
        "registers/books.html",
        {
            "rows": rows,
            "page": page,
            "kinds": KINDS,
            "kind": kind,
            "year": year or "",
            "tabs": tabs("registers:books", actor=actor),
        },
    )


@require_GET
def book(request: HttpRequest, book_id: int) -> HttpResponse:
    actor = actor_with(request, DUTY)
    found = reading.book_for(book_id, actor=actor)
    page = page_of(request, count=Entry.objects.filter(book=found).count())
    return render(
        request,
        "registers/book.html",
        {
            "book": found,
            "kind_label": Kind(found.kind).label,
            "whole": reading.wholeness(found),
            "rows": reading.page_of_book(found, limit=page.size, offset=page.first),
            "page": page,
            "states": dict(Entry.State.choices),
            "tabs": tabs("registers:books", actor=actor),
        },
    )


@require_http_methods(["GET", "POST"])
def take_out(request: HttpRequest, book_id: int) -> HttpResponseBase:
    """Pages of the book in full, as PDF or as a spreadsheet, for a reason that is kept."""
    actor, now = actor_with(request, DUTY), clock.now()
    found = reading.book_for(book_id, actor=actor)
    form = BookForm(request.POST or None)
    if form.is_bound and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        as_sheet = request.POST.get("dang") == "xlsx"
        with refusals_on(form):
            if not as_sheet and not first <= last < first + PRINTED:
                form.add_error(
                    "last", _("Mỗi lần in tối đa %(most)s số. Hãy chọn ít hơn hoặc kết xuất Excel.") % {"most": PRINTED}
                )
            else:
                actions.take_out_book(found.pk, reason=form.cleaned_data["reason"], actor=actor, at=now)
                return _sheet(found, first, last) if as_sheet else _printed(found, first, last, now)
    return render(
        request,
        "registers/take_out.html",
        {"book": found, "kind_label": Kind(found.kind).label, "form": form},
        status=422 if form.errors else 200,
    )


def _printed(book: Book, first: int, last: int, now: datetime) -> HttpResponseBase:
    with translation.override("vi"):
        whole = reading.wholeness(book)
        rows = [_cells(entry, people) for entry, people in reading.whole_book(book, first=first, last=last)]
        title = f"Sổ đăng ký {str(Kind(book.kind).label).lower()}, quyển số {book.name}, năm {book.year}"
        facts: dict[str, Any] = {
            "title": title,
            "lines": [
                f"Nơi đăng ký: {book.place_name}",
                f"Từ số {first} đến số {last}. Cả quyển có {whole.entries} số, thiếu {whole.missing} số.",
            ],
            "heads": ["Số", "Ngày đăng ký", "Người được đăng ký", "Chi tiết", "Người đi đăng ký, người ký", "Ghi chú"],
            "widths": [0.6, 1, 3, 3, 1.6, 2],
            "rows": rows,
            "foot": f"In ngày {timezone.localtime(now):%d/%m/%Y}",
        }
    pdf = printing.book(facts, made_at=now)
    return file_answer(pdf, f"{slug(title)}-{first}-{last}.pdf", FileType.PDF, shown=True)


def _cells(entry: Entry, people: list[EntryPerson]) -> list[str]:
    who = "; ".join(
        ", ".join(part for part in (one.full_name, days.in_words(one.born) if one.born else "", one.id_number) if part)
        for one in people
    )
    details = "; ".join(
        part for part in (entry.birthplace, days.in_words(entry.died_on) if entry.died_on else "", entry.death_place) if part
    )
    notes = [papers.note_in_words(note) for note in sorted(entry.annotations.all(), key=lambda one: one.pk)]
    state = "" if entry.state == Entry.State.VALID else str(entry.get_state_display())
    signed = "; ".join(part for part in (entry.requester, entry.signer) if part)
    told = [
        str(entry),
        days.in_words(entry.registered_on),
        who,
        details,
        signed,
        ". ".join(x for x in (state, entry.remarks, *notes) if x),
    ]
    return [nfc(text) for text in told]


def _sheet(book: Book, first: int, last: int) -> HttpResponseBase:
    """The columns of the template, so that what goes out can be compared with what came in; then state and notes."""
    heads = [*(str(column.heading) for column in COLUMNS[Kind(book.kind)]), _("Trạng thái"), _("Ghi chú về thay đổi")]
    lines = (_line(book, entry, people) for entry, people in reading.whole_book(book, first=first, last=last))
    file = workbook([(str(Kind(book.kind).label), heads, lines)])
    name = f"so-{slug(str(Kind(book.kind).label))}-{book.year}-{slug(book.name) or book.pk}.xlsx"
    return file_answer(file, name, FileType.XLSX)


def _line(book: Book, entry: Entry, people: list[EntryPerson]) -> list[str]:
    cells = {
        "number": str(entry),
        "book": book.name,
        "registered_on": days.as_typed(entry.registered_on),
        "place": book.place_name,
        **{key: getattr(entry, key) for key in WORDS},
        "died_on": days.as_typed(entry.died_on),
    }
    for one in people:
        cells |= {
            f"{one.role}_name": one.full_name,
            f"{one.role}_born": days.as_typed(one.born),
            f"{one.role}_sex": papers.SEX_WORDS.get(one.sex, "").lower(),
            f"{one.role}_id": one.id_number,
            f"{one.role}_ethnicity": one.ethnicity,
            f"{one.role}_nationality": one.nationality,
            f"{one.role}_residence": one.residence,
        }
    notes = "; ".join(papers.note_in_words(note) for note in sorted(entry.annotations.all(), key=lambda one: one.pk))
    return [*(cells.get(column.key, "") for column in COLUMNS[Kind(book.kind)]), str(entry.get_state_display()), notes]


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    actor = actor_with(request, DUTY)
    keepers, today = actor.units_for(DUTY), clock.today()
    return render(
        request,
        "registers/figures.html",
        {
            "rows": reading.figures(keeper_ids=keepers, on=today),
            "years": reading.by_year(keeper_ids=keepers, on=today),
            "tabs": tabs("registers:figures", actor=actor),
        },
    )
