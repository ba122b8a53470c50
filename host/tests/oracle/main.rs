//! Every right, allowed and denied, against every kind of address in every form: all combinations, judged by `decide()` and
//! by an oracle that was written from the meaning of the rights alone. The oracle does no arithmetic on addresses: what
//! each address is, and what each pattern covers, stands here in words.

mod binds;
mod groups;
mod names;
mod samples;
mod sends;

use std::collections::BTreeSet;

use datagrant::grants::{Basis, Endpoint, Grants, Right, SendFacts};
use samples::{Address, Form, Hosts, Kind, Sample, samples};

const PORT: u16 = 53;

/// The grants of a case: at most one allowed and one denied pattern of a right, each on the port or beside it.
struct Case<'a> {
    allow: Option<(&'a Hosts, u16)>,
    deny: Option<(&'a Hosts, u16)>,
    grants: Grants,
}

impl Case<'_> {
    fn allows(&self, address: &Address) -> bool {
        self.allow
            .is_some_and(|(hosts, port)| port == PORT && (hosts.allow)(address))
    }

    fn denies(&self, address: &Address) -> bool {
        self.deny
            .is_some_and(|(hosts, port)| port == PORT && (hosts.deny)(address))
    }

    /// Whether a wildcard socket of the family would receive where it is denied.
    fn denies_some_of(&self, v6: bool) -> bool {
        self.deny.is_some_and(|(hosts, port)| {
            let (of_v4, of_v6) = hosts.families;
            port == PORT && if v6 { of_v6 } else { of_v4 }
        })
    }
}

fn each_case<'a>(right: Right, hosts: impl IntoIterator<Item = &'a Hosts>, mut check: impl FnMut(&Case<'_>)) -> usize {
    let all = hosts
        .into_iter()
        .flat_map(|hosts| [Some((hosts, PORT)), Some((hosts, PORT + 1))]);
    let choices: Vec<Option<(&Hosts, u16)>> = std::iter::once(None).chain(all).collect();
    for allow in &choices {
        for deny in &choices {
            let mut grants = Grants::new();
            if let Some((hosts, port)) = allow {
                grants
                    .allow(right, &format!("{}:{port}", hosts.written))
                    .expect("a pattern");
            }
            if let Some((hosts, port)) = deny {
                grants
                    .deny(right, &format!("{}:{port}", hosts.written))
                    .expect("a pattern");
            }
            check(&Case {
                allow: *allow,
                deny: *deny,
                grants,
            });
        }
    }
    choices.len() * choices.len()
}

fn endpoint(sample: &Sample, port: u16) -> Endpoint {
    Endpoint::new(sample.address(port)).expect("an address")
}

const FACTS: SendFacts = SendFacts {
    basis: Basis::Client,
    recent_peer: false,
    link_local_named: false,
    own_address: false,
    broadcast: false,
};

#[track_caller]
fn same(what: &str, sample: &Sample, case: &Case<'_>, decided: bool, meant: bool) {
    let name = |pattern: &Option<(&Hosts, u16)>| pattern.map(|(hosts, port)| format!("{}:{port}", hosts.written));
    let (allow, deny) = (name(&case.allow), name(&case.deny));
    assert_eq!(
        decided, meant,
        "{what} {} with allow {allow:?} and deny {deny:?}",
        sample.written
    );
}

/// In each form each kind that there is of it.
#[test]
fn no_form_of_no_kind_is_left_out() {
    let kinds = |form| {
        let of_form = samples().into_iter().filter(move |sample| sample.form == form);
        let kinds = of_form.map(|sample| sample.holds.as_ref().unwrap_or(&sample.itself).kind);
        kinds.collect::<BTreeSet<Kind>>()
    };
    let all = kinds(Form::V4);
    assert_eq!(all.len(), 8);
    for form in [Form::Mapped, Form::Nat64, Form::SixToFour] {
        assert_eq!(kinds(form), all);
    }
    let but = |left_out: Kind| {
        all.iter()
            .copied()
            .filter(|kind| *kind != left_out)
            .collect::<BTreeSet<Kind>>()
    };
    assert_eq!(kinds(Form::V6), but(Kind::Broadcast));
    assert_eq!(kinds(Form::Compatible), but(Kind::Unspecified));
}
