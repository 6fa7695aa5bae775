package app

// DoctorCheck is something that doctor may find wrong.
type DoctorCheck struct {
	Name     string
	Part     string
	Severity Severity
	What     string // is wrong
	Why      string // it matters
	Fix      string
}

// The names of the checks.
const (
	checkSlow        = "check-slow"
	checkSettings    = "settings-invalid"
	checkOrigins     = "origins-plain"
	checkPublic      = "public-plain"
	checkTrustProxy  = "proxy-trusted"
	checkServiceOff  = "service-off"
	checkSignInPlain = "sign-in-plain"
	checkSignInOpen  = "sign-in-open"
	checkNoAdmin     = "sign-in-no-admin"
	checkWeakSecret  = "secret-weak"
	checkOpenSecret  = "secret-readable"
	checkDatabase    = "database-gone"
	checkNoTables    = "schema-missing"
	checkBehind      = "schema-behind"
	checkNewer       = "schema-newer"
	checkNoServer    = "server-none"
	checkDurability  = "durability-off"
	checkWrites      = "writes-refused"
	checkDiskLow     = "disk-low"
	checkDiskFull    = "disk-full"
	checkFilesGone   = "files-gone"
	checkFiles       = "files-unusable"
	checkLog         = "events-unreadable"
	checkStands      = "consumer-stopped"
	checkLate        = "consumer-late"
	checkLetters     = "dead-letters"
	checkPaused      = "jobs-paused"
	checkNodes       = "nodes-unreadable"
	checkVersions    = "nodes-versions"
	checkSecrets     = "nodes-secrets"
	checkLogKeys     = "nodes-log-keys"
	checkClock       = "clock-off"
	checkClockFar    = "clock-far-off"
	checkNoBackup    = "backup-none"
	checkOldBackup   = "backup-old"
	checkRedis       = "redis-gone"
	checkRedisWrites = "redis-refuses"
	checkRedisEvicts = "redis-evicts"
	checkIssuer      = "issuer-gone"
	checkURL         = "url-gone"
	checkOther       = "url-other"
	checkPlain       = "url-plain"
	checkTLS         = "tls-invalid"
	checkTLSSoon     = "tls-expires"
	checkTLSNow      = "tls-expires-soon"
	checkRedirect    = "redirect-missing"
	checkHeaders     = "headers-missing"
	checkForwarded   = "https-unknown"
	checkSocket      = "socket-blocked"
	checkBuffered    = "stream-buffered"
	checkCanary      = "canary-lost"
	checkUnheard     = "canary-unheard"
)

