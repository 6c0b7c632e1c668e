"""The house's own rules, checked on every tracked file."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-spark.lock", "requirements-node.lock")
ROOMS = (
    "standards",
    "prevention",
    "protection",
    "prosecution",
    "partnership",
    "appraisal",
    "node",
    "cli",
)
MOST_BYTES = 1_000_000
KINDS = "added|changed|fixed|security"
NAMED_BY_DJANGO = {"sqlcipher/base.py"}  # a database backend's module has no other name
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "handler"}

# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("py" + "pi", "org"),
        ("python" + "hosted", "org"),
        ("npm" + "js", "org"),
        ("npm" + "js", "com"),
        ("yarn" + "pkg", "com"),
        ("deb", "deb" + "ian", "org"),
        ("security", "deb" + "ian", "org"),
        ("crates", "io"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("conda", "ana" + "conda", "org"),
    )
]
FOLDERS_OF_A_MACHINE = re.compile(
    rb"(?<![\w.}])/(?:wo" + rb"rk|ro" + rb"ot|home/\w+|Users/\w+|t" + rb"mp)/\w"
)


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of tracked files")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def entries(lock):
    """Package name to the text of its entry, for each requirement of a lock file."""
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip())
    return [(re.match(r"[\w.-]+", block).group().lower(), block) for block in blocks]


def names_of(requirements):
    return {re.match(r"[\w.-]+", text).group().lower() for text in requirements if isinstance(text, str)}


def test_no_tracked_file_names_a_package_registry():
    pattern = re.compile("|".join(re.escape(host) for host in REGISTRIES).encode())

    assert [path.name for path in tracked() if pattern.search(path.read_bytes())] == []


def test_the_registry_pattern_finds_what_it_looks_for():
    assert all(host.count(".") >= 1 for host in REGISTRIES)
    assert any(host.startswith("py" + "pi") for host in REGISTRIES)


def test_no_tracked_file_holds_a_path_of_somebodys_machine():
    faults = {
        str(path.relative_to(ROOT)): found.group().decode()
        for path in tracked()
        if (found := FOLDERS_OF_A_MACHINE.search(path.read_bytes()))
    }

    assert faults == {}


@pytest.mark.parametrize(
    "text, found",
    [
        (b"cd /wo" + b"rk/main", True),
        (b"/home/" + b"ada/x", True),
        (b"/t" + b"mp/x", True),
        (b"https://example.org/home/page", False),
        (b"tmpfs: /t" + b"mp", False),
        (b"src/wo" + b"rk/main", False),
    ],
)
def test_the_folder_pattern_knows_a_machines_folder_from_an_address(text, found):
    assert bool(FOLDERS_OF_A_MACHINE.search(text)) is found


def test_no_tracked_file_is_over_a_megabyte():
    assert [path.name for path in tracked() if path.stat().st_size > MOST_BYTES] == []


def test_nothing_that_is_built_is_tracked():
    built = {".mo", ".whl", ".pyc", ".woff", ".woff2", ".sqlite3", ".zip", ".gz"}

    assert [path.name for path in tracked() if path.suffix in built or path.name == "uv.lock"] == []


def docstring(path):
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_of_the_house_says_what_it_is(room):
    assert docstring(ROOT / "src" / "palermo" / room / "__init__.py")


def test_every_module_that_holds_something_says_what_it_is():
    modules = [path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts]

    silent = [path for path in modules if path.stat().st_size and not docstring(path)]

    assert modules
    assert silent == []


def test_no_module_has_a_name_that_means_nothing():
    nameless = {path for path in (ROOT / "src").rglob("*.py") if path.stem in NAMELESS}

    assert {f"{path.parent.name}/{path.name}" for path in nameless} <= NAMED_BY_DJANGO


def test_no_source_file_says_that_it_is_unfinished():
    unfinished = re.compile(r"\bTO" + r"DO\b|\bFIX" + r"ME\b|NotImplemented" + r"Error")

    sources = [
        path for path in (ROOT / "src").rglob("*.py") if unfinished.search(path.read_text(encoding="utf-8"))
    ]

    assert sources == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_of_a_lock_file_is_pinned_and_hashed(lock):
    for name, block in entries(lock):
        assert "==" in block.splitlines()[0], name
        assert "--hash=sha256:" in block, name


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_no_address_and_no_comment(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert "://" not in text
    assert "#" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def test_what_the_project_asks_for_is_in_the_lock_files():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]

    core = names_of(project["project"]["dependencies"]) | names_of(groups["build"])
    development = core.union(*(names_of(groups[name]) for name in ("test", "check", "docs", "bench")))

    assert core <= {name for name, _ in entries("requirements.lock")}
    assert development <= {name for name, _ in entries("requirements-dev.lock")}


def test_tests_run_on_the_versions_that_a_node_runs_on():
    run, development = (
        {block.split()[0] for _, block in entries(lock)}
        for lock in ("requirements.lock", "requirements-dev.lock")
    )

    assert run - development == set()


def test_the_front_end_lock_is_hashed_and_holds_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    for name, package in packages.items():
        assert not name or package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_every_change_fragment_is_named_and_written_for_its_reader():
    fragments = [path for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]

    for fragment in fragments:
        text = fragment.read_text(encoding="utf-8")
        assert re.fullmatch(rf"(\d+|\+[a-z0-9-]+)\.({KINDS})(\.\d+)?\.md", fragment.name), fragment.name
        assert re.fullmatch(r"[A-Z`].*[.`]\n", text, flags=re.DOTALL), fragment.name


def test_every_script_of_the_ci_folder_runs_and_parses():
    scripts = [path for path in (ROOT / ".ci").iterdir() if path.is_file()]

    for script in scripts:
        assert script.stat().st_mode & 0o100, script.name
        assert subprocess.run(["bash", "-n", script], check=False).returncode == 0, script.name


def test_make_alone_lists_every_target():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = {
        name for line in re.findall(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE) for name in line.split()
    }

    shown = subprocess.run(["make", "-s", "-C", ROOT], capture_output=True, text=True, check=True).stdout

    assert set(re.findall(r"^  make (\S+)", shown, flags=re.MULTILINE)) == phony - {"run-ready", "dev-ready"}
