//! Services: components that the host calls when there is something to do.

use crate::DgramView;
use crate::bindings::datagrant::dgram::types::Interest;
use crate::bindings::service::Service as Exports;
use crate::bindings::service::exports::datagrant::dgram::handler::{Next, Wanted};
use crate::host::Waiting;
use crate::socket::ErrorCode;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use wasmtime::Store;
use wasmtime::component::{Component, Linker};

/// An instance of a component that exports `datagrant:dgram/handler`.
///
/// The component has no loop of its own: [`run`](Self::run) calls its `step`, waits for what it answers, and calls again.
///
/// ```
/// use datagrant::{DgramView, Service, ServiceEnd};
/// use wasmtime::component::{Component, Linker};
/// use wasmtime::{Error, Result, Store};
///
/// async fn serve<T: DgramView + 'static>(
///     mut store: Store<T>,
///     component: &Component,
///     linker: &Linker<T>,
/// ) -> Result<()> {
///     let service = Service::instantiate(&mut store, component, linker).await?;
///     // Nobody tells it to stop: it ends by itself.
///     match service.run(&mut store, std::future::pending()).await? {
///         ServiceEnd::Done => Ok(()),
///         ServiceEnd::Failed(why) => Err(Error::msg(why)),
///     }
/// }
/// ```
///
/// Several instances that share ports are [`Workers`](crate::Workers); sockets for them are bound by
/// [`bind_group`](crate::bind_group).
pub struct Service(Exports);

/// How a service ended by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceEnd {
    /// It said that all is done.
    Done,
    /// It cannot go on, for the reason that it gave, which is for the operator; or it answered what cannot be waited for.
    Failed(String),
}

impl Service {
    /// Instantiates the component.
    ///
    /// # Errors
    /// When an import is missing, when the component exports no `datagrant:dgram/handler@0.1`, or when it traps.
    pub async fn instantiate<T: DgramView + 'static>(
        store: &mut Store<T>,
        component: &Component,
        linker: &Linker<T>,
    ) -> wasmtime::Result<Service> {
        Exports::instantiate_async(store, component, linker).await.map(Service)
    }

    /// Steps the service until it says that it is done, or that it failed. When `stop` is ready, between two steps, the
    /// service's `stop` is called, once, and the steps go on until it is done: bound the time of that with a timeout.
    ///
    /// Dropping the future, and the store, ends the service at once and closes its sockets.
    ///
    /// # Errors
    /// When the service traps.
    pub async fn run<T: DgramView + 'static>(
        &self,
        store: &mut Store<T>,
        stop: impl Future<Output = ()>,
    ) -> wasmtime::Result<ServiceEnd> {
        let mut stop = pin!(stop);
        let mut stopping = false;
        let handler = self.0.datagrant_dgram_handler();
        let mut next = handler.call_step(&mut *store, &nothing()).await?;
        loop {
            let Wanted { on, timeout } = match next {
                Next::Wait(wanted) => wanted,
                Next::Done => return Ok(ServiceEnd::Done),
                Next::Failed(why) => return Ok(ServiceEnd::Failed(why)),
            };
            let waiting = match Waiting::new(store.data_mut().dgram().ctx, on, timeout) {
                Ok(waiting) => waiting,
                Err(code) => return Ok(cannot_wait(code)),
            };
            let ready = match stopping {
                true => Some(waiting.ready().await),
                false => unless(stop.as_mut(), waiting.ready()).await,
            };
            next = match ready {
                Some(Ok(ready)) => handler.call_step(&mut *store, &ready).await?,
                Some(Err(code)) => return Ok(cannot_wait(code)),
                None => {
                    stopping = true;
                    handler.call_stop(&mut *store).await?
                }
            };
        }
    }
}

fn nothing() -> Interest {
    Interest {
        receive: vec![],
        send: vec![],
    }
}

fn cannot_wait(code: ErrorCode) -> ServiceEnd {
    let what = match code {
        ErrorCode::InvalidArgument => "nothing to wait for and no timeout, or a lookup to send",
        ErrorCode::InvalidState => "an id of no socket and no lookup of its own",
        _ => "a wait that failed",
    };
    ServiceEnd::Failed(format!("it answered {what} ({code})"))
}

/// What `work` comes to, unless `stop` is ready before.
async fn unless<T>(mut stop: Pin<&mut impl Future<Output = ()>>, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|cx| match stop.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => work.as_mut().poll(cx).map(Some),
    })
    .await
}
