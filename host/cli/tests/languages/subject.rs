//! A language: its components, each built once, and what came of its checks, which run once on each provider.

use crate::checks::{self, Lines};
use crate::common::finishes;
use crate::guarded::guarded;
use crate::provider::Provider;
use crate::{Build, service, throw};
use datagrant_tests::hosts;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A language of the table.
pub struct Subject {
    language: &'static str,
    build: Build,
    checks: OnceLock<Result<Built, NotBuilt>>,
    service: OnceLock<Result<Built, NotBuilt>>,
    lines: [OnceLock<Result<Lines, String>>; Provider::ALL.len()],
}

/// Why there is no component.
enum NotBuilt {
    /// What it takes is not here.
    Missing(String),
    /// It does not build.
    Broken(String),
}

/// A program as a component, and compiled for `datagrant`.
pub struct Built {
    pub component: PathBuf,
    compiled: OnceLock<PathBuf>,
}

impl Built {
    /// Compiled ahead of time: that may take longer than a test is patient.
    pub fn compiled(&self) -> &Path {
        self.compiled.get_or_init(|| {
            let file = self.component.with_extension("cwasm");
            let mut compile = Command::new(env!("CARGO_BIN_EXE_datagrant"));
            finishes(compile.arg("compile").arg(&self.component).arg("-o").arg(&file));
            file
        })
    }
}

impl Subject {
    pub fn new(language: &'static str, build: Build) -> Subject {
        Subject {
            language,
            build,
            checks: OnceLock::new(),
            service: OnceLock::new(),
            lines: Default::default(),
        }
    }

    pub fn language(&self) -> &'static str {
        self.language
    }

    /// Whether this cell can be run here; what is missing for it.
    pub fn can_run(&self, provider: Provider, check: &str) -> Result<(), String> {
        if let Err(NotBuilt::Missing(what)) = self.built(check) {
            return Err(what.clone());
        }
        match (provider, check) {
            (Provider::Adapter, "names") => hosts::can_be_given(),
            _ => Ok(()),
        }
    }

    /// How this cell ends. It [can be run](Self::can_run).
    pub fn ends(&self, provider: Provider, check: &str) -> Result<(), String> {
        let built = match self.built(check) {
            Ok(built) => built,
            Err(NotBuilt::Missing(why) | NotBuilt::Broken(why)) => return Err(why.clone()),
        };
        match check {
            "throw" => guarded(|| throw::tells(built, provider)),
            "service" => guarded(|| service::answers(built, provider)),
            check => {
                let lines = &self.lines[provider as usize];
                let lines = lines.get_or_init(|| guarded(|| Ok(checks::run(built, provider))));
                lines.as_ref().map_err(String::clone)?.of(check)
            }
        }
    }

    fn built(&self, check: &str) -> &Result<Built, NotBuilt> {
        match check {
            "service" => self.service.get_or_init(|| self.build("service")),
            _ => self.checks.get_or_init(|| self.build("checks")),
        }
    }

    /// Each time in the same place: what nobody drops would pile up.
    fn build(&self, program: &str) -> Result<Built, NotBuilt> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("languages")
            .join(self.language);
        let component = folder.join(program).with_extension("wasm");
        let build = || {
            fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
            Ok((self.build)(program, &component))
        };
        guarded(build).map_err(NotBuilt::Broken)?.map_err(NotBuilt::Missing)?;
        Ok(Built {
            component,
            compiled: OnceLock::new(),
        })
    }
}
