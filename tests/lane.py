"""A lane that was asked for may not skip in silence: `--lane browser` fails each browser test that skips.

Loaded by `make test-postgres` and `make test-browser` with `-p tests.lane`.
"""

import pytest


def pytest_addoption(parser):
    parser.addoption("--lane", default=None, help="A skipped test that carries this mark is a failure.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    lane = item.config.getoption("--lane")
    if lane and report.skipped and item.get_closest_marker(lane):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: skipped in the {lane} lane. {reason}"
    return report
