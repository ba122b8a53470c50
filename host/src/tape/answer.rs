//! Answers as text, of one line without tabs, and back.

use crate::socket::ErrorCode;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// What can be asked for.
pub(crate) trait Answer: Sized {
    fn to_text(&self) -> String;

    fn from_text(text: &str) -> Option<Self>;

    /// What is told when a replay is over.
    fn none() -> Self;
}

/// By what they are written as.
macro_rules! answers {
    ($($type:ty: $none:expr),* $(,)?) => {$(
        impl Answer for $type {
            fn to_text(&self) -> String {
                self.to_string()
            }

            fn from_text(text: &str) -> Option<Self> {
                text.parse().ok()
            }

            fn none() -> Self {
                $none
            }
        }
    )*};
}

answers! {
    bool: false,
    u8: 0,
    u32: 0,
    u64: 0,
    usize: 0,
    SocketAddr: SocketAddr::from(([0; 4], 0)),
}

impl Answer for () {
    fn to_text(&self) -> String {
        "ok".to_owned()
    }

    fn from_text(text: &str) -> Option<()> {
        (text == "ok").then_some(())
    }

    fn none() {}
}

/// What an interface is called: Linux lets none have white space in its name.
impl Answer for String {
    fn to_text(&self) -> String {
        self.clone()
    }

    fn from_text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn none() -> String {
        String::new()
    }
}

/// Separated by spaces.
impl<T: Answer> Answer for Vec<T> {
    fn to_text(&self) -> String {
        self.iter().map(T::to_text).collect::<Vec<_>>().join(" ")
    }

    fn from_text(text: &str) -> Option<Vec<T>> {
        text.split_whitespace().map(T::from_text).collect()
    }

    fn none() -> Vec<T> {
        vec![]
    }
}

/// An address, and for how many seconds it holds.
impl Answer for (IpAddr, Duration) {
    fn to_text(&self) -> String {
        format!("{}/{}", self.0, self.1.as_secs())
    }

    fn from_text(text: &str) -> Option<Self> {
        let (ip, seconds) = text.split_once('/')?;
        Some((ip.parse().ok()?, Duration::from_secs(seconds.parse().ok()?)))
    }

    fn none() -> Self {
        (IpAddr::from([0; 4]), Duration::ZERO)
    }
}

/// By errno.
impl<T: Answer> Answer for io::Result<T> {
    fn to_text(&self) -> String {
        match self {
            Ok(answer) => answer.to_text(),
            Err(error) => format!("error {}", error.raw_os_error().unwrap_or(libc::EIO)),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        match text.strip_prefix("error ") {
            Some(errno) => Some(Err(io::Error::from_raw_os_error(errno.parse().ok()?))),
            None => T::from_text(text).map(Ok),
        }
    }

    fn none() -> Self {
        Err(io::Error::from_raw_os_error(libc::ENETDOWN))
    }
}

/// By the name of the code in the contract.
impl<T: Answer> Answer for Result<T, ErrorCode> {
    fn to_text(&self) -> String {
        match self {
            Ok(answer) => answer.to_text(),
            Err(code) => format!("error {code}"),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        match text.strip_prefix("error ") {
            Some(code) => ErrorCode::ALL
                .into_iter()
                .find(|known| known.to_string() == code)
                .map(Err),
            None => T::from_text(text).map(Ok),
        }
    }

    fn none() -> Self {
        Err(ErrorCode::Unknown)
    }
}
