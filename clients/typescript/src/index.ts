/** The client of a ViralForge data warehouse: `dataWarehouse` speaks its verbs, in camelCase. */

import { randomBytes, randomUUID } from "node:crypto";
import type { components, paths } from "./api.js";
import { camel } from "./case.js";
import { Transport, ViralForgeError, type Options, type Problem } from "./transport.js";

export { ViralForgeError, type Options, type Problem };

type Schemas = components["schemas"];
export type ScrapedPost = Schemas["ScrapedPost"];
export type MetricsSnapshot = Schemas["MetricsSnapshot"];
export type Trend = Schemas["Trend"];
export type AppEvent = Schemas["AppEvent"];
export type CrewExecution = Schemas["CrewExecution"];
export type ExecutionChanges = Schemas["ExecutionChanges"];
export type CrewCall = Schemas["CrewCall"];
export type ScrapeJob = Schemas["ScrapeJob"];
export type SavedPosts = Schemas["SavedPosts"];
export type IngestReport = Schemas["IngestReport"];
export type TrendingHashtag = Schemas["TrendingHashtag"];
export type Status = Schemas["Status"];
/** The names of platforms, and any other string, which the server may refuse. */
export type Platform = Schemas["ScrapedPost"]["platform"];

/** The paths that answer questions. */
export type Question = {
  [P in keyof paths]: P extends `/v1/${string}` ? (paths[P] extends { get: object } ? P : never) : never;
}[keyof paths];
type Get<P extends Question> = paths[P] extends { get: infer G } ? G : never;
type Part<G, K> = G extends { parameters: infer A } ? (K extends keyof A ? NonNullable<A[K]> : never) : never;
type Given<T> = [T] extends [never] ? {} : T;
/** What a question may be asked with: the parts of its path and its parameters. */
export type Parameters<P extends Question> = Given<Part<Get<P>, "query">> & Given<Part<Get<P>, "path">>;
/** The answer to a question. */
export type Answer<P extends Question> =
  Get<P> extends { responses: { 200: { content: { "application/json": infer A } } } } ? A : never;
type Asked<P extends Question> = {} extends Parameters<P> ? [Parameters<P>?] : [Parameters<P>];

const POSTS_AT_ONCE = 1_000;
const OTHERS_AT_ONCE = 1_000;
/** So many letters of JSON are sent together at most, so that the server takes them, or what is sent alone. */
const LETTERS_AT_ONCE = 8_000_000;

