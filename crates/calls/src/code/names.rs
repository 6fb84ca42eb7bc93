//! What calling a name does.

/// What calling a name does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    Spawns,
    Deletes,
    Reads,
    Opens,
    Writes,
    Connects,
    Sends,
    Evaluates,
    Environment,
    Queries,
    Forks,
    Modes,
    Moves,
    Loads,
    Kills,
    Requires,
    Installs,
    Escalates,
    InstallsElsewhere,
    Includes,
    EvaluatesFetched,
    /// Its texts are code.
    TakesCode,
}

/// What calling a name does, by its last part and, where that is too common, by the part before.
pub(super) fn does(family: &str, name: &str) -> Option<Does> {
    let last = name.rsplit(['.', ':', '/']).next().unwrap_or(name).trim_end_matches(['!', '?']);
    let owner = name.get(..name.len().saturating_sub(last.len())).unwrap_or("").trim_end_matches(['.', ':']);
    let dotted = !owner.is_empty();
    if name.contains("TCPSocket") || name.contains("Socket::INET") || name.contains("UDPSocket") {
        return Some(Does::Connects);
    }
    if name.starts_with("Deno.env") || matches!(name, "ENVIRON" | "phpinfo") {
        return Some(Does::Environment);
    }
    if matches!(
        name,
        "keyring.get_password" | "keyring.get_credential" | "keytar.getPassword" | "keytar.findCredentials"
    ) {
        return Some(Does::Environment);
    }
    if name.ends_with("Command::new") || matches!(name, "exec.Command" | "exec.CommandContext") {
        return Some(Does::Spawns);
    }
    if matches!(
        name,
        "os.environ"
            | "process.env"
            | "ENV"
            | "Deno.env"
            | "os.environ.items"
            | "os.environ.copy"
            | "Bun.env"
            | "$ENV"
            | "System.getenv"
            | "os.getenv"
            | "getenv"
            | "os.environ.get"
            | "ENV.fetch"
            | "Sys.getenv"
            | "ENV.to_h"
            | "_ENV"
            | "$_ENV"
            | "System.get_env"
    ) || name.starts_with("process.env.")
    {
        return (name != "process.env" || family == "javascript").then_some(Does::Environment);
    }
    Some(match last {
        "system"
        | "popen"
        | "execSync"
        | "execFileSync"
        | "spawnSync"
        | "execFile"
        | "passthru"
        | "shell_exec"
        | "proc_open"
        | "pcntl_exec"
        | "check_output"
        | "check_call"
        | "getoutput"
        | "getstatusoutput"
        | "execv"
        | "execve"
        | "execvp"
        | "execvpe"
        | "execl"
        | "execlp"
        | "posix_spawn"
        | "create_subprocess_shell"
        | "create_subprocess_exec"
        | "Popen"
        | "startfile"
        | "popen2"
        | "popen3"
        | "capture2"
        | "capture2e"
        | "capture3"
        | "spawnv"
        | "spawnl"
        | "spawnvp"
        | "system2"
        | "shell"
        | "cmd"
        | "pipeline"
        | "run-program"
        | "call-process"
        | "shell-command"
        | "shell-command-to-string"
        | "start-process"
        | "command"
        | "sh"
        | "syscmd"
        | "esyscmd"
        | "start-process-shell-command"
        | "async-shell-command"
        | "posix_spawnp"
        | "unix_command"
        | "execPath"
        | "shelljs.exec" => match last {
            "command" if !matches!(owner, "Sys") => return None,
            "cmd" if !matches!(owner, "System" | "os") => return None,
            "shell" if !(family == "other" && dotted || family == "perl" && !dotted) => return None,
            "sh" if !matches!(family, "other" | "ruby") || family == "ruby" && dotted => return None,
            "system" if owner == "platform" => return None,
            _ => Does::Spawns,
        },
        "execute" if owner == "os" => Does::Spawns,
        "timeit" | "repeat" if owner == "timeit" => Does::TakesCode,
        "run" | "runctx" | "runeval" if matches!(owner, "cProfile" | "profile" | "pdb" | "bdb" | "trace") => {
            Does::TakesCode
        }
        "runsource" | "runcode" | "push" if owner.contains("Interpreter") || owner.contains("InteractiveConsole") => {
            Does::TakesCode
        }
        "run_path" if family == "python" => Does::Includes,
        "require" | "import" | "dofile" | "require_relative" | "loadfile" if !dotted || owner == "module" => {
            Does::Requires
        }
        "packages" if owner == "install" => Does::Installs,
        // Another user's rights: `os.setuid`, `POSIX::setuid`, `Process::UID.change_privilege`, `posix_setuid`.
        "setuid" | "setgid" | "seteuid" | "setegid" | "setreuid" | "setregid" | "setresuid" | "setresgid"
        | "initgroups" | "setgroups" | "posix_setuid" | "posix_setgid" | "posix_seteuid" | "posix_setegid"
        | "change_privilege" | "grant_privilege" => Does::Escalates,
        "install_github"
        | "install_gitlab"
        | "install_bitbucket"
        | "install_git"
        | "install_url"
        | "install_svn"
        | "pkg_install"
        | "install_version_url"
            if family == "r" =>
        {
            Does::InstallsElsewhere
        }
        "source" | "sys.source" if family == "r" => Does::Includes,
        "include" | "evalfile" if family == "julia" => Does::Includes,
        "load" | "load-file" | "load-library" if family == "other" && !dotted => Does::Includes,
        "url-retrieve-synchronously"
        | "url-retrieve"
        | "url-insert-file-contents"
        | "url-copy-file"
        | "stringWithContentsOfURL"
        | "dataWithContentsOfURL"
        | "scheme-fetch"
        | "http-get" => Does::Connects,
        "URL" | "toURL" if family == "other" => Does::Connects,
        "eval-buffer" | "eval-region" | "eval-current-buffer" | "eval-last-sexp" | "evaluate" if family == "other" => {
            Does::EvaluatesFetched
        }
        "package-install-file"
        | "package-install-from-buffer"
        | "package-vc-install"
        | "straight-use-package"
        | "quelpa"
        | "el-get" => Does::InstallsElsewhere,
        "add" if owner == "Pkg" => Does::Installs,
        "dotenv_values" => Does::Environment,
        "delete" if owner == "vim.fn" => Does::Deletes,
        "include" | "include_once" | "require_once" if family == "php" => Does::Includes,
        "deleteDir" | "removeItem" | "removeItemAtPath" | "delete_recursively" => Does::Deletes,
        "rm" if family == "julia" => Does::Deletes,
        "remove" if owner == "Sys" => Does::Deletes,
        "callCommand" | "readProcess" | "callProcess" | "rawSystem" | "ztcp" => Does::Spawns,
        "exec" | "eval" if family == "python" && !dotted => Does::Evaluates,
        "exec"
            if matches!(family, "perl" | "ruby" | "php" | "other" | "javascript")
                && (!dotted
                    || matches!(
                        owner,
                        "Runtime.getRuntime"
                            | "Kernel"
                            | "Process"
                            | "child_process"
                            | "cp"
                            | "c"
                            | "shelljs"
                            | "os"
                            | "getRuntime()"
                            | "p"
                    )) =>
        {
            Does::Spawns
        }
        "exec" if family == "other" || owner.is_empty() && name.starts_with('.') => Does::Spawns,
        "spawn" if family != "ruby" || owner.is_empty() || owner == "Process" => Does::Spawns,
        "fork" if matches!(family, "javascript") && dotted => Does::Spawns,
        "run" | "call"
            if matches!(owner, "subprocess" | "s" | "sp" | "proc" | "Bun" | "execa" | "commands")
                || family == "julia" && last == "run" =>
        {
            Does::Spawns
        }
        "Command" if family == "javascript" && owner == "Deno" || owner.ends_with("process") && family == "other" => {
            Does::Spawns
        }
        "eval" | "Function" | "instance_eval" | "class_eval" | "assert" | "create_function" | "loadstring" | "load"
        | "compile" | "runInThisContext" | "runInNewContext" | "runInContext" | "__import__" | "import_module"
        | "execfile" | "s///e" | "dofile" | "evalFile" | "eval_string" => match (last, family) {
            ("load" | "loadstring" | "dofile", "lua") => Does::Evaluates,
            ("load", _) | ("assert", _) | ("compile", _) | ("__import__", _) | ("import_module", _) => return None,
            ("eval", _)
                if dotted
                    && !matches!(
                        owner,
                        "globalThis" | "window" | "global" | "builtins" | "Kernel" | "__builtins__"
                    ) =>
            {
                return None;
            }
            _ => Does::Evaluates,
        },
        "rmtree"
        | "unlink"
        | "unlinkSync"
        | "rmSync"
        | "rmdirSync"
        | "removeSync"
        | "rm_rf"
        | "rm_r"
        | "rm_f"
        | "remove_entry"
        | "remove_entry_secure"
        | "remove_dir"
        | "rmdir"
        | "removedirs"
        | "remove_dir_all"
        | "remove_file"
        | "RemoveAll"
        | "Remove"
        | "remove_tree"
        | "delete-directory"
        | "delete-file"
        | "deltree"
        | "emptyDirSync"
        | "rimraf"
        | "rmtree_safe"
        | "trash"
        | "del_dir_r"
        | "deleteRecursively"
        | "send2trash"
        | "rm_rf_force" => Does::Deletes,
        "remove"
            if matches!(
                owner,
                "os" | "fs" | "fsp" | "Deno" | "fse" | "File" | "Pathname" | "FileUtils" | "shutil" | "fs.promises"
            ) =>
        {
            Does::Deletes
        }
        "rm" if matches!(owner, "fs" | "fsp" | "fs.promises" | "FileUtils" | "fse" | "promises" | "File" | "sh")
            || family == "javascript" && !dotted =>
        {
            Does::Deletes
        }
        "delete" if matches!(owner, "File" | "Dir" | "Pathname" | "FileUtils" | "Files") => Does::Deletes,
        "readFileSync"
        | "readFile"
        | "read_text"
        | "read_bytes"
        | "file_get_contents"
        | "readfile"
        | "createReadStream"
        | "readTextFile"
        | "readTextFileSync"
        | "readlines"
        | "readLines"
        | "slurp"
        | "fopen"
        | "read_file"
        | "readAsString"
        | "readAllText"
        | "loadtxt"
        | "insert-file-contents"
        | "find-file-noselect"
        | "readdirSync"
        | "fpassthru"
        | "lines" => match last {
            "read_text" | "read_bytes" => Does::Reads,
            "lines" if !matches!(owner, "io") => return None,
            "fopen" => Does::Opens,
            _ => Does::Reads,
        },
        "glob" | "iglob" | "globSync" if matches!(owner, "glob" | "Dir" | "fs" | "") => Does::Reads,
        "read" | "binread" | "foreach" if matches!(owner, "File" | "IO") => Does::Reads,
        "file" if family == "php" || matches!(owner, "Bun") => Does::Reads,
        "open"
            if matches!(
                owner,
                "" | "io"
                    | "File"
                    | "codecs"
                    | "gzip"
                    | "os"
                    | "Path"
                    | "Kernel"
                    | "fs"
                    | "aiofiles"
                    | "builtins"
                    | "Deno"
            ) =>
        {
            Does::Opens
        }
        "open" if matches!(owner, "URI") => Does::Connects,
        "getline" if family == "awk" => return None,
        "Path" | "PosixPath" => Does::Reads,
        "copy" | "copyfile" | "copy2" | "copytree" | "copyFileSync" | "cp_r" | "copyFile"
            if dotted || family == "javascript" =>
        {
            Does::Moves
        }
        "replace" | "link" | "symlink" | "linkSync" | "symlinkSync" | "renames"
            if matches!(owner, "os" | "fs" | "File") =>
        {
            Does::Moves
        }
        "rename" | "renameSync" | "move" | "mv" if matches!(owner, "os" | "fs" | "shutil" | "File" | "FileUtils") => {
            Does::Moves
        }
        "write_text" | "write_bytes" | "writeFileSync" | "writeFile" | "appendFileSync" | "appendFile"
        | "file_put_contents" | "createWriteStream" | "writeTextFile" | "writeTextFileSync" | "outputFileSync" => {
            Does::Writes
        }
        "write" if matches!(owner, "File" | "IO" | "Bun") => Does::Writes,
        "urlopen"
        | "urlretrieve"
        | "fetch"
        | "create_connection"
        | "fsockopen"
        | "open-uri"
        | "HTTPSConnection"
        | "HTTPConnection"
        | "connect"
        | "TCPSocket"
        | "open_uri"
        | "createConnection"
        | "lookup"
        | "gethostbyname"
        | "resolve4"
        | "get_response"
        | "getaddrinfo"
        | "stream_socket_client"
        | "WebSocket"
        | "curl_init"
        | "curl_exec"
        | "socket"
        | "inet_aton"
        | "resolve" => match last {
            "connect"
                if matches!(
                    owner,
                    "sqlite3"
                        | "psycopg2"
                        | "mysql.connector"
                        | "duckdb"
                        | "psycopg"
                        | "pymysql"
                        | "db"
                        | "mongoose"
                        | "client"
                        | "conn"
                ) =>
            {
                return None;
            }
            "resolve" | "lookup" | "resolve4"
                if !matches!(owner, "dns" | "dns.promises" | "require('dns')" | "Resolv")
                    && !name.starts_with('.')
                    && dotted =>
            {
                return None;
            }
            "resolve" if !dotted => return None,
            "socket" if !matches!(family, "perl" | "lua") || owner == "socket" => return None,
            _ => Does::Connects,
        },
        "post" | "put" | "patch"
            if matches!(
                owner,
                "requests"
                    | "httpx"
                    | "axios"
                    | "Net::HTTP"
                    | "HTTP"
                    | "HTTParty"
                    | "Faraday"
                    | "session"
                    | "got"
                    | "superagent"
            ) =>
        {
            Does::Sends
        }
        "get" | "request" | "head"
            if matches!(
                owner,
                "requests"
                    | "httpx"
                    | "axios"
                    | "https"
                    | "http"
                    | "Net::HTTP"
                    | "HTTP"
                    | "HTTParty"
                    | "Faraday"
                    | "LWP::Simple"
                    | "urllib3"
                    | "got"
            ) =>
        {
            Does::Connects
        }
        "sendmail" | "send_message" | "sendto" if dotted => Does::Sends,
        "execute" | "executescript" | "executemany" | "query" | "exec_driver_sql" | "raw" | "text"
            if dotted || name.starts_with('.') =>
        {
            Does::Queries
        }
        "fork" => Does::Forks,
        "chmod" | "chmodSync" | "fchmod" | "chmod_R" => Does::Modes,
        "CDLL" | "dlopen" | "LoadLibrary" | "windll" => Does::Loads,
        "kill" | "killpg" if matches!(owner, "os" | "Process" | "posix") => Does::Kills,
        _ => return None,
    })
}
