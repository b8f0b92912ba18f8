"""The files of a content folder and their bytes. Whatever stands there in place of a plain file is told, and nothing is followed
out of the folder.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from articles.text.front_matter import Kind
from articles.text.limits import MAX_BYTES

FOLDERS = {"articles": Kind.ARTICLE, "pages": Kind.PAGE}


def find_files(folder: Path, faults: list[str]) -> Iterator[tuple[Path, Kind]]:
    """Go through the Markdown files under ``folder``; what is not to stand there is added to ``faults``."""
    for name, kind in FOLDERS.items():
        place = folder / name
        if not is_there(place):
            continue
        try:
            is_folder = stat.S_ISDIR(place.stat().st_mode) and not leads_out(place, folder)
            paths = sorted(place.iterdir()) if is_folder else []
        except OSError as error:
            faults.append(f"{shown(place, folder)}:1: cannot be read ({error.strerror}); a folder that may be read")
            continue
        if not is_folder:
            faults.append(f"{shown(place, folder)}:1: not a folder of this content; a folder with a file for each {kind}")
        for path in paths:
            if path.name.startswith("."):
                continue
            if path.suffix == ".md":
                yield path, kind
            else:
                right = "`<slug>.md`, or a place outside this folder"
                faults.append(f"{shown(path, folder)}:1: not a Markdown file; {right}")


def is_there(path: Path) -> bool:
    """Whether anything stands at ``path``, be it a link to nothing, or what may not be looked at."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def leads_out(path: Path, folder: Path) -> bool:
    """Whether what stands at ``path``, or would, is outside the folder, by way of links."""
    try:
        return not path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself
        return True


def shown(path: Path, folder: Path) -> str:
    """Give a path as it is shown in messages: from the content folder on, odd characters written out."""
    return ascii(str(Path(folder.name) / path.relative_to(folder)))[1:-1]


def read_file(path: Path, folder: Path, limit: int = MAX_BYTES) -> bytes:
    """Read a file's bytes, never more than one past ``limit``.

    Raises ValueError in words ("what; right") where it is not a plain file in here.
    """
    if leads_out(path, folder):
        raise ValueError("a link that leads out of the folder; a plain file")
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ValueError("not a plain file; a text file")
            return file.read(limit + 1)
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror}); a plain file that may be read") from None
