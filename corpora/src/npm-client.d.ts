// What we use of npm's own client libraries; they ship no types.
declare module "pacote" {
  export interface Options {
    integrity?: string;
    offline?: boolean;
    preferOffline?: boolean;
    retry?: { retries: number; minTimeout: number; maxTimeout: number };
    timeout?: number;
    [setting: string]: unknown;
  }
  const pacote: {
    tarball: { file(spec: string, target: string, options: Options): Promise<{ integrity: string; resolved: string }> };
  };
  export default pacote;
}

declare module "@npmcli/config" {
  export default class Config {
    constructor(options: {
      npmPath: string;
      definitions: unknown;
      shorthands: unknown;
      flatten: unknown;
      argv: string[];
      env: Record<string, string | undefined>;
      cwd: string;
      warn: boolean;
    });
    load(): Promise<void>;
    /** Settings from npmrc files and the environment, under the names that pacote takes. */
    readonly flat: Record<string, unknown>;
  }
}

declare module "@npmcli/config/lib/definitions/index.js" {
  const npmDefinitions: { definitions: unknown; shorthands: unknown; flatten: unknown };
  export default npmDefinitions;
}

declare module "make-fetch-happen" {
  export interface Response {
    ok: boolean;
    status: number;
    headers: { get(name: string): string | null };
    body: AsyncIterable<Uint8Array> & { resume(): void };
  }
  export default function request(
    url: string,
    options: {
      headers: Record<string, string>;
      cache: "no-store";
      retry: { retries: number; minTimeout: number; maxTimeout: number };
      timeout: number;
      proxy?: string;
      ca?: string;
    },
  ): Promise<Response>;
}

declare module "unbzip2-stream" {
  export default function unbzip2(): NodeJS.ReadWriteStream;
}
