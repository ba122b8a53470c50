//! `granted`.

use super::{Failure, Socket};
use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::granted;
use wasmtime::component::Resource;

impl granted::Host for DgramCtxView<'_> {
    fn names(&mut self) -> wasmtime::Result<Vec<String>> {
        Ok(self.ctx.granted_names().map(str::to_owned).collect())
    }

    fn take(&mut self, name: String) -> Result<Resource<Socket>, Failure> {
        let socket = self.ctx.take(&name)?;
        Ok(self.table.push(socket)?)
    }
}
