/** The eight tasks of the original protocol, and the items that ask them here. SEED-PROTOCOL.md says why. */
import type { ProtocolTask } from "../schema/seed-protocol.ts";

/** Fixed with the protocol: the original gives full credit for 6 of 8 where it says a share, and half of that is partial. */
export const RUBRIC = { full: 0.75, partial: 0.375 } as const;

/** In the order of the original. */
export const PROTOCOL_TASKS: readonly Omit<ProtocolTask, "results">[] = [
  {
    id: "T1",
    title: "Find the functions that a request is checked by, and their file",
    category: "call-graph",
    strata: ["direct", "imported"],
    counts: "real",
  },
  {
    id: "T2",
    title: "Name the conventions and the helpers that keep them",
    category: "pattern-recognition",
    strata: ["pattern-audit", "pattern-clamp", "pattern-layers", "copy-paste"],
    counts: "synthetic",
  },
  {
    id: "T3",
    title: "Find the routes that lack the check",
    category: "compositional-reasoning",
    strata: ["service", "repository", "logic", "core"],
    counts: "synthetic",
  },
  {
    id: "T4",
    title: "Find the answers that are not made in the usual way",
    category: "pattern-recognition",
    strata: ["pattern-envelope"],
    counts: "synthetic",
  },
  {
    id: "T5",
    title: "Explain the class hierarchy and where its calls end",
    category: "call-graph",
    strata: ["method", "interface"],
    counts: "real",
  },
  {
    id: "T6",
    title: "Name the layers and what each may reach",
    category: "architectural-intent",
    strata: ["boundary-violates", "boundary-allowed", "boundary-pair"],
    counts: "real",
  },
  {
    id: "T7",
    title: "Say what a changed function breaks",
    category: "causal-reasoning",
    strata: ["test-break", "compile-break", "no-break", "pair", "compile-pair"],
    counts: "real",
  },
  {
    id: "T8",
    title: "Gather what has to be read before code is added",
    category: "token-efficiency",
    strata: ["read-callees", "read-callers", "read-breaks"],
    counts: "real",
  },
];
