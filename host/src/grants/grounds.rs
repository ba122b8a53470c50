//! Why an operation is permitted, for the operator: the counterpart of a denial.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::decide::Request;
use super::{Grants, Operation, Pattern, Right, Subject};

/// By what an operation is permitted: a closed list with stable labels.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Ground {
    /// Allowed patterns cover it.
    Granted,
    /// An allowed `send` pattern covers a name that the destination was looked up by.
    Named,
    /// The destination wrote to this socket lately, and its bind was granted.
    Reply,
    /// A bind that any right to send includes.
    ClientSocket,
    /// The embedder handed the socket in, by name.
    HandedIn,
}

impl Ground {
    /// Every ground.
    pub const ALL: &'static [Ground] = &[
        Ground::Granted,
        Ground::Named,
        Ground::Reply,
        Ground::ClientSocket,
        Ground::HandedIn,
    ];

    /// The stable label, for programs: lower case with hyphens.
    pub fn as_str(self) -> &'static str {
        match self {
            Ground::Granted => "granted",
            Ground::Named => "granted-by-name",
            Ground::Reply => "reply",
            Ground::ClientSocket => "client-socket",
            Ground::HandedIn => "handed-in",
        }
    }

    /// A few words for a person.
    pub fn text(self) -> &'static str {
        match self {
            Ground::Granted => "granted",
            Ground::Named => "granted by its name",
            Ground::Reply => "a reply, which a bind grant includes",
            Ground::ClientSocket => "a client socket, which a send grant includes",
            Ground::HandedIn => "a socket that was handed in",
        }
    }
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// An operation that was permitted: the operation, the address or name, the ground, and the patterns that cover it.
///
/// It prints as a [`Denial`](super::Denial) does, such as `send 192.0.2.1:53: granted (allow send 192.0.2.0/24:53)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grounds {
    operation: Operation,
    subject: Subject,
    ground: Ground,
    rules: Vec<(Right, String)>,
    needs: Vec<(Right, String)>,
}

impl Grounds {
    pub(super) fn new(operation: Operation, subject: impl Into<Subject>, ground: Ground) -> Grounds {
        Grounds {
            operation,
            subject: subject.into(),
            ground,
            rules: Vec::new(),
            needs: Vec::new(),
        }
    }

    /// Permitted by a pattern, of which this much was needed.
    pub(super) fn by(mut self, right: Right, rule: Option<&Pattern>, needed: impl fmt::Display) -> Grounds {
        if let Some(rule) = rule {
            self = self.under(right, rule);
            add(&mut self.needs, right, needed.to_string());
        }
        self
    }

    /// Permitted by a pattern.
    pub(super) fn under(mut self, right: Right, rule: &Pattern) -> Grounds {
        add(&mut self.rules, right, rule.to_string());
        self
    }

    /// Permitted by patterns, and by another right as well.
    pub(super) fn needing_nothing(mut self) -> Grounds {
        self.needs.clear();
        self
    }

    /// What was permitted.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// What the operation was about.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// By what.
    pub fn ground(&self) -> Ground {
        self.ground
    }

    /// The allowed patterns that cover it, canonically, and their rights. There are several where a bind hears the sources
    /// of several patterns, or is of both families; where an IPv6 address embeds an IPv4 address; and where a group is
    /// bound, which must be allowed to join, too. None for what follows from another right.
    pub fn rules(&self) -> &[(Right, String)] {
        &self.rules
    }

    /// The narrowest patterns that would permit this one operation, together; none for what follows from another right, also
    /// where patterns cover it, too. No pattern here covers what [`rules`](Self::rules) do not.
    pub fn needs(&self) -> &[(Right, String)] {
        &self.needs
    }
}

fn add(list: &mut Vec<(Right, String)>, right: Right, pattern: String) {
    let entry = (right, pattern);
    if !list.contains(&entry) {
        list.push(entry);
    }
}

impl fmt::Display for Grounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Grounds {
            operation,
            subject,
            ground,
            ..
        } = self;
        write!(f, "{operation} {subject}: {ground}")?;
        for (place, (right, rule)) in self.rules.iter().enumerate() {
            let before = if place == 0 { " (" } else { ", " };
            write!(f, "{before}allow {right} {rule}")?;
        }
        f.write_str(if self.rules.is_empty() { "" } else { ")" })
    }
}

/// Why [`decide`](super::decide) answered a request with this permit, by a linear search. It permits nothing: of a permit
/// that was not given to this request by these grants it says nothing that is true.
pub fn grounds<R: Request>(grants: &Grants, request: &R, permit: &R::Permit) -> Grounds {
    request.grounds(grants, permit)
}

/// A decision that permitted something, to be heard of by an [`Observer`](crate::Observer). It costs nothing until it is
/// asked.
///
/// Its hash is cheap, and the same for the same operation on the same subject on the same ground: what to count repeats
/// by.
pub struct Permitted<'a>(&'a dyn Answered);

impl Permitted<'_> {
    /// Tells of a permit that [`decide`](super::decide) gave.
    pub fn tell<R: Request>(grants: &Grants, request: &R, permit: &R::Permit, hear: impl FnOnce(&Permitted<'_>)) {
        hear(&Permitted(&Question {
            grants,
            request,
            permit,
        }));
    }

    /// The operation, the subject and the patterns: found by a linear search, and allocated.
    pub fn grounds(&self) -> Grounds {
        self.0.grounds()
    }
}

impl Hash for Permitted<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.mark(state);
    }
}

impl fmt::Debug for Permitted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Permitted").field(&self.grounds()).finish()
    }
}

/// A question with its answer, whatever it was about.
trait Answered {
    fn grounds(&self) -> Grounds;
    fn mark(&self, state: &mut dyn Hasher);
}

struct Question<'a, R: Request> {
    grants: &'a Grants,
    request: &'a R,
    permit: &'a R::Permit,
}

impl<R: Request> Answered for Question<'_, R> {
    fn grounds(&self) -> Grounds {
        grounds(self.grants, self.request, self.permit)
    }

    fn mark(&self, mut state: &mut dyn Hasher) {
        // Grants that were replaced may permit the same by another pattern.
        std::ptr::from_ref(self.grants).hash(&mut state);
        self.request.mark(self.permit, state);
    }
}
