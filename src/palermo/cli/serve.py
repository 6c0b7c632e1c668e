"""`palermo serve`: granian in front of the node, on this machine alone unless told otherwise."""

import socket
import subprocess
import sys
from typing import Annotated

import typer

from palermo.errors import WrongState

app = typer.Typer(help="Serve the pages and the API.")

APPLICATION = "palermo.node.wsgi:application"
# Each thread holds a connection to the database with a cache of its own; more of them only wait for it.
THREADS = 16
# Seconds in which a process must end what it answers: a browser that keeps its connection could hold it up.
PATIENCE = 5
JOBS = [sys.executable, "-m", "palermo.cli", "node", "work"]


@app.command(epilog="Example: palermo serve --port 8080 --workers 4")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 is every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 2,
    jobs: Annotated[bool, typer.Option(help="Carry out background jobs beside them.")] = True,
) -> None:
    """Serve the pages and the API, and carry out background jobs, until it is interrupted.

    Put a server that ends TLS in front of it before anyone outside this machine can reach it.
    """
    insist_free(host, port)
    from palermo.cli.node_setup import ready

    ready()
    from granian.constants import Interfaces
    from granian.server import Server

    worker = subprocess.Popen(JOBS) if jobs else None  # noqa: S603  # our own command
    try:
        Server(
            APPLICATION,
            address=host,
            port=port,
            workers=workers,
            blocking_threads=THREADS,
            workers_kill_timeout=PATIENCE,
            interface=Interfaces.WSGI,
            websockets=False,
        ).serve()
    finally:
        if worker:
            worker.terminate()
            worker.wait()


def insist_free(host: str, port: int) -> None:
    """WrongState when nothing can listen there: the server itself would share a port with another node."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise WrongState(f"{host}, port {port}: {reason}. Choose another one: --port, --host") from error
