"""Git repositories that tests make, with keys wherever one can be."""

import os
import subprocess
from pathlib import Path


class Repo:
    """A repository to write into; each commit is a second later than the one before it."""

    def __init__(self, root: Path, *options: str) -> None:
        self.root = root
        self.path = os.fsencode(root)
        self._second = 0
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main", *options)
        self.git("config", "user.name", "A")
        self.git("config", "user.email", "a@example.org")

    def git(self, *arguments: str, data: bytes | None = None) -> str:
        """Run git here and return what it prints, without the line's end."""
        self._second += 1
        date = f"2026-01-01T00:{self._second // 60:02d}:{self._second % 60:02d}+00:00"
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=os.environ | dates,
            input=data,
            check=True,
            capture_output=True,
        )
        return os.fsdecode(done.stdout).rstrip("\n")

    def write(self, name: str, text: str) -> None:
        """Write a file of the work tree."""
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "surrogateescape"))

    def commit(self, name: str, text: str, *, message: str = "m") -> str:
        """Write a file, commit all there is and return the commit's name."""
        self.write(name, text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.head()

    def remove(self, name: str) -> str:
        """Remove a file, commit that and return the commit's name."""
        self.git("rm", "--quiet", name)
        self.git("commit", "--quiet", "--message", "removed")
        return self.head()

    def head(self) -> str:
        """Return the name of the last commit."""
        return self.git("rev-parse", "HEAD")

    def orphan(self, text: str) -> str:
        """Write a blob that nothing refers to and return its name."""
        return self.git("hash-object", "-w", "--stdin", data=text.encode())

    def object_file(self, name: str) -> Path:
        """Return the file of a loose object."""
        return self.root / ".git" / "objects" / name[:2] / name[2:]

    def state(self) -> dict[str, bytes]:
        """Return every file of the git directory with its content."""
        files = (file for file in (self.root / ".git").rglob("*") if file.is_file())
        return {str(file): file.read_bytes() for file in files}
