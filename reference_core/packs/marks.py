"""Reads a YAML file into plain values and remembers on which line each of them stands."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Route = tuple[str | int, ...]
_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class PackFault:
    """One thing to mend in one file, with the line and what to write instead."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(slots=True)
class MarkedYaml:
    """The content of one file; `line_of` finds the line of a value, or of the nearest thing around it."""

    file: str
    content: Any = None
    faults: list[PackFault] = field(default_factory=list)
    lines: dict[Route, int] = field(default_factory=dict)

    def line_of(self, route: Route) -> int:
        while route and route not in self.lines:
            route = route[:-1]
        return self.lines.get(route, 1)

    def fault(self, route: Route, text: str) -> PackFault:
        """A fault at `route`, which is written in front of the text."""
        where = ".".join(str(part) for part in route)
        return PackFault(self.file, self.line_of(route), f"{where}: {text}" if where else text)


class _Loader(yaml.SafeLoader):
    """Leaves dates as the text that was written, so that one parser of dates judges them all."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> MarkedYaml:
    """The file's values with their lines; what YAML itself refuses becomes a fault."""
    marked = MarkedYaml(file=str(path))
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        if node is not None:
            marked.content = _build(loader, node, (), marked)
    except UnicodeDecodeError:
        marked.faults.append(PackFault(marked.file, 1, "is not UTF-8 text; save it as UTF-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        marked.faults.append(PackFault(marked.file, line, f"is not YAML: {error.problem}"))
    return marked


def _build(loader: _Loader, node: yaml.Node, route: Route, marked: MarkedYaml) -> Any:
    marked.lines.setdefault(route, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(loader, node, route, marked)
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*route, place), marked) for place, item in enumerate(node.value)]
    return loader.construct_object(node)


def _pairs(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    """What a section says, and behind it what `<<: *name` takes over from another and it does not say itself."""
    pairs = [pair for pair in node.value if pair[0].tag != _MERGE]
    for key_node, value_node in node.value:
        if key_node.tag != _MERGE:
            continue
        for other in value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]:
            if not isinstance(other, yaml.MappingNode):
                raise yaml.MarkedYAMLError(
                    problem="<< takes over sections of key: value lines only", problem_mark=key_node.start_mark
                )
            said = {key.value for key, _ in pairs}
            pairs += [pair for pair in _pairs(other) if pair[0].value not in said]
    return pairs


def _build_mapping(loader: _Loader, node: yaml.MappingNode, route: Route, marked: MarkedYaml) -> dict[Hashable, Any]:
    built: dict[Hashable, Any] = {}
    for key_node, value_node in _pairs(node):
        key = loader.construct_object(key_node)
        line = key_node.start_mark.line + 1
        if key in built:
            marked.faults.append(PackFault(marked.file, line, f"{key}: is written twice; keep one of them"))
        marked.lines[(*route, key)] = line
        built[key] = _build(loader, value_node, (*route, key), marked)
    return built
