import { expect, test } from "vitest";
import { type BenchCase, runTinybench } from "../../src/runners/tinybench.ts";

const INPUT = { corpus: "tiny", root: ".", scratch: "." };

test("every sample of a case is kept, as many as it says, and preparations are not among them", async () => {
  const calls: string[] = [];
  const measurement = await runTinybench(recorded(calls), INPUT, "quick");
  expect(measurement).toMatchObject({ caseId: "engine/thing/tiny", runner: "tinybench", unit: "ns" });
  expect(measurement.samples).toHaveLength(5);
  expect(measurement.samples.every((ns) => Number.isInteger(ns) && ns >= 0)).toBe(true);
  // A first call that tells the cost, two warm-up calls and five timed ones, each prepared and cleared up after.
  expect(calls.join(" ")).toBe(`${"before run after ".repeat(8)}close`);
});

test("a full run takes the larger number of samples", async () => {
  expect((await runTinybench(recorded([]), INPUT, "full")).samples).toHaveLength(9);
});

test("work that throws fails the bench and is closed", async () => {
  const calls: string[] = [];
  const failing: BenchCase = {
    id: "engine/thing",
    samples: { quick: 5, full: 9 },
    prepare: async () => ({
      run: () => Promise.reject(new Error("broken")),
      close: async () => void calls.push("close"),
    }),
  };
  await expect(runTinybench(failing, INPUT, "quick")).rejects.toMatchObject({ code: "BENCH_FAILED" });
  expect(calls).toEqual(["close"]);
});

function recorded(calls: string[]): BenchCase {
  const note = (what: string) => async () => void calls.push(what);
  return {
    id: "engine/thing",
    samples: { quick: 5, full: 9 },
    prepare: async () => ({ before: note("before"), run: note("run"), after: note("after"), close: note("close") }),
  };
}
