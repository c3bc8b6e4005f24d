// Captures one of everything: node posthog_node.cjs HOST MODE; prints what went wrong, and the ids, as JSON.
const [host, mode] = process.argv.slice(2);
process.env.POSTHOG_CAPTURE_MODE = mode;
const { PostHog } = require("posthog-node");

const awake = setInterval(() => {}, 1e3); // the client lets Node end between its tries

(async () => {
  const errors = [];
  const client = new PostHog("any-token", { host, flushAt: 5, flushInterval: 100, fetchRetryDelay: 300, fetchRetryCount: 20 });
  client.on("error", (error) => errors.push(String(error)));
  const ids = Array.from({ length: 30 }, (_, number) => `0190f6a0-0000-4000-8000-${String(number).padStart(12, "0")}`);
  ids.forEach((uuid, number) =>
    client.capture({ distinctId: `u${number % 3}`, event: `event ${number}`, uuid, properties: { number, $session_id: "s1" } }));
  client.capture({ distinctId: "u1", event: "drawn" });
  client.capture({ distinctId: "u1", event: "of another time", timestamp: new Date(Date.now() - 3600e3) });
  client.identify({ distinctId: "u1", properties: { plan: "pro" } });
  client.captureException(new Error("boom"), "u1");
  const flags = await client.evaluateFlags("u1");
  await client.shutdown(60e3);
  console.log(JSON.stringify({ errors, ids, flag: flags.getFlag("anything") ?? null }));
  clearInterval(awake);
})();
