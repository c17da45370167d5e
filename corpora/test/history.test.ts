import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { runCli } from "../src/cli/program.ts";
import { deriveHistory, type HistoryOptions, whyLeftOut } from "../src/derive/history.ts";
import { Repository } from "../src/derive/history/repository.ts";
import { surveyHistory } from "../src/survey/history.ts";
import { ChangeTruth } from "../src/truth/change-schema.ts";
import { folderWith } from "./support/folder.ts";
import { sha256 } from "./support/sources.ts";

const DAY = 86_400;
const NOW = 1_700_000_000;

/** A repository in which `commit` writes files (null removes one) and commits them. */
async function repository() {
  const root = folderWith();
  const git = async (args: string[], env: Record<string, string> = {}): Promise<string> =>
    (
      await execa("git", args, {
        cwd: root,
        env: { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", PATH: process.env["PATH"] ?? "", ...env },
        extendEnv: false,
      })
    ).stdout.trim();
  await git(["init", "--quiet", "--initial-branch=main"]);
  const commit = async (
    message: string,
    files: Record<string, string | null>,
    { author = "Ada", seconds = NOW, config = [] as string[] } = {},
  ): Promise<string> => {
    for (const [file, text] of Object.entries(files)) {
      if (text === null) await git(["rm", "--quiet", "--", file]);
      else {
        mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
        writeFileSync(path.join(root, file), text);
      }
    }
    await git(["add", "--all"]);
    const who = {
      GIT_AUTHOR_NAME: author,
      GIT_AUTHOR_EMAIL: "a@example.org",
      GIT_COMMITTER_NAME: "C",
      GIT_COMMITTER_EMAIL: "c@example.org",
    };
    const when = { GIT_AUTHOR_DATE: `${seconds} +0000`, GIT_COMMITTER_DATE: `${seconds} +0000` };
    await git([...config, "commit", "--quiet", "--allow-empty", "-m", message], { ...who, ...when });
    return git(["rev-parse", "HEAD"]);
  };
  const derive = async (options: Partial<HistoryOptions> = {}): Promise<ChangeTruth> =>
    ChangeTruth.parse(await deriveHistory(root, { most: 100, cacheDir: folderWith(), ...options }));
  return { root, git, commit, derive };
}

test("each commit that people described is an item with all the functions that it changed", async () => {
  const { commit, derive } = await repository();
  const first = await commit("the first version of all", {
    "a.js": "function f () {}\nfunction g () {}\n",
    "b.py": "def h(): pass\n",
  });
  const second = await commit("let `f` give one\n\nand say why", {
    "a.js": "function f () { return 1 }\nfunction g () {}\n",
  });
  const third = await commit("h moves, and k is there", {
    "b.py": null,
    "lib/b.py": "def h(): pass\n",
    "c.ts": "export const k = (): number => 1;\n",
  });
  const { changes, dropped, language } = await derive();
  expect(language).toBe("mixed");
  expect(dropped).toEqual([{ reason: "first commits", number: 1 }]);
  expect(changes).toEqual([
    {
      from: second,
      to: third,
      functions: [{ file: "c.ts", name: "k", before: null, after: "c.ts:1:18" }],
      unreadable: [],
      items: [
        {
          id: third,
          text: { file: null, line: 1, endLine: 1, sha256: sha256("h moves, and k is there") },
          must: [0],
          ties: [{ by: "commit", what: "" }],
          grep: 0,
        },
      ],
      dropped: [],
    },
    expect.objectContaining({
      from: first,
      functions: [{ file: "a.js", name: "f", before: "a.js:1:1", after: "a.js:1:1" }],
      items: [expect.objectContaining({ text: expect.objectContaining({ endLine: 3 }), grep: 0 })],
    }),
  ]);
});

test("merges, bots, old and mechanical commits, pure layout and too much at once are left out, and counted", async () => {
  const { git, commit, derive } = await repository();
  const f = (n: number): string => `function f () { return ${n} }\n`;
  await commit("the first version of all", { "a.js": f(0) }, { seconds: NOW - 9 * 365 * DAY });
  await commit("a change of long ago", { "a.js": f(1) }, { seconds: NOW - 6 * 365 * DAY });
  await commit("update what f gives", { "a.js": f(2) }, { author: "dependabot[bot]" });
  await commit('Revert "update what f gives"', { "a.js": f(1) });
  await commit("bump to 1.2.3 at last", { "a.js": f(3) });
  await commit("wip", { "a.js": f(4) });
  await commit("format everything anew", { "a.js": "// f\nfunction f() {\n  return 4;\n}\n" });
  await commit("say more in the manual", { "README.md": "more\n", "test/a.js": f(9), "dist/a.js": f(9) });
  await commit(
    "touch very many files",
    Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`many/${i}.js`, f(i)])),
  );
  await commit("write very many functions", {
    "n.js": Array.from({ length: 41 }, (_, i) => `function g${i} () {}\n`).join(""),
  });
  await commit("generate the tables again", { "t.js": `// Generated by x. Do not edit.\n${f(1)}` });
  await git(["checkout", "--quiet", "-b", "side", "HEAD~1"]);
  await commit("a word at the side of it", { "side.txt": "x" });
  await git(["checkout", "--quiet", "main"]);
  await git(
    ["-c", "user.name=A", "-c", "user.email=a@b.c", "merge", "--quiet", "--no-ff", "-m", "Merge side", "side"],
    {
      GIT_AUTHOR_DATE: `${NOW} +0000`,
      GIT_COMMITTER_DATE: `${NOW} +0000`,
    },
  );
  const { changes, dropped } = await derive();
  expect(changes).toEqual([]);
  expect(Object.fromEntries(dropped.map(({ reason, number }) => [reason, number]))).toEqual({
    merges: 1,
    "first commits": 1,
    "commits of bots": 1,
    "commits that are too old": 1,
    "commits that merge, revert, or set a version": 2,
    "commits without a description": 1,
    "commits that touch no source file": 2,
    "commits that touch too many files": 1,
    "commits that change too many functions": 1,
    "commits that change no function but its layout, comments or place": 2,
  });
});

