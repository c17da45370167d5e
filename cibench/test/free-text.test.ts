import { describe, expect, test } from "vitest";
import { scoreFreeText } from "../src/probes/free-text/score.ts";
import { FreeTextRubric } from "../src/schema/free-text.ts";

/** The state of one concept after a text. */
function stateOf(text: string, names: string[], more: { says?: string[]; denials?: string[] } = {}): string | undefined {
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
      expect([stateOf(text, ["call"], { says: ["nothing"] }), stateOf(text, ["Parser.run"]), stateOf(text, ["parse"])]).toEqual(
        ["absent", "absent", "absent"],
      );
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
    expect(scoreFreeText(rubric, "Store.save, then flush, with the cache.")).toMatchObject({ verdict: "right", score: 1 });
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
    expect(asked).toEqual(["t.py goes down in flames", "t.py is long"]);
  });
});

test("a hostile text costs no more than its length", () => {
  expect(stateOf("not save ".repeat(60_000), ["save"])).toBe("denied");
  expect(stateOf("(".repeat(500_000), ["save"])).toBe("absent");
  expect(stateOf("a.".repeat(250_000), ["save"])).toBe("absent");
});
