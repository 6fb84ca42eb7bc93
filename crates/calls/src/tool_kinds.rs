//! The names that agents give their tools.

/// What kind of tool a name stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Shell,
    Read,
    Write,
    Edit,
    Delete,
    Search,
    List,
    Fetch,
    WebSearch,
    Patch,
    /// It asks another agent, keeps a list, shows output: nothing outside the agent.
    Inner,
}

pub(crate) fn kind(tool: &str) -> Option<Kind> {
    let plain: String = tool.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    let plain = plain.strip_suffix("tool").filter(|rest| !rest.is_empty()).unwrap_or(&plain);
    Some(match plain {
        "bash" | "shell" | "localshell" | "localshellcall" | "shellcommand" | "runshellcommand" | "executebash"
        | "executecommand" | "execute" | "terminal" | "runterminalcmd" | "runterminalcommand" | "runinterminal"
        | "runcommand" | "exec" | "execcommand" | "unifiedexec" | "powershell" | "cmd" | "containerexec"
        | "executeshell" | "runcommands" | "sh" | "launchprocess" | "developershell" | "writestdin"
        | "sendterminalinput" | "monitor" => Kind::Shell,
        "read" | "readfile" | "view" | "viewfile" | "notebookread" | "fsread" | "openfile" | "readmanyfiles"
        | "viewcodeitem" | "readfiles" | "cat" | "viewimage" | "readmedia" | "viewfileoutline" | "readnotebook" => {
            Kind::Read
        }
        "write" | "writefile" | "create" | "createfile" | "fswrite" | "writetofile" | "savefile" | "createnewfile"
        | "filewrite" | "newfile" | "writetextfile" => Kind::Write,
        "edit"
        | "multiedit"
        | "notebookedit"
        | "replace"
        | "replaceinfile"
        | "strreplace"
        | "strreplaceeditor"
        | "strreplacebasededittool"
        | "searchreplace"
        | "editfile"
        | "inserteditintofile"
        | "replacefilecontent"
        | "multireplacefilecontent"
        | "insert"
        | "applydiff"
        | "editnotebook"
        | "smartedit"
        | "insertcontent"
        | "notebookeditcell"
        | "editnotebookfile"
        | "replacestringinfile"
        | "multireplacestringinfile" => Kind::Edit,
        "delete" | "deletefile" | "removefile" | "filedelete" => Kind::Delete,
        "grep" | "search" | "searchfilecontent" | "grepsearch" | "searchfiles" | "ripgrep" | "filesearch"
        | "codebasesearch" | "semanticsearch" | "codesearch" | "findbyname" | "searchcode" => Kind::Search,
        "glob" | "ls" | "listdir" | "listdirectory" | "listfiles" | "list" | "globfiles" | "findfiles"
        | "directorytree" => Kind::List,
        "webfetch" | "fetch" | "fetchurl" | "urlfetch" | "openbrowser" | "readurlcontent" | "openurl"
        | "fetchwebpage" | "browseraction" | "opensimplebrowser" | "webrequest" => Kind::Fetch,
        "websearch" | "googlewebsearch" | "searchweb" | "webquery" => Kind::WebSearch,
        "applypatch" | "patch" => Kind::Patch,
        "task"
        | "agent"
        | "todowrite"
        | "todoread"
        | "bashoutput"
        | "killshell"
        | "killbash"
        | "exitplanmode"
        | "enterplanmode"
        | "askuserquestion"
        | "slashcommand"
        | "skill"
        | "updateplan"
        | "savememory"
        | "writetodos"
        | "thinking"
        | "think"
        | "taskoutput"
        | "taskcreate"
        | "taskupdate"
        | "taskget"
        | "tasklist"
        | "taskstop"
        | "listmcpresources"
        | "readmcpresource"
        | "toolsearch"
        | "sendmessage"
        | "runsubagent"
        | "getterminaloutput"
        | "attemptcompletion"
        | "newtask"
        | "askfollowupquestion"
        | "switchmode"
        | "updatetodolist"
        | "reportintent"
        | "structuredoutput"
        | "lsp"
        | "getinternaldocs"
        | "activateskill"
        | "cronlist"
        | "readlints"
        | "getdiagnostics"
        | "geterrors"
        | "testfailure"
        | "knowledge"
        | "introspect"
        | "reportissue"
        | "listmcpresourcetemplates"
        | "waitagent"
        | "spawnagent"
        | "closeagent"
        | "sendinput"
        | "readbash"
        | "stopbash"
        | "clitaskstatus"
        | "teamcreate"
        | "teamdelete"
        | "bashkill"
        | "listagents"
        | "requestuserinput"
        | "getgoal"
        | "creategoal"
        | "updategoal"
        | "clockcurrtime"
        | "resumeagent"
        | "sendusermessageasync"
        | "multiagentv1spawnagent"
        | "multiagentv1sendinput"
        | "multiagentv1waitagent"
        | "multiagentv1closeagent"
        | "multiagentv1resumeagent"
        | "updatetopic"
        | "askuser"
        | "completetask"
        | "invokeagent"
        | "listbackgroundprocesses"
        | "readbackgroundoutput"
        | "trackercreatetask"
        | "trackerupdatetask"
        | "trackergettask"
        | "trackerlisttasks"
        | "trackeradddependency"
        | "trackervisualize"
        | "reportfindings"
        | "sendusermessage" => Kind::Inner,
        _ => return None,
    })
}
