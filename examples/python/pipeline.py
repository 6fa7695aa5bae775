#!/usr/bin/python3
"""What a coordinator's delivery pipeline does with Callboard, in Python.

It needs requests and websockets 10 or newer: apt-get install python3-requests python3-websockets

    export CALLBOARD_URL=http://127.0.0.1:8080 CALLBOARD_TOKEN=...   # callboard token create

    python3 pipeline.py deliver S01E03-v2 --by 42 --notify role:editor   # needs a service token
    python3 pipeline.py inbox                                            # of the user whose token it is
    python3 pipeline.py follow --after 39                                # each event as a line of JSON

The class Callboard is all that there is to it, to be copied and extended.
"""

import argparse
import asyncio
import collections
import itertools
import json
import os
import sys
import urllib.parse
import uuid

import requests
import requests.adapters
import urllib3
import websockets

TIMEOUT = 10  # seconds, for one request
PAUSES = (0.1, 0.5, 1, 2, 5)  # seconds between attempts to connect; then always the last
REMEMBERED = 10_000  # messages whose repeats are known


class Refused(Exception):
    """Callboard's answer that something is wrong with a request. Sending it again does not help."""

    def __init__(self, status, detail):
        super().__init__(f"{status}: {detail}")
        self.status = status


class Callboard:
    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/"), token
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {token}"
        # While Callboard is away a request is sent again. The Idempotency-Key makes that harmless for a POST.
        again = urllib3.Retry(
            total=6, backoff_factor=0.2, status_forcelist=(502, 503, 504), allowed_methods=("GET", "POST"), raise_on_status=False
        )
        self.http.mount(self.url, requests.adapters.HTTPAdapter(max_retries=again))

    def call(self, method, path, body=None, **query):
        """Makes a request below /api/v1 and returns its answer."""
        headers = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}
        answer = self.http.request(method, f"{self.url}/api/v1/{path}", json=body, params=query, headers=headers, timeout=TIMEOUT)
        if not answer.ok:
            raise Refused(answer.status_code, answer.json().get("detail", answer.reason))
        return answer.json()

    # What a pipeline writes.

    def log_activity(self, user_id, action, resource_type, resource_id, **metadata):
        entry = {"user_id": user_id, "action": action, "resource_type": resource_type, "resource_id": resource_id, "metadata": metadata}
        return self.call("POST", "activity", entry)["data"]["id"]

    def notify(self, recipients, kind, message, **data):
        """Notifies users: IDs, role:<role>, watchers:<type>:<id> or all."""
        return self.call("POST", "notifications", {"user_id": recipients, "type": kind, "message": message, "data": data})["data"]["id"]

    # What a user reads.

    def inbox(self):
        """Yields the notifications of the user whose token it is, the newest first."""
        query = {}
        while True:
            page = self.call("GET", "notifications", wait="true", **query)
            yield from page["data"]
            query["cursor"] = page["pagination"].get("next_cursor")
            if not query["cursor"]:
                return

    def last_position(self):
        return self.call("GET", "events", latest="true")["pos"]

    def events(self, after):
        """Yields a list of events and the position it reaches to, until there are no more."""
        while True:
            page = self.call("GET", "events", after=after)
            yield page["data"], page["pos"]
            after = page["pos"]
            if after >= page["last_pos"]:
                return

    async def follow(self, after):
        """Yields what comes after a position, as messages of the sockets, each once. It never ends: a connection that is lost is
        made anew, and the events that came meanwhile are read by position. Notifications of that time are in the inbox."""
        seen = collections.OrderedDict()

        def new(message):
            key = (message["event"], message["id"])
            if key in seen:
                return False
            seen[key] = True
            if len(seen) > REMEMBERED:
                seen.popitem(last=False)
            return True

        pauses = itertools.chain(PAUSES, itertools.repeat(PAUSES[-1]))
        while True:
            try:
                # The socket first: what happens while the events are read waits in it.
                async with websockets.connect(await self.socket_address(), ping_interval=None, max_size=None) as socket:
                    replies = self.replies(socket)
                    await self.sign_in(socket, replies)
                    pages = self.events(after)
                    while page := await asyncio.to_thread(next, pages, None):
                        for message in filter(new, page[0]):
                            yield message
                        after = page[1]
                    pauses = itertools.chain(PAUSES, itertools.repeat(PAUSES[-1]))
                    async for message in self.messages(replies):
                        if new(message):
                            yield message
                        if message["event"] != "notification":  # it may come before the event that it follows from
                            after = max(after, message.get("pos", 0))
            except websockets.ConnectionClosed as lost:
                code = lost.rcvd.code if lost.rcvd else 1006
                if 3500 <= code < 4000 or 4500 <= code < 5000:  # the protocol's codes for: do not come back
                    raise Refused(code, lost.rcvd.reason) from lost
                print(f"the connection was lost ({code})", file=sys.stderr)
            except (OSError, websockets.WebSocketException) as failed:  # also those of requests
                print(f"no connection: {failed}", file=sys.stderr)
            await asyncio.sleep(next(pauses))

    async def socket_address(self):
        """Where the sockets are: at the address of the API, unless Callboard says otherwise."""
        told = (await asyncio.to_thread(self.call, "GET", "socket/address"))["data"]
        base = urllib.parse.urlsplit(told["url"] or self.url)
        if told["port"]:
            base = base._replace(netloc=f"{base.hostname}:{told['port']}")
        scheme = {"http": "ws", "https": "wss"}.get(base.scheme, base.scheme)
        return base._replace(scheme=scheme, path=f"{base.path.rstrip('/')}/connection/websocket").geturl()

    async def sign_in(self, socket, replies):
        """Sends the first command of the protocol. The channels of all and of the user come by themselves."""
        await socket.send(json.dumps({"id": 1, "connect": {"token": self.token, "name": "pipeline"}}))
        async for reply in replies:
            if reply.get("id") == 1:
                if "error" in reply:
                    raise Refused(reply["error"]["code"], reply["error"]["message"])
                return

    async def messages(self, replies):
        async for reply in replies:
            push = reply.get("push", {})
            if "pub" in push:
                yield push["pub"]["data"]

    async def replies(self, socket):
        """Yields what the server sends: a frame has one or several, each on a line. An empty one is a ping, and wants one back."""
        async for frame in socket:
            for line in filter(None, frame.split("\n")):
                reply = json.loads(line)
                if reply:
                    yield reply
                else:
                    await socket.send("{}")


