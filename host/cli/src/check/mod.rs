//! `datagrant check`: what grants allow, and by which rule.

mod answer;
mod names;
mod question;

use crate::options::{self, Operation};
use crate::status::Status;
use crate::told;
use answer::Answer;
use anyhow::Result;
use datagrant::grants::{
    Basis, Bind, Connect, Endpoint, Grants, Hold, Interface, Name, Resolve, Send, SendFacts, Via, decide,
};
use question::{Problem, Subject};

/// What a socket knows that was bound by nothing yet, and has heard from nobody.
const UNBOUND: SendFacts = SendFacts {
    basis: Basis::Client,
    recent_peer: false,
    link_local_named: false,
    own_address: false,
    broadcast: false,
};

/// Prints the answer, and ends with 0, 1 or 2.
pub fn check(options: &options::Check) -> Result<Status> {
    let grants = options.granted.grants()?;
    let answer = match ask(&grants, options) {
        Ok(answer) => answer,
        Err(Problem(problem)) => {
            tell!("datagrant: {problem}");
            return Ok(Status::Exited(2));
        }
    };
    told::print(&answer.to_string())?;
    Ok(Status::Exited(if answer.is_allowed() { 0 } else { 1 }))
}

/// Whether the question is one, whatever the answer.
#[cfg(test)]
pub fn is_understood(options: &options::Check) -> Result<(), String> {
    let answer = ask(&Grants::new(), options);
    answer.map(drop).map_err(|Problem(problem)| problem)
}

fn ask(grants: &Grants, options: &options::Check) -> Result<Answer, Problem> {
    let subject = Subject::read(options.operation, &options.address)?;
    if options.from.is_some() && options.operation != Operation::Reply {
        return Err(Problem(
            "--from is for reply: it says where the socket is bound".to_owned(),
        ));
    }
    match subject {
        Subject::Name { name, .. } if options.operation == Operation::Resolve => Ok(resolve(grants, &name)),
        Subject::Name { name, port } => Ok(names::send(grants, options.operation, &name, port)),
        Subject::Local { bind } => Ok(self::bind(grants, &bind)),
        Subject::Group { join } => Ok(Answer::of(grants, &join, decide(grants, &join))),
        Subject::Remote { remote, interface } => {
            let from = options.from.as_deref();
            send(grants, options.operation, remote, interface, from)
        }
    }
}

fn resolve(grants: &Grants, name: &Name) -> Answer {
    let request = Resolve { name };
    Answer::of(grants, &request, decide(grants, &request))
}

fn bind(grants: &Grants, request: &Bind) -> Answer {
    let decided = decide(grants, request);
    let permit = decided.as_ref().ok().cloned();
    let answer = Answer::of(grants, request, decided);
    match permit {
        Some(permit) => answer.bound(request, &permit),
        None => answer,
    }
}

fn send(
    grants: &Grants,
    operation: Operation,
    remote: Endpoint,
    interface: Interface,
    from: Option<&str>,
) -> Result<Answer, Problem> {
    let datagram = |socket| Send {
        interface,
        ..Send::to(remote, socket)
    };
    match operation {
        Operation::Connect => {
            let request = Connect {
                interface,
                ..Connect::to(remote)
            };
            Ok(Answer::of(grants, &request, decide(grants, &request)))
        }
        Operation::Broadcast => {
            let request = datagram(SendFacts {
                broadcast: true,
                ..UNBOUND
            });
            let decided = decide(grants, &request);
            match decided {
                Ok(permit) if permit.via != Via::Broadcast => Ok(Answer::no_broadcast(remote)),
                decided => Ok(Answer::of(grants, &request, decided)),
            }
        }
        Operation::Reply => {
            let Subject::Local { bind } = Subject::read(Operation::Bind, from.unwrap_or_default())? else {
                return Err(Problem("--from is an address and a port".to_owned()));
            };
            Ok(reply(grants, &bind, datagram))
        }
        _ => {
            let request = datagram(UNBOUND);
            Ok(Answer::of(grants, &request, decide(grants, &request)))
        }
    }
}

/// A reply follows from the bind, from what the socket hears, and from what is denied.
fn reply<'a>(grants: &Grants, bind: &Bind, datagram: impl FnOnce(SendFacts) -> Send<'a>) -> Answer {
    let permit = match decide(grants, bind) {
        Ok(permit) => permit,
        denied => return Answer::of(grants, bind, denied),
    };
    let bound = Answer::of(grants, bind, Ok(permit.clone()));
    let sources = grants.sources(&Hold::of(bind, &permit, bind.local.port()));
    let (local, mut request) = (bind.local, datagram(UNBOUND));
    let remote = request.remote;
    let here = remote.ip() == local.ip() || local.is_unspecified() && remote.ip().is_loopback();
    let heard = permit.basis == Basis::Granted && sources.cover(&remote);
    request.socket = SendFacts {
        basis: permit.basis,
        recent_peer: heard,
        link_local_named: sources.name_link_local(&remote),
        own_address: here && local.port() == remote.port(),
        broadcast: false,
    };
    let decided = decide(grants, &request);
    let replied = decided.as_ref().is_ok_and(|permit| permit.via == Via::Reply);
    let answer = bound.and(Answer::of(grants, &request, decided));
    match heard {
        true if replied => answer.noting("for 60 s after its last datagram, to an address that is none of this host's"),
        true => answer,
        false => answer.noting(format_args!("a socket bound to {local} does not hear {}", remote.ip())),
    }
}
