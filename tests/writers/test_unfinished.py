import pytest

from fluxprod.core.errors import DataError
from fluxprod.writers.unfinished import content_digest, is_whole, mark_whole, unfinished

ONE, OTHER = "1" * 64, "2" * 64


def _part(place, name, text="whole"):
    place.mkdir(exist_ok=True)
    (place / name).write_text(text)
    mark_whole(place, name, [place / name])


def _interrupted(path, made_of, *parts):
    """Write parts, stop, and return the place in which they are left."""
    try:
        with unfinished(path, made_of) as place:
            for name in parts:
                _part(place, name)
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        return place


def _whole(place, name):
    return is_whole(place, name, [place / name])


def test_parts_survive_an_interruption_and_nothing_is_left_at_the_end(tmp_path):
    path = tmp_path / "deep" / "nee.zarr"
    _interrupted(path, ONE, "a")
    assert not path.exists()
    with unfinished(path, ONE) as place:
        assert _whole(place, "a")
        assert not _whole(place, "b")
        _part(place, "b")
    assert sorted(file.name for file in path.iterdir()) == ["a", "b"]
    assert list(path.parent.iterdir()) == [path]


def test_the_unfinished_output_of_another_run_is_removed(tmp_path):
    path = tmp_path / "nee.zarr"
    _interrupted(path, ONE, "a")
    with unfinished(path, OTHER) as place:
        assert not _whole(place, "a")
        _part(place, "b")
    assert [file.name for file in path.iterdir()] == ["b"]
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_output_stays_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "nee.zarr"
    with unfinished(path, ONE) as place:
        _part(place, "old")
    _interrupted(path, OTHER, "new")
    assert [file.name for file in path.iterdir()] == ["old"]
    with unfinished(path, OTHER):
        pass
    assert [file.name for file in path.iterdir()] == ["new"]


def test_a_part_whose_bytes_changed_is_not_complete(tmp_path):
    place = _interrupted(tmp_path / "nee.zarr", ONE, "a", "b", "c")
    (place / "a").write_text("torn")
    (place / "b").unlink()
    assert [_whole(place, name) for name in "abc"] == [False, False, True]
    (place.parent / "whole" / "c").write_text("")  # a truncated marker
    assert not _whole(place, "c")


def test_two_simultaneous_runs_are_refused(tmp_path):
    path = tmp_path / "nee.zarr"
    with unfinished(path, ONE) as place:
        _part(place, "a")
        for made_of in (ONE, OTHER):
            second = unfinished(path, made_of)
            with pytest.raises(DataError, match="another run at the same output"):
                second.__enter__()
        assert _whole(place, "a")
    with unfinished(path, OTHER) as place:  # the first run has ended
        _part(place, "b")


def test_partly_written_files_are_removed(tmp_path):
    path = tmp_path / "nee.zarr"
    place = _interrupted(path, ONE, "a")
    (place / "a.8c1f.partial").write_text("to")
    with unfinished(path, ONE):
        pass
    assert [file.name for file in path.iterdir()] == ["a"]


def test_a_worker_that_still_writes_does_not_disturb_the_run(tmp_path, stray):
    path = tmp_path / "nee.zarr"
    for made_of in [ONE, OTHER] * 10:
        place = _interrupted(path, made_of, "a")
        with stray(place), unfinished(path, ONE if made_of == OTHER else OTHER) as other:
            _part(other, "b")
        assert [file.name for file in path.iterdir()] == ["b"]


def test_a_digest_depends_on_names_and_bytes(tmp_path):
    for name, text in (("a", "1"), ("b", "2"), ("c", "1")):
        (tmp_path / name).write_text(text)
    files = [tmp_path / name for name in "abc"]
    seen = {content_digest(some, tmp_path) for some in (files, files[:2], files[:1], files[2:], [])}
    assert len(seen) == 5
    assert content_digest(files, tmp_path) == content_digest(reversed(files), tmp_path)
    assert (
        content_digest([tmp_path / "x"], tmp_path) not in seen
    )  # absent files count by their names
