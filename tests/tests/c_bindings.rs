//! The C bindings that are committed are those of the WIT that they are made of.

use std::path::Path;
use std::{env, fs};
use wit_bindgen_c::Opts;
use wit_bindgen_core::{Files, wit_parser::Resolve};

/// With this variable set, the bindings are written in place of being compared.
const WRITE: &str = "DATAGRANT_WRITE_BINDINGS";

#[test]
fn the_bindings_of_the_c_sdk_are_those_of_the_contract() {
    // What a service exports is in guest/c/src/service.c, so that a program does not.
    are_those_of("wit", "imports", "dgram", "guest/c/bindings");
}

#[test]
fn the_bindings_of_the_codec_are_those_of_its_interface() {
    are_those_of("examples/polyglot/wit", "codec", "codec", "examples/polyglot/bindings");
}

/// That the bindings in a folder are made of this world, under this name.
#[track_caller]
fn are_those_of(wit: &str, world: &str, name: &str, bindings: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root.join(wit)).expect("it resolves");
    let world = resolve.select_world(&[package], Some(world)).expect("the world");
    let mut files = Files::default();
    let options = Opts {
        rename_world: Some(name.to_owned()),
        // `datagrant componentize` puts the type into the module, so that no binary is here.
        no_object_file: true,
        ..Opts::default()
    };
    let mut generator = options.build();
    generator.generate(&mut resolve, world, &mut files).expect("bindings");
    for (name, text) in files.iter() {
        let file = root.join(bindings).join(name);
        if env::var_os(WRITE).is_some() {
            fs::write(&file, text).expect("the folder can be written to");
        }
        let same = fs::read(&file).is_ok_and(|there| there == text);
        assert!(
            same,
            "{} is not what wit-bindgen-c makes of {wit}: {WRITE}=1 cargo test --test c_bindings writes it",
            file.display()
        );
    }
}
