"""What help a passage asks for, by the words of framework/support_words.toml."""

from palermo.appraisal import words
from palermo.appraisal.statement.claim import Support
from palermo.appraisal.statement.document import MATCHED
from palermo.appraisal.statement.kind import pattern


def asked(text: str, language: str) -> tuple[Support, ...]:
    """Each kind of help asked for; nothing where the passage does not ask."""
    table = words.table("support_words.toml")
    if language not in MATCHED or not pattern(table["asking"][language]).search(text):
        return ()
    return tuple(one for one in Support if pattern(table[one.value][language]).search(text))
