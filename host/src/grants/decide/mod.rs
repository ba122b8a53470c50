//! The single decision point.

mod about;
mod bind;
mod groups;
mod hold;
mod interface;
mod resolve;
mod send;

use super::request::{
    Bind, BindPermit, Connect, Hold, ImplicitBind, Join, MulticastInterface, Resolve, Send, SendPermit, ShowInterface,
};
use super::{Denial, Endpoint, Grants, Operation, Subject};

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
    use super::{Denial, Grants};

    /// Out of reach elsewhere, so that nobody goes round [`super::decide`].
    pub trait Judge {
        type Answer;

        fn judge(&self, grants: &Grants) -> Result<Self::Answer, Denial>;
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
    ($request:ty, $permit:ty, $judge:path) => {
        impl sealed::Judge for $request {
            type Answer = $permit;

            fn judge(&self, grants: &Grants) -> Result<$permit, Denial> {
                $judge(grants, self)
            }
        }
    };
}

request!(Bind, BindPermit, bind::bind);
request!(ImplicitBind, BindPermit, bind::implicit);
request!(Hold, (), hold::hold);
request!(Connect<'_>, (), send::connect);
request!(Send<'_>, SendPermit, send::send);
request!(Resolve<'_>, (), resolve::resolve);
request!(Join, (), groups::join);
request!(MulticastInterface, (), interface::choose);
request!(ShowInterface, (), interface::show);
