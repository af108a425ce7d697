"""Which tests a ring holds, by its name and by the rings that were run before it."""

import pytest

from tests.conftest import RINGS, chosen

HOLDS = {
    # (--ring, --beyond): the rings whose tests are run
    ("check", None): {"check"},
    ("test", None): {"check", "test"},
    ("all", None): {"check", "test", "all"},
    ("all", "check"): {"test", "all"},
    ("test", "test"): set(),
    ("measure", None): {"measure"},
}


@pytest.mark.parametrize(("ring", "beyond"), HOLDS)
def test_a_ring_holds_those_before_it_but_for_what_was_run(ring: str, beyond: str | None) -> None:
    """CI runs the innermost ring by itself and then all beyond it: together they are all."""
    assert {of for of in RINGS if chosen(of, ring, beyond, sampled=False)} == HOLDS[ring, beyond]


def test_what_takes_a_sample_is_run_in_full_by_measure() -> None:
    """Whatever ring it is in; what takes none is not run again."""
    assert all(chosen(of, "measure", None, sampled=True) for of in RINGS)
    assert not chosen("all", "measure", None, sampled=False)
