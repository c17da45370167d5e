import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copyNode, fakeMachine, until } from "./fake-machine.mjs";

/** @type {ReturnType<typeof fakeMachine>} */
let machine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => {
  machine.remove();
});

/** The set-up ends with exit code 3, nothing on standard output, and one sentence that has all the words. */
async function expectSentence(outcome, ...words) {
  const { code, stdout, stderr } = await outcome;
  expect({ code, stdout }, stderr).toEqual({ code: 3, stdout: "" });
  const sentences = stderr
    .split("\n")
    .filter((line) => line !== "" && !/^drift: \S.* (done|failed) in \d+ s$/.test(line));
  expect(sentences).toHaveLength(1);
  for (const word of words) expect(sentences[0]).toContain(word);
}

describe("what is missing is said in one sentence with the command that mends it", () => {
  test("a too old Node", async () => {
    const old = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.8"}})`;
    await expectSentence(
      machine.bootstrap(["start"], { nodeArgs: ["--import", old] }),
      "Node 18.20.8 is too old",
      "nvm install 24",
    );
    expect(machine.calls()).toEqual([]);
  });

  test("no cargo", async () => {
    machine.setProgram("cargo", undefined);
    await expectSentence(machine.bootstrap(["callgraph"]), "cargo", "sh.rustup.rs", '"npm run callgraph"');
    expect(machine.calls()).toEqual([]);
  });

  test("a too old Rust", async () => {
    machine.setProgram("rustc", "echo 'rustc 1.94.1 (aaaaaaaaa 2026-01-01)'");
    await expectSentence(machine.bootstrap(["callgraph"]), "rustc 1.94.1", "1.95 or newer", "rustup update stable");
  });

  test("a rustc that does not answer", async () => {
    machine.setProgram("rustc", "exit 1");
    await expectSentence(machine.bootstrap(["callgraph"]), "rustc does not answer", "sh.rustup.rs");
  });

  test("no C compiler", async () => {
    machine.setProgram("cc", undefined);
    await expectSentence(
      machine.bootstrap(["callgraph"]),
      "No C compiler",
      process.platform === "darwin" ? "xcode-select" : "build-essential",
    );
  });

  test("no npm", async () => {
    machine.setProgram("npm", undefined);
    await expectSentence(machine.bootstrap(["callgraph"]), '"npm" was not found', "nvm install 24");
  });

  test("no network, as npm says it", async () => {
    machine.setProgram(
      "npm",
      "echo 'npm error code ENOTFOUND' >&2; echo 'npm error network request failed' >&2; exit 1",
    );
    await expectSentence(machine.bootstrap(["start"]), "cannot be reached", '"npm start"');
  });

  test("no network, as pnpm says it, which is tried once more", async () => {
    machine.setPnpm("echo ERR_PNPM_RESOLVING_NPM_RESOLVER_NETWORK_ERROR >&2; exit 1");
    await expectSentence(machine.bootstrap(["start"]), "cannot be reached", "installing dependencies", '"npm start"');
    expect(machine.calls().map((call) => call.split(" ")[0])).toEqual(["npm", "pnpm", "pnpm"]);
  });

  test("no network, as cargo says it", async () => {
    machine.setTurbo(
      "echo 'error: failed to download from a registry' >&2; echo \"Couldn't resolve host name\" >&2; exit 1",
    );
    await expectSentence(machine.bootstrap(["callgraph"]), "cannot be reached", "native engine", '"npm run callgraph"');
  });

  test("a full disk", async () => {
    machine.setProgram("npm", "echo 'npm error code ENOSPC' >&2; exit 1");
    await expectSentence(machine.bootstrap(["start"]), "full", "df -h");
  });

  test.skipIf(process.platform === "win32")("a checkout that cannot be written", async () => {
    const node = copyNode(machine.folder);
    chmodSync(machine.root, 0o555);
    const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {}; // root may write everywhere
    await expectSentence(
      machine.bootstrap(["start"], { node, ...nobody }),
      "cannot be written",
      "chmod -R u+w",
      '"npm start"',
    );
    chmodSync(machine.root, 0o755);
  });

  test("a pinned program that does not run here", async () => {
    machine.setProgram(
      "npm",
      "mkdir -p .toolchain/node_modules/.bin; ln -s /bin/false .toolchain/node_modules/.bin/node",
    );
    await expectSentence(
      machine.bootstrap(["start"]),
      "does not run on this computer",
      '"DRIFT_NODE=system npm start"',
    );
  });

  test("a build that succeeds without a binary", async () => {
    machine.setTurbo("exit 0");
    await expectSentence(machine.bootstrap(["callgraph"]), "no binary in engine/native");
  });

  test("another folder that cannot be written is named by the step's own output", async () => {
    machine.setProgram("npm", "echo 'npm error EACCES: permission denied, mkdir /home/me/.npm' >&2; exit 243");
    const { code, stderr } = await machine.bootstrap(["start"]);
    expect(code).toBe(3);
    expect(stderr).toContain("/home/me/.npm");
    expect(stderr).not.toContain("chmod");
  });

  test("any other failure shows the end of what was said, and where the rest is", async () => {
    machine.setProgram("npm", "echo 'something odd'; exit 7");
    const { code, stdout, stderr } = await machine.bootstrap(["start"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("something odd");
    expect(stderr).toContain("npm ended with code 7");
    expect(stderr).toContain(join(".toolchain", "logs", "npm.log"));
  });
});

describe("the job", () => {
  test("gets its arguments as they were typed, and standard output to itself", async () => {
    const args = ["a folder", "--out", 'quote " and $HOME', "", "*", "ünï"];
    const { code, stdout, stderr } = await machine.bootstrap(["callgraph", ...args]);
    expect(code, stderr).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(stdout).args).toEqual(args);
    expect(stderr).not.toContain("talks");
  });

  test("runs where the command was typed, with the pinned tools first on PATH", async () => {
    const typedIn = join(machine.folder, "elsewhere");
    mkdirSync(typedIn);
    const { stdout } = await machine.bootstrap(["callgraph"], {
      env: { npm_lifecycle_event: "callgraph", INIT_CWD: typedIn },
    });
    expect(JSON.parse(stdout)).toEqual({
      args: [],
      cwd: typedIn,
      firstOnPath: join(machine.root, ".toolchain", "node_modules", ".bin"),
    });
    const direct = await machine.bootstrap(["callgraph"], { cwd: typedIn });
    expect(JSON.parse(direct.stdout).cwd).toBe(typedIn);
  });

  test("passes its exit code on", async () => {
    expect((await machine.bootstrap(["callgraph", "exit", "1"])).code).toBe(1);
    expect((await machine.bootstrap(["callgraph", "exit", "70"])).code).toBe(70);
  });

  test("gets the signals that this process gets", async () => {
    const { child, ended, stdout } = machine.start(["callgraph", "wait"]);
    await until(() => stdout().includes("ready"));
    child.kill("SIGTERM");
    expect((await ended).code).toBe(42);
  });

  test("tells its options without a native build, and without Rust", async () => {
    machine.setProgram("cargo", undefined);
    const { code, stdout } = await machine.bootstrap(["callgraph", "--help"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).args).toEqual(["--help"]);
    expect(machine.calls().map((call) => call.split(" ")[0])).toEqual(["npm", "pnpm"]);
  });

  test("an unknown one, or none, is a bad argument", async () => {
    const { code, stdout, stderr } = await machine.bootstrap(["strat"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain('there is no job "strat"');
    expect((await machine.bootstrap([])).code).toBe(2);
    expect((await machine.bootstrap(["constructor"])).code).toBe(2);
    const help = await machine.bootstrap(["--help"]);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("callgraph");
    expect(machine.calls()).toEqual([]);
  });
});

describe("the set-up", () => {
  const names = () => machine.calls().map((call) => call.split(" ")[0]);

  test("is one install of pinned Node and pnpm, one frozen install, one build; a second call does nothing of it", async () => {
    const first = await machine.bootstrap(["callgraph"]);
    expect(first.code, first.stderr).toBe(0);
    expect(machine.calls()).toEqual([
      expect.stringMatching(/^npm install --prefix .*\.toolchain --fetch-retries=0 .*node@24\.21\.0 pnpm@12\.21\.0$/),
      expect.stringMatching(/^pnpm install --frozen-lockfile /),
      expect.stringMatching(/^turbo run build --filter=@drift\/engine --concurrency=1/),
    ]);
    const second = await machine.bootstrap(["callgraph"]);
    expect(second.stderr).toBe("");
    expect(machine.calls()).toHaveLength(3);
  });

  test("does again only what changed", async () => {
    await machine.bootstrap(["callgraph"]);
    machine.write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n\nsnapshots:\n\n  b@1.0.0: {}\n");
    await machine.bootstrap(["callgraph"]);
    expect(names().slice(3)).toEqual(["pnpm"]);
    machine.write("crates/drift-a/src/lib.rs", "// something\n");
    await machine.bootstrap(["callgraph"]);
    expect(names().slice(4)).toEqual(["turbo"]);
    rmSync(join(machine.root, "engine", "native"), { recursive: true });
    await machine.bootstrap(["callgraph"]);
    expect(names().slice(5)).toEqual(["turbo"]);
    rmSync(join(machine.root, "node_modules"), { recursive: true });
    await machine.bootstrap(["callgraph"]);
    expect(names().slice(6)).toEqual(["pnpm"]);
    rmSync(join(machine.root, ".toolchain"), { recursive: true });
    await machine.bootstrap(["callgraph"]);
    expect(names().slice(7)).toEqual(["npm", "pnpm", "turbo"]);
  });

  test("goes on after a kill in the middle", async () => {
    const { child, ended } = machine.start(["callgraph"], { env: { SLOW_NPM: "yes" } });
    await until(() => existsSync(join(machine.folder, "npm-began")));
    child.kill("SIGKILL");
    const next = machine.start(["callgraph"]);
    await until(() => next.stderr().includes("waiting for it")); // the killed one's npm is still writing
    writeFileSync(join(machine.folder, "go-on"), "");
    expect((await ended).signal).toBe("SIGKILL");
    const { code, stderr } = await next.ended;
    expect(code, stderr).toBe(0);
    expect(names()).toEqual(["npm", "npm", "pnpm", "turbo"]);
  });

  test("of two at once one works while the other waits and says so", async () => {
    const first = machine.start(["callgraph", "first"], { env: { SLOW_NPM: "yes" } });
    await until(() => existsSync(join(machine.folder, "npm-began")));
    const second = machine.start(["callgraph", "second"]);
    await until(() => second.stderr().includes(`process ${first.child.pid}`));
    writeFileSync(join(machine.folder, "go-on"), "");
    expect(JSON.parse((await first.ended).stdout).args).toEqual(["first"]);
    expect(JSON.parse((await second.ended).stdout).args).toEqual(["second"]);
    expect(names()).toEqual(["npm", "pnpm", "turbo"]);
  });

  test("uses the Node that runs it when asked to, if that is new enough for jobs", async () => {
    await machine.bootstrap(["callgraph"], { env: { DRIFT_NODE: "system" } });
    expect(machine.calls()[0]).toMatch(/--ignore-scripts=false pnpm@12\.21\.0$/);
  });
});
