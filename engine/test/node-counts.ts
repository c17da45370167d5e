import ts from "typescript-classic";

/** One entry for each call site or function of a file, as `kind line:column` of where it ends; sorted. */
export interface NodesOfFile {
  sites: string[];
  functions: string[];
}

/**
 * Call sites and functions by TypeScript's parser, which shares no code with the engine's.
 *
 * A site is a call, `new`, tagged template, `super(…)`, `import(…)`, decorator, or JSX element of a component. A function
 * is whatever has a body: function, arrow, method, accessor, constructor, static block; and a class without constructor.
 */
export function nodesOf(file: string, content: string): NodesOfFile {
  const source = ts.createSourceFile(file, content.replace(/^\uFEFF/, ""), ts.ScriptTarget.Latest, true);
  const found: NodesOfFile = { sites: [], functions: [] };
  const endOf = (node: ts.Node): string => {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getEnd());
    return `${line + 1}:${character + 1}`;
  };
  const visit = (node: ts.Node): void => {
    const site = siteKind(node);
    if (site !== undefined) found.sites.push(`${site} ${endOf(node)}`);
    if (isFunction(node)) found.functions.push(`function ${endOf(node)}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { sites: found.sites.sort(), functions: found.functions.sort() };
}

function siteKind(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node)) return "call";
  if (ts.isNewExpression(node)) return "new";
  if (ts.isTaggedTemplateExpression(node)) return "tagged-template";
  if (ts.isDecorator(node)) return "decorator";
  const isElement = ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node);
  // `<div>` and `<svg:rect>` are no code; `<Page>`, `<page.Part>` and `<this.Part>` are.
  return isElement && !(ts.isJsxNamespacedName(node.tagName) || /^[a-z][^.]*$/.test(node.tagName.getText()))
    ? "jsx"
    : undefined;
}

function isFunction(node: ts.Node): boolean {
  if (ts.isClassStaticBlockDeclaration(node)) return true;
  if (ts.isClassLike(node)) {
    const isOnlyDeclared = ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Ambient;
    return (
      isOnlyDeclared === 0 && !node.members.some((one) => ts.isConstructorDeclaration(one) && one.body !== undefined)
    );
  }
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}
