/** Level 3, negative knowledge: what is dead, what tests alone need, and which file is the one to edit. */
import { negativeTruth } from "../tasks/application/negative.ts";
import { choiceCategory } from "./choices.ts";

export const negativeKnowledge = choiceCategory("negative-knowledge", "negative", negativeTruth);
