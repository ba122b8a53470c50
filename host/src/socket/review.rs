//! What becomes of a socket when the grants are replaced: "checked per call and on delivery; pins, peers and queued
//! datagrams that no longer fit go too" (grants, rule 16).
//!
//! A socket goes whole: one that holds anything that the new grants would not give it (its bind, its peer, a membership)
//! is closed, after `error(access-denied)`. Half a socket, which silently hears less or talks to others than its guest
//! believes, would be worse. What it may do is asked at each call anyway; whom it hears is made anew here.

use super::judge::Judge;
use super::live::Live;
use super::peers::Peers;
use super::state::{Bound, State};
use super::{Socket, interface};
use crate::grants::{Connect, Endpoint, Hold, Join, Send};
use std::time::Instant;

impl Live for Socket {
    fn judge_again(&self) {
        let mut state = self.lock();
        // It lets go of the former grants, also where it is closed.
        state.policy.load();
        if state.descriptor.is_none() {
            return;
        }
        // Under the lock: what is replaced later is judged by whoever replaces it, when this is done.
        let judge = self.authority.judge();
        match self.fits(&state, &judge) {
            true => self.hear_anew(&mut state, &judge),
            false => state.withdraw(),
        }
    }
}

impl Socket {
    /// Whether the new grants would give it all that it holds.
    fn fits(&self, state: &State, judge: &Judge<'_>) -> bool {
        let bound = state.bound.as_ref();
        bound.is_none_or(|bound| judge.leaves(&self.hold(state, bound)))
            && self.keeps_peer(state, judge)
            && self.keeps_memberships(state, judge)
    }

    /// As it is bound, with the interface as it is called now.
    fn hold(&self, state: &State, bound: &Bound) -> Hold {
        Hold {
            interface: self.zone(state, &bound.hold.local),
            ..bound.hold
        }
    }

    fn keeps_peer(&self, state: &State, judge: &Judge<'_>) -> bool {
        let Some((remote, since)) = state.peer.zip(state.connected) else {
            return true;
        };
        let interface = self.reach(state, &remote, None).interface;
        // A name that was looked up too long ago for a new connect is no reason: that was so before.
        judge.with_names(&remote, since, |names| {
            judge.leaves(&Connect {
                remote,
                interface,
                held_by_others: state.bound.as_ref().is_some_and(Bound::is_held_by_others),
                names,
            })
        })
    }

    fn keeps_memberships(&self, state: &State, judge: &Judge<'_>) -> bool {
        let Some(descriptor) = &state.descriptor else {
            return true;
        };
        state.memberships.iter().all(|membership| {
            judge.leaves(&Join {
                group: membership.group,
                interface: interface::by_index(descriptor, membership.interface).interface,
                source: membership.source,
            })
        })
    }

    /// Whom it hears, and what is left of what it has heard.
    fn hear_anew(&self, state: &mut State, judge: &Judge<'_>) {
        let Some(hold) = state.bound.as_ref().map(|bound| self.hold(state, bound)) else {
            return;
        };
        let Some(bound) = &mut state.bound else { return };
        bound.sources = judge.sources(&hold);
        let mut peers = std::mem::replace(&mut bound.peers, Peers::new(self.authority.quota.limits()));
        peers.retain(|peer, at| self.hears(state, judge, peer, at));
        let Some(bound) = &mut state.bound else { return };
        bound.peers = peers;
        state.events.retain_messages(|remote| match Endpoint::new(remote) {
            Ok(source) if bound.is_client() => bound.peers.contains(&source),
            Ok(source) => bound.sources.cover(&source),
            Err(_) => false,
        });
    }

    /// Whether somebody may stay a peer: of a client socket whoever it may write to, of another whoever it receives from.
    fn hears(&self, state: &State, judge: &Judge<'_>, peer: &Endpoint, at: Instant) -> bool {
        match &state.bound {
            Some(bound) if !bound.is_client() => bound.sources.cover(peer),
            _ => {
                let interface = self.reach(state, peer, None).interface;
                let socket = self.facts(state, peer, at);
                judge.with_names(peer, at, |names| {
                    judge.permits(&Send {
                        remote: *peer,
                        socket,
                        interface,
                        names,
                    })
                })
            }
        }
    }
}
