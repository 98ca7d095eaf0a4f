"""Values that never change."""

from __future__ import annotations

from typing import ClassVar

import pytest

from asltool.syntax.frozen import Frozen


class Point(Frozen):
    kind: ClassVar[str] = "point"

    x: int
    y: int = 0


class Place(Point):
    name: str | None = None


def test_fields_are_those_of_the_bases_too() -> None:
    place = Place(x=1, name="here")
    assert (place.x, place.y, place.name, place.kind) == (1, 0, "here", "point")
    assert repr(place) == "Place(x=1, y=0, name='here')"


def test_equal_are_values_of_one_class_with_equal_fields() -> None:
    assert Point(x=1) == Point(y=0, x=1)
    assert hash(Point(x=1)) == hash(Point(y=0, x=1))
    assert Point(x=1) != Point(x=2)
    assert Point(x=1) != Place(x=1)


@pytest.mark.parametrize("values", [{}, {"x": 1, "z": 2}])
def test_a_field_that_is_missing_or_unknown(values: dict[str, int]) -> None:
    with pytest.raises(TypeError, match=r"Point has other fields: [xz] "):
        Point(**values)


def test_nothing_changes() -> None:
    point = Point(x=1)
    with pytest.raises(AttributeError, match="Point never changes"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Point never changes"):
        del point.x
    assert point == Point(x=1)
