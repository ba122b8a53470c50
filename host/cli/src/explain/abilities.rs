//! Which rights a component could use, by the functions that it imports.

use super::shape::Shape;
use datagrant::grants::Right;

/// What a function can do.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Ability {
    Bind,
    Send,
    Connect,
    /// The switch, which a broadcast takes beside a send.
    Broadcast,
    Resolve,
    Join,
    Take,
}

/// Interfaces, without their versions, and functions.
const FUNCTIONS: &[(&str, &str, Ability)] = &[
    ("datagrant:dgram/sockets", "[method]socket.bind", Ability::Bind),
    ("datagrant:dgram/sockets", "[method]socket.connect", Ability::Connect),
    ("datagrant:dgram/sockets", "[method]socket.send", Ability::Send),
    ("datagrant:dgram/bursts", "send", Ability::Send),
    (
        "datagrant:dgram/sockets",
        "[method]socket.set-broadcast",
        Ability::Broadcast,
    ),
    ("datagrant:dgram/sockets", "[method]socket.join", Ability::Join),
    ("datagrant:dgram/name-lookup", "[static]lookup.start", Ability::Resolve),
    ("datagrant:dgram/granted", "take", Ability::Take),
    // WASI 0.2, and 0.3.
    ("wasi:sockets/udp", "[method]udp-socket.start-bind", Ability::Bind),
    ("wasi:sockets/udp", "[method]udp-socket.stream", Ability::Connect),
    (
        "wasi:sockets/udp",
        "[method]outgoing-datagram-stream.send",
        Ability::Send,
    ),
    ("wasi:sockets/types", "[method]udp-socket.bind", Ability::Bind),
    ("wasi:sockets/types", "[method]udp-socket.connect", Ability::Connect),
    ("wasi:sockets/types", "[method]udp-socket.send", Ability::Send),
    ("wasi:sockets/ip-name-lookup", "resolve-addresses", Ability::Resolve),
];

/// What a component could do.
#[derive(Debug)]
pub struct Abilities(Vec<Ability>);

impl Abilities {
    pub fn of(shape: &Shape) -> Abilities {
        let has = |(interface, function, _): &&(&str, &str, Ability)| {
            let named = |name: &str| name.split('@').next() == Some(*interface);
            let mut imports = shape.imports.iter().filter(|import| named(&import.name));
            imports.any(|import| import.functions.iter().any(|own| own == function))
        };
        Abilities(FUNCTIONS.iter().filter(has).map(|(_, _, ability)| *ability).collect())
    }

    fn has(&self, ability: Ability) -> bool {
        self.0.contains(&ability)
    }

    /// Whether it can take sockets that are handed in.
    pub fn takes_sockets(&self) -> bool {
        self.has(Ability::Take)
    }

    /// None if it could use the right, else why it cannot.
    pub fn lacks(&self, right: Right) -> Option<&'static str> {
        let sends = self.has(Ability::Send);
        let (able, lack) = match right {
            Right::Bind => (self.has(Ability::Bind), "it imports no function that binds"),
            Right::Send => (
                sends || self.has(Ability::Connect),
                "it imports no function that sends or connects",
            ),
            Right::Broadcast if sends => (self.has(Ability::Broadcast), "it imports no set-broadcast"),
            Right::Broadcast => (false, "it imports no function that sends"),
            Right::Resolve => (self.has(Ability::Resolve), "it imports no function that looks names up"),
            Right::Join => (self.has(Ability::Join), "it imports no join"),
            _ => (true, ""),
        };
        (!able).then_some(lack)
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::Import;
    use super::*;

    fn abilities(name: &str, functions: &[&str]) -> Abilities {
        Abilities::of(&Shape {
            imports: vec![Import {
                name: name.to_owned(),
                functions: functions.iter().map(|&function| function.to_owned()).collect(),
                resources: vec![],
            }],
            exports: vec![],
        })
    }

    #[test]
    fn each_function_gives_what_it_does_and_a_broadcast_takes_two() {
        let name = "datagrant:dgram/sockets@0.1.0";
        let can = |functions: &[&str]| {
            let abilities = abilities(name, functions);
            Right::ALL.map(|right| abilities.lacks(right).is_none())
        };
        assert_eq!(can(&["[method]socket.bind"]), [true, false, false, false, false]);
        assert_eq!(can(&["[method]socket.connect"]), [false, true, false, false, false]);
        assert_eq!(can(&["[method]socket.set-broadcast"]), [false; 5]);
        let both = ["[method]socket.set-broadcast", "[method]socket.send"];
        assert_eq!(can(&both), [false, true, true, false, false]);
        assert_eq!(can(&["[method]socket.join"]), [false, false, false, false, true]);
        assert_eq!(can(&["[method]socket.leave"]), [false; 5]);
    }

    #[test]
    fn a_function_of_another_interface_gives_nothing() {
        for name in [
            "datagrant:dgram/socketsx@0.1.0",
            "other:dgram/sockets@0.1.0",
            "datagrant:dgram/bursts@0.1.0",
        ] {
            let abilities = abilities(name, &["[method]socket.bind"]);
            assert!(abilities.lacks(Right::Bind).is_some(), "{name}");
        }
    }
}
