/** Readers of other tools' output, on what the real tools wrote (`test_data/`) and on damaged copies of it. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Format } from "../../src/ingest/formats.ts";
import { detectFormat, readOutput } from "../../src/ingest/read.ts";
import { caseIdOf } from "../../src/ingest/record.ts";
import { temporaryFolder } from "../fixtures.ts";

const DATA = join(import.meta.dirname, "test_data");
const textOf = (name: string): string => readFileSync(join(DATA, name), "utf8");

/** Each file, its format, and what is in it: id, metric, number of samples. */
const FILES: [string, Format, [string, string, number][]][] = [
  [
    "hyperfine.json",
    "hyperfine",
    [
      ["loop", "time", 6],
      ["nothing", "time", 6],
    ],
  ],
  [
    "pytest-benchmark.json",
    "pytest-benchmark",
    [
      ["py/test_bench.py/test_total-100", "time", 8],
      ["py/test_bench.py/test_total-1000", "time", 8],
      ["py/test_bench.py/test_sorted", "time", 8],
    ],
  ],
  ["go.txt", "go", goCases(3)],
  ["go.jsonl", "go", goCases(2)],
  [
    "google-benchmark.json",
    "google-benchmark",
    [
      ["sum/100", "time", 4],
      ["sum/10000", "time", 4],
    ],
  ],
  [
    "vitest-4.json",
    "vitest",
    [
      ["sums/loop", "time", 1],
      ["sums/reduce", "time", 1],
    ],
  ],
  [
    "vitest-5.json",
    "vitest",
    [
      ["sums/reduce", "time", 1],
      ["sums/loop", "time", 1],
    ],
  ],
  [
    "tinybench.json",
    "tinybench",
    [
      ["loop", "time", 12],
      ["reduce-with-spaces", "time", 12],
    ],
  ],
  [
    "jmh.json",
    "jmh",
    [
      ["org.example.sums.text/thrpt/n-100", "rate", 6],
      ["org.example.sums.text/thrpt/n-1000", "rate", 6],
      ["org.example.sums.total/n-100", "time", 6],
      ["org.example.sums.total/n-1000", "time", 6],
    ],
  ],
  [
    "criterion",
    "criterion",
    [
      ["sums-of-squares/total/100", "time", 10],
      ["sums-of-squares/total/1000", "time", 10],
    ],
  ],
];

function goCases(count: number): [string, string, number][] {
  return [
    ["example.org/sums/total/small", "time", count],
    ["example.org/sums/total/large", "time", count],
    ["example.org/sums/squares", "time", count],
    ["example.org/sums/squares", "rate", count],
    ["example.org/sums/squares/things-per-op", "value", count],
    ["example.org/sums/squares", "value", count],
    ["example.org/sums/squares", "allocations", count],
  ];
}

describe("what a real tool wrote is read", () => {
  test.each(FILES)("%s", (name, format, cases) => {
    const path = join(DATA, name);
    expect(detectFormat(path)).toBe(format);
    const found = readOutput(format, { path });
    expect(found.map(({ caseId, metric, samples }) => [caseId, metric, samples.length])).toEqual(cases);
    for (const { samples, unit, metric, direction } of found) {
      expect(samples.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
      expect(unit === "per-second").toBe(metric === "rate");
      expect(direction).toBe(metric === "rate" ? "higher" : "lower");
    }
  });

  test("in ns, whatever the tool's unit is", () => {
    const first = (name: string, format: Format): number =>
      readOutput(format, { path: join(DATA, name) })[0]?.samples[0] as number;
    expect(first("hyperfine.json", "hyperfine")).toBeCloseTo(0.0011447744599999976 * 1e9, 3);
    expect(first("go.txt", "go")).toBe(213.5);
    expect(first("google-benchmark.json", "google-benchmark")).toBeCloseTo(298.503, 3);
    expect(first("vitest-4.json", "vitest")).toBeCloseTo(1051, 3);
    expect(first("tinybench.json", "tinybench")).toBeCloseTo(1251, 1);
    const jmh = JSON.parse(textOf("jmh.json")) as { primaryMetric: { rawData: number[][]; scoreUnit: string } }[];
    expect(jmh[0]?.primaryMetric.scoreUnit).toBe("ops/us");
    expect(first("jmh.json", "jmh")).toBeCloseTo((jmh[0]?.primaryMetric.rawData[0]?.[0] as number) * 1e6, 3);
  });
});

/** Damages a copy of a file and gives what the reader says of it. */
function damaged(name: string, format: Format, damage: (text: string) => string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, damage(textOf(name)));
  try {
    readOutput(format, { path });
  } catch (error) {
    return (error as Error).message.replace(path, name);
  }
  throw new Error("it was read");
}

