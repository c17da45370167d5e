import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { itemHtml } from "../src/data/item-html.ts";
import { memoryNote } from "../src/content/memory-words.ts";
import type { Item } from "../src/data/evidence.ts";
import {
  escapeHtml,
  formatCount,
  formatDollars,
  formatDuration,
  formatInterval,
  formatPercent,
  formatPoints,
  formatQuantity,
  formatRatio,
  formatShare,
  formatTime,
  readableUnit,
  shorten,
  visible,
} from "../src/format.ts";
import {
  evidencePath,
  itemListPath,
  itemsDataPath,
  runDataPath,
  runPath,
  samplesDataPath,
  segmentOf,
} from "../src/paths.ts";

describe("figures", () => {
  test.each([
    [0.8304, "0.830"],
    [-0.021, "−0.021"],
    [null, "–"],
  ])("a share of %s reads %s", (value, text) => expect(formatShare(value)).toBe(text));

  test.each([
    [412e6, "ns", "412 ms"],
    [21_400, "ns", "21.4 µs"],
    [950, "ns", "950 ns"],
    [72e9, "ns", "72 s"],
    [4_000e9, "ns", "4000 s"],
    [0, "ns", "0 ns"],
    [8_589_934_592, "bytes", "8 GiB"],
    [1536, "bytes", "1.5 KiB"],
    [12, "count", "12"],
    [38_114, "count", "38.1 k"],
    [3, "furlong", "3 furlong"],
  ])("%s %s reads %s", (value, unit, text) => expect(formatQuantity(value, unit)).toBe(text));

  test("counts are grouped, points are clipped at 0, per cent has one digit", () => {
    expect([formatCount(1_234_567), formatCount(999)]).toEqual(["1\u00A0234\u00A0567", "999"]);
    expect([formatPoints(8.066), formatPoints(-0.4)]).toEqual(["8.1", "0.0"]);
    expect([formatPercent(0.187), formatPercent(null), formatPercent(-0.001)]).toEqual(["18.7 %", "–", "−0.1 %"]);
    expect([0.62899, 12_345.6, 0.999936, 1].map(formatRatio)).toEqual(["0.629", "12\u00A0346", "0.9999", "1"]);
  });

  test.each([
    [0, "0.00 US dollars"],
    [0.00004, "less than 0.0001 US dollars"],
    [0.0173, "0.0173 US dollars"],
    [0.99999, "1.0000 US dollars"],
    [12.345, "12.35 US dollars"],
  ])("%s of money reads %s", (usd, text) => expect(formatDollars(usd)).toBe(text));

  test("whose memory a peak is stands below it once for each kind that is shown", () => {
    expect(memoryNote([null])).toBe("");
    expect(memoryNote(["tool", null, "tool"])).toMatch(/^Peak memory of the tool alone is [^;]*\.$/);
    expect(memoryNote(["process-so-far", "process"])).toMatch(/with the benchmark is .*; with all before it is /);
  });

  test("an interval needs both ends", () => {
    expect(formatInterval(0.772, 0.841)).toBe("[0.772, 0.841]");
    expect([formatInterval(null, 0.8), formatInterval(0.7, null)]).toEqual(["", ""]);
  });

  test("an instant is shown in UTC; what is no instant is shown as it is", () => {
    expect(formatTime("2026-11-23T11:40:59+02:00")).toBe("2026-11-23 09:40 UTC");
    expect(formatTime("yesterday")).toBe("yesterday");
  });

  test("a unit's name is not looked up in inherited properties", () => {
    expect(readableUnit("constructor", 5)).toEqual({ divisor: 1, name: "constructor" });
  });
});

describe("text from tools and corpora", () => {
  test("escaped text holds no markup and no control or direction-changing character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|[\u0000-\u0008\u202a-\u202e\u2066-\u2069]/);
      }),
    );
    expect(escapeHtml(`<img src=x onerror="alert('1')">&`)).toBe(
      "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;",
    );
  });

  test("characters that change the direction of a line are shown by name", () => {
    expect(visible("admin\u202Etxt.exe")).toBe("admin⟨U+202E⟩txt.exe");
    expect(visible("plain é 漢 🙂\n")).toBe("plain é 漢 🙂\n");
  });

  test("a shortened text keeps within its limit and cuts no character in half", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 1, max: 100 }), (text, limit) => {
        const short = shorten(text, limit);
        expect([...short].length).toBeLessThanOrEqual(limit);
        expect(short.isWellFormed()).toBe(true);
        expect(short === text).toBe([...text].length <= limit);
      }),
    );
    expect(shorten("a".repeat(5_000), 10)).toBe("aaaaaaaaa…");
  });
});

