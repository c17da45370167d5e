/** The names of a project's sources: where each stands, what binds it, and which have to stay. Offsets are in UTF-16 units. */

/** A stretch of a text, its end exclusive. */
export interface Stretch {
  start: number;
  end: number;
}

/** One name in one file. */
export interface NameUse extends Stretch {
  name: string;
  /**
   * A binding of this file, by its number; `shared` for what several files may mean by it (members, exports, keyword arguments), `free` for
   * what nothing in the project binds.
   */
  of: number | "shared" | "free";
  /** The binding of this file that it means, by its number, whether or not others mean it too; null where there is none. */
  bound: number | null;
  /** It is looked up in scopes, as `a` of `a.b` is and `b` is not. */
  inScope: boolean;
  /** It says what the name stands for, other than a mere use. */
  defines: boolean;
}

/** What a name in a scope of a file is bound to. */
export interface Binding {
  /** No name outside of it can mean the binding. */
  extent: Stretch;
  /** Its name may be asked for while the program runs: a parameter that callers may name, a function that may say what it is called. */
  mayBeAsked: boolean;
}

/** A comment without its marks. */
export interface Comment extends Stretch {
  /** It is a docstring: a text that the language keeps. */
  isText: boolean;
}

/** What is read of one source file. */
export interface SourceNames {
  file: string;
  text: string;
  /** In the order of the text. */
  uses: NameUse[];
  bindings: Binding[];
  /** Words that must keep their meaning in all files, wherever they stand: in strings, of libraries, of syntax. */
  kept: ReadonlySet<string>;
  /** How the file asks for names while it runs; null when it does not. Its own names stay. */
  reflects: string | null;
  comments: Comment[];
  /** Ends of lines with which functions begin: a comment may be put there. */
  headers: number[];
  /** A digest of the syntax tree: kinds of nodes, their places, literals; neither names nor comments nor docstrings. */
  tree: string;
}

/** The files of a project in one language. */
export interface ProjectNames {
  files: SourceNames[];
  /** Names that the language and its libraries have: no name may become one of these, and what is called so stays. */
  library: ReadonlySet<string>;
  /** Files of the language that are not understood, each with the reason. */
  unreadable: { file: string; reason: string }[];
  /** What stands before the text of a comment to the end of the line. */
  comment: "// " | "  # ";
}

/** Everything in a text that may be a name. */
export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
}
