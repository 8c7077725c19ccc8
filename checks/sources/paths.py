"""Which files belong to an object, and that none of them lies outside the allowed folders."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from checks.errors import UnreachableData
from checks.location import Location

_MODEL: Final = "{model}"
_ENDINGS: Final = {
    "csv": (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt"),
    "parquet": (".parquet", ".pq"),
}


def find(location: Location, model: str) -> tuple[Path, ...]:
    """The files of the object ``model``, resolved and sorted; at least one.

    A relative path is looked up below every root in order; the first that has files there wins.

    Raises:
        UnreachableData: there is none, or the path or a link leads outside the allowed folders.
    """
    roots = list(dict.fromkeys(root.resolve() for root in location.roots))
    if not roots:
        raise UnreachableData("no folder may be read")
    stated = location.path.replace(_MODEL, model)
    path = _harmless(stated)
    places = [path] if path.is_absolute() else [root / path for root in roots]
    for wanted in places:
        found = {_inside(path, roots, stated) for path in _matches(wanted, location.format)}
        if found:
            return tuple(sorted(found))
    raise UnreachableData(f"no file at {shown(places[0], roots)!r}{_below(places)}")


def _below(places: Sequence[Path]) -> str:
    one = len(places) == 1
    return "" if one else f" below any of the {len(places)} folders of the connection"


def _harmless(stated: str) -> Path:
    """The path, if it does not climb and is no address."""
    path = Path(stated)
    if ".." in path.parts or "\0" in stated or "://" in stated:
        raise UnreachableData(f"path {stated!r} leads outside the allowed folders")
    return path


def format_of(files: Sequence[Path], stated: str | None) -> str:
    """``csv`` or ``parquet``: as stated, else by the files' endings.

    Raises:
        UnreachableData: another format, none that can be told, or several at once.
    """
    if stated is not None:
        if stated.lower() not in _ENDINGS:
            raise UnreachableData(
                f"format {stated!r} is not supported; known: {', '.join(_ENDINGS)}"
            )
        return stated.lower()
    found = {_by_ending(path) for path in files}
    if len(found) == 1 and (format_ := found.pop()) is not None:
        return format_
    raise UnreachableData(f"the format of {files[0].name!r} cannot be told: state csv or parquet")


def shown(path: Path, roots: Sequence[Path]) -> str:
    """``path`` as it may be told: below its root, never with the root's own place."""
    for root in roots:
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name


def _by_ending(path: Path) -> str | None:
    lowered = path.name.lower()
    for format_, endings in _ENDINGS.items():
        if lowered.endswith(endings):
            return format_
    return None


def _matches(wanted: Path, format_: str | None) -> Iterator[Path]:
    if wanted.is_dir():
        yield from _inside_folder(wanted, format_)
    elif wanted.exists():
        yield wanted
    else:
        parts = wanted.parts
        first = next((at for at, part in enumerate(parts) if set("*?[") & set(part)), None)
        if first is not None:
            found = Path(*parts[:first]).glob(str(Path(*parts[first:])))
            yield from (path for path in found if path.is_file())


def _inside_folder(folder: Path, format_: str | None) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
        known = _by_ending(path)
        if path.is_file() and not hidden and known is not None and format_ in {None, known}:
            yield path


def _inside(path: Path, roots: Sequence[Path], stated: str) -> Path:
    real = path.resolve()
    if not any(real.is_relative_to(root) for root in roots):
        raise UnreachableData(f"path {stated!r} leads outside the allowed folders")
    if not real.is_file():
        raise UnreachableData(f"{path.name!r} is no file")
    return real