const JSON_FILES = FILES.filter(([name]) => name.endsWith(".json"));

describe("a damaged file is named with the line", () => {
  test.each(JSON_FILES)("%s cut off", (name, format) => {
    for (const share of [0.1, 0.5, 0.9]) {
      const text = textOf(name);
      const kept = text.slice(0, Math.floor(text.length * share));
      const said = damaged(name, format, () => kept);
      const line = Number(/:(\d+): /.exec(said)?.[1]);
      expect(said).toContain(`${name}:`);
      expect(line).toBeGreaterThan(0);
      expect(line).toBeLessThanOrEqual(kept.split("\n").length);
    }
    expect(damaged(name, format, () => "")).toContain(`${name}:1: `);
  });

  test.each([
    ["hyperfine.json", "hyperfine", "0.04669886146", '"fast"'],
    ["pytest-benchmark.json", "pytest-benchmark", '"fullname": "py/test_bench.py::test_sorted"', '"fullname": 7'],
    ["google-benchmark.json", "google-benchmark", '"real_time": 2.9850297096872325e-01', '"real_time": -1'],
    ["vitest-4.json", "vitest", '"median": 0.0010510000000181208', '"median": null'],
    ["tinybench.json", "tinybench", "0.0012509999999110732", "NaN"],
  ] as const)("%s with a wrong value", (name, format, right, wrong) => {
    const text = textOf(name);
    expect(text).toContain(right);
    const at = text.slice(0, text.indexOf(right)).split("\n").length;
    const said = damaged(name, format, (whole) => whole.replace(right, wrong));
    const line = Number(/:(\d+): /.exec(said)?.[1]);
    expect([said, line]).toEqual([said, at]);
  });

  test("jmh.json with a unit that nobody knows, named with its benchmark", () => {
    const said = damaged("jmh.json", "jmh", (text) => text.replace('"ops/us"', '"furlongs"'));
    expect(said).toBe('jmh.json:4: org.example.Sums.text: the unit "furlongs" is not known');
  });

  test("go's text cut off within a line, failed, or without a benchmark", () => {
    const cut = (text: string): string => text.slice(0, text.indexOf("ns/op", 400));
    expect(damaged("go.txt", "go", cut)).toMatch(/^go\.txt:10: the line of Benchmark\S+ is cut off/);
    expect(damaged("go.txt", "go", (text) => text.replace("PASS", "FAIL"))).toContain(
      "go.txt:14: go reports a failure",
    );
    expect(damaged("go.txt", "go", (text) => text.replace("142.7 ns", "1e999 ns"))).toContain("go.txt:7: ");
    expect(damaged("go.txt", "go", () => "PASS\n")).toContain("holds no benchmark");
    expect(damaged("go.jsonl", "go", (text) => text.slice(0, -40))).toMatch(/^go\.jsonl:\d+: no event/);
  });

  test("a benchmark that failed is no measurement", () => {
    expect(damaged("google-benchmark-error.json", "google-benchmark", (text) => text)).toContain(
      "Fails failed: no input",
    );
    const failed = damaged("hyperfine.json", "hyperfine", (text) => text.replace("        0,", "        3,"));
    expect(failed).toContain('run 1 of "loop" ended with 3');
  });

  test("criterion's folder", () => {
    const folder = join(temporaryFolder(), "criterion");
    cpSync(join(DATA, "criterion"), folder, { recursive: true });
    const [sample] = [join(folder, "Sums of squares", "total", "100", "new", "sample.json")];
    const whole = readFileSync(sample, "utf8");
    writeFileSync(sample, whole.slice(0, 40));
    expect(() => readOutput("criterion", { path: folder })).toThrow("sample.json:1: the file ends too early");
    writeFileSync(sample, whole.replace('"times":[', '"times":[1,'));
    expect(() => readOutput("criterion", { path: folder })).toThrow("10 counts of iterations and 11 times");
    expect(() => readOutput("criterion", { path: join(folder, "none") })).toThrow("is not there");
  });

  test("that is not there, or of no known tool", () => {
    expect(() => readOutput("jmh", { path: join(DATA, "none.json") })).toThrow("cannot read");
    expect(detectFormat(join(DATA, "README.md"))).toBeUndefined();
  });
});

