//! The options of a middleware: what stands behind its file, `--with faults.wasm,loss=10%,seed=7`.

#[allow(missing_docs, reason = "generated: what wit/ documents is documented there")]
pub mod bindings {
    //! What `wit/options.wit` makes of it.

    wit_bindgen::generate!({
        path: "wit",
        world: "configured",
        pub_export_macro: true,
        export_macro_name: "export_check",
        default_bindings_module: "datagrant_middleware::options::bindings",
    });
}

use std::marker::PhantomData;

/// What options make of a middleware.
pub trait Options: Sized {
    /// Reads them: names and values, in the order in which they were written.
    ///
    /// # Errors
    /// What is wrong with the first one that is not understood, and what to write instead.
    fn read(options: &[(String, String)]) -> Result<Self, String>;
}

/// The options of this middleware, as they were written.
///
/// # Panics
/// When they are not understood, which nobody has asked about before: the composition was made by other tools.
#[must_use]
pub fn read<O: Options>() -> O {
    O::read(&bindings::datagrant::middleware::options::get()).unwrap_or_else(|problem| panic!("{problem}"))
}

/// The answer whether options are understood: what [`options!`](crate::options!) exports.
pub struct Check<O>(PhantomData<O>);

impl<O: Options> bindings::exports::datagrant::middleware::check::Guest for Check<O> {
    fn check() -> Result<(), String> {
        O::read(&bindings::datagrant::middleware::options::get()).map(drop)
    }
}

/// Exports what asks whether the [`Options`] of a middleware are understood.
#[macro_export]
macro_rules! options {
    ($options:ty) => {
        type ExportedCheck = $crate::options::Check<$options>;
        $crate::options::bindings::export_check!(ExportedCheck);
    };
}
