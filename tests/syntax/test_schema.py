"""The table of fields: whole, annotated everywhere, found wherever asltool is, and good for editors too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from asltool.syntax import schema
from asltool.syntax.explain import EXPLAINERS
from asltool.syntax.schema import definition, schema_file, table
from tests.syntax.cases import CASES

DEFINITIONS: dict[str, dict[str, Any]] = table()["$defs"]


def followed(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    return {**followed(DEFINITIONS[part["$ref"].removeprefix("#/$defs/")]), **part}


def fields() -> Iterator[tuple[str, dict[str, Any], str, dict[str, Any]]]:
    """Yield every field as (object, object's definition, name, field's definition)."""
    for owner, made in DEFINITIONS.items():
        for name, field in made.get("properties", {}).items():
            yield owner, made, name, followed(field)


FIELDS = list(fields())
NAMES = {name for _, _, name, _ in FIELDS}


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(table())


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field[0]}.{field[2]}")
def test_every_field_is_annotated(field: tuple[str, dict[str, Any], str, dict[str, Any]]) -> None:
    _, owner, name, made = field
    assert made["x-kind"] in table()["x-kinds"]
    assert made["x-language"] in ("JSONPath", "JSONata", "both")
    assert made["description"].endswith(".")
    assert made.get("x-instead", name) in NAMES
    assert owner["title"]
    if name in owner.get("required", ()):
        assert "x-missing" in made
    if made["x-language"] == "both":
        assert "x-instead" not in made
    if "pattern" in made:
        assert "x-phrase" in made


def keywords(schema: Any) -> Iterator[str]:
    """Yield the keywords of a definition and of all that is inside."""
    for keyword, value in schema.items() if isinstance(schema, dict) else ():
        yield keyword
        if keyword in ("if", "const") or keyword.startswith("x-"):
            continue
        inside = value.values() if keyword in ("properties", "dependentRequired") else [value]
        for part in inside:
            for each in part if isinstance(part, list) else [part]:
                yield from keywords(each)


def test_every_keyword_that_can_fail_is_explained() -> None:
    used = {keyword for made in DEFINITIONS.values() for keyword in keywords(made)}
    beside = {
        "$ref",
        "allOf",
        "const",
        "description",
        "if",
        "items",
        "properties",
        "propertyNames",
        "then",
        "title",
    }
    assert {keyword for keyword in used - beside if not keyword.startswith("x-")} == set(EXPLAINERS)


def test_every_kind_is_used() -> None:
    assert {made["x-kind"] for _, _, _, made in FIELDS} == set(table()["x-kinds"])


def test_a_language_sees_its_own_fields() -> None:
    jsonata, jsonpath = (
        definition("Task", "JSONata")["properties"],
        definition("Task", "JSONPath")["properties"],
    )
    assert jsonata["ResultPath"] == {
        "x-kind": "reference-path",
        "x-language": "JSONPath",
        "x-instead": "Output",
        "not": {},
    }
    assert jsonpath["Arguments"]["not"] == {}
    assert "allOf" in jsonpath["TimeoutSeconds"]
    assert len(jsonata["TimeoutSeconds"]["anyOf"]) == 2
    assert not any("not" in field for field in definition("Task", None)["properties"].values())


def test_it_serves_editors_as_it_stands() -> None:
    """Only placeholders in the place of numbers and the like are more than the plain schema allows."""
    value = json.loads((CASES / "syntax/structure/near_misses.asl.json").read_text(encoding="utf-8"))
    errors = Draft202012Validator(table()).iter_errors(value)
    assert sorted(error.instance for error in errors) == ["${End}", "${Number}", "${Seconds}", "${Timeout}"]


@pytest.mark.parametrize("installed", ["asltool/schemas", "schemas"])
def test_it_is_found_in_the_package_or_beside_it(
    installed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_PACKAGE", tmp_path / "asltool")
    folder = tmp_path / installed
    folder.mkdir(parents=True)
    (folder / "asl.schema.json").touch()
    assert schema_file() == folder / "asl.schema.json"


def test_a_missing_schema_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_PACKAGE", tmp_path / "asltool")
    with pytest.raises(FileNotFoundError) as caught:
        schema_file()
    inside, beside = (tmp_path / place / "asl.schema.json" for place in ("asltool/schemas", "schemas"))
    assert str(caught.value) == f"the schema is missing. expected it at {inside} or {beside}"
