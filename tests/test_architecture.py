"""Who may import whom, and dvc.yaml's deps cover what a stage imports."""

import ast
import functools
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "fluxprod"
GROUND = {
    "citation", "errors", "grid", "map_panel", "provenance", "radiation", "regions", "scores",
    "time_axis", "units", "variables", "worker",
}  # fmt: skip
FOLDERS = {
    "readers", "writers", "synthetic", "geography", "towers", "drivers", "inversions", "bridge",
    "networks", "evaluation", "product", "verification",
}  # fmt: skip
CARRIERS = {"params", "params_beside", "params_file"}
ANYONE_MAY_USE = {"fluxprod.writers.whole_file"}
# they carry values from params.yaml, which DVC compares itself
NOT_IN_DEPS = {"fluxprod.stages._run", "fluxprod.params", "fluxprod.params_file"}
HOMES = {
    "torch": {"networks"},
    "sklearn": {"bridge", "evaluation"},
    "numba": {"bridge", "networks"},
    "matplotlib": {"evaluation", "map_panel", "product"},
    "altair": {"evaluation"},
    "vl_convert": {"evaluation"},
    "rocrate": set(),
    "yaml": {"params_file", "readers"},
}
WRITES = {"to_netcdf", "to_zarr", "to_csv", "write_text", "write_bytes", "savefig", "savez"}
READS = {"open_dataset", "open_zarr", "read_csv", "read_text", "read_bytes", "read_excel"}
# outside outs, which DVC removes before a stage runs: a killed training goes on from them
NEITHER_DEP_NOR_OUT = {("train", "--checkpoints", "data/interim/${source}/checkpoints/${key}")}
DISK = {"readers", "writers", "stages", "params_file", "cli"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(name):
    """Folder or ground file of a module: fluxprod.<part>.…"""
    return name.split(".")[1] if "." in name else ""


@functools.cache
def imports(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def own(path):
    known = {name_of(module) for module in MODULES}
    return {name for name in imports(path) if name in known and name.count(".")}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_one_way(path):
    part = part_of(name_of(path))
    for name in own(path) - ANYONE_MAY_USE:
        other = part_of(name)
        if part in GROUND:
            assert other in GROUND, f"a ground file imports {name}"
        elif part in FOLDERS:
            assert other in GROUND | {part}, f"{part} imports {name}"
        elif other in CARRIERS | {"stages"}:
            assert part in CARRIERS | {"stages", "cli"}, f"{part} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_heavy_libraries_have_one_home(path):
    roots = {name.split(".")[0] for name in imports(path)}
    part = part_of(name_of(path))
    for library, homes in HOMES.items():
        if library in roots:
            assert part in homes | {"cli"}, f"{library} in {part}"


def test_every_part_is_known():
    parts = {part_of(name_of(path)) for path in MODULES} - {""}
    assert parts - GROUND - FOLDERS - CARRIERS - {"stages", "cli", "__main__"} == set()


def test_init_files_are_empty():
    assert [path for path in PACKAGE.rglob("__init__.py") if path.read_text()] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_readers_and_writers_touch_the_disk(path):
    part = part_of(name_of(path))
    if part in DISK or path.name.startswith("native_") or path.name == "reference.py":
        return
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert calls & (WRITES | READS) == set()


def closure(path):
    """Modules that a stage reaches, without the carriers of parameters."""
    reached, todo = set(), [path]
    while todo:
        for name in own(todo.pop()):
            module = ROOT.joinpath(*name.split(".")).with_suffix(".py")
            if module.exists() and module not in reached and name not in NOT_IN_DEPS:
                reached.add(module)
                todo.append(module)
    return reached | {path}


STAGES = {
    stage: body.get("do", body)
    for stage, body in yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"].items()
}


@pytest.mark.parametrize(("stage", "body"), list(STAGES.items()), ids=list(STAGES))
def test_deps_cover_the_imports(stage, body):
    assert f"python -m fluxprod.stages.{stage} " in body["cmd"]
    deps = [ROOT / dep for dep in body["deps"] if dep.startswith("fluxprod")]
    for dep in deps:
        assert dep.exists(), f"{stage}: {dep} is no file"
        # provenance hashes the code of other stages
        assert dep != PACKAGE or stage == "provenance", f"{stage}: any change would rerun it"
    reached = closure(PACKAGE / "stages" / f"{stage}.py")
    missing = [
        str(module.relative_to(ROOT))
        for module in sorted(reached)
        if not any(module == dep or dep in module.parents for dep in deps)
    ]
    assert missing == [], f"{stage}: not in deps"
    idle = [str(dep) for dep in deps if not any(m == dep or dep in m.parents for m in reached)]
    assert idle == [], f"{stage}: in deps but not imported"


@pytest.mark.parametrize(("stage", "body"), list(STAGES.items()), ids=list(STAGES))
def test_flags_are_deps_or_outs(stage, body):
    words = body["cmd"].split()
    files = [*body["deps"], *body.get("outs", []), *body.get("metrics", [])]
    known = [next(iter(file)) if isinstance(file, dict) else file for file in files]
    for flag, value in zip(words[3::2], words[4::2]):
        assert flag.startswith("--")
        if value == "${source}":
            assert "source" in body["params"]
            continue
        if (stage, flag, value) in NEITHER_DEP_NOR_OUT:
            continue
        inside = [path for path in known if path == value or path.startswith(value + "/")]
        assert inside, f"{stage}: {flag} {value} is neither dep nor out"
