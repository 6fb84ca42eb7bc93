//! The command line of `yata app`.

use std::path::PathBuf;

use clap::{ArgAction, Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use yata_agents::apps::Tier;

use crate::cli::ListFormatArg;

#[derive(Debug, Subcommand)]
pub(crate) enum AppVerb {
    Register(Box<RegisterArgs>),
    List {
        #[arg(default_value = ".", value_name = "PATH")]
        path: PathBuf,
        #[arg(long, value_name = "FILE")]
        register: Option<PathBuf>,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
    },
    Check(CheckArgs),
}

/// An entry of the register. Nothing is asked: what is needed and not given is an error.
#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: String,
    #[arg(long, value_enum)]
    pub(crate) tier: TierArg,
    #[arg(long = "data-class", id = "data-class", value_name = "CLASS", required = true, value_delimiter = ',')]
    pub(crate) data: Vec<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) review_by: Date,
    #[arg(long, value_name = "NAME")]
    pub(crate) maintained_by: Option<String>,
    #[arg(long, value_name = "ID=WHERE", action = ArgAction::Append)]
    pub(crate) control: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) register: Option<PathBuf>,
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) register: Option<PathBuf>,
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub(crate) unmaintained_after: Option<u32>,
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: CheckFormatArg,
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormatArg {
    Human,
    Json,
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TierArg {
    Personal,
    Internal,
    Official,
    Public,
}

impl TierArg {
    pub(super) const fn tier(self) -> Tier {
        match self {
            Self::Personal => Tier::Personal,
            Self::Internal => Tier::Internal,
            Self::Official => Tier::Official,
            Self::Public => Tier::Public,
        }
    }
}
