/** Level 3, compositional reasoning: "through which of these routes can a request that nobody checked make this function run?" */
import { compositionTruth } from "../tasks/application/composition.ts";
import { choiceCategory } from "./choices.ts";

export const compositionalReasoning = choiceCategory("compositional-reasoning", "composition", compositionTruth);
