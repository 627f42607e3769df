import pickle

from fluxprod.core.errors import DataError, os_fault


def test_one_line_whatever_a_broken_file_contains():
    error = DataError("a.nc", "x\ny", ["1\r", "2"], "z", "do\nthis")
    assert str(error) == "a.nc: x y: found ['1\\r', '2'], expected z; do this"


def test_pickling_keeps_all_fields():
    error = DataError("a.nc", "x", "y", "z", "do this")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert (again.source, again.action) == ("a.nc", "do this")


def test_controls_are_shown_and_not_obeyed():
    error = DataError("\x1b[31m.nc", "\u202e", "é 𝕏 \x9b \ud800", "z")
    assert str(error) == r"\x1b[31m.nc: \u202e: found é 𝕏 \x9b \ud800, expected z"


def test_an_error_of_the_system_names_its_file():
    error = os_fault(PermissionError(13, "Permission denied", "a.nc"), "b.nc")
    assert str(error).startswith("a.nc: file or folder: found one that cannot be used (Permission")
    assert str(os_fault(OSError("x"), "b.nc")).startswith("b.nc: file or folder: found one that")
