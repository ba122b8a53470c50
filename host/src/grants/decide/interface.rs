//! Interfaces: who may choose one, and who may learn of one.

use super::super::{Denial, Grants, Interface, MulticastInterface, Operation, Reason, Right, ShowInterface};

/// Whoever may send to a group on the interface, or join one there.
pub(super) fn choose(grants: &Grants, request: &MulticastInterface) -> Result<(), Denial> {
    let interface = &request.interface;
    let groups = [&grants.send, &grants.join]
        .into_iter()
        .flat_map(|rules| rules.allow.groups());
    let mut zones = groups.map(|pattern| pattern.host().zone());
    let granted = zones.any(|zone| zone.is_none_or(|zone| zone.is(interface)));
    permit(granted, Operation::MulticastInterface, interface)
}

/// "Only interfaces that a grant names, or that an address in the guest's hands carries, are shown" (interface `zones`).
pub(super) fn show(grants: &Grants, request: &ShowInterface) -> Result<(), Denial> {
    let interface = &request.interface;
    let named = || {
        let patterns = Right::ALL.into_iter().flat_map(|right| grants.allowed(right));
        let mut zones = patterns.filter_map(|pattern| pattern.host().zone());
        zones.any(|zone| zone.is(interface))
    };
    permit(request.known || named(), Operation::ShowInterface, interface)
}

fn permit(granted: bool, operation: Operation, interface: &Interface) -> Result<(), Denial> {
    match granted {
        true => Ok(()),
        false => Err(Denial::new(operation, interface, Reason::InterfaceNotGranted)),
    }
}
