"""Select one definition of a file: ``FILE`` if it has only one, or ``FILE#Name``."""

from __future__ import annotations

import os

from asltool.errors import DefinitionError
from asltool.expr.encodings import bytes_of
from asltool.syntax.decoding import decode
from asltool.syntax.document import Document
from asltool.syntax.model import ABSENT
from asltool.syntax.reader import read_all
from asltool.syntax.wording import expected, quoted

__all__ = ["all_of", "choose", "split"]


def split(source: str) -> tuple[str, str | None]:
    """Split ``FILE#Name`` into file and name; an existing file with that whole name is not split."""
    file, sharp, name = source.rpartition("#")
    return (file, name) if sharp and file and not os.path.exists(source) else (source, None)


def choose(source: str) -> Document:
    """Return the definition that ``FILE`` or ``FILE#Name`` selects, also one that a template refers to.

    Raises:
        DefinitionError: there is no definition, or there are several and no name selects one.
        OSError: the file cannot be read.
    """
    found = all_of(source)
    if len(found) == 1:
        return found[0]
    file, _ = split(source)
    names = ", ".join(quoted(f"{file}#{document.name or document.address}") for document in found)
    raise DefinitionError(f"{file} has {len(found)} state machines. name one of them: {names}")


def all_of(source: str) -> list[Document]:
    """Return the definitions that ``FILE`` or ``FILE#Name`` selects, at least one.

    Raises:
        DefinitionError: there is no definition. OSError: the file cannot be read.
    """
    file, name = split(source)
    text = decode(bytes_of(file), file)
    if name is None and "${file(" not in text:
        found = read_all(text, file)
        if len(found) == 1 and isinstance(found[0], Document) and not found[0].name:
            return [found[0]]
    return _named(file, name)


def _named(file: str, name: str | None) -> list[Document]:
    from asltool.syntax.sources.files import open_all
    from asltool.syntax.sources.named import find

    opened = open_all(find([file]))
    documents = [document for each in opened for document in each.documents]
    read = [document for document in documents if document.value is not ABSENT]
    if name is not None:
        named = [document for document in documents if name in (document.name, document.address)]
        if not named:
            names = [document.name for document in documents if document.name]
            listed = f". {expected(name, names)}" if names else ""
            raise DefinitionError(f"{file} has no state machine {quoted(name)}{listed}")
        return named
    if read or documents:
        return read or documents
    problems = [problem for each in opened for problem in each.problems]
    said = "".join(f"\n{problem}" for problem in problems)
    raise DefinitionError(f"{file} has no state machine{said}", problems)
