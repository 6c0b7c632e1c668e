"""Verifying a pack: a whole one passes, and each way of changing it is named."""

import json
import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from palermo.errors import InvalidRecord, Unreachable
from palermo.prevention.release import card as cards
from palermo.prevention.release import pack, signature
from palermo.prevention.release.verify import verify
from tests.prevention.release import packs

KEY = signature.from_bytes(bytes(range(32)))


def written(folder, *, key=None, people=400, with_rows=True, least=5, **changed):
    """A pack in a folder; `changed` is what its card says otherwise."""
    rows = packs.rows(people)
    counts = packs.figures(rows, least=least)
    card = packs.card(rows if with_rows else None, counts, **changed)
    cells = list(zip(*rows, strict=True)) if with_rows else None
    pack.write(pack.files(card, counts, cells, signed=key is not None), folder, key=key)
    return folder


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    return written(tmp_path_factory.mktemp("packs") / "signed", key=KEY)


@pytest.fixture
def copied(signed, tmp_path):
    return shutil.copytree(signed, tmp_path / "copied")


def rules(folder, **asked):
    return [problem.rule for problem in verify(folder, **asked).faults]


def resigned(folder, *, key=KEY):
    """The pack as a publisher would have signed what now lies in the folder."""
    content = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != signature.NAME}
    (folder / signature.NAME).write_bytes(signature.manifest(content, key=key))
    return folder


def recarded(folder, **changed):
    """The pack with another card, its files hashed and signed anew."""
    document = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    (folder / "card.json").write_text(json.dumps(document | changed), encoding="utf-8")
    return resigned(folder)


def test_a_signed_pack_is_sound_to_who_knows_the_key(signed):
    verdict = verify(signed, public_key=KEY.public)

    assert (verdict.sound, verdict.notes) == (True, [])
    assert verdict.card["unit"] == "person"


def test_a_signature_by_an_untold_key_is_noted(signed):
    verdict = verify(signed)

    assert verdict.sound
    assert [note.rule for note in verdict.notes] == ["key-untold"]


def test_a_pack_that_is_not_signed_is_sound_and_noted(tmp_path):
    verdict = verify(written(tmp_path / "plain"))

    assert verdict.sound
    assert [note.rule for note in verdict.notes] == ["not-signed"]
    assert rules(tmp_path / "plain", public_key=KEY.public) == ["not-signed"]


def test_a_pack_of_counts_alone_is_sound(tmp_path):
    folder = written(tmp_path / "counts", with_rows=False)

    assert not (folder / "rows.csv").exists()
    assert verify(folder).sound


@pytest.mark.parametrize(
    "name", sorted(["card.json", "counts.csv", "rows.csv", "dashboard.html", "README.txt"])
)
def test_a_changed_byte_is_named(copied, name):
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)

    found = [problem for problem in verify(copied).faults if problem.rule == "changed-file"]

    assert [problem.path for problem in found] == [name]


def test_a_lost_file_is_named(copied):
    (copied / "errors.csv").unlink()

    assert "missing-file" in rules(copied)


def test_a_file_put_in_is_named(copied):
    (copied / "names.txt").write_text("who?", encoding="utf-8")

    assert rules(copied) == ["unknown-file"]


def test_a_manifest_that_follows_a_change_is_not_signed_by_its_key(copied):
    told = json.loads((copied / signature.NAME).read_text(encoding="utf-8"))
    told["files"]["errors.csv"]["bytes"] += 1
    (copied / signature.NAME).write_text(json.dumps(told), encoding="utf-8")

    assert "false-signature" in rules(copied)


@pytest.mark.parametrize("text", ["AAAA", "é", "not base64"])
def test_a_signature_that_is_none_is_false(copied, text):
    told = json.loads((copied / signature.NAME).read_text(encoding="utf-8"))
    (copied / signature.NAME).write_text(json.dumps(told | {"signature": text}), encoding="utf-8")

    assert rules(copied) == ["false-signature"]


