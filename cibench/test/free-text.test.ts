import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { scoreFreeText } from "../src/probes/free-text/score.ts";
import { cohenKappa } from "../src/probes/free-text/agreement.ts";
import { measureStudy } from "../src/probes/free-text/study.ts";
import { FreeTextStudy } from "../src/schema/free-text-study.ts";
import { FreeTextOutput, FreeTextRubric, FreeTextValidation } from "../src/schema/free-text.ts";
import { commandsOn } from "./support/cli.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

const STUDY = fileURLToPath(new URL("../free-text/study.json", import.meta.url));

/** The state of one concept after a text. */
function stateOf(
  text: string,
  names: string[],
  more: { says?: string[]; denials?: string[] } = {},
): string | undefined {
  const rubric = FreeTextRubric.parse({ itemId: "1", required: [{ id: "c", names, ...more }] });
  return scoreFreeText(rubric, text).concepts[0]?.state;
}

describe("what the predecessor got wrong", () => {
  test.each([
    ["It is not known.", "absent"],
    ["I do not think so, nor does anyone.", "absent"],
    ["There is nobody to ask.", "absent"],
    ["No.", "affirmed"],
    ["no, it holds", "affirmed"],
  ])("'not' is not 'no': %j", (text, state) => {
    expect(stateOf(text, ["no"])).toBe(state);
  });

  test.each(["The recall was bad.", "callback", "It is called parser.", "parsers are fun", "sparse"])(
    "unrelated words do not match: %j",
    (text) => {
      expect([
        stateOf(text, ["call"], { says: ["nothing"] }),
        stateOf(text, ["Parser.run"]),
        stateOf(text, ["parse"]),
      ]).toEqual(["absent", "absent", "absent"]);
    },
  );

  const rubric = FreeTextRubric.parse({
    itemId: "1",
    required: [
      { id: "a", names: ["Store.save"] },
      { id: "b", names: ["flush"] },
    ],
    expected: [{ id: "c", names: ["cache"] }],
    wrong: [{ id: "d", names: ["Store.load"] }],
  });

  test("unanswered counts, and so does saying nothing in many words", () => {
    for (const text of ["", "   \n", "It depends on many things that one would have to look at."]) {
      expect(scoreFreeText(rubric, text)).toMatchObject({ verdict: "unanswered", score: 0 });
    }
  });

  test("saying everything is worth nothing", () => {
    const everything = "It enters Store.save, flush, the cache and Store.load.";
    expect(scoreFreeText(rubric, everything)).toMatchObject({ verdict: "wrong", score: 0 });
  });

  test("the formula: required concepts weigh twice the expected ones, hedged ones half, wrong ones take away", () => {
    expect(scoreFreeText(rubric, "Store.save, then flush, with the cache.")).toMatchObject({
      verdict: "right",
      score: 1,
    });
    expect(scoreFreeText(rubric, "Store.save, then flush.")).toMatchObject({ verdict: "right", score: 0.8 });
    expect(scoreFreeText(rubric, "Store.save.")).toMatchObject({ verdict: "partly", score: 0.4 });
    expect(scoreFreeText(rubric, "Store.save. Maybe flush.")).toMatchObject({ verdict: "partly", score: 0.6 });
    expect(scoreFreeText(rubric, "Store.save and flush. Perhaps Store.load.").score).toBeCloseTo(0.4, 12);
  });
});

