import pytest


def test_months_add_up_to_years(evaluated):
    """Twelve months of each source and region add up to the year in `regional_annual`."""
    monthly, annual = evaluated.tables["regional_monthly"], evaluated.tables["regional_annual"]
    assert monthly.month.tolist()[:13] == [*(f"2001-{n:02d}" for n in range(1, 13)), "2002-01"]
    assert len(monthly) == 12 * len(annual)
    year = monthly.month.str[:4].astype(int).rename("year")
    sources = ["truth", "inversions", "EC-ATM", "EC", "FLUXCOM"]
    summed = monthly.groupby(["region", year])[sources].sum(min_count=12)
    expected = annual.set_index(["region", "year"]).loc[summed.index, sources]
    assert summed.values == pytest.approx(expected.values, abs=12 * 0.5e-4 + 1e-4, nan_ok=True)
    assert monthly["EC_spread"].gt(0).all()
