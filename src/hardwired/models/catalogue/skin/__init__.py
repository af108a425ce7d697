"""Chapter 3: a skin that can switch to psoriasis, glands that grow under stress, barrier repair."""

from hardwired.models.catalogue.skin.plaque import (
    CLEARING,
    HEALTHY,
    PHOTOTHERAPY,
    PSORIASIS,
    PSORIATIC,
    UVB_DAYS,
    UVB_DOSES,
)
from hardwired.models.catalogue.skin.stress import (
    BARRIER,
    GLANDS,
    POINTS_READING,
    RELATIVE_READING,
    share_of_speed,
)

MODELS = (PSORIASIS, PHOTOTHERAPY, GLANDS, BARRIER, CLEARING)

__all__ = [
    "BARRIER",
    "CLEARING",
    "GLANDS",
    "HEALTHY",
    "MODELS",
    "PHOTOTHERAPY",
    "POINTS_READING",
    "PSORIASIS",
    "PSORIATIC",
    "RELATIVE_READING",
    "UVB_DAYS",
    "UVB_DOSES",
    "share_of_speed",
]
