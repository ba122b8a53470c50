// The web's events and abort signals: QuickJS has none, and those of StarlingMonkey time out by a loop of its own.

import { setTimeout } from './timers.js';

export class Event {
  #isPrevented = false;
  target = null;
  constructor(type, { cancelable = false } = {}) {
    this.type = String(type);
    this.cancelable = cancelable;
  }
  preventDefault() {
    this.#isPrevented = this.cancelable;
  }
  get defaultPrevented() {
    return this.#isPrevented;
  }
  stopImmediatePropagation() {
    this.isStopped = true;
  }
}

export class EventTarget {
  #listeners = [];

  addEventListener(type, listener, options) {
    if (!listener || this.#listeners.some((other) => other.type === type && other.listener === listener)) return;
    const { once = false, signal } = typeof options === 'object' && options ? options : {};
    if (signal?.aborted) return;
    this.#listeners.push({ type, listener, once });
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener), { once: true });
  }

  removeEventListener(type, listener) {
    this.#listeners = this.#listeners.filter((other) => other.type !== type || other.listener !== listener);
  }

  dispatchEvent(event) {
    event.target = event.currentTarget = this;
    for (const entry of this.#listeners) {
      if (entry.type !== event.type || !this.#listeners.includes(entry)) continue;
      if (entry.once) this.removeEventListener(entry.type, entry.listener);
      if (typeof entry.listener === 'function') entry.listener.call(this, event);
      else entry.listener.handleEvent(event);
      if (event.isStopped) break;
    }
    return !event.defaultPrevented;
  }
}

const key = Symbol('made by an AbortController');

const named = (name, message, code) => Object.assign(new Error(message), { name, code });

export class AbortSignal extends EventTarget {
  aborted = false;
  reason = undefined;
  onabort = null;

  constructor(made) {
    super();
    if (made !== key) throw new TypeError('Illegal constructor');
  }

  throwIfAborted() {
    if (this.aborted) throw this.reason;
  }

  static abort(reason) {
    const controller = new AbortController();
    controller.abort(reason);
    return controller.signal;
  }

  static timeout(milliseconds) {
    const controller = new AbortController();
    const expire = () => controller.abort(named('TimeoutError', 'The operation was aborted due to timeout', 23));
    setTimeout(expire, milliseconds).unref();
    return controller.signal;
  }

  static any(signals) {
    const controller = new AbortController();
    for (const signal of signals) {
      if (signal.aborted) {
        controller.abort(signal.reason);
        break;
      }
      signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
    }
    return controller.signal;
  }
}

export class AbortController {
  signal = new AbortSignal(key);

  abort(reason = named('AbortError', 'This operation was aborted', 20)) {
    const { signal } = this;
    if (signal.aborted) return;
    Object.assign(signal, { aborted: true, reason });
    const event = new Event('abort');
    signal.onabort?.(event);
    signal.dispatchEvent(event);
  }
}
