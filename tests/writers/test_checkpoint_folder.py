"""Checkpoints on disk: written atomically, and resumed only by the run that made them."""

import pickle
import zipfile

import numpy as np
import pytest

import fluxprod.networks
from fluxprod.compute.workers.code import package_sources
from fluxprod.core.errors import DataError
from fluxprod.writers.checkpoint_folder import CheckpointFolder, read_checkpoint, write_checkpoint
from tests.readers.test_interim import Trap

STATE = {
    "vector": np.random.default_rng(0).random(3000, np.float32),
    "rows": np.array([[0.0, 25.0, np.nan, 1 / 3]]),
    "row_names": np.array(["fold", "step", "l_EC", "val_l_EC"]),
    "steps": np.array(25),
}


def _assert_state(found):
    assert set(found) == set(STATE)
    for name, array in STATE.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == array.tobytes()


def test_a_state_comes_back_bit_for_bit(tmp_path):
    folder = CheckpointFolder(tmp_path / "deep" / "ec", "abc")
    assert folder.load(3) is None
    folder.save(3, {"steps": np.array(1)})
    folder.save(3, STATE)
    _assert_state(pickle.loads(pickle.dumps(folder)).load(3))  # as in a worker
    assert [path.name for path in folder.folder.iterdir()] == ["fold_3.npz"]
    folder.remove()
    assert list((tmp_path / "deep").iterdir()) == []


def test_a_failed_write_leaves_the_last_state(tmp_path):
    folder = CheckpointFolder(tmp_path, "abc")
    folder.save(0, STATE)
    with pytest.raises(ValueError, match="pickle|[Oo]bject"):
        folder.save(0, {"steps": np.array([Trap(tmp_path / "marker")], object)})
    _assert_state(folder.load(0))


def _text(path):
    path.write_text("a checkpoint\n")


def _nothing(path):
    path.write_bytes(b"")


def _folder(path):
    path.mkdir()


def _pickled(path):
    path.write_bytes(pickle.dumps(Trap(path.with_name("marker"))))


def _pickled_in_the_archive(path):
    write_checkpoint(path, "abc fold 0", STATE)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more.npy", pickle.dumps(Trap(path.with_name("marker"))))


def _object_array(path):
    with path.open("wb") as file:
        trap = np.array([Trap(path.with_name("marker"))], object)
        np.savez(file, run=np.array("abc fold 0"), vector=trap)


def _object_run(path):
    with path.open("wb") as file:
        np.savez(file, run=np.array([Trap(path.with_name("marker"))], object), **STATE)


def _one_array(path):
    with path.open("wb") as file:
        np.save(file, STATE["vector"])


def _no_run(path):
    with path.open("wb") as file:
        np.savez(file, **STATE)


def _cut(path):
    write_checkpoint(path, "abc fold 0", STATE)
    path.write_bytes(path.read_bytes()[:-200])


def _flipped_bit(path):
    write_checkpoint(path, "abc fold 0", STATE)
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)


def _huge(path):
    """A header that requests more memory than is available."""
    write_checkpoint(path, "abc fold 0", STATE)
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999,), }\n"
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more.npy", content)


STRANGE = [
    _text, _nothing, _folder, _pickled, _pickled_in_the_archive, _object_array, _object_run,
    _one_array, _no_run, _cut, _flipped_bit, _huge,
]  # fmt: skip


@pytest.mark.parametrize("make", STRANGE)
def test_what_is_not_a_checkpoint_is_ignored_with_one_line(tmp_path, make, capsys):
    path = tmp_path / "fold_0.npz"
    make(path)
    with pytest.raises(DataError, match="fold_0.npz: file: found an unreadable file"):
        read_checkpoint(path, "abc fold 0")
    assert CheckpointFolder(tmp_path, "abc").load(0) is None
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{path}: file: found an unreadable file (")
    assert line.endswith("expected a checkpoint; training starts again")
    assert not (tmp_path / "marker").exists()


@pytest.mark.parametrize("cut", np.random.default_rng(4).integers(0, 14000, 40).tolist())
def test_a_truncated_file_is_ignored(tmp_path, cut):
    path = tmp_path / "fold_0.npz"
    write_checkpoint(path, "abc fold 0", STATE)
    content = path.read_bytes()
    path.write_bytes(content[: cut % len(content)])
    assert CheckpointFolder(tmp_path, "abc").load(0) is None


@pytest.mark.parametrize("other", [("abd", 0), ("abc", 1)])
def test_the_state_of_another_run_or_fold_is_ignored_with_one_line(tmp_path, other, capsys):
    fingerprint, fold = other
    write_checkpoint(tmp_path / "fold_0.npz", f"{fingerprint} fold {fold}", STATE)
    assert CheckpointFolder(tmp_path, "abc").load(0) is None
    (line,) = capsys.readouterr().err.splitlines()
    assert "fold_0.npz: run: found a state made with other data, settings, code or versions" in line


def test_the_fingerprinted_code_is_that_of_the_package():
    code = package_sources(fluxprod.networks)
    assert {"training/training.py", "loss.py", "model/mlp.py"} <= set(code)
    assert b"class TrainingState" in code["training/state.py"]
