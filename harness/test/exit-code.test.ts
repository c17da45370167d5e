import { CibenchError } from "@drift/cibench";
import { DriftError } from "@drift/engine";
import { describe, expect, test } from "vitest";
import { checkpointHook } from "../src/checkpoint.ts";
import { exitCodeOf, messageOf } from "../src/exit-code.ts";

describe("exit codes", () => {
  test.each([
    [new DriftError("DISK_FULL", "x"), 3],
    [new CibenchError("NO_CORPORA", "x"), 3],
    [new DriftError("RUN_UNKNOWN", "x"), 2],
    [new DriftError("PUBLISHED_IMMUTABLE", "x"), 1],
    [new TypeError("x"), 70],
    ["x", 70],
  ])("%s ends with %i", (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  test("an expected failure is one sentence and the next step; a bug says that it is one", () => {
    expect(messageOf(new DriftError("DISK_FULL", "cannot write x", { hint: "Free some space." }))).toBe(
      "cannot write x\nFree some space.",
    );
    expect(messageOf(new DriftError("DISK_FULL", "cannot write x"))).toBe("cannot write x");
    expect(messageOf(new TypeError("x is not a function"))).toBe("a bug in Drift: x is not a function");
    expect(messageOf("odd")).toBe("a bug in Drift: odd");
  });
});

test("the kill switch of the tests does nothing outside them", () => {
  const hook = checkpointHook({ DRIFT_TEST_KILL_AT: "store" });
  expect(() => hook("store")).not.toThrow(); // This process is still here.
});
