//! PostgreSQL for tests: a server of our own, or one that the environment names, and a fresh database for each test.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

/// Names a server on which databases may be made, as a URL; without it, a private server is started.
pub const SERVER_VARIABLE: &str = "YATA_TEST_POSTGRES";

/// The superuser of a private server.
const USER: &str = "yata";

/// Ends the server and removes its folder when the test process is gone, however it went: then the pipe closes.
const GUARD: &str =
    r#"trap '' INT TERM HUP; echo ready; read -r _; "$1" -D "$2/data" -m immediate -s stop; rm -rf "$2""#;

/// Whether what was committed must survive the end of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// Nothing is pressed onto the disk: fast.
    Fast,
    /// As in production.
    Safe,
}

/// A private server that ends with the test process, even if that is killed. It listens on a socket in a folder of its
/// own alone, and sorts texts in the English way, so that a test notices who relies on the order of bytes.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    programs: PathBuf,
    /// Who runs it, where the tests run as root, which PostgreSQL refuses.
    user: Option<(u32, u32)>,
    guard: Child,
}

impl Server {
    /// Starts one; `None` where PostgreSQL is not installed.
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn start(disk: Disk) -> Option<Server> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("yata-pg").tempdir().unwrap().keep();
        let is_root = fs::metadata(&folder).unwrap().uid() == 0;
        let user = is_root.then(|| other_user().expect("a user to run PostgreSQL: it refuses to run as root"));
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).unwrap();
        }
        let mut guard = as_user(user, Path::new("sh"))
            .args([OsStr::new("-c"), OsStr::new(GUARD), OsStr::new("guard")])
            .args([programs.join("pg_ctl"), folder.clone()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        // Before there is anything to guard.
        BufReader::new(guard.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
        let server = Server { folder, programs, user, guard };
        server.make(disk);
        server.restart();
        Some(server)
    }

    fn make(&self, disk: Disk) {
        let data = self.folder.join("data");
        let arguments = ["-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"];
        let english = ["--locale=C", "--locale-provider=icu", "--icu-locale=en-US"];
        let initdb = |more: &[&str]| {
            let mut command = self.command("initdb");
            command.arg("-D").arg(&data).args(arguments).args(more).output().unwrap()
        };
        if !initdb(&english).status.success() {
            // Before version 15, or built without ICU.
            let output = initdb(&["--locale=C"]);
            assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        }
        let on = if disk == Disk::Safe { "on" } else { "off" };
        let settings = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 200\nshared_buffers = 32MB\n\
             fsync = {on}\nfull_page_writes = {on}\nautovacuum = off\n",
            self.folder.display()
        );
        let path = data.join("postgresql.conf");
        let old = fs::read_to_string(&path).unwrap();
        fs::write(&path, old + &settings).unwrap();
    }

    fn command(&self, program: &str) -> Command {
        let mut command = as_user(self.user, &self.programs.join(program));
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    fn pg_ctl(&self, arguments: &[&str]) {
        let log = self.folder.join("log");
        let data = self.folder.join("data");
        // Its output would stay open as long as the server runs.
        let status = self
            .command("pg_ctl")
            .arg("-D")
            .arg(data)
            .arg("-l")
            .arg(&log)
            .args(["-s", "-w"])
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "pg_ctl {arguments:?}: {}", fs::read_to_string(log).unwrap_or_default());
    }

    /// Starts it (again), and waits until it answers.
    pub fn restart(&self) {
        self.pg_ctl(&["start"]);
    }

    /// Stops it at once, as a crash does.
    pub fn stop(&self) {
        self.pg_ctl(&["-m", "immediate", "stop"]);
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        PgConnectOptions::new_without_pgpass()
            .username(USER)
            .socket(&self.folder)
            .port(5432)
            .database(database)
            .to_url_lossy()
            .to_string()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

fn as_user(user: Option<(u32, u32)>, program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("LC_ALL", "C");
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// Somebody who is not root.
fn other_user() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let find = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    find("postgres").or_else(|| find("nobody"))
}

/// The folder with `initdb` and `pg_ctl`.
fn programs() -> Option<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").stderr(Stdio::null()).output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    // Debian keeps them out of the search path, and those of several versions beside each other.
    let mut versions: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    let number = |path: &PathBuf| path.file_name().and_then(OsStr::to_str).and_then(|name| name.parse::<u32>().ok());
    versions.sort_by_key(number);
    folders.extend(versions.into_iter().rev().map(|version| version.join("bin")));
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// The server that all tests of this process share.
#[derive(Debug)]
enum Shared {
    Private(Server),
    Named(Box<PgConnectOptions>),
    None,
}

fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        if let Ok(url) = std::env::var(SERVER_VARIABLE) {
            return Shared::Named(Box::new(url.parse().expect("a URL in YATA_TEST_POSTGRES")));
        }
        match Server::start(Disk::Fast) {
            Some(server) => Shared::Private(server),
            None => {
                eprintln!("skipped: needs PostgreSQL (its programs, or a server in {SERVER_VARIABLE})");
                Shared::None
            }
        }
    })
}

