import { join } from "node:path/posix";
import { CASES } from "@drift/corpora/conformance";
import { PYTHON_CASES } from "@drift/corpora/conformance/python";

/** All conformance cases as one project, each in a folder of its own. */
export function conformanceFiles(): Record<string, string> {
  return Object.fromEntries(
    [...CASES, ...PYTHON_CASES].flatMap(({ files }, index) =>
      Object.entries(files).map(([path, text]) => [join(`case${index}`, path), text]),
    ),
  );
}
