/** A language server as a client sees it: the few requests that the adapter makes, each with its time. */
import { pathToFileURL } from "node:url";
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type {
  CallHierarchyItem,
  ConfigurationParams,
  InitializeParams,
  InitializeResult,
  Location,
  LocationLink,
  Position,
} from "vscode-languageserver-protocol";
import { LATE, ToolProcess, within } from "../process.ts";
import { boundedMessages } from "./bounded.ts";

export interface ServerOptions {
  /** Given to the shell, or a program with its arguments; it speaks over standard input and output. */
  command: string | readonly [string, ...string[]];
  /** Its `initializationOptions`. */
  initialization?: unknown;
  /** What it is told when it asks for the settings of a section. */
  settings?: Readonly<Record<string, unknown>>;
}

/** A place that a server names. Lines and characters are 0-based, as in the protocol. */
export interface Place {
  uri: string;
  start: Position;
}

type Method = "textDocument/definition" | "textDocument/implementation" | "textDocument/prepareCallHierarchy";

export class LspClient {
  readonly #process: ToolProcess;
  readonly #connection: MessageConnection;
  readonly #closed = Promise.withResolvers<never>();
  #server: InitializeResult = { capabilities: {} };

  constructor({ command, settings = {} }: ServerOptions, signal?: AbortSignal) {
    this.#process = new ToolProcess(command, signal);
    this.#closed.promise.catch(() => undefined);
    const bounded = this.#process.stdout.pipe(boundedMessages());
    bounded.on("error", (error) => this.#closed.reject(error));
    bounded.on("close", () => void this.#process.ending().then(this.#closed.reject));
    const silent = { error: () => undefined, warn: () => undefined, info: () => undefined, log: () => undefined };
    const [reader, writer] = [new StreamMessageReader(bounded), new StreamMessageWriter(this.#process.stdin)];
    this.#connection = createMessageConnection(reader, writer, silent);
    this.#connection.onError(([error]) => this.#closed.reject(error));
    this.#connection.onRequest("workspace/configuration", ({ items }: ConfigurationParams) =>
      items.map(({ section }) => settings[section ?? ""] ?? null),
    );
    for (const method of [
      "client/registerCapability",
      "client/unregisterCapability",
      "window/workDoneProgress/create",
    ]) {
      this.#connection.onRequest(method, () => null);
    }
    this.#connection.listen();
  }

  /** @returns name and version as far as the server says them */
  async initialize(root: string, initialization: unknown): Promise<{ name?: string; version?: string }> {
    const uri = pathToFileURL(root).href;
    const location = { linkSupport: true };
    const params: InitializeParams = {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "corpus" }],
      initializationOptions: initialization,
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: { definition: location, implementation: location, callHierarchy: {}, synchronization: {} },
      },
    };
    const server = await this.#living(this.#connection.sendRequest<InitializeResult>("initialize", params));
    this.#server = server;
    await this.#living(this.#connection.sendNotification("initialized", {}));
    return server.serverInfo ?? {};
  }

  async open(uri: string, languageId: string, text: string): Promise<void> {
    const textDocument = { uri, languageId, version: 1, text };
    await this.#living(this.#connection.sendNotification("textDocument/didOpen", { textDocument }));
  }

  /** @returns `LATE` when the server took too long; no places when it does not offer the request */
  async places(method: Method, uri: string, position: Position, timeoutMs: number): Promise<Place[] | typeof LATE> {
    if (!this.#offers(method)) return [];
    const cancel = new CancellationTokenSource();
    const params = { textDocument: { uri }, position };
    const request = this.#connection.sendRequest<Found>(method, params, cancel.token);
    // A server that fails at one request has said nothing about it; one that has ended is noticed below.
    const answer = request.catch(() => null);
    const found = await this.#living(within(answer, timeoutMs));
    if (found !== LATE) return placesIn(found);
    cancel.cancel();
    return LATE;
  }

  #offers(method: Method): boolean {
    const { definitionProvider, implementationProvider, callHierarchyProvider } = this.#server.capabilities;
    const providers = {
      "textDocument/definition": definitionProvider,
      "textDocument/implementation": implementationProvider,
      "textDocument/prepareCallHierarchy": callHierarchyProvider,
    };
    return Boolean(providers[method]);
  }

  /** As of {@link ToolProcess}. */
  peakBytes(): number | null {
    return this.#process.peakBytes();
  }

  close(): void {
    this.#connection.dispose();
    this.#process.kill();
  }

  /** @throws Error when the server ends before `promise` does */
  #living<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#closed.promise]);
  }
}

type Found = Location | (Location | LocationLink | CallHierarchyItem)[] | null;

function placesIn(found: Found): Place[] {
  return [found ?? []].flat().flatMap((one): Place[] => {
    if ("targetUri" in one) return [{ uri: one.targetUri, start: one.targetSelectionRange.start }];
    const range = "selectionRange" in one ? one.selectionRange : one.range;
    return [{ uri: one.uri, start: range.start }];
  });
}
