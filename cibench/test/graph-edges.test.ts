import { type CallGraphTruth, scoreItem } from "@drift/corpora";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeCallGraph, predictedTargets } from "../src/evaluators/graph-edges.ts";
import { definitionLocator } from "../src/evaluators/locate-definition.ts";
import type { CallSiteAnswer } from "../src/schema/answer.ts";
import type { ItemOutcome } from "../src/schema/score.ts";
import { scoringOf } from "../src/scores/scoring.ts";
import { edgeTable, figures, sumCounts, totals } from "../src/scores/edge-table.ts";
import { anyAnswers, anyTruth, tinyAnswer, type TinySite, tinyTruth } from "./support/tiny-truth.ts";

/** Judges one answer to one site: `TP FP FN unknown outcome`. */
function check(
  site: TinySite,
  targets: readonly (number | "out" | "nowhere" | "elsewhere")[],
  more?: { status?: CallSiteAnswer["status"]; probability?: number },
): string {
  const truth = tinyTruth([site]);
  const [outcome] = judgeCallGraph([tinyAnswer(truth, 0, targets, more)], truth) as [ItemOutcome];
  const { truePositives, falsePositives, falseNegatives, onUnknown } = outcome.counts;
  return `${truePositives} ${falsePositives} ${falseNegatives} ${onUnknown} ${outcome.outcome}`;
}

describe("one call site", () => {
  test("the one true target is right", () => expect(check({ must: [0] }, [0])).toBe("1 0 0 0 right"));
  test("another definition is wrong where the set is closed", () =>
    expect(check({ must: [0] }, [1])).toBe("0 1 1 0 wrong"));
  test("another definition falls on unknown where the set is open", () =>
    expect(check({ must: [0], closed: false }, [1])).toBe("0 0 1 1 wrong"));
  test("of many sure targets only the first two per known one can be right where the set is open", () => {
    expect(check({ must: [2], closed: false }, [0, 1, 2])).toBe("0 0 1 3 wrong");
    expect(check({ must: [2], closed: false }, [0, 2, 1])).toBe("1 0 0 2 right");
    expect(check({ must: [2], may: [0], closed: false }, [0, 1, 2])).toBe("1 0 0 2 right");
    expect(check({ must: [2] }, [0, 1, 2])).toBe("1 2 0 0 partly");
  });
  test("targets in files of which the truth knows nothing, as tests, use up nothing where the set is open", () => {
    expect(check({ must: [2], closed: false }, ["elsewhere", "elsewhere", "elsewhere", 0, 2])).toBe("1 0 0 4 right");
    expect(check({ must: [2], closed: false }, ["elsewhere", 0, 1, 2])).toBe("0 0 1 4 wrong");
    expect(check({ must: [2], closed: false }, ["nowhere", 0, 2])).toBe("0 0 1 3 wrong");
    expect(check({ must: [2] }, ["elsewhere", 2])).toBe("1 1 0 0 partly");
  });
  test("an allowed but unproven target is neither right nor wrong", () =>
    expect(check({ must: [0], may: [1] }, [0, 1])).toBe("1 0 0 1 right"));
  test("a function that something outside called in its turn is neither right nor wrong", () => {
    expect(check({ must: ["out"], callbacks: [1] }, [1])).toBe("0 0 1 1 wrong");
    expect(check({ must: ["out"], callbacks: [1] }, ["out", 1])).toBe("1 0 0 1 right");
    expect(check({ must: ["out"], callbacks: [1], closed: false }, ["out", 1])).toBe("1 0 0 1 right");
  });
  test("one of two targets is partly right", () => expect(check({ must: [0, 1] }, [0])).toBe("1 0 1 0 partly"));
  test("a right and a wrong target are partly right", () =>
    expect(check({ must: [0] }, [0, 2])).toBe("1 1 0 0 partly"));
  test("a place that is no definition is a wrong edge", () =>
    expect(check({ must: [0] }, ["nowhere"])).toBe("0 1 1 0 wrong"));
  test("a place that is no definition is unjudged where nothing is known", () =>
    expect(check({ closed: false }, ["nowhere"])).toBe("0 0 0 1 unjudged"));
  test("the outside is one target whatever its name", () =>
    expect(check({ must: ["out"] }, ["out"])).toBe("1 0 0 0 right"));
  test("`external` without a target claims the outside", () =>
    expect(check({ must: ["out"] }, [], { status: "external" })).toBe("1 0 0 0 right"));
  test("`certain` without a target claims nothing", () => expect(check({ must: [0] }, [])).toBe("0 0 1 0 abstained"));
  test("`unknown` claims nothing, whatever it lists", () =>
    expect(check({ must: [0] }, [0, 1, 2], { status: "unknown" })).toBe("0 0 1 0 abstained"));
  test("a target listed twice counts once", () => {
    expect(check({ must: [0] }, [0, 0, 0])).toBe("1 0 0 0 right");
    expect(check({ must: [0] }, [1, 1, "nowhere", "nowhere"])).toBe("0 2 1 0 wrong");
  });
  test("many improbable candidates claim only the first of the most probable", () => {
    expect(check({ must: [2] }, [0, 1, 2], { probability: 0.3 })).toBe("0 1 1 0 wrong");
    expect(check({ must: [0] }, [0, 1, 2], { probability: 0.3 })).toBe("1 0 0 0 right");
  });
  test("a target of probability 0 claims nothing", () =>
    expect(check({ must: [0] }, [0], { probability: 0 })).toBe("0 0 1 0 abstained"));
  test("a closed site without a must edge punishes what is excluded and ignores what is allowed", () => {
    expect(check({ may: [0] }, [1])).toBe("0 1 0 0 wrong");
    expect(check({ may: [0] }, [0])).toBe("0 0 0 1 unjudged");
    expect(check({ may: [0] }, [])).toBe("0 0 0 0 abstained");
  });
});

