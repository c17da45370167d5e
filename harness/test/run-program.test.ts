import { DriftError } from "@drift/engine";
import { Command } from "commander";
import { expect, test } from "vitest";
import type { Answer } from "../src/drift-bench.ts";
import { runProgram } from "../src/run-program.ts";

/** Runs a program with one command, `go`, that does what the test says. */
async function run(action: (answer: (code: Answer) => void) => void, ...argv: string[]) {
  let said = "";
  const code = await runProgram(argv, {
    stderr: { write: (text) => (said += text) },
    program: (answer) => {
      const program = new Command().exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
      program.command("go").action(() => action(answer));
      return program;
    },
  });
  return { code, said };
}

test("a program ends with the answer of its command, or with the code of what it throws", async () => {
  expect(await run(() => {}, "go")).toEqual({ code: 0, said: "" });
  expect(await run((answer) => answer(4), "go")).toEqual({ code: 4, said: "" });
  expect(await run(() => {}, "--help")).toMatchObject({ code: 0 });
  expect(await run(() => {}, "stay")).toMatchObject({ code: 2 });
  const missing = new DriftError("INPUT_INVALID", "line 3 is wrong", { hint: "Mend it." });
  expect(
    await run(() => {
      throw missing;
    }, "go"),
  ).toEqual({ code: 2, said: "line 3 is wrong\nMend it.\n" });
  const bug = await run(() => {
    throw new TypeError("no function");
  }, "go");
  expect(bug).toMatchObject({ code: 70, said: expect.stringContaining("a bug in Drift: no function") as string });
});