/// A database of one test's own. Dropping it drops the database, whoever is still connected.
#[derive(Debug)]
pub struct Database {
    name: String,
    server: PgConnectOptions,
}

impl Database {
    /// An empty one; `None`, with a line that says so once, where there is no PostgreSQL.
    pub fn empty() -> Option<Database> {
        Database::create(&shared().server()?, None)
    }

    /// One as `fill` makes it of an empty one, given its URL. On a private server `fill` runs once for each `template`,
    /// and the others are copies of that; it must leave no connection open.
    pub fn like(template: &'static OnceLock<Option<Database>>, fill: impl Fn(&str) + Sync) -> Option<Database> {
        let filled = || {
            let database = Database::empty()?;
            // The caller may be on a runtime, in which one cannot wait for another.
            std::thread::scope(|scope| scope.spawn(|| fill(&database.url())).join()).unwrap();
            Some(database)
        };
        match shared() {
            // A template is never dropped, and would stay there.
            Shared::Named(_) => filled(),
            _ => {
                let template = template.get_or_init(filled).as_ref()?;
                Database::create(&template.server, Some(&template.name))
            }
        }
    }

    fn create(server: &PgConnectOptions, template: Option<&str>) -> Option<Database> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("yata_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let template = template.map(|template| format!(" TEMPLATE {template}")).unwrap_or_default();
        let database = Database { name, server: server.clone() };
        run(server, format!("CREATE DATABASE {}{template}", database.name)).unwrap();
        Some(database)
    }

    /// Its URL.
    pub fn url(&self) -> String {
        self.server.clone().database(&self.name).to_url_lossy().to_string()
    }

    /// Runs SQL in it, on a connection of its own.
    ///
    /// # Panics
    /// If it fails.
    pub fn run(&self, sql: &str) {
        run(&self.server.clone().database(&self.name), sql.to_owned()).unwrap();
    }

    /// Ends all connections to it, as an administrator or a restart of the server does.
    pub fn disconnect_all(&self) {
        let of = format!("datname = '{}' AND pid <> pg_backend_pid()", self.name);
        run(&self.server, format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {of}")).unwrap();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let dropped = run(&self.server, format!("DROP DATABASE {} WITH (FORCE)", self.name));
        if let (Err(error), false) = (dropped, std::thread::panicking()) {
            eprintln!("the database {} stays: {error}", self.name);
        }
    }
}

impl Shared {
    fn server(&self) -> Option<PgConnectOptions> {
        match self {
            Shared::Private(server) => Some(server.url("postgres").parse().unwrap()),
            Shared::Named(options) => Some(options.as_ref().clone()),
            Shared::None => None,
        }
    }
}

/// On a thread and a runtime of its own: the caller may be on a runtime, in which one cannot wait.
fn run(server: &PgConnectOptions, sql: String) -> Result<(), sqlx::Error> {
    let work = async {
        let mut conn = PgConnection::connect_with(server).await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await?;
        conn.close().await
    };
    let block = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work);
    std::thread::scope(|scope| scope.spawn(block).join()).unwrap_or_else(|_| panic!("the work panicked"))
}
