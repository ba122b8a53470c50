// What differs between the two engines at the border of the component.

/** QuickJS, by what its toolchain leaves behind; otherwise StarlingMonkey. */
export const isQuickJS = globalThis.__cqjs !== undefined;

/** A `u64`: a number in QuickJS, a BigInt in StarlingMonkey. */
export const u64 = (whole) => (isQuickJS ? whole : BigInt(whole));

/** Rounded up, so that no timer is early. */
export const nanoseconds = (milliseconds) => u64(Math.ceil(milliseconds * 1e6));

/** Drops a resource now, where the engine has a way; QuickJS drops what nothing refers to. */
export function drop(resource) {
  resource[Symbol.dispose]?.();
}
