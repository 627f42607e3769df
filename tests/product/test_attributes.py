from fluxprod.product.attributes import fire_note


def test_years_before_gfas_are_named():
    assert "2001 and 2002 its monthly climatology" in fire_note(range(2001, 2018))
    assert "climatology" not in fire_note(range(2003, 2018))
