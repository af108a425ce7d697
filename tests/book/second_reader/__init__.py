"""The second reader's sample: sentences of a chapter drawn by a fixed seed, with verdicts."""
