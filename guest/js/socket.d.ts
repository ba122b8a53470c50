// Node's dgram, whole. Programs that import `node:dgram` use the types of @types/node.

import type { Buffer } from 'buffer/';

export type SocketType = 'udp4' | 'udp6';

export interface AddressInfo {
  address: string;
  family: 'IPv4' | 'IPv6';
  port: number;
}

/** Who sent a datagram, and its length in bytes. */
export interface RemoteInfo extends AddressInfo {
  size: number;
}

export type LookupFunction = (
  hostname: string,
  family: 4 | 6,
  callback: (error: Error | null, address: string, family: number) => void,
) => void;

/** As `BlockList` of `node:net`. */
export interface BlockList {
  check(address: string, family?: 'ipv4' | 'ipv6'): boolean;
}

export interface SocketOptions {
  type: SocketType;
  reuseAddr?: boolean;
  reusePort?: boolean;
  ipv6Only?: boolean;
  /** In bytes. */
  recvBufferSize?: number;
  /** In bytes. */
  sendBufferSize?: number;
  lookup?: LookupFunction;
  signal?: AbortSignal;
  receiveBlockList?: BlockList;
  sendBlockList?: BlockList;
}

export interface BindOptions {
  port?: number;
  address?: string;
  exclusive?: boolean;
  /** A socket that the host bound and hands in by this name (`datagrant run --socket NAME=ADDRESS`). */
  fd?: string;
}

export type Message = string | ArrayBufferView;
export type SendCallback = (error: Error | null, bytes: number) => void;

export interface Events {
  listening: () => void;
  message: (message: Buffer, rinfo: RemoteInfo) => void;
  connect: () => void;
  error: (error: Error) => void;
  close: () => void;
}

export class Socket {
  constructor(options: SocketType | SocketOptions, onMessage?: Events['message']);
  readonly type: SocketType;

  on<E extends keyof Events>(event: E, listener: Events[E]): this;
  once<E extends keyof Events>(event: E, listener: Events[E]): this;
  off<E extends keyof Events>(event: E, listener: Events[E]): this;
  addListener<E extends keyof Events>(event: E, listener: Events[E]): this;
  removeListener<E extends keyof Events>(event: E, listener: Events[E]): this;
  removeAllListeners(event?: keyof Events): this;
  emit<E extends keyof Events>(event: E, ...args: Parameters<Events[E]>): boolean;
  listenerCount(event: keyof Events): number;

  bind(callback?: () => void): this;
  bind(port: number | undefined, callback?: () => void): this;
  bind(port: number | undefined, address: string | undefined, callback?: () => void): this;
  bind(options: BindOptions, callback?: () => void): this;
  /** The address is numeric. Throws what fails. */
  bindSync(options?: Pick<BindOptions, 'port' | 'address'>): AddressInfo;

  connect(port: number, callback?: (error?: Error) => void): void;
  connect(port: number, address: string, callback?: (error?: Error) => void): void;
  /** The address is numeric. Throws what fails. */
  connectSync(port: number, address?: string): void;
  disconnect(): void;

  send(message: Message | readonly Message[], callback?: SendCallback): void;
  send(message: Message | readonly Message[], port: number, callback?: SendCallback): void;
  send(message: Message | readonly Message[], port: number, address?: string, callback?: SendCallback): void;
  send(message: Message, offset: number, length: number, callback?: SendCallback): void;
  send(message: Message, offset: number, length: number, port: number, callback?: SendCallback): void;
  send(message: Message, offset: number, length: number, port: number, address?: string, callback?: SendCallback): void;
  sendto(message: Message, offset: number, length: number, port: number, address: string, callback?: SendCallback): void;

  close(callback?: () => void): this;
  [Symbol.asyncDispose](): Promise<void>;

  address(): AddressInfo;
  remoteAddress(): AddressInfo;

  ref(): this;
  unref(): this;

  setBroadcast(on: boolean): void;
  /** 1 to 255 hops. */
  setTTL(hops: number): number;
  /** 0 to 255 hops. */
  setMulticastTTL(hops: number): number;
  setMulticastLoopback(on: boolean): boolean;
  /** An IPv4 address of the interface, or `::%zone`. */
  setMulticastInterface(address: string): void;
  addMembership(group: string, address?: string): void;
  dropMembership(group: string, address?: string): void;
  addSourceSpecificMembership(source: string, group: string, address?: string): void;
  dropSourceSpecificMembership(source: string, group: string, address?: string): void;

  /** In bytes, as the kernel tells it; Linux doubles what was set. */
  getRecvBufferSize(): number;
  setRecvBufferSize(bytes: number): void;
  getSendBufferSize(): number;
  setSendBufferSize(bytes: number): void;
  /** Bytes that wait for room in the kernel. */
  getSendQueueSize(): number;
  /** Datagrams that wait for room in the kernel. */
  getSendQueueCount(): number;
}

export function createSocket(options: SocketType | SocketOptions, onMessage?: Events['message']): Socket;
