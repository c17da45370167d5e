/** Every tool that can be named on the command line. */
import type { Adapter } from "./adapter.ts";
import { driftAdapter } from "./drift.ts";
import { grepAdapter } from "./grep.ts";
import { importsAdapter } from "./imports.ts";
import { pyright, typescriptServer } from "./lsp/presets.ts";
import { nullAdapter } from "./null.ts";
import { goldAdapter } from "./trivial.ts";

export const ADAPTERS = {
  drift: driftAdapter,
  grep: grepAdapter,
  imports: importsAdapter,
  null: nullAdapter,
  gold: goldAdapter,
} as const satisfies Record<string, Adapter>;

/** Tools of others, each in a process of its own: `all` leaves them out, since a run takes minutes. */
export const PEERS = {
  "typescript-language-server": typescriptServer,
  pyright,
} as const satisfies Record<string, Adapter>;
