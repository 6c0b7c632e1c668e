"""What every benchmark of the node shares: a node of its own, rounds, the machine's load, the result file."""

import json
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@contextmanager
def node() -> Iterator[Path]:
    """An empty node on SQLite in a folder of its own, with Django ready."""
    with tempfile.TemporaryDirectory(prefix="palermo-bench-") as home:
        os.environ |= {
            "PALERMO_HOME": home,
            "PALERMO_DATABASE_URL": f"sqlite:///{home}/node.sqlite3",
            "PALERMO_KEYRING": f"{home}/keyring.json",
            "DJANGO_SETTINGS_MODULE": "palermo.node.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield Path(home)


def seconds(work: Callable[[], Any], *, rounds: int = 5) -> dict[str, float]:
    """The median of wall and of processor seconds over some rounds."""
    taken = []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - wall, time.process_time() - cpu))
    walls, cpus = zip(*taken, strict=True)
    return {"wall_s": statistics.median(walls), "cpu_s": statistics.median(cpus), "rounds": rounds}


def paired(ours: Callable[[], Any], peer: Callable[[], Any], *, rounds: int) -> dict[str, Any]:
    """Ours and the peer by turns: the median of each, and the median ratio of processor seconds."""
    turns = [(seconds(ours, rounds=1), seconds(peer, rounds=1)) for _ in range(rounds)]
    medians = [
        {clock: statistics.median(turn[side][clock] for turn in turns) for clock in ("wall_s", "cpu_s")}
        for side in (0, 1)
    ]
    ratio = statistics.median(one["cpu_s"] / other["cpu_s"] for one, other in turns)
    return {"ours": medians[0], "peer": medians[1], "ratio": ratio, "rounds": rounds}


def told(name: str, found: dict[str, Any]) -> None:
    """Print what was found with the machine and its load, and keep it as `results/NAME.json`."""
    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load": [round(one, 2) for one in os.getloadavg()],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    for key, value in (found | machine).items():
        print(f"  {key}: {_plain(value)}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(found | machine, indent=1) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.3g}" if value < 100 else f"{value:,.0f}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(held)}" for key, held in value.items())
    return value
