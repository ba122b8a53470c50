//! What it must show, and whether it does.

use super::{Report, text::markdown};
use crate::cell::{Cell, Contestant, Family, Work};
use crate::measure::{Figures, Row};
use crate::stats::Summary;

type Ratio = fn(&Figures) -> Option<&Summary>;

const NATIVE: Ratio = |figures| figures.to_native.as_ref();
const NATIVE_OFFLOAD: Ratio = |figures| figures.to_native_offload.as_ref();
const NODE: Ratio = |figures| figures.to_node.as_ref();
const ASYNCIO: Ratio = |figures| figures.to_asyncio.as_ref();
const WASMTIME_WASI: Ratio = |figures| figures.to_wasmtime_wasi.as_ref();

/// Work, bytes, contestant, what it is compared with, how, and the most that it may be. For IPv4, and for `bursts`: what a
/// guest reaches that goes for speed. A program of JavaScript or Python is to cost what it does natively; one that knows nothing of the contract is to cost less than over wasmtime-wasi.
const GOALS: &[(Work, usize, Contestant, &str, Ratio, f64)] = &[
    (Work::Receive, 64, Contestant::Bursts, "native", NATIVE, 1.12),
    (Work::Receive, 1200, Contestant::Bursts, "native", NATIVE, 1.18),
    (Work::Receive, 64, Contestant::Bursts, "node", NODE, 0.28),
    (Work::Receive, 1200, Contestant::Bursts, "node", NODE, 0.28),
    (Work::Send, 64, Contestant::Bursts, "native", NATIVE, 1.06),
    (Work::Send, 1200, Contestant::Bursts, "native", NATIVE, 1.10),
    (Work::Send, 64, Contestant::Bursts, "node", NODE, 0.48),
    (Work::Send, 1200, Contestant::Bursts, "node", NODE, 0.48),
    (Work::Echo, 64, Contestant::Bursts, "native", NATIVE, 1.12),
    (Work::Echo, 1200, Contestant::Bursts, "native", NATIVE, 1.12),
    (Work::Echo, 64, Contestant::Bursts, "node", NODE, 0.36),
    (Work::Echo, 1200, Contestant::Bursts, "node", NODE, 0.36),
    (Work::Rtt, 64, Contestant::Bursts, "native", NATIVE, 1.20),
    (Work::Rtt, 1200, Contestant::Bursts, "native", NATIVE, 1.20),
    (Work::RttApart, 64, Contestant::Bursts, "native", NATIVE, 1.20),
    (Work::RttApart, 1200, Contestant::Bursts, "native", NATIVE, 1.20),
    (Work::Rtt, 64, Contestant::Bursts, "node", NODE, 0.38),
    (Work::Rtt, 1200, Contestant::Bursts, "node", NODE, 0.38),
    (Work::Receive, 64, Contestant::QuickJS, "node", NODE, 1.0),
    (Work::Receive, 1200, Contestant::QuickJS, "node", NODE, 1.0),
    (Work::Receive, 64, Contestant::Python, "asyncio", ASYNCIO, 1.0),
    (Work::Receive, 1200, Contestant::Python, "asyncio", ASYNCIO, 1.0),
    (
        Work::Receive,
        64,
        Contestant::WasiSocketsOurs,
        "wasi-sockets",
        WASMTIME_WASI,
        1.0,
    ),
    (
        Work::Receive,
        1200,
        Contestant::WasiSocketsOurs,
        "wasi-sockets",
        WASMTIME_WASI,
        1.0,
    ),
    (
        Work::Send,
        64,
        Contestant::WasiSocketsOurs,
        "wasi-sockets",
        WASMTIME_WASI,
        1.0,
    ),
    (
        Work::Send,
        1200,
        Contestant::WasiSocketsOurs,
        "wasi-sockets",
        WASMTIME_WASI,
        1.0,
    ),
    (
        Work::Echo,
        64,
        Contestant::WasiSocketsOurs,
        "wasi-sockets",
        WASMTIME_WASI,
        1.0,
    ),
    (
        Work::Echo,
        1200,
        Contestant::WasiSocketsOurs,
        "wasi-sockets",
        WASMTIME_WASI,
        1.0,
    ),
    (
        Work::Rtt,
        64,
        Contestant::WasiSocketsOurs,
        "wasi-sockets",
        WASMTIME_WASI,
        1.0,
    ),
    (
        Work::Rtt,
        1200,
        Contestant::WasiSocketsOurs,
        "wasi-sockets",
        WASMTIME_WASI,
        1.0,
    ),
    (
        Work::Receive,
        64,
        Contestant::BurstsOffload,
        "native-offload",
        NATIVE_OFFLOAD,
        1.45,
    ),
    (
        Work::Receive,
        1200,
        Contestant::BurstsOffload,
        "native-offload",
        NATIVE_OFFLOAD,
        1.45,
    ),
    (
        Work::Send,
        64,
        Contestant::BurstsOffload,
        "native-offload",
        NATIVE_OFFLOAD,
        1.12,
    ),
    (
        Work::Send,
        1200,
        Contestant::BurstsOffload,
        "native-offload",
        NATIVE_OFFLOAD,
        1.12,
    ),
];

