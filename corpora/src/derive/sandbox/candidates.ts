/** The ways of running a command apart that this computer may offer, best first. */
import { readFileSync } from "node:fs";
import type { Sandbox } from "../sandbox.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

// For root, settings of the kernel below /proc could be written otherwise.
const BUBBLEWRAP: Sandbox = {
  name: "bwrap",
  wrap: (command, folder) =>
    ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--remount-ro", "/proc"]
      .concat(["--tmpfs", "/run", "--bind", folder, folder])
      .concat(["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--chdir", folder, "--"])
      .concat(command),
};

const ENTER = readFileSync(new URL("./enter.sh", import.meta.url), "utf8");

/** Everything inside ends when this process does, even by a kill; as a session of its own it gets one share of the processor. */
const NAMESPACES: Sandbox = {
  name: "unshare",
  wrap: (command, folder, limits = DEFAULT_LIMITS) =>
    [
      "setsid",
      "setpriv",
      "--pdeathsig",
      "KILL",
      "unshare",
      "--map-root-user",
      "--mount",
      "--net",
      "--ipc",
      "--pid",
      "--fork",
    ]
      .concat(["--kill-child", "sh", "-c", ENTER, "sh", folder, String(limits.processes)])
      .concat(command),
};

// Some systems let bwrap make namespaces and nobody else; where both may, ours hides more and limits more.
export const CANDIDATES: readonly Sandbox[] = [NAMESPACES, BUBBLEWRAP];