describe("negation", () => {
  test.each([
    ["It calls save.", "affirmed"],
    ["It does not call save.", "denied"],
    ["It doesn’t call save, but load.", "denied"],
    ["It calls load, not save.", "denied"],
    ["Not load but save.", "affirmed"],
    ["Neither load nor save is called.", "denied"],
    ["It runs without save.", "denied"],
    ["save is never called.", "denied"],
    ["load and save do not run.", "denied"],
    ["Instead of save, it calls load.", "denied"],
    ["save, rather than load, is called.", "affirmed"],
    ["It is not true that save isn't called.", "affirmed"],
    ["It is wrong that it calls save.", "denied"],
    ["It not only calls load, it calls save.", "affirmed"],
    ["There is no doubt that it calls save.", "affirmed"],
    ["It calls nothing but save.", "affirmed"],
    ["This bypasses save.", "denied"],
    ["Does it call save?", "absent"],
    ["If it called save, the file would be there.", "absent"],
    ["It does not call load, it calls save.", "affirmed"],
    ["It may well call save.", "hedged"],
    ["Either load or save.", "hedged"],
    ["I don't know whether it calls save.", "hedged"],
    ["It calls save. It does not call save.", "contradicted"],
    ["It calls save. Perhaps it calls save twice.", "affirmed"],
    ["I considered save.", "absent"],
  ])("%j: %s", (text, state) => {
    expect(stateOf(text, ["save"])).toBe(state);
  });

  test.each([
    ["t.py fails.", "affirmed"],
    ["t.py no longer passes.", "affirmed"],
    ["t.py stops passing.", "affirmed"],
    ["t.py keeps passing.", "denied"],
    ["t.py is left as it is.", "denied"],
    ["t.py runs that line.", "absent"],
    ["u.py fails and so does t.py.", "affirmed"],
  ])("with what must be said and its opposites, %j: %s", (text, state) => {
    expect(stateOf(text, ["t.py"], { says: ["fail", "so does"], denials: ["pass", "left as"] })).toBe(state);
  });

  test.each([
    ["Nothing except saveAll fails.", "affirmed", "absent"],
    ["None other than saveAll.", "affirmed", "absent"],
    ["No other function than saveAll calls it.", "affirmed", "absent"],
    ["It calls saveAll and no other function.", "affirmed", "absent"],
    ["It calls saveAll and nothing else.", "affirmed", "absent"],
    ["saveAll, and only saveAll, is called.", "affirmed", "absent"],
    ["Apart from saveAll, nothing calls it.", "affirmed", "absent"],
    ["All tests pass except saveAll.", "affirmed", "absent"],
    ["Everything passes apart from saveAll.", "affirmed", "absent"],
    ["saveAll fails and loadAll doesn't.", "affirmed", "denied"],
    ["It does not call loadAll and calls saveAll instead.", "affirmed", "denied"],
    ["It calls saveAll because loadAll is not defined there.", "affirmed", "denied"],
    ["It does not run because loadAll throws first.", "absent", "affirmed"],
    ["Not called: saveAll, loadAll.", "denied", "denied"],
    ["Unaffected: saveAll, loadAll", "denied", "denied"],
    ["These still pass:\n- saveAll\n- loadAll", "denied", "denied"],
    ["Failing:\n\n- saveAll\n\nStill passing:\n\n- loadAll", "affirmed", "denied"],
    ["Callers:\n1. saveAll\n2. loadAll", "affirmed", "affirmed"],
    ["It does not call any of these:\n* saveAll\n* loadAll\n\nNothing more.", "denied", "denied"],
    ["saveAll, loadAll and others are not called.", "denied", "denied"],
    ["saveAll and loadAll are never called.", "denied", "denied"],
    ["It hardly ever calls saveAll.", "denied", "absent"],
    ["It fails to reach saveAll.", "denied", "absent"],
    ["I would say saveAll.", "hedged", "absent"],
    ["If memory serves, it calls saveAll.", "hedged", "absent"],
    ["I haven't verified this, but saveAll should be called.", "hedged", "absent"],
    ["Take this with a grain of salt: saveAll.", "hedged", "absent"],
    ["saveAll is a candidate.", "hedged", "absent"],
    ["It is unlikely to be saveAll.", "hedged", "absent"],
    ["I can't rule out saveAll.", "hedged", "absent"],
    ["Pretty sure it calls saveAll.", "hedged", "absent"],
    ["It calls saveAll, which may throw.", "affirmed", "absent"],
    ["It calls saveAll, which does not return.", "affirmed", "absent"],
    ["I read saveAll.", "absent", "absent"],
    ["saveAll is a long function.", "absent", "absent"],
    ["saveAll has two callers? I wonder.", "absent", "absent"],
    ["saveAll was written in 2019.", "absent", "absent"],
    ["No, it calls saveAll.", "affirmed", "absent"],
    ["No. It calls saveAll.", "affirmed", "absent"],
    ["Yes: saveAll is called.", "affirmed", "absent"],
    ["saveAll is called by no one.", "denied", "absent"],
    ["Nobody calls saveAll.", "denied", "absent"],
    ["There are no calls to saveAll.", "denied", "absent"],
    ["There is no call to saveAll or loadAll.", "denied", "denied"],
    ["It is not saveAll but loadAll that is called.", "denied", "affirmed"],
    ["saveAll isn't the target, loadAll is.", "denied", "affirmed"],
    ["The target is saveAll (not loadAll).", "affirmed", "denied"],
    ["saveAll (loadAll is not involved)", "affirmed", "denied"],
    ["It calls saveAll — not loadAll.", "affirmed", "denied"],
    ["I first thought loadAll, but it is saveAll.", "affirmed", "hedged"],
    ["Only saveAll is called; loadAll is excluded.", "affirmed", "denied"],
    ["loadAll is ruled out, saveAll remains.", "affirmed", "denied"],
    ["saveAll and not loadAll is called.", "affirmed", "denied"],
    ["Without doubt saveAll.", "affirmed", "absent"],
    ["Definitely not saveAll.", "denied", "absent"],
    ["saveAll? No.", "denied", "absent"],
    ["Is it saveAll? Yes.", "affirmed", "absent"],
    ["It cannot be anything but saveAll.", "affirmed", "absent"],
    ["It's saveAll.", "affirmed", "absent"],
    ["It isn't saveAll, it isn't loadAll.", "denied", "denied"],
    ["saveAll: no. loadAll: yes.", "denied", "affirmed"],
    ["saveAll - not called\nloadAll - called", "denied", "affirmed"],
    ["| saveAll | fails |\n| loadAll | passes |", "affirmed", "denied"],
    ["saveAll (fails), loadAll (passes)", "affirmed", "denied"],
  ])("of two names, lists and exceptions, %j: %s, %s", (text, one, other) => {
    const concept = (name: string) => ({ id: name, names: [name], denials: ["pass"] });
    const rubric = FreeTextRubric.parse({ itemId: "1", required: [concept("saveAll"), concept("loadAll")] });
    expect(scoreFreeText(rubric, text).concepts.map(({ state }) => state)).toEqual([one, other]);
  });

  test("a name is the same name, a word the same word in any form", () => {
    expect(stateOf("`Store.save` is entered.", ["Store.save"])).toBe("affirmed");
    expect(stateOf("OldStore.save is entered.", ["Store.save"])).toBe("absent");
    expect(stateOf("store.save() is entered", ["Store.save"])).toBe("absent");
    expect(stateOf("Retries were limited.", ["retry limit"])).toBe("affirmed");
    expect(stateOf("It retries as often as it likes, up to a limit", ["retry limit"])).toBe("absent");
  });

  test("a model of meaning is asked where words do not decide, and only then", () => {
    const rubric = FreeTextRubric.parse({ itemId: "1", required: [{ id: "c", names: ["t.py"], says: ["fail"] }] });
    const asked: string[] = [];
    const paraphrase = (clause: string): boolean => (asked.push(clause), clause.includes("goes down"));
    expect(scoreFreeText(rubric, "t.py goes down in flames", paraphrase).verdict).toBe("right");
    expect(scoreFreeText(rubric, "t.py is long", paraphrase).verdict).toBe("unanswered");
    expect(scoreFreeText(rubric, "t.py fails", paraphrase).verdict).toBe("right");
    expect(asked).toEqual(["it goes down in flames", "it is long"]);
  });
});

