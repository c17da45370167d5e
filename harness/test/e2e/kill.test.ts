/** `kill -9` anywhere in `npm start` leaves a usable state, and the next call goes on from it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Checkpoint } from "../../src/checkpoint.ts";
import { createLab, type Finished, inspect, type Lab, runMain } from "./lab.ts";

const LONG_MS = 600_000;
const KILLED = { code: null, signal: "SIGKILL" };

describe.skipIf(process.platform === "win32")("a start that is killed", { timeout: LONG_MS }, () => {
  let lab: Lab;
  let seed = 100;

  beforeAll(() => {
    lab = createLab();
  });
  afterAll(() => lab.remove());

  // Each case begins on what the one before it left, with a seed of its own so that everything is measured.
  test.each<[Checkpoint[]]>([[["fetch", "score", "store-files"]], [["index"]], [["store"]], [["site"]]])(
    "at %j, one after the other, completes with the next call",
    async (places) => {
      seed += 1;
      for (const place of places) {
        expect(await start(place)).toMatchObject(KILLED);
        const left = inspect(lab);
        expect([left.integrity, left.foreignKeys]).toEqual(["ok", []]);
      }
      const next = await start();
      expect(next.code).toBe(0);
      const { runs } = JSON.parse(next.stdout) as { runs: { id: string }[] };
      const { integrity, foreignKeys, runs: stored, files } = inspect(lab);
      expect([integrity, foreignKeys]).toEqual(["ok", []]);
      expect(stored).toEqual(files);
      expect(stored).toEqual(expect.arrayContaining(runs.map(({ id }) => id)));
      expect(existsSync(join(lab.site, "index.html"))).toBe(true);
    },
  );

  function start(killAt?: Checkpoint): Promise<Finished> {
    const fault = killAt === undefined ? {} : { NODE_ENV: "test", DRIFT_TEST_KILL_AT: killAt };
    return runMain(["start", "--offline", "--quick", "--json", "--corpus", "calls-small", "--seed", String(seed)], {
      ...lab.env,
      ...fault,
    });
  }
});
