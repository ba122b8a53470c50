//! What each request is about.

use super::super::{
    Basis, Bind, BindPermit, Connect, Endpoint, HeldBy, Hold, ImplicitBind, Join, MulticastInterface, Operation,
    Resolve, Send, SendPermit, ShowInterface, Subject,
};
use super::Request;

impl Request for Bind {
    type Permit = BindPermit;

    fn operation(&self) -> Operation {
        Operation::Bind
    }

    fn subject(&self) -> Subject {
        Subject::of(&self.local, self.interface)
    }

    fn address(&self, permit: &BindPermit) -> Option<Endpoint> {
        (permit.basis == Basis::Granted).then_some(self.local)
    }
}

impl Request for ImplicitBind {
    type Permit = BindPermit;

    fn operation(&self) -> Operation {
        Operation::Bind
    }

    fn subject(&self) -> Subject {
        (&Endpoint::unspecified(self.ipv6, 0)).into()
    }

    fn address(&self, permit: &BindPermit) -> Option<Endpoint> {
        (permit.basis == Basis::Granted).then_some(Endpoint::unspecified(self.ipv6, 0))
    }
}

impl Request for Hold {
    type Permit = ();

    fn operation(&self) -> Operation {
        Operation::Bind
    }

    fn subject(&self) -> Subject {
        Subject::of(&self.local, self.interface)
    }

    fn address(&self, (): &()) -> Option<Endpoint> {
        (self.by == HeldBy::Bind(Basis::Granted)).then_some(self.asked().local)
    }
}

impl Request for Connect<'_> {
    type Permit = ();

    fn operation(&self) -> Operation {
        Operation::Connect
    }

    fn subject(&self) -> Subject {
        Subject::of(&self.remote, self.interface)
    }

    fn address(&self, (): &()) -> Option<Endpoint> {
        Some(self.remote)
    }
}

impl Request for Send<'_> {
    type Permit = SendPermit;

    fn operation(&self) -> Operation {
        Operation::Send
    }

    fn subject(&self) -> Subject {
        Subject::of(&self.remote, self.interface)
    }

    fn address(&self, _: &SendPermit) -> Option<Endpoint> {
        Some(self.remote)
    }
}

impl Request for Resolve<'_> {
    type Permit = ();

    fn operation(&self) -> Operation {
        Operation::Resolve
    }

    fn subject(&self) -> Subject {
        self.name.into()
    }

    fn address(&self, (): &()) -> Option<Endpoint> {
        None
    }
}

impl Request for Join {
    type Permit = ();

    fn operation(&self) -> Operation {
        Operation::Join
    }

    fn subject(&self) -> Subject {
        Subject::group(self.group, self.interface, None, self.source)
    }

    fn address(&self, (): &()) -> Option<Endpoint> {
        None
    }
}

impl Request for MulticastInterface {
    type Permit = ();

    fn operation(&self) -> Operation {
        Operation::MulticastInterface
    }

    fn subject(&self) -> Subject {
        (&self.interface).into()
    }

    fn address(&self, (): &()) -> Option<Endpoint> {
        None
    }
}

impl Request for ShowInterface {
    type Permit = ();

    fn operation(&self) -> Operation {
        Operation::ShowInterface
    }

    fn subject(&self) -> Subject {
        (&self.interface).into()
    }

    fn address(&self, (): &()) -> Option<Endpoint> {
        None
    }
}
