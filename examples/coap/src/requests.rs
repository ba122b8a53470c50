//! Requests and what they are answered with (RFC 7252, section 5).

use std::net::SocketAddr;

use coap_lite::option_value::OptionValueU16;
use coap_lite::{CoapOption, MessageClass, Packet, RequestType, ResponseType};

use crate::blocks::{self, Block, Part, Uploads};
use crate::store::{Resource, Store};

/// The format of /.well-known/core (RFC 6690).
const LINK_FORMAT: u16 = 40;
/// Options that an answer depends on and that are looked at; ETag is one that may be ignored.
const UNDERSTOOD: [CoapOption; 8] = [
    CoapOption::UriHost,
    CoapOption::UriPort,
    CoapOption::UriPath,
    CoapOption::UriQuery,
    CoapOption::Accept,
    CoapOption::Block1,
    CoapOption::Block2,
    CoapOption::ContentFormat,
];

#[derive(Default)]
pub struct Requests {
    store: Store,
    uploads: Uploads,
}

impl Requests {
    /// The answer, without token and message id; none where an option that is not understood makes it ignored.
    pub fn answer(&mut self, request: &Packet, from: SocketAddr, confirmable: bool) -> Option<Packet> {
        if let Some(code) = refused_for_its_options(request) {
            // "MUST be rejected" where nobody waits for an answer.
            return confirmable.then(|| plain(code));
        }
        Some(self.done(request, from).unwrap_or_else(plain))
    }

    fn done(&mut self, request: &Packet, from: SocketAddr) -> Result<Packet, ResponseType> {
        let path = path(request)?;
        match request.header.code {
            MessageClass::Request(RequestType::Get) if path == ".well-known/core" => {
                let links = Resource::new(LINK_FORMAT, self.store.links().into_bytes());
                get(request, &links)
            }
            MessageClass::Request(RequestType::Get) => {
                get(request, self.store.get(&path).ok_or(ResponseType::NotFound)?)
            }
            MessageClass::Request(RequestType::Put) => self.put(request, from, path),
            MessageClass::Request(RequestType::Delete) => {
                self.store.remove(&path);
                Ok(plain(ResponseType::Deleted))
            }
            _ => Err(ResponseType::MethodNotAllowed),
        }
    }

    fn put(&mut self, request: &Packet, from: SocketAddr, path: String) -> Result<Packet, ResponseType> {
        let block = Block::of(request, CoapOption::Block1)?;
        let whole = match &block {
            None => request.payload.clone(),
            Some(block) => match self.uploads.add((from, path.clone()), block, &request.payload)? {
                Part::Whole(bytes) => bytes,
                Part::More => return Ok(with_block(plain(ResponseType::Continue), block)),
            },
        };
        let format = number(request, CoapOption::ContentFormat)?.unwrap_or(0);
        let code = self.store.put(path, Resource::new(format, whole))?;
        Ok(match &block {
            None => plain(code),
            Some(block) => with_block(plain(code), block),
        })
    }
}

fn get(request: &Packet, resource: &Resource) -> Result<Packet, ResponseType> {
    if number(request, CoapOption::Accept)?.is_some_and(|format| format != resource.format) {
        return Err(ResponseType::NotAcceptable);
    }
    let known = request.get_option(CoapOption::ETag);
    let fresh = known.is_some_and(|tags| tags.iter().any(|tag| *tag == resource.tag));
    let mut answer = plain(if fresh {
        ResponseType::Valid
    } else {
        ResponseType::Content
    });
    answer.add_option(CoapOption::ETag, resource.tag.to_vec());
    if !fresh {
        answer.add_option_as(CoapOption::ContentFormat, OptionValueU16(resource.format));
        let wanted = Block::of(request, CoapOption::Block2)?;
        blocks::cut(&mut answer, &resource.bytes, wanted)?;
    }
    Ok(answer)
}

fn plain(code: ResponseType) -> Packet {
    let mut answer = Packet::new();
    answer.header.code = MessageClass::Response(code);
    answer
}

fn with_block(mut answer: Packet, block: &Block) -> Packet {
    answer.add_option(CoapOption::Block1, block.to_bytes());
    answer
}

/// Options with odd numbers are critical: who does not understand one must not answer as if it were not there.
fn refused_for_its_options(request: &Packet) -> Option<ResponseType> {
    let understood = UNDERSTOOD.map(u16::from);
    let unknown = request.options().map(|(&number, _)| number);
    let mut unknown = unknown.filter(|number| number % 2 == 1 && !understood.contains(number));
    let proxy = [CoapOption::ProxyUri, CoapOption::ProxyScheme].map(u16::from);
    unknown.next().map(|number| match proxy.contains(&number) {
        true => ResponseType::ProxyingNotSupported,
        false => ResponseType::BadOption,
    })
}

/// The segments, joined; such that it needs no escapes in a link.
fn path(request: &Packet) -> Result<String, ResponseType> {
    let segments = request.get_option(CoapOption::UriPath).into_iter().flatten();
    let mut path = vec![];
    for segment in segments {
        let good = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
        if segment.is_empty() || !segment.iter().all(good) {
            return Err(ResponseType::BadRequest);
        }
        path.push(String::from_utf8_lossy(segment));
    }
    Ok(path.join("/"))
}

fn number(request: &Packet, option: CoapOption) -> Result<Option<u16>, ResponseType> {
    let number = request.get_first_option_as::<OptionValueU16>(option).transpose();
    Ok(number.map_err(|_| ResponseType::BadOption)?.map(|number| number.0))
}
