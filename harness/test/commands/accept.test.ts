import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Report, VerifyOutput } from "@drift/cibench";
import { expect, test } from "vitest";
import { acceptCommand } from "../../src/commands/accept.ts";
import { openHistory } from "../../src/store/publish.ts";
import { readRunFiles } from "../../src/store/run-file.ts";
import { cibenchRun, draftRest, NOW, temporaryFolder } from "../fixtures.ts";
import { stored } from "./stored.ts";

const YES: VerifyOutput = { schemaVersion: 2, verified: true, badge: "self-reported", checks: [] };

function handedIn(right = 8): string {
  const folder = temporaryFolder();
  const { file, rawText } = cibenchRun({ tool: "theirs", right });
  const report = file.report as Report;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "run.json"), JSON.stringify(report));
  writeFileSync(join(folder, `${report.itemsSha256}.jsonl.gz`), gzipSync(rawText));
  return join(folder, "run.json");
}

test("a run that is verified is stored once, self-reported unless we got the same answers", async () => {
  const { context, output } = stored();
  context.testbed = async () => ({ ...draftRest({}), code: "c" }) as never;
  const file = handedIn();
  for (const rerun of [undefined, undefined, handedIn()]) {
    await acceptCommand(file, { json: true, ...(rerun === undefined ? {} : { rerun }) }, context, async () => YES);
  }
  expect(output()).toContain('"badge": "re-run by us"');
  const badges = readRunFiles(context.results).map((run) => (run.file.report as Report).badge);
  expect(new Set(badges)).toEqual(new Set(["re-run by us", "self-reported"]));
  const { db } = openHistory(context.results, { now: NOW });
  const rows = db.prepare("SELECT badge FROM run ORDER BY badge").pluck().all();
  db.close();
  expect(rows).toEqual(["re-run by us", "self-reported"]);
  await expect(
    acceptCommand(file, { json: false, rerun: handedIn(7) }, context, async () => YES),
  ).rejects.toMatchObject({ code: "RERUN_DIFFERS" });
});

test("one that is not is refused with its findings", async () => {
  const { context } = stored();
  const checks: VerifyOutput["checks"] = [{ check: "scores", passed: false, detail: "call-graph: 1 is 0.5 here" }];
  const no = async (): Promise<VerifyOutput> => ({ ...YES, verified: false, badge: null, checks });
  await expect(acceptCommand(handedIn(), { json: false }, context, no)).rejects.toMatchObject({
    code: "SUBMISSION_REFUSED",
    message: expect.stringContaining("scores: call-graph: 1 is 0.5 here"),
  });
  expect(readRunFiles(context.results)).toEqual([]);
});

test("the command itself says what it found", async () => {
  const { context } = stored();
  context.root = new URL("../../../", import.meta.url).pathname;
  const file = join(temporaryFolder(), "run.json");
  writeFileSync(file, "{}");
  await expect(acceptCommand(file, { json: false }, context)).rejects.toMatchObject({
    code: "SUBMISSION_REFUSED",
    message: expect.stringContaining("form:"),
  });
});
