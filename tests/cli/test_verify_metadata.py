"""Planted faults of metadata: of the store, and for DataCite."""

import json
import re

from tests.cli.download import STORE, TABLE, sealed, wrong


def test_a_group_that_the_store_leaves_out(run, some):
    folder = some(STORE)
    root = folder / STORE / "zarr.json"
    metadata = json.loads(root.read_text())
    known = metadata["consolidated_metadata"]["metadata"]
    for name in [name for name in known if name.split("/")[0] == "daily"]:
        del known[name]
    root.write_text(json.dumps(metadata))
    found = wrong(run, folder)
    text = r"changed: zarr\.json .*; daily: file: found one that cannot be read"
    assert re.search(text, found[STORE])


def test_another_version_for_datacite(run, some):
    folder = some(TABLE, "datacite.json")
    metadata = json.loads((folder / "datacite.json").read_text())
    (folder / "datacite.json").write_text(json.dumps(metadata | {"version": "9"}))
    sealed(folder, "datacite.json")
    assert re.match("version: found '9', expected ", wrong(run, folder)["datacite.json"])
