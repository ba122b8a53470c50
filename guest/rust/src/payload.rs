//! What can be sent.

use std::borrow::Cow;
use std::io::IoSlice;

/// The bytes of one datagram: bytes, text (as UTF-8), or several of these behind one another (Node's array of buffers,
/// POSIX's scatter and gather).
///
/// ```
/// use datagrant_guest::Payload;
///
/// assert_eq!(["he", "llo"].payload(), "hello".payload());
/// assert_eq!([&b"\x00\x01"[..], b"rest"].payload().len(), 6);
/// ```
pub trait Payload {
    /// The bytes, in one piece.
    fn payload(&self) -> Cow<'_, [u8]>;
}

impl Payload for [u8] {
    fn payload(&self) -> Cow<'_, [u8]> {
        self.into()
    }
}

impl Payload for str {
    fn payload(&self) -> Cow<'_, [u8]> {
        self.as_bytes().into()
    }
}

impl<const N: usize> Payload for [u8; N] {
    fn payload(&self) -> Cow<'_, [u8]> {
        self.as_slice().into()
    }
}

impl Payload for Vec<u8> {
    fn payload(&self) -> Cow<'_, [u8]> {
        self.into()
    }
}

impl Payload for String {
    fn payload(&self) -> Cow<'_, [u8]> {
        self.as_bytes().into()
    }
}

impl Payload for Cow<'_, [u8]> {
    fn payload(&self) -> Cow<'_, [u8]> {
        (**self).into()
    }
}

impl<T: Payload + ?Sized> Payload for &T {
    fn payload(&self) -> Cow<'_, [u8]> {
        (**self).payload()
    }
}

/// The types of which several make one datagram.
macro_rules! parts {
    ($($part:ty),*) => {$(
        impl Payload for [$part] {
            fn payload(&self) -> Cow<'_, [u8]> {
                let mut all = Vec::with_capacity(self.iter().map(|part| part.len()).sum());
                for part in self {
                    all.extend_from_slice(AsRef::<[u8]>::as_ref(&**part));
                }
                all.into()
            }
        }

        impl<const N: usize> Payload for [$part; N] {
            fn payload(&self) -> Cow<'_, [u8]> {
                self.as_slice().payload()
            }
        }
    )*};
}
parts!(&[u8], &str, Vec<u8>, String, IoSlice<'_>);

#[cfg(test)]
#[path = "tests/payload.rs"]
mod tests;
