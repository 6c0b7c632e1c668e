"""Tables as values: columns, rows, order, pages, filter; drawn by `{% table %}`, written as CSV."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.utils import formats, numberformat
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

PAGING = ("page", "after", "before")
ORDER = "sort"
FORMAT = "format"
UNKNOWN = "–"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `numeric` aligns right; `plain` numbers (years) are not grouped by thousands."""

    name: str
    label: Any
    numeric: bool = False
    plain: bool = False
    sortable: bool = False
    heads_row: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to another page; its text may be a Code."""

    text: Any
    url: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A cell that shows a state; tone is "good", "warn", "bad", "quiet" or nothing, never the only sign."""

    text: Any
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A cell written left to right in every language: a reference, a code, a file name."""

    text: Any


BLANK = Code("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """By which column the rows stand; `chosen` is what the address said, empty for the page's own order."""

    name: str
    descending: bool = False
    chosen: str = ""

    @classmethod
    def read(cls, query: Mapping[str, Any], columns: Iterable[Column], *, default: str) -> "Order":
        """The order in `?sort=-name` if that column may be sorted, else `default`."""
        asked = str(query.get(ORDER, ""))
        known = {column.name for column in columns if column.sortable}
        chosen = asked if asked.removeprefix("-") in known else ""
        wanted = chosen or default
        return cls(name=wanted.removeprefix("-"), descending=wanted.startswith("-"), chosen=chosen)

    @property
    def field(self) -> str:
        """As Django's `order_by` takes it."""
        return f"-{self.name}" if self.descending else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Where the reader is among pages: by number, or by the key of the first and last row shown."""

    previous: Mapping[str, str] | None = None
    next: Mapping[str, str] | None = None
    number: int = 0
    last: int = 0

    @classmethod
    def numbered(cls, number: int, last: int) -> "Pages":
        """Page `number` of `last`, both counted from 1."""
        before = {"page": str(number - 1)} if number > 1 else None
        after = {"page": str(number + 1)} if number < last else None
        return cls(previous=before, next=after, number=number, last=last)

    @classmethod
    def keyset(cls, *, before: str = "", after: str = "") -> "Pages":
        """Pages of a long list: the keys to read before and after, empty where there is nothing."""
        return cls(previous={"before": before} if before else None, next={"after": after} if after else None)

    def shown(self) -> tuple[int, ...]:
        """The page numbers to offer; 0 stands for the ones left out."""
        near = {1, self.last, *range(self.number - 1, self.number + 2)}
        numbers = sorted(number for number in near if 1 <= number <= self.last)
        before = [0, *numbers]
        gaps = [(0,) if number - last > 1 else () for last, number in zip(before, numbers, strict=False)]
        return tuple(item for gap, number in zip(gaps, numbers, strict=True) for item in (*gap, number))


def row_number(query: Mapping[str, Any], name: str) -> int | None:
    """The row that `?after=` or `?before=` names; None where it says none, or what no row can have."""
    given = str(query.get(name, ""))
    return int(given) if given.isdecimal() and len(given) < 19 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What stands where nothing is: what this is, and the next thing to do."""

    title: Any
    hint: Any
    action: Any = ""
    url: str = ""


