"""Who may import whom, and dvc.yaml's deps cover what a stage imports."""

import ast
import functools
import re
import runpy
from collections import Counter
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "fluxprod"
# rooms of the package, and those whose modules theirs may import
CARRIERS = {"params"}
SCIENCE = {
    *("geography", "towers", "drivers", "inversions", "bridge", "product", "evaluation"),
    "plausibility",
}
PARTS = {"compute", "networks", "pins", "readers", "synthetic", "writers"} | SCIENCE
MAY_IMPORT = {
    "": {"core"} | PARTS,  # the door, which loads names on first use
    "core": set(),
    **dict.fromkeys({"compute", "pins", "readers", "writers"} | SCIENCE, {"core"}),
    **dict.fromkeys(("networks", "synthetic"), {"core", "compute"}),
    "inventory": {"core", "readers"},
    "verify": {"core", "pins", "product", "readers"},
    "plausibility": {"core", "drivers"},
    "release": {"core", "product", "readers", "verify"} | CARRIERS,
    "benchmarks": {"core", "compute", "networks", "readers", "writers"},
    "stages": {"core", "inventory"} | PARTS | CARRIERS,
    "experiments": {"core", "stages"} | PARTS | CARRIERS,
    "cli": {"core", "benchmarks", "inventory", "release", "stages", "verify"} | PARTS | CARRIERS,
    "params": {"core", "benchmarks", "experiments", "evaluation"} | PARTS,
}
# they carry values from params.yaml, which DVC compares itself
NOT_IN_DEPS = {"fluxprod.stages._run", "fluxprod.params", "fluxprod.core.settings"}
HOMES = {
    "torch": {"networks"},
    "sklearn": {"benchmarks", "bridge", "evaluation"},
    "numba": {"bridge", "networks"},
    "matplotlib": {"core", "evaluation", "product"},
    "altair": {"evaluation"},
    "vl_convert": {"evaluation"},
    "rocrate": {"release"},
    "yaml": {"compute", "core", "params", "readers"},
}
WRITES = {"to_netcdf", "to_zarr", "to_csv", "write_text", "write_bytes", "savefig", "savez"}
READS = {"open_dataset", "open_zarr", "read_csv", "read_text", "read_bytes", "read_excel"}
# outside outs, which DVC removes before a stage runs: a killed training goes on from them
NEITHER_DEP_NOR_OUT = {("train", "--checkpoints", "data/interim/${source}/checkpoints/${key}")}
DISK = {
    "cli", "compute", "experiments", "params", "pins", "readers", "release", "stages",
    "verify", "writers",
}  # fmt: skip
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(name):
    """Room of a module: fluxprod.<room>.…"""
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


def test_imports_go_one_way():
    found = {
        (name_of(path), name)
        for path in MODULES
        for name in own(path)
        if room_of(name) not in MAY_IMPORT[room_of(name_of(path))] | {room_of(name_of(path))}
    }
    assert found == set()


def test_heavy_libraries_have_one_home():
    found = {
        (name_of(path), library)
        for path in MODULES
        for library in {name.split(".")[0] for name in imports(path)} & set(HOMES)
        if room_of(name_of(path)) not in HOMES[library] | {"cli"}
    }
    assert found == set()


def test_a_room_says_its_noun_and_its_init_imports_nothing():
    """The door, fluxprod/__init__.py, has tests of its own."""
    for path in PACKAGE.rglob("__init__.py"):
        if path.parent != PACKAGE:
            (docstring,) = ast.parse(path.read_text()).body
            assert isinstance(docstring.value.value, str)


def test_only_rooms_of_files_touch_the_disk():
    found = {
        (name_of(path), call)
        for path in MODULES
        if room_of(name_of(path)) not in DISK
        and name_of(path) != "fluxprod.core.json_file"
        and PACKAGE / "synthetic" / "native" not in path.parents
        and path.name != "reference.py"
        for call in calls(path) & (WRITES | READS)
    }
    assert found == set()


