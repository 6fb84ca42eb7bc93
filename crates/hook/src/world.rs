//! What the disk knows of a call: where links lead, and the text of a script that is about to run.

use std::cell::{OnceCell, RefCell};
use std::fs::OpenOptions;
use std::path::{Component, Path, PathBuf};

use yata_calls::{Repository, World};

use crate::{repository, state};

/// Most bytes of a script that is read.
const MAX_TEXT_BYTES: u64 = 256 * 1024;

/// Most scripts and links that are looked at in one call.
const MAX_TEXTS: usize = 24;
const MAX_LINKS: usize = 200;

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
    texts: usize,
    /// Files whose text was wanted and not to be had.
    unread: Vec<String>,
    repositories: Vec<(String, Option<Repository>)>,
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
    pub(crate) fn unread(self) -> Vec<String> {
        self.asked.into_inner().unread
    }

    /// The real path in the words of the call.
    fn named(&self, real: &Path) -> String {
        let below = self.roots().iter().find_map(|(named, root)| {
            let rest = real.strip_prefix(root).ok()?;
            Some(if rest.as_os_str().is_empty() { PathBuf::from(named) } else { Path::new(named).join(rest) })
        });
        below.unwrap_or_else(|| real.to_owned()).to_string_lossy().into_owned()
    }

    fn read(&self, path: &str) -> Option<String> {
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
        String::from_utf8(state::whole(file, MAX_TEXT_BYTES).ok()?).ok()
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
        let over = {
            let mut asked = self.asked.try_borrow_mut().ok()?;
            asked.texts += 1;
            asked.texts > MAX_TEXTS
        };
        let text = if over { None } else { self.read(path) };
        if text.is_none()
            && let Ok(mut asked) = self.asked.try_borrow_mut()
        {
            asked.unread.push(path.to_owned());
        }
        text
    }
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
        fs::write(at("binary"), b"\xff\xfe").unwrap();
        let home = at("");
        let disk = Disk::new([&home, "", ""]);
        assert_eq!(disk.text(&at("a.sh")).as_deref(), Some("rm x"));
        for none in [at("large.sh"), at("binary"), at("none"), at(""), "/dev/zero".to_owned(), "a.sh".to_owned()] {
            assert_eq!(disk.text(&none), None, "{none}");
        }
        assert_eq!(disk.unread().len(), 6);
    }

    #[test]
    fn many_questions_end() {
        let disk = Disk::new(["/", "", ""]);
        assert!((0..10_000).all(|at| disk.text(&format!("/none/{at}")).is_none()));
    }
}
