"""Patterns of ``.gitignore``: the answers are those of ``git check-ignore``."""

from __future__ import annotations

import pytest

from asltool.syntax.sources.patterns import read_pattern, read_patterns


@pytest.mark.parametrize(
    ("line", "yes", "no"),
    [
        ("build", ["build", "a/build"], ["builds", "a/rebuild"]),
        ("/build", ["build"], ["a/build"]),
        ("a/b", ["a/b"], ["x/a/b", "a/b/c"]),
        ("*.json", ["a.json", "x/.json"], ["a.jsonl"]),
        ("a*b*c", ["abc", "axbxc", "abcbc"], ["acb", "abcd"]),
        ("a/*", ["a/b"], ["a", "a/b/c"]),
        ("a/**", ["a/b", "a/b/c"], ["a"]),
        ("**/a/b", ["a/b", "x/y/a/b"], ["ab"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/x/c", "b"]),
        ("a**b", ["ab", "axb", "x/ab"], ["a/b"]),
        ("a?c", ["abc"], ["ac", "a/c"]),
        ("[a-c]", ["b"], ["d", "-"]),
        ("[!a-c]", ["d", "-"], ["b"]),
        ("[]a]", ["]", "a"], ["b"]),
        ("[z-a]", ["z"], ["a", "m", "-"]),
        ("[[:digit:]]x", ["1x"], ["ax", "x"]),
        ("[[:none:]]", [], [":", "n"]),
        ("foo[", [], ["foo[", "foo"]),
        ("node_modules\\", [], ["node_modules", "node_modules\\"]),
        ("\\!a\\*", ["!a*"], ["a*", "!ab"]),
        ("a\\/b", ["a/b"], ["x/a/b"]),
        ("!", [], ["!", ""]),
        ("/", [], ["/", "a"]),
        ("a  ", ["a"], ["a  "]),
        ("a\\ ", ["a "], ["a"]),
    ],
)
def test_matches(line: str, yes: list[str], no: list[str]) -> None:
    pattern = read_pattern(line)
    assert [path for path in [*yes, *no] if pattern.matches(path, is_folder=False)] == yes


def test_folders() -> None:
    pattern = read_pattern("build/")
    assert pattern.matches("a/build", is_folder=True)
    assert not pattern.matches("a/build", is_folder=False)
    assert pattern.covers("a/build/x/y")
    assert not pattern.covers("a/build")


def test_lines() -> None:
    found = read_patterns("\ufeffa\r\n\n# b\n!c\n\\#d\n")
    assert [(pattern.negated, pattern.is_usable) for pattern in found] == [
        (False, True),
        (True, True),
        (False, True),
    ]


@pytest.mark.parametrize("line", ["*a" * 200 + "b", "**/" * 200 + "b", "**/a/" * 100 + "b"])
def test_many_stars_end(line: str) -> None:
    """By the number of steps: with backtracking this would take longer than anyone waits."""
    assert not read_pattern(line).matches("/".join(["a" * 500] * 50), is_folder=False)
