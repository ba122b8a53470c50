#![doc = include_str!("../README.md")]

#[allow(missing_docs, reason = "generated: what wit/ documents is documented there")]
pub mod bindings {
    //! What `wit/` makes of a middleware: the contract's imports, which are those of [`datagrant_guest`], and its exports.

    wit_bindgen::generate!({
        path: "../../wit",
        world: "middleware",
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_contract",
        default_bindings_module: "datagrant_middleware::bindings",
        with: {
            "datagrant:dgram/types@0.1.0": datagrant_guest::bindings::types,
            "datagrant:dgram/sockets@0.1.0": datagrant_guest::bindings::sockets,
            "datagrant:dgram/bursts@0.1.0": datagrant_guest::bindings::bursts,
            "datagrant:dgram/name-lookup@0.1.0": datagrant_guest::bindings::name_lookup,
            "datagrant:dgram/zones@0.1.0": datagrant_guest::bindings::zones,
            "datagrant:dgram/granted@0.1.0": datagrant_guest::bindings::granted,
            "datagrant:dgram/wait@0.1.0": datagrant_guest::bindings::wait,
        },
    });
}
mod component;
mod middleware;
pub mod options;
mod socket;

pub use component::Component;
pub use middleware::Middleware;
pub use socket::Socket;

/// The contract as the provider behind this middleware gives it.
pub mod inner {
    pub use crate::bindings::datagrant::dgram::poll;
    pub use datagrant_guest::bindings::{bursts, granted, name_lookup, sockets, types, wait, zones};
}

/// Makes a component of a [`Middleware`]: its exports.
#[macro_export]
macro_rules! middleware {
    ($middleware:ty) => {
        type ExportedMiddleware = $crate::Component<$middleware>;
        $crate::bindings::export_contract!(ExportedMiddleware);
    };
}
