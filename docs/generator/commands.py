"""The page of commands: what `--help` says of each, and the exit codes."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from docs.generator.errors import kinds
from docs.generator.markdown import MADE, code, paragraph, table

WIDTH = 96


def page() -> str:
    parts = ["# Commands\n", paragraph(MADE, "`palermo COMMAND --help` prints the same.")]
    for words, command in walk():
        level = "#" * min(len(words), 4)
        parts.append(f"{level} {' '.join(words)}\n\n```text\n{help_text(words, command)}\n```\n")
    return "\n".join([*parts, "## Exit codes\n", exit_codes()])


def walk() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group of commands with the words that call it."""
    from palermo.cli import main

    for name in main.COMMANDS:
        yield from _walk(("palermo", name), main.loaded(name))


def _walk(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield words, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _walk((*words, name), below)


def help_text(words: Sequence[str], command: Any) -> str:
    context = command.context_class(
        command, info_name=" ".join(words), terminal_width=WIDTH, max_content_width=WIDTH
    )
    return str(command.get_help(context)).strip()


def exit_codes() -> str:
    by_code = groupby(sorted(kinds(), key=_exit_code), key=_exit_code)
    refused = [(number, ", ".join(code(kind.__name__) for kind in group)) for number, group in by_code]
    rows = [
        (0, "done"),
        (1, "done in part: some rows were quarantined, or a check found something missing"),
        *refused,
        (130, "interrupted"),
    ]
    return table(("exit code", "means"), rows)


def _exit_code(kind: Any) -> int:
    return int(kind.exit_code)
