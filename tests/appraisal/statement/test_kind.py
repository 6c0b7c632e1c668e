"""What a passage does: a truth table in both languages, and the example of every rule."""

import pytest

from palermo.appraisal.statement import kind
from palermo.appraisal.statement.claim import Kind

DONE, UNDER_WAY, PROMISED, URGED, DESCRIBED = Kind


@pytest.mark.parametrize("rule", kind.rules(), ids=lambda rule: rule.id)
def test_the_example_of_each_rule_is_decided_by_that_rule(rule):
    reading = kind.read(rule.example, rule.language)

    assert reading.rule == rule
    assert reading.kind is rule.kind


def test_every_kind_but_described_has_a_rule_in_both_languages():
    told = {(rule.kind, rule.language) for rule in kind.rules()}

    assert told >= {(one, language) for one in Kind for language in ("en", "fr")}


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("Parliament has adopted a new law.", DONE),
        ("In 2020 we opened a shelter.", DONE),
        ("A hotline was set up in March.", DONE),
        ("Our country is also a party to the Protocol.", DONE),
        ("We have recently ratified the convention.", DONE),
        ("Xanadu ratified the Protocol in 2022.", DONE),
        ("Victims are provided with shelter.", UNDER_WAY),
        ("The Convention on Organized Crime is old.", DESCRIBED),
        ("We have not ratified the Protocol.", DESCRIBED),
        ("We need technical assistance.", URGED),
        ("My delegation wishes to stress that victims must be protected.", URGED),
        ("We are training judges.", UNDER_WAY),
        ("The authorities continue to dismantle networks.", UNDER_WAY),
        ("Currently, a bill is before Parliament.", UNDER_WAY),
        ("A database is being built.", UNDER_WAY),
        ("We will open a shelter.", PROMISED),
        ("The Government intends to amend the code.", PROMISED),
        ("We reaffirm our firm commitment to help victims.", PROMISED),
        ("My country pledges to pay into the fund.", PROMISED),
        ("States must punish the buyers.", URGED),
        ("We call upon all States to ratify.", URGED),
        ("Let us help the victims.", URGED),
        ("More money is urgently needed.", URGED),
        ("It is vital that all countries act.", URGED),
        ("Trafficking is a crime.", DESCRIBED),
        ("Madam President,", DESCRIBED),
        ("We hope that others will follow.", DESCRIBED),
        ("The meeting was long and the hall was full.", DESCRIBED),
        ("She said: “we have opened three new shelters for boys”, and the Council must note it.", DONE),
    ],
)
def test_an_english_sentence_is_of_its_kind(text, wanted):
    assert kind.read(text, "en").kind is wanted


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("Le Parlement a adopté une loi.", DONE),
        ("Nous avons également ouvert deux foyers.", DONE),
        ("Une ligne téléphonique a été mise en place.", DONE),
        ("Notre pays est partie au Protocole.", DONE),
        ("Nous avons formé des juges.", DONE),
        ("Deux lois sont en cours d’examen.", UNDER_WAY),
        ("Les autorités continuent de démanteler des réseaux.", UNDER_WAY),
        ("Nous mettons en œuvre notre plan national.", UNDER_WAY),
        ("Nous ouvrirons un foyer.", PROMISED),
        ("Les autorités entendent modifier le code.", PROMISED),
        ("Nous réaffirmons notre ferme engagement.", PROMISED),
        ("Mon pays versera une contribution.", PROMISED),
        ("Les États doivent punir les clients.", URGED),
        ("Nous exhortons tous les États à ratifier.", URGED),
        ("Il faut aider les victimes.", URGED),
        ("La traite est un crime.", DESCRIBED),
        ("Monsieur le Président,", DESCRIBED),
        ("Nous espérons que d’autres suivront.", DESCRIBED),
    ],
)
def test_a_french_sentence_is_of_its_kind(text, wanted):
    assert kind.read(text, "fr").kind is wanted


def test_a_short_quotation_is_a_name_and_not_a_statement():
    assert kind.said("The “Have a Heart” campaign") == ()
    assert kind.said("He said “we have opened six shelters here”") == ("we have opened six shelters here",)
