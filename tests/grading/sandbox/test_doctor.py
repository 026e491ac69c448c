"""`flowgrade doctor` says what each tier stops on this machine, and what to do where one is missing."""

import pytest
from click.testing import CliRunner

from grading.sandbox import Availability, doctor
from tests.grading.sandbox.strangers import TIERS


@pytest.fixture
def told(monkeypatch):
    """What it prints where these tiers are available."""

    def tell(*found):
        if found:
            monkeypatch.setattr(doctor, "available", lambda: found)
        return CliRunner().invoke(doctor.doctor)

    return tell


def test_each_tier_is_named_with_what_it_stops(told):
    result = told()
    assert result.exit_code == 0
    parts = result.output.split("tier ")
    for tier, part in zip("ABC", parts[1:4], strict=True):
        assert part.startswith(tier)
        if tier in TIERS:
            assert "a second process" in part.partition("NOT stopped")[0]
            assert "10 GB of memory" in part.partition("NOT stopped")[0]
            assert ("NOT stopped: opening a socket" in part) == (tier == "C")
    assert f"will run in tier {TIERS[0]}" in result.output


def test_the_last_tier_is_a_loud_warning(told):
    missing = [Availability(t, False, "the reason", "the remedy") for t in "AB"]
    result = told(*missing, Availability("C", True, "a line ran in it"))
    assert "not here: the reason" in result.output
    assert "to get it: the remedy" in result.output
    assert "WARNING" in result.output


def test_without_any_it_fails(told):
    result = told(*[Availability(t, False, "the reason") for t in "ABC"])
    assert result.exit_code == 1
    assert "cannot be run here" in result.output