def test_a_pack_signed_by_another_is_named(copied):
    other = signature.Key(Ed25519PrivateKey.generate())

    assert rules(resigned(copied, key=other), public_key=KEY.public) == ["other-key"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "palermo-release-pack/1"}'])
def test_a_manifest_that_is_none_is_named(copied, text):
    (copied / signature.NAME).write_text(text, encoding="utf-8")

    assert rules(copied) == ["no-manifest"]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"epsilon": 1.0}, "wrong-epsilon"),
        ({"epsilon": 9.0}, "wrong-epsilon"),
        ({"delta": 1e-9}, "wrong-epsilon"),
        ({"rho": 0.1}, "wrong-epsilon"),
        ({"unit": "row"}, "no-card"),
        ({"cap": 0}, "no-card"),
        ({"surprise": 1}, "no-card"),
        ({"counts": [{"ways": 1, "published": 1, "limit": 5, "not_asked": 0}]}, "wrong-number"),
        ({"rows": 12}, "wrong-number"),
        ({"tables": {}}, "not-made-of"),
        ({"publisher": "Somebody else"}, "not-made-of"),
    ],
)
def test_a_card_that_says_otherwise_is_named_though_it_is_signed(copied, changed, rule):
    assert rule in rules(recarded(copied, **changed))


def test_queries_that_cost_more_than_the_card_tells_are_named(copied):
    queries = packs.document()["queries"]
    queries[2]["rho_micro"] += 1_000

    assert rules(recarded(copied, queries=queries)) == ["wrong-sum"]


def test_noise_that_its_cost_does_not_pay_for_is_named(copied):
    queries = packs.document()["queries"]
    queries[3]["sigma"] *= 0.9

    assert rules(recarded(copied, queries=queries)) == ["little-noise"]


def test_the_card_follows_our_schema_and_not_the_one_beside_it(copied):
    (copied / "card.schema.json").write_text("{}", encoding="utf-8")

    assert "other-schema" in rules(resigned(copied))


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("columns,values", "columns,value", "no-counts"),
        ("age,0-17,", "age,0-17,x", "no-count"),
        ("age,0-17,", "age,0-16,", "unlisted-value"),
        ("age,18-29,", "age,0-17,", "count-twice"),
    ],
)
def test_counts_that_are_none_are_named(copied, old, new, rule):
    path = copied / "counts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    assert rule in rules(resigned(copied))


def test_rows_of_other_persons_do_not_count_what_is_published(copied):
    lines = (copied / "rows.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (copied / "rows.csv").write_text("".join([lines[0], *[lines[1]] * (len(lines) - 1)]), encoding="utf-8")

    assert rules(resigned(copied)) == ["rows-apart"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("country,form", "form,country", "wrong-columns"),
        ("XA,", "XZ,", "unlisted-value"),
        ("\nXA", "\nXA,,", "wrong-columns"),
    ],
)
def test_rows_that_the_card_does_not_describe_are_named(copied, old, new, rule):
    path = copied / "rows.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    assert rules(resigned(copied)) == [rule]


def test_a_dashboard_that_card_and_counts_do_not_make_is_named(copied):
    path = copied / "dashboard.html"
    path.write_text(path.read_text(encoding="utf-8").replace("About", "Exactly", 1), encoding="utf-8")

    assert rules(resigned(copied)) == ["not-made-of"]


def test_a_text_that_is_no_text_is_named(copied):
    (copied / "counts.csv").write_bytes(b"\xff\xfe")

    assert "changed-file" in rules(resigned(copied))


def test_a_folder_that_may_not_be_read_is_said(tmp_path, monkeypatch):
    (tmp_path / "card.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(
        "pathlib.Path.read_bytes", lambda path: (_ for _ in ()).throw(PermissionError(13, "denied"))
    )

    with pytest.raises(Unreachable, match="denied"):
        verify(tmp_path)


def test_a_card_with_a_number_that_json_has_not_is_refused():
    with pytest.raises(InvalidRecord, match="JSON"):
        cards.read('{"epsilon": NaN}')
