//! What the disk knows of a call: where links lead, and the text of a script that is about to run.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use yata_calls::{Repository, World};

use crate::repository;

/// Most bytes of a script that is read.
const MAX_TEXT_BYTES: usize = 256 * 1024;

/// Most scripts and links that are looked at in one call.
const MAX_TEXTS: usize = 24;
const MAX_LINKS: usize = 2000;

/// Most files of settings of package managers that are looked for in one call.
const MAX_SETTINGS: usize = 512;

/// Most folders of which the repository is looked for.
const MAX_REPOSITORIES: usize = 32;

/// The disk, with what was asked of it.
pub(crate) struct Disk<'a> {
    folders: [&'a str; 3],
    /// Files that the session wrote lately.
    written: &'a [String],
    /// The folders by the name in the call and by their real one: a project below a link stays the project. Most calls
    /// name no file, and never ask.
    roots: OnceCell<Vec<(String, PathBuf)>>,
    asked: RefCell<Asked>,
}

#[derive(Default)]
struct Asked {
    links: usize,
    settings: usize,
    texts: HashMap<String, Text>,
    /// Files whose text was wanted and not to be had.
    unread: Vec<String>,
    repositories: Vec<(String, Option<Repository>)>,
}

/// What a file says.
#[derive(Clone)]
enum Text {
    /// Bytes that are no UTF-8 are replaced: a shell runs the lines beside them all the same.
    Plain(String),
    /// No such file, or a compiled program.
    None,
    /// A script, and too large or one too many.
    Unreadable,
}

impl<'a> Disk<'a> {
    /// The disk as seen from some folders: home, project, folder of the call.
    pub(crate) fn new(folders: [&'a str; 3]) -> Self {
        Disk { folders, written: &[], roots: OnceCell::new(), asked: RefCell::default() }
    }

    /// The same, with the files that the session wrote.
    pub(crate) fn with_written(self, written: &'a [String]) -> Self {
        Disk { written, ..self }
    }

    fn roots(&self) -> &[(String, PathBuf)] {
        self.roots.get_or_init(|| {
            let real = |folder: &str| std::fs::canonicalize(folder).ok().map(|real| (folder.to_owned(), real));
            let folders = self.folders.into_iter().filter(|folder| !folder.is_empty());
            let mut roots: Vec<_> = folders.filter_map(real).collect();
            // The innermost first.
            roots.sort_by_key(|(_, real)| std::cmp::Reverse(real.components().count()));
            roots
        })
    }

    /// Files that are about to run and whose text could not be read.
    pub(crate) fn unread(&self) -> Vec<String> {
        self.asked.borrow().unread.clone()
    }

    /// Whether the call named more paths than were looked at.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.asked.borrow().links > MAX_LINKS
    }

    /// The real path in the words of the call.
    fn named(&self, real: &Path) -> String {
        let below = self.roots().iter().find_map(|(named, root)| {
            let rest = real.strip_prefix(root).ok()?;
            Some(if rest.as_os_str().is_empty() { PathBuf::from(named) } else { Path::new(named).join(rest) })
        });
        below.unwrap_or_else(|| real.to_owned()).to_string_lossy().into_owned()
    }

    fn asked_text(&self, path: &str) -> Text {
        let Ok(mut asked) = self.asked.try_borrow_mut() else { return Text::Unreadable };
        if let Some(text) = asked.texts.get(path) {
            return text.clone();
        }
        if asked.texts.len() >= MAX_TEXTS {
            asked.unread.push(path.to_owned());
            return Text::Unreadable;
        }
        let text = self.read(path).unwrap_or(Text::None);
        // Of what is no text, only a part was read.
        if !matches!(&text, Text::Plain(text) if !text.contains(char::REPLACEMENT_CHARACTER)) {
            asked.unread.push(path.to_owned());
        }
        asked.texts.insert(path.to_owned(), text.clone());
        text
    }

    fn read(&self, path: &str) -> Option<Text> {
        let is_device = ["/proc/", "/sys/", "/dev/"].iter().any(|folder| path.starts_with(folder));
        if is_device || !Path::new(path).is_absolute() || !std::fs::metadata(path).ok()?.is_file() {
            return None;
        }
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            // Were it made a pipe meanwhile, opening it would wait for a writer.
            options.custom_flags(libc::O_NONBLOCK | libc::O_CLOEXEC);
        }
        let file = options.open(path).ok()?;
        if !file.metadata().ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        file.take(MAX_TEXT_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
        Some(match () {
            () if is_compiled(&bytes) => Text::None,
            () if bytes.len() <= MAX_TEXT_BYTES => Text::Plain(String::from_utf8_lossy(&bytes).into_owned()),
            () if is_for_a_language(&bytes) => Text::None,
            () => Text::Unreadable,
        })
    }
}

