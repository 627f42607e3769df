import numpy as np
import pytest

from fluxprod.synthetic.earth.fields import (
    autoregressive,
    random_stream,
    smooth_noise,
    smoother,
    sphere_nodes,
)


def test_streams_depend_on_their_name():
    one, again, other = (random_stream(7, name).random(4) for name in ("rain", "rain", "fire"))
    assert (one == again).all()
    assert (one != other).all()


def test_nodes_cover_the_sphere_evenly():
    lat, _ = sphere_nodes(5.0)
    # half of a sphere lies within 30 degrees of its equator
    assert np.mean(np.abs(lat) < 30.0) == pytest.approx(0.5, abs=0.01)


def test_noise_has_unit_variance_and_decorrelates_with_distance():
    lat, lon = np.array([0.0, 3.0, 60.0]), np.array([0.0, 0.0, 120.0])
    noise = smooth_noise(random_stream(1, "test"), smoother(lat, lon, 10.0), 20_000)
    assert noise.std(axis=0) == pytest.approx(1.0, abs=0.03)
    near, far = np.corrcoef(noise.T)[0, 1:]
    assert near > 0.9
    assert abs(far) < 0.05


def test_memory_is_the_lag_one_correlation():
    noise = autoregressive(random_stream(1, "test"), 50_000, 1, 0.82)[:, 0]
    assert np.corrcoef(noise[1:], noise[:-1])[0, 1] == pytest.approx(0.82, abs=0.01)
    assert noise.std() == pytest.approx(1.0, abs=0.03)
