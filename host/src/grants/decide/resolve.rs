//! Lookups.

use super::super::{Denial, Grants, Operation, Reason, Resolve, Right};

/// Rule 7: a lookup needs a resolve pattern for the name.
pub(super) fn resolve(grants: &Grants, request: &Resolve<'_>) -> Result<(), Denial> {
    let name = request.name;
    let refuse = |reason| Denial::new(Operation::Resolve, name, reason);
    if grants.resolve.deny.names().cover(name) {
        let rule = grants.resolve.deny.first_of_name(name, None);
        return Err(refuse(Reason::Denied).by(Right::Resolve, rule));
    }
    match grants.resolve.allow.names().cover(name) {
        true => Ok(()),
        false => Err(refuse(Reason::NotGranted).fixed_by(Right::Resolve, name)),
    }
}
