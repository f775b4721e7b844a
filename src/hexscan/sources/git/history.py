"""What a repository holds beside its objects: names of refs, the index, files of git's own."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hexscan.blob import NAME, Blob, Origin, Skip
from hexscan.errors import SourceError
from hexscan.matcher import sift
from hexscan.sources.entries import Entries
from hexscan.sources.git.objects import Listing
from hexscan.sources.git.repository import Repository
from hexscan.sources.walk import walk

Item = Blob | Skip
