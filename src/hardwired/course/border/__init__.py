"""The border: whatever a student chose is read in a process of its own, with limits.

A file's name, a zip, a notebook, and every byte that a sandbox sends back may be hostile.
A worker (:mod:`~.worker`) with limits of processor time and memory lists, reads, parses, decodes
and compares them (:mod:`~.tasks`); the trusted side (:mod:`~.guard`) sends it work, holds the
clock, and gets back plain JSON in which every text is clean (:mod:`~.text`). Any exception, limit
or death of a worker settles the one file that it was at, with a reason, and no other.
Nothing of a gradebook, a roster's key or a sandbox lives here.
"""
