//! What it costs to leave a component and come back.

use super::tell;
use crate::host::{Crossing, Provider};
use crate::sys;
use anyhow::Result;
use datagrant::grants::Grants;
use std::path::Path;

const SAMPLES: usize = 15;
const CALLS: u32 = 20_000;

pub fn run(component: &Path) -> Result<()> {
    let provider = Provider::new(component)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut store, guest) = provider.instance(Some(Grants::new())).await?;
        let contestant = guest.datagrant_bench_contestant();
        let crossings = [
            ("empty host call", Crossing::Nothing),
            ("64 headers to the guest, list<u8>", Crossing::HeadersU8In),
            ("64 headers to the guest, list<u32>", Crossing::HeadersU32In),
            ("64 headers to the host, list<u8>", Crossing::HeadersU8Out),
            ("64 headers to the host, list<u32>", Crossing::HeadersU32Out),
        ];
        for (name, crossing) in crossings {
            let mut values = Vec::new();
            for _ in 0..=SAMPLES {
                let before = sys::processor_time();
                contestant.call_cross(&mut store, crossing, CALLS).await?;
                values.push((sys::processor_time() - before).as_nanos() as f64 / f64::from(CALLS));
            }
            // The first one warmed up.
            tell("boundary", name, "ns", values.split_off(1))?;
        }
        Ok(())
    })
}
