"""Each command, setting, error, field, rule, vocabulary and role appears in the reference."""

import re
from pathlib import Path

import pytest

from docs import generator
from docs.generator import access, commands, errors, record
from docs.generator.markdown import table
from palermo.protection.access_matrix import Role, matrix
from palermo.standards import field, vocabulary

ROOT = Path(__file__).resolve().parents[2]


def settings_in(folder):
    """Every PALERMO_ variable that the source names."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py"))
    return {name for text in texts for name in re.findall(r"\bPALERMO_[A-Z_]+[A-Z]\b", text)}


def settings_described():
    text = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(PALERMO_[A-Z_]+)` \|", text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def tree():
    return list(commands.walk())


def test_every_command_has_a_section_with_its_help(tree):
    page = commands.page()

    for words, command in tree:
        assert f"# {' '.join(words)}\n\n```text\nUsage: {' '.join(words)} " in page
        assert command.help, words


def test_every_option_and_argument_of_a_command_says_what_it_is(tree):
    silent = [
        (" ".join(words), parameter.name)
        for words, command in tree
        for parameter in command.params
        if not parameter.help
    ]

    assert silent == []


def test_every_command_shows_an_example_of_itself(tree):
    leaves = [(words, command) for words, command in tree if not getattr(command, "commands", None)]

    without = [
        " ".join(words)
        for words, command in leaves
        if " ".join(words) not in commands.help_text(words, command).partition("Usage:")[2].partition("\n")[2]
    ]

    assert without == []


def test_every_setting_of_the_source_is_described_once():
    described = settings_described()

    assert set(described) == settings_in("src")
    assert len(described) == len(set(described))


def test_every_error_stands_on_its_page_with_its_exit_code():
    page = errors.page()

    for kind in errors.kinds():
        assert re.search(rf"^\| `{kind.__name__}` \| \S.* \| {kind.exit_code} \| \d+ \|$", page, re.MULTILINE)


def test_every_narrower_error_is_named_with_its_parent_and_says_when():
    found = errors.narrower()

    assert ("SettingRefused", "PalermoError") in {(name, parent) for name, parent, _ in found}
    assert all(text for _, _, text in found)


@pytest.mark.parametrize("entity", field.entities(), ids=lambda entity: entity.name)
def test_every_field_stands_in_the_section_of_its_entity(entity):
    section = record.entity_section(entity)

    for each in entity.fields:
        assert f"| `{each.path}` | **{each.label.en}** (*{each.label.fr}*)." in section


@pytest.mark.parametrize("name", vocabulary.names())
def test_every_code_stands_in_the_section_of_its_vocabulary(name):
    listed = vocabulary.vocabulary(name)

    section = record.vocabulary_section(listed)

    assert listed.publisher in section
    assert all(f"\n| `{code}` | " in section for code in listed.codes)


def test_every_vocabulary_that_a_field_uses_has_its_anchor():
    linked = set(re.findall(r"\(#(vocabulary-[\w-]+)\)", record.fields()))

    assert linked
    assert linked <= set(re.findall(r"^\((vocabulary-[\w-]+)\)=$", record.vocabularies(), re.MULTILINE))


def test_every_numbered_rule_is_on_its_page_in_both_languages():
    page = record.rules()

    assert {f"R{number:02}" for number in range(1, 17)} <= {rule.id for rule in record.declared_rules()}
    assert all(rule.wrong in page and rule.wrong_fr in page for rule in record.declared_rules())


@pytest.mark.parametrize("role", Role, ids=str)
def test_every_grant_of_a_role_is_a_line_of_its_table(role):
    grants = [grant for group in matrix().grants.values() for grant in group if grant.role == role]

    shown = access.role_table(role)

    assert all(f"| `{grant.action}` | `{grant.relation}` |" in shown for grant in grants)
    assert bool(grants) is shown.startswith("| may |")


def test_a_bar_or_a_line_break_does_not_break_a_table():
    assert table(("a",), [("x|y\nz",)]).splitlines()[-1] == "| x\\|y z |"


def test_a_page_that_did_not_change_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(generator, "PAGES", {"one": lambda: "# One\n"})

    generator.write(tmp_path)
    written = (tmp_path / "one.md").stat().st_mtime_ns
    generator.write(tmp_path)

    assert (tmp_path / "one.md").stat().st_mtime_ns == written
