/** Writes src/api.ts: the types of ../openapi.json, with names in camelCase. Run by `npm run generate`. */

import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";
import { camel } from "./src/case.js";

type Node = Record<string, any>;

const HEAD = "/** The types of the HTTP API. Generated from openapi.json by `npm run generate`: do not edit. */\n";
const DATE = ts.factory.createTypeReferenceNode("Date");
const ANY_STRING = ts.factory.createIntersectionTypeNode([
  ts.factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
  ts.factory.createTypeLiteralNode([]),
]);
const payloads = new Set<string>();

/** Whether a schema lets any JSON through, whose keys are then nobody's to change. */
function isPayload(node: Node): boolean {
  const kinds: Node[] = node.anyOf ?? [node];
  return kinds.some((each) => each.additionalProperties || !(each.type || each.$ref || each.anyOf || each.enum));
}

function renamed(node: Node): Node {
  if (Array.isArray(node)) return node.map(renamed);
  if (node === null || typeof node !== "object") return node;
  const found: Node = {};
  for (const [name, inside] of Object.entries(node)) {
    if (name === "properties") {
      found.properties = Object.fromEntries(
        Object.entries(inside as Node).map(([key, schema]) => {
          if (isPayload(schema)) payloads.add(camel(key));
          return [camel(key), renamed(schema)];
        }),
      );
    } else if (name === "required" && Array.isArray(inside)) found.required = inside.map(camel);
    else if (name === "example" || name === "examples") continue;
    else found[name] = renamed(inside);
  }
  if (found.in === "query" || found.in === "path") found.name = camel(found.name);
  const kinds: Node[] = found.anyOf ?? [];
  if (kinds.some((each) => each.format === "date-time") && kinds.some((each) => each.type === "number"))
    found.anyOf = [{ type: "string", format: "x-date" }, ...kinds];
  if (Array.isArray(found.enum) && found.enum.some((each: unknown) => typeof each === "string")) {
    const { description, default: value, ...choice } = found;
    const open = { anyOf: [choice, { type: "string", format: "x-any" }] };
    return { ...open, ...(description ? { description } : {}), ...(value === undefined ? {} : { default: value }) };
  }
  return found;
}

const given = JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8"));
const nodes = await openapiTS(renamed(given) as any, {
  alphabetize: true,
  transform: (schema: Node) => (schema.format === "x-date" ? DATE : schema.format === "x-any" ? ANY_STRING : undefined),
  defaultNonNullable: false,
  silent: true,
});
const names = [...payloads].sort().map((name) => JSON.stringify(name));
const told = `
/** Fields that hold somebody's own JSON, whose keys stay as they are. */
export const PAYLOADS: ReadonlySet<string> = new Set([${names.join(", ")}]);
`;
const to = process.argv[2] ?? new URL("src/api.ts", import.meta.url);
writeFileSync(to, HEAD + astToString(nodes) + told);
