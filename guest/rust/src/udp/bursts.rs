//! Many datagrams a call: sending, and what bursts tell. Receiving is in `receive`.

use std::io;

use super::UdpSocket;
use crate::burst::{Options, SendBurst, Sent};
use crate::{Error, ErrorCode};

impl UdpSocket {
    /// Sends the datagrams of `burst` in order, and waits for room where there is none, as [`send`](Self::send).
    ///
    /// Each header needs a remote on a socket that is not connected, and none on one that is; otherwise nothing goes.
    /// Where it ends early, [`burst::sent`](crate::burst::sent) says how much went before the error, and
    /// [`send_burst_from`](Self::send_burst_from) sends the rest.
    pub fn send_burst(&self, burst: &SendBurst) -> io::Result<Sent> {
        self.send_burst_from(burst, Sent::default())
    }

    /// [`send_burst`](Self::send_burst), without what has gone already. What is answered counts from the start of the
    /// burst.
    ///
    /// ```no_run
    /// use std::io::ErrorKind;
    /// use datagrant_guest::{UdpSocket, burst::{SendBurst, Sent, sent}};
    ///
    /// # fn example(socket: &UdpSocket, burst: &SendBurst) -> std::io::Result<()> {
    /// let mut from = Sent::default();
    /// while let Err(error) = socket.send_burst_from(burst, from) {
    ///     from = sent(&error).unwrap_or(from);
    ///     match error.kind() {
    ///         ErrorKind::WouldBlock => println!("no room in time: once more"),
    ///         // This destination is not granted: on with the next one.
    ///         ErrorKind::PermissionDenied => from = Sent { headers: from.headers + 1, partial: 0 },
    ///         _ => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_burst_from(&self, burst: &SendBurst, from: Sent) -> io::Result<Sent> {
        let mut sent = from;
        burst.rest(sent)?;
        let mut patience = self.begin_send().map_err(|error| after(error, sent))?;
        loop {
            let rest = burst.rest(sent)?;
            if rest.headers.is_empty() {
                return Ok(sent);
            }
            let report = self.shared.exchange.send(&self.shared.raw, &rest);
            match report.stopped {
                None => {
                    let (headers, partial) = (burst.len(), 0);
                    return Ok(Sent { headers, partial });
                }
                Some(ErrorCode::WouldBlock) => {
                    sent = sent.and(&report);
                    self.wait_for_room(&mut patience).map_err(|error| after(error, sent))?;
                }
                Some(code) => {
                    sent = sent.and(&report);
                    let remote = burst.remote(sent.headers, self.shared.exchange.family);
                    return Err(Error::new("send", remote.or(patience.peer), code).after(sent).into());
                }
            }
        }
    }

    /// Switches on what bursts tell and take: exactly these options. The answer is those that are on now: what the
    /// provider or the host lacks is missing in it, and no error.
    pub fn configure_bursts(&self, options: Options) -> io::Result<Options> {
        let on = self.shared.exchange.configure(&self.shared.raw, options);
        Ok(on.map_err(|code| Error::new("configure bursts", None, code))?)
    }
}

/// The same error, with how much of the burst went.
fn after(error: io::Error, sent: Sent) -> io::Error {
    if error.kind() == io::ErrorKind::WouldBlock {
        return Error::new("send", None, ErrorCode::WouldBlock).after(sent).into();
    }
    match error.downcast::<Error>() {
        Ok(error) => error.after(sent).into(),
        Err(error) => error,
    }
}

#[cfg(test)]
#[path = "../tests/udp_bursts.rs"]
mod tests;