describe("addresses", () => {
  test("a plain id is its own address part", () => {
    expect(segmentOf("cibench-drift-20261123T120000Z-1a2b")).toBe("cibench-drift-20261123T120000Z-1a2b");
    expect(segmentOf("wrong.stored-value")).toBe("wrong.stored-value");
  });

  test("no id leaves its folder, and two ids never share one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 300 }), (a, b) => {
        expect(segmentOf(a)).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
        expect(segmentOf(a)).not.toContain("..");
        expect(segmentOf(a).length).toBeLessThanOrEqual(100);
        expect(segmentOf(a) === segmentOf(b)).toBe(a === b);
      }),
    );
    for (const id of ["..", "a..b", "../../etc/passwd", "", "A B", "漢", "x".repeat(5_000), ".hidden"]) {
      expect(segmentOf(id)).toMatch(/^[a-z0-9-]+$/);
    }
  });

  test("pages and downloads of a run lie below it", () => {
    expect(runPath("r")).toBe("/runs/r/");
    expect(evidencePath("r", "zod")).toBe("/runs/r/zod/");
    expect(itemListPath("r", "zod", "all", 3)).toBe("/runs/r/zod/all/3/");
    expect([runDataPath("r"), itemsDataPath("r"), samplesDataPath("r")]).toEqual([
      "/data/runs/r/run.json",
      "/data/runs/r/items.jsonl.gz",
      "/data/runs/r/samples.json",
    ]);
  });
});

test("a duration has a readable unit, and none is 0 s", () => {
  expect([0, 0.4904, 812.4, 61_600].map(formatDuration)).toEqual(["0 s", "490 µs", "812 ms", "61.6 s"]);
});

describe("an item", () => {
  const item: Item = {
    ...{ itemId: "a.ts:1:1-1:4", corpus: "zod", file: "a.ts", line: 1, column: 1, callee: "f", syntax: "call" },
    ...{ stratum: "direct", outcome: "wrong", truePositives: 0, falsePositives: 1, falseNegatives: 1, onUnknown: 0 },
    ...{ tracedEdges: 0, tracedFound: 0, status: "certain", predicted: ["g (b.ts:2)"], must: ["f (a.ts:9)"], may: [] },
    ...{ by: ["compiler"], answer: null },
  };

  test("says where it is, what was said, what is certain and who says so", () => {
    const html = itemHtml(item, "call-graph");
    for (const part of [
      "a.ts:1:1",
      "<code>g (b.ts:2)</code>",
      "<code>f (a.ts:9)</code>",
      "compiler",
      "wrong",
      "direct",
    ]) {
      expect(html).toContain(part);
    }
    expect(html).not.toContain("<dt>possible</dt>");
  });

  test("names what is absent", () => {
    const html = itemHtml(
      { ...item, callee: null, status: "unanswered", predicted: [], must: [], may: ["h"], by: [] },
      "call-graph",
    );
    for (const part of [
      "a call without a name",
      "no answer",
      "nothing is certain",
      "no oracle could tell",
      "<dt>possible</dt>",
    ]) {
      expect(html).toContain(part);
    }
    expect(itemHtml({ ...item, status: "unknown", predicted: [] }, "call-graph")).toContain(
      '<dd><span class="meta">unknown</span>',
    );
  });

  test("says in the words of the category what is true where no answer is right, and probabilities as people read them", () => {
    const html = itemHtml(
      { ...item, must: [], predicted: ["f (a.ts:9) with probability 0.0012091898428053204"] },
      "uncertainty-calibration",
    );
    expect(html).toContain("it cannot");
    expect(html).toContain("<code>f (a.ts:9) with probability 0.0012</code>");
  });

  test("a long list of targets is cut, and says by how many", () => {
    const html = itemHtml({ ...item, predicted: Array.from({ length: 20 }, (_, index) => `t${index}`) }, "call-graph");
    expect(html).toContain("<code>t11</code>");
    expect(html).not.toContain("<code>t12</code>");
    expect(html).toContain("and 8 more");
  });

  test("hostile names stay text", () => {
    const hostile = `</code><script>alert(1)</script>\u202e${"x".repeat(5_000)}`;
    const html = itemHtml(
      {
        ...item,
        file: hostile,
        callee: hostile,
        predicted: [hostile],
        must: [hostile],
        by: [hostile],
      },
      "call-graph",
    );
    expect(html).not.toMatch(/<script|\u202e/);
    expect(html.length).toBeLessThan(4_000);
  });
});
