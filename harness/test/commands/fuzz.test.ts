import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { CommandContext } from "../../src/commands/context.ts";
import { conformancePrograms, fuzzCommand } from "../../src/commands/fuzz.ts";
import { FuzzRecord } from "../../src/store/long-file.ts";
import { temporaryFolder, temporaryResults } from "../fixtures.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/**
 * A `cargo` in front of the real one, which says that it built a program that answers as drift-fuzz does; the program
 * itself is run by `cargo test -p drift-fuzz`.
 */
function withFuzzer(
  answer: string,
  cargo?: string,
): { context: CommandContext; output: () => string; record: () => FuzzRecord } {
  const folder = temporaryFolder();
  const results = temporaryResults();
  const program = join(folder, "drift-fuzz");
  writeFileSync(
    program,
    `#!/usr/bin/env node\nconst option = (name) => process.argv.find((one) => one.startsWith("--" + name + "=")).split("=")[1];\n${answer}\n`,
  );
  writeFileSync(join(folder, "cargo"), cargo ?? `#!/bin/sh\necho '{"executable":"${program}"}'\n`);
  for (const file of [program, join(folder, "cargo")]) chmodSync(file, 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
  let text = "";
  const context = {
    root: folder,
    results,
    stdout: { write: (more: string) => (text += more) },
    stderr: { isTTY: false, write: () => true },
  } as unknown as CommandContext;
  return {
    context,
    output: () => text,
    record: () => FuzzRecord.parse(JSON.parse(readFileSync(join(dirname(results.db), "long", "fuzz.json"), "utf8"))),
  };
}

const GOES_ON = `const first = Number(option("first"));
console.log(JSON.stringify({ target: option("target"), engine: "e", seed: Number(option("seed")), first, next: first + 10,
  executions: 10, cpuMs: Number(option("cpu-seconds")) * 1000, findings: [] }));`;

describe("long:fuzz", () => {
  test("each stretch begins where the last one ended, and the time of all is added up", async () => {
    const { context, output, record } = withFuzzer(GOES_ON);
    await fuzzCommand({ minutes: 1.5, target: "solver", seed: 7, json: false }, context);
    await fuzzCommand({ minutes: 1, seed: 7, json: true }, context);
    expect(record().runs).toEqual([
      { target: "solver", engine: "e", seed: 7, first: 0, next: 30, executions: 30, cpuMs: 150_000, findings: [] },
      { target: "front-end", engine: "e", seed: 7, first: 0, next: 10, executions: 10, cpuMs: 60_000, findings: [] },
    ]);
    expect(output()).toContain("solver: 20 cases in 1.5 CPU minutes, 0 findings");
    expect(output()).toContain('"cleanCpuMs": 150000');
  });

  test("a finding ends the work on its target, is kept and makes the command fail", async () => {
    const { context, record } = withFuzzer(GOES_ON.replace("findings: []", 'findings: ["solver-hang-1.json"]'));
    const found = fuzzCommand({ minutes: 5, target: "solver", seed: 1, json: false }, context);
    await expect(found).rejects.toMatchObject({ code: "FUZZ_FINDINGS", message: "1 findings: solver-hang-1.json" });
    expect(record().runs).toMatchObject([{ executions: 10, findings: ["solver-hang-1.json"] }]);
  });

  test("mutations start from programs of each language", () => {
    const programs = conformancePrograms();
    expect(programs.filter((program) => program.length === 0)).toEqual([]); // Nothing to change.
    const paths = programs.flatMap((program) => program.map(({ path }) => path));
    for (const ending of [".js", ".ts", ".py"]) {
      expect(paths.filter((path) => path.endsWith(ending)).length, ending).toBeGreaterThan(50);
    }
  });

  test("a fuzzer that dies, or cannot be built, is told", async () => {
    const dies = fuzzCommand({ minutes: 1, seed: 1, json: false }, withFuzzer("process.exit(3);").context);
    await expect(dies).rejects.toMatchObject({
      code: "FUZZER_FAILED",
      message: "drift-fuzz ended with 3 and told nothing",
    });
    const unbuilt = withFuzzer(GOES_ON, "#!/bin/sh\nexit 101\n").context;
    const fails = fuzzCommand({ minutes: 1, seed: 1, json: false }, unbuilt);
    await expect(fails).rejects.toMatchObject({ code: "FUZZER_NOT_BUILT" });
  });
});
