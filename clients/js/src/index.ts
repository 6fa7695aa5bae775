export { Callboard, createClient, type CallboardClient, type ClientOptions } from './client.js';
export { RestClient, type RestOptions } from './rest_client.js';
export type { OnError } from './call.js';
export type { ResourceId, UserId } from './check.js';
export { CallboardError, type FieldError } from './error.js';
export { ActivityService, NotificationService, PresenceService, SocketService, configure } from './default_client.js';
export type { Activity, ActivityInput } from './activity.js';
export type { InboxEntry, NotificationInput, Recipient, Why } from './notification.js';
export type { RemoveViewerOptions, ResourceViewers, Viewer, ViewerInput, ViewersOptions } from './presence.js';
export type { Listener } from './socket.js';
export type { SocketCalls, SocketMessage } from './socket_calls.js';
export type { JobCalls, JobFilter, JobKindInfo, JobLine, JobStats, QueueOptions } from './job_calls.js';
export type { Jobs, WatchOptions } from './jobs.js';
export type { FinishedJob, Job, JobStatus } from './job.js';
export type {
  ActivityFilter, DeleteArgs, DeleteResult, EpisodeFilter, ExportArgs, ExportResult, ImportArgs, ImportResult,
  JobArgs, JobKind, JobKinds, JobResult, ThumbnailArgs, ThumbnailResult,
} from './kinds.js';
export type { DownloadOptions, FileContent, Files, StoredFile, Upload, UploadOptions } from './files.js';
export type { ImportMapping, ImportPlan, ImportRequest, Imports, SavedMapping } from './imports.js';
export type { Auth, Me, User } from './auth.js';
export type { List, PageOptions } from './list.js';
export type { Api, ApiAnswer, ApiCall, ApiInit, CallOptions, Schemas } from './api.js';
export type { Token } from './transport.js';
export type { ConnectOptions, Live, SubscribeOptions, WebSocketConstructor } from './live.js';
export type { Handler } from './emitter.js';
export { channels, type Disconnected, type LiveEvents, type Message, type NotificationPush, type Source } from './message.js';
export type { EventPayloads } from './schema.gen.js';

/**
 * The data of each event of an application, by its name. It is empty until the application adds its own, as the file does that
 * "callboard events types" writes.
 */
export interface ApplicationEvents {}
