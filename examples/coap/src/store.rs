//! What was given to the server.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};

use coap_lite::ResponseType;

const MOST_RESOURCES: usize = 100;

#[derive(Default)]
pub struct Store(BTreeMap<String, Resource>);

pub struct Resource {
    /// The number of its content format; 0 is plain text.
    pub format: u16,
    pub bytes: Vec<u8>,
    /// Another one for other content (ETag).
    pub tag: [u8; 8],
}

impl Resource {
    pub fn new(format: u16, bytes: Vec<u8>) -> Self {
        let mut hasher = DefaultHasher::new();
        (format, &bytes).hash(&mut hasher);
        let tag = hasher.finish().to_be_bytes();
        Self { format, bytes, tag }
    }
}

impl Store {
    pub fn get(&self, path: &str) -> Option<&Resource> {
        self.0.get(path)
    }

    /// Whether it is new there, as the code of the answer.
    pub fn put(&mut self, path: String, resource: Resource) -> Result<ResponseType, ResponseType> {
        // These are the server's.
        if path.is_empty() || path.starts_with(".well-known") {
            return Err(ResponseType::MethodNotAllowed);
        }
        if self.0.len() >= MOST_RESOURCES && !self.0.contains_key(&path) {
            return Err(ResponseType::ServiceUnavailable);
        }
        match self.0.insert(path, resource) {
            None => Ok(ResponseType::Created),
            Some(_) => Ok(ResponseType::Changed),
        }
    }

    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// What there is, in the link format (RFC 6690).
    pub fn links(&self) -> String {
        let mut links = "</.well-known/core>;ct=40".to_owned();
        for (path, resource) in &self.0 {
            let (format, size) = (resource.format, resource.bytes.len());
            write!(links, ",</{path}>;ct={format};sz={size}").expect("a String takes it");
        }
        links
    }
}
