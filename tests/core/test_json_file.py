import json

import pytest

from fluxprod.core.json_file import write_json


def test_content_is_read_back_in_order(tmp_path):
    content = {"b": 1.5, "a": {"text": "Größe", "none": None}}
    write_json(content, tmp_path / "file.json")
    read = json.loads((tmp_path / "file.json").read_text(encoding="utf-8"))
    assert read == content
    assert list(read) == ["b", "a"]


def test_nan_is_refused_and_leaves_no_file(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"a": float("nan")}, tmp_path / "file.json")
    assert list(tmp_path.iterdir()) == []
