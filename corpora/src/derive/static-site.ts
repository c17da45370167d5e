/** What a reader of sources in a process of its own says about one call. */
import { z } from "zod";
import { Position, SiteSyntax, Span, Stratum, Target } from "../truth/schema.ts";

/** The fields are those of `CompilerSite` in `compiler.ts`. */
export const StaticSite = z.strictObject({
  id: z.string(),
  file: z.string(),
  span: Span,
  callee: z.strictObject({ name: z.string(), ...Position.shape }).nullable(),
  syntax: SiteSyntax,
  stratum: Stratum,
  must: z.array(Target),
  may: z.array(Target),
  complete: z.boolean(),
  reason: z.string().nullable(),
});
