"""The figures of the chapters: ``SLUG`` holds drawings, ``SLUG_data`` what is drawn from data.

No number is made here: studies come from `hardwired.evidence`, curves from `hardwired.models`.
"""
