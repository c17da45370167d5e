/** Operations of the tools around the engine: the generator of corpora, the scorer, the statistics, the store. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { assertThat, type FastCase } from "./case.ts";

/** Numbers that look random and are the same in every process. */
function numbers(count: number): number[] {
  let state = 12345;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  });
}

const generate: FastCase = {
  id: "corpora/generate",
  async prepare() {
    const { generateProject } = await import("@drift/corpora/generate");
    const run = (): number =>
      [...generateProject({ seed: 1, files: 10 })].reduce((sum, { text }) => sum + text.length, 0);
    assertThat(run() > 1000, "a project has text");
    return { run };
  },
};

const truth: FastCase = {
  id: "corpora/truth",
  async prepare() {
    const { projectTruth } = await import("@drift/corpora/generate");
    assertThat(projectTruth({ seed: 1, files: 10 }).sites.length > 10, "a project has calls");
    return { run: () => projectTruth({ seed: 1, files: 10 }).sites.length };
  },
};

const judge: FastCase = {
  id: "cibench/judge",
  async prepare() {
    const [{ projectTruth }, { judgeCallGraph }] = await Promise.all([
      import("@drift/corpora/generate"),
      import("@drift/cibench/judge"),
    ]);
    const { files, definitions, sites } = projectTruth({ seed: 1, files: 14 });
    const known = new Map(definitions.map((one) => [one.id, one]));
    const whole = {
      corpus: "fast",
      files,
      definitions,
      sites: sites.map((site) => ({ ...site, easy: false })),
    };
    const answers = sites.map(({ id, must }) => ({
      itemId: id,
      status: "certain" as const,
      targets: must.map((target) => {
        if (!("definition" in target)) return { external: "", probability: 1 };
        const { file, span } = known.get(target.definition) as (typeof definitions)[number];
        return { file, line: span.line, column: span.column, probability: 1 };
      }),
    }));
    const run = () => judgeCallGraph(answers, whole as never);
    assertThat(
      run().every(({ counts }) => counts.falseNegatives === 0),
      "the gold answer misses nothing",
    );
    return { run };
  },
};

const brier: FastCase = {
  id: "cibench/brier",
  async prepare() {
    const { brierParts } = await import("@drift/cibench/brier");
    const forecasts = numbers(1200).map((probability, i) => ({ probability, right: i % 3 === 0, weight: 1 }));
    assertThat(brierParts(forecasts).brier > 0.2, "forecasts at random are bad ones");
    return { run: () => brierParts(forecasts) };
  },
};

const canonical: FastCase = {
  id: "cibench/canonical-json",
  async prepare() {
    const { canonicalJson } = await import("@drift/cibench/canonical-json");
    const value = numbers(600).map((n, i) => ({ zeta: n, alpha: `item ${i}`, middle: { b: i, a: [i, i + 1] } }));
    assertThat(
      canonicalJson({ b: 1, a: 2 }).indexOf("a") < canonicalJson({ b: 1, a: 2 }).indexOf("b"),
      "keys are sorted",
    );
    return { run: () => canonicalJson(value).length };
  },
};

const grep: FastCase = {
  id: "cibench/grep",
  async prepare() {
    const [{ generateProject }, { definitionHits }] = await Promise.all([
      import("@drift/corpora/generate"),
      import("@drift/cibench/grep"),
    ]);
    const files = [...generateProject({ seed: 1, files: 10 })];
    const run = (): number => files.reduce((sum, { file, text }) => sum + definitionHits(file, text).length, 0);
    assertThat(run() > 10, "definitions are found");
    return { run };
  },
};

const table: FastCase = {
  id: "cibench/draw-table",
  async prepare() {
    const { drawTable } = await import("@drift/cibench/draw-table");
    const rows = numbers(16).map((n, i) => [`case ${i}`, n.toFixed(4), i]);
    assertThat(drawTable(["a", "b", "c"], rows).includes("case 15"), "all rows are drawn");
    return { run: () => drawTable(["a", "b", "c"], rows).length };
  },
};

const signedRank: FastCase = {
  id: "harness/signed-rank-ties",
  async prepare() {
    const { signedRankP } = await import("../../src/stats/signed-rank.ts");
    const values = numbers(50).map((n) => Math.round(20 * n) - 9);
    assertThat(signedRankP([1, 2, 3, 4, 5]) === 1 / 32, "five rises have p 1/32");
    return { run: () => signedRankP(values) };
  },
};

const interval: FastCase = {
  id: "harness/interval",
  async prepare() {
    const { hodgesLehmann } = await import("../../src/stats/signed-rank.ts");
    const values = numbers(120);
    assertThat(hodgesLehmann([1, 2, 3], 0.95).estimate === 2, "the middle of 1, 2, 3 is 2");
    return { run: () => hodgesLehmann(values, 0.95).estimate };
  },
};

const bootstrap: FastCase = {
  id: "harness/bootstrap",
  async prepare() {
    const { bootstrapInterval } = await import("../../src/stats/summary.ts");
    const values = numbers(60);
    const mean = (rows: Uint32Array): number =>
      rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length;
    const run = () => bootstrapInterval(values.length, mean, { seed: 1, resamples: 500 });
    assertThat(run().low < run().high, "an interval has a width");
    return { run };
  },
};

const store: FastCase = {
  id: "harness/store-open",
  async prepare(scratch) {
    const { openStore } = await import("../../src/store/open.ts");
    mkdirSync(join(scratch, "results"));
    const file = join(scratch, "results", "history.db");
    const now = new Date(0);
    openStore(file, { now }).db.close();
    return {
      run: () => {
        const { db } = openStore(file, { now });
        const runs = db.prepare("SELECT count(*) AS n FROM run").get() as { n: number };
        db.close();
        assertThat(runs.n === 0, "a new store holds no run");
      },
    };
  },
};

const changePoints: FastCase = {
  id: "harness/change-points",
  async prepare() {
    const [{ CHANGE_POINT_DEFAULTS, findChangePoints }, { noiseSeries }] = await Promise.all([
      import("../../src/stats/change-point.ts"),
      import("../../src/stats/noise.ts"),
    ]);
    const noise = noiseSeries("independent", { n: 120, sd: 0.03, seed: 1 });
    const values = noise.map((value, i) => value * (i < 60 ? 1 : 1.2));
    const run = () => findChangePoints(values, CHANGE_POINT_DEFAULTS);
    assertThat(
      run().some(({ index }) => Math.abs(index - 60) <= 2),
      "the step is found",
    );
    return { run };
  },
};

const relabelled: FastCase = {
  id: "harness/relabel",
  async prepare() {
    const { relabel } = await import("../../src/stats/relabel.ts");
    const values = numbers(12);
    const clusters = [0, 6].map((from) => ({
      base: values.slice(from, from + 3),
      head: values.slice(from + 3, from + 6),
    }));
    assertThat(
      relabel([{ base: [1, 2, 3], head: [11, 12, 13] }], 1).p(0) === 1 / 20,
      "of 20 labellings one is as far apart",
    );
    return { run: () => relabel(clusters, 1).difference };
  },
};

export const TOOL_CASES: readonly FastCase[] = [
  generate,
  truth,
  judge,
  brier,
  canonical,
  grep,
  table,
  signedRank,
  interval,
  bootstrap,
  store,
  changePoints,
  relabelled,
];
