"""Writes relabel-vectors.json: what SciPy's exact permutation test says of runs of one cluster, with a margin and without.

python3 -m venv .venv && .venv/bin/pip install scipy==1.16.3 && .venv/bin/python harness/test/stats/relabel-vectors.py
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats

random = np.random.default_rng(20261129)


def p_of(base: list[float], head: list[float], margin: float) -> float:
    """One-sided: head - margin is above base."""

    def difference(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
        return np.mean(a, axis=axis) - np.mean(b, axis=axis)

    found = stats.permutation_test(
        (np.array(head) - margin, np.array(base)),
        difference,
        permutation_type="independent",
        alternative="greater",
        vectorized=True,
        n_resamples=np.inf,
    )
    return float(found.pvalue)


vectors = []
for sizes in [(3, 3), (3, 4), (5, 5), (6, 3)]:
    for margin in [0.0, 0.003, -0.02]:
        base = [float(x) for x in random.normal(0.7, 0.02, sizes[0])]
        head = [float(x) for x in random.normal(0.71, 0.02, sizes[1])]
        vectors.append({"base": base, "head": head, "margin": margin, "p": p_of(base, head, margin)})
record = {"command": "harness/test/stats/relabel-vectors.py", "scipy": __import__("scipy").__version__, "vectors": vectors}
Path(__file__).with_name("relabel-vectors.json").write_text(json.dumps(record, indent=1) + "\n")
