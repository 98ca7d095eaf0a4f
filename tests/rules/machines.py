"""Made-up machines that pass small objects around, in both query languages; some paths lead nowhere."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

__all__ = ["VALUES", "machines"]

NAMES = st.sampled_from("abc")
VALUES = st.recursive(
    st.sampled_from([1, "text", None, True]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=5,
)
PLACES = st.sampled_from([".a", ".b", ".a.b", ".c.a", ".a[0]", "[0].b", "[1]", "[0]['a']"])
PATHS = st.one_of(
    st.just("$"),
    PLACES.map("${}".format),
    st.sampled_from(["$.a[*].b", "$..a", "$.b[?(@.a)]", "$['a','b']", "$.c.length()", "$$.State.Name"]),
    PLACES.map("$v{}".format),
)
PLAIN = st.sampled_from(["$", "$.a", "$.b", "$.a.b", "$.c"])
CALLS = PATHS.map("States.JsonToString({})".format) | PATHS.map("States.Array({}, 1)".format)
TEMPLATES = st.dictionaries(
    NAMES, st.tuples(st.just(""), VALUES) | st.tuples(st.just(".$"), PATHS | CALLS), max_size=3
).map(lambda fields: {name + suffix: value for name, (suffix, value) in fields.items()})
EXPRESSIONS = st.sampled_from(
    [
        *("$states.input", "$states.input.a", "$states.input.a.b", "$states.input.c.a", "$v", "$v.a"),
        *("$states.input.a[0]", "$count($states.input.a)", "$exists($v.b)", "$states.context.State.Name"),
    ]
).map("{{% {} %}}".format)
OUTPUTS = st.recursive(
    VALUES | EXPRESSIONS,
    lambda inner: st.dictionaries(NAMES, inner, max_size=2) | st.lists(inner, max_size=2),
    max_leaves=4,
)
RESULT_PATHS = st.sampled_from(["$", None, "$.a", "$.b.c", "$.c"])
COMPARISONS = st.one_of(
    st.tuples(PATHS, st.booleans()).map(lambda test: {"Variable": test[0], "IsPresent": test[1]}),
    PATHS.map(lambda path: {"Variable": path, "IsString": True}),
    st.tuples(PATHS, PATHS).map(lambda both: {"Variable": both[0], "NumericEqualsPath": both[1]}),
)
RULES = st.one_of(
    COMPARISONS,
    COMPARISONS.map(lambda rule: {"Not": rule}),
    st.lists(COMPARISONS, min_size=1, max_size=2).map(lambda rules: {"And": rules}),
    st.lists(COMPARISONS, min_size=1, max_size=2).map(lambda rules: {"Or": rules}),
)
CONDITIONS = st.sampled_from(
    [
        "$states.input.a = 1",
        "$exists($states.input.b)",
        "$v.a = 1",
        "$exists($v)",
        "$count($states.input.a) > 0",
    ]
).map("{{% {} %}}".format)
KINDS = ["Pass", "Pass", "Task", "Choice", "Wait", "Succeed", "Parallel", "Map"]


@st.composite
def machines(draw: st.DrawFn, name: str = "S", depth: int = 0) -> dict[str, Any]:
    """A machine whose loops all go through a Task; ``name`` begins the names of its states."""
    count = draw(st.integers(1, 5 if depth == 0 else 2))
    names = [f"{name}{at}" for at in range(count)]
    kinds = KINDS if depth < 2 else KINDS[:-2]
    states = {}
    for at, each in enumerate(names):
        kind = draw(st.sampled_from(kinds))
        after = names[at + 1 :]
        state = draw(_in_jsonata(kind) if draw(st.integers(0, 3)) == 0 else _in_jsonpath(kind))
        if kind in ("Parallel", "Map"):
            inside = [draw(machines(f"{each}.{index}-", depth + 1)) for index in range(2)]
            state |= {"Branches": inside} if kind == "Parallel" else {"ItemProcessor": inside[0]}
        if kind == "Choice":
            if not after:
                state = {"Type": "Succeed"}
            for rule in (state, *state.get("Choices", ())):
                rule["Next" if rule is not state else "Default"] = (
                    draw(st.sampled_from(after)) if after else ""
                )
            if not after:
                del state["Default"]
        elif kind != "Succeed":
            targets = names if kind == "Task" else after
            target = draw(st.none() | st.sampled_from(targets)) if targets else None
            state |= {"End": True} if target is None else {"Next": target}
            for catcher in state.get("Catch", ()):
                catcher["Next"] = draw(st.sampled_from(after or names))
        states[each] = state
    return {"StartAt": names[0], "States": states}


def _in_jsonpath(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    paths = {"InputPath": PATHS | st.none(), "OutputPath": PATHS | st.none()}
    assign = {"Assign": st.fixed_dictionaries({}, optional={"v.$": PATHS, "w": VALUES})}
    working = {
        "Parameters": TEMPLATES,
        "ResultSelector": TEMPLATES,
        "ResultPath": RESULT_PATHS,
        "Catch": st.lists(
            st.fixed_dictionaries(
                {"ErrorEquals": st.just(["States.ALL"])}, optional={"ResultPath": RESULT_PATHS, **assign}
            ),
            max_size=1,
        ),
    }
    required: dict[str, st.SearchStrategy[Any]] = {"Type": st.just(kind)}
    optional: dict[str, st.SearchStrategy[Any]] = {**paths, **assign}
    match kind:
        case "Pass":
            optional |= {"Parameters": TEMPLATES, "Result": VALUES, "ResultPath": RESULT_PATHS}
        case "Task":
            required["Resource"] = st.just("arn:aws:states:::sqs:sendMessage")
            optional |= {**working, "TimeoutSecondsPath": PLAIN}
        case "Parallel" | "Map":
            optional |= working
            if kind == "Map":
                optional |= {"ItemsPath": PLAIN, "MaxConcurrencyPath": PLAIN}
        case "Choice":
            rule = st.tuples(RULES, st.fixed_dictionaries({}, optional=assign)).map(
                lambda parts: {**parts[0], **parts[1]}
            )
            required["Choices"] = st.lists(rule, min_size=1, max_size=2)
        case "Wait":
            required["Seconds"] = st.just(1)
        case "Succeed":
            del optional["Assign"]
    return st.fixed_dictionaries(required, optional=optional).map(dict)


def _in_jsonata(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    assign = {"Assign": st.fixed_dictionaries({}, optional={"v": OUTPUTS, "w": VALUES})}
    required: dict[str, st.SearchStrategy[Any]] = {"Type": st.just(kind), "QueryLanguage": st.just("JSONata")}
    optional: dict[str, st.SearchStrategy[Any]] = {"Output": OUTPUTS, **assign}
    catch = st.lists(
        st.fixed_dictionaries({"ErrorEquals": st.just(["States.ALL"])}, optional={**optional}), max_size=1
    )
    match kind:
        case "Task":
            required["Resource"] = st.just("arn:aws:states:::sqs:sendMessage")
            optional |= {"Arguments": st.dictionaries(NAMES, OUTPUTS), "Catch": catch}
        case "Parallel":
            optional |= {"Arguments": st.dictionaries(NAMES, OUTPUTS), "Catch": catch}
        case "Map":
            optional |= {"Items": st.lists(VALUES, max_size=2) | EXPRESSIONS, "Catch": catch}
            optional |= {"ItemSelector": st.dictionaries(NAMES, OUTPUTS)}
        case "Choice":
            rule = st.fixed_dictionaries({"Condition": CONDITIONS}, optional={**optional})
            required["Choices"] = st.lists(rule, min_size=1, max_size=2)
        case "Wait":
            required["Seconds"] = st.just(1)
        case "Succeed":
            del optional["Assign"]
    return st.fixed_dictionaries(required, optional=optional).map(dict)
