"""Writes vectors.json: what SciPy and R say of random inputs with and without ties and zeros.

python3 -m venv .venv && .venv/bin/pip install scipy==1.16.3 && .venv/bin/python harness/test/stats/vectors.py
R (the program Rscript) must be on the path for the intervals.
"""

import json
import math
import subprocess
from pathlib import Path

import numpy as np
from scipy import stats

random = np.random.default_rng(20261124)


def signed_rank(differences: list[float]) -> float:
    kept = np.array([d for d in differences if d != 0])
    exact = stats.PermutationMethod(n_resamples=2 ** len(kept))
    return float(stats.wilcoxon(kept, alternative="greater", method=exact).pvalue)


def hodges_lehmann(differences: list[float], level: float) -> dict[str, float]:
    program = (
        f"w <- wilcox.test(c({','.join(map(repr, differences))}), conf.int=TRUE, exact=TRUE, conf.level={level});"
        'cat(sprintf("%.17g %.17g %.17g", w$estimate, w$conf.int[1], w$conf.int[2]))'
    )
    answer = subprocess.run(["Rscript", "-e", program], check=True, capture_output=True, text=True).stdout
    estimate, low, high = map(float, answer.split())
    return {"estimate": estimate, "low": low, "high": high}


def main() -> None:
    tests = []
    for n in [2, 5, 7, 8, 10, 13]:
        for _ in range(4):
            smooth = [float(x) for x in random.normal(0.3, 1, n)]
            coarse = [float(x) for x in random.integers(-2, 4, n)]
            tests += [{"differences": d, "p": signed_rank(d)} for d in (smooth, coarse) if np.count_nonzero(d) > 1]
    intervals = []
    for n in [6, 7, 12, 20, 35, 49]:
        for level in [0.9, 0.95, 0.99]:
            # The least tail of six pairs is 1/64: less than that can't be had, and R warns.
            if 2 * 0.5**n > 1 - level:
                continue
            differences = [float(x) for x in random.standard_t(3, n) * 0.02 + 0.01]
            intervals.append({"differences": differences, "level": level, **hodges_lehmann(differences, level)})
    families = []
    for m in [1, 2, 7, 50]:
        ps = [float(x) for x in random.uniform(0, 1, m) ** 3]
        ps[0] = ps[-1]
        families.append({"ps": ps, "adjusted": [float(x) for x in stats.false_discovery_control(ps, method="bh")]})
    r = subprocess.run(["Rscript", "--version"], check=True, capture_output=True, text=True)
    record = {
        "command": "harness/test/stats/vectors.py",
        "scipy": __import__("scipy").__version__,
        "r": (r.stdout + r.stderr).split("version ")[1].split(" ")[0],
        "signedRank": tests,
        "hodgesLehmann": intervals,
        "benjaminiHochberg": families,
    }
    assert all(math.isfinite(test["p"]) for test in tests)
    Path(__file__).with_name("vectors.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
