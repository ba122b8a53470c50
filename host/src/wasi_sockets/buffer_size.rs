//! Sizes of kernel buffers.

/// What is set: "Any other value will never cause an error, but it might be silently clamped".
pub(super) fn asked(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// What is told: Linux doubles what was set, for its bookkeeping, and programs of this interface expect to read what they
/// have set, as over wasmtime-wasi.
pub(super) fn told(bytes: u32) -> u64 {
    u64::from(bytes / 2)
}