test("a hostile text costs no more than its length", () => {
  expect(stateOf("not save ".repeat(10_000), ["save"])).toBe("denied");
  expect(stateOf("(".repeat(50_000), ["save"])).toBe("absent");
  expect(stateOf("a.".repeat(100_000), ["save"])).toBe("absent");
});

describe("cibench free-text", () => {
  const folder = mkdtempSync(join(tmpdir(), "cibench-words-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const cibench = commandsOn(() => folder);
  const written = (name: string, ...lines: unknown[]): string => {
    const path = join(folder, name);
    writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
    return path;
  };

  test("score: an item without an answer is worth nothing, and of two answers the first counts", async () => {
    const rubrics = written(
      "rubrics",
      ...["1", "2"].map((itemId) => ({ itemId, required: [{ id: "save", names: ["save"] }] })),
    );
    const answers = written("answers", { itemId: "1", text: "It is save." }, { itemId: "1", text: "No, not save." });
    const { code, stdout } = await cibench("free-text", "score", "--rubrics", rubrics, "--answers", answers, "--json");
    expect([code, FreeTextOutput.parse(JSON.parse(stdout))]).toMatchObject([
      0,
      { score: 0.5, items: [{ verdict: "right" }, { verdict: "unanswered", score: 0 }] },
    ]);
    const table = await cibench("free-text", "score", "--rubrics", rubrics, "--answers", answers);
    expect(table.stdout).toContain("required save: affirmed");
    const wrong = await cibench("free-text", "score", "--rubrics", answers, "--answers", answers);
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining("LINES_UNREADABLE")]);
  });

  test("validate: the figures of the README are those of the command that stands there", async () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const root = fileURLToPath(new URL("../../corpora/real/", import.meta.url));
    const of = (kind: string, ...ids: string[]) => ids.map((id) => join(root, id, "truth", `${kind}.json.gz`));
    const truth = [
      ...of("call-graph", "arpeggio", "attrs", "mido", "mistune", "simpy"),
      ...of("mutation", "fast-json-stringify", "qs"),
    ];
    const copy = join(folder, "README.md");
    writeFileSync(copy, readme);
    const flags = ["--truth", ...truth, "--study", STUDY, "--json", "--readme", copy];
    const { code, stdout } = await cibench("free-text", "validate", ...flags);
    expect(code).toBe(0);
    const { parts, study, embedder } = FreeTextValidation.parse(JSON.parse(stdout));
    expect(embedder).toBeNull();
    expect(study?.parts[0]).toMatchObject({ part: "first reading with second", answers: 78 });
    const [all, seen, unseen] = parts;
    expect(all?.answers).toBeGreaterThanOrEqual(300);
    expect(seen?.answers).toBe(unseen?.answers);
    expect(seen?.kappa).toBeGreaterThan(0.98);
    expect(parts.find(({ part }) => part === "empty")?.agreement).toBe(1);
    const rows = (text: string): string => text.replaceAll(/ *\| */g, "|").replaceAll(/-{3,}/g, "---");
    expect(rows(readme)).toBe(rows(readFileSync(copy, "utf8")));
  });

  test("draw: the questions of the study follow from stored truth", async () => {
    const root = fileURLToPath(new URL("../../corpora/real/", import.meta.url));
    const of = (kind: string, ...ids: string[]) => ids.map((id) => join(root, id, "truth", `${kind}.json.gz`));
    const out = join(folder, "study.json");
    const truth = [
      ...of("call-graph", "qs", "fast-json-stringify", "attrs", "planck", "mistune"),
      ...of("mutation", "qs", "fast-json-stringify"),
      ...of("deletion", "planck", "qs", "fast-json-stringify"),
      ...of("release-diff", "qs", "attrs"),
    ];
    expect(await cibench("free-text", "draw", "--truth", ...truth, "--out", out)).toMatchObject({ code: 0 });
    const drawn = FreeTextStudy.parse(JSON.parse(readFileSync(out, "utf8")));
    const study = FreeTextStudy.parse(JSON.parse(readFileSync(STUDY, "utf8")));
    expect(drawn.questions).toEqual(study.questions);
    expect(new Set(study.answers.map(({ id }) => id)).size).toBe(study.answers.length);
    const answered = new Set(study.answers.map(({ itemId }) => itemId));
    expect(study.questions.every(({ itemId }) => answered.has(itemId))).toBe(true);
  }, 120_000);

  /** A program that embeds texts by their trigrams, in as many dimensions. */
  const trigrams = `
    let text = "";
    process.stdin.on("data", (chunk) => (text += chunk)).on("end", () => {
      for (const line of text.trim().split("\\n")) {
        const vector = Array.from({ length: 512 }, () => 0);
        const { text: words } = JSON.parse(line);
        for (let at = 0; at + 3 <= words.length; at++) {
          const [a, b, c] = [0, 1, 2].map((offset) => words.charCodeAt(at + offset));
          vector[(a * 31 * 31 + b * 31 + c) % 512]++;
        }
        console.log(JSON.stringify({ vector }));
      }
    });`;

  test("an embedder is asked where no word decides, and reports say so", async () => {
    const program = join(folder, "embed.cjs");
    writeFileSync(program, trigrams);
    const rubrics = written("said", {
      itemId: "1",
      required: [{ id: "t", names: ["t.py"], says: ["malfunctions"] }],
    });
    const answers = written("told", { itemId: "1", text: "t.py malfunctioned." });
    const score = async (...more: string[]) =>
      cibench("free-text", "score", "--rubrics", rubrics, "--answers", answers, "--json", ...more);
    const words = FreeTextOutput.parse(JSON.parse((await score()).stdout));
    expect(words).toMatchObject({ embedder: null, score: 1 });
    const loose = written("loose", { itemId: "1", text: "t.py is malfunctional." });
    const scoreLoose = async (...more: string[]) =>
      cibench("free-text", "score", "--rubrics", rubrics, "--answers", loose, "--json", ...more);
    expect(FreeTextOutput.parse(JSON.parse((await scoreLoose()).stdout))).toMatchObject({ embedder: null, score: 0 });
    const command = `"${process.execPath}" "${program}"`;
    const meant = FreeTextOutput.parse(JSON.parse((await scoreLoose("--embedder", command)).stdout));
    expect(meant).toMatchObject({ embedder: command, score: 1 });
    const broken = await scoreLoose("--embedder", "echo '{\"vector\":[1]}'");
    expect([broken.code, broken.stderr]).toEqual([3, expect.stringContaining("EMBEDDER_FAILED")]);
    const absent = await scoreLoose("--embedder", "no-such-program-anywhere");
    expect([absent.code, absent.stderr]).toEqual([3, expect.stringContaining("EMBEDDER_FAILED")]);
  });

  test("a study that does not fit its rubrics is a bug, one that cannot be read is told", async () => {
    const study = FreeTextStudy.parse(JSON.parse(readFileSync(STUDY, "utf8")));
    const [first] = study.answers;
    const answers = first === undefined ? [] : [{ ...first, itemId: "another" }];
    expect(() => measureStudy({ ...study, answers }, 1)).toThrow("is to no question");
    const short =
      first === undefined ? [] : [{ ...first, labels: [{ verdict: "right", states: [] }, first.labels[1]] }];
    expect(() => measureStudy(FreeTextStudy.parse({ ...study, answers: short }), 1)).toThrow("not those of its rubric");
    const truth = fileURLToPath(new URL("../../corpora/real/attrs/truth/call-graph.json.gz", import.meta.url));
    const { code, stderr } = await cibench("free-text", "validate", "--truth", truth, "--study", written("none", {}));
    expect([code, stderr]).toEqual([3, expect.stringContaining("LINES_UNREADABLE")]);
  });

  test("validate: truth of which nothing was executed has no question", async () => {
    const truth = written("truth.json", tinyTruth([{ must: [0] }]));
    const { code, stderr } = await cibench("free-text", "validate", "--truth", truth);
    expect([code, stderr]).toEqual([3, expect.stringContaining("NO_CORPORA")]);
  });

  test("kappa is that of its definition", () => {
    const pairs = [..."aaaabbbbbb"].map((label, index) => [label, "aaabbbbbba"[index] as string] as const);
    expect(cohenKappa(pairs)).toBeCloseTo((0.8 - (0.4 * 0.4 + 0.6 * 0.6)) / (1 - (0.4 * 0.4 + 0.6 * 0.6)), 12);
  });
});
