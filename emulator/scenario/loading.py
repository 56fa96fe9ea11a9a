"""From a file, or a text, to a scenario that can be played."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from emulator.kernel import files
from emulator.scenario import cassettes, fixtures
from emulator.scenario.checking import check
from emulator.scenario.mistakes import Mistake, Place, hint, shown
from emulator.scenario.proofreading import proofread
from emulator.scenario.reading import LARGEST_BYTES, Text, read
from emulator.scenario.story import Scenario, tell

ENDINGS: Final = (".yaml", ".yml", ".json")
_MOST_FILES: Final = 100


def load(path: Path) -> Scenario:
    """The scenario of a file, or a ready one of this name; a `Mistake` says what is wrong."""
    if _is_bare(path) and not path.exists():
        return ready(str(path))
    return _whole(_read_file(path, Place(str(path), 1)), path.stem, _Shelf(path))


def of_bytes(raw: bytes, name: str = "scenario") -> Scenario:
    """The scenario of a text that came from elsewhere. It may include ready scenarios alone."""
    inside = files.scenarios()
    return _whole(read(raw, name), name, _Shelf(inside / name, inside))


def ready(name: str) -> Scenario:
    """A scenario that ships with the emulator, by its name."""
    path = _ready_file(name, Place(name, 1))
    return _whole(_read_file(path, Place(path.name, 1)), path.stem, _Shelf(path))


def ready_files() -> list[Path]:
    """The files of the scenarios that ship with the emulator, by name."""
    return [*below(files.scenarios())]


def below(folder: Path) -> Iterator[Path]:
    """Every scenario file in a folder, by name; what lies in folders of it are parts of others."""
    return iter(sorted(path for path in folder.iterdir() if path.suffix in ENDINGS))


def _is_bare(path: Path) -> bool:
    """Whether this can be the name of a ready scenario rather than that of a file."""
    return len(path.parts) == 1 and not path.suffix


def _ready_file(name: str, at: Place) -> Path:
    known = {path.stem: path for path in ready_files()}
    name = name.rpartition(".")[0] if name.endswith(ENDINGS) else name
    if name not in known:
        raise Mistake(at, f"No ready scenario is called {shown(name)}.{hint(name, known)}")
    return known[name]


class _Shelf:
    """Where the files of one scenario lie. inside: the folder they may not leave, if any."""

    def __init__(self, path: Path, inside: Path | None = None) -> None:
        self.inside = inside
        self.open: list[Path] = [path.resolve()]
        self.count = 0

    def include(self, text: Text, index: int, then: Callable[[Text, str], Scenario]) -> Scenario:
        """A file that another one includes."""
        name = text.value["include"][index]
        at = text.place(("include", index))
        if "\0" in name:
            raise Mistake(at, f"{shown(name)} cannot be read: no such name.")
        path = (self.open[-1].parent / name).resolve()
        if _is_bare(Path(name)) and not path.exists():
            path = _ready_file(name, at).resolve()
        if path in self.open:
            chain = " → ".join(each.name for each in [*self.open, path])
            raise Mistake(at, f"This file includes itself: {chain}.")
        if self.inside and not path.is_relative_to(self.inside.resolve()):
            raise Mistake(at, "Only ready scenarios can be included here.")
        self.count += 1
        if self.count > _MOST_FILES:
            raise Mistake(at, f"More than {_MOST_FILES} files are included.")
        self.open.append(path)
        found = then(_read_file(path, at, str(Path(text.name).parent / name)), path.stem)
        self.open.pop()
        return found


def _whole(text: Text, name: str, shelf: _Shelf) -> Scenario:
    found = _tell(text, name, shelf)
    proofread(found)
    return found


def _tell(text: Text, name: str, shelf: _Shelf) -> Scenario:
    if fixtures.is_one(text):
        return fixtures.tell(text, name)
    if cassettes.is_one(text):
        return cassettes.tell(text, name)
    if not isinstance(text.value, dict):
        raise text.mistake("A scenario is a hash with `about` and `given`, `when` and `then`.")
    check(text)
    first = [
        shelf.include(text, index, lambda inner, stem: _tell(inner, stem, shelf))
        for index in range(len(text.value.get("include", ())))
    ]
    return tell(text, name, (*first,))


def _read_file(path: Path, at: Place, name: str = "") -> Text:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except IsADirectoryError:
        raise Mistake(at, f"{path.name} is a folder, not a file.") from None
    except OSError as problem:
        raise Mistake(at, f"{path.name or path} cannot be read: {problem.strerror}.") from None
    return read(raw, name or at.file)
