"""The program that the documents give to other systems, taken from the page and run as it stands there."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from palermo.standards import specimen
from tests.journeys import node as nodes

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "send-cases-by-api.md"
COUNT = "import json\nfrom palermo.node.models import Case\nprint(json.dumps(Case.objects.count()))"


@pytest.fixture
def program(tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "send_cases.py").write_text(code, "utf-8")
    return tmp_path / "send_cases.py"


def test_the_example_sends_a_file_once_however_often_it_is_run(tmp_path, program):
    node = nodes.prepared(tmp_path)
    (tmp_path / "token").write_text(nodes.token_of(node) + "\n", "ascii")
    documents = [one.document for one in specimen.specimens(12)]
    lines = [json.dumps(document) + "\n" for document in [*documents, {"schema_version": "7"}]]
    (tmp_path / "cases.jsonl").write_text("".join(lines), "utf-8")

    with node.serving("--no-jobs") as server:
        command = [sys.executable, str(program), server.address, "token", "cases.jsonl"]
        ended = [
            subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
            for _ in range(2)
        ]

    assert [one.returncode for one in ended] == [1, 1], ended[0].stderr
    assert ended[0].stdout == ended[1].stdout
    assert ended[0].stdout.startswith("line 13: ")
    assert ended[0].stdout.endswith("12 stored, 1 refused\n")
    assert node.python(COUNT) == 12


def test_the_example_is_short_and_uses_the_standard_library_alone(program):
    code = program.read_text("utf-8")
    modules = {found.split(".")[0] for found in re.findall(r"^(?:import|from) ([\w.]+)", code, re.MULTILINE)}

    assert modules <= sys.stdlib_module_names
    assert len(code.splitlines()) <= 65
