"""The download: polite, cached, and clear when a depositary does not answer as it should."""

import socket
import tomllib
from datetime import date
from email.utils import formatdate

import pytest

from palermo.appraisal import register
from palermo.appraisal.depositary import client as http
from palermo.appraisal.depositary import download, index
from palermo.appraisal.provision import instruments
from palermo.errors import InvalidRecord, Unreachable
from tests.appraisal.depositary import pages
from tests.appraisal.depositary.site import page, served

TODAY = date(2026, 11, 22)
TIP = "/doc/Publication/MTDSG/Volume%20II/Chapter%20XVIII/XVIII-12-a.en.xml"
C105 = "/dyn/nrmlx_en/f?p=NORMLEXPUB:11300:0::NO::P11300_INSTRUMENT_ID:312250"
XML = ("text/xml",)
STATUS = pages.untc_xml()


class Waits(list):
    """Notes how long the client would have slept."""

    def __call__(self, seconds):
        self.append(round(seconds, 3))


def a_client(waits=None, **patience):
    patience = {"pause": 0.0, "silence": 0.4, "whole": 5.0, "attempts": 3, **patience}
    return http.Client(patience=http.Patience(**patience), sleep=Waits() if waits is None else waits)


def fetched(site, out, *treaties, client=None, today=TODAY):
    asked = treaties or ("TIP",)
    return list(download.download(asked, out, client=client or a_client(), today=today, base_url=site.url))


def test_a_page_is_fetched_put_into_the_folder_and_read_from_there(tmp_path):
    with served({TIP: [page(STATUS, ETag='"a1"')]}) as site:
        (one,) = fetched(site, tmp_path)
    found = register.read(tmp_path)

    assert (one.outcome, one.file) == ("new", "TIP.xml")
    assert found.standing("KAZ", "TIP").party is True
    assert found.standing("KAZ", "TIP").act.found.source.id == "untc"
    assert found.files_not_read == ()


def test_the_ratifications_of_a_convention_speak_for_the_day_of_the_download(tmp_path):
    with served({C105: [page(pages.normlex_html(), media="text/html")]}) as site:
        fetched(site, tmp_path, "C105")
    found = register.read(tmp_path).standing("PAK", "C105")

    assert (found.act.on, found.known_on) == (date(1960, 2, 15), TODAY)


def test_what_has_not_changed_is_not_sent_again_and_is_known_to_the_day(tmp_path):
    modified = formatdate(0, usegmt=True)
    answers = [page(STATUS, ETag='"a1"', Last_Modified=modified), page(status=304)]
    with served({TIP: answers}) as site:
        first, second = (fetched(site, tmp_path, today=day)[0] for day in (date(2026, 1, 1), TODAY))
        asked = site.headers(TIP)

    assert (first.outcome, second.outcome) == ("new", "unchanged")
    assert "If-None-Match" not in asked[0]
    assert (asked[1]["If-None-Match"], asked[1]["If-Modified-Since"]) == ('"a1"', modified)
    assert index.read(tmp_path)["TIP.xml"]["as_of"] == TODAY


def test_a_copy_that_was_altered_is_fetched_anew(tmp_path):
    with served({TIP: [page(STATUS, ETag='"a1"')]}) as site:
        fetched(site, tmp_path)
        (tmp_path / "TIP.xml").write_bytes(STATUS + b" ")
        fetched(site, tmp_path)
        asked = site.headers(TIP)

    assert "If-None-Match" not in asked[1]
    assert (tmp_path / "TIP.xml").read_bytes() == STATUS


def test_the_client_says_who_it_is(tmp_path):
    with served({TIP: [page(STATUS)]}) as site:
        fetched(site, tmp_path)
        agents = {headers["User-Agent"] for _, headers in site.asked}

    assert agents == {http.AGENT}
    assert http.AGENT.startswith("palermo/")


def test_a_fault_that_passes_is_waited_out_ever_longer(tmp_path):
    waits = Waits()
    answers = [page(status=500), page(status=503), page(STATUS)]
    with served({TIP: answers}) as site:
        (one,) = fetched(site, tmp_path, client=a_client(waits, pause=0.01))

    assert one.outcome == "new"
    assert [wait for wait in waits if wait in {0.01, 0.02}] == [0.01, 0.02]


