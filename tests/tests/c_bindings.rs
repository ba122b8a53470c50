//! The C bindings in `guest/c/bindings` are those of the contract in `wit/`.

use std::path::Path;
use std::{env, fs};
use wit_bindgen_c::Opts;
use wit_bindgen_core::{Files, wit_parser::Resolve};

/// With this variable set, the bindings are written in place of being compared.
const WRITE: &str = "DATAGRANT_WRITE_BINDINGS";

#[test]
fn the_c_bindings_are_those_of_the_contract() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root.join("wit")).expect("wit/ resolves");
    // What a service exports is in guest/c/src/service.c, so that a program does not.
    let world = resolve.select_world(&[package], Some("imports")).expect("the world");
    let mut files = Files::default();
    let options = Opts {
        rename_world: Some("dgram".to_owned()),
        // `datagrant componentize` puts the type into the module, so that no binary is here.
        no_object_file: true,
        ..Opts::default()
    };
    let mut generator = options.build();
    generator.generate(&mut resolve, world, &mut files).expect("bindings");
    for (name, text) in files.iter() {
        let file = root.join("guest/c/bindings").join(name);
        if env::var_os(WRITE).is_some() {
            fs::write(&file, text).expect("the folder can be written to");
        }
        let same = fs::read(&file).is_ok_and(|there| there == text);
        assert!(
            same,
            "{} is not what wit-bindgen-c makes of wit/: {WRITE}=1 cargo test --test c_bindings writes it",
            file.display()
        );
    }
}
