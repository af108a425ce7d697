"""Python in the page: what is bundled, the worker, and the pages that a reader works on.

``python -m hardwired.live`` copies the built site and adds the interpreter (`interpreter`), the
libraries in parts (`parts`, `library`), their licences (`licences`), and a page for each exercise
(`exercise_page`); `site` puts them together. ``web/`` holds what runs in the browser: ``wasi.js``
(the few system calls, on files in memory), ``worker.js`` (one interpreter), ``python.js`` (the one
border to it), ``notebook.js`` and ``here.js`` (exercises, and the code of a chapter), ``kept.js``
(what was typed). `kernel` is what runs inside: one cell at a time. Not here: grading, and what a
student's notebook holds.
"""
