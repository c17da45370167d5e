// What the steps of bench-history.yml do to the branch of the history, with a bare repository in place of GitHub.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

const workflow = readFileSync(new URL("../../.github/workflows/bench-history.yml", import.meta.url), "utf8");

/** The script of a step, as the runner gets it. */
function scriptOf(step) {
  const lines = workflow.slice(workflow.indexOf(`- name: ${step}\n`)).split("\n");
  const start = lines.findIndex((line) => /^ +run: \|$/.test(line));
  const indent = lines[start].indexOf("run:") + 2;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.trim() !== "" && !line.startsWith(" ".repeat(indent)));
  return (end === -1 ? rest : rest.slice(0, end)).map((line) => line.slice(indent)).join("\n");
}

const env = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  TOKEN: "secret",
  COMMIT: "c".repeat(40),
};

function folder() {
  const made = mkdtempSync(join(tmpdir(), "drift-workflow-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

// As the runner does: stop at the first command that fails.
const run = (step, cwd, more) =>
  execFileSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", scriptOf(step)], {
    cwd,
    env: { ...env, ...more },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

function remote() {
  const bare = folder();
  const git = (...args) => execFileSync("git", ["-C", bare, ...args], { env, encoding: "utf8" }).trim();
  git("init", "--quiet", "--bare");
  const publish = (files) => {
    const measured = folder();
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(measured, name)), { recursive: true });
      writeFileSync(join(measured, name), text);
    }
    run("Add what is new to the branch of the history", folder(), { REMOTE: bare, MEASURED: measured });
  };
  return { bare, git, publish, files: () => git("ls-tree", "-r", "--name-only", "drift-history").split("\n") };
}

// The steps are scripts for bash, which the workflow runs on Linux.
describe.skipIf(process.platform === "win32")("the branch of the history", () => {
  test("is begun, gets what is new, and what it has never changes", () => {
    const { git, publish, files } = remote();
    publish({ "entries/2026-11/a.json": "first", "raw/a.json.gz": "samples" });
    expect(files()).toEqual(["entries/2026-11/a.json"]);
    publish({ "entries/2026-11/a.json": "forged", "entries/2026-12/b.json": "second", "events/c.json": "said" });
    expect(files()).toEqual(["entries/2026-11/a.json", "entries/2026-12/b.json", "events/c.json"]);
    expect(git("show", "drift-history:entries/2026-11/a.json")).toBe("first");
    const commits = git("rev-list", "--count", "drift-history");
    publish({ "entries/2026-11/a.json": "first" });
    expect([commits, git("rev-list", "--count", "drift-history")]).toEqual(["2", "2"]);
  });

  test("is what the next measurement begins with; without one it begins empty", () => {
    const { bare, publish } = remote();
    const clone = folder();
    execFileSync("git", ["init", "--quiet", clone], { env });
    execFileSync("git", ["-C", clone, "remote", "add", "origin", bare], { env });
    const fetch = () => run("Fetch the history so far", clone, { RESULTS: "results" });
    fetch();
    publish({ "entries/2026-11/a.json": "first" });
    fetch();
    expect(readFileSync(join(clone, "results/history/entries/2026-11/a.json"), "utf8")).toBe("first");
  });
});