def deliver(board, args):
    board.log_activity(args.by, "delivered_cut", "cut", args.cut, files=len(args.files), names=args.files)
    board.notify(args.notify, "cut_delivered", f"{args.cut} was delivered", cut=args.cut)


def inbox(board, args):
    for entry in board.inbox():
        print(entry["created_at"], "read  " if entry.get("read_at") else "unread", entry["type"], entry["message"], sep="\t")


def follow(board, args):
    async def run():
        after = board.last_position() if args.after is None else args.after
        async for message in board.follow(after):
            print(json.dumps(message), flush=True)

    asyncio.run(run())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("deliver", help="log a delivery, and notify of it")
    command.add_argument("cut")
    command.add_argument("files", nargs="*")
    command.add_argument("--by", required=True, help="ID of the user who delivers")
    command.add_argument("--notify", required=True, action="append", help="a user's ID, role:<role>, watchers:<type>:<id> or all")
    command.set_defaults(run=deliver)
    commands.add_parser("inbox", help="print one's notifications").set_defaults(run=inbox)
    command = commands.add_parser("follow", help="print what happens, a line of JSON each")
    command.add_argument("--after", type=int, help="the position to begin after; default: now")
    command.set_defaults(run=follow)
    args = parser.parse_args()
    board = Callboard(os.environ.get("CALLBOARD_URL", "http://127.0.0.1:8080"), os.environ["CALLBOARD_TOKEN"])
    try:
        args.run(board, args)
    except Refused as refused:
        sys.exit(f"Callboard refuses: {refused}")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
