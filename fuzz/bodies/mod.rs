//! What the fuzz targets do with their bytes. Each panics when it finds something.

mod bytes;
mod file;
mod grammar;
mod headers;
mod loopback;
mod operations;
mod rules;

pub use file::file;
pub use grammar::grammar;
pub use headers::headers;
pub use operations::operations;

/// What is done with the bytes of a fuzzer.
#[cfg(test)]
type Body = fn(&[u8]);

/// By name.
#[cfg(test)]
pub const ALL: [(&str, Body); 4] = [
    ("grammar", grammar),
    ("file", file),
    ("headers", headers),
    ("operations", operations),
];
