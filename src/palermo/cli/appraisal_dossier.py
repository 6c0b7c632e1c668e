"""What a command knows of States beside the tables: what the node of this machine keeps of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from palermo.appraisal.dossier import Dossier


def dossiers(codes: Iterable[str], *, tables_only: bool = False) -> "dict[str, Dossier]":
    """Statements, plans and judgements of each State, in this order; empty where no node is ready here."""
    from palermo.appraisal.dossier import EMPTY

    if tables_only:
        return dict.fromkeys(codes, EMPTY)
    from palermo.cli.node_setup import here, umask_kept

    with umask_kept():
        if not here():
            typer.echo("No node is ready here: only the tables are read.", err=True)
            return dict.fromkeys(codes, EMPTY)
        from palermo.node import appraised

        return {code: appraised.dossier(code) for code in codes}
