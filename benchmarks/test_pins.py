"""Pinning many small files: the time of a file does not depend on how many there are."""

import time

import pytest

from fluxprod.pins.hash_cache import cache_of
from fluxprod.pins.manifest import write_pins
from fluxprod.pins.pinned_folder import manifest_of
from fluxprod.stages.verify_raw import folder_pins, remember

FEW, MANY = 2_000, 20_000  # files
MOST_RATIO = 1.5
ROUNDS = 3
pytestmark = pytest.mark.benchmark(group="pinning small files", timer=time.process_time)


def tiles(folder, files):
    """Files of a few bytes with names like those of MODIS tiles, 300 a composite."""
    (folder / "modis").mkdir(parents=True)
    for number in range(files):
        composite, tile = divmod(number, 300)
        name = f"MOD15A2H.A{2001000 + composite}.h{tile // 18:02d}v{tile % 18:02d}.061.hdf"
        (folder / "modis" / name).write_text(str(number))
    return folder


def pin(folder):
    """What ``fluxprod raw pin`` does."""
    manifest = manifest_of(folder)
    found = folder_pins(folder, folder, cache_of(manifest))
    remember(manifest, write_pins(manifest, {}, found), found)
    return len(found)


def least(folder, files, *, again):
    """Least CPU time of a file in several rounds [s]; ``again`` with all hashes in the store."""
    store, taken = cache_of(manifest_of(folder)), []
    for _ in range(ROUNDS):
        if not again:
            store.unlink(missing_ok=True)
        start = time.process_time()
        assert pin(folder) == files
        taken.append(time.process_time() - start)
    return min(taken) / files


@pytest.mark.parametrize("again", [False, True], ids=["first", "second"])
def test_time_of_a_file(benchmark, tmp_path, again):
    few, many = (tiles(tmp_path / str(files), files) for files in (FEW, MANY))
    least(few, FEW, again=False)
    before = least(few, FEW, again=again)
    after = benchmark.pedantic(least, (many, MANY), {"again": again}, rounds=1)
    benchmark.extra_info.update(us_of_a_file=after * 1e6, ratio=round(after / before, 2))
    assert after <= MOST_RATIO * before
