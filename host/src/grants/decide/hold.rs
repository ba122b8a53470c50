//! Whether a socket that is bound may stay.

use super::super::{Basis, Bind, BindPermit, Denial, Grants, HeldBy, Hold, ImplicitBind, Ports};
use super::{bind, groups};

/// It may if these grants would have given it what it has. One that was handed in is granted by its name: what is denied
/// holds for it ("deny: any right; always wins"), and nothing else.
pub(super) fn hold(grants: &Grants, request: &Hold) -> Result<(), Denial> {
    let by_number = Bind {
        local: request.local,
        ..request.asked()
    };
    let HeldBy::Bind(basis) = request.by else {
        return match request.local.is_multicast() {
            true => groups::undenied(grants, &by_number),
            false => bind::undenied(grants, &by_number),
        };
    };
    let refusal = match bind::bind(grants, &by_number) {
        Ok(permit) if gives(&permit, basis, request) => return Ok(()),
        // The IPv4 half of a dual-stack socket: bound anew, it would be IPv6 only.
        Ok(_) => bind::half_missing(&request.local),
        Err(denial) => denial,
    };
    let any = match basis {
        _ if !request.any_port => return Err(refusal),
        Basis::Granted => bind::bind(grants, &request.asked()),
        Basis::Client => bind::implicit(
            grants,
            &ImplicitBind {
                ipv6: request.local.is_ipv6(),
                dual_stack: request.dual_stack,
            },
        ),
    };
    match any {
        Ok(permit) if gives(&permit, basis, request) => Ok(()),
        _ => Err(refusal),
    }
}

/// Whether a bind that is done so gives all that the socket has. A client socket may do less than what a bind grant gives.
fn gives(permit: &BindPermit, basis: Basis, request: &Hold) -> bool {
    let port = match &permit.ports {
        Ports::Requested | Ports::Kernel => true,
        Ports::Within(ports) => ports.contains(request.local.port()),
    };
    port && (basis == Basis::Client || permit.basis == basis) && !(request.dual_stack && permit.ipv6_only)
}
