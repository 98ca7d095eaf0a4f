"""The values of a CloudFormation template that are known before deployment.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from asltool.syntax.sources.cloudformation_functions import is_function

__all__ = ["TemplateValues"]

_NO_VALUE = {"Ref": "AWS::NoValue"}
_REFERENCE = re.compile(r"\$\{([^}!]*)\}")


class TemplateValues:
    """Evaluates intrinsic functions. Unknown values become placeholders such as ``${Name.Arn}``.

    ``known`` has texts by the names that refer to them, such as ``Name``, ``Name.Arn`` and ``AWS::Region``.
    """

    def __init__(
        self, parameters: Mapping[str, Any], mappings: Mapping[str, Any], known: Mapping[str, str]
    ) -> None:
        self._parameters, self._mappings, self._known = parameters, mappings, known

    def filled(self, value: Any) -> Any:
        """Return a value with all functions evaluated, and without ``AWS::NoValue`` members."""
        if (branch := _branch(value)) is not None:
            return self.filled(branch)
        if is_function(value):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.filled(each) for name, each in value.items() if each != _NO_VALUE}
        return (
            [self.filled(each) for each in value if each != _NO_VALUE] if isinstance(value, list) else value
        )

    def text(self, value: Any) -> str:
        """Return the text of a value after deployment, as far as it is known.

        A reference to a parameter is its default; one to a resource is its logical name, as in ``sam local``.
        """
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, dict):
            return str(value)
        if (branch := _branch(value)) is not None:
            return self.text(branch)
        function, argument = next(iter(value.items()), ("", ""))
        made = self._made(function, argument)
        return f"${{{function}}}" if made is None else made

    def _made(self, function: str, argument: Any) -> str | None:
        """Return the text of a function; None if it is known only after deployment."""
        if function == "Ref":
            return self.referred(str(argument))
        if function == "Fn::GetAtt":
            attribute = ".".join(map(str, argument)) if isinstance(argument, list) else str(argument)
            return self._known.get(attribute, f"${{{attribute}}}")
        if function == "Fn::Sub":
            return self._substituted(*((argument or [""])[:2] if isinstance(argument, list) else [argument]))
        if not isinstance(argument, list):
            return None
        if function == "Fn::Join" and argument and isinstance(argument[-1], list):
            return str(argument[0]).join(map(self.text, argument[-1]))
        return self._mapped(argument) if function == "Fn::FindInMap" else None

    def _mapped(self, keys: list[Any]) -> str | None:
        found: Any = self._mappings
        for key in keys:
            found = _object(found).get(self.text(key))
        return None if found is None else self.text(found)

    def _substituted(self, text: Any, own: Any = None) -> str:
        given = _object(own)

        def filled_in(match: re.Match[str]) -> str:
            name = match[1].strip()
            return self.text(given[name]) if name in given else self.referred(name)

        return _REFERENCE.sub(filled_in, str(text))

    def referred(self, name: str) -> str:
        """Return the text that ``Ref`` or ``${Name}`` stands for."""
        if name in self._known:
            return self._known[name]
        default = _object(self._parameters.get(name)).get("Default")
        if isinstance(default, str | int | float):
            return self.text(default)
        return f"${{{name}}}" if "." in name else name


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _branch(value: Any) -> Any:
    """Return the branch of ``Fn::If`` that counts, None for anything else."""
    branches = value.get("Fn::If") if isinstance(value, dict) and len(value) == 1 else None
    if not isinstance(branches, list) or len(branches) != 3:
        return None
    return branches[2] if branches[1] == _NO_VALUE else branches[1]