/// Of the other figures: kind, start of the name, and the most that it may be, in its unit.
const OTHERS: &[(&str, &str, f64, &str)] = &[
    ("memory", "typed", 64.0 * 1024.0, "64 KiB"),
    (
        "neighbour",
        "CPU a datagram, beside one that wants more sockets",
        1.10,
        "1.10",
    ),
    (
        "neighbour",
        "CPU a datagram, beside one that wants more kernel buffers",
        1.10,
        "1.10",
    ),
    (
        "neighbour",
        "CPU a datagram, beside one that wants more memberships",
        1.10,
        "1.10",
    ),
    (
        "neighbour",
        "CPU a datagram, beside one that wants more lookups",
        1.10,
        "1.10",
    ),
    (
        "neighbour",
        "CPU a datagram, beside one that wants more peers",
        1.10,
        "1.10",
    ),
    (
        "neighbour",
        "CPU a datagram, beside one that wants more datagrams",
        1.10,
        "1.10",
    ),
    (
        "neighbour",
        "CPU a datagram, beside one that wants more bytes",
        1.10,
        "1.10",
    ),
    (
        "neighbour",
        "CPU a datagram, beside one that wants more memory",
        1.10,
        "1.10",
    ),
    (
        "neighbour",
        "CPU a datagram, beside one that wants more processor time",
        1.10,
        "1.10",
    ),
    ("decision", "IPv4 send that is granted", 25.0, "25 ns"),
    ("decision", "IPv6 send that is granted", 25.0, "25 ns"),
    ("cold-start", "datagrant run, compiled code cached", 5.0, "5 ms"),
    ("cold-start", "datagrant run, compiled ahead", 5.0, "5 ms"),
];

impl Report {
    /// The table of goals.
    pub fn goals(&self) -> String {
        let mut rows = vec![["goal", "at most", "measured", ""].map(str::to_owned)];
        for &(work, bytes, contestant, other, ratio, most) in GOALS {
            let cell = Cell {
                work,
                bytes,
                family: Family::Ipv4,
            };
            let Some(row) = self.row(cell, contestant) else {
                continue;
            };
            let name = format!("{}, {bytes} B, `{}` to `{other}`", work.name(), contestant.name());
            let (measured, verdict) = match row.figures().and_then(ratio) {
                Some(ratio) => (format!("{:.2}", ratio.median), verdict(ratio.median, most)),
                None => ("missing".to_owned(), "not reached".to_owned()),
            };
            // A goal may be out of reach of anybody.
            let native = self.row(cell, Contestant::Native).and_then(Row::figures);
            let verdict = match native.and_then(|figures| figures.to_node.as_ref()) {
                Some(native) if other == "node" && native.median > most => {
                    format!("{verdict}; `native` itself has {:.2}", native.median)
                }
                _ => verdict,
            };
            rows.push([name, format!("{most:.2}"), measured, verdict]);
        }
        for &(kind, name, most, text) in OTHERS {
            let Some(extra) = self.extras.iter().find(|e| e.kind == kind && e.name.starts_with(name)) else {
                continue;
            };
            let (measured, verdict) = match &extra.outcome {
                Ok(s) if extra.unit == "bytes" => (format!("{:.1} KiB", s.median / 1024.0), verdict(s.median, most)),
                Ok(s) if extra.unit == "times" => (format!("{:.2}", s.median), verdict(s.median, most)),
                Ok(s) => (format!("{:.1} {}", s.median, extra.unit), verdict(s.median, most)),
                Err(_) => ("missing".to_owned(), "not reached".to_owned()),
            };
            rows.push([format!("{kind}: {}", extra.name), text.to_owned(), measured, verdict]);
        }
        if rows.len() == 1 {
            String::new()
        } else {
            markdown(&rows)
        }
    }
}

fn verdict(value: f64, most: f64) -> String {
    if value <= most {
        "reached".to_owned()
    } else {
        format!("not reached, by {:.0}%", (value / most - 1.0) * 100.0)
    }
}
