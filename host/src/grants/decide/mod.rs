//! The single decision point.

mod about;
mod bind;
mod grounds;
mod groups;
mod hold;
mod interface;
mod resolve;
mod send;

use super::request::{
    Bind, BindPermit, Connect, Hold, ImplicitBind, Join, MulticastInterface, Resolve, Send, SendPermit, ShowInterface,
};
use super::{Denial, Endpoint, Grants, Grounds, Operation, Subject};

/// What can be asked: [`Bind`], [`ImplicitBind`], [`Hold`], [`Connect`], [`Send`], [`Resolve`], [`Join`],
/// [`MulticastInterface`], [`ShowInterface`]. Sealed: every question is answered in this module.
pub trait Request: sealed::Judge<Answer = <Self as Request>::Permit> {
    /// What a permitted request is answered with.
    type Permit;

    /// The operation, as a [`Denial`] tells it.
    fn operation(&self) -> Operation;

    /// What the operation is about, as a [`Denial`] tells it.
    fn subject(&self) -> Subject;

    /// The address that a permit gives the use of: a local one by a bind grant, or a destination. The bind of a client
    /// socket is to no address of its own.
    fn address(&self, permit: &Self::Permit) -> Option<Endpoint>;
}

mod sealed {
    use super::{Denial, Grants, Grounds};
    use std::hash::Hasher;

    /// Out of reach elsewhere, so that nobody goes round [`super::decide`].
    pub trait Judge {
        type Answer;

        fn judge(&self, grants: &Grants) -> Result<Self::Answer, Denial>;

        /// By which patterns it was permitted.
        fn grounds(&self, grants: &Grants, permit: &Self::Answer) -> Grounds;

        /// What tells it from others that were permitted.
        fn mark(&self, permit: &Self::Answer, state: &mut dyn Hasher);
    }
}

/// Judges a request: the one place where anything is permitted. Ask it before any system call; what is permitted holds
/// for that one operation.
///
/// The order of evaluation stands in the [module's documentation](super). A permitted send or connect, and a permitted
/// bind of a port other than 0, allocates nothing, once the grants are [prepared](Grants::prepare); the first decision
/// prepares them.
///
/// # Errors
///
/// [`Denial`], with the reason for the operator. The guest is told `access-denied` and no more.
pub fn decide<R: Request>(grants: &Grants, request: &R) -> Result<R::Permit, Denial> {
    request.judge(grants)
}

macro_rules! request {
    ($request:ty, $permit:ty, $judge:path, $name:ident) => {
        impl sealed::Judge for $request {
            type Answer = $permit;

            fn judge(&self, grants: &Grants) -> Result<$permit, Denial> {
                $judge(grants, self)
            }

            fn grounds(&self, grants: &Grants, permit: &$permit) -> Grounds {
                grounds::$name(grants, self, permit)
            }

            fn mark(&self, permit: &$permit, state: &mut dyn std::hash::Hasher) {
                grounds::mark::$name(self, permit, state);
            }
        }
    };
}

request!(Bind, BindPermit, bind::bind, bind);
request!(ImplicitBind, BindPermit, bind::implicit, implicit);
request!(Hold, (), hold::hold, hold);
request!(Connect<'_>, (), send::connect, connect);
request!(Send<'_>, SendPermit, send::send, send);
request!(Resolve<'_>, (), resolve::resolve, resolve);
request!(Join, (), groups::join, join);
request!(MulticastInterface, (), interface::choose, choose);
request!(ShowInterface, (), interface::show, show);
