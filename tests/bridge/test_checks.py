"""The shift test by hand."""

import numpy as np

from fluxprod.bridge.checks import shift_response


def test_shift_by_hand():
    # region 0: 2 + 3 of 10 m2; region 2: 4 of 4 m2; the others have no land
    area = np.zeros(18)
    area[[0, 2]] = 10.0, 4.0
    answer = shift_response(np.array([2.0, 4.0, 3.0]), np.array([0, 2, 0]), area)
    assert answer[[0, 2]].tolist() == [0.5, 1.0]
    assert np.isnan(answer[[1, *range(3, 18)]]).all()
