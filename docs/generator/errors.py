"""The page of errors: the six kinds, and the narrower ones that parts of palermo have."""

import ast
from pathlib import Path

import palermo
from docs.generator.markdown import MADE, code, first_line, paragraph, table
from palermo import errors

SOURCE = Path(palermo.__file__).parent
PROMISE = (
    "Every error raised on purpose says what was given, where it stood and what would work. "
    "It never repeats a person's data."
)


def page() -> str:
    from palermo.node.problems import STATUS

    rows = [(code(kind.__name__), first_line(kind.__doc__), kind.exit_code, STATUS[kind]) for kind in kinds()]
    special = [(code(name), code(parent), text) for name, parent, text in narrower()]
    return "\n".join(
        [
            "# Errors\n",
            paragraph(MADE, PROMISE),
            table(("error", "when", "exit code", "HTTP status"), rows),
            paragraph("Some parts of palermo have narrower ones, which end the same way as their parent:"),
            table(("error", "is a", "when"), special),
        ]
    )


def kinds() -> list[type[errors.PalermoError]]:
    """PalermoError and its kinds, in the order of errors.py."""
    return [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.PalermoError)
    ]


def narrower() -> list[tuple[str, str, str]]:
    """Errors declared outside errors.py: name, parent and first line, found without importing them."""
    names = {kind.__name__ for kind in kinds()}
    declared = [node for path in SOURCE.rglob("*.py") if path.name != "errors.py" for node in _classes(path)]
    return sorted(
        (node.name, parent, first_line(ast.get_docstring(node)))
        for node in declared
        for parent in _bases(node)
        if parent in names
    )


def _classes(path: Path) -> list[ast.ClassDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def _bases(node: ast.ClassDef) -> list[str]:
    return [ast.unparse(base).rpartition(".")[2] for base in node.bases]