@pytest.mark.parametrize(
    "after, least", [("7", 7), (formatdate(4_000_000_000, usegmt=True), 120), ("soon", 0)]
)
def test_the_pause_that_the_server_asks_for_is_kept_within_reason(after, least, tmp_path):
    waits = Waits()
    with served({TIP: [page(status=429, Retry_After=after), page(STATUS)]}) as site:
        fetched(site, tmp_path, client=a_client(waits))

    assert max(waits, default=0) == least


@pytest.mark.parametrize(
    "answer, told",
    [
        (page(status=500), "answered 500, 3 times"),
        (page(status=403), "answered 403"),
        (page(STATUS, cut=20), "the answer was cut off, 3 times"),
        (page(STATUS, wait=1.0), "no answer (TimeoutError), 3 times"),
        (page(b"<p>Sorry</p>", media="text/html"), "answered with text/html and not with text/xml"),
        (page(b"<Ships/>"), "looked for Participants"),
        (page(b"<Treaty>"), "breaks off"),
    ],
    ids=["500", "403", "cut off", "slow", "wrong type", "other layout", "broken"],
)
def test_what_cannot_be_had_says_why_and_what_to_fetch_by_hand(answer, told, tmp_path):
    with served({TIP: [answer]}) as site:
        (one,) = fetched(site, tmp_path)

    assert one.outcome == "not had"
    assert told in one.told
    assert (
        "https://treaties.un.org/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no=XVIII-12-a&chapter=18" in one.told
    )
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_drips_is_given_up_in_time(tmp_path):
    with served({TIP: [page(STATUS, wait=0.2)]}) as site:
        (one,) = fetched(site, tmp_path, client=a_client(whole=0.05, silence=2.0))

    assert "too slow, 3 times" in one.told


def test_an_answer_that_never_ends_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(http, "LARGEST", 100)
    with served({TIP: [page(STATUS)]}) as site:
        (one,) = fetched(site, tmp_path)

    assert "is larger than 100 bytes" in one.told


def test_a_bad_answer_leaves_the_good_copy_of_the_last_time(tmp_path):
    with served({TIP: [page(STATUS), page(b"<Ships/>")]}) as site:
        fetched(site, tmp_path)
        (one,) = fetched(site, tmp_path)

    assert one.outcome == "not had"
    assert (tmp_path / "TIP.xml").read_bytes() == STATUS
    assert register.read(tmp_path).standing("KAZ", "TIP").party is True


