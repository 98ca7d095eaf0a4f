"""What is known of variables, beside plain mappings that say the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.rules.analysis.known import Known
from asltool.rules.analysis.shapes import NOTHING, UNKNOWN, Shape, join, scalar_of

NAMES = [f"v{at}" for at in range(70)]
SHAPES = [UNKNOWN, scalar_of(("A",)), scalar_of(("B",))]

Plain = dict[str, tuple[Shape, bool]]


def same(known: Known, plain: Plain) -> bool:
    return (
        {name for name in NAMES if name in known} == plain.keys()
        and all((known.get(name), known.is_certain(name)) == value for name, value in plain.items())
        and known.is_unknown == all(shape.anything for shape, _ in plain.values())
    )


def both(one: Plain, other: Plain) -> Plain:
    nothing = (NOTHING, False)
    pairs = {name: (one.get(name, nothing), other.get(name, nothing)) for name in {**one, **other}}
    return {name: (join(mine[0], theirs[0]), mine[1] and theirs[1]) for name, (mine, theirs) in pairs.items()}


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.data())
def test_it_says_what_mappings_say(data: st.DataObject) -> None:
    made: list[tuple[Known, Plain]] = [(Known(), {})]
    for _ in range(data.draw(st.integers(1, 12))):
        known, plain = data.draw(st.sampled_from(made))
        kind = data.draw(st.sampled_from(["assign", "join", "widen"]))
        if kind == "assign":
            shapes = data.draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(SHAPES), max_size=30))
            made.append(
                (known.assigned(shapes), plain | {name: (shape, True) for name, shape in shapes.items()})
            )
        elif kind == "join":
            other, plain_other = data.draw(st.sampled_from(made))
            made.append((known.joined(other), both(plain, plain_other)))
            assert (made[-1][0] == known) == (made[-1][1] == plain)
        else:
            made.append((known.widened(), {name: (UNKNOWN, certain) for name, (_, certain) in plain.items()}))
        assert same(*made[-1])
    assert same(made[-1][0].nothing(), {})
