import json

import pytest

from fluxprod.core.json_file import parsed_json, write_json


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


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' twice"),
        ("[NaN]", "the number NaN"),
        ("[-Infinity]", "the number -Infinity"),
        ("[" + "1" * 5000 + "]", "the number 1111"),
        ("{", "Expecting property name"),
    ],
)
def test_json_is_read_strictly(text, why):
    with pytest.raises(ValueError, match=why) as error:
        parsed_json(text)
    assert len(str(error.value)) < 100


def test_sound_json():
    assert parsed_json('{"a": [1, -2.5e3, "x"], "b": {"a": null}}') == {
        "a": [1, -2500.0, "x"],
        "b": {"a": None},
    }