/** A warehouse spoken to over HTTP. Every verb throws ViralForgeError where it is refused. */
export class DataWarehouse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Saves one post as it was seen at its `observedAt`, else now; resolves to its id. */
  async saveScrapedPost(post: ScrapedPost): Promise<string> {
    const saved = await this.#write<{ id: string }>("POST", "/v1/posts", post, true);
    return saved.id;
  }

  /**
   * Saves any number of posts, up to 1,000 at a time, each time all or nothing; ids come in input order.
   *
   * Where the connection breaks while some are sent, they are sent again only if each has its `observedAt`.
   * An error names positions among all that were given, and how many of them are `saved`.
   */
  async bulkSaveScrapedPosts(posts: Iterable<ScrapedPost> | AsyncIterable<ScrapedPost>): Promise<SavedPosts> {
    const saved: SavedPosts = { ids: [], new: 0, updated: 0, unchanged: 0, rejected: 0 };
    for await (const body of parts(posts, POSTS_AT_ONCE)) {
      const repeatable = body.every((post) => post.observedAt != null);
      const found = await this.#transport.send("POST", "/v1/posts/bulk", { body, repeatable }).catch((error) => {
        throw error instanceof ViralForgeError ? placed(error, saved.ids.length) : error;
      });
      const { ids, ...counts } = found as SavedPosts;
      for (const id of ids) saved.ids.push(id);
      saved.new += counts.new;
      saved.updated += counts.updated;
      saved.unchanged += counts.unchanged;
      saved.rejected += counts.rejected;
    }
    return saved;
  }

  /** Saves a sighting of numbers alone, at `recordedAt` or now; rate and velocity are computed. */
  async recordMetricsSnapshot(postId: string, metrics: MetricsSnapshot): Promise<void> {
    await this.#write("POST", `/v1/posts/${part(postId)}/snapshots`, metrics, true);
  }

  /** Deletes a post with its history and links; whether it was there. */
  async deletePost(postId: string): Promise<boolean> {
    return (await this.#write<Schemas["Deleted"]>("DELETE", `/v1/posts/${part(postId)}`)).deleted;
  }

  /** Stores a trend; resolves to its id. */
  async createTrend(trend: Trend): Promise<number> {
    return (await this.#write<Schemas["StoredId"]>("POST", "/v1/trends", trend, true)).id;
  }

  /** Makes posts the sources of a trend, each with its relevance from 0 to 1, null where it is unknown. */
  async linkTrendToSources(
    trendId: number,
    postIds: readonly string[],
    relevanceScores?: readonly (number | null)[],
  ): Promise<void> {
    await this.#write("POST", `/v1/trends/${part(trendId)}/sources`, { postIds, relevanceScores });
  }

  /** Deletes a trend and its links; whether it was there. */
  async deleteTrend(trendId: number): Promise<boolean> {
    return (await this.#write<Schemas["Deleted"]>("DELETE", `/v1/trends/${part(trendId)}`)).deleted;
  }

  /** Stores what a user of the app did; resolves to the event's id, which is drawn here if it has none. */
  async trackEvent(event: AppEvent): Promise<string> {
    const tracked = await this.#write<{ eventId: string }>("POST", "/v1/events", identified(event));
    return tracked.eventId;
  }

  /** Imports events of any time; resolves to how many were not there yet. */
  async trackEvents(events: Iterable<AppEvent> | AsyncIterable<AppEvent>): Promise<number> {
    let stored = 0;
    for await (const some of parts(events, OTHERS_AT_ONCE)) {
      const body = some.map(identified);
      stored += (await this.#write<Schemas["StoredEvents"]>("POST", "/v1/events/import", body)).stored;
    }
    return stored;
  }

  /** Makes or changes a user of the app; with `analytics: false` no event or execution names the user. */
  async addUser(userId: string, settings: Schemas["UserSettings"] = {}): Promise<void> {
    await this.#write("PUT", `/v1/users/${part(userId)}`, settings);
  }

  /** Deletes a user with the events and executions that name the user; whether there was one. */
  async deleteUser(userId: string): Promise<boolean> {
    return (await this.#write<Schemas["Deleted"]>("DELETE", `/v1/users/${part(userId)}`)).deleted;
  }

  /** Stores one run of a crew; resolves to its id. */
  async logCrewExecution(execution: CrewExecution): Promise<number> {
    return (await this.#write<Schemas["StoredId"]>("POST", "/v1/executions", execution, true)).id;
  }

  /** Changes what is given of an execution; the rest stays as it is. */
  async updateCrewExecution(executionId: number, changes: ExecutionChanges): Promise<void> {
    await this.#write("PATCH", `/v1/executions/${part(executionId)}`, changes);
  }

  /** Stores LLM and tool calls of executions; resolves to how many. */
  async logCrewCalls(calls: Iterable<CrewCall> | AsyncIterable<CrewCall>): Promise<number> {
    let stored = 0;
    for await (const body of parts(calls, OTHERS_AT_ONCE))
      stored += (await this.#write<Schemas["StoredCalls"]>("POST", "/v1/calls", body, true)).stored;
    return stored;
  }

  /** Stores one act of collecting; resolves to its id. */
  async logScrapeJob(job: ScrapeJob): Promise<number> {
    return (await this.#write<Schemas["StoredId"]>("POST", "/v1/scrape-jobs", job, true)).id;
  }

  /** The hashtags of the last 7 days by how many posts carry them, each without its `#`. */
  async getTrendingHashtags(platform?: Platform, limit = 50): Promise<TrendingHashtag[]> {
    return (await this.ask("/v1/hashtags/trending", { ...(platform && { platform }), limit })).rows;
  }

  /** Refreshes the popular posts of the last 24 hours, best every hour; readers go on. */
  async refreshPopularContent(): Promise<void> {
    await this.#write("POST", "/v1/popular-content/refresh");
  }

  /** Takes in payloads as the platforms give them; what is no post is turned away, kept and counted. */
  async ingestPayloads(
    payloads: readonly unknown[],
    known: { observedAt?: Date | string; niche?: string; scrapeJobId?: number; scrapeSource?: string } = {},
  ): Promise<IngestReport> {
    const sent = { body: payloads, query: known, repeatable: known.observedAt !== undefined };
    return (await this.#transport.send("POST", "/v1/payloads", sent)) as IngestReport;
  }

  /** Reads rejected payloads again, as after a fix. */
  async replayRejections(reason?: string): Promise<IngestReport> {
    return (await this.#transport.send("POST", "/v1/rejections/replay", { query: { reason } })) as IngestReport;
  }

  /** The answer to a question, named by its path: `ask("/v1/posts/top", { platform: "youtube", limit: 5 })`. */
  async ask<P extends Question>(path: P, ...[parameters]: Asked<P>): Promise<Answer<P>> {
    const query: Record<string, unknown> = { ...parameters };
    const filled = path.replace(/\{(\w+)\}/g, (_found, name: string) => {
      const value = query[camel(name)];
      delete query[camel(name)];
      return part(value);
    });
    return (await this.#transport.send("GET", filled, { query })) as Answer<P>;
  }

  async #write<T = void>(method: string, path: string, body?: unknown, once = false): Promise<T> {
    return (await this.#transport.send(method, path, { body, once })) as T;
  }
}

/** A client; what is not given is read from the environment with each request. */
export function createDataWarehouse(options: Options = {}): DataWarehouse {
  return new DataWarehouse(new Transport(options));
}

/** The warehouse that the environment names. */
export const dataWarehouse = createDataWarehouse();

function part(value: unknown): string {
  return encodeURIComponent(`${value}`);
}

async function* parts<T>(given: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let some: T[] = [];
  let letters = 0;
  for await (const each of given) {
    const more = JSON.stringify(each)?.length ?? 0;
    if (some.length === size || (some.length && letters + more > LETTERS_AT_ONCE)) {
      yield some;
      [some, letters] = [[], 0];
    }
    some.push(each);
    letters += more;
  }
  if (some.length) yield some;
}

/** The error with positions counted from the first of all that were given. */
function placed(error: ViralForgeError, before: number): ViralForgeError {
  if (!error.problem) return error;
  const errors = error.errors.map((each) => ({
    ...each,
    pointer: each.pointer.replace(/^\/(\d+)/, (_found, number) => `/${before + Number(number)}`),
  }));
  const problem = { ...error.problem, errors, saved: before + (error.saved ?? 0) };
  return new ViralForgeError(error.message, error.status, problem, { cause: error });
}

/** The event with an id of its own, so that sent again it is the same one: a UUIDv7 says its time too. */
function identified(event: AppEvent): AppEvent {
  if (event.eventId) return event;
  return { ...event, eventId: event.createdAt == null ? newEventId() : randomUUID() };
}

function newEventId(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