def calls(path):
    """Names of the methods that a module calls."""
    return {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def test_no_room_is_a_hall():
    """One noun, at most twenty files; only stages are as many as the pipeline has."""
    files = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    crowded = {str(room.relative_to(ROOT)): n for room, n in files.items() if n > 20}
    assert set(crowded) <= {"fluxprod/stages"}, crowded


def test_a_class_name_stands_for_one_thing():
    names = Counter(
        node.name
        for path in MODULES
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, n in names.items() if n > 1] == []


def carries_parameters(name):
    """Settings hold values and their limits; DVC compares the values itself."""
    return name in NOT_IN_DEPS or name.endswith((".settings", ".world"))


def closure(path):
    """Modules that a stage reaches, without the carriers of parameters."""
    reached, todo = set(), [path]
    while todo:
        for name in own(todo.pop()):
            module = ROOT.joinpath(*name.split(".")).with_suffix(".py")
            if module.exists() and module not in reached and not carries_parameters(name):
                reached.add(module)
                todo.append(module)
    return reached | {path}


STAGES = {
    stage: body.get("do", body)
    for stage, body in yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"].items()
}


def is_in(module, deps):
    return any(module == dep or dep in module.parents for dep in deps)


def deps_of(body):
    return [ROOT / dep for dep in body["deps"] if dep.startswith("fluxprod")]


def test_deps_cover_the_imports():
    missing, idle = [], []
    for stage, body in STAGES.items():
        assert f"python -m fluxprod.stages.{stage} " in body["cmd"]
        reached, deps = closure(PACKAGE / "stages" / f"{stage}.py"), deps_of(body)
        missing += [(stage, name_of(module)) for module in reached if not is_in(module, deps)]
        idle += [
            (stage, dep) for dep in deps if not any(is_in(module, [dep]) for module in reached)
        ]
    assert missing == []
    assert idle == []


def test_dear_stages_rerun_for_their_own_code_alone():
    """Modules that a dear stage's deps name and its imports do not reach."""
    foreign = {
        stage: sorted(
            name_of(module)
            for module in MODULES
            if module.name != "__init__.py"
            and not carries_parameters(name_of(module))
            and is_in(module, deps_of(STAGES[stage]))
            and module not in closure(PACKAGE / "stages" / f"{stage}.py")
        )
        for stage in ("climate", "vegetation", "train", "forward")
    }
    assert foreign == {"climate": [], "vegetation": [], "train": [], "forward": []}


def test_dvc_yaml_names_rooms():
    assert sum(len(deps_of(body)) for body in STAGES.values()) <= 180
    whole = [stage for stage, body in STAGES.items() if PACKAGE in deps_of(body)]
    assert whole == ["provenance"]  # it hashes the code of other stages


def test_flags_are_deps_or_outs():
    for stage, body in STAGES.items():
        words = body["cmd"].split()
        files = [*body["deps"], *body.get("outs", []), *body.get("metrics", [])]
        known = [next(iter(file)) if isinstance(file, dict) else file for file in files]
        for flag, value in zip(words[3::2], words[4::2]):
            assert flag.startswith("--")
            if value == "${item.constraint}":
                assert STAGES["train"] is body
            elif value == "${source}":
                assert "source" in body["params"]
            elif (stage, flag, value) not in NEITHER_DEP_NOR_OUT:
                inside = [path for path in known if path == value or path.startswith(value + "/")]
                assert inside, f"{stage}: {flag} {value} is neither dep nor out"


def test_the_picture_is_that_of_the_code(tmp_path, monkeypatch):
    """Run ``make architecture`` and commit docs/architecture.svg where it is not."""
    drawing = runpy.run_path(str(ROOT / "docs" / "draw_architecture.py"))
    monkeypatch.setitem(drawing["main"].__globals__, "PICTURE", tmp_path / "drawn.svg")
    drawing["main"]()
    assert (tmp_path / "drawn.svg").read_bytes() == (ROOT / "docs/architecture.svg").read_bytes()


def test_files_and_functions_that_pages_name_exist():
    """Paths of the repository on every page, and the functions after them in the walks."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    gone = []
    for page in pages:
        for path in re.findall(r"\b((?:fluxprod|tests|benchmarks)/[\w/]+\.py)\b", page.read_text()):
            if not (ROOT / path).is_file():
                gone.append((page.name, path))
    walks = (ROOT / "docs" / "architecture.md").read_text().split("## Three walks")[1]
    for walk in walks.split("\n### ")[1:]:
        steps = re.findall(r"^\d\. `(fluxprod/[\w/]+\.py)`: (.*(?:\n   .*)*)", walk, re.MULTILINE)
        assert 5 < len(steps) <= 8
        for path, text in steps:
            code = (ROOT / path).read_text()
            name = re.match(r"`(\w+)`", text)[1]
            if not re.search(rf"^(def|class) {name}\b", code, re.MULTILINE):
                gone.append((path, name))
    assert gone == []
