//! The command line.
//!
//! Parses only; what a value means is decided where it is used. Limits are in `limits.rs`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::limits::Limits;
use crate::variables::Assignment;

/// Many Gemini API keys behind one OpenAI-shaped endpoint.
#[derive(Debug, Parser)]
#[command(name = "gempool", version, arg_required_else_help = true)]
pub struct Cli {
    /// Where the state is.
    #[command(flatten)]
    pub place: PlaceArgs,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `gempool` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the gateway and the admin pages over HTTP/1.1 and h2c.
    Serve(Box<ServeArgs>),

    /// Work on a store, whether it is being served or not.
    #[command(flatten)]
    Manage(gempool_cli::Command),
}

/// Where the state is, and what else every command needs.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Place")]
pub struct PlaceArgs {
    /// Where key-value data lives: `sqlite:PATH`, `redis://[user:password@]host[:port][/db]`, which several hosts
    /// may share, or `memory:`. Other users of the machine can read a command line: give a password in the
    /// environment or the file. [default: sqlite:./gempool.db]
    #[arg(
        long,
        global = true,
        env = "GEMPOOL_STORE",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub store: Option<String>,

    /// File with the key that stored secrets are sealed with: 64 hex digits or base64, mode 600. Hosts that share
    /// a store need the same. [default: made beside the SQLite file, `./gempool.key` for Redis]
    #[arg(
        long,
        global = true,
        env = "GEMPOOL_MASTER_KEY_FILE",
        value_name = "FILE"
    )]
    pub master_key_file: Option<PathBuf>,

    /// Origin of the Gemini API, the only place the gateway may call unless variables name further ones;
    /// overrides `GEMINI_BASE_URL`.
    /// [default: <https://generativelanguage.googleapis.com>]
    #[arg(long, global = true, value_name = "URL")]
    pub upstream: Option<String>,

    /// TOML file with `listen`, `store` and a `[variables]` table (`gemini_base_url` is the upstream). Flags win
    /// over environment variables, and those over the file.
    #[arg(long, global = true, env = "GEMPOOL_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Set a variable, for example `--var load_balance_strategy=random`. Other users of the machine can read a
    /// command line: give secrets in the environment or the file.
    #[arg(long = "var", global = true, value_name = "NAME=VALUE")]
    pub variables: Vec<Assignment>,
}

/// Arguments of `gempool serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Address to listen on; port 0 takes a free one. [default: 127.0.0.1:3000]
    #[arg(long, env = "GEMPOOL_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,

    /// Run against a built-in Gemini simulator with two demo keys; stores nothing unless `--store` is given.
    #[arg(long)]
    pub demo: bool,

    /// Runtime threads, each with its own instances and upstream connections. [default: number of cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// How instances are made and kept.
    #[command(flatten)]
    pub components: ComponentArgs,

    /// Every bound on what clients, components and the upstream may use.
    #[command(flatten)]
    pub limits: Limits,

    /// What is logged and how.
    #[command(flatten)]
    pub log: LogArgs,
}

/// Where the two components come from.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Components")]
pub struct ComponentArgs {
    /// Gateway component to run instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    pub gateway: Option<PathBuf>,

    /// Admin component to run instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    pub admin: Option<PathBuf>,

    /// Folder for compiled components, which makes the next start quick. [default: the user's cache folder]
    #[arg(long, env = "GEMPOOL_CACHE_DIR", value_name = "DIR")]
    pub cache_dir: Option<PathBuf>,
}

/// Logging, always to standard error.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Logging")]
pub struct LogArgs {
    /// `error`, `warn`, `info`, `debug`, `trace`, or a list such as `info,gempool_host=debug`.
    #[arg(
        long,
        env = "GEMPOOL_LOG",
        default_value = "info",
        value_name = "FILTER"
    )]
    pub log_level: String,

    /// One line of text, or one JSON object, per event.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// Shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn parse(args: &[&str]) -> Result<(PlaceArgs, ServeArgs), clap::Error> {
        let words = ["gempool", "serve"].iter().chain(args);
        Cli::try_parse_from(words).map(|cli| match cli.command {
            Command::Serve(args) => (cli.place, *args),
            Command::Manage(other) => panic!("not `serve` but {other:?}"),
        })
    }

    #[test]
    fn command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_limit_states_its_unit_and_default_in_the_help() {
        let command = Cli::command();
        let serve = command.find_subcommand("serve").unwrap();
        let limits: Vec<_> = serve
            .get_arguments()
            .filter(|arg| {
                arg.get_help_heading()
                    .is_some_and(|heading| heading.contains("limits"))
            })
            .collect();
        assert!(limits.len() >= 20, "only {} limits found", limits.len());
        for arg in limits {
            assert!(!arg.get_default_values().is_empty(), "{arg} has no default");
            assert!(arg.get_value_names().is_some(), "{arg} names no unit");
        }
    }

    #[test]
    fn refuses_nonsense_before_anything_listens() {
        for args in [
            &["--listen", "here"][..],
            &["--threads", "0"],
            &["--max-body-bytes", "many"],
            &["--var", "NoEquals"],
            &["--var", "Upper=1"],
        ] {
            assert!(parse(args).is_err(), "{args:?} was accepted");
        }
    }

    #[test]
    fn takes_the_fixed_interface() {
        let (place, args) = parse(&[
            "--listen",
            "127.0.0.1:0",
            "--upstream",
            "http://127.0.0.1:9",
            "--store",
            "memory:",
            "--demo",
        ])
        .unwrap();
        assert!(args.demo);
        assert_eq!(place.store.as_deref(), Some("memory:"));
    }
    #[test]
    fn where_the_store_is_may_be_said_before_or_after_the_command() {
        for words in [
            ["gempool", "--store", "memory:", "pools", "list"],
            ["gempool", "pools", "list", "--store", "memory:"],
        ] {
            let cli = Cli::try_parse_from(words).unwrap();
            assert_eq!(cli.place.store.as_deref(), Some("memory:"));
        }
    }
}
