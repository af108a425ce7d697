"""The figures of the chapters: ``SLUG`` holds drawings, ``SLUG_data`` what is drawn from data.

Where there is much of it, ``SLUG_models`` holds what is drawn from runs of models.
No number is made here: studies come from `hardwired.evidence`, curves from `hardwired.models`.
"""
