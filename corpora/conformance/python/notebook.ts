/** A notebook of these code cells between text, as Jupyter writes it: one line of the file for each line of code. */
export function notebook(cells: readonly string[]): string {
  const text = { cell_type: "markdown", metadata: {}, source: ["# f()\n", "def no():"] };
  const code = cells.map((cell, index) => ({
    cell_type: "code",
    execution_count: index + 1,
    metadata: {},
    outputs: [{ name: "stdout", output_type: "stream", text: ["f()\n"] }],
    source: cell.split(/(?<=\n)/),
  }));
  return `${JSON.stringify({ cells: [text, ...code], metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

/** A line of a notebook's code as it stands in the file. */
const CODE_LINE = /^( {4})("(?:[^"\\]|\\.)*"),?$/;

/**
 * The code of a notebook as a module, each line at the number that it has in the notebook; magic is left out.
 *
 * @returns and where a column of the module stands in the notebook
 */
export function moduleOf(text: string): { module: string; column: (line: number, column: number) => number } {
  const lines = text.split("\n");
  let isCode = false;
  let isForeign = false;
  const code = lines.map((line, index) => {
    if (/"cell_type": /.test(line)) isCode = line.includes('"code"');
    if (/^ {3}"(?:source|outputs)": \[/.test(line)) isForeign = !line.includes("source");
    const [, , quoted] = CODE_LINE.exec(line) ?? [];
    if (!isCode || quoted === undefined || isForeign) return "";
    const own = (JSON.parse(quoted) as string).replace(/\n$/, "");
    if (lines[index - 1]?.includes('"source"') === true && own.startsWith("%%")) isForeign = true;
    return isForeign || /^[%!]/.test(own) ? "" : own;
  });
  const column = (line: number, at: number): number =>
    JSON.stringify((code[line - 1] ?? "").slice(0, at - 1)).length - 2 + " ".repeat(4).length + 2;
  return { module: code.join("\n"), column };
}
