import numpy as np
import pytest

from fluxprod.synthetic.earth.carbon import GLOBAL_GPP, close_budget, gpp_scale
from fluxprod.synthetic.earth.fields import random_stream
from fluxprod.synthetic.earth.hidden import FOREST_SINK, SINK, sink_share
from fluxprod.synthetic.earth.history import History


@pytest.fixture
def history():
    gpp, heterotrophic = random_stream(1, "test").uniform(0.5, 2.0, (2, 730, 3))
    return History({"gpp": gpp, "autotrophic": 0.5 * gpp, "heterotrophic": heterotrophic}, {})


def test_scaled_gpp_has_the_target_total(history):
    area = np.array([1e13, 2e13, 5e13])
    scale = gpp_scale(history, area)
    total = (scale * history.daily["gpp"].mean(axis=0) * area).sum() * 365.25 / 1e15
    assert total == pytest.approx(GLOBAL_GPP)


def test_mean_nee_is_the_planted_sink(history):
    sink = np.array([0.018, -0.01, 0.05])
    gpp = 3.0 * history.daily["gpp"].mean(axis=0)
    carbon = close_budget(history, sink, 3.0)
    assert carbon.mean_gpp == pytest.approx(gpp)
    assert carbon.nee.mean(axis=0) == pytest.approx(-sink * gpp)


def test_forests_are_larger_sinks():
    share = sink_share(np.array([0.01, 0.01]), np.array([2, 10]), offset=0.01)
    assert share == pytest.approx([SINK + FOREST_SINK, SINK])
