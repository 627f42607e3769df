import numpy as np

from fluxprod.evaluation.sites.no_skill import (
    mean_of_other_sites,
    no_skill,
    season_of_other_sites,
)

# site, fold, land cover, latitude, NEE in January (twice) and in July
SITES = {
    "a": (0, "ENF", 50.0, (1.0, 3.0), -6.0),
    "b": (1, "ENF", 60.0, (2.0, 2.0), -4.0),
    "c": (2, "GRA", 40.0, (0.0, 2.0), 2.0),
    "d": (2, "ENF", -40.0, (-8.0, -8.0), None),
    "e": (1, "ENF", 45.0, (4.0, 4.0), -8.0),
}


def table():
    rows = []
    for name, (fold, igbp, lat, january, july) in SITES.items():
        rows += [(nee, name, fold, "2001-01-05", igbp, lat) for nee in january]
        rows += [] if july is None else [(july, name, fold, "2003-07-05", igbp, lat)]
    nee, site, fold, time, igbp, lat = (np.array(column) for column in zip(*rows, strict=True))
    return nee, site, fold, time.astype("datetime64[D]"), igbp, lat


def test_the_mean_is_that_of_the_sites_of_other_folds():
    nee, site, fold, *_ = table()
    found = mean_of_other_sites(nee, site, fold)
    # means of the sites: a -2/3, b 0, c 4/3, d -8, e 0
    np.testing.assert_allclose(found[fold == 0], (0 + 4 / 3 - 8 + 0) / 4)
    np.testing.assert_allclose(found[fold == 1], (-2 / 3 + 4 / 3 - 8) / 3)
    np.testing.assert_allclose(found[fold == 2], (-2 / 3) / 3)


def test_the_season_is_that_of_like_sites_of_other_folds():
    columns = table()
    site = columns[1]
    found = season_of_other_sites(*columns)
    np.testing.assert_allclose(found[site == "a"], [3, 3, -6])  # of b and e
    np.testing.assert_allclose(found[site == "b"], [2, 2, -6])  # of a: d is southern, c is grass
    np.testing.assert_allclose(found[site == "c"], [8 / 3, 8 / 3, -6])  # no grass: a, b, e
    np.testing.assert_allclose(found[site == "d"], [8 / 3, 8 / 3])  # no southern site: a, b, e


def test_a_month_that_no_other_site_has_gets_the_mean():
    nee, site, fold, time, igbp, lat = table()
    time[-1] = np.datetime64("2002-04-01")  # July of site e
    found = season_of_other_sites(nee, site, fold, time, igbp, lat)
    assert found[-1] == mean_of_other_sites(nee, site, fold)[-1]


def test_a_site_never_sees_its_own_fold():
    nee, site, fold, time, igbp, lat = table()
    changed = np.where(fold == 1, nee + 100.0, nee)
    before, after = (no_skill(each, site, fold, time, igbp, lat) for each in (nee, changed))
    for name, estimate in before.items():
        np.testing.assert_array_equal(after[name][fold == 1], estimate[fold == 1])
        assert (after[name][fold == 0] != estimate[fold == 0]).all()


def test_a_single_fold_has_no_other_sites():
    nee, site, fold, *about = table()
    for estimate in no_skill(nee, site, np.zeros_like(fold), *about).values():
        assert np.isnan(estimate).all()
