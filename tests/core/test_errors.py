import pickle

from fluxprod.core.errors import DataError


def test_one_line_whatever_a_broken_file_contains():
    error = DataError("a.nc", "x\ny", ["1\r", "2"], "z", "do\nthis")
    assert str(error) == "a.nc: x y: found ['1\\r', '2'], expected z; do this"


def test_pickling_keeps_all_fields():
    error = DataError("a.nc", "x", "y", "z", "do this")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert (again.source, again.action) == ("a.nc", "do this")
