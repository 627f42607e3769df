from fluxprod.product.attributes import fire_note, gap_note, gfas_coverage


def test_years_before_gfas_are_listed():
    assert "2001 and 2002, which GFAS does not cover" in fire_note((2001, 2002))
    assert "climatology" not in fire_note(())
    assert gfas_coverage(range(2001, 2018), (2001, 2002)) == "2003/2017"
    assert gfas_coverage(range(2001, 2003), (2001, 2002)) == "none"


def test_cells_that_totals_leave_out_are_counted():
    assert gap_note(0) == "Every land cell has a flux at all times."
    assert gap_note(20).startswith("20 land cells lack a driver")
