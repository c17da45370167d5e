/**
 * Something that the set-up needs is missing. It is shown as one sentence with the command that mends it, exit code 3.
 *
 * `log` is the file with the whole output of the step that failed, absent when no step ran.
 */
export class SetupError extends Error {
  /** @param {string} code @param {string} sentence @param {{ log?: string, cause?: unknown }} [details] */
  constructor(code, sentence, { log, cause } = {}) {
    super(sentence, { cause });
    this.name = "SetupError";
    this.code = code;
    this.log = log;
  }
}

const networkSigns =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|UND_ERR_CONNECT_TIMEOUT)\b|ERR_PNPM_(META_FETCH_FAIL|FETCH_\d+|\w*NETWORK_ERROR)|[Cc]ould(n't| not) resolve host|Could not connect to server|failed to (lookup address|download from)|dns error|network failure|spurious network error/;
const diskSigns = /\b(EROFS|EACCES|EPERM)\b|[Rr]ead-only file system|[Pp]ermission denied/;
const fullSigns = /\bENOSPC\b|[Nn]o space left on device/;

/**
 * Which of the known failures the text of a failed step (or an error's code) speaks of; undefined for any other.
 *
 * @param {string} text
 * @returns {"NO_NETWORK" | "READ_ONLY" | "DISK_FULL" | undefined}
 */
export function failureIn(text) {
  if (fullSigns.test(text)) return "DISK_FULL";
  if (diskSigns.test(text)) return "READ_ONLY";
  if (networkSigns.test(text)) return "NO_NETWORK";
  return undefined;
}

/**
 * The sentence for a failure that `failureIn` recognised.
 *
 * @param {"NO_NETWORK" | "READ_ONLY" | "DISK_FULL"} code
 * @param {{ root: string, command: string, step: string, log?: string, cause?: unknown }} context
 */
export function knownFailure(code, { root, command, step, log, cause }) {
  const sentences = {
    NO_NETWORK: `The package registries cannot be reached, and "${step}" needs them once: connect to the network, or set HTTPS_PROXY, then run "${command}" again.`,
    READ_ONLY: `The folder ${root} cannot be written, and the set-up keeps its files there: make it writable with "chmod -R u+w ${root}", or work in a copy, then run "${command}" again.`,
    DISK_FULL: `The disk under ${root} is full: free some space (see "df -h ${root}"), then run "${command}" again.`,
  };
  return new SetupError(code, sentences[code], { log, cause });
}
