import math

import pytest

from api.charts.ring import BAND_RADIUS, RADIUS, ring


def test_a_ring_is_as_long_as_its_score():
    drawn = ring(25.0, 20.0, 30.0)

    assert drawn.arc is not None
    assert drawn.band is not None
    assert drawn.arc.length == pytest.approx(math.tau * RADIUS / 4, abs=0.1)
    assert drawn.band.start == pytest.approx(-math.tau * BAND_RADIUS / 5, abs=0.1)


def test_a_ring_without_doubt_has_no_band():
    assert ring(90.0, 90.0, 90.5).band is None


@pytest.mark.parametrize("bounds", [(None, 1.0, 100.0), (None, None, None)])
def test_what_is_not_measured_is_neither_an_empty_nor_a_full_ring(bounds):
    drawn = ring(*bounds)

    assert (drawn.arc, drawn.band) == (None, None)
