"""The pair of orders 5 and 4 of Dormand and Prince (1980), as SciPy has it.

Python steps with it (`integrate`), and it is written into the explorer's script
(`hardwired.models.exports.javascript`); it stands nowhere else.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import RK45

C = np.append(RK45.C, 1.0)
"""When within the step each of the seven slopes is taken."""
A = np.zeros((7, 7))
"""Weights of the earlier slopes for each slope; the last row is the new state."""
A[:6, :5] = RK45.A
A[6, :6] = RK45.B
ERROR = RK45.E
"""Weights of the difference between the two orders."""
P = RK45.P
"""Weights of the interpolant of Shampine (1986): y(t + x h) = y + h K' (P @ [x, x^2, x^3, x^4])."""
