import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { BOUNDARY_BREAKS, BREAKS } from "../src/adapters/drift-changes.ts";

interface Change {
  operator: string;
  executed: readonly number[];
  broken: readonly number[];
}

/** The corpora of split `fit` whose changes were run. */
const FIT = ["fast-json-stringify", "mido", "qs", "simpy"];

test("how probable Drift holds it that a change breaks a test is what was seen on split fit", () => {
  const changes = FIT.flatMap((id) => {
    const file = new URL(`../../corpora/real/${id}/truth/mutation.json.gz`, import.meta.url);
    return (JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as { items: Change[] }).items;
  }).filter(({ executed }) => executed.length > 0);
  const counted = (isBoundary: boolean): [number, number] => {
    const own = changes.filter(({ operator }) => (operator === "shift-boundary") === isBoundary);
    return [own.filter(({ broken }) => broken.length > 0).length, own.length];
  };
  const [boundary, others] = [counted(true), counted(false)];
  expect([boundary, others]).toEqual([
    [44, 82],
    [416, 473],
  ]);
  expect(BREAKS).toBeCloseTo(others[0] / others[1], 2);
  // Hardly more than a toss-up, and so not claimed.
  expect(BOUNDARY_BREAKS).toBeLessThan(0.5);
  expect(Math.abs(BOUNDARY_BREAKS - boundary[0] / boundary[1])).toBeLessThan(0.05);
});
