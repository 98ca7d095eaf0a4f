"""Read YAML text into a value with positions, from the events of libyaml.

CloudFormation's short forms become the long ones: ``!Ref X`` is ``{"Ref": "X"}``, ``!Sub x`` is
``{"Fn::Sub": "x"}``.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from asltool.syntax.json_scan import SyntaxProblem
from asltool.syntax.json_tokens import DEEPEST
from asltool.syntax.model import ABSENT
from asltool.syntax.text import Location
from asltool.syntax.wording import quoted
from asltool.syntax.yaml_scalars import is_disputed, plain_value

__all__ = ["Tree", "read_yaml"]

_MOST_REPEATED = 100_000
"""How many values aliases may repeat, so that a short text cannot become an endless document."""

_SHORT_FORMS = {"!Condition": "Condition", "!Ref": "Ref"} | {
    f"!{name}": f"Fn::{name}"
    for name in (
        *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue", "Join"),
        *("Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform"),
    )
}
_MERGE = object()
"""Stands for the key ``<<``."""

_STANDARD = "tag:yaml.org,2002:"
_KNOWN = frozenset(f"{_STANDARD}{name}" for name in ("bool", "float", "int", "map", "null", "seq", "str"))
_PROPERTIES = re.compile(r"(?:[!&]\S*\s*)*")
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Tree:
    """A value, or `ABSENT` if there is none, the positions of its parts, and the problems of the text."""

    value: Any
    root: Location
    problems: list[SyntaxProblem]
    unknown: frozenset[str] = frozenset()
    """Unquoted placeholders, ``${...}``: values of unknown type where the text is filled in before."""


def read_yaml(text: str) -> Tree:
    """Read YAML text. Never fails: errors are reported as problems."""
    builder = _TreeBuilder(text)
    try:
        builder.run()
    except _Stop as stop:
        start, end = min(stop.start, len(text)), min(stop.end, len(text))
        builder.problems.append(SyntaxProblem(start, end, stop.message, "yaml-syntax-error"))
        return Tree(ABSENT, Location(0, 0), builder.problems)
    return Tree(builder.value, builder.root, builder.problems, frozenset(builder.unknown))


class _Stop(Exception):
    """Reading cannot continue."""

    def __init__(self, message: str, start: int, end: int | None = None) -> None:
        super().__init__(message)
        self.message, self.start, self.end = message, start, start + 1 if end is None else end


@dataclass(slots=True)
class _YamlValue:
    """A value that was read. ``size`` counts the values in it, including those that aliases repeat."""

    value: Any
    node: Location
    size: int = 1


@dataclass(slots=True)
class _OpenCollection(_YamlValue):
    """A mapping or sequence that is still open; ``key`` is the key whose value comes next."""

    tag: str | None = None
    anchor: str | None = None
    key: _YamlValue | None = None
    merged: list[_YamlValue] = field(default_factory=list)


class _TreeBuilder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.value: Any = ABSENT
        self.root = Location(0, 0)
        self.problems: list[SyntaxProblem] = []
        self.open: list[_OpenCollection] = []
        self.anchors: dict[str, _YamlValue | None] = {}
        self.repeated = 0
        self.unknown: set[str] = set()

    def run(self) -> None:
        import yaml

        begin = 1 if self.text.startswith("\ufeff") else 0
        if unreadable := _UNREADABLE.search(self.text, begin):
            raise _Stop(
                "a control character, or half of a character, is not allowed in YAML", unreadable.start()
            )
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(self.text[begin:], Loader=loader):
                handle = getattr(self, f"on_{type(event).__name__}", None)
                if handle is not None and event.start_mark and event.end_mark:
                    handle(event, event.start_mark.index + begin, event.end_mark.index + begin)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            start = mark.index + begin if mark else 0
            if "nesting depth" in str(error.problem):
                self.stop_where_too_deep(start)
            raise _Stop(self.words(error, start), start) from None
        except yaml.YAMLError as error:
            raise _Stop(f"this is not YAML: {error}".partition("\n")[0], 0) from None
        if self.value is ABSENT or (self.value is None and self.root.start == self.root.end):
            size = len(self.text)
            self.problems.append(
                SyntaxProblem(size, size, "there is no definition in this file", "definition-empty")
            )
            self.value = ABSENT

    def stop_where_too_deep(self, start: int) -> NoReturn:
        """Raise our own error instead of libyaml's, whose limit depends on its version.

        libyaml reads ahead, so its error may come before the events that reach our limit. All those events
        come from the text before its error.
        """
        _TreeBuilder(self.text[:start]).run()
        raise _Stop(f"nested deeper than {DEEPEST} levels", start)

    def words(self, error: Any, start: int) -> str:
        """Return libyaml's message with a hint."""
        if self.text[start : start + 1] == "\t":
            return "this is not YAML: lines are indented with spaces, not with tabs"
        context = f" {error.context}" if error.context else ""
        return f"this is not YAML: {error.problem}{context}".replace("'", '"')

    def problem(self, message: str, start: int, end: int, code: str = "yaml-syntax-error") -> None:
        self.problems.append(SyntaxProblem(start, end, message, code))

    # Events

    def on_DocumentStartEvent(self, event: Any, start: int, end: int) -> None:  # noqa: N802 PyYAML's names
        if self.value is not ABSENT:
            raise _Stop("a file can contain only one document", start, max(end, start + 1))

    def on_ScalarEvent(self, event: Any, start: int, end: int) -> None:  # noqa: N802
        tag, start = self.properties(event, start, end)
        part = _YamlValue(event.value, Location(start, end))
        is_key = bool(self.open) and isinstance(self.open[-1].value, dict) and self.open[-1].key is None
        plain = not event.style and tag is None
        if not is_key and (plain or tag in _KNOWN - {f"{_STANDARD}str"}):
            part.value = self.plain(event.value, start, end)
        if is_key and plain and event.value == "<<":
            part.value = _MERGE
        self.close(part, tag, event.anchor)

    def on_AliasEvent(self, event: Any, start: int, end: int) -> None:  # noqa: N802
        if event.anchor not in self.anchors:
            raise _Stop(f"there is no anchor {quoted('&' + event.anchor)} before this alias", start, end)
        part = self.anchors[event.anchor]
        if part is None:
            raise _Stop(f"the anchor {quoted('&' + event.anchor)} contains itself", start, end)
        self.repeated += part.size
        if self.repeated > _MOST_REPEATED:
            raise _Stop(f"aliases repeat more than {_MOST_REPEATED:,} values", start, end)
        node = part.node
        self.attach(
            _YamlValue(part.value, Location(node.start, node.end, None, node.parts, node.stop), part.size)
        )

    def on_MappingStartEvent(self, event: Any, start: int, end: int) -> None:  # noqa: N802
        self.begin({}, event, start, end)

    def on_SequenceStartEvent(self, event: Any, start: int, end: int) -> None:  # noqa: N802
        self.begin([], event, start, end)

    def on_MappingEndEvent(self, event: Any, start: int, end: int) -> None:  # noqa: N802
        done = self.open.pop()
        done.node.stop = end if end > start else self.written_until(done.node, start)
        for merged in done.merged:
            for name, value in merged.value.items():
                if name not in done.value:
                    done.value[name] = value
                    done.node.parts[name] = merged.node.parts[name]
        self.close(done, done.tag, done.anchor)

    on_SequenceEndEvent = on_MappingEndEvent  # noqa: N815

    def written_until(self, node: Location, next_token: int) -> int:
        """Return where a block without brackets ends: before the white space that precedes the next token."""
        return node.start + len(self.text[node.start : next_token].rstrip())

    # Building

    def begin(self, value: dict[str, Any] | list[Any], event: Any, start: int, end: int) -> None:
        tag, start = self.properties(event, start, end)
        if event.anchor:
            self.anchors[event.anchor] = None
        self.open.append(_OpenCollection(value, Location(start, start + 1), tag=tag, anchor=event.anchor))
        if len(self.open) > DEEPEST:
            raise _Stop(f"nested deeper than {DEEPEST} levels", start)

    def properties(self, event: Any, start: int, end: int) -> tuple[str | None, int]:
        """Return the tag that applies, and where the value itself starts, after its tag and anchor."""
        tag = event.tag
        if tag or event.anchor:
            found = _PROPERTIES.match(self.text, start)
            after = found.end() if found else start
            if tag and tag not in _KNOWN and tag not in _SHORT_FORMS and tag != "!":
                written = tag.replace(_STANDARD, "!!")
                self.problem(f"the tag {quoted(written)} is not known", start, start + len(written))
            start = after
        return tag, start

    def plain(self, text: str, start: int, end: int) -> Any:
        try:
            value = plain_value(text)
        except ValueError:
            value = math.inf
        if isinstance(value, float) and not math.isfinite(value):
            what = "JSON has no such number" if text[-1].isalpha() else "the number is too large"
            self.problem(what, start, end)
            return text
        if text[:2] == "${" and text[-1] == "}":
            self.unknown.add(text)
        if is_disputed(text):
            kind = "a boolean" if text.isalpha() else "a number"
            message = f"unquoted {quoted(text)} is a string here but {kind} in YAML 1.1. put it in quotes"
            self.problems.append(SyntaxProblem(start, end, message, "yaml-unclear-scalar", "warning"))
        return value

    def close(self, part: _YamlValue, tag: str | None, anchor: str | None) -> None:
        """Handle a complete value."""
        if tag in _SHORT_FORMS:
            name, inner = _SHORT_FORMS[tag], part.node
            part = _YamlValue(
                {name: part.value},
                Location(inner.start, inner.end, None, {name: inner}, inner.stop),
                part.size + 1,
            )
        if anchor:
            self.anchors[anchor] = part
        self.attach(part)

    def attach(self, part: _YamlValue) -> None:
        if not self.open:
            self.value, self.root = part.value, part.node
            return
        top = self.open[-1]
        top.size += part.size
        if isinstance(top.value, list):
            top.node.parts[len(top.value)] = part.node
            top.value.append(part.value)
        elif top.key is None:
            top.key = part
        else:
            self.member(top, top.key, part)
            top.key = None

    def member(self, top: _OpenCollection, key: _YamlValue, part: _YamlValue) -> None:
        if key.value is _MERGE:
            self.merge(top, key, part)
        elif not isinstance(key.value, str):
            self.problem("a key must be a string", key.node.start, key.node.end)
        else:
            if key.value in top.value:
                self.problem(
                    f"the key {quoted(key.value)} occurs twice in this object",
                    key.node.start,
                    key.node.end,
                    "duplicate-key",
                )
            top.value[key.value] = part.value
            part.node.key = (key.node.start, key.node.end)
            top.node.parts[key.value] = part.node

    def merge(self, top: _OpenCollection, key: _YamlValue, part: _YamlValue) -> None:
        """Handle ``<<``: add the members of one or several mappings that the object does not have itself."""
        each = part.value if isinstance(part.value, list) else [part.value]
        nodes = part.node.parts.values() if isinstance(part.value, list) else [part.node]
        if not all(isinstance(value, dict) for value in each):
            self.problem('"<<" can merge only mappings', key.node.start, key.node.end)
            return
        top.merged += [_YamlValue(value, node) for value, node in zip(each, nodes, strict=True)]
