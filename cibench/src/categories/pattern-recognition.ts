/** Level 1, pattern recognition: given a convention of the project, "which functions of this file break it?" */
import { patternTruth } from "../tasks/perception/patterns.ts";
import { choiceCategory } from "./choices.ts";

export const patternRecognition = choiceCategory("pattern-recognition", "patterns", patternTruth);
