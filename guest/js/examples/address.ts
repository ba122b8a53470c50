// What the examples' command lines share.

/** An address and a port, such as `127.0.0.1:41234` or `[::1]:41234`. */
export function parse(text: string): { type: 'udp4' | 'udp6'; address: string; port: number } {
  const [, six, four, port] = /^(?:\[([0-9a-f:.%\w]+)\]|([0-9.]+)):(\d+)$/i.exec(text) ?? [];
  if (port === undefined || Number(port) > 65535) throw new Error(`not an address and port: ${text}`);
  return { type: six ? 'udp6' : 'udp4', address: six ?? four, port: Number(port) };
}

/** The same back. */
export const text = ({ address, port }: { address: string; port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
