"""Chapter 7: the virus in the body, doses taken and missed, CD4 slopes, and what a hazard means."""

from hardwired.models.catalogue.hiv.people import CD4_SLOPE, HAZARDS
from hardwired.models.catalogue.hiv.virus import ADHERENCE, DECAY, DYNAMICS, WEAK

MODELS = (DYNAMICS, DECAY, ADHERENCE, CD4_SLOPE, HAZARDS)

__all__ = ["ADHERENCE", "CD4_SLOPE", "DECAY", "DYNAMICS", "HAZARDS", "MODELS", "WEAK"]
