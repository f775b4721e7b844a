"""How git is called so that it does no harm, whatever repository it looks at.

A repository's own configuration can name programs for git to run. The options here turn off those
that a read-only command would reach, keep git from fetching objects that are missing, and from
writing anything. The commands that are used do not run any others: plumbing that prints no diff
has no use for hooks, filters, text conversion, external diffs, pagers or credentials.

This module is on the clean path of ``hexscan staged`` and imports nothing slow.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SAFE_CONFIGURATION = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.untrackedCache=false",
    # Git believes what this file says of a commit's parents and tree, without a look at the commit.
    "core.commitGraph=false",
    # For memory and not for safety. Objects are asked for each beside its base, so that a third of
    # git's own limit is as fast, even where a file of 2 MB has hundreds of versions; 16 MB are not.
    "core.deltaBaseCacheLimit=32m",
    "protocol.allow=never",
    # GIT_GRAFT_FILE below counts as a graft file to warn about.
    "advice.graftFileDeprecated=false",
)

_SAFE_ENVIRONMENT = {
    # Git before 2.45 does not know GIT_NO_LAZY_FETCH: where a partial clone lacks an object, it
    # starts a fetch. This refuses that fetch every protocol before it connects or runs anything.
    # Unlike protocol.allow, no protocol.<name>.allow of the repository overrides it.
    "GIT_ALLOW_PROTOCOL": "-",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM": "1",
    # Grafts give commits other parents than they have. This file takes the place of info/grafts.
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    # Git before 2.34 passes over a ref whose object is not there.
    "GIT_REF_PARANOIA": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}

# Git sets these for its hooks. They would turn a command about one directory to the repository
# that the hook runs in (`git rev-parse --local-env-vars` names them).
_REPOSITORY_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)

# Git sets these for its hooks if it was called with such an option, and paths mean another thing.
_PATH_VARIABLES = (
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
)

VERSION = ("--version",)
"""The arguments that ask git for its version: no repository and no setting has a say in that."""


def command(directory: bytes | None, arguments: Sequence[str]) -> list[str]:
    """Return the command line of a git command in a directory; ``None`` is the current one."""
    if arguments == VERSION:
        return ["git", *VERSION]
    place = [] if directory is None else ["-C", os.fsdecode(directory)]
    options = [part for setting in _SAFE_CONFIGURATION for part in ("-c", setting)]
    return ["git", "--no-pager", *options, *place, *arguments]


def environment(directory: bytes | None, top: bytes | None) -> Mapping[str, str]:
    """Return the environment of a git command; the parameters are those of :class:`Git`."""
    variables = dict(os.environ)
    for name in _PATH_VARIABLES:
        variables.pop(name, None)
    if directory is not None:
        for name in _REPOSITORY_VARIABLES:
            variables.pop(name, None)
    variables.update(_SAFE_ENVIRONMENT)
    if top is not None:
        above = os.path.dirname(top)  # noqa: PTH120 - paths are bytes
        if above != top:
            # Where the repository at `top` is broken, git has to fail: it would go on upwards,
            # and list nothing where an outer repository knows the directory as a submodule.
            variables["GIT_CEILING_DIRECTORIES"] = os.fsdecode(above)
    return variables
