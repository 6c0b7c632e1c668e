"""The pages of the case record: fields, vocabularies, rules."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from docs.generator.markdown import MADE, code, paragraph, table
from palermo import standards
from palermo.standards import field, vocabulary
from palermo.standards.fault import faults
from palermo.standards.rule import Rule

TIERS = {"T1": "statistics", "T2": "the work of the case", "T3": "identity", "T4": "safety of life"}
GATES = {
    "L": "a legal duty or vital interest",
    "S": "consent to services",
    "R": "consent to share with the named recipient",
    "X": "consent to statistics and research",
}


def fields() -> str:
    tiers = "; ".join(f"{tier} {meaning}" for tier, meaning in TIERS.items())
    gates = "; ".join(f"{gate} {meaning}" for gate, meaning in GATES.items())
    opening = [
        "# Fields of a case record\n",
        paragraph(MADE, f"Record schema {field.schema_version()}.", f"Tiers: {tiers}."),
        paragraph(f"A gate is what must be on file before a field may be held: {gates}."),
    ]
    return "\n".join([*opening, *map(entity_section, field.entities())])


def entity_section(entity: field.Entity) -> str:
    holds = "A list." if entity.many else "One."
    head = ("field", "what it is", "form", "tier, gate")
    body = table(head, [_field_row(each) for each in entity.fields])
    return f"## {entity.label.en} (`{entity.name}`)\n\n{holds} In French: {entity.label.fr}.\n\n{body}"


def _field_row(each: field.Field) -> tuple[str, ...]:
    form = str(each.type)
    if each.vocabulary:
        form += f" of [{each.vocabulary}](#{anchor(each.vocabulary)})"
    about = f"**{each.label.en}** (*{each.label.fr}*). {each.about.en}"
    if each.htcds:
        about += f" HTCDS: {', '.join(map(code, each.htcds))}."
    return code(each.path), about, form, f"{each.tier}, {each.gate}"


def vocabularies() -> str:
    about = (
        "A code is never edited, only closed. A committee can change a list without us: each is a CSV file."
    )
    listed = [vocabulary_section(vocabulary.vocabulary(name)) for name in vocabulary.names()]
    return "\n".join(["# Vocabularies\n", paragraph(MADE, about), *listed])


def vocabulary_section(listed: vocabulary.Vocabulary) -> str:
    facts = f"{listed.publisher}, {listed.edition}, {listed.dated}. Licence: {listed.licence}."
    head = ("code", "label", "en français", "definition", "broader", "closed on")
    body = table(head, [_term_row(term) for term in listed.terms.values()])
    return f"({anchor(listed.name)})=\n## {listed.title.en} (`{listed.name}`)\n\n{facts}\n\n{body}"


def _term_row(term: vocabulary.Term) -> tuple[object, ...]:
    broader = code(term.broader)
    return code(term.code), term.label.en, term.label.fr, term.definition, broader, term.closed_on or ""


def anchor(name: str) -> str:
    """Where a vocabulary stands on its page."""
    return "vocabulary-" + name.replace("_", "-")


def rules() -> str:
    about = (
        "All faults of a record are reported together, by field path and never with what a person wrote.",
        "Words in braces are filled with codes, numbers or names of fields.",
    )
    return "\n".join(
        [
            "# Rules\n",
            paragraph(MADE, *about),
            "## Of a record\n",
            table(("rule", "weight", "says", "en français"), [_rule_row(each) for each in declared_rules()]),
            "## Of a file\n",
            table(("fault", "says", "en français"), [_fault_row(*each) for each in sorted(faults().items())]),
        ]
    )


def _rule_row(each: Rule) -> tuple[str, ...]:
    return code(each.id), each.severity, f"{each.wrong} {each.remedy}", f"{each.wrong_fr} {each.remedy_fr}"


def _fault_row(name: str, text: Mapping[str, str]) -> tuple[str, ...]:
    return code(name), f"{text['wrong']} {text['remedy']}", f"{text['wrong_fr']} {text['remedy_fr']}"


def declared_rules() -> list[Rule]:
    """Every rule that a module of standards declares, by its id."""
    modules = [import_module(each.name) for each in iter_modules(standards.__path__, "palermo.standards.")]
    found = {rule.id: rule for module in modules for rule in _rules(vars(module).values())}
    return [found[name] for name in sorted(found)]


def _rules(values: Iterable[Any]) -> Iterator[Rule]:
    for value in values:
        if isinstance(value, Rule):
            yield value
        elif isinstance(value, tuple | list | Mapping):
            held = value.values() if isinstance(value, Mapping) else value
            yield from (each for each in held if isinstance(each, Rule))