impl World for Disk<'_> {
    /// The path with every link in it followed, where that is another one. A file that is not there yet is where its folder
    /// is.
    fn link(&self, path: &str) -> Option<String> {
        let mut asked = self.asked.try_borrow_mut().ok()?;
        asked.links += 1;
        let path = Path::new(path);
        if asked.links > MAX_LINKS || !path.is_absolute() || path.components().any(|part| part == Component::ParentDir)
        {
            return None;
        }
        let real = std::fs::canonicalize(path).ok().or_else(|| {
            let folder = std::fs::canonicalize(path.parent()?).ok()?;
            // A link to what is not there yet is one too.
            match std::fs::read_link(path) {
                Ok(target) => Some(folder.join(target)),
                Err(_) => Some(folder.join(path.file_name()?)),
            }
        })?;
        if real == path {
            return None;
        }
        let named = self.named(&real);
        (Path::new(&named) != path).then_some(named)
    }

    fn repository(&self, folder: &str) -> Option<Repository> {
        let mut asked = self.asked.try_borrow_mut().ok()?;
        if let Some((_, found)) = asked.repositories.iter().find(|(known, _)| known == folder) {
            return found.clone();
        }
        if asked.repositories.len() >= MAX_REPOSITORIES {
            return None;
        }
        let [home, ..] = self.folders;
        let found = repository::from(folder, home, self.written);
        asked.repositories.push((folder.to_owned(), found.clone()));
        found
    }

    fn text(&self, path: &str) -> Option<String> {
        match self.asked_text(path) {
            Text::Plain(text) => Some(text),
            Text::None | Text::Unreadable => None,
        }
    }

    /// A long lock file says in its beginning from where packages come.
    fn settings(&self, path: &str) -> Option<String> {
        if self.written.iter().any(|written| written == path) {
            return None;
        }
        let is_file = |path: &str| std::fs::metadata(path).is_ok_and(|meta| meta.is_file());
        let mut asked = self.asked.try_borrow_mut().ok()?;
        asked.settings += 1;
        if asked.settings > MAX_SETTINGS || !is_file(path) {
            return None;
        }
        let mut bytes = Vec::new();
        std::fs::File::open(path).ok()?.take(MAX_TEXT_BYTES as u64).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn is_unreadable_script(&self, path: &str) -> bool {
        matches!(self.asked_text(path), Text::Unreadable)
    }
}

/// A program for the machine itself (ELF, Mach-O, PE, WebAssembly, Java): no shell runs it as a text.
fn is_compiled(bytes: &[u8]) -> bool {
    const MARKS: [&[u8]; 7] = [
        b"\x7fELF",
        b"\xcf\xfa\xed\xfe",
        b"\xce\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"\xbe\xba\xfe\xca",
        b"\0asm",
        b"MZ",
    ];
    // A shell takes what has no NUL in its first line for a script, whatever it begins with.
    let line = bytes.iter().take(80).take_while(|&&byte| byte != b'\n');
    MARKS.iter().any(|mark| bytes.starts_with(mark)) && line.into_iter().any(|&byte| byte == 0)
}

/// A first line that names an interpreter other than a shell.
fn is_for_a_language(bytes: &[u8]) -> bool {
    let line = bytes.strip_prefix(b"#!").and_then(|rest| rest.split(|&byte| byte == b'\n').next()).unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    ["node", "python", "perl", "ruby", "php", "deno", "bun"].iter().any(|name| line.contains(name))
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_and_a_project_below_a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let base = fs::canonicalize(folder.path()).unwrap();
        let at = |name: &str| base.join(name).to_str().unwrap().to_owned();
        fs::create_dir_all(at("real/project/src")).unwrap();
        fs::create_dir_all(at("secret")).unwrap();
        fs::write(at("secret/id_ed25519"), "k").unwrap();
        fs::write(at("real/project/src/a.rs"), "").unwrap();
        symlink(at("real"), at("home")).unwrap();
        symlink(at("secret/id_ed25519"), at("real/project/notes.txt")).unwrap();
        symlink(at("secret"), at("real/project/docs")).unwrap();
        symlink(at("nothing/there"), at("real/project/dangling")).unwrap();
        symlink("loop", at("real/project/loop")).unwrap();
        let project = at("home/project");
        let home = at("home");
        let disk = Disk::new([&home, &project, &project]);
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(disk.link(&format!("{project}/{path}")), expected.map(at), "{path}");
        };
        check("src/a.rs", None);
        check("src/new.rs", None);
        check("notes.txt", Some("secret/id_ed25519"));
        check("docs/id_ed25519", Some("secret/id_ed25519"));
        check("docs/new", Some("secret/new"));
        check("dangling", Some("nothing/there"));
        check("loop", None);
        assert_eq!(disk.link("relative"), None);
    }

    #[test]
    fn only_small_plain_texts_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        fs::write(at("a.sh"), "rm x").unwrap();
        fs::write(at("large.sh"), "x".repeat(300 * 1024)).unwrap();
        fs::write(at("binary"), b"\x7fELF\x02\x01\x01\0\0\0").unwrap();
        fs::write(at("latin.sh"), b"# \xff\nrm x").unwrap();
        fs::write(at("bundle.js"), format!("#!/usr/bin/env node\n{}", "x".repeat(300 * 1024))).unwrap();
        fs::write(at("mz.sh"), b"MZ=1\nrm x").unwrap();
        let home = at("");
        let disk = Disk::new([&home, "", ""]);
        assert_eq!(disk.text(&at("a.sh")).as_deref(), Some("rm x"));
        for none in [at("large.sh"), at("binary"), at("none"), at(""), "/dev/zero".to_owned(), "a.sh".to_owned()] {
            assert_eq!(disk.text(&none), None, "{none}");
        }
        assert_eq!(disk.unread().len(), 6);
        assert_eq!(disk.text(&at("latin.sh")).as_deref(), Some("# \u{fffd}\nrm x"));
        assert_eq!(disk.text(&at("mz.sh")).as_deref(), Some("MZ=1\nrm x"));
        assert!(disk.is_unreadable_script(&at("large.sh")));
        for fine in ["binary", "none", "bundle.js", "a.sh"] {
            assert!(!disk.is_unreadable_script(&at(fine)), "{fine}");
        }
    }

    #[test]
    fn many_questions_end() {
        let disk = Disk::new(["/", "", ""]);
        assert!((0..10_000).all(|at| disk.text(&format!("/none/{at}")).is_none()));
    }
}