NOTHING_FITS = Empty(
    title=_("Nothing fits this filter."),
    hint=_("Take away a word or a choice, or clear the filter to see everything."),
    action=_("Clear the filter"),
    url="?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Everything `{% table %}` draws. Rows map column names to values; `csv` offers `?format=csv`."""

    id: str
    caption: Any
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    total: Mapping[str, Any] | None = None
    order: Order | None = None
    pages: Pages | None = None
    filter: forms.BaseForm | None = None
    empty: Empty | None = None
    note: Any = ""
    csv: bool = False
    tight: bool = False

    def context(self, query: QueryDict, *, quiet: bool = False) -> dict[str, Any]:
        """What the template needs, links made for the reader's address; `quiet` hides the caption."""
        nothing = {column.name: BLANK for column in self.columns}
        filtered = self.filter is not None and any(query.get(name) for name in self.filter.fields)
        return {
            "table": self,
            "quiet": quiet,
            "filtered": filtered,
            "filter_label": self.caption,
            "empty": NOTHING_FITS if filtered else self.empty,
            "heads": [self._head(column, query) for column in self.columns],
            "rows": [self._cells(row) for row in self.rows],
            "total": self._cells(nothing | dict(self.total)) if self.total else None,
            "csv_url": address(query, drop=PAGING, change={FORMAT: "csv"}) if self.csv else "",
            **self._paging(query),
        }

    def _head(self, column: Column, query: QueryDict) -> dict[str, Any]:
        head: dict[str, Any] = {"label": column.label, "numeric": column.numeric}
        if self.order is None or not column.sortable:
            return head
        here = self.order.name == column.name
        turned = f"-{column.name}" if here and not self.order.descending else column.name
        head["url"] = address(query, drop=PAGING, change={ORDER: turned})
        head["direction"] = ("descending" if self.order.descending else "ascending") if here else ""
        head["arrow"] = {"ascending": "▲", "descending": "▼"}.get(head["direction"], "↕")
        return head

    def _cells(self, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [_placed(column, row.get(column.name)) for column in self.columns]

    def _paging(self, query: QueryDict) -> dict[str, Any]:
        if self.pages is None:
            return {}
        return {
            "previous_url": _page_address(query, self.pages.previous),
            "next_url": _page_address(query, self.pages.next),
            "numbers": [
                (number, _page_address(query, {"page": str(number)})) for number in self.pages.shown()
            ],
        }


def address(query: QueryDict, *, drop: Iterable[str] = (), change: Mapping[str, str] | None = None) -> str:
    """The present page's address with some of its query changed, `?` alone when nothing is left."""
    new = query.copy()
    for name in (*drop, FORMAT):
        new.pop(name, None)
    for name, value in (change or {}).items():
        new[name] = value
    return f"?{new.urlencode()}"


def _page_address(query: QueryDict, change: Mapping[str, str] | None) -> str:
    return address(query, drop=PAGING, change=change) if change else ""


def _placed(column: Column, value: Any) -> dict[str, Any]:
    place = {"numeric": column.numeric, "heads_row": column.heads_row}
    return place | cell(value, plain=column.plain)


def cell(value: Any, *, plain: bool = False) -> dict[str, Any]:
    """One value as the template draws it."""
    if isinstance(value, Link):
        return cell(value.text) | {"url": value.url}
    if isinstance(value, Tag):
        return {"text": text(value.text), "tag": value.tone or "plain"}
    if isinstance(value, Code):
        return {"text": str(value.text), "code": True}
    return {"text": str(value) if plain and value is not None else text(value)}


def text(value: Any) -> str:
    """A value in the words of the page's language: dates spelled out, thousands grouped, a dash for none."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, dt.datetime):
        return formats.date_format(value, "j F Y, H:i")
    if isinstance(value, dt.date):
        return formats.date_format(value, "j F Y")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _grouped(value)
    return str(value)


def _grouped(value: float | Decimal) -> str:
    thousands = sign("THOUSAND")
    return numberformat.format(
        value, sign("DECIMAL"), grouping=3, thousand_sep=thousands, force_grouping=True
    )


def sign(kind: str) -> str:
    """What stands before THOUSANDs or DECIMALs; a thin space where Django groups none, as in Arabic."""
    if kind == "THOUSAND" and not formats.get_format("NUMBER_GROUPING"):
        return "\u202f"
    return str(formats.get_format(f"{kind}_SEPARATOR"))


def wants_csv(request: HttpRequest) -> bool:
    """Whether the reader followed the table's CSV link."""
    return request.GET.get(FORMAT) == "csv"


def csv_response(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], *, name: str
) -> StreamingHttpResponse:
    """The rows as a CSV file, streamed; no cell can start a formula in a spreadsheet."""
    response = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "table"}.csv"'
    return response


def csv_lines(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Lines of CSV with a byte-order mark, so that spreadsheets read accents and Arabic right."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff" + writer.writerow([inert(column.label) for column in columns])
    for row in rows:
        yield writer.writerow([inert(row.get(column.name)) for column in columns])


class _Echo:
    """A file that hands each line straight back."""

    def write(self, line: str) -> str:
        return line


def inert(value: Any) -> Any:
    """A value that a spreadsheet shows and never runs: text that could start a formula gets an apostrophe."""
    while isinstance(value, Link | Tag | Code):
        value = value.text
    if value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool)):
        return value
    words = value.isoformat() if isinstance(value, dt.date) else str(value)
    return f"'{words}" if words.lstrip(" ").startswith(FORMULA_STARTS) else words
