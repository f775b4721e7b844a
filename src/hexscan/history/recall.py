"""What an earlier run has proved clean, and so need not be read again in this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress

from hexscan.blob import Skip
from hexscan.config import Config
from hexscan.errors import SourceError
from hexscan.finding import Report
from hexscan.history.inventory import Inventory, PackInventory
from hexscan.memory import ids
from hexscan.memory.ids import Difference
from hexscan.memory.places import packed, unpacked
from hexscan.sources.git import history
from hexscan.sources.git.commits import Commits
from hexscan.sources.git.door import Git
from hexscan.sources.git.families import Batch
from hexscan.sources.git.nameless import nameless_file
from hexscan.sources.git.objects import Listing
from hexscan.sources.git.repository import Repository
from hexscan.sources.git.traces import Traces

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import IO

    from hexscan.sources.git.packs import Packs

_FEW = 64
"""One of so many objects may be asked for by name. If there are more it is better to
go through a listing of all, which git makes pack by pack, than to have it look up each."""


class Recall:
    """The memory of a repository in one run: what is left to be read, and what comes of it.

    ``known`` is the number of objects in scope that are passed over; ``running`` ends what is
    started here. Nothing else is asked of it before :meth:`begin`.
    """

    def __init__(
        self, repository: Repository, config: Config, running: ExitStack, *, narrowed: bool
    ) -> None:
        self.known = 0
        self._repository = repository
        self._config = config
        self._running = running
        self._size = repository.name_length // 2
        self._tips: list[bytes] = []
        # Before anything is listed: what the tips reach is in the listing, then.
        self._asked: Git | None = None
        if config.cache_dir and not narrowed:
            self._asked = running.enter_context(history.ask_tips(repository))
        self._inventory: Inventory | PackInventory | None = None
        self._difference: Difference | None = None
        self._narrowed = narrowed
        self._commits = Commits(self._size)
        self._read = _Tally(self._size, keep=narrowed)
        self._seen = 0
        self._unclean: set[bytes] = set()

    def begin(self, packs: Packs | None) -> None:
        """Read which objects are known, and find out or ask git which there are.

        Git is asked where ``packs`` are not to be read without it, and where nothing is known: what
        has been read is compared with its listing then, before anything is believed later.
        """
        repository, self._packs = self._repository, packs
        if self._asked is not None:
            with suppress(SourceError):
                self._tips = history.tips(repository, self._asked)
        from hexscan.memory.memory import Memory  # noqa: PLC0415 - while git lists names

        places = (repository.common_dir, repository.git_dir, repository.work_tree)
        self._memory = Memory(self._config, repository.common_dir, filter(None, places), self._size)
        self._is_kept = self._memory.is_kept
        if self._asked is not None:
            by_itself = packs if self.knows_any else None
            self._inventory = (
                PackInventory(by_itself, self._size)
                if by_itself
                else Inventory(repository, self._running)
            )

    @property
    def notes(self) -> tuple[str, ...]:
        """What kept the memory from being used."""
        return tuple(self._memory.notes)

    @property
    def knows_any(self) -> bool:
        """Whether any object has been read before."""
        return bool(self._memory.record.ids)

    def listing(self, names: IO[bytes] | None, failures: list[Skip]) -> Listing:
        """Return what is to be read: of all objects, or of those named on lines, the unknown."""
        known = self._memory.record.ids
        if not known:
            return Listing(self._repository, names, failures, packs=self._packs)
        if self._inventory is None:
            return Listing(self._repository, names and self._unknown(names), failures)
        difference = self._compared(self._inventory)
        if difference is None:
            return Listing(self._repository, None, failures, packs=self._packs)
        new, listed = difference.new, self._inventory.listed
        self.known = (len(listed) - len(new)) // self._size
        if len(new) * _FEW <= len(listed):
            return Listing(self._repository, self._file_of(self._names(new)), failures)
        # The smaller set: an object of Python's takes seven times the room of an id.
        if len(new) <= len(listed) // 2:
            return Listing(self._repository, None, failures, set(self._names(new)).__contains__)
        old = set(self._names(known))
        return Listing(self._repository, None, failures, lambda name: name not in old)

    def noted(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield batches, and note what is read with them."""
        for batch in batches:
            self._commits.note(batch)
            if self._is_kept:
                self._read.add(batch.names)
            yield batch

    def saw(self, report: Report) -> None:
        """Note by the report of a batch how much was read, and what in it is not clean."""
        self._seen += report.objects
        for finding in (*report.findings, *report.suppressed):
            self._doubt(finding.git.object if finding.git else "")
        for failure in report.failures:
            self._doubt(failure.origin.path.decode("ascii", "replace"))
        if report.policies:
            self._is_kept = False  # something was left out, and who knows of which object

    def whole(self) -> Sequence[bytes]:
        """Return the tips that are known to have everything that they reach.

        They had it when they were noted down: clean objects, of which none has gone since, and
        some that were not clean, which are the same as now.
        """
        return list(self._names(self._memory.record.tips)) if self._goes_on() else ()

    def _goes_on(self) -> bool:
        """Tell whether all objects are there that were, and the same ones are not clean."""
        record, difference = self._memory.record, self._difference
        if difference is None or difference.gone:
            return False
        from hexscan.memory.record import digest_of  # noqa: PLC0415 - as in begin

        return record.others == digest_of(self._unclean)

    def commits(self) -> Commits | None:
        """Return the commits in which anything that was found may have come or gone.

        That is all that have been read, and of the others those that an earlier run has noted.
        ``None`` if that is not known.
        """
        if self._narrowed or not self.known:
            return None if self._narrowed else self._commits
        traces = self.traces()
        if traces is None:
            return None
        touched = (bytes.fromhex(name.decode("ascii")) for name in traces.commits)
        # Those that are not clean themselves have been read once more.
        return self._commits.with_more(b"".join(one for one in touched if one not in self._unclean))

    def traces(self) -> Traces | None:
        """Return what an earlier run has found out of the places of the same objects."""
        # Where a shallow clone is deepened, a commit has parents that it did not have before.
        if self._repository.shallow or not self._goes_on():
            return None
        return unpacked(self._memory.record.places, self._size)

    def keep(self, *, is_whole: bool, traces: Traces | None) -> None:
        """Write down what is clean, behind a run in which no object went unlisted.

        ``is_whole`` is whether every reference was followed, or was seen to be whole before, and no
        object was found to be missing. ``traces`` are those of a placing without hindrance.
        """
        if not self._is_kept or self._seen != self._read.count:
            return
        if self._inventory is None:
            old = self._memory.record
            more = ids.joined(old.ids, self._read.each() - self._unclean, self._size)
            self._memory.keep(old.with_ids(more))
            return
        difference = self._compared(self._inventory)
        # Both listings have to tell the same, or an object came or went between the two.
        if difference is not None and self._read.is_of(difference.new):
            from hexscan.memory.record import Record, digest_of  # noqa: PLC0415 - as in begin

            clean = ids.without(self._inventory.listed, self._unclean, self._size)
            tips = b""
            if is_whole:
                tips = b"".join(self._lasting_tips())
            elif self.whole():
                tips = self._memory.record.tips
            others = digest_of(self._unclean)
            places = packed(None if self._repository.shallow else traces)
            self._memory.keep(Record(clean, tips, others, places))

    def _lasting_tips(self) -> list[bytes]:
        """Return the ids of those tips that there still are, and so were followed."""
        try:
            with history.ask_tips(self._repository) as asked:
                now = set(history.tips(self._repository, asked))
        except SourceError:
            return []
        return [bytes.fromhex(tip.decode("ascii")) for tip in self._tips if tip in now]

    def _names(self, packed: bytes) -> Iterator[bytes]:
        return (one.hex().encode("ascii") for one in ids.apart(packed, self._size))

    def _compared(self, inventory: Inventory | PackInventory) -> Difference | None:
        if self._difference is None:
            self._difference = inventory.compare(self._memory.record.ids)
            self._is_kept &= self._difference is not None
        return self._difference

    def _unknown(self, names: IO[bytes]) -> IO[bytes]:
        unknown = self._file_of(())
        for line in names:
            if self._memory.holds(line.rstrip()):
                self.known += 1
            else:
                unknown.write(line)
        unknown.seek(0)
        return unknown

    def _file_of(self, names: Iterator[bytes] | Sequence[bytes]) -> IO[bytes]:
        file = self._running.enter_context(nameless_file())
        file.writelines(name + b"\n" for name in names)
        file.seek(0)
        return file

    def _doubt(self, name: str) -> None:
        try:
            raw = bytes.fromhex(name)
        except ValueError:
            raw = b""
        if len(raw) == self._size:
            self._unclean.add(raw)
        else:
            self._is_kept = False


class _Tally:
    """What was read: how many objects, and :func:`ids.total` of them; with ``keep`` all of them."""

    def __init__(self, size: int, *, keep: bool) -> None:
        self._size = size
        self._keep = keep
        self._pieces: list[bytes] = []
        self._total = 0
        self._length = 0

    def add(self, piece: bytes) -> None:
        """Note some more ids, packed."""
        self._total += ids.total(piece, self._size)
        self._length += len(piece)
        if self._keep:
            self._pieces.append(piece)

    @property
    def count(self) -> int:
        """The number of objects."""
        return self._length // self._size

    def is_of(self, listed: bytes) -> bool:
        """Tell whether these ids were read, no others and each once."""
        modulus = (1 << 8 * self._size) - 1
        same = self._total % modulus == ids.total(listed, self._size)
        return same and self._length == len(listed)

    def each(self) -> set[bytes]:
        """Return every id by itself."""
        return {one for piece in self._pieces for one in ids.apart(piece, self._size)}
