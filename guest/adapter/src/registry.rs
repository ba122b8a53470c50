//! Ids: from a number to the socket to wait for. Never 0, never used again, and good for nothing else.

use crate::bindings::datagrant::dgram::types::ErrorCode;
use crate::state::State;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A socket, shared by its resource and by what waits for its id.
pub(crate) type Shared = Rc<RefCell<State>>;

thread_local! {
    static SOCKETS: RefCell<BTreeMap<u32, Shared>> = const { RefCell::new(BTreeMap::new()) };
    static LAST: Cell<u32> = const { Cell::new(0) };
}

pub(crate) fn insert(state: State) -> Result<(u32, Shared), ErrorCode> {
    let id = LAST.get().checked_add(1).ok_or(ErrorCode::QuotaExceeded)?;
    LAST.set(id);
    let shared = Rc::new(RefCell::new(state));
    SOCKETS.with_borrow_mut(|sockets| sockets.insert(id, Rc::clone(&shared)));
    Ok((id, shared))
}

pub(crate) fn find(id: u32) -> Option<Shared> {
    SOCKETS.with_borrow(|sockets| sockets.get(&id).map(Rc::clone))
}

pub(crate) fn remove(id: u32) {
    SOCKETS.with_borrow_mut(|sockets| sockets.remove(&id));
}
