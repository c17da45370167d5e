/** The package as a stranger gets it: packed, installed outside the workspace, and gating another project's repository. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { makePackage } from "../../pack.ts";
import { GateReport } from "../../src/gate/schema.ts";
import { temporaryFolder } from "../fixtures.ts";
import { cConfig, cProgram, tinyRepository } from "../gate/tiny-repository.ts";

const HARNESS = join(import.meta.dirname, "../..");
const npm = (folder: string, ...args: string[]): string =>
  execFileSync("npm", args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, npm_config_cache: join(folder, ".npm") },
  });

// Not on Windows: the project that is gated is built by cc, and its programs are found by a Unix path.
describe.skipIf(process.platform === "win32")("the packed harness", () => {
  test("gates a tiny repository of another project", { timeout: 300_000 }, async () => {
    const made = join(temporaryFolder(), "package");
    await makePackage(made);
    const folder = temporaryFolder();
    npm(made, "pack", "--silent", "--pack-destination", folder);
    const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    // The native module comes from the workspace, so that no network is needed; the program brings all else along.
    const sqlite = realpathSync(join(HARNESS, "node_modules/better-sqlite3"));
    npm(folder, "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${archive}`, sqlite);

    const installed = join(folder, "node_modules/drift-bench");
    const licences = readFileSync(join(installed, "THIRD-PARTY-LICENSES.txt"), "utf8");
    const packed = ["zod", "commander", "pg", "simple-statistics", "@octokit/rest"];
    for (const name of packed) {
      const root = join(HARNESS, "node_modules", name);
      const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
      expect(licences).toContain(`\n${name} ${version}\nLicence: `);
      const file = readdirSync(root).find((one) => one.startsWith("LICENSE")) ?? "";
      expect(licences).toContain(readFileSync(join(root, file), "utf8").trim());
    }
    // What npm installs beside the program, and what only tests use, is not in it.
    expect(licences).not.toMatch(/^(better-sqlite3|vitest|esbuild) /m);
    expect(readFileSync(join(installed, "README.md"), "utf8")).toContain(
      "npx drift-bench gate --base main --head HEAD",
    );
    expect(readFileSync(join(installed, "LICENSE"), "utf8")).toContain("Apache License");

    const repository = tinyRepository({ "work.c": cProgram(30_000), "drift-bench.json": cConfig });
    repository.commit({ "work.c": cProgram(60_000) });
    const drift = (...args: string[]) =>
      spawnSync(join(folder, "node_modules/.bin/drift-bench"), args, {
        cwd: repository.root,
        encoding: "utf8",
        // Node as it is here, and nothing of this workspace.
        env: { PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(":"), HOME: folder },
      });
    const gate = drift("gate", "--base", "HEAD~1", "--head", "HEAD", "--cache", join(folder, "cache"), "--json");
    expect([gate.status, gate.stderr.includes("a bug in Drift")]).toEqual([1, false]);
    const report = GateReport.parse(JSON.parse(gate.stdout));
    expect(report.cases).toMatchObject([{ caseId: "c/sum", verdict: "regressed" }]);

    // What a whole process used is told by a starter that lies beside the program.
    const whole = { id: "whole", command: ["true"], metrics: ["cpu", "peak-memory"] };
    writeFileSync(join(folder, "whole.json"), JSON.stringify({ cases: [whole] }));
    const measured = drift("run", "--config", join(folder, "whole.json"), "--processes", "1", "--json");
    expect([measured.status, measured.stdout]).toEqual([0, expect.stringContaining('"peak-memory"')]);

    mkdirSync(join(folder, "out"));
    const file = join(folder, "out", "gate.json");
    writeFileSync(file, gate.stdout);
    expect(drift("report", "--in", file, "--format", "markdown").stdout).toContain("1 case became slower");
    expect(drift("history", "add", file)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("stored") as string,
    });
    expect(drift("history", "list").stdout).toContain("c/sum");
    writeFileSync(
      file,
      JSON.stringify([...Array.from({ length: 20 }, () => 1), ...Array.from({ length: 20 }, () => 2)]),
    );
    expect(drift("changepoints", "--in", file).stdout).toContain("+100.0 %");
    expect(drift("gate", "--base", "HEAD", "--head", "nowhere")).toMatchObject({ status: 2, stdout: "" });
  });
});
