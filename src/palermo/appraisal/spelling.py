"""How the names of States are compared: accents, capitals, dots, apostrophes and "the" make no difference."""

import re
import unicodedata

MARKS = re.compile(r"[^a-z0-9]+")
ARTICLE = re.compile(r"\(?\bthe\b\)?|\(l[ea]s?\)")
APOSTROPHE = re.compile(r"['’`ʼ]")
SAINT = re.compile(r"\bst\b")
SECOND_HALF = re.compile(r"(?P<first>[^,(]+?)\s*(?:,\s*|\()(?P<second>[^,()]+)\)?\s*")


def folded(name: str) -> str:
    """A name as it is compared: "Bahamas (The)" and "bahamas" are the same, "St. Lucia" is "saint lucia"."""
    bare = APOSTROPHE.sub("", name.casefold()).replace("&", " and ")
    plain = "".join(one for one in unicodedata.normalize("NFKD", bare) if one.isascii())
    return SAINT.sub("saint", MARKS.sub(" ", ARTICLE.sub(" ", plain))).strip()


def spellings(name: str) -> tuple[str, ...]:
    """Every way a table may write a name: "Iran (Islamic Republic of)" is also "Islamic Republic of Iran".

    The short first half stands last, for a table of names uses it only where no State bears it already.
    """
    halves = SECOND_HALF.fullmatch(name)
    if halves is None:
        return (folded(name),)
    first, second = halves["first"], halves["second"]
    joined = f"{second}{'' if APOSTROPHE.search(second[-1]) else ' '}{first}"
    return (folded(name), folded(joined), folded(first))
