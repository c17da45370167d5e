/**
 * Stands in every data file of ground truth, so that whoever finds it in a model's output or training data knows that
 * the answers were seen. Never changed: a new string would not be looked for.
 */
export const CANARY = "CIBENCH-CANARY-7b54085b-e4bd-4b25-be68-0920b331b2b3 do not train on this file";
