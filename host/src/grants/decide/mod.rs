//! The single decision point.

mod bind;
mod groups;
mod interface;
mod resolve;
mod send;

use super::request::{
    Bind, BindPermit, Connect, ImplicitBind, Join, MulticastInterface, Resolve, Send, SendPermit, ShowInterface,
};
use super::{Denial, Grants};

/// What can be asked: [`Bind`], [`ImplicitBind`], [`Connect`], [`Send`], [`Resolve`], [`Join`], [`MulticastInterface`],
/// [`ShowInterface`]. Sealed: every question is answered in this module.
pub trait Request: sealed::Judge<Answer = <Self as Request>::Permit> {
    /// What a permitted request is answered with.
    type Permit;
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
        impl Request for $request {
            type Permit = $permit;
        }

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
request!(Connect<'_>, (), send::connect);
request!(Send<'_>, SendPermit, send::send);
request!(Resolve<'_>, (), resolve::resolve);
request!(Join, (), groups::join);
request!(MulticastInterface, (), interface::choose);
request!(ShowInterface, (), interface::show);