test("who is a bot is told by name and address", () => {
  const about = {
    id: "1",
    parents: ["0"],
    seconds: NOW,
    message: "a change that is described",
    email: "a@example.org",
  };
  const why = (author: string, email = about.email): string | null => whyLeftOut({ ...about, author, email }, about);
  for (const name of ["renovate[bot]", "github-actions", "release-bot", "Snyk bot"])
    expect([name, why(name)]).toEqual([name, "commits of bots"]);
  expect(why("CI", "bot@example.org")).toBe("commits of bots");
  for (const name of ["Abbot", "Robot Smith", "Bot Jones"]) expect([name, why(name)]).toEqual([name, null]);
});

test("odd encodings, names and kinds of files are read or left out, and never end it", async () => {
  const { root, git, commit, derive } = await repository();
  await commit("the first version of all", { "a.js": "function f () {}\n" });
  const latin = Buffer.from("fa\xe7on de f en latin", "latin1");
  writeFileSync(path.join(root, "message"), latin);
  writeFileSync(path.join(root, "a.js"), "function f () { return 1 }\n");
  await git(["add", "a.js"]);
  const who = ["-c", "user.name=\u00c9l\u00e9a", "-c", "user.email=e@example.org"];
  await git([...who, "-c", "i18n.commitEncoding=ISO-8859-1", "commit", "--quiet", "-F", "message"]);
  // Says UTF-8 and is none: git itself would mend what it is given.
  writeFileSync(path.join(root, "a.js"), "function f () { return 2 }\n");
  await git(["add", "a.js"]);
  await git([...who, "commit", "--quiet", "-m", "to be replaced"]);
  const [head = ""] = (await git(["cat-file", "commit", "HEAD"])).split("\n\n");
  const object = Buffer.concat([Buffer.from(`${head}\n\nbytes that are no text `), Buffer.from([0xff, 0xfe, 0x0a])]);
  const { stdout: id } = await execa("git", ["hash-object", "-t", "commit", "-w", "--stdin"], {
    cwd: root,
    input: object,
  });
  await git(["update-ref", "HEAD", id]);
  const names = [
    "a b.js",
    "new\nline.js",
    'quo"te.js',
    "t\tab.js",
    "-dash.js",
    "\u00fcml\u00e4ut.js",
    "*.js",
    "constructor.js",
  ];
  for (const name of names) writeFileSync(path.join(root, name), "function f () {}\n");
  writeFileSync(
    Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0xff]), Buffer.from(".js")]),
    "function no () {}\n",
  );
  symlinkSync("/etc/passwd", path.join(root, "link.js"));
  writeFileSync(path.join(root, "bytes.js"), Buffer.from([0, 255, 254, 10]));
  writeFileSync(path.join(root, "large.js"), `function g () { return [${"1,".repeat(1_100_000)}] }\n`);
  await git(["add", "--all"]);
  await git(["update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},sub.js`]);
  await git([...who, "commit", "--quiet", "-m", "files with names that nobody expects"]);
  const { changes } = await derive();
  expect(changes.map(({ functions }) => functions.map(({ file }) => file).sort())).toEqual([
    names.toSorted(),
    ["a.js"],
    ["a.js"],
  ]);
  expect(changes[0]?.unreadable).toEqual(["bytes.js", "large.js"]);
  const [, odd, message] = await (await Repository.open(root)).commits(3);
  expect(message?.message).toBe("fa\u00e7on de f en latin");
  expect(odd?.message).toContain("\ufffd");
});

