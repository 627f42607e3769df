import json

import numpy as np
import pytest

from fluxprod.core.errors import DataError
from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.stages.geography import region_mask
from fluxprod.synthetic.native.regions import write_region_mask
from tests.readers.regions.topology import topology


def test_mask_comes_before_countries(tmp_path):
    mask = np.zeros((18, 360, 720), np.int8)
    mask[16, 100, 200] = 1
    (tmp_path / "countries-50m.json").write_text(json.dumps(topology()))
    assert region_mask(tmp_path)[ABBREVIATIONS.index("BRA")].sum() > 0
    write_region_mask(tmp_path / "GCP_18regions_mask_0.5deg_corr.nc", mask)
    np.testing.assert_array_equal(region_mask(tmp_path), mask)


def test_neither_mask_nor_countries(tmp_path):
    with pytest.raises(DataError, match="regions: found neither, expected a mask .*0010-regions"):
        region_mask(tmp_path)


def test_country_on_no_list(tmp_path):
    content = topology()
    content["objects"]["countries"]["geometries"][1]["id"] = "no number"
    content["objects"]["countries"]["geometries"][1]["properties"]["ADM0_A3"] = "XYZ"
    (tmp_path / "countries-50m.json").write_text(json.dumps(content))
    with pytest.raises(DataError, match=r"countries-50m.json: .* on no list of regions: \['XYZ'\]"):
        region_mask(tmp_path)
