"""Settings that cannot be used stop the node, and say what would work."""

import pytest

from palermo.node.environment import SettingRefused, environment


def settings(tmp_path, **given):
    return environment({"PALERMO_HOME": str(tmp_path), "PALERMO_SECRET_KEY": "made up"} | given)


@pytest.mark.parametrize("code", ["PAK", "XA", ""])
def test_a_node_may_be_of_a_state_or_of_none(tmp_path, code):
    assert settings(tmp_path, PALERMO_STATE=code).state == code


@pytest.mark.parametrize("code", ["Pakistan", "PK", "pak", "ZZZ"])
def test_a_node_of_no_known_state_does_not_start(tmp_path, code):
    with pytest.raises(SettingRefused, match="three-letter code of a State"):
        settings(tmp_path, PALERMO_STATE=code)


@pytest.mark.parametrize(("given", "epsilon"), [("", 4.0), ("2.5", 2.5), ("100", 100.0)])
def test_a_lifetime_of_releases_has_a_limit(tmp_path, given, epsilon):
    assert settings(tmp_path, PALERMO_RELEASE_EPSILON=given).release_epsilon == epsilon


@pytest.mark.parametrize("given", ["four", "0", "-1", "nan", "inf", "101"])
def test_a_limit_that_protects_nobody_stops_the_node(tmp_path, given):
    with pytest.raises(SettingRefused, match="PALERMO_RELEASE_EPSILON"):
        settings(tmp_path, PALERMO_RELEASE_EPSILON=given)
