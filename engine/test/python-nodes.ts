import { execFileSync } from "node:child_process";
import type { NodesOfFile } from "./node-counts.ts";

/**
 * Reads `{path: text}` and says of each file where its calls, decorators, functions and classes without a constructor end.
 * What stands inside a formatted text has no place of its own before Python 3.12, and is counted only.
 */
const SCRIPT = `
import ast, json, sys
def own(node):
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from own(child)
def read(text):
    lines = text.split("\\n")
    found = {"sites": [], "functions": []}
    def end(node, inside):
        if inside:
            return "in a text"
        before = lines[node.end_lineno - 1].encode("utf-8")[:node.end_col_offset].decode("utf-8")
        return f"{node.end_lineno}:{len(before.encode('utf-16-le')) // 2 + 1}"
    open = [(ast.parse(text), False)]
    while open:
        node, inside = open.pop()
        if isinstance(node, ast.Call):
            found["sites"].append("call " + end(node, inside))
        for decorator in getattr(node, "decorator_list", []):
            found["sites"].append("decorator " + end(decorator, inside))
        is_function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        is_class = isinstance(node, ast.ClassDef) and not any(
            isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and one.name == "__init__" for one in own(node))
        if is_function or is_class:
            found["functions"].append("function " + end(node, inside))
        inside = inside or isinstance(node, ast.JoinedStr)
        open.extend((child, inside) for child in ast.iter_child_nodes(node))
    return {kind: sorted(places) for kind, places in found.items()}
files = json.load(sys.stdin)
print(json.dumps({path: read(text) for path, text in files.items()}))
`;

/** Call sites and functions by CPython's own parser, which shares no code with the engine's; by path. */
export function nodesOfPython(files: Readonly<Record<string, string>>): Record<string, NodesOfFile> {
  const options = { input: JSON.stringify(files), encoding: "utf8", maxBuffer: 1 << 28 } as const;
  return JSON.parse(execFileSync("python3", ["-I", "-W", "ignore", "-c", SCRIPT], options)) as Record<
    string,
    NodesOfFile
  >;
}

/** The library that comes with Python: the sources of these packages of it, by path. */
export function libraryOfPython(packages: readonly string[]): Record<string, string> {
  const script = `
import json, pathlib, sys, sysconfig
root = pathlib.Path(sysconfig.get_path("stdlib"))
found = [path for name in sys.argv[1:] for path in sorted((root / name).rglob("*.py"))]
print(json.dumps({str(path.relative_to(root)): path.read_text("utf-8") for path in found}))
`;
  const options = { encoding: "utf8", maxBuffer: 1 << 28 } as const;
  return JSON.parse(execFileSync("python3", ["-I", "-c", script, ...packages], options)) as Record<string, string>;
}
