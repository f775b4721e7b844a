"""Files that hold files, a format a module: a blob in, the blobs of its members out.

Each format has two functions. ``accepts(head, whole)`` proves from the head of a blob that it is
a container of this format, by decoding its first structure; what only looks like one is bytes
like any other. ``members(blob, budget)`` yields blobs for the members, pieces of the container
that are no member's (so that every byte is in something that is scanned), and skips for what
cannot be read. A blob has to be read before the next one is asked for.
"""
