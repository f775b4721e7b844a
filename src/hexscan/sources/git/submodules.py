"""The repositories of submodules: those in a git directory, and those in the work tree itself."""

import os
from collections.abc import Iterator

from hexscan.errors import SourceError
from hexscan.sources.git.gitdir import MODULES, git_dirs
from hexscan.sources.git.index import SUBMODULE
from hexscan.sources.git.repository import Repository, at_git_dir, find

Found = Repository | tuple[bytes, str]


def submodules(repository: Repository) -> Iterator[Found]:
    """Yield the repositories of submodules, and after each one those of its own submodules.

    They live in ``modules`` of a git directory, or that of a linked work tree; those of old gits,
    and those that were added where they stood, in the work tree. For one that git cannot use, its
    path and git's words.
    """
    return _below(repository, {repository.common_dir})


def _below(repository: Repository, known: set[bytes]) -> Iterator[Found]:
    for found in (*_in_git_dirs(repository), *_in_work_tree(repository)):
        if not isinstance(found, Repository):
            yield found
        elif found.common_dir not in known:
            known.add(found.common_dir)
            yield found
            yield from _below(found, known)


def _in_git_dirs(repository: Repository) -> Iterator[Found]:
    for git_dir in git_dirs(repository):
        for folder, names, files in os.walk(git_dir + b"/" + MODULES):
            if b"HEAD" not in files:
                continue
            names.clear()
            try:
                yield at_git_dir(folder, folder, repository.git_version)
            except SourceError as error:
                yield folder, str(error)


def _in_work_tree(repository: Repository) -> Iterator[Found]:
    """Yield what the index has as a submodule and is a repository where it stands."""
    if repository.work_tree is None:
        return
    for path in _gitlinks(repository):
        place = os.path.join(repository.work_tree, path)  # noqa: PTH118 - paths are bytes
        # Not checked out; or a link, which git would not go through either.
        if os.path.islink(place) or not os.path.lexists(place + b"/.git"):  # noqa: PTH114 - bytes
            continue
        try:
            yield find(place)
        except SourceError as error:
            yield place, str(error)


def _gitlinks(repository: Repository) -> list[bytes]:
    found = []
    with repository.git(("ls-files", "--stage", "-z")) as command:
        try:
            for records in command.records():
                found += [
                    record.partition(b"\t")[2] for record in records if record.startswith(SUBMODULE)
                ]
        except SourceError:
            pass  # an index that cannot be read is told where its names are wanted
    return found
