// A tour through the life of an episode: every change is made with curl, and three users listen with the official
// Centrifuge client. Run it with `make tour`; it needs CALLBOARD_BIN, and starts a server of its own.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Centrifuge } from "centrifuge";
import WebSocket from "ws";

const bin = process.env.CALLBOARD_BIN;
if (!bin) throw new Error("set CALLBOARD_BIN to the callboard binary");
const data = mkdtempSync(join(tmpdir(), "callboard-tour-"));
const callboard = (...args) => execFileSync(bin, [...args, "--data-dir", data, "--log-level", "error"], { encoding: "utf8", stdio: "pipe" }).trim();
callboard("migrate", "up");

// A user of each role, with an API token.
const users = {};
for (const [name, role] of [["Ada", "admin"], ["Ben", "editor"], ["Vera", "viewer"]]) {
  const email = `${name.toLowerCase()}@example.org`;
  const id = execFileSync(bin, ["user", "add", "--email", email, "--name", name, "--role", role, "--password-stdin",
    "--data-dir", data, "--log-level", "error"], { encoding: "utf8", input: "a password for the tour", stdio: "pipe" }).trim();
  users[name] = { id, token: callboard("token", "create", "--email", email, "--name", "tour") };
}

const server = spawn(bin, ["serve", "--data-dir", data, "--http-addr", "127.0.0.1:0", "--log-level", "error"], { stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => {
  server.kill("SIGTERM");
  rmSync(data, { recursive: true, force: true });
});
const url = await new Promise((resolve) => {
  createInterface({ input: server.stdout }).on("line", (line) => resolve(/http:\S+/.exec(line)[0]));
});

/** One request with curl, as a user. */
function curl(user, method, path, body) {
  const args = ["-sS", "-X", method, "-H", `Authorization: Bearer ${users[user].token}`];
  if (body) args.push("-H", "Content-Type: application/json", "-d", JSON.stringify(body));
  const out = execFileSync("curl", [...args, `${url}/api/v1${path}`], { encoding: "utf8" });
  return out ? JSON.parse(out) : {};
}

// Everybody listens. The server subscribes each client to "broadcast" and to the channel of its user.
const heard = [];
const clients = {};
for (const [name, { token }] of Object.entries(users)) {
  const client = new Centrifuge(`${url.replace("http", "ws")}/connection/websocket`, { token, websocket: WebSocket });
  client.on("publication", ({ channel, data: message }) => heard.push({ name, channel, message }));
  client.connect();
  await client.ready(5000);
  clients[name] = client;
}

/** Waits until what is asked for has been heard, and returns it. */
async function hear(what, match) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = heard.find(match);
    if (found) return found.message;
    if (Date.now() > deadline) throw new Error(`never heard: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

let failures = 0;
function check(ok, text) {
  console.log(`   ${ok ? "ok " : "BAD"} ${text}`);
  if (!ok) failures += 1;
}

const episode = curl("Ben", "POST", "/episodes", { title: "Pilot" }).data.id;
curl("Vera", "PUT", `/episodes/${episode}/watch`);
const path = `/episodes/${episode}`;
const steps = [
  { what: "POST /episodes", by: "Ben", done: true, action: "created_episode", event: "episode_created", tells: ["Ada"] },
  { what: "PATCH title", by: "Ada", method: "PATCH", body: { title: "The Pilot" }, action: "updated_episode", event: "episode_updated",
    changes: { title: { old: "Pilot", new: "The Pilot" } }, tells: ["Ben", "Vera"] },
  { what: "PATCH status=published", by: "Ben", method: "PATCH", body: { status: "published" }, action: "published_episode",
    event: "episode_published", changes: { status: { old: "draft", new: "published" } }, tells: ["Ada", "Vera"] },
  { what: "PATCH status=archived", by: "Ben", method: "PATCH", body: { status: "archived" }, action: "archived_episode",
    event: "episode_archived", changes: { status: { old: "published", new: "archived" } }, tells: ["Ada", "Vera"] },
  { what: "DELETE", by: "Ben", method: "DELETE", action: "deleted_episode", event: "episode_deleted", tells: ["Ada", "Vera"] },
  { what: "POST restore", by: "Ada", method: "POST", suffix: "/restore", action: "restored_episode", event: "episode_restored", tells: [] },
];
for (const step of steps) {
  console.log(`${step.by}: curl ${step.what}`);
  if (!step.done) curl(step.by, step.method, path + (step.suffix ?? ""), step.body);
  const live = await hear(step.event, (h) => h.name === "Vera" && h.channel === "broadcast" && h.message.event === step.event);
  check(live.pos > 0 && live.id && live.actor.name === step.by, `live   ${live.event} pos=${live.pos} id=${live.id} by ${live.actor.name}`);
  for (const name of step.tells) {
    const told = await hear(`${name} is told`, (h) => h.name === name && h.message.event === "notification" && h.message.pos === live.pos);
    check(true, `inbox  ${name}: ${told.data.notification.message} (${told.data.unread_count} unread)`);
  }
  const silent = Object.keys(users).filter((n) => !step.tells.includes(n));
  const wrong = silent.filter((n) => curl(n, "GET", "/notifications").data.some((entry) => entry.pos === live.pos));
  check(wrong.length === 0, `inbox  nothing for ${silent.join(" and ")}`);
  const entry = curl("Vera", "GET", `/activity/resource/episode/${episode}?limit=1`).data[0];
  const changes = JSON.stringify(entry.metadata.changes ?? {});
  check(entry.action === step.action && entry.pos === live.pos && (!step.changes || changes === JSON.stringify(step.changes)),
    `log    ${entry.user_name} ${entry.action} pos=${entry.pos} ${changes}`);
}

console.log("Two look at the episode, and one leaves");
const room = clients.Ada.newSubscription(`episode:${episode}`);
room.on("publication", ({ channel, data: message }) => heard.push({ name: "Ada", channel, message }));
room.subscribe();
await room.ready(5000);
for (const name of ["Ben", "Vera"]) {
  const viewers = curl(name, "GET", path).viewers.map((v) => v.name);
  const joined = await hear(`${name} joins`, (h) => h.message.event === "viewer_joined" && h.message.data.name === name);
  check(viewers.includes(name), `live   ${joined.event} ${joined.data.name}; GET says: ${viewers.join(", ")}`);
}
curl("Vera", "DELETE", `/presence/viewers?resource_type=episode&resource_id=${episode}`);
const left = await hear("Vera leaves", (h) => h.message.event === "viewer_left");
check(left.data.name === "Vera", `live   ${left.event} ${left.data.name}`);

console.log("GET /events tells the same story");
const events = curl("Ada", "GET", "/events?limit=200");
check(events.data.every((e, i) => e.pos === i + 1), `positions 1 to ${events.pos}, without a gap`);
const story = events.data.filter((e) => e.resource.id === episode).map((e) => e.event);
check(story.join() === steps.map((s) => s.event).join(), story.join(" → "));

for (const client of Object.values(clients)) client.disconnect();
console.log(failures === 0 ? "\nAll as it should be." : `\n${failures} things are not as they should be.`);
process.exit(failures === 0 ? 0 : 1);
