/** Small edits to a source file, as people make them, in JavaScript, TypeScript and Python. */

/** `move`: code stands elsewhere, a comment came. `call`: one more call. `function`: one more function, that is called. */
export const EDIT_KINDS = ["move", "call", "function"] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

/** Files that can be edited: not JSX-only or declaration files, whose ends take no statement. */
export function isEditable(path: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx|py)$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
}

/** The text after the edit with this number. */
export function edited(path: string, text: string, kind: EditKind, number: number): string {
  const isPython = path.endsWith(".py");
  const comment = isPython ? `# edit ${number}\n` : `// edit ${number}\n`;
  const name = `drift_edit_${number}`;
  const body = text.endsWith("\n") ? text : `${text}\n`;
  if (kind === "move") return startOfCode(text, comment);
  if (kind === "call") {
    return isPython ? `${body}print(${number})\n` : `${body};console.log(${number});\n`;
  }
  return isPython
    ? `${body}def ${name}(given):\n    return given\n${name}(${number})\n`
    : `${body};function ${name}(given) { return given; }\n${name}(${number});\n`;
}

/** A line more at the top, behind what must stand first. */
function startOfCode(text: string, line: string): string {
  const first = /^(?:#![^\n]*\n)?/.exec(text)?.[0] ?? "";
  return first + line + text.slice(first.length);
}
