/** Level 1, data flow: for each source, "at which of these sinks does the value arrive, and where can it do harm?" */
import { dataFlowTruth } from "../tasks/perception/data-flow.ts";
import { choiceCategory } from "./choices.ts";

export const dataFlow = choiceCategory("data-flow", "dataFlow", dataFlowTruth);
