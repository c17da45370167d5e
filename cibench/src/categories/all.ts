/** The categories that have tasks, in the order of reports. */
import type { CategoryDefinition } from "../category.ts";
import type { Category } from "../schema/task.ts";
import { architecturalIntent } from "./architectural-intent.ts";
import { callGraph } from "./call-graph.ts";
import { causalReasoning } from "./causal-reasoning.ts";
import { compositionalReasoning } from "./compositional-reasoning.ts";
import { dataFlow } from "./data-flow.ts";
import { iterativeRefinement } from "./iterative-refinement.ts";
import { negativeKnowledge } from "./negative-knowledge.ts";
import { patternRecognition } from "./pattern-recognition.ts";
import { tokenEfficiency } from "./token-efficiency.ts";
import { uncertaintyCalibration } from "./uncertainty-calibration.ts";

export const DEFINITIONS: readonly CategoryDefinition[] = [
  patternRecognition,
  callGraph,
  dataFlow,
  architecturalIntent,
  causalReasoning,
  uncertaintyCalibration,
  tokenEfficiency,
  compositionalReasoning,
  negativeKnowledge,
  iterativeRefinement,
];

/** The definition of a category; undefined where it has no task yet. */
export function definitionOf(category: Category): CategoryDefinition | undefined {
  return DEFINITIONS.find((one) => one.category === category);
}