def test_without_a_network_every_treaty_says_what_to_fetch_by_hand(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    found = list(
        download.download(["TIP", "C105"], tmp_path, client=a_client(attempts=1), today=TODAY, base_url=url)
    )

    assert [one.outcome for one in found] == ["not had", "not had"]
    assert all("no answer (ConnectionRefusedError)" in one.told for one in found)
    assert "https://normlex.ilo.org/" in found[1].told


def test_a_treaty_without_a_known_address_says_so(tmp_path):
    (one,) = download.download(["COE197"], tmp_path, client=a_client(), today=TODAY)

    assert (one.outcome, "no address" in one.told) == ("not had", True)


def test_robots_are_asked_once_and_obeyed(tmp_path):
    rules = page(b"User-agent: *\nDisallow: /doc/\n", media="text/plain")
    with served({"/robots.txt": [rules], TIP: [page(STATUS)]}) as site:
        found = fetched(site, tmp_path, "TIP", "UNTOC")
        paths = site.paths()

    assert [one.outcome for one in found] == ["not had", "not had"]
    assert "robots.txt" in found[0].told
    assert paths == ["/robots.txt"]


def test_a_site_that_cannot_tell_its_rules_is_left_alone(tmp_path):
    with served({"/robots.txt": [page(status=500)], TIP: [page(STATUS)]}) as site:
        (one,) = fetched(site, tmp_path)
        paths = set(site.paths())

    assert "robots.txt: answered 500, 3 times" in one.told
    assert paths == {"/robots.txt"}


def test_a_site_that_never_answered_is_not_asked_again_for_each_treaty(tmp_path):
    with served({"/robots.txt": [page(status=500)]}) as site:
        found = fetched(site, tmp_path, "TIP", "UNTOC", "UNCAC")
        asked = len(site.paths())

    assert [one.outcome for one in found] == ["not had"] * 3
    assert all("robots.txt: answered 500" in one.told for one in found)
    assert asked == 3


def test_the_delay_that_robots_txt_asks_for_is_kept(tmp_path):
    waits = Waits()
    rules = page(b"User-agent: *\nCrawl-delay: 9\n", media="text/plain")
    with served({"/robots.txt": [rules], TIP: [page(STATUS)]}) as site:
        fetched(site, tmp_path, client=a_client(waits))

    assert len(waits) == 1
    assert 8 < waits[0] <= 9


def test_requests_to_one_site_stand_apart(tmp_path):
    waits = Waits()
    with served({TIP: [page(STATUS)]}) as site:
        fetched(site, tmp_path, client=a_client(waits, pause=3.0))

    assert len(waits) == 1
    assert 2 < waits[0] <= 3


def test_a_redirection_to_another_site_is_not_followed(tmp_path):
    with served({TIP: [page(status=302, Location="http://elsewhere.invalid/")]}) as site:
        (one,) = fetched(site, tmp_path)

    assert "leads to another site, elsewhere.invalid" in one.told


def test_a_redirection_within_the_site_is_followed(tmp_path):
    with served({TIP: [page(status=302, Location="/new.xml")], "/new.xml": [page(STATUS)]}) as site:
        (one,) = fetched(site, tmp_path)

    assert one.outcome == "new"


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with served({TIP: [page(STATUS)]}) as site:
        (one,) = fetched(site, tmp_path / "file" / "below")

    assert "cannot hold the downloads" in one.told


def test_an_index_that_is_no_toml_is_refused(tmp_path):
    (tmp_path / index.INDEX).write_text("[", encoding="utf-8")

    with pytest.raises(InvalidRecord, match="is not TOML"):
        index.read(tmp_path)


def test_what_sources_toml_says_goes_before_the_index(tmp_path):
    with served({C105: [page(pages.normlex_html(), media="text/html")]}) as site:
        fetched(site, tmp_path, "C105")
    own = '[table."C105.html"]\nreader = "normlex_html"\nas_of = 2026-01-01\n'
    (tmp_path / "sources.toml").write_text(own, encoding="utf-8")

    assert register.read(tmp_path).standing("PAK", "C105").known_on == date(2026, 1, 1)


def test_the_index_survives_any_text(tmp_path):
    index.write(tmp_path, {'a"b.xml': {"reader": "untc_xml", "etag": 'W/"\\x"\n', "as_of": TODAY}})

    read = tomllib.loads((tmp_path / index.INDEX).read_text("utf-8"))["table"]
    assert read == {'a"b.xml': {"reader": "untc_xml", "etag": 'W/"\\x"\n', "as_of": TODAY}}


def test_every_treaty_of_the_united_nations_and_of_the_labour_organization_has_an_address():
    treaties = {one.id for one in instruments().values() if one.kind == "treaty"}

    assert treaties - set(download.places()) == {"COE197"}
    assert {one.base_url for one in download.places().values()} == {
        "https://treaties.un.org",
        "https://normlex.ilo.org",
    }


def test_the_volume_follows_from_the_chapter():
    paths = {one.treaty: one.path for one in download.places().values()}

    assert "Volume%20I/Chapter%20IV/IV-11-c.en.xml" in paths["CRC-OP-SC"]
    assert "Volume%20II/Chapter%20XVIII/XVIII-12-a.en.xml" in paths["TIP"]


def test_a_client_alone_tells_that_a_page_is_absent():
    with served({}) as site, pytest.raises(Unreachable, match="answered 404"):
        a_client().fetch(f"{site.url}/none", media=XML)
