/** Which of the targets that Drift lists it commits to. */
import type { CallSite } from "@drift/engine";
import { PREDICTED_FROM } from "../evaluators/graph-edges.ts";

/** As in the benchmark: what is at least as likely as not, else the likeliest. */
export function committedTargets({ targets }: CallSite): CallSite["targets"] {
  const committed = targets.filter(({ probability }) => probability >= PREDICTED_FROM);
  return committed.length > 0 ? committed : targets.slice(0, 1);
}
