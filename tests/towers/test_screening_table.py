import numpy as np
import pandas as pd
import pytest

from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.towers.rules import RULES
from fluxprod.towers.screening import screened
from fluxprod.towers.screening_table import screening_row, screening_summary, screening_table
from fluxprod.towers.settings import ScreeningSettings
from tests.towers.made_records import OFF, YEARS, record


@pytest.mark.parametrize(
    ("tower", "reason"),
    [
        (record(YEARS[:30]), ""),
        (record(YEARS[:29]), "fewer than 30 days kept"),
        (record(YEARS[:30], NEE=np.full(30, np.nan)), "no NEE"),
        (record(YEARS[:0]), "no day in the period"),
    ],
)
def test_why_a_site_is_left_out(tower, reason):
    row = screening_row("AA-Bbb", "fluxnet", screened(tower, OFF)[1], 30)
    assert (row["reason"], row["used"]) == (reason, "no" if reason else "yes")


def test_rows_by_site_and_one_line_for_people():
    limits = OFF.changed(min_qc=0.5, max_abs_nee=9.0)
    few = record(YEARS[:3], NEE=[1.0, 2.0, 99.0], NEE_QC=[1.0, 0.0, 1.0])
    rows = [
        screening_row("ZZ-Zzz", "lathuile", screened(few, limits)[1], 10),
        screening_row("AA-Aaa", "fluxnet", screened(record(YEARS[:20]), limits)[1], 10),
    ]
    table = screening_table(rows)
    assert table.site.tolist() == ["AA-Aaa", "ZZ-Zzz"]
    assert table.quality.tolist() == [0, 1]
    assert screening_summary(table) == (
        "1 of 2 sites used; of 23 days with NEE 21 kept, removed by rule: "
        "quality 1, impossible 1, partitioning 0, outlier 0"
    )


def test_no_site():
    table = screening_table([])
    assert table.empty
    assert screening_summary(table).startswith("0 of 0 sites used; of 0 days with NEE 0 kept")


def test_real_sites_are_conserved(realdata):
    limits = ScreeningSettings(
        min_qc=0.8, max_abs_nee=40.0, partitioning_quantile=0.025, outlier_iqr=1.5, window=31
    )
    rows = []
    for path in sorted((realdata / "fluxnet").glob("FLX_*_DD_*.csv*")):
        site = path.name.split("_")[1]
        rows.append(
            screening_row(site, "fluxnet", screened(read_fluxnet_daily(path), limits)[1], 1)
        )
    table = screening_table(rows)
    assert len(table) == 18
    assert (table[list(RULES)].sum(axis=1) + table.kept == table.with_nee).all()
    for name in ("quality", "impossible"):  # these limits do not depend on other days
        assert (table[name] <= table[f"{name}_alone"]).all()
    # quantiles of 0.025 on either side remove 5 % of judged days, and more in short seasons
    judged = table.with_nee - table.quality - table.impossible - table.partitioning_unjudged
    assert 0.05 < table.partitioning.sum() / judged.sum() < 0.07
    assert pd.api.types.is_integer_dtype(table.kept)
