"""What ``asltool.testing`` lets out."""

from __future__ import annotations

import inspect

import pytest

from asltool import testing


@pytest.mark.parametrize("name", testing.__all__)
def test_every_name_is_there_and_explained(name: str) -> None:
    assert inspect.getdoc(getattr(testing, name))


def test_they_are_sorted_and_no_other_is_let_out() -> None:
    assert testing.__all__ == sorted(testing.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'Other'"):
        _ = testing.Other
