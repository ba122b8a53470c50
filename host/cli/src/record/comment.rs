//! Which steps a reader of the capture sees, and where.

/// What a frame without a datagram is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// An operation, an error.
    Event,
    /// The grants or the kernel refused something.
    Denied,
}

/// Says which steps are of interest to a person.
#[derive(Debug, Default)]
pub struct Comments {
    /// What comes next is the address that came of it.
    bound: bool,
}

impl Comments {
    /// The comment of a step.
    pub fn of_step(&mut self, question: &str, answer: &str) -> Option<(About, String)> {
        let (verb, rest) = question.split_once(' ').unwrap_or((question, ""));
        if verb == "refused" {
            return Some((About::Denied, format!("denied: {rest}")));
        }
        let bound = std::mem::replace(&mut self.bound, matches!(verb, "bind" | "connect"));
        let failed = answer.strip_prefix("error ");
        let shown = match verb {
            "bind" | "connect" | "disconnect" | "join" | "leave" | "lookup" | "take" | "grants-replaced" => true,
            "answer" => !answer.starts_with("error EAGAIN"),
            "local-address" => bound,
            "send" | "receive" | "open" => failed.is_some_and(|errno| errno != WOULD_BLOCK),
            _ => false,
        };
        shown.then(|| {
            let told = match failed.and_then(|errno| errno.parse().ok()) {
                Some(errno) => std::io::Error::from_raw_os_error(errno).to_string(),
                None => answer.to_owned(),
            };
            (About::Event, format!("{question}: {told}"))
        })
    }
}

/// The addresses of a name that was looked up: an answer's.
pub fn addresses(answer: &str) -> impl Iterator<Item = std::net::IpAddr> + '_ {
    let address = |word: &str| word.split_once('/')?.0.parse().ok();
    answer.split(' ').filter_map(address)
}

/// EAGAIN
const WOULD_BLOCK: &str = "11";