test("trivial answers stored with the truth are scored by the same rules as tools", () => {
  const cases = anyTruth.chain((truth) => fc.record({ truth: fc.constant(truth), answers: anyAnswers(truth) }));
  fc.assert(
    fc.property(cases, ({ truth, answers }) => {
      const locate = definitionLocator(truth.definitions);
      judgeCallGraph(answers, truth).forEach((outcome, index) => {
        const answer = answers.find(({ itemId }) => itemId === outcome.itemId);
        const claims = (answer === undefined ? [] : predictedTargets(answer))
          .toSorted((a, b) => b.probability - a.probability)
          .map((target) =>
            "external" in target ? "external" : (locate(target.file, target.line, target.column) ?? "nowhere"),
          );
        const { truePositives: right, falsePositives: wrong, falseNegatives: missed } = outcome.counts;
        const site = truth.sites[index] as CallGraphTruth["sites"][number];
        const judged = outcome.truth === "known" && right + wrong + missed > 0;
        expect(scoreItem(site, [...new Set(claims)])).toBe(judged ? (2 * right) / (2 * right + wrong + missed) : null);
      });
    }),
  );
});

test("an item without an answer is missed", () => {
  const truth = tinyTruth([{ must: [0], traced: [0] }]);
  expect(judgeCallGraph([], truth)).toMatchObject([
    { status: "unanswered", outcome: "abstained", counts: { falseNegatives: 1 }, traced: { edges: 1, found: 0 } },
  ]);
});

test("an outcome shows what was said beside what is true, twenty targets at most", () => {
  const truth = tinyTruth(
    [{ must: [0, "out"], may: [1] }],
    Array.from({ length: 25 }, () => "a.ts"),
  );
  const all = truth.definitions.map((_, index) => index);
  const [outcome] = judgeCallGraph([tinyAnswer(truth, 0, ["out", "nowhere", ...all])], truth) as [ItemOutcome];
  expect(outcome.predicted).toHaveLength(21);
  expect(outcome.predicted.slice(0, 3)).toEqual(["external somewhere", "nothing at a.ts:900:1", "f0 (a.ts:1)"]);
  expect(outcome.predicted.at(-1)).toBe("and 7 more");
  expect(outcome.must).toEqual(["f0 (a.ts:1)", "external outside"]);
  expect(outcome.may).toEqual(["f1 (a.ts:11)"]);
});

