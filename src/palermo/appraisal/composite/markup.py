"""A plain table in HTML; everything that came from a file is escaped."""

from collections.abc import Iterable, Sequence
from html import escape


def table(head: Sequence[str], lines: Iterable[Sequence[str]], *, caption: str) -> str:
    """Rows under a head, the first cell of each its heading."""
    first = "".join(f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in head)
    body = (
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in lines
    )
    told = f"<caption>{escape(caption)}</caption>"
    return f"<table>{told}<thead><tr>{first}</tr></thead><tbody>{''.join(body)}</tbody></table>"
