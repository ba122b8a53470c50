//! Where compiled code is kept: native code, so the folder must be private to the user (grants, rule 12).

use anyhow::{Context, Result, bail};
use std::fs::DirBuilder;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use wasmtime::{Cache, CacheConfig};

/// The user's cache, or none where there is no home for it or it is not private; that is said, and costs time only.
pub fn open() -> Option<Cache> {
    let folder = folder()?;
    match private(&folder).and_then(|()| Ok(Cache::new(config(&folder))?)) {
        Ok(cache) => Some(cache),
        Err(error) => {
            tell!("datagrant: compiled code is not cached: {error:#}");
            None
        }
    }
}

fn config(folder: &Path) -> CacheConfig {
    let mut config = CacheConfig::new();
    config.with_directory(folder);
    config
}

/// `$XDG_CACHE_HOME/datagrant`, or `~/.cache/datagrant` (XDG Base Directory Specification: relative paths are ignored).
fn folder() -> Option<PathBuf> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    Some(caches.join("datagrant"))
}

/// Makes `folder` where it is missing, and makes sure that nobody else can put code into it.
fn private(folder: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let metadata = folder
        .metadata()
        .with_context(|| format!("cannot read {}", folder.display()))?;
    // The process's own folder tells who it is.
    let user = Path::new("/proc/self")
        .metadata()
        .context("cannot read /proc/self")?
        .uid();
    if metadata.uid() != user {
        bail!("{} belongs to another user", folder.display());
    }
    if metadata.mode() & 0o077 != 0 {
        bail!("{0} is open to other users: chmod 700 {0}", folder.display());
    }
    Ok(())
}