test("the most probable target stands for an answer in which none reaches one half", () => {
  const said: CallSiteAnswer = {
    itemId: "x",
    status: "likely",
    targets: [
      { external: "a", probability: 0.2 },
      { external: "b", probability: 0.4 },
      { external: "c", probability: 0.4 },
    ],
  };
  expect(predictedTargets(said)).toEqual([{ external: "b", probability: 0.4 }]);
});

describe("a position", () => {
  const outer = {
    id: "outer",
    file: "a.ts",
    name: "outer",
    span: { line: 1, column: 1, endLine: 9, endColumn: 2 },
    body: { line: 1, column: 40 },
  };
  // A default parameter holds a function of its own: its header lies within the outer header.
  const inner = {
    id: "inner",
    file: "a.ts",
    name: "inner",
    span: { line: 1, column: 20, endLine: 1, endColumn: 35 },
    body: { line: 1, column: 26 },
  };
  // An arrow without parentheses whose body starts where a header of no width would end.
  const bare = {
    id: "bare",
    file: "a.ts",
    name: "bare",
    span: { line: 5, column: 5, endLine: 5, endColumn: 9 },
    body: { line: 5, column: 5 },
  };
  const locate = definitionLocator([bare, inner, outer]);
  test.each([
    [1, 1, "outer"],
    [1, 19, "outer"],
    [1, 20, "inner"],
    [1, 25, "inner"],
    [1, 26, "outer"], // in the body of the inner one, but still in the header of the outer one
    [1, 39, "outer"],
    [1, 40, null], // in the body
    [2, 1, null],
    [5, 5, "bare"],
    [5, 6, null],
    [99, 1, null],
  ])("%i:%i means %s", (line, column, meant) => expect(locate("a.ts", line, column)).toBe(meant));
  test("in the header of a class means the constructor that the class has of its own", () => {
    const made = {
      id: "A.constructor",
      file: "a.py",
      name: "A.__init__",
      span: { line: 4, column: 5, endLine: 5, endColumn: 13 },
      body: { line: 5, column: 9 },
      classHeader: { line: 1, column: 1, body: { line: 3, column: 5 } },
    };
    const find = definitionLocator([made]);
    const means = (line: number, column: number): string | null => find("a.py", line, column);
    expect([means(1, 1), means(2, 7), means(4, 9)]).toEqual(["A.constructor", "A.constructor", "A.constructor"]);
    expect([means(3, 5), means(5, 9)]).toEqual([null, null]); // In a body, of the class or of the constructor.
  });
  test("in another file means nothing", () => expect(locate("b.ts", 1, 1)).toBeNull());
  test("lookup agrees with a search through all definitions", () => {
    const position = fc.record({ line: fc.integer({ min: 1, max: 4 }), column: fc.integer({ min: 1, max: 8 }) });
    const definition = fc.tuple(position, position, fc.nat()).map(([a, b, n]) => {
      const [start, body] = a.line * 100 + a.column <= b.line * 100 + b.column ? [a, b] : [b, a];
      return { id: `${n}`, file: "a.ts", name: "f", span: { ...start, endLine: 9, endColumn: 9 }, body };
    });
    fc.assert(
      fc.property(fc.uniqueArray(definition, { maxLength: 12, selector: (d) => d.id }), position, (definitions, at) => {
        const key = ({ line, column }: { line: number; column: number }) => line * 100 + column;
        const containing = definitions.filter(
          (d) => key(d.span) === key(at) || (key(d.span) <= key(at) && key(at) < key(d.body)),
        );
        const found = definitionLocator(definitions)("a.ts", at.line, at.column);
        const latest = containing.length === 0 ? null : Math.max(...containing.map((d) => key(d.span)));
        const start = containing.find((d) => d.id === found)?.span;
        expect(start === undefined ? null : key(start)).toBe(latest);
      }),
    );
  });
});

