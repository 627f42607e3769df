from fluxprod.inventory.coverage import spanned_years
from fluxprod.inventory.record import RawRecord

YEARS = range(2001, 2005)


def record(first, last, source="CAMS GFAS", **changes):
    return RawRecord("a", source=source, first_date=first, last_date=last, days=1, **changes)


def test_years_that_files_span_together():
    records = [
        record("2000-07-01", "2001-06-30"),
        record("2001-07-01", "2002-12-30"),  # a day short
        record("2003-01-01", "2003-12-31", readable=False),
        record("2004-01-01", "2004-12-31"),
    ]
    assert spanned_years("gfas", records, YEARS) == {"co2fire": [2001, 2002, 2004]}


def test_fires_need_no_files_before_2003():
    assert spanned_years("gfas", [], YEARS) == {"co2fire": [2001, 2002]}


def test_each_quantity_of_era5_has_to_span_a_year():
    records = [
        record("2001-01-01", "2003-12-31", "ERA5 t2m ssrd"),
        record("2002-01-01", "2004-12-31", "ERA5 tp"),
    ]
    early, late = [2001, 2002, 2003], [2002, 2003, 2004]
    assert spanned_years("era5", records, YEARS) == {"TA": early, "SW_IN": early, "P": late}
    assert spanned_years("era5", records[:1], YEARS)["P"] == []


def test_dewpoint_counts_only_where_there_is_any():
    records = [record("2001-01-01", "2004-12-31", "ERA5 t2m ssrd tp")]
    assert "TD" not in spanned_years("era5", records, YEARS)
    records.append(record("2001-01-01", "2002-12-31", "ERA5 d2m"))
    assert spanned_years("era5", records, YEARS)["TD"] == [2001, 2002]


def test_monthly_means_are_no_days():
    monthly = RawRecord("m", source="ERA5 t2m ssrd tp", first_date="2001-01-01")
    monthly.last_date = "2004-12-31"
    assert spanned_years("era5", [monthly], YEARS) == {"TA": [], "SW_IN": [], "P": []}
