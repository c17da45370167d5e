/** From a tool's functions, which have places, to the names by which a suite's labels mean them. */

/** A function as a tool sees it. Lines and columns are 1-based, ends exclusive. */
export interface PlacedFunction {
  id: string;
  /** Relative to the case's folder. */
  file: string;
  /** Its name within the file, with those of the definitions around it, separated by dots. */
  qualifiedName: string;
  isAnonymous: boolean;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/**
 * The label of every function, or what the suite would call it where no label means it.
 *
 * Suites call a function by module, enclosing functions and name. One without a name is `<arrow1>` or `<lambda1>`,
 * counted within the function around it in the order of the text, or has the name of the variable that its statement
 * declares; `[Symbol.iterator]` stands with or without a dot; a package's index is the package. A label is taken by the
 * first function that it can mean.
 *
 * @param labels every name that the case's labels use
 * @param textOf the text of a source file
 */
export function nameFunctions(
  functions: readonly PlacedFunction[],
  labels: ReadonlySet<string>,
  textOf: (file: string) => string,
): Map<string, string> {
  const named = new Map<string, string>();
  const taken = new Set<string>();
  for (const [file, inFile] of Map.groupBy(functions, (one) => one.file)) {
    const lines = textOf(file).split(/\r\n|\r|\n/);
    const aliases = new Map<string, string[]>();
    const anonymous = new Map<string, number>();
    const around: PlacedFunction[] = [];
    for (const one of inFile.toSorted(outermostFirst)) {
      while (around.length > 0 && !holds(around.at(-1), one)) around.pop();
      const outer = around.at(-1);
      const scopes = (outer && aliases.get(outer.id)) ?? moduleNames(file);
      const names = ownNames(one, outer);
      let usual = names[0] ?? "";
      if (one.isAnonymous) {
        const key = outer?.id ?? "";
        const number = (anonymous.get(key) ?? 0) + 1;
        anonymous.set(key, number);
        if (/\.<[^.]*$/.test(usual)) usual = `.<${file.endsWith(".py") ? "lambda" : "arrow"}${number}>`;
        names.push(`.<arrow${number}>`, `.<lambda${number}>`);
      }
      const declared = /^\s*(?:const|let|var)\s+(\w+)\s*=/.exec(lines[one.line - 1] ?? "")?.[1];
      if (declared !== undefined) names.push(`.${declared}`);
      const all = scopes.flatMap((scope) => names.map((name) => scope + name));
      aliases.set(one.id, all);
      const within = (outer && named.get(outer.id)) ?? nameModule(file, labels);
      const label = all.find((alias) => labels.has(alias) && !taken.has(alias)) ?? `${within}${usual}`;
      taken.add(label);
      named.set(one.id, label);
      around.push(one);
    }
  }
  return named;
}

/** The label of a file's top level, or its usual name where no label means it. */
export function nameModule(file: string, labels: ReadonlySet<string>): string {
  const all = moduleNames(file);
  return all.find((name) => labels.has(name)) ?? all[0] ?? file;
}

/** `pkg/index.js` is `pkg.index` and `pkg`. */
function moduleNames(file: string): string[] {
  const name = file.replace(/\.[^./]+$/, "").replaceAll("/", ".");
  const ofPackage = name.replace(/\.(?:index|__init__)$/, "");
  return ofPackage === name ? [name] : [name, ofPackage];
}

function ownNames(one: PlacedFunction, outer: PlacedFunction | undefined): string[] {
  const prefix = outer === undefined ? "" : `${outer.qualifiedName}.`;
  const inner = one.qualifiedName.startsWith(prefix)
    ? one.qualifiedName.slice(prefix.length)
    : (one.qualifiedName.split(".").at(-1) ?? "");
  const names = [inner, inner.replace(/~\d+$/, "")].flatMap((name) => {
    const spelled = name.replace(/@@(\w+)/, "[Symbol.$1]");
    return [`.${spelled}`, `.${spelled}`.replace(".[", "["), `.${spelled.split(".").at(-1) ?? ""}`];
  });
  return [...new Set(names)];
}

function outermostFirst(a: PlacedFunction, b: PlacedFunction): number {
  return a.line - b.line || a.column - b.column || b.endLine - a.endLine || b.endColumn - a.endColumn;
}

function holds(outer: PlacedFunction | undefined, inner: PlacedFunction): boolean {
  return (
    outer !== undefined &&
    (outer.endLine > inner.endLine || (outer.endLine === inner.endLine && outer.endColumn >= inner.endColumn))
  );
}
