// The four services, as an application uses them: with a service token, for its users. It needs CALLBOARD_BIN and the built
// package (npm run build), and starts a server of its own.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Callboard } from "callboard";

const bin = process.env.CALLBOARD_BIN;
if (!bin) throw new Error("set CALLBOARD_BIN to the callboard binary");
const data = mkdtempSync(join(tmpdir(), "callboard-services-"));
const callboard = (args, input = "") =>
  execFileSync(bin, [...args, "--data-dir", data, "--log-level", "error"], { encoding: "utf8", input, stdio: "pipe" }).trim();
callboard(["migrate", "up"]);
const addUser = (name, role) =>
  callboard(["user", "add", "--email", `${name}@example.org`, "--name", name, "--role", role, "--password-stdin"], "a password for the tour");
addUser("ada", "admin");
const userId = addUser("vera", "viewer");
const token = callboard(["token", "create", "--email", "ada@example.org", "--name", "services", "--service"]);

const server = spawn(bin, ["serve", "--data-dir", data, "--http-addr", "127.0.0.1:0", "--log-level", "error"], { stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => {
  server.kill("SIGTERM");
  rmSync(data, { recursive: true, force: true });
});
const [line] = await once(createInterface({ input: server.stdout }), "line");
const url = /http:\S+/.exec(line)[0];

const { ActivityService, NotificationService, PresenceService, SocketService } = new Callboard({ url, token });
const veras = new Callboard({ url, token: callboard(["token", "create", "--email", "vera@example.org", "--name", "services"]) });

const live = await veras.SocketService.initialize();
const heard = (name) => new Promise((resolve) => live.on(name, resolve));
const [approved, notified] = [heard("cut_approved"), heard("notification")];

const cut = { resourceType: "cut", resourceId: 7 };
const { id } = await ActivityService.logActivity({ userId, action: "approved_cut", ...cut });
await NotificationService.create({ userId: "role:viewer", type: "cut_approved", message: "The cut is approved", ...cut });
await PresenceService.trackViewer({ userId, ...cut });
SocketService.broadcastMessage({ event: "cut_approved", data: { cut: 7 } }); // not awaited: a failure goes to onError

console.log("heard    ", (await approved).event, (await approved).data);
console.log("notified ", (await notified).data.notification.message);
const viewers = await PresenceService.getViewers("cut", 7);
console.log("looks    ", viewers.map((viewer) => viewer.name));
const entries = await ActivityService.findByResource("cut", 7);
console.log("logged   ", entries.map((entry) => `${entry.userName} ${entry.action}`));
assert.deepEqual(viewers.map((viewer) => viewer.userId), [userId]);
assert.deepEqual(entries.map((entry) => entry.id), [id]);
await assert.rejects(ActivityService.logActivity({ userId: undefined, action: "approved_cut", ...cut }), /userId: must name a user/);
await PresenceService.removeViewer(userId, "cut", 7);
live.close();
console.log("\nAll as it should be.");
process.exit(0);
