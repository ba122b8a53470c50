//! Ids: from a number to the socket or lookup to wait for. Never 0, never used again, and good for nothing else.

use crate::bindings::datagrant::dgram::types::ErrorCode;
use crate::names::Resolving;
use crate::state::State;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What an id names, shared by its resource and by what waits for its id.
#[derive(Clone)]
pub(crate) enum Waited {
    Socket(Rc<RefCell<State>>),
    Lookup(Rc<RefCell<Resolving>>),
}

thread_local! {
    static WAITED: RefCell<BTreeMap<u32, Waited>> = const { RefCell::new(BTreeMap::new()) };
    static LAST: Cell<u32> = const { Cell::new(0) };
}

pub(crate) fn insert(waited: Waited) -> Result<u32, ErrorCode> {
    let id = LAST.get().checked_add(1).ok_or(ErrorCode::QuotaExceeded)?;
    LAST.set(id);
    WAITED.with_borrow_mut(|all| all.insert(id, waited));
    Ok(id)
}

pub(crate) fn find(id: u32) -> Option<Waited> {
    WAITED.with_borrow(|all| all.get(&id).cloned())
}

pub(crate) fn remove(id: u32) {
    WAITED.with_borrow_mut(|all| all.remove(&id));
}
