"""The library behind *Hardwired*, an open textbook of psychoneuroimmunology.

Rooms: :mod:`hardwired.evidence` (claims, studies, tables, meta-analysis), :mod:`hardwired.models`
(the eight systems as models), :mod:`hardwired.figures` (house style and diagrams),
:mod:`hardwired.pages` (the book's directives), :mod:`hardwired.press` (the PDF) and
:mod:`hardwired.course` (exercises, released and graded). Nothing is imported here, so that
``import hardwired`` stays cheap.
"""

__version__ = "0.1.0"
