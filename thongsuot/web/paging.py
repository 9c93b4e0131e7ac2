"""Pages of a long list: the same words, the same parameter, whatever is listed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from thongsuot.web.request import number_of

PARAM = "trang"
A_PAGE = 50  # rows of a list, unless its rows are no lines


@dataclass(frozen=True, kw_only=True)
class Page:
    """Which part of a list is shown. `query` is the rest of the address, kept in every link."""

    number: int
    size: int
    count: int
    path: str
    query: str = ""

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.size))

    @property
    def first(self) -> int:
        """Place of the first row shown, counted from 0: the OFFSET of a query."""
        return (self.number - 1) * self.size

    @property
    def slice(self) -> slice:
        """The rows shown, of a list or a query set: `rows[page.slice]`."""
        return slice(self.first, self.first + self.size)

    def href(self, number: int) -> str:
        query = QueryDict(self.query, mutable=True)
        if number > 1:
            query[PARAM] = str(number)
        else:
            query.pop(PARAM, None)
        return f"{self.path}?{query.urlencode()}" if query else self.path

    @property
    def shown(self) -> list[int | None]:
        """Numbers to link; None is a gap. The first, the last and the neighbours of the current one."""
        wanted = sorted({1, self.pages, *range(max(1, self.number - 1), min(self.pages, self.number + 1) + 1)})
        shown: list[int | None] = []
        for number in wanted:
            last = shown[-1] if shown else None
            if last is not None and number - last == 2:
                shown.append(number - 1)
            elif last is not None and number - last > 2:
                shown.append(None)
            shown.append(number)
        return shown


def page_number(request: HttpRequest) -> int:
    """What the address asks for; 1 when it asks for nonsense. Never more than a million: an OFFSET has its cost."""
    return min(max(1, number_of(request.GET.get(PARAM, ""))), 1_000_000)


def page_of(request: HttpRequest, *, count: int, size: int | None = None) -> Page:
    """A number beyond the end becomes the last page: the list may have shrunk since the link was made."""
    size = size or A_PAGE
    pages = max(1, -(-count // size))
    return Page(
        number=min(page_number(request), pages), size=size, count=count, path=request.path, query=request.GET.urlencode()
    )
