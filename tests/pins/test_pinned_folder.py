from fluxprod.pins.manifest import write_pins
from fluxprod.pins.pin import Pin
from fluxprod.pins.pinned_folder import are_pinned, manifest_of


def test_files_are_pinned_if_the_manifest_next_to_their_folder_lists_them(tmp_path):
    folder = tmp_path / "observed"
    assert manifest_of(folder) == tmp_path / "observed.pins.json"
    assert not are_pinned(folder, ["era5/a.nc"])  # no manifest
    write_pins(manifest_of(folder), {}, {"era5/a.nc": Pin("0" * 64, 3)})
    assert are_pinned(folder, ["era5/a.nc"])
    assert not are_pinned(folder, ["era5/a.nc", "era5/b.nc"])


def test_groups_are_counted(tmp_path):
    names = [f"modis/{number:04d}.hdf" for number in range(1500)]
    folder = tmp_path / "observed"
    write_pins(manifest_of(folder), {}, dict.fromkeys(names, Pin("0" * 64, 3)))
    assert are_pinned(folder, names)
    assert are_pinned(folder, [])
    assert not are_pinned(folder, names[1:])
    assert not are_pinned(folder, [*names, "modis/x.hdf"])
