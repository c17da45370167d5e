/** What is known about tools besides their results: what they are and how to get them. Read only by people. */

/** Kinds of tool, for the filter of the leaderboard. */
export const TOOL_KINDS = {
  engine: "engine",
  "language-server": "language server",
  baseline: "baseline",
  "self-check": "self-check",
  other: "other",
} as const;
export type ToolKind = keyof typeof TOOL_KINDS;

export interface ToolNote {
  kind: ToolKind;
  /** One sentence. */
  about: string;
}

const NOTES: Record<string, ToolNote> = {
  drift: {
    kind: "engine",
    about:
      "The engine of this repository: it parses a project, follows values through it and answers from the graph that results. Its authors also keep this benchmark.",
  },
  grep: {
    kind: "baseline",
    about: "Looks for names in the text, as a search in an editor does. What a tool must beat to be worth its cost.",
  },
  imports: {
    kind: "baseline",
    about: "Knows only which file imports which. A control: what needs no understanding of code.",
  },
  gold: {
    kind: "self-check",
    about: "Answers with the truth itself. It must score 1, which shows that the scorer gives what it should.",
  },
  null: { kind: "self-check", about: "Answers nothing. It must score no more than the floor." },
  "typescript-language-server": {
    kind: "language-server",
    about: "The TypeScript compiler's language service, asked through the language server protocol.",
  },
  pyright: {
    kind: "language-server",
    about: "Microsoft's type checker for Python, asked through the language server protocol.",
  },
};

/** The note on a tool; a plain one for a tool without. */
export function noteOf(tool: string, role: "contestant" | "self-check"): ToolNote {
  if (Object.hasOwn(NOTES, tool) && NOTES[tool] !== undefined) return NOTES[tool];
  return role === "self-check"
    ? { kind: "self-check", about: "Made to test the scorer; it is never ranked." }
    : { kind: "other", about: "No description of this tool is kept here; its runs say how it was started." };
}
