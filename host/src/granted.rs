//! The sockets that an embedder hands in by name.

use crate::grants::Hold;
use crate::socket::{ErrorCode, HandedIn, Unfit};
use crate::tape::Tape;
use cap_std::net::UdpSocket;

/// Why a socket cannot be handed in under a name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HandInError {
    /// The name is no name.
    #[error("{0:?} is no name for a socket: write at least one character, none of them \"=\" or a control character")]
    Name(String),
    /// Names are unique.
    #[error("two sockets are named {0:?}: give each a name of its own")]
    NameTwice(String),
    /// The socket is not what guests are given.
    #[error("the socket {name:?} cannot be handed in: {why}")]
    Socket {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: Unfit,
    },
}

/// In the order in which they were handed in.
#[derive(Default)]
pub(crate) struct Granted(Vec<Named>);

struct Named {
    name: String,
    /// None: it was taken, or nothing of it is known before a recording tells of it.
    socket: Option<HandedIn>,
}

impl Granted {
    pub(crate) fn add(&mut self, name: String, socket: UdpSocket, held_by_others: bool) -> Result<(), HandInError> {
        let name = self.fit(name)?;
        match HandedIn::new(socket.into(), held_by_others) {
            Ok(socket) => {
                let socket = Some(socket);
                self.0.push(Named { name, socket });
                Ok(())
            }
            Err(why) => Err(HandInError::Socket { name, why }),
        }
    }

    /// One of which a recording tells the rest.
    pub(crate) fn add_recorded(&mut self, name: String) -> Result<(), HandInError> {
        let name = self.fit(name)?;
        self.0.push(Named { name, socket: None });
        Ok(())
    }

    fn fit(&self, name: String) -> Result<String, HandInError> {
        if name.is_empty() || name.contains(|c: char| c == '=' || c.is_control()) {
            return Err(HandInError::Name(name));
        }
        match self.names().any(|taken| taken == name) {
            true => Err(HandInError::NameTwice(name)),
            false => Ok(name),
        }
    }

    /// Before it is judged: what it is goes on the tape, or comes from there.
    pub(crate) fn ask(&mut self, name: &str, tape: &Tape) -> Result<(), ErrorCode> {
        let known = self.find(name).map(HandedIn::tell);
        let told = tape.ask(|| format!("take {name:?}"), || known)?;
        if let (true, Some(named)) = (tape.is_replay(), self.0.iter_mut().find(|named| named.name == name)) {
            named.socket = HandedIn::recorded(told, tape.clone()).ok();
        }
        Ok(())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|named| named.name.as_str())
    }

    /// What is to be judged of the one of this name, which nobody has taken.
    pub(crate) fn hold(&self, name: &str) -> Result<&Hold, ErrorCode> {
        self.find(name).map(HandedIn::hold)
    }

    fn find(&self, name: &str) -> Result<&HandedIn, ErrorCode> {
        let named = self.0.iter().find(|named| named.name == name);
        let named = named.ok_or(ErrorCode::InvalidArgument)?;
        named.socket.as_ref().ok_or(ErrorCode::InvalidState)
    }

    pub(crate) fn take(&mut self, name: &str) -> Result<HandedIn, ErrorCode> {
        let named = self.0.iter_mut().find(|named| named.name == name);
        let named = named.ok_or(ErrorCode::InvalidArgument)?;
        named.socket.take().ok_or(ErrorCode::InvalidState)
    }
}

#[cfg(test)]
mod tests;
