"""The instructor's page: a server on this machine for the whole week of a course.

`course_folder` says what the folder of a course holds and reads it, `server` starts and is found
again, `safety` decides whom the server answers, `app` puts the pages together, `web` is what every
page module uses, `jobs` runs long commands in the background. A module ``pages_*`` holds the pages
of one part of the week and exports ``ROUTES`` (and ``TABS``: what an exercise's pages are called).

Behind the pages of marking stand `papers` (what there is to mark, for whom in which order),
`entering`, `agreeing` (two markers) and `bank` (comments used again); behind settling `asking`;
behind seeing `seeing` and `trial` (what grading again would change).

No rule about marks lives here: the pages call what the commands call. Not here either: any text of
a student as HTML, any code of a student, any other host.
"""
