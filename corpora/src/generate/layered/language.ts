/** Languages that layered projects are written in. */
import { z } from "zod";

export const LayeredLanguage = z.enum(["typescript", "javascript", "python", "go", "java"]);
export type LayeredLanguage = z.infer<typeof LayeredLanguage>;
