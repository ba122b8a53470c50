//! What a middleware is, and what is wrong with a file that is none.

use super::{check, graph, made};
use crate::component;
use crate::explain::Shape;
use crate::options::With;
use anyhow::{Context, Result, anyhow, bail};
use std::path::{Path, PathBuf};

/// A middleware, with its options in it.
pub struct Middleware {
    path: PathBuf,
    bytes: Vec<u8>,
    pub shape: Shape,
}

/// What it imports to be told its options, and exports to be asked about them.
const OPTIONS: &str = "datagrant:middleware/options@0.1.0";
const CHECK: &str = "datagrant:middleware/check@0.1.0";

impl Middleware {
    /// Reads it, plugs its options into it, and asks whether it understands them.
    pub fn read(with: &With) -> Result<Middleware> {
        let path = &with.path;
        let mut bytes = component::read(path).map_err(|error| with.hint(error))?;
        let shape = super::shape(&bytes, path)?;
        is_one(&shape, path)?;
        if shape.imports.iter().any(|import| import.name == OPTIONS) {
            let options = made::options(&with.options)?;
            bytes = graph::plug(&bytes, &options).with_context(|| path.display().to_string())?;
            if shape.exports.iter().any(|export| export == CHECK) {
                check::check(&bytes, path, CHECK)?;
            }
        } else if let Some((name, value)) = with.options.first() {
            bail!(
                "{} takes no options, for it does not import {OPTIONS}: leave {name}={value} out",
                path.display()
            );
        }
        Ok(Middleware {
            path: path.clone(),
            bytes,
            shape,
        })
    }

    /// Puts it round a component that is made of the one at `path`.
    pub fn wrap(&self, inner: &[u8], path: &Path) -> Result<Vec<u8>> {
        let (file, component) = (self.path.display(), path.display());
        let inner_shape = super::shape(inner, path)?;
        let names = || inner_shape.imports.iter().map(|import| import.name.as_str());
        let wanted: Vec<&str> = names().filter(|name| is_provided(name)).collect();
        if wanted.is_empty() {
            tell!("datagrant: {component} imports nothing of datagrant:dgram, so that {file} has nothing to wrap");
            return Ok(inner.to_vec());
        }
        for name in wanted {
            if !self.shape.exports.iter().any(|export| export == name) {
                let why = match self.shape.exports.iter().find(|export| base(export) == base(name)) {
                    Some(other) => format!("{file} is of another version, and exports {other}"),
                    None => format!("{file} does not export it, and what it does not wrap would go round it"),
                };
                bail!("{component} imports {name}: {why}");
            }
        }
        graph::plug(inner, &self.bytes).map_err(|error| {
            let error = component::one_line(&error);
            anyhow!("{component} and {file} do not fit together: {error}")
        })
    }
}

/// Whether it imports the contract and exports it.
fn is_one(shape: &Shape, path: &Path) -> Result<()> {
    let file = path.display();
    let imports = shape.imports.iter().any(|import| is_provided(&import.name));
    let exports = shape.exports.iter().any(|export| is_provided(export));
    match (imports, exports) {
        (true, true) => Ok(()),
        (true, false) => {
            bail!("{file} is no middleware: it imports datagrant:dgram and does not export it, as programs do")
        }
        (false, true) => {
            bail!("{file} is no middleware: it exports datagrant:dgram and does not import it, as providers do")
        }
        (false, false) => bail!("{file} is no middleware: it neither imports nor exports datagrant:dgram"),
    }
}

/// Whether this is an interface of the contract that a provider exports. `types` is imported everywhere, and a handler is
/// a service's.
fn is_provided(name: &str) -> bool {
    let interface = name.strip_prefix("datagrant:dgram/").map(base);
    interface.is_some_and(|interface| !matches!(interface, "types" | "handler"))
}

/// Without the version.
fn base(name: &str) -> &str {
    name.split_once('@').map_or(name, |(name, _)| name)
}
