"""The page of the rules by which statements are read: kinds, actors, treaties, plans, support, matching."""

from collections.abc import Iterable
from itertools import groupby

from docs.generator.markdown import MADE, code, paragraph, table
from palermo.appraisal import provision, words
from palermo.appraisal.statement import kind, term

LANGUAGES = {"en": "English", "fr": "French"}
FIRST = (
    "How the machine reads a statement before people do. What it says is a proposal (grade F) and "
    "counts for nothing until two people have confirmed it. [How passages are "
    "matched](../../explanation/matching.md) tells why, and how often it is right."
)
KINDS = (
    "Of the rules of its language that match, the one that matches first in a passage decides, and of"
    " two at one place the one that stands first here. A direct quotation of six words or more is "
    "read before what stands around it. Where no rule matches, or nobody is named to have acted, the "
    "passage is described. A clause of a semicolon list without a doer of its own goes on with the "
    "doer and the kind of the clause before it."
)
ACTORS = (
    "The doer is the last one named before the verb that decided the kind. The name of the State that"
    " speaks, its adjective, and the words below stand for the speaker: the State where one speaks, "
    'else the United Nations. With a verb that urges, "we" is everyone. An act in the passive without'
    " a doer, in the statement of a State, is that State's."
)
TREATIES = (
    "The longest name wins where several fit at one place. A State is said to be a party where it "
    "acts, the kind is done, and words of joining stand before the name with none that unsay them."
)


def page() -> str:
    return "\n".join(
        [
            "# Rules for statements\n",
            paragraph(MADE, FIRST),
            "## Kinds\n",
            paragraph(KINDS),
            *_kinds(),
            "## Actors\n",
            paragraph(ACTORS),
            _patterns("claim_actors.toml", "who"),
            "## Treaties\n",
            paragraph(TREATIES),
            _treaties(),
            "## Support asked for\n",
            paragraph("A passage asks where a word of `asking` stands in it."),
            _patterns("support_words.toml", "what"),
            "## Matching\n",
            paragraph("Cut before comparing, since every text on the subject holds them:"),
            table(("language", "words"), _topic()),
            paragraph("What competes with the provisions, a phrase of each:"),
            table(("matter", *LANGUAGES.values()), _none()),
            paragraph("Key terms beside the text of each provision:"),
            table(("provision", *LANGUAGES.values()), _terms()),
        ]
    )


def _kinds() -> Iterable[str]:
    for language, rules in groupby(kind.rules(), key=lambda one: one.language):
        rows = [(one.id, one.kind, one.example) for one in rules]
        yield table((f"rule, {LANGUAGES[language]}", "kind", "example"), rows)


def _patterns(name: str, head: str) -> str:
    rows = [
        (who, *(code(_readable(texts[language])) for language in LANGUAGES))
        for who, texts in words.table(name).items()
    ]
    return table((head, *LANGUAGES.values()), rows)


def _readable(pattern: str) -> str:
    return pattern.replace("APOS", "’").replace("\\b", "").replace("(?:", "(")


def _treaties() -> str:
    names = words.table("treaty_names.toml")["names"]
    rows = [
        (provision.instruments()[id_].short.en, *("; ".join(listed[language]) for language in LANGUAGES))
        for id_, listed in names.items()
    ]
    return table(("treaty", *LANGUAGES.values()), rows)


def _topic() -> Iterable[tuple[str, str]]:
    listed = words.table("matching.toml")["topic_words"]
    return [
        (name, ", ".join(code(_readable(one)) for one in listed[language]))
        for language, name in LANGUAGES.items()
    ]


def _none() -> Iterable[tuple[str, ...]]:
    table_ = words.table("no_provision.toml")
    return [
        (name.replace("_", " "), *(texts[language][0] for language in LANGUAGES))
        for name, texts in table_.items()
    ]


def _terms() -> Iterable[tuple[str, ...]]:
    both = zip(*(term.subjects(language) for language in LANGUAGES), strict=True)
    return [
        (english.id, "; ".join(english.phrases[1:]), "; ".join(french.phrases[1:]))
        for english, french in both
        if english.provision
    ]
