// Speaks every verb, and prints what came of it as JSON.
import { createDataWarehouse, dataWarehouse as wh, ViralForgeError, type TrendingHashtag } from 'viralforge';
const startTime = new Date('2026-03-01T12:00:00Z');
const out: Record<string, unknown> = {};
out.run = await wh.logCrewExecution({ crewType: 'discovery', startTime, outputData: { snake_case: { camelCase: 1 } } });
out.calls = await wh.logCrewCalls([{ crewExecutionId: out.run as number, kind: 'llm', name: 'a', startedAt: startTime }]);
out.job = await wh.logScrapeJob({ platform: 'x', operation: 'search', startedAt: startTime });
out.event = await wh.trackEvent({ eventName: 'a', eventType: 'b', properties: { snake_case: 1 } });
out.imported = await wh.trackEvents([{ eventName: 'a', eventType: 'b', createdAt: startTime }]);
await wh.addUser('a/b', { displayName: 'Ada', analytics: false });
out.user = [await wh.deleteUser('a/b'), await wh.deleteUser('a/b')];
async function* posts() {
  for (let id = 1; id <= 2500; id++) yield { platform: 'x', externalId: id, likes: id, rawJson: { snake_case: id } };
}
const saved = await wh.bulkSaveScrapedPosts(posts());
out.saved = [saved.ids.length, saved.new, saved.updated, saved.unchanged];
const post = await wh.ask('/v1/posts/{post_id}', { postId: saved.ids[6]! });
out.post = [post.externalId, post.rawJson];
out.report = await wh.ingestPayloads([{ some_thing: 1 }], { observedAt: startTime, niche: 'food' });
const { rows } = await wh.ask('/v1/rejections', { reason: 'unknown_shape', limit: 1 });
out.payload = rows[0]!.payload;
out.replayed = (await wh.replayRejections()).rejected;
await wh.refreshPopularContent();
const page = await wh.ask('/v1/views/v_top_posts_by_platform', { 'engagementRate.gte': 0.1 });
out.page = page.next;
const hashtags: TrendingHashtag[] = await wh.getTrendingHashtags();
out.hashtags = hashtags;
out.deleted = [await wh.deletePost(saved.ids[0]!), await wh.deleteTrend(1), (await wh.ask('/v1/status')).posts];
const wrong = [...Array(1500).keys()].map((id) => ({ platform: 'x', externalId: id + 1, views: id === 1203 ? -1 : 1 }));
await wh.bulkSaveScrapedPosts(wrong).catch((error) => {
  out.refused = error instanceof ViralForgeError && [error.status, error.saved, error.errors[0]!.pointer, error.problem!.reason];
});
await createDataWarehouse({ key: 'vf_none' }).createTrend({ title: 'a' }).catch((error) => (out.stranger = error.status));
await createDataWarehouse({ url: 'http://127.0.0.1:9' }).ask('/v1/status').catch((error) => {
  out.nowhere = [error.status, error.message];
});
console.log(JSON.stringify(out));
