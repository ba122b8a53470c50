//! `bursts`, linked by hand: generated code would copy each list that the guest passes before it is read, and each that
//! it gets before it is lowered.

use super::Socket;
use crate::bindings::datagrant::dgram::types::{BurstOptions, ErrorCode, SendReport};
use crate::socket;
use crate::sys;
use crate::{DgramCtxView, DgramView};
use wasmtime::StoreContextMut;
use wasmtime::component::{ComponentType, Linker, Lower, Resource, WasmList};
use wasmtime_wasi_io::bytes::Bytes;

type Answer<T> = wasmtime::Result<(Result<T, ErrorCode>,)>;

pub(crate) fn add_to_linker<T: DgramView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    let mut bursts = linker.instance("datagrant:dgram/bursts@0.1.0")?;
    bursts.func_wrap(
        "configure",
        |mut store: StoreContextMut<'_, T>,
         (socket, options): (Resource<Socket>, BurstOptions)|
         -> Answer<BurstOptions> {
            let DgramCtxView { table, .. } = store.data_mut().dgram();
            answer(table.get(&socket)?.configure(options.into()).map(Into::into))
        },
    )?;
    bursts.func_wrap(
        "receive",
        |mut store: StoreContextMut<'_, T>, (socket, max, bytes): (Resource<Socket>, u32, u32)| -> Answer<Burst> {
            let DgramCtxView { table, .. } = store.data_mut().dgram();
            answer(
                table
                    .get(&socket)?
                    .receive_burst(max as usize, bytes as usize)
                    .map(Into::into),
            )
        },
    )?;
    bursts.func_wrap(
        "send",
        |mut store: StoreContextMut<'_, T>,
         (socket, stride, headers, payload): (Resource<Socket>, u32, WasmList<u8>, WasmList<u8>)|
         -> wasmtime::Result<(SendReport,)> {
            // Out of the table first: the lists are read where they stand, in the guest's memory, which borrows the store.
            let socket = store.data_mut().dgram().table.get(&socket)?.clone();
            let report = socket.send_burst(stride, headers.as_le_slice(&store), payload.as_le_slice(&store));
            Ok((report.into(),))
        },
    )
}

fn answer<T>(result: Result<T, socket::ErrorCode>) -> Answer<T> {
    Ok((result.map_err(Into::into),))
}

impl From<BurstOptions> for sys::BurstOptions {
    fn from(options: BurstOptions) -> sys::BurstOptions {
        sys::BurstOptions {
            packet_info: options.contains(BurstOptions::PACKET_INFO),
            coalesce: options.contains(BurstOptions::COALESCE),
            ecn: options.contains(BurstOptions::ECN),
        }
    }
}

impl From<sys::BurstOptions> for BurstOptions {
    fn from(on: sys::BurstOptions) -> BurstOptions {
        [
            (on.packet_info, BurstOptions::PACKET_INFO),
            (on.coalesce, BurstOptions::COALESCE),
            (on.ecn, BurstOptions::ECN),
        ]
        .into_iter()
        .filter(|(on, _)| *on)
        .fold(BurstOptions::empty(), |flags, (_, flag)| flags | flag)
    }
}

/// `burst` of the contract, whose payload is lowered from where it was received.
#[derive(ComponentType, Lower)]
#[component(record)]
struct Burst {
    stride: u32,
    headers: Vec<u8>,
    payload: Bytes,
    #[component(name = "more-events")]
    more_events: bool,
}

impl From<socket::ReceivedBurst> for Burst {
    fn from(burst: socket::ReceivedBurst) -> Burst {
        Burst {
            stride: burst.stride as u32,
            headers: burst.headers,
            payload: Bytes::from_owner(burst.payload),
            more_events: burst.more_events,
        }
    }
}

impl From<socket::SendReport> for SendReport {
    fn from(report: socket::SendReport) -> SendReport {
        SendReport {
            sent: report.sent as u32,
            partial: report.partial as u32,
            stopped: report.stopped.map(Into::into),
        }
    }
}
