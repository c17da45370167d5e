/** Where and on what something was measured. It loads nothing but zod, so that a process that is timed can use it. */
import { z } from "zod";

/** `suite/case/corpus` or `suite/case`: the identity of a case for life. */
export const CaseId = z.string().regex(/^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/);

/** One testbed. Nothing in it names a person, a host or a place on a disk. */
export const Environment = z.strictObject({
  /** First 16 hex digits of the sha256 over the other fields: a changed testbed starts a new series. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  cpuModel: z.string(),
  cores: z.int().positive(),
  memoryBytes: z.int().nonnegative(),
  architecture: z.string(),
  os: z.string(),
  kernel: z.string(),
  nodeVersion: z.string(),
  rustcVersion: z.string().nullable(),
  governor: z.string().nullable(),
});
export type Environment = z.infer<typeof Environment>;

/** The sources that were measured; null hash outside a git checkout. */
export const Commit = z.strictObject({
  hash: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
  /** Whether something outside `results/` differed from the commit; null when there is no commit. */
  dirty: z.boolean().nullable(),
  committedAt: z.iso.datetime({ offset: true }).nullable(),
});
export type Commit = z.infer<typeof Commit>;
