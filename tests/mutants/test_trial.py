"""A planted bug is caught or survives, in a copy; a list that no longer fits is no list."""

from dataclasses import replace

import pytest

from tests.mutants import sampled
from tests.mutants.planted import read
from tests.mutants.trial import ROOT, Copy

LIST = """\
viz/formulas/numbers.py  tests/viz/test_labels.py::test_negative_zero_is_zero

  negative zero is zero
  - return shown.lstrip("-") if float(shown) == 0 else shown
  + return shown
"""


def test_a_bug_is_caught_or_survives_and_the_project_stays_as_it_is(tmp_path):
    (bug,) = read(LIST)
    path = ROOT / bug.path
    before = path.read_text(encoding="utf-8")
    copy = Copy(tmp_path)
    assert copy.tried(bug.mutant()) == "caught"
    assert copy.tried(replace(bug.mutant(), source=f"{before}\n# the same\n")) == "survived"
    assert copy.tried(replace(bug.mutant(), source="no Python")) == "broken"
    assert path.read_text(encoding="utf-8") == before
    assert (tmp_path / bug.path).read_text(encoding="utf-8") == before


@pytest.mark.parametrize("old", ["no such text", "return"])
def test_a_text_that_stands_nowhere_or_twice_is_said_to_be_stale(old):
    (bug,) = read(LIST)
    with pytest.raises(LookupError, match="viz/formulas/numbers.py has .* places that read"):
        replace(bug, old=old).mutant()


def test_bugs_by_chance_differ_from_the_file_in_one_expression():
    path = "viz/look/heat.py"
    whole = (ROOT / path).read_text(encoding="utf-8")
    made = list(sampled.mutants(path, ("tests/viz/test_levels.py",)))
    assert len(made) > 20
    assert len({mutant.source for mutant in made} - {whole}) == len(made)
    for mutant in made:
        compile(mutant.source, mutant.says, "exec")
