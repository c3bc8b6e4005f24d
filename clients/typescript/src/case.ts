/** Names between snake_case, as SQL and the server have them, and camelCase. */

/** camel("avg_engagement_rate") is "avgEngagementRate". */
export function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_found, letter: string) => letter.toUpperCase());
}

/** snake("engagementRate.gte") is "engagement_rate.gte". */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A document with its keys in camelCase, but for what stands under `asTheyAre`: that is somebody's own. */
export function camelized(value: unknown, asTheyAre: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => camelized(each, asTheyAre));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => {
      const key = camel(name);
      return [key, asTheyAre.has(key) ? inside : camelized(inside, asTheyAre)];
    }),
  );
}
