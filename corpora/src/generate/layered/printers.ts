/** Which printer writes which language. */
import type { LanguagePrinter } from "./printer.ts";
import { ecmascript } from "./printers/ecmascript.ts";
import { go } from "./printers/go.ts";
import { java } from "./printers/java.ts";
import { python } from "./printers/python.ts";
import type { LayeredLanguage } from "./language.ts";

export const PRINTERS: Readonly<Record<LayeredLanguage, LanguagePrinter>> = {
  typescript: ecmascript(true),
  javascript: ecmascript(false),
  python,
  go,
  java,
};
