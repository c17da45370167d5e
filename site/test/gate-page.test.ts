import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GateRecord } from "../src/data/gate-record.ts";
import { gateRecord } from "./gate-record.ts";
import { buildTestSite, row, type TestSite, words } from "./site.ts";

const IDLE = "idle computer, one build";
const LOADED = "one core kept busy, one build";

describe("the gate's record", () => {
  let site: TestSite;
  let page: Document;
  beforeAll(async () => {
    site = await buildTestSite(null, { "long/prove.json": JSON.stringify(gateRecord()) });
    page = site.page("/performance/gate/");
  });
  afterAll(() => site.remove());

  test("false alarms of formed gates stand by condition, idle first, with what they rest on", () => {
    expect(row(page, "Gates of identical code", "Idle computer")).toEqual([
      ...["0.3 %", "3 of 1 000", "[0.0 %, 0.9 %]", "11", "300", "20"],
    ]);
    expect(words(page.querySelector('[aria-label="Gates of identical code"] tbody th'))).toContain("Idle");
  });

  test("where none was red the interval does not pretend to know that none ever is", () => {
    expect(row(page, "Gates of identical code", "One core kept busy").slice(0, 4)).toEqual([
      ...["0.0 %", "0 of 1 000", "[0.0 %, 33.6 %]", "9"],
    ]);
  });

  test("planted slowdowns are listed by kind and share, with what was found", () => {
    const frame = page.querySelector(`[aria-label="Planted slowdowns: ${IDLE}"]`);
    expect([...(frame?.querySelectorAll("tbody th") ?? [])].map(words)).toEqual([
      ...["+2.0 % by spin", "+5.0 % by spin", "+10.0 % by spin", "+5.0 % by allocate", "+5.0 % by instructions"],
    ]);
    const plant = gateRecord().formed[1]?.planted[4];
    const [seen, all, elsewhere] = row(page, `Planted slowdowns: ${IDLE}`, "+5.0 % by spin");
    const { count = 0, n = 1 } = plant?.found ?? {};
    expect(all).toContain(`${((100 * count) / n).toFixed(1)} % of 1 981 [`);
    expect(seen).toContain(` of ${(plant?.foundWhereSeen.n ?? 0).toString().replace(/(\d)(\d{3})$/, "$1 $2")} [`);
    expect(elsewhere).toBe("2 of 1 000");
  });

  test("each case states what it sees, and what it foretold stands below what was found", () => {
    const cells = row(page, `Cases: ${IDLE}`, "engine/callers");
    expect(cells.slice(0, 2)).toEqual(["2.1 %", "+4.1 %"]);
    const foretold = gateRecord().formed[1]?.planted[4]?.cases[0];
    expect(cells[3]).toBe(
      `${(foretold?.found.count ?? 0).toFixed(1)} % of 100 foretold ${(100 * (foretold?.predicted ?? 0)).toFixed(1)} %`,
    );
    expect(row(page, `Cases: ${LOADED}`, "harness/store-open")[1]).toBe("nothing");
  });

  test("charts of each condition have titles, and say in words what they show", () => {
    const titles = [...page.querySelectorAll("svg.plot > title")].map(words);
    expect(titles).toHaveLength(6);
    expect(new Set([...page.querySelectorAll("svg.plot > title")].map(({ id }) => id)).size).toBe(6);
    expect(words(page.querySelector("svg.plot > desc"))).toContain("spin +2.0 %: ");
  });

  test("live gates show verdict, red cases and time; where there are none they say so", () => {
    expect(row(page, "Live gates by condition", "Idle computer")).toEqual([
      ...["3", "1", "2 unchanged, 1 regressed", "121 s"],
    ]);
    expect(row(page, "Live gates by condition", "One core kept busy")).toEqual(["not measured"]);
    expect(row(page, "Live gates", "2026-11-24 01:04 UTC")).toEqual([
      ...["Idle computer", "regressed", "engine/callers", "20", "121 s", "3"],
    ]);
  });

  test("made-up machines show false alarms, what is found and the control", () => {
    expect(row(page, "Simulated noise", "bursts")).toEqual(["1 of 1 000", "3.3 %", "66.5 %", "95.0 %", "49.8 %"]);
  });
});

describe("a record of which only a part was measured", () => {
  const pageOf = async (part: Partial<GateRecord>, use: (page: Document) => void): Promise<void> => {
    const record = { ...gateRecord(), simulated: [], formed: [], live: [], ...part };
    const site = await buildTestSite(null, { "long/prove.json": JSON.stringify(record) });
    try {
      use(site.page("/performance/gate/"));
    } finally {
      site.remove();
    }
  };

  test("says of everything else that it is not measured", async () => {
    await pageOf({ simulated: gateRecord().simulated }, (page) => {
      for (const id of ["same", "planted"])
        expect(words(page.querySelector(`#${id} + .state`)), id).toBe("not measured");
      expect(row(page, "Live gates by condition", "Idle computer")).toEqual(["not measured"]);
      expect(page.querySelectorAll("svg.plot")).toHaveLength(0);
    });
  });

  test("shows identical code of one condition before anything was planted", async () => {
    const idle = gateRecord().formed.filter(({ condition }) => condition === "idle");
    await pageOf({ formed: idle.map((one) => ({ ...one, planted: [] })) }, (page) => {
      expect(row(page, "Gates of identical code", "Idle computer")[0]).toBe("0.3 %");
      expect(row(page, "Gates of identical code", "One core kept busy")).toEqual(["not measured"]);
      expect(row(page, `Cases: ${IDLE}`, "engine/callers")).toEqual(["2.1 %", "+4.1 %"]);
      expect(words(page.querySelector("#planted-0 ~ .state"))).toContain("no slowdown was planted yet");
      expect(words(page.querySelector("#simulated + .state"))).toBe("not measured");
    });
  });
});
