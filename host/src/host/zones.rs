//! `zones`.

use super::Failure;
use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::zones;

impl zones::Host for DgramCtxView<'_> {
    fn index(&mut self, name: String) -> Result<u32, Failure> {
        Ok(self.ctx.authority().zone_index(&name)?)
    }

    fn name(&mut self, index: u32) -> Result<String, Failure> {
        Ok(self.ctx.authority().zone_name(index)?)
    }
}
