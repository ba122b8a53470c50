//! System calls without a safe form in what we build against.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

/// Moves the calling thread into a new network namespace.
pub(super) fn leave() -> io::Result<()> {
    // SAFETY: no memory is passed. CLONE_NEWNET alone changes which network this thread sees, and nothing that it shares
    // with others.
    checked(unsafe { libc::unshare(libc::CLONE_NEWNET) })
}

/// Moves the calling thread into this network namespace.
pub(super) fn enter(namespace: &File) -> io::Result<()> {
    // SAFETY: no memory is passed, and the descriptor is open for as long as `namespace` is borrowed. What is no network
    // namespace is refused.
    checked(unsafe { libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWNET) })
}

/// Gives the calling thread mounts of its own, those that there are to begin with.
pub(crate) fn own_mounts() -> io::Result<()> {
    // SAFETY: no memory is passed. CLONE_NEWNS alone changes which mounts this thread sees, and makes its root and working
    // directory its own.
    checked(unsafe { libc::unshare(libc::CLONE_NEWNS) })
}

fn checked(result: i32) -> io::Result<()> {
    match result {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
