"""The only place the emulator learns what time it is.

A world's clock has a mode: `real` follows the machine, `frozen` stands still, `accelerated` runs
`rate` times as fast as the machine. Instants are whole seconds since the epoch, as Stripe reports
them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, Literal

Mode = Literal["real", "frozen", "accelerated"]


# Seconds since the epoch by the machine's own clock.
machine_seconds: Final = time.time
# Seconds that only ever grow, for measuring how long something took.
stopwatch: Final = time.perf_counter


@dataclass(slots=True)
class Clock:
    """A world's time: `base` was the instant when the machine showed `anchor`.

    mode: how time passes; rate: emulated seconds per machine second, used by `accelerated` alone.
    """

    base: float
    anchor: float
    mode: Mode = "real"
    rate: float = 1.0

    @classmethod
    def real(cls) -> Clock:
        now = machine_seconds()
        return cls(now, now)

    @classmethod
    def frozen(cls, at: int) -> Clock:
        return cls(at, machine_seconds(), "frozen")

    def now(self) -> int:
        """The present instant of this world, in seconds."""
        if self.mode == "frozen":
            return int(self.base)
        passed = machine_seconds() - self.anchor
        return int(self.base + (passed * self.rate if self.mode == "accelerated" else passed))

    def move_to(self, instant: float) -> None:
        """Make `instant` the present; the mode stays."""
        self.base, self.anchor = instant, machine_seconds()

    def set_mode(self, mode: Mode, rate: float = 1.0) -> None:
        """Change how time passes from here on, without a jump."""
        self.move_to(self.now())
        self.mode, self.rate = mode, rate
