"""Whatever an estimate says, it says in every language with the same places, and never as a bare string."""

import ast
import re
from importlib.resources import files
from string import Formatter

import pytest

from palermo.errors import InvalidRecord
from palermo.prevention import saying
from palermo.prevention.fault import fault
from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import LANGUAGES, Saying, book, say

MODULES = sorted(
    (path for path in files("palermo.prevention").iterdir() if path.name.endswith(".py")),
    key=lambda path: path.name,
)
SPOKEN = {"warnings", "assumptions", "reasons", "doubts", "drawbacks"}


def places(text):
    return sorted((name, form, flag) for _, name, form, flag in Formatter().parse(text) if name is not None)


def calls(tree, *names):
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def bare(node):
    """The texts written out inside an expression, but for those of calls."""
    if isinstance(node, ast.Call):
        return []
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return [ast.unparse(node)]
    return [text for child in ast.iter_child_nodes(node) for text in bare(child)]


def named_for_words(node):
    return isinstance(node, ast.FunctionDef) and node.name.strip("_") in {*SPOKEN, "against"}


@pytest.mark.parametrize("rule", book(), ids=str)
def test_a_rule_has_all_languages_with_the_same_places(rule):
    texts = book()[rule]

    assert set(texts) == set(LANGUAGES)
    assert all(texts.values())
    assert len({tuple(places(texts[language])) for language in LANGUAGES}) == 1


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_what_is_said_in_a_module_has_a_rule_and_fills_its_places(module):
    for call in calls(ast.parse(module.read_text("utf-8")), "say", "fault"):
        rules = [call.args[0].value] if isinstance(call.args[0], ast.Constant) else []
        rules += [f"{rule}-remedy" for rule in rules if call.func.id == "fault"]
        given = {word.arg for word in call.keywords}
        for rule in rules:
            assert rule in book()
            assert None in given or {name for name, _, _ in places(book()[rule]["en"])} <= given


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_no_module_warns_or_refuses_with_a_bare_string(module):
    tree = ast.parse(module.read_text("utf-8"))
    told = [argument for call in calls(tree, "refused") for argument in call.args[2:]]
    told += [
        word.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg in SPOKEN
    ]
    told += [
        node.value
        for function in ast.walk(tree)
        if named_for_words(function)
        for node in ast.walk(function)
        if isinstance(node, ast.Yield | ast.Return) and node.value
    ]

    assert [text for node in told for text in bare(node)] == []


def test_no_rule_is_left_that_nothing_says():
    quoted = set(re.findall(r"[\"']([a-z-]+)[\"']", "".join(path.read_text("utf-8") for path in MODULES)))

    assert [rule for rule in book() if not {rule, rule.removesuffix("-remedy")} & quoted] == []


@pytest.mark.parametrize(
    "language, told",
    [
        ("en", "1,234 (1 to 2,000,000), 3 of 8 chains"),
        ("fr", "1\u202f234 (de 1 à 2\u202f000\u202f000), 3 chaînes sur 8"),
        ("ar", "1,234 (من 1 إلى 2,000,000)، 3 من 8 سلاسل"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language, told):
    mode = say("mode", median=1234.4, low=1, high=2e6, chains=3, all=8)

    assert mode.text(language) == told


def test_sayings_within_a_saying_are_told_in_its_language_and_apart():
    mode = say("mode", median=5.0, low=4.0, high=6.0, chains=1, all=2)
    split = say("chains-split", rhat=1.67, places=(mode, mode))

    assert "(R-hat 1.67), so they are not pooled: 5 (4 to 6), 1 of 2 chains; 5 (4" in str(split)
    assert "R-hat 1,67" in split.text("fr")
    assert "chaînes sur 2\u202f; 5 (de 4" in split.text("fr")


def test_a_name_keeps_its_direction_inside_arabic():
    assert "\u2068PF/NCA\u2069" in say("at-list", name="PF/NCA").text("ar")


def test_percentages_are_written_as_the_language_writes_them():
    shares = [saying.number(0.125, language, ".1%") for language in LANGUAGES]

    assert shares == ["12.5%", "12,5\u202f%", "12.5%"]


def test_sayings_are_equal_by_rule_and_values_and_can_be_kept_in_sets():
    assert say("at-list", name="A") == Saying("at-list", {"name": "A"})
    assert len({say("at-list", name="A"), say("at-list", name="A"), say("at-list", name="B")}) == 2


def test_a_fault_is_a_problem_in_english_and_french_and_a_saying_in_arabic():
    found = fault("many-lists", say("at-line", number=1), number=21, most=20)

    assert str(found) == str(found.said) == "line 1: There are 21 lists. Merge lists: 20 at most."
    assert (found.rule, found.wrong_fr) == ("many-lists", "Il y a 21 listes.")
    assert "السطر 1" in found.said.text("ar")


def test_a_table_that_is_none_says_so_in_french_too():
    with pytest.raises(InvalidRecord) as caught:
        Overlap(lists=("A",), counts=[0, 4])

    assert [problem.wrong_fr for problem in caught.value.problems] == ["Il n'y a qu'une liste."]
