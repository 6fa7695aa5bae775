// A tour of the jobs: an editor queues one of each kind, calls one off and retries it, while the official Centrifuge client
// listens. At the end the activity log must tell the same story. It needs CALLBOARD_BIN, and starts a server of its own; with
// DATABASE_URL it works on that database, which must be empty.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { deflateSync } from "node:zlib";

import { Centrifuge } from "centrifuge";
import WebSocket from "ws";

const rows = 60_000; // enough that the import is still running when it is called off
const patience = 180_000; // milliseconds

const bin = process.env.CALLBOARD_BIN;
if (!bin) throw new Error("set CALLBOARD_BIN to the callboard binary");
const data = mkdtempSync(join(tmpdir(), "callboard-jobs-"));
const callboard = (args, input = "") =>
  execFileSync(bin, [...args, "--data-dir", data, "--log-level", "error"], { encoding: "utf8", input, stdio: "pipe" }).trim();

callboard(["migrate", "up"]);
const email = "ben@example.org";
const user = callboard(["user", "add", "--email", email, "--name", "Ben", "--role", "editor", "--password-stdin"], "a password for the tour");
const token = callboard(["token", "create", "--email", email, "--name", "tour"]);
const server = spawn(bin, ["serve", "--data-dir", data, "--http-addr", "127.0.0.1:0", "--log-level", "error"], { stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => {
  server.kill("SIGTERM");
  rmSync(data, { recursive: true, force: true });
});
const url = await new Promise((resolve, reject) => {
  createInterface({ input: server.stdout }).on("line", (line) => resolve(/http:\S+/.exec(line)[0].replace(/\/$/, "")));
  server.on("exit", () => reject(new Error("the server does not start")));
});

async function call(method, path, body) {
  const headers = { Authorization: `Bearer ${token}` };
  const sent = body instanceof FormData || body === undefined ? body : JSON.stringify(body);
  if (typeof sent === "string") headers["Content-Type"] = "application/json";
  const response = await fetch(`${url}${path.startsWith("/api") ? "" : "/api/v1"}${path}`, { method, headers, body: sent });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}
const json = async (...request) => (await (await call(...request)).json()).data;

// The client hears "broadcast" and "user:<id>" by itself, and the channel of each job once it subscribes.
const events = []; // those with a position, each once, in the order in which they came
const seen = new Set();
const jobs = new Map(); // the names of the jobs, by ID
const waiting = new Set();
let rowsMade = 0;
let lost = 0; // times that the history of the server did not reach back

const client = new Centrifuge(`${url.replace("http", "ws")}/connection/websocket`, { token, websocket: WebSocket });
client.on("publication", ({ channel, data: message }) => receive(channel, message));
client.on("subscribed", ({ wasRecovering, recovered }) => (lost += wasRecovering && !recovered ? 1 : 0));
client.connect();
await client.ready(10_000);

async function listen(job) {
  const channel = client.newSubscription(`job:${job.id}`);
  channel.on("publication", (publication) => receive(publication.channel, publication.data));
  channel.on("subscribed", ({ wasRecovering, recovered }) => (lost += wasRecovering && !recovered ? 1 : 0));
  channel.subscribe();
  await channel.ready(10_000);
}

function receive(channel, message) {
  if (message.event === "notification" || message.event === "unread_count" || seen.has(message.id)) return;
  seen.add(message.id);
  if (message.pos) events.push(message);
  if (message.event === "episode_created" && /^Take /.test(message.data.title)) rowsMade++; // too many to print each
  else print(channel, message);
  for (const check of waiting) check(message);
}

let quarter = "";
function print(channel, { pos, event, resource, data: d }) {
  const told = { job_progress: `${d.progress} % ${d.message ?? ""}`, file_created: d.name ?? d.content_type };
  if (event === "job_progress") {
    const now = `${resource.id} ${Math.floor(d.progress / 25)}`; // five times a second is more than one wants to read
    if (now === quarter) return;
    quarter = now;
  }
  const what = told[event] ?? d.status ?? d.title ?? "";
  console.log(`   ${String(pos ?? "live").padStart(7)}  ${event.padEnd(16)} ${(d.kind ?? resource.type).padEnd(21)}${what}${d.error ? `: ${d.error}` : ""}`);
}

/** Resolves to the first message from now on that is as wanted, or that has come already. */
function hear(what, wanted) {
  const found = events.find(wanted);
  if (found) return Promise.resolve(found);
  return new Promise((resolve, reject) => {
    const end = () => (clearTimeout(timer), waiting.delete(check));
    const check = (message) => wanted(message) && (end(), resolve(message));
    const timer = setTimeout(() => (end(), reject(new Error(`never heard: ${what}`))), patience);
    waiting.add(check);
  });
}

let failures = 0;
function check(ok, text) {
  console.log(`   ${ok ? "ok " : "BAD"} ${text}`);
  if (!ok) failures += 1;
}

async function upload(path, name, content) {
  const form = new FormData();
  form.set("file", new Blob([content]), name);
  return json("POST", path, form);
}

async function queue(title, kind, args) {
  console.log(`\n${title}`);
  const job = await json("POST", "/jobs", { kind, args });
  jobs.set(job.id, title);
  await listen(job);
  return job;
}

/** Waits for the end of a job, after the given position, and returns it. */
async function end(job, status, after = 0) {
  const done = await hear(`${jobs.get(job.id)} ends`, (m) =>
    m.resource.id === job.id && m.pos > after && ["job_completed", "job_failed", "job_cancelled"].includes(m.event));
  const now = await json("GET", `/jobs/${job.id}`);
  check(done.data.status === status && now.status === status, `${job.kind} is ${now.status}${now.error ? `: ${now.error}` : ""}`);
  return now;
}

/** A gradient, as PNG. */
function picture(width, height) {
  const pixels = Buffer.alloc((1 + 3 * width) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.set([(255 * x) / width, (255 * y) / height, 128], y * (1 + 3 * width) + 1 + 3 * x);
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]); // 8 bits a channel, RGB
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(pixels)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type, content) {
  const framed = Buffer.concat([Buffer.alloc(4), Buffer.from(type), content, Buffer.alloc(4)]);
  framed.writeUInt32BE(content.length, 0);
  let crc = 0xffffffff;
  for (const byte of framed.subarray(4, -4)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  framed.writeUInt32BE(~crc >>> 0, framed.length - 4);
  return framed;
}

console.log("Position  Event            Kind                 Status\n\nBen makes an episode and uploads a picture");
const episode = await json("POST", "/episodes", { title: "Pilot" });
const still = await upload(`/episodes/${episode.id}/files`, "still.png", picture(1600, 1000));
await hear("the file", (m) => m.event === "file_created" && m.resource.id === still.id);

const thumbnails = await queue("Thumbnails of the picture", "thumbnail-generation", { file_id: still.id });
const made = (await end(thumbnails, "completed")).result;
check(made.variants.map((v) => `${v.width}×${v.height}`).join() === "1280×800,640×400,320×200", made.variants.map((v) => `${v.variant} ${v.width}×${v.height}`).join(", "));
check((await json("GET", `/episodes/${episode.id}`)).thumbnail_url === made.thumbnail_url, "the episode has the medium one");

const lines = Array.from({ length: rows }, (_, i) => `Take ${i + 1},"Scene ${i % 40}, camera ${i % 3}"\n`);
const takes = await upload("/files", "takes.csv", `title,description\n${lines.join("")}`);
const long = await queue(`An import of ${rows} rows, called off on its way`, "data-import", { file_id: takes.id });
await hear("progress", (m) => m.event === "job_progress" && m.resource.id === long.id && m.data.progress >= 5);
await call("POST", `/jobs/${long.id}/cancel`);
const cancelled = await end(long, "cancelled");
console.log(`\nThe same, retried from ${cancelled.message}`);
check(cancelled.progress > 0 && cancelled.progress < 100, `it was at ${cancelled.progress} %`);
await call("POST", `/jobs/${long.id}/retry`);
const imported = (await end(long, "completed", events.findLast((m) => m.event === "job_cancelled").pos)).result;
check(imported.created === rows && imported.refused === 0, `${imported.created} episodes created, ${imported.refused} rows refused`);
const logged = await json("GET", `/jobs/${long.id}/logs`);
check(logged.some((line) => line.line.startsWith("goes on")), `its log: ${logged.map((line) => line.line).join(" · ")}`);

const count = await queue("How many there are now: a deletion that only counts", "batch-delete", { filter: { q: "Take" }, dry_run: true });
const counted = (await end(count, "completed")).result;
check(counted.matched === rows && counted.deleted === 0, `${counted.matched} episodes: no row is doubled, none is missing`);

const out = await queue("An export of them", "bulk-export", { what: "episodes", format: "csv", episodes: { q: "Take" } });
const exported = (await end(out, "completed")).result;
const file = await (await call("GET", exported.url)).text();
const titles = new Set(file.match(/Take \d+/g));
check(exported.rows === rows && titles.size === rows, `${exported.rows} rows, ${exported.size} bytes, ${titles.size} titles`);

const again = await upload("/files", "exported.csv", file);
const second = await queue("The export, imported again", "data-import", {
  file_id: again.id, show_title: "Second unit", mapping: { id: [], show: [], show_id: [] }, // copies: else the rows are about the episodes that they were
});
const doubled = (await end(second, "completed")).result;
check(doubled.created === rows && doubled.refused === 0 && doubled.shows[0]?.created, `${doubled.created} episodes created in a new show`);

const removal = await queue("Some of them deleted", "batch-delete", { filter: { q: "Take 5999", show_id: doubled.shows[0].id } });
const deleted = (await end(removal, "completed")).result;
check(deleted.deleted === 11 && deleted.matched === 11, `${deleted.deleted} of ${deleted.matched} deleted`);
const last = await hear("the last of them", (m) => m.event === "episode_deleted" && events.filter((e) => e.event === "episode_deleted").length === 11);
check(last.actor.id === user, `by ${last.actor.name}, whose job it is`);

console.log("\nThe activity log tells the same story");
const actions = { job_queued: "queued_job", job_started: "started_job", job_retry: "retried_job", job_completed: "completed_job", job_failed: "failed_job", job_cancelled: "cancelled_job" };
for (const [id, title] of jobs) {
  const heard = events.filter((m) => m.resource.type === "job" && m.resource.id === id);
  const story = heard.map((m) => `${m.pos} ${actions[m.event]} ${m.id}`);
  const log = await activityOf(id, heard.at(-1).pos);
  const entries = log.map((entry) => `${entry.pos} ${entry.action} ${entry.id}`);
  check(story.join() === entries.join(), `${title}: ${log.map((entry) => entry.action).join(" → ")}`);
  if (story.join() !== entries.join()) console.log(`       heard:  ${story.join("\n               ")}\n       logged: ${entries.join("\n               ")}`);
}
check(rowsMade === 2 * rows && lost === 0, `${rowsMade} new episodes were heard of, each once`);

/** All entries of a job, oldest first, once the one at the given position is there. */
async function activityOf(id, pos) {
  for (const deadline = Date.now() + patience; Date.now() < deadline; ) {
    const entries = [];
    let cursor = "";
    do {
      const page = await (await call("GET", `/activity/resource/job/${id}?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).json();
      entries.push(...page.data);
      cursor = page.pagination.next_cursor ?? "";
    } while (cursor);
    if (entries[0]?.pos >= pos) return entries.toReversed();
  }
  throw new Error("the activity log does not catch up");
}

client.disconnect();
console.log(failures === 0 ? "\nAll as it should be." : `\n${failures} things are not as they should be.`);
process.exit(failures === 0 ? 0 : 1);
