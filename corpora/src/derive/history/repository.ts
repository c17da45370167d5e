/** The objects of a git repository, read by the git program. Its hooks, filters, drivers and remotes are not asked. */
import path from "node:path";
import { execa } from "execa";
import { CorpusError, isCode } from "../../errors.ts";

export interface Commit {
  id: string;
  parents: string[];
  /** When it was made, in seconds since 1970. */
  seconds: number;
  author: string;
  email: string;
  /** Without white space around it. */
  message: string;
}

/** A regular file that a commit touched: blobs of its parent and its own, null where there is none. */
export interface FileChange {
  file: string;
  before: string | null;
  after: string | null;
}

const MOST_BLOB_BYTES = 2 * 2 ** 20;
const MOST_OUTPUT_BYTES = 512 * 2 ** 20;
const TEN_MINUTES_MS = 600_000;

export class Repository {
  /** The folder that holds it, absolute; for messages and names. */
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** @throws CorpusError `CORPUS_FOLDER` when the folder is in no repository; `CORPUS_CLIENT` without git */
  static async open(folder: string): Promise<Repository> {
    const here = new Repository(path.resolve(folder));
    const gitFolder = await here.#git(["rev-parse", "--absolute-git-dir"]);
    // A bare repository has no work tree.
    const top = await here.#git(["rev-parse", "--show-toplevel"]).catch(() => gitFolder);
    return new Repository(top.toString("utf8").replace(/\r?\n$/, ""));
  }

  /** The newest commits that can be reached from what is checked out, newest first; none when there is no commit. */
  async commits(most: number): Promise<Commit[]> {
    const head = await this.#git(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).catch((error: unknown) => {
      if (error instanceof CorpusError && error.code === "CORPUS_FOLDER") return null;
      throw error;
    });
    if (head === null) return [];
    const format = ["%H", "%P", "%at", "%an", "%ae", "%B"].join("%x00");
    const said = await this.#git([
      "log",
      "-z",
      `--max-count=${most}`,
      `--format=tformat:${format}`,
      "--encoding=UTF-8",
      "--no-show-signature",
      "--no-mailmap",
      "--no-notes",
      "--no-color",
      "HEAD",
      "--",
    ]);
    const fields = said.toString("utf8").split("\0");
    const commits: Commit[] = [];
    for (let at = 0; at + 5 < fields.length; at += 6) {
      const [id = "", parents = "", seconds = "", author = "", email = "", message = ""] = fields.slice(at, at + 6);
      commits.push({
        id,
        parents: parents.split(" ").filter((one) => one !== ""),
        seconds: Number(seconds) || 0,
        author,
        email,
        message: message.trim(),
      });
    }
    return commits;
  }

  /** Files whose content differs from that in the first parent, in the order of git; links and submodules are left out. */
  async changedFiles({ id, parents }: Commit): Promise<FileChange[]> {
    const [parent = ""] = parents;
    const said = await this.#git(["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", parent, id, "--"]);
    const parts = said.toString("latin1").split("\0");
    const found: FileChange[] = [];
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const raw = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*$/.exec(parts[at] ?? "");
      const file = nameOf(parts[at + 1] ?? "");
      if (raw === null || file === null) continue;
      const [, oldMode = "", newMode = "", old = "", now = ""] = raw;
      const [before, after] = [blobOf(oldMode, old), blobOf(newMode, now)];
      if (before !== after) found.push({ file, before, after });
    }
    return found;
  }

  /** The bytes of a blob; null when there are more than a source file has, or they are not on this computer. */
  async blob(id: string): Promise<Buffer | null> {
    const size = Number((await this.#git(["cat-file", "-s", id]).catch(() => Buffer.from("missing"))).toString());
    return size <= MOST_BLOB_BYTES ? this.#git(["cat-file", "blob", id]) : null;
  }

  async #git(args: readonly string[]): Promise<Buffer> {
    const quiet = ["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
    const result = await execa("git", [...quiet, ...args], {
      cwd: this.root,
      stdin: "ignore",
      encoding: "buffer",
      stripFinalNewline: false,
      reject: false,
      timeout: TEN_MINUTES_MS,
      maxBuffer: MOST_OUTPUT_BYTES,
      // A clone without all objects would fetch what is missing.
      env: {
        GIT_NO_LAZY_FETCH: "1",
        GIT_OPTIONAL_LOCKS: "0",
        GIT_TERMINAL_PROMPT: "0",
        GIT_NO_REPLACE_OBJECTS: "1",
        LC_ALL: "C",
      },
    });
    if (isCode(result.cause, "ENOENT") && result.exitCode === undefined) {
      throw new CorpusError("CORPUS_CLIENT", `git cannot be run in ${this.root}`, {
        hint: "Install git and see that it is on PATH, and that the folder is there.",
        cause: result.cause,
      });
    }
    if (result.failed) {
      const said = Buffer.from(result.stderr).toString("utf8").trim().split("\n").at(-1) ?? "";
      throw new CorpusError("CORPUS_FOLDER", `git cannot read ${this.root}${said === "" ? "" : ` (${said})`}`, {
        hint: "Give a folder of a git repository that belongs to you.",
        cause: result.cause,
      });
    }
    return Buffer.from(result.stdout);
  }
}

const ABSENT = /^0+$/;

/** Only regular files, executable ones too, have code in them. */
function blobOf(mode: string, id: string): string | null {
  return ABSENT.test(id) || !mode.startsWith("100") ? null : id;
}

/** A path as git stores it; null when it is not UTF-8 or leads out of the folder that it is put into. */
function nameOf(bytes: string): string | null {
  try {
    const name = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(bytes, "latin1"));
    const isInside = !name.startsWith("/") && !/[\\\0]/.test(name) && !name.split("/").includes("..");
    return isInside && name.length <= 1_000 ? name : null;
  } catch {
    return null;
  }
}
