//! Files that are for this user alone.

use anyhow::{Result, anyhow};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, OpenOptions, OpenOptionsExt};
use std::path::Path;

/// Opens a regular file to write, as `options` say; where it is made, for this user alone.
pub fn open(path: &Path, options: &mut OpenOptions) -> Result<File> {
    let name = path.file_name().ok_or_else(|| anyhow!("it names no file"))?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = Dir::open_ambient_dir(folder, ambient_authority())?;
    // Before it is opened, which waits where it is a pipe.
    if folder.metadata(name).is_ok_and(|there| !there.is_file()) {
        return Err(anyhow!("it is no regular file"));
    }
    Ok(folder.open_with(name, options.create(true).mode(0o600))?)
}
