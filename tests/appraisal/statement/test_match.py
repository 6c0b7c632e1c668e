"""Matching: its parts beside slow twins, its order and bounds, and what it does without the model."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal import provision
from palermo.appraisal.statement import bm25, embedding, keep, match, term, topic
from palermo.appraisal.statement.letters import letters, runs
from palermo.errors import Unreachable

stem = some.sampled_from(["law", "court", "police", "child", "fund"])
text = some.lists(stem, max_size=8)
texts = some.lists(some.lists(stem, min_size=1, max_size=8), min_size=1, max_size=5)


def slow_bm25(listed, query, *, k1, b):
    """The formula as it stands in the paper."""
    mean = sum(map(len, listed)) / len(listed)
    scores = []
    for one in listed:
        score = 0.0
        for word in set(query):
            holding = len([other for other in listed if word in other])
            if not holding:
                continue
            idf = math.log(1 + (len(listed) - holding + 0.5) / (holding + 0.5))
            often = one.count(word)
            score += idf * often * (k1 + 1) / (often + k1 * (1 - b + b * len(one) / mean))
        scores.append(score)
    return scores


@given(texts, text, some.floats(0.5, 2), some.floats(0, 1))
def test_bm25_is_the_formula(listed, query, k1, b):
    index = bm25.index(listed, k1=k1, b=b)

    assert index.scores(query) == pytest.approx(slow_bm25(listed, query, k1=k1, b=b))
    assert all(score <= index.best(query) + 1e-9 for score in index.scores(query))


def slow_cosine(listed, query):
    """Weights of every run in one table, a column for each text."""
    counted = [Counter(runs(one)) for one in listed]
    holding = {run: sum(run in one for one in counted) for one in counted for run in one}
    asked = Counter(runs(query))
    every = sorted({*holding, *asked})

    def column(counts, unknown):
        idf = [math.log(len(listed) / holding[run]) if run in holding else unknown for run in every]
        raw = np.array([(1 + math.log(counts[run])) * weight if counts[run] else 0.0
                        for run, weight in zip(every, idf, strict=True)])  # fmt: skip
        return raw / (np.linalg.norm(raw) or 1.0)

    return [float(column(one, 0.0) @ column(asked, math.log(len(listed)))) for one in counted]


@given(texts, text)
def test_likeness_by_letters_is_the_cosine(listed, query):
    found = letters(listed).likeness(query)

    assert found == pytest.approx(slow_cosine(listed, query), abs=1e-9)
    assert all(-1e-9 <= one <= 1 + 1e-9 for one in found)


@pytest.mark.parametrize(
    "given_, language, left",
    [
        ("We combat human trafficking with new laws", "en", "We with new laws"),
        ("Human trafficking", "en", "Human trafficking"),
        ("La lutte contre la traite des êtres humains exige des lois", "fr", "La exige des lois"),
    ],
)
def test_the_words_of_the_subject_are_cut_unless_nothing_else_is_left(given_, language, left):
    assert topic.cut(given_, language) == left


def test_stems_leave_out_the_subject_and_what_says_nothing():
    assert topic.stems("The trafficking of children and the courts", "en") == ["children", "court"]
    assert topic.stems("la traite des enfants et les tribunaux", "fr") == ["enfant", "tribunal"]


def test_every_provision_of_the_plan_has_key_terms_in_both_languages_and_no_other_has():
    plan = [one.id for one in provision.plan()]

    for language in ("en", "fr"):
        listed = term.subjects(language)
        assert [one.id for one in listed if one.provision] == plan
        assert all(len(one.phrases) >= match.NEAREST for one in listed)
        assert any(not one.provision for one in listed)


@pytest.fixture(params=[True, False], ids=["with the model", "BM25 alone"])
def chosen(request):
    if request.param and embedding.missing():
        pytest.skip(f"the extra text is absent: {', '.join(embedding.missing())}")
    return match.matcher(embed=request.param)


@pytest.mark.parametrize(
    "text, language, wanted",
    [
        ("Birth registration now reaches every village.", "en", "GPA-P09"),
        ("We signed extradition treaties with four neighbours.", "en", "GPA-N03"),
        ("The assets of three traffickers were frozen and confiscated.", "en", "GPA-J06"),
        ("L’enregistrement des naissances couvre chaque village.", "fr", "GPA-P09"),
        ("Nous avons conclu des accords d’extradition avec quatre voisins.", "fr", "GPA-N03"),
        ("Les avoirs de trois trafiquants ont été gelés et confisqués.", "fr", "GPA-J06"),
    ],
)
def test_a_plain_sentence_is_matched_with_its_provision(chosen, text, language, wanted):
    found, chance = chosen.proposals(text, language)

    assert found[0].provision == wanted
    assert found[0].why
    assert chance > 0.5


@pytest.mark.parametrize(
    "text, language",
    [
        ("The two presidents spoke of nuclear disarmament and of the missile tests.", "en"),
        ("Thank you, Madam President.", "en"),
        ("Les deux présidents ont parlé du désarmement nucléaire et des essais de missiles.", "fr"),
    ],
)
def test_what_is_off_the_subject_is_unlikely_to_match(chosen, text, language):
    assert chosen.proposals(text, language)[1] < 0.5


@given(some.text(max_size=60), some.sampled_from(["en", "fr"]))
def test_any_text_has_five_proposals_best_first_and_bounded(text, language):
    found, chance = match.matcher(embed=False).proposals(text, language)

    assert len(found) == match.PROPOSED == len({one.provision for one in found})
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 <= one.score <= 1 for one in found)
    assert 0 <= chance <= 1


def test_a_third_language_is_proposed_nothing(chosen):
    assert chosen.proposals("Мы приняли закон", "ru") == ((), 0.0)


def test_reasons_are_words_of_the_passage(chosen):
    text = "Judges and consuls were trained."

    for one in chosen.proposals(text, "en")[0]:
        assert all(why in text.lower() for why in one.why if not why.startswith("≈"))


def test_without_the_model_bm25_works_alone_and_says_so(monkeypatch):
    monkeypatch.setattr(embedding, "missing", lambda: ("onnxruntime",))

    alone = match.matcher()

    assert alone.name == "BM25 alone"
    assert "palermo[text]" in alone.why_alone
    assert alone.proposals("We opened a shelter.", "en")[0]
    with pytest.raises(Unreachable, match="onnxruntime"):
        embedding.files()


def test_a_package_without_its_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(embedding, "missing", lambda: ())
    monkeypatch.setattr(embedding, "_inside", lambda package, name: tmp_path / name)

    with pytest.raises(Unreachable, match=r"model\.onnx"):
        embedding.files()


def test_the_same_text_has_the_same_vector_of_length_one():
    if embedding.missing():
        pytest.skip(f"the extra text is absent: {', '.join(embedding.missing())}")
    embed = embedding.embedder()

    once, again = embed("We opened a shelter."), embed("We opened a shelter.")

    assert np.array_equal(once, again)
    assert np.linalg.norm(once) == pytest.approx(1, abs=1e-5)


def test_the_tokens_of_a_plain_text_give_it_back():
    if embedding.missing():
        pytest.skip(f"the extra text is absent: {', '.join(embedding.missing())}")
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(embedding.files().tokenizer))
    text = "the government opened two shelters for victims of forced labour"

    assert tokenizer.decode(tokenizer.encode(text).ids) == text


def test_vectors_are_embedded_once_and_read_from_the_folder_after(tmp_path):
    asked = []

    def embed(text):
        asked.append(text)
        return np.array([len(text), 1.0], dtype=np.float32)

    first = keep.vectors(["a", "bc"], embed, model="m", folder=tmp_path)
    second = keep.vectors(["a", "bc"], embed, model="m", folder=tmp_path)

    assert asked == ["a", "bc"]
    assert np.array_equal(first, second)
    keep.vectors(["a", "bc"], embed, model="another", folder=tmp_path)
    assert len(asked) == 4


def test_a_torn_file_is_made_anew_and_a_folder_that_cannot_be_written_is_done_without(tmp_path):
    def embed(text):
        return np.array([1.0], dtype=np.float32)

    keep.vectors(["a"], embed, model="m", folder=tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"torn")
    (tmp_path / "file").write_text("no folder")

    assert keep.vectors(["a"], embed, model="m", folder=tmp_path).shape == (1, 1)
    assert keep.vectors(["a"], embed, model="m", folder=tmp_path / "file").shape == (1, 1)


def test_the_cache_stands_where_the_person_wants_it(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert keep.cache_folder() == tmp_path / "palermo"
