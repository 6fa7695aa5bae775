import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network cable between a client and a server. */
export class Cable {
  readonly #sockets = new Set<Socket>();
  #whole = true;

  private constructor(readonly url: string, readonly close: () => void) {}

  static async to(url: string): Promise<Cable> {
    const { hostname, port } = new URL(url);
    const server = createServer((near) => cable.#join(near, connect(Number(port), hostname)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port: own } = server.address() as AddressInfo;
    const cable: Cable = new Cable(`http://127.0.0.1:${own}`, () => {
      cable.cut();
      server.close();
    });
    return cable;
  }

  cut(): void {
    this.#whole = false;
    this.#sockets.forEach((socket) => socket.destroy());
  }

  mend(): void {
    this.#whole = true;
  }

  #join(near: Socket, far: Socket): void {
    for (const [from, to] of [[near, far], [far, near]] as const) {
      this.#sockets.add(from);
      from.on('close', () => to.destroy()).on('error', () => to.destroy()).pipe(to);
    }
    if (!this.#whole) {
      this.cut();
    }
  }
}
