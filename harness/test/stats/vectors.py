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


def tied_hodges_lehmann(differences: list[float], level: float) -> dict[str, float]:
    """With ties R gives no exact interval: the averages are sorted whole, and the ranks' distribution comes from SciPy."""
    d = np.array(differences)
    averages = np.sort([(d[i] + d[j]) / 2 for i in range(len(d)) for j in range(i, len(d))])
    # P(W >= w) of ranks without ties, from SciPy's exact test of a sample whose signed ranks are known.
    def tail(w: int) -> float:
        chosen, left = [], w
        for rank in range(len(d), 0, -1):
            if rank <= left:
                chosen.append(rank)
                left -= rank
        sample = [float(rank if rank in chosen else -rank) for rank in range(1, len(d) + 1)]
        return float(stats.wilcoxon(sample, alternative="greater", method="exact").pvalue)

    total = len(d) * (len(d) + 1) // 2
    k = max(w for w in range(1, total + 1) if w == 1 or tail(total - w + 1) <= (1 - level) / 2)
    return {"estimate": float(np.median(averages)), "low": float(averages[k - 1]), "high": float(averages[total - k])}


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
    long = []
    for n in [20, 35, 50]:
        differences = [float(x) for x in random.normal(0.2, 1, n)]
        p = float(stats.wilcoxon(differences, alternative="greater", method="exact").pvalue)
        long.append({"differences": differences, "p": p})
    tied = []
    for n in [6, 12, 20]:
        for level in [0.9, 0.95]:
            differences = [float(x) for x in random.integers(-3, 5, n)]
            tied.append({"differences": differences, "level": level, **tied_hodges_lehmann(differences, level)})
    shares = []
    for successes, n in [(0, 300), (1, 299), (3, 10), (50, 100), (99, 100), (7, 7)]:
        found = stats.binomtest(successes, n).proportion_ci(0.95, method="exact")
        shares.append({"successes": successes, "n": n, "low": float(found.low), "high": float(found.high)})
    r = subprocess.run(["Rscript", "--version"], check=True, capture_output=True, text=True)
    record = {
        "command": "harness/test/stats/vectors.py",
        "scipy": __import__("scipy").__version__,
        "r": (r.stdout + r.stderr).split("version ")[1].split(" ")[0],
        "signedRank": tests,
        "hodgesLehmann": intervals,
        "benjaminiHochberg": families,
        "signedRankOfMany": long,
        "tiedHodgesLehmann": tied,
        "clopperPearson": shares,
    }
    assert all(math.isfinite(test["p"]) for test in tests)
    Path(__file__).with_name("vectors.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