describe("summaries", () => {
  test("stand for samples that were not kept, and say so", () => {
    const text = textOf("pytest-benchmark.json").replace(/"data": \[[^\]]*\],/g, "");
    const [total] = readOutput("pytest-benchmark", { text, name: "pytest" });
    expect(total).toMatchObject({ summaryOnly: true, samples: [expect.any(Number)] });
    const onlyAggregates = JSON.parse(textOf("google-benchmark.json")) as { benchmarks: { run_type: string }[] };
    onlyAggregates.benchmarks = onlyAggregates.benchmarks.filter((one) => one.run_type === "aggregate");
    const google = readOutput("google-benchmark", { text: JSON.stringify(onlyAggregates), name: "google" });
    expect(google.map(({ samples, summaryOnly }) => [samples.length, summaryOnly])).toEqual([
      [1, true],
      [1, true],
    ]);
  });

  test("of vitest 5 give way to samples where those are kept", () => {
    const text = textOf("vitest-5.json").replace('"p50":', '"samples":[0.001,0.002],"p50":');
    expect(readOutput("vitest", { text, name: "vitest" })[0]).toMatchObject({
      summaryOnly: false,
      samples: [1000, 2000],
    });
  });
});

describe("BenchmarkDotNet", () => {
  const report = (benchmark: object): string =>
    JSON.stringify({ HostEnvironmentInfo: { BenchmarkDotNetVersion: "0.15.0" }, Benchmarks: [benchmark] }, null, 1);
  const actual = { IterationMode: "Workload", IterationStage: "Result", Operations: 4, Nanoseconds: 400 };
  const warmup = { ...actual, IterationStage: "Warmup", Nanoseconds: 4000 };

  test("gives its results per operation, in a brief report the median", () => {
    const full = report({
      FullName: "Sums.Total(n: 100)",
      Statistics: { Median: 99 },
      Measurements: [warmup, actual, actual],
    });
    expect(readOutput("benchmarkdotnet", { text: full, name: "full" })).toMatchObject([
      { caseId: "sums.total-n-100", samples: [100, 100], summaryOnly: false },
    ]);
    const brief = report({ FullName: "Sums.Total", Statistics: { Median: 99 } });
    expect(readOutput("benchmarkdotnet", { text: brief, name: "brief" })).toMatchObject([
      { samples: [99], summaryOnly: true },
    ]);
  });

  test("that failed is named", () => {
    const text = report({ FullName: "Sums.Total", Statistics: null, Measurements: [] });
    expect(() => readOutput("benchmarkdotnet", { text, name: "r.json" })).toThrow("r.json:7: Sums.Total has no result");
  });
});

describe("the documented JSON", () => {
  test("knows units of time, size, rate and count, and which way is better", () => {
    const cases = [
      { id: "A b::c", unit: "ms", samples: [1, 2] },
      { id: "size", unit: "KiB", samples: [2] },
      { id: "rate", unit: "ops/s", samples: [5] },
      { id: "score", unit: "count", direction: "higher", samples: [3], warmupCapped: true },
      { id: "score", unit: "count", samples: [3] },
    ];
    const found = readOutput("drift", { text: JSON.stringify({ cases }), name: "mine" });
    expect(found.map(({ caseId, unit, direction, samples }) => [caseId, unit, direction, samples])).toEqual([
      ["a-b/c", "ns", "lower", [1e6, 2e6]],
      ["size", "bytes", "lower", [2048]],
      ["rate", "per-second", "higher", [5]],
      ["score", "count", "higher", [3]],
      ["score-2", "count", "lower", [3]],
    ]);
    expect(found[3]?.warmupCapped).toBe(true);
    expect(caseIdOf("::")).toBe("case");
  });

  test.each([
    ['{"cases": [\n{"id": "a",\n "unit": "parsec", "samples": [1]}]}', "mine:3: cases.0.unit: no known unit"],
    ['{"cases": [\n{"id": "a", "unit": "ms",\n\n "samples": [1, -2]}]}', "mine:4: cases.0.samples.1"],
    ['{"cases": [\n{"id": "a", "unit": "ms", "sample": [1]}]}', "mine:2: cases.0"],
    ['{"cases": []}', "holds no benchmark"],
    ["[1,\n2,", "mine:2: the file ends too early"],
    ['{"cases": 1 1}', "mine:1: "],
  ])("%j is wrong", (text, said) => {
    expect(() => readOutput("drift", { text, name: "mine" })).toThrow(said);
  });
});
