/** Level 3, compositional reasoning: "through which of these routes can a request that nobody checked make this function run?" */
import type { LayeredTruth } from "@drift/corpora";
import type { ChoiceTruth, KnownChoice } from "../../evaluators/choices.ts";
import type { Subject } from "../../schema/choice.ts";
import { reachable } from "../../reachable.ts";
import { mixSeed } from "../../scores/bootstrap.ts";
import { arranged } from "../choices.ts";
import { type Planted, type PlantedDefinition, plantedOf } from "../planted.ts";

/** Raise it when the same truth would be asked about differently; the suite hash changes with it. */
const TASK_VERSION = 1;
/** Which functions without an exposed route are asked about. How many, two to one, was set when first totals were known. */
const DRAW_SEED = 1;

/**
 * One question for each function of a service, a repository or the logic below that calls of a handler lead to. Right are the
 * routes that are not checked, by any of the ways in which routes are, and whose handler leads there by planted calls.
 */
export function compositionTruth(truth: LayeredTruth): ChoiceTruth | null {
  const planted = plantedOf(truth);
  const routes = planted.facts("route");
  const check = routes.find((route) => route.check !== null)?.check ?? null;
  if (check === null) return null;
  const { corpus, inputsSha256, oracle } = truth;
  const callees = planted.calleesOf();
  const reaching = new Map<string, typeof routes>();
  for (const route of routes) {
    for (const reached of reachable([route.handler], callees))
      reaching.set(reached, [...(reaching.get(reached) ?? []), route]);
  }
  const choices = routes.map(({ path, place }) => ({
    id: path,
    file: place.file,
    span: { ...place.span },
    name: path,
  }));
  const checked: Subject = planted.subjectOf(check, "check");
  const items = [...reaching].flatMap(([id, own]): KnownChoice[] => {
    const stratum = STRATA[planted.definitions.get(id)?.layer ?? "core"];
    if (stratum === null || (stratum === "core" && !isEnteredBelow(planted, id))) return [];
    return [
      {
        id: `exposed ${id}`,
        kind: "exposed",
        question: `Through which of these routes can a request get this function to run without having passed ${checked.name ?? "the check"}?`,
        subjects: [planted.subjectOf(id, "function"), checked],
        choices: choices.map((choice) => choice.id),
        stratum,
        must: own.filter((route) => !route.checked).map(({ path }) => path),
      },
    ];
  });
  const asked = drawn(items, corpus);
  return arranged(
    {
      id: `compositional-reasoning/${corpus}`,
      version: TASK_VERSION,
      level: 3,
      category: "compositional-reasoning",
      corpus,
      inputsSha256,
      oracle,
    },
    choices,
    asked,
  );
}

/** All questions with an answer, and twice as many without one: of most functions nothing is exposed. */
function drawn(items: readonly KnownChoice[], corpus: string): KnownChoice[] {
  return [...Map.groupBy(items, ({ stratum }) => stratum).values()].flatMap((own) => {
    const exposed = own.filter(({ must }) => must.length > 0);
    const others = own
      .filter(({ must }) => must.length === 0)
      .map((item) => ({ item, draw: mixSeed(DRAW_SEED, `${corpus} ${item.id}`) }))
      .toSorted((a, b) => a.draw - b.draw)
      .map(({ item }) => item);
    return [...exposed, ...others.slice(0, 2 * exposed.length)];
  });
}

/** Kinds of functions that are asked about; how a request reaches the others is not told by the calls of handlers alone. */
const STRATA: Record<PlantedDefinition["layer"], string | null> = {
  service: "service",
  repository: "repository",
  logic: "logic",
  core: "core",
  routes: null,
  server: null,
};

/** The core is also entered by what stands before a handler, which no handler calls; such functions are not asked about. */
function isEnteredBelow(planted: Planted, id: string): boolean {
  return !planted.enteredFrom(id).some((layer) => layer === "core" || layer === "server" || layer === "routes");
}
