// What differs between the two engines at the border of the component.

/** QuickJS, by what its toolchain leaves behind; otherwise StarlingMonkey. */
const isQuickJS = globalThis.__cqjs !== undefined;

/** A `u64` of nanoseconds: a number in QuickJS, a BigInt in StarlingMonkey. Rounded up, so that no timer is early. */
export function nanoseconds(milliseconds) {
  const whole = Math.ceil(milliseconds * 1e6);
  return isQuickJS ? whole : BigInt(whole);
}

/** Drops a resource now, where the engine has a way; QuickJS drops what nothing refers to. */
export function drop(resource) {
  resource[Symbol.dispose]?.();
}
