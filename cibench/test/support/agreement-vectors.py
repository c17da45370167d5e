"""Writes agreement-vectors.json: what SciPy, scikit-learn and krippendorff say of random inputs with and without ties.

python3 -m venv .venv && .venv/bin/pip install scipy==1.17.1 scikit-learn==1.9.1 krippendorff==0.9.0
.venv/bin/python cibench/test/support/agreement-vectors.py
"""

import itertools
import json
from pathlib import Path

import krippendorff
import numpy as np
from scipy import stats
from sklearn.metrics import roc_auc_score

random = np.random.default_rng(20261130)


def pairs() -> list[dict]:
    found = []
    for n in [3, 5, 12, 40]:
        for levels in [2, 4, None]:
            a = random.normal(size=n) if levels is None else random.integers(0, levels, n).astype(float)
            b = 0.5 * a + random.normal(size=n)
            if levels is not None:
                b = np.round(b)
            if len(set(a)) < 2 or len(set(b)) < 2:
                continue
            found.append(
                {
                    "a": a.tolist(),
                    "b": b.tolist(),
                    "pearson": float(stats.pearsonr(a, b).statistic),
                    "spearman": float(stats.spearmanr(a, b).statistic),
                    "kendall": float(stats.kendalltau(a, b, variant="b").statistic),
                }
            )
    return found


def alphas() -> list[dict]:
    found = []
    for raters, items, levels, missing in [(2, 12, 2, 0), (3, 20, 4, 0.2), (5, 30, 4, 0.5), (4, 15, 6, 0.3)]:
        truth = random.integers(0, levels, items)
        ratings = np.clip(truth + random.integers(-1, 2, (raters, items)), 0, levels - 1).astype(float)
        ratings[random.random((raters, items)) < missing] = np.nan
        entry = {"units": [[int(v) for v in unit if not np.isnan(v)] for unit in ratings.T]}
        for metric in ["nominal", "ordinal", "interval"]:
            entry[metric] = float(krippendorff.alpha(ratings, level_of_measurement=metric))
        found.append(entry)
    return found


def reciprocal_rank(scores: list[int], relevant: list[int]) -> float:
    """The mean over all orders that keep higher scores first."""
    ranks = []
    for order in itertools.permutations(range(len(scores))):
        values = [scores[i] for i in order]
        if values == sorted(values, reverse=True):
            ranks.append(1 / (1 + next(at for at, i in enumerate(order) if relevant[i])))
    return float(np.mean(ranks))


def ranks() -> list[dict]:
    found = []
    for levels in [1, 2, 3, 9]:
        scores = [int(v) for v in random.integers(0, levels, 7)]
        relevant = [int(v) for v in random.random(7) < 0.4]
        relevant[int(random.integers(0, 7))] = 1
        auroc = float(roc_auc_score(relevant, scores)) if sum(relevant) < 7 else None
        found.append(
            {"scores": scores, "relevant": relevant, "rank": reciprocal_rank(scores, relevant), "auroc": auroc}
        )
    return found


vectors = {"pairs": pairs(), "alphas": alphas(), "ranks": ranks()}
Path(__file__).with_suffix(".json").write_text(json.dumps(vectors, indent=1) + "\n")
