//! What holds of all grants: of patterns that are made from the grammar's table, of texts that nobody thought of, and of
//! whole lists. What a pattern means is told here by arithmetic of its own, from how it was made and not from how it was read.

mod addresses;
// What the fuzz targets ask of any text.
#[path = "../../../fuzz/bodies/file.rs"]
mod file;
mod files;
#[path = "../../../fuzz/bodies/grammar.rs"]
mod grammar;
mod lists;
mod meaning;
mod patterns;
mod printing;
mod texts;

use datagrant::grants;
