"""Every benchmark, one process each: python -m benchmarks [NAME ...]"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NOT_ONE = {"__init__", "__main__", "measure"}


def main() -> int:
    known = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_ONE)
    asked = sys.argv[1:] or known
    if unknown := sorted(set(asked) - set(known)):
        print(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    failed = []
    for name in asked:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
