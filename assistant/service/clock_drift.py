"""Whether the date of the machine was moved while this process lived.

Durations are measured by a clock that only goes forward; what is stored carries a date, and that is the machine's.
"""

import time

from assistant.service.limits import Clock

DAY = 86_400.0


def steady() -> float:
    """Seconds that nobody can set; where the system has such a clock, the sleep of the machine counts too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Drift:
    """How far the date was moved since this object was made."""

    def __init__(self, *, wall: Clock = time.time, steady: Clock = steady) -> None:
        self._wall = wall
        self._steady = steady
        self._begun = wall() - steady()

    def days(self) -> int:
        """Whole days, forward when positive; less than one day (an hour set right, a slow clock) is none."""
        return int((self._wall() - self._steady() - self._begun) / DAY)

    def problem(self) -> str:
        """One French line while the date is not the one that this process began with, else ""."""
        moved = self.days()
        if not moved:
            return ""
        count = f"{abs(moved)}\u00a0jour{'s' if abs(moved) > 1 else ''}"
        return (
            f"L’horloge de la machine a {'avancé' if moved > 0 else 'reculé'} de {count}\u202f: d’ici là, rien n’est "
            "effacé d’office. Remettez-la à l’heure, ou, si elle est juste, redémarrez Guichet."
        )
