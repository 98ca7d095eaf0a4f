"""The Lambda functions of a SAM or CloudFormation template, under the names that definitions use.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from asltool.errors import TasksError
from asltool.integrations.qualified_arns import qualified_arns
from asltool.integrations.resource_arns import RESOURCE_NAMES
from asltool.integrations.template_document import template_document
from asltool.integrations.template_function import Function, template_function
from asltool.integrations.template_values import TemplateValues
from asltool.syntax.arn import partition_of
from asltool.syntax.document import Document
from asltool.syntax.model import Pointer
from asltool.syntax.sources.cloudformation_functions import is_function
from asltool.syntax.sources.template import RESOURCES
from asltool.syntax.text import at

__all__ = [
    "has_functions",
    "machine_name",
    "template_functions",
    "template_resources",
    "template_texts",
]

_FUNCTIONS = {"AWS::Serverless::Function": "CodeUri", "AWS::Lambda::Function": "Code"}
"""Function types, and the field with the code folder for each."""
_MACHINES = {"AWS::Serverless::StateMachine": "Name", "AWS::StepFunctions::StateMachine": "StateMachineName"}
"""State machine types, and the field with the name for each."""
_PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::StackName": "local",
}


def template_functions(path: str) -> tuple[list[tuple[str, Function]], dict[str, str]]:
    """Return (name, function) for every name of every function of a template that runs here, and the others.

    The names of a function are its logical name, its FunctionName, and its placeholders in a definition:
    ``${Name}``, ``${Name.Arn}``, and those from DefinitionSubstitutions. Functions in other languages than
    Python and JavaScript, and those whose code is not in a folder, cannot be called: their names come with
    the reason.

    Raises:
        TasksError: the file is not a template, or has no function.
        OSError: the file cannot be read.
    """
    template = _SamTemplate(path)
    found = dict(template.functions())
    functions = {name: each for name, each in found.items() if not isinstance(each, str)}
    others = {name: each for name, each in found.items() if isinstance(each, str)}
    if not (functions or others):
        nothing = "no AWS::Serverless::Function or AWS::Lambda::Function"
        raise TasksError(f"{path} has no function that can run here: {nothing}")
    known: defaultdict[str, set[str]] = defaultdict(set)
    for name, logical in template.names():
        known[name].add(logical)
    # A placeholder that two state machines use for different functions is ambiguous.
    unique = {name: next(iter(logical)) for name, logical in known.items() if len(logical) == 1}
    return (
        [(name, functions[logical]) for name, logical in unique.items() if logical in functions],
        {name: others[logical] for name, logical in unique.items() if logical in others},
    )


def has_functions(path: str) -> bool:
    """Return whether a file is a template with functions."""
    try:
        return any(template_functions(path))
    except TasksError:
        return False


def template_texts(
    path: str, machine: str, place: tuple[str, str] | None = None
) -> Callable[[str], str | None] | None:
    """Return a function from a placeholder's name to the text that the template fills in for it.

    None if the file is not a CloudFormation template. The text is None if it is known only after deployment.

    Args:
        machine: the state machine's logical name.
        place: the account and region that it is deployed to. With them, the ARNs of its functions and state
            machines are known.
    """
    try:
        template = _SamTemplate(path, place)
    except TasksError:
        return None
    return template.texts_of(machine)


def template_resources(path: str, place: tuple[str, str]) -> Iterator[tuple[Document, Pointer, str, Any]]:
    """Yield the resources of a template, with known values filled in.

    Each has its document, its pointer in it, and its logical name. Values known only after deployment are
    placeholders. A file that is not a template has no resources.

    Raises:
        TasksError: the file has a syntax error.
    """
    document = template_document(path)
    if any(isinstance(at(document.value, pointer), dict) for pointer in RESOURCES):
        template = _SamTemplate(path, place)
        for name, filled in template.filled().items():
            yield document, (*template.pointer, name), name, filled


def machine_name(path: str, machine: str, place: tuple[str, str]) -> str | None:
    """Return the name that a template gives a state machine; None if it gives none. See `template_texts`."""
    try:
        return _SamTemplate(path, place).name_of(machine)
    except TasksError:
        return None


class _SamTemplate:
    """A template with its Globals merged into its functions."""

    def __init__(self, path: str, place: tuple[str, str] | None = None) -> None:
        self._path = path
        self._folder = Path(path).parent
        value = template_document(path).value
        found = [pointer for pointer in RESOURCES if isinstance(at(value, pointer), dict)]
        if not found:
            raise TasksError(f'{path} is not a template: it has no "Resources"')
        self.pointer, resources = found[0], at(value, found[0])
        self._resources = {name: one for name, one in resources.items() if isinstance(one, dict)}
        self._parameters = _object(value.get("Parameters"))
        self._globals = _object(_object(value.get("Globals")).get("Function"))
        self._known = dict(_PSEUDO)
        values = self._values = TemplateValues(self._parameters, _object(value.get("Mappings")), self._known)
        self._text, self._referred = values.text, values.referred
        if place is not None:
            self._known |= dict(zip(("AWS::AccountId", "AWS::Region"), place, strict=True))
            self._known |= {"AWS::Partition": partition_of(place[1])}
            self._known |= dict(self._arns(*place))
            for logical, arn in qualified_arns(self._resources, self._text, self._known):
                self._known[logical] = arn

    def functions(self) -> Iterator[tuple[str, Function | str]]:
        """Yield (logical name, function); if a function cannot be called here, the reason replaces it."""
        for logical, code, properties in self._all():
            try:
                yield logical, template_function(self._folder, logical, code, properties, self._text)
            except TasksError as problem:
                raise TasksError(f'{self._path}: function "{logical}": {problem}') from None

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield (name, logical name) of every function."""
        for logical, _, properties in self._all():
            yield from ((name, logical) for name in (logical, f"${{{logical}}}", f"${{{logical}.Arn}}"))
            if "FunctionName" in properties:
                yield self._text(properties["FunctionName"]), logical
        for one in self._resources.values():
            if str(one.get("Type")) in _MACHINES:
                substitutions = _object(_object(one.get("Properties")).get("DefinitionSubstitutions"))
                yield from ((f"${{{name}}}", _referred(value)) for name, value in substitutions.items())

    def name_of(self, machine: str) -> str | None:
        resource = self._resources.get(machine, {})
        field = _MACHINES.get(str(resource.get("Type")))
        properties = _object(resource.get("Properties"))
        name = self._text(properties[field]) if field in properties else ""
        return name if name and "${" not in name else None

    def _arns(self, account: str, region: str) -> Iterator[tuple[str, str]]:
        """Yield the ARNs of functions and state machines, by the names that refer to them."""
        start = f"arn:{partition_of(region)}"
        for logical, _, properties in self._all():
            name = self._text(properties.get("FunctionName", logical))
            yield f"{logical}.Arn", f"{start}:lambda:{region}:{account}:function:{name}"
        for logical in self._resources:
            if str(self._resources[logical].get("Type")) in _MACHINES:
                name = self.name_of(logical) or logical
                arn = f"{start}:states:{region}:{account}:stateMachine:{name}"
                yield from ((logical, arn), (f"{logical}.Arn", arn), (f"{logical}.Name", name))
        for logical, one in self._resources.items():
            if named := RESOURCE_NAMES.get(str(one.get("Type"))):
                name = self._text(_object(one.get("Properties")).get(named.field, logical))
                arn = named.arn_of(name, (account, region), partition_of(region))
                referred = arn if named.refers_to_arn else name
                yield from ((logical, referred), (f"{logical}.Arn", arn), (f"{logical}.Name", name))

    def filled(self) -> dict[str, Any]:
        return {name: self._values.filled(one) for name, one in self._resources.items()}

    def texts_of(self, machine: str) -> Callable[[str], str | None]:
        properties = _object(self._resources.get(machine, {}).get("Properties"))
        substitutions = _object(properties.get("DefinitionSubstitutions"))

        def text_of(name: str) -> str | None:
            if name in substitutions:
                made = self._text(substitutions[name])
            elif name in self._resources or name in self._parameters or name in self._known:
                made = self._referred(name)
            else:
                return None
            return None if "${" in made else made

        return text_of

    def _all(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Yield (logical name, field with the code's place, properties) of every function."""
        for logical, one in self._resources.items():
            kind = str(one.get("Type"))
            if kind in _FUNCTIONS:
                own = _object(one.get("Properties"))
                shared = self._globals if kind.startswith("AWS::Serverless") else {}
                yield logical, _FUNCTIONS[kind], _merged(shared, own)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _merged(shared: Any, own: Any) -> Any:
    """Return a function's properties with the objects of Globals merged in, as SAM does."""
    if not isinstance(shared, dict) or not isinstance(own, dict) or is_function(shared) or is_function(own):
        return own
    both = {name: _merged(shared[name], own[name]) for name in shared.keys() & own.keys()}
    return {**shared, **own, **both}


def _referred(value: Any) -> str:
    """Return the logical name of the resource that a substitution refers to."""
    argument = next(iter(_object(value).values()), "")
    first = argument[0] if isinstance(argument, list) and argument else argument
    return str(first).strip("${}").partition(".")[0]
