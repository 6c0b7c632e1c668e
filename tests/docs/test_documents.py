"""The written documents: their links lead somewhere, and what they tell the reader to type exists."""

import re
from pathlib import Path

import pytest

from docs.generator import commands

ROOT = Path(__file__).resolve().parents[2]
FRONT = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
PAGES = [ROOT / name for name in FRONT] + sorted(
    path for path in (ROOT / "docs").rglob("*.md") if not {"_generated", "_build"} & set(path.parts)
)
DEPLOYMENT = sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file())
TYPED = re.compile(r"(?:^\s*|[`/])palermo((?: [a-z]+){1,2})(?=[\s`.,:;)]|$)", re.MULTILINE)


def name_of(path):
    return str(path.relative_to(ROOT))


def code_of(text):
    """What stands in fences and between backticks."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join([*fenced, *re.findall(r"`[^`\n]+`", text)])


def is_command(words, known):
    """Whether these words call a command; past a noun's verb, or a verb that stands alone, come arguments."""
    alone = not any(len(one) > 1 and one[0] == words[0] for one in known)
    return words in known or (alone and words[:1] in known)


@pytest.fixture(scope="module")
def known():
    return {words[1:] for words, _ in commands.walk()}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_to_a_file_leads_to_one(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))

    lost = [
        target for target in targets if not (page.parent / target).exists() and "_generated" not in target
    ]

    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_a_page_tells_you_to_type_exists(page, known):
    typed = [tuple(words.split()) for words in TYPED.findall(code_of(page.read_text(encoding="utf-8")))]

    assert [words for words in typed if not is_command(words, known)] == []


def test_every_command_that_a_deployment_file_runs_exists(known):
    runs = [
        tuple(words.split())
        for path in DEPLOYMENT
        for words in re.findall(r"bin/palermo((?: [a-z]+){1,2})", path.read_text(encoding="utf-8"))
    ]

    assert runs
    assert [words for words in runs if not is_command(words, known)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_that_a_page_names_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    named = set(
        re.findall(r"(?:^|`)(?:    )?make ([a-z][a-z-]*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert named <= targets


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("0*.md")), ids=name_of)
def test_every_decision_says_context_choice_and_cost(page):
    text = page.read_text(encoding="utf-8")

    assert [word for word in ("Context", "Choice", "Cost") if f"**{word}.**" not in text] == []
    assert text.startswith(f"# {int(page.name[:4])}. ")


def test_no_word_of_the_glossary_is_explained_twice_or_lacks_its_french():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    entries = [
        entry
        for block in re.findall(r"```\{glossary\}\n(.*?)```", text, re.DOTALL)
        for entry in block.split("\n\n")
    ]
    words = [entry.strip().splitlines()[0] for entry in entries]

    assert len(words) == len(set(words))
    assert [
        word for word, entry in zip(words, entries, strict=True) if not re.search(r"\*Fr\.\s", entry)
    ] == []
