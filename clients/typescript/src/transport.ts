/** Requests to a server, sent again where that cannot do anything twice. */

import { randomUUID } from "node:crypto";
import { camelized, snake } from "./case.js";
import { PAYLOADS, type components } from "./api.js";

export type Problem = components["schemas"]["Problem"];

const TRIES = 5;
const LONGEST_WAIT_SECONDS = 30;
const TIMEOUT_MS = 90_000;
/** With these the server says that it did nothing. */
const UNDONE = [429, 503];

/** What went wrong: `status` and `problem` are null where no answer came; `errors` name the places at fault. */
export class ViralForgeError extends Error {
  override readonly name = "ViralForgeError";
  readonly errors: NonNullable<Problem["errors"]>;
  /** Of a bulk: how many of those given are saved. */
  readonly saved: number | null;

  constructor(
    message: string,
    readonly status: number | null,
    readonly problem: Problem | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.errors = problem?.errors ?? [];
    this.saved = problem?.saved ?? null;
  }
}

export interface Sent {
  body?: unknown;
  query?: Record<string, unknown>;
  /** Gives the request a key by which the server knows it when it comes again. */
  once?: boolean;
  /** False where the same again would be something else. */
  repeatable?: boolean;
}

interface Refusal {
  error: ViralForgeError;
  undone: boolean;
  again: boolean;
  waitMs: number;
}

export interface Options {
  /** Where `viralforge serve` listens; else VIRALFORGE_URL, else http://127.0.0.1:8400. */
  url?: string;
  /** A key that `viralforge keys create` made; else VIRALFORGE_API_KEY. */
  key?: string;
}

export class Transport {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = { ...options };
    if (!/^https?:\/\//.test(this.#url))
      throw new ViralForgeError(`${this.#url} is no URL of a server; write http://127.0.0.1:8400`, null, null);
  }

  get #url(): string {
    return (this.#options.url || process.env["VIRALFORGE_URL"] || "http://127.0.0.1:8400").replace(/\/+$/, "");
  }

  /** The answer, its keys in camelCase. Throws ViralForgeError. */
  async send(method: string, path: string, sent: Sent = {}): Promise<unknown> {
    const headers: Record<string, string> = { Accept: "application/json" };
    const key = this.#options.key || process.env["VIRALFORGE_API_KEY"];
    if (key) headers["Authorization"] = `Bearer ${key}`;
    if (sent.once) headers["Idempotency-Key"] = randomUUID();
    if (sent.body !== undefined) headers["Content-Type"] = "application/json";
    const body = sent.body === undefined ? null : JSON.stringify(sent.body);
    const url = this.#url + path + asQuery(sent.query ?? {});
    for (let number = 1; ; number++) {
      const found = await this.#tried(url, { method, headers, body });
      if (!("error" in found)) return found.answer;
      const may = found.again && (found.undone || sent.repeatable !== false);
      if (!may || number === TRIES || found.waitMs > LONGEST_WAIT_SECONDS * 1000) throw found.error;
      const backOff = 100 * 2 ** number * (0.5 + Math.random() / 2);
      await new Promise((done) => setTimeout(done, Math.max(found.waitMs, backOff)));
    }
  }

  async #tried(url: string, request: RequestInit): Promise<{ answer: unknown } | Refusal> {
    let response: Response, text: string;
    try {
      response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
      text = await response.text();
    } catch (cause) {
      const said = `${this.#url} does not answer; is viralforge serve running?`;
      const error = new ViralForgeError(said, null, null, { cause });
      return { error, undone: wasNeverSent(cause), again: true, waitMs: 0 };
    }
    if (response.ok) return { answer: text ? camelized(JSON.parse(text), PAYLOADS) : undefined };
    const error = refusalIn(response.status, text, this.#url);
    const again = [...UNDONE, 502, 504].includes(response.status);
    const undone = UNDONE.includes(response.status) && !error.saved;
    return { error, undone, again, waitMs: 1000 * (Number(response.headers.get("retry-after")) || 0) };
  }
}

function asQuery(query: Record<string, unknown>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const written = (value: unknown) => (value instanceof Date ? value.toISOString() : `${value}`);
  const pairs = Object.fromEntries(given.map(([name, value]) => [snake(name), written(value)]));
  return given.length ? `?${new URLSearchParams(pairs)}` : "";
}

function wasNeverSent(cause: unknown): boolean {
  const code = ((cause as { cause?: { code?: string } }).cause ?? {}).code ?? "";
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"].includes(code);
}

function refusalIn(status: number, text: string, url: string): ViralForgeError {
  try {
    const problem = camelized(JSON.parse(text), PAYLOADS) as Problem;
    if (problem.type.startsWith("urn:viralforge:problem:")) return new ViralForgeError(problem.detail, status, problem);
  } catch {
    // No problem of ours: said below.
  }
  const said = `${url} answered ${status} and no problem of ViralForge's; is this the address of viralforge serve?`;
  return new ViralForgeError(said, status, null);
}