test("a repository is read, not obeyed: its hooks, drivers and filters do not run", async () => {
  const { root, git, commit, derive } = await repository();
  const ran = path.join(root, "ran");
  await commit("the first version of all", {
    "a.js": "function f () {}\n",
    ".gitattributes": "*.js diff=evil filter=evil\n",
  });
  await commit("let f give a number", { "a.js": "function f () { return 1 }\n" });
  const evil = `sh -c 'touch ${ran}; cat'`;
  for (const key of [
    "core.fsmonitor",
    "diff.evil.textconv",
    "diff.evil.command",
    "filter.evil.smudge",
    "diff.external",
    "core.pager",
    "gpg.program",
  ])
    await git(["config", key, evil]);
  await git(["config", "log.showSignature", "true"]);
  expect((await derive()).changes).toHaveLength(1);
  expect((await execa("ls", [root])).stdout).not.toContain("ran");
});

test("folders without a repository or without a commit say so; a bare repository is read", async () => {
  const options = { most: 10, cacheDir: folderWith() };
  await expect(deriveHistory(folderWith(), options)).rejects.toMatchObject({
    code: "CORPUS_FOLDER",
    hint: expect.any(String),
  });
  await expect(deriveHistory(path.join(folderWith(), "gone"), options)).rejects.toMatchObject({ name: "CorpusError" });
  const { root, commit, git } = await repository();
  await expect(deriveHistory(root, options)).rejects.toMatchObject({
    code: "CORPUS_FOLDER",
    message: expect.stringContaining("no commit yet"),
  });
  await commit("the first version of all", { "a.js": "function f () {}\n" });
  await commit("let f give a number", { "a.js": "function f () { return 1 }\n" });
  const bare = path.join(folderWith(), "bare.git");
  await git(["clone", "--quiet", "--bare", root, bare]);
  expect((await deriveHistory(bare, options)).changes).toHaveLength(1);
});

test("the command prints a line or the record, and what was read is kept", async () => {
  const { root, commit } = await repository();
  await commit("the first version of all", { "a.js": "function f () {}\n" });
  await commit("let f give a number", { "a.js": "function f () { return 1 }\n" });
  const cacheDir = folderWith();
  const run = async (...argv: string[]) => {
    const ran = { code: -1, stdout: "", stderr: "" };
    ran.code = await runCli(["derive", "--kind", "history", ...argv, "--cache-dir", cacheDir], {
      env: { PATH: process.env["PATH"] },
      stdout: (text) => (ran.stdout += text),
      stderr: (text) => (ran.stderr += text),
    });
    return ran;
  };
  const said = await run("--repo", root);
  expect(said).toMatchObject({ code: 0 });
  expect(said.stdout).toMatch(
    /^[\w-]+: 1 commits that change 1 functions, of which a search for names scores 0\.0 %\n {2}1 first commits\n$/,
  );
  const record = ChangeTruth.parse(JSON.parse((await run("--repo", root, "--json")).stdout));
  expect(record).toMatchObject({ kind: "history", language: "javascript", corpus: path.basename(root) });
  expect((await run("--repo", root, "--most", "1")).stdout).toContain(": 1 commits");
  expect((await run("--repo", root, "--most", "0")).code).toBe(2);
  expect(await run()).toMatchObject({ code: 2, stdout: "" });
  expect((await run("--repo", folderWith())).code).toBe(3);
});

test("this project's own history is read", async () => {
  const root = path.resolve(import.meta.dirname, "../..");
  // A copy without its repository has no history to read.
  const most = typeof (await surveyHistory(root)) === "string" ? 0 : 12;
  const truth = most === 0 ? null : ChangeTruth.parse(await deriveHistory(root, { most, cacheDir: folderWith() }));
  const left = truth?.dropped.reduce((sum, { number }) => sum + number, 0) ?? 0;
  const changes = truth?.changes ?? [];
  expect(changes.length + left).toBeGreaterThanOrEqual(Math.min(1, most));
  expect(changes.length + left).toBeLessThanOrEqual(most);
  for (const { items, functions } of changes) expect(items[0]?.must).toHaveLength(functions.length);
});
