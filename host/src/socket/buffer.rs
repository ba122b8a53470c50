//! Memory for datagrams, used again and again: fresh memory of that size costs more than what is received into it.

use crate::sys::{MAX_BATCH, MAX_DATAGRAM_BYTES};
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

/// Room for a full batch of the largest datagrams, 4 MiB. Only what was used once is resident.
const BYTES: usize = MAX_BATCH * MAX_DATAGRAM_BYTES;

/// How many a thread keeps: one that is filled, and one whose burst is on its way to the guest.
const KEPT: usize = 2;

thread_local! {
    static FREE: RefCell<Vec<Box<[u8]>>> = const { RefCell::new(Vec::new()) };
}

/// A buffer of the thread's. It goes back when it is dropped.
#[derive(Debug)]
pub(crate) struct Buffer(Box<[u8]>);

impl Buffer {
    pub(crate) fn new() -> Buffer {
        let free = FREE.with_borrow_mut(Vec::pop);
        Buffer(free.unwrap_or_else(|| vec![0; BYTES].into_boxed_slice()))
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.0);
        // Not where the thread is about to end.
        let _ = FREE.try_with(|free| {
            let mut free = free.borrow_mut();
            if free.len() < KEPT {
                free.push(memory);
            }
        });
    }
}
