import json

import numpy as np
import pytest

from fluxprod.core.errors import DataError
from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.stages.geography import region_mask
from fluxprod.synthetic.native.regions import write_region_mask
from tests.readers.regions.square_countries import features


def test_mask_comes_before_countries(tmp_path):
    mask = np.zeros((18, 360, 720), np.int8)
    mask[16, 100, 200] = 1
    (tmp_path / "ne_50m_admin_0_countries.geojson").write_text(json.dumps(features()))
    assert region_mask(tmp_path)[ABBREVIATIONS.index("BRA")].sum() > 0
    write_region_mask(tmp_path / "GCP_18regions_mask_0.5deg_corr.nc", mask)
    np.testing.assert_array_equal(region_mask(tmp_path), mask)


def test_neither_mask_nor_countries(tmp_path):
    with pytest.raises(
        DataError, match="regions: found neither file, expected a mask .*0010-regions"
    ):
        region_mask(tmp_path)


def test_country_on_no_list(tmp_path):
    content = features()
    content["features"][1]["properties"]["ADM0_A3"] = "XYZ"
    (tmp_path / "ne_countries.json").write_text(json.dumps(content))
    with pytest.raises(DataError, match=r"ne_countries.json: .* on no list of regions: \['XYZ'\]"):
        region_mask(tmp_path)
