"""The page of the access matrix: what each role may do, with which part, why and on what condition."""

from docs.generator.markdown import MADE, code, paragraph, table
from palermo.protection.access_matrix import Grant, Role, matrix

CONDITIONS = (
    "What is not in it is refused. A condition of *consent* asks for a live consent that names the reader, "
    "or a logged emergency opening; *second person* asks for another's approval."
)


def page() -> str:
    read = matrix()
    purposes = [(code(name), meaning) for name, meaning in read.purposes.items()]
    never = ", ".join(code(name) for name in sorted(read.never))
    opening = [
        "# Who may do what\n",
        paragraph(MADE, f"Edition {read.edition}.", CONDITIONS),
        table(("purpose", "means"), purposes),
        paragraph(f"No role, consent or emergency opens anything for: {never}."),
    ]
    return "\n".join([*opening, *map(role_section, Role)])


def role_section(role: Role) -> str:
    title = role.value.replace("_", " ").capitalize()
    return f"## {title} (`{role.value}`)\n\n{role_table(role.value)}"


def role_table(role: str) -> str:
    """The grants of one role, a line for each action and relation."""
    tiers: dict[tuple[str, ...], list[str]] = {}
    for grant in (each for group in matrix().grants.values() for each in group if each.role == role):
        tiers.setdefault(_line(grant), []).append(grant.tier or "")
    if not tiers:
        return "Nothing: this role opens no case.\n"
    rows = [
        (code(action), code(relation), ", ".join(sorted(of)), purposes, conditions)
        for (action, relation, purposes, conditions), of in sorted(tiers.items())
    ]
    return table(("may", "where the case is to them", "tiers", "for", "on condition of"), rows)


def _line(grant: Grant) -> tuple[str, ...]:
    asked = (("consent", grant.consent), ("second person", grant.second))
    conditions = ", ".join(word for word, holds in asked if holds)
    return grant.action, grant.relation, ", ".join(sorted(grant.purposes)), conditions