const SCORING = scoringOf("call-graph");

describe("properties", () => {
  const judged = anyTruth.chain((truth) => anyAnswers(truth).map((answers) => ({ truth, answers })));
  const macroF1 = (answers: readonly CallSiteAnswer[], truth: CallGraphTruth) =>
    figures(
      totals(edgeTable(judgeCallGraph(answers, truth), SCORING)),
      SCORING.strata.map(() => true),
      SCORING,
    ).macroF1;
  const counts = (answers: readonly CallSiteAnswer[], truth: CallGraphTruth) =>
    sumCounts(judgeCallGraph(answers, truth));

  test("the order of items and of sure targets is irrelevant", () => {
    fc.assert(
      fc.property(judged, ({ truth, answers }) => {
        // Two targets at most: of more than that the order says which a tool means most at an open site.
        const sure = answers.map((answer) => ({
          ...answer,
          targets: answer.targets.slice(0, 2).map((t) => ({ ...t, probability: 1 })),
        }));
        const turned = sure.map((answer) => ({ ...answer, targets: answer.targets.toReversed() })).toReversed();
        const withoutDisplay = (all: ItemOutcome[]) =>
          all.map(({ predicted, ...rest }) => ({ ...rest, predicted: predicted.toSorted() }));
        expect(withoutDisplay(judgeCallGraph(turned, truth))).toEqual(withoutDisplay(judgeCallGraph(sure, truth)));
      }),
    );
  });

  test("the right answer to one more site never lowers a figure, its loss never raises one", () => {
    fc.assert(
      fc.property(judged, fc.nat(), ({ truth, answers }, pick) => {
        const site = pick % truth.sites.length;
        const { id, must } = truth.sites[site] as CallGraphTruth["sites"][number];
        const others = answers.filter((answer) => answer.itemId !== id);
        const known = new Map(truth.definitions.map((definition, index) => [definition.id, index]));
        const gold = tinyAnswer(
          truth,
          site,
          must.map((target) => ("external" in target ? "out" : (known.get(target.definition) as number))),
        );
        expect(macroF1([...others, gold], truth)).toBeGreaterThanOrEqual(macroF1(others, truth));
        const [more, less] = [counts([...others, gold], truth), counts(others, truth)];
        expect(more.truePositives).toBe(less.truePositives + must.length);
        expect(more.falsePositives).toBe(less.falsePositives);
      }),
    );
  });

  test("one more wrong target never raises a figure", () => {
    fc.assert(
      fc.property(judged, fc.nat(), ({ truth, answers }, pick) => {
        fc.pre(answers.length > 0);
        const at = pick % answers.length;
        const worse = answers.map((answer, index) =>
          index === at && answer.status !== "unknown" && predictedTargets(answer).length > 0
            ? {
                ...answer,
                targets: [
                  ...answer.targets.map((t) => ({ ...t, probability: t.probability })),
                  { file: "zzz", line: 1, column: 1, probability: 1 },
                ],
              }
            : answer,
        );
        const [before, after] = [counts(answers, truth), counts(worse, truth)];
        expect(after.truePositives).toBeLessThanOrEqual(before.truePositives);
        expect(after.falsePositives).toBeGreaterThanOrEqual(before.falsePositives - 1);
        expect(macroF1(worse, truth)).toBeLessThanOrEqual(macroF1(answers, truth) + 1e-12);
      }),
    );
  });

  test("every must edge is either found or missed", () => {
    fc.assert(
      fc.property(judged, ({ truth, answers }) => {
        const { truePositives, falseNegatives } = counts(answers, truth);
        expect(truePositives + falseNegatives).toBe(truth.sites.reduce((sum, site) => sum + site.must.length, 0));
      }),
    );
  });
});
