"""What Apache Otava and asv find in series: one JSON object of name -> values on standard input, of name -> method ->
indices (0-based, the first value after the change) on standard output. Both as their authors publish them, with defaults.

Needs the packages of RIVALS in change-point-rivals.ts, which makes the environment for it.
"""

import json
import sys

from asv.step_detect import detect_steps
from otava.analysis import compute_change_points


def otava(values: list[float]) -> list[int]:
    points, _ = compute_change_points(values)  # Of a list, as its own program passes: of an array it compares wrongly.
    return sorted(int(point.index) for point in points)


def asv(values: list[float]) -> list[int]:
    return sorted(int(left) for left, *_ in detect_steps(values))[1:]


series = json.load(sys.stdin)
json.dump({name: {"otava": otava(values), "asv": asv(values)} for name, values in series.items()}, sys.stdout)
