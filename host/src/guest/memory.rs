//! What a guest has in memory.

use crate::limits::Limit;
use crate::socket::Quota;
use wasmtime::{ResourceLimiter, Result};

/// `guest-memory-bytes` for one store: all memories and tables of its instances together. Growing beyond fails as it does
/// where there is no memory; an instance that begins with more does not start.
///
/// ```
/// # use datagrant::{GuestMemory, Quota};
/// # use wasmtime::{Engine, Store};
/// struct Host { memory: GuestMemory }
///
/// let quota = Quota::default();
/// let mut store = Store::new(&Engine::default(), Host { memory: GuestMemory::new(&quota) });
/// store.limiter(|host| &mut host.memory);
/// ```
#[derive(Debug)]
pub struct GuestMemory {
    quota: Quota,
    most: u64,
    used: u64,
    /// What the last growth was about, should it fail after all.
    growing: u64,
}

impl GuestMemory {
    /// For one store.
    pub fn new(quota: &Quota) -> GuestMemory {
        GuestMemory {
            quota: quota.clone(),
            most: quota.limits().get(Limit::GuestMemoryBytes).unwrap_or(u64::MAX),
            used: 0,
            growing: 0,
        }
    }

    fn grow(&mut self, current: usize, desired: usize, bytes_each: u64) -> bool {
        let more = (desired.saturating_sub(current) as u64).saturating_mul(bytes_each);
        let fits = self.used.saturating_add(more) <= self.most;
        match fits {
            true => {
                self.used += more;
                self.growing = more;
            }
            false => {
                self.growing = 0;
                self.quota.count_exceeded(Limit::GuestMemoryBytes);
            }
        }
        fits
    }

    fn failed(&mut self) {
        self.used -= std::mem::take(&mut self.growing);
    }
}

impl ResourceLimiter for GuestMemory {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        Ok(self.grow(current, desired, 1))
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> Result<()> {
        self.failed();
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        // "A pointer's worth of space" each.
        Ok(self.grow(current, desired, size_of::<usize>() as u64))
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> Result<()> {
        self.failed();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn all_memories_and_tables_count_together_and_what_failed_does_not() {
        let mut limits = Limits::new();
        limits.set(Limit::GuestMemoryBytes, 10 << 16).unwrap();
        let quota = Quota::new(limits);
        let mut memory = GuestMemory::new(&quota);
        let page = 1 << 16;
        assert!(memory.memory_growing(0, 4 * page, None).unwrap());
        assert!(memory.memory_growing(0, 5 * page, None).unwrap());
        assert!(!memory.memory_growing(4 * page, 6 * page, None).unwrap());
        assert!(memory.table_growing(0, page / 8, None).unwrap());
        assert!(!memory.table_growing(page / 8, page / 8 + 1, None).unwrap());
        assert_eq!(quota.exceeded(Limit::GuestMemoryBytes), 2);
        memory.table_grow_failed(wasmtime::Error::msg("no memory")).unwrap();
        assert!(
            !memory.memory_growing(4 * page, 6 * page, None).unwrap(),
            "one failure gave back twice"
        );
        assert!(
            GuestMemory::new(&quota).memory_growing(0, 10 * page, None).unwrap(),
            "each store has its own"
        );
    }
}
