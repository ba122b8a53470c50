//! Grants that are replaced while the guest runs (rule 16): what begins afterwards is judged by the new ones, and what no
//! longer fits is gone when `replace` returns, its port free.

mod binds;
mod handed_in;
mod hears;
mod joined;
mod names;
mod narrowed;
mod peers;
mod woken;