// DoctorChecks returns all that doctor may find wrong, in the order of its parts.
//
//nolint:funlen // a table
func DoctorChecks() []DoctorCheck {
	const (
		warn, critical = SeverityWarning, SeverityCritical
		clockFix       = "have all machines follow one clock (chrony, systemd-timesyncd)"
		clockWhy       = "JWTs expire early or late, and times in the log contradict each other"
		tlsFix         = "renew the certificate for all names of the address, with its chain, and see why that did not happen by itself"
		pastDatabase   = "with this database no server starts"
	)
	return []DoctorCheck{
		{checkSlow, "any", critical, "A part does not answer within three seconds", "people wait for it as well, and what it would tell is not known", "see what the part stands on: the network, a lock, a disk that hangs"},
		{checkSettings, "settings", critical, "A setting cannot be used", "a server does not start with it", "correct what is named; callboard serve --help lists the settings"},
		{checkOrigins, "settings", warn, "`SOCKET_CORS_ORIGIN` has an origin by plain http", "whoever is in the same network can change its pages, and act with the sessions of its users", "serve that origin by https, and name it so"},
		{checkPublic, "settings", warn, "It listens on a public address, without a proxy that is trusted", "passwords and sessions go over the network as plain text", "listen on 127.0.0.1 behind a proxy with TLS, and set TRUST_PROXY"},
		{checkTrustProxy, "settings", warn, "`TRUST_PROXY` is on, it listens on a public address, and no `--url` with https was given", "who reaches the port past the proxy chooses the address that limits and log know", "let only the proxy reach the port; give doctor the address with --url to look at the proxy"},
		{checkSignInPlain, "settings", warn, "`PUBLIC_URL` or `OIDC_ISSUER` is plain http, and people sign in at a provider by it", "who is in the network can take over what the provider says, and sessions", "give the proxy and the provider certificates, and name them by https"},
		{checkSignInOpen, "settings", warn, "`OIDC_CREATE_USERS` makes an account for everybody of a provider at which anybody can have one", "strangers read the board", "name the domains of your people in OIDC_EMAIL_DOMAINS, or give roles by a claim (OIDC_ROLE_CLAIM, OIDC_ROLES) without *"},
		{checkNoAdmin, "settings", warn, "No value in `OIDC_ROLES` gives the admin role", "admins who sign in there lose it, and the last one is not let in", "name a value of the claim that gives it: board-admins=admin"},
		{checkServiceOff, "services", warn, "A service is switched off", "its calls answer 503, and nothing of it is kept beyond EVENT_RETENTION", "switch it on with the setting that is named, unless it is meant so"},
		{checkWeakSecret, "secrets", critical, "`JWT_SECRET` can be guessed", "whoever guesses it signs in as anybody", "set it to 32 random bytes (openssl rand -base64 32), or leave it out for a generated one"},
		{checkOpenSecret, "secrets", critical, "A file with secrets can be read by other users of the machine", "who reads it can sign in as anybody, or sign the log", "chmod 600 the file; then replace the secret if others have been on the machine"},
		{checkDatabase, "database", critical, "The database cannot be reached", pastDatabase, "start it, and see that DATABASE_URL or DATA_DIR name the right one"},
		{checkNoTables, "database", critical, "It has no tables of Callboard", pastDatabase, "set DATA_DIR, DATABASE_URL or TABLE_PREFIX to the right one, or run: callboard migrate up"},
		{checkBehind, "database", critical, "Migrations are pending", "this version cannot work on these tables", "back up, and run: callboard migrate up; a server does so by itself when it starts"},
		{checkNewer, "database", critical, "A newer version has migrated it", "this version does not know what it may do to these tables", "use the newer version; docs/operations.md says how to go back"},
		{checkNoServer, "server", warn, "No server runs on the database", "nothing is served, and what follows from events waits", "start one: callboard serve"},
		{checkDurability, "durability", critical, "What is committed does not survive a loss of power", "what people were told is saved can be gone", "switch the named setting of the database on"},
		{checkWrites, "writes", critical, "A test write fails", "whatever people change is refused", "make room on the disk, let this user write to the database, name the primary where this is a standby, and end what holds a lock on it"},
		{checkDiskLow, "disk", warn, "Less than 1 GB is free (`--min-free-mb`)", "it fills up sooner than somebody looks", "delete what is not needed, or move DATA_DIR to a larger disk"},
		{checkDiskFull, "disk", critical, "Less than 64 MB are free", "below 8 MB uploads fail, and on SQLite all changes", "make room now: delete what is not needed, or move DATA_DIR to a larger disk"},
		{checkFilesGone, "files", critical, "The folder of the files is gone", "they cannot be downloaded", "restore the folder, or set DATA_DIR or STORAGE_URL to where it is"},
		{checkFiles, "files", critical, "The folder or bucket of the files cannot be used", "uploads and downloads are refused", "let this user write to the folder, or check STORAGE_URL and the keys of the bucket"},
		{checkLog, "events", critical, "The log of events cannot be read", "nothing is known of what is owed", "see what is wrong with the database"},
		{checkStands, "consumers", critical, "A consumer of the log stands still", "what follows from these events is late, and not lost", "remove the cause that is named; it goes on by itself"},
		{checkLate, "consumers", warn, "A consumer lags by more than 10 seconds, or events have no position", "what follows from these events is late, and not lost", "start the server if none runs; else see its log for what holds the consumer up"},
		{checkLetters, "consumers", warn, "There are dead letters", "what follows from these events is late, and not lost", "remove the cause that is named; they are taken by themselves"},
		{checkPaused, "jobs", warn, "Kinds of jobs are paused", "what is queued of them waits, and is not begun", "as an admin, open the page that is named in a browser, and resume each of them"},
		{checkNodes, "nodes", critical, "What the nodes say of themselves cannot be read", "whether they go together is not known", "see what is wrong with the database"},
		{checkVersions, "nodes", warn, "Servers of several versions run on the database, or another one than this command", "what follows from a change is as in the version that takes it", "bring all to one version; amid an upgrade, go on"},
		{checkSecrets, "nodes", critical, "Nodes have different secrets", "what one of them has signed, the others refuse: every second request fails", "set JWT_SECRET on all nodes to the same; the log of each says more"},
		{checkLogKeys, "nodes", warn, "Nodes sign the log with different keys", "callboard verify trusts only those in the DATA_DIR that it is given", "set LOG_SIGNING_KEY on all nodes to the same; see docs/verify.md"},
		{checkClock, "clock", warn, "A clock is off by more than 5 seconds", clockWhy, clockFix},
		{checkClockFar, "clock", critical, "A clock is off by more than 30 seconds", "sign-ins by JWT are refused", clockFix},
		{checkNoBackup, "backup", warn, "No backup is noted, and the installation is older than one may be", "when the disk fails, everything is gone", "run callboard backup each day; after a backup by another tool, such as pg_dump, run: callboard backup --note"},
		{checkOldBackup, "backup", warn, "The last backup is older than 48 hours (`--max-backup-age`)", "when the disk fails, what came since is gone", "see why it did not run; after a backup by another tool, such as pg_dump, run: callboard backup --note"},
		{checkRedis, "redis", critical, "Redis does not answer", "sockets hear of changes once it does", "start it, and see that REDIS_URL names the right one"},
		{checkRedisWrites, "redis", critical, "Redis takes no writes", "sockets hear of changes once it does", "name the primary in REDIS_URL, and make room in its memory and on its disk"},
		{checkRedisEvicts, "redis", warn, "Redis evicts keys when its memory is full", "histories of channels go before their time, and clients have to read anew", "set maxmemory-policy noeviction, and a maxmemory that is large enough"},
		{checkIssuer, "issuer", critical, "The issuer of `OIDC_ISSUER` does not say what it is", "nobody signs in there, and its tokens are refused", "see that OIDC_ISSUER is exactly as the issuer names itself, and that this machine reaches its /.well-known/openid-configuration"},
		{checkURL, "url", critical, "The address of `--url` does not answer", "nobody reaches the board", "start server and proxy; see that the name leads to the proxy, and the proxy to the server"},
		{checkOther, "url", critical, "The address is that of something else, or of another installation", "people work on other data than these", "correct the address, where the proxy leads to, or DATABASE_URL"},
		{checkPlain, "url", warn, "The address is plain http", "passwords and sessions go over the network as plain text", "give the proxy a certificate, and people an address with https"},
		{checkTLS, "tls", critical, "The certificate is not valid", "browsers do not let people through", tlsFix},
		{checkTLSSoon, "tls", warn, "The certificate ends within 21 days, or a quarter of its time where it was made for less than 90", "from then on browsers do not let people through", tlsFix},
		{checkTLSNow, "tls", critical, "The certificate ends within 7 days, or a twelfth of its time where it was made for less than 90", "from then on browsers do not let people through", tlsFix},
		{checkRedirect, "url", warn, "Plain http of the same host is not led to https", "who types the name alone is served without encryption, or not at all", "have the proxy answer http with a redirect to https"},
		{checkHeaders, "url", warn, "Security headers do not arrive", "browsers are not told what a page may not do", "have the proxy pass on the headers of the answers as they are"},
		{checkForwarded, "url", warn, "The server does not know that it is reached by https", "cookies are sent without encryption, too, and all clients look like one", "have the proxy set X-Forwarded-Proto and X-Forwarded-For, and set TRUST_PROXY"},
		{checkSocket, "sockets", critical, "No WebSocket can be opened through the address", "boards hear of nothing by themselves", "have the proxy pass on Upgrade and Connection for /connection/ by HTTP/1.1; see docs/operations.md"},
		{checkBuffered, "sockets", warn, "Streams are held back on their way", "clients without WebSockets hear of changes late, or never", "switch buffering off for /connection/ in the proxy (nginx: proxy_buffering off)"},
		{checkCanary, "canary", critical, "A canary does not come through a stage of the way of events", "what people change is saved, and others do not see it", "see the finding of the consumer that is named, and the log of the server"},
		{checkUnheard, "canary", warn, "The last stage, the socket, could not be tested", "whether changes reach open boards is not known", "run doctor with the settings of the server (JWT_SECRET, or its DATA_DIR), and name its address with --url"},
	}
}
