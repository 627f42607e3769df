"""YAML in which no mapping has a key twice."""

from typing import Any

import yaml


def load_yaml(text: str) -> Any:
    """Parse YAML, of which plain PyYAML would silently keep the last of two equal keys.

    Raises
    ------
    yaml.YAMLError
        If the text is not YAML, is nested too deeply, or a mapping has a key twice.
    """
    try:
        return yaml.load(text, _UniqueKeys)  # noqa: S506 - a SafeLoader
    except RecursionError as error:
        raise yaml.YAMLError("brackets nested too deeply") from error


class _UniqueKeys(yaml.SafeLoader):
    """A safe loader that refuses mappings with duplicate keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Construct a mapping, and check its keys before merges (``<<``) are resolved."""
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for number, key in enumerate(keys):
            if key in keys[:number] and key != "<<":
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key} appears twice", node.start_mark
                )
        return super().construct_mapping(node, deep)
