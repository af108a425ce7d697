"""Evidence as data: references, claims, studies, tables, and the statistics that recompute them.

Nothing here knows of models, figures or Sphinx.
"""
