"""Which commits are to be looked through for what was found: read in the trees of packs."""

from collections.abc import Collection
from functools import partial

from hexscan.config import Config
from hexscan.sources.git.commits import Commits
from hexscan.sources.git.families import Batch
from hexscan.sources.git.packs import Packs
from hexscan.sources.git.repository import Repository
from hexscan.sources.git.touched import Links, has_links, link_reader, touched
from hexscan.workers.pool import Lost, Pool
from hexscan.workers.processors import available

_WORTH_IT = 4096
"""Git looks through so many commits in the time that it takes to read all trees."""

_MOST_BYTES = 1 << 26
"""So much is kept of what trees link to; if there is more git looks through all commits."""


def touching(
    repository: Repository,
    packs: Packs,
    blobs: Collection[str],
    config: Config,
    commits: Commits,
) -> Commits:
    """Return those of some commits that may have touched blobs, or names that may hold a key."""
    if len(commits) < _WORTH_IT:
        return commits
    links = _links(repository, packs, blobs, config)
    return commits if links is None else touched(commits, links)


def _links(
    repository: Repository, packs: Packs, blobs: Collection[str], config: Config
) -> list[Links] | None:
    """Return what trees and commits link to; ``None`` if that is too much or not to be read."""
    make = partial(link_reader, repository, blobs)
    units = ((None, batch) for batch in packs.batches() if has_links(batch))
    read: list[Links] = []
    size = 0
    pool: Pool[None, Batch] = Pool(make, config.jobs or available(), fork=config.forks)
    with pool:
        for _, _, links in pool.run(units):
            if links is None or isinstance(links, Lost):
                return None
            read.append(links)
            size += sum(map(len, links))
            if size > _MOST_BYTES:
                return None
    return read
