//! Infrastructure as code, hosting, deployment, repositories' servers: one table, read by sub-command.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

/// Programs; the sub-command (`*` for any); options of which one must be there (empty: none); traits; why.
type Rule = (&'static str, &'static str, &'static str, Traits, &'static str);

const GONE: Traits = Traits::DESTROYS_INFRASTRUCTURE;
const CHANGED: Traits = Traits::CHANGES_INFRASTRUCTURE;
const DEPLOYED: Traits = Traits::PUBLISHES;
const ACCESS: Traits = Traits::CHANGES_ACCESS;
const SECRET: Traits = Traits::READS_SECRET;
const DATA: Traits = Traits::DESTROYS_DATA;

const RULES: &[Rule] = &[
    ("terraform tofu terragrunt", "destroy", "", GONE, "destroys infrastructure"),
    ("terraform tofu terragrunt", "apply", "", CHANGED, "changes infrastructure"),
    ("terraform tofu terragrunt", "run-all", "", CHANGED, "changes infrastructure in many places"),
    ("terraform tofu terragrunt", "state rm", "", GONE, "forgets infrastructure"),
    ("terraform tofu terragrunt", "state mv", "", CHANGED, "changes what is known of infrastructure"),
    ("terraform tofu terragrunt", "state push", "", CHANGED, "changes what is known of infrastructure"),
    ("terraform tofu terragrunt", "state pull", "", SECRET, "shows the state, with its secrets"),
    ("terraform tofu terragrunt", "workspace delete", "", GONE, "removes a workspace"),
    ("terraform tofu terragrunt", "output", "raw json", SECRET, "shows outputs that may be secret"),
    ("terraform tofu terragrunt", "taint", "", CHANGED, "marks infrastructure to be replaced"),
    ("terraform tofu terragrunt", "import", "", CHANGED, "changes what is known of infrastructure"),
    ("terraform tofu terragrunt", "force-unlock", "", CHANGED, "breaks a lock that protects the state"),
    ("terraform tofu terragrunt", "login", "", ACCESS, "signs in"),
    ("pulumi", "destroy", "", GONE, "destroys infrastructure"),
    ("pulumi", "up", "", CHANGED, "changes infrastructure"),
    ("pulumi", "update", "", CHANGED, "changes infrastructure"),
    ("pulumi", "refresh", "", CHANGED, "changes what is known of infrastructure"),
    ("pulumi", "stack rm", "", GONE, "removes a stack"),
    ("pulumi", "stack export", "show-secrets", SECRET, "shows secrets"),
    ("pulumi", "state delete", "", GONE, "forgets infrastructure"),
    ("pulumi", "config", "show-secrets", SECRET, "shows secrets"),
    ("pulumi", "cancel", "", CHANGED, "breaks off a change"),
    ("cdk cdktf", "destroy", "", GONE, "destroys infrastructure"),
    ("cdk cdktf", "deploy", "", CHANGED, "changes infrastructure"),
    ("cdk", "bootstrap", "", CHANGED, "changes infrastructure"),
    ("sam copilot sst chalice zappa", "delete", "", GONE, "removes an application"),
    ("sam copilot sst chalice zappa", "deploy", "", DEPLOYED, "deploys"),
    ("sst chalice zappa", "remove", "", GONE, "removes an application"),
    ("zappa", "undeploy", "", GONE, "removes an application"),
    ("serverless sls", "remove", "", GONE, "removes an application"),
    ("serverless sls", "deploy", "", DEPLOYED, "deploys"),
    ("copilot", "app delete", "", GONE, "removes an application"),
    ("copilot", "svc delete", "", GONE, "removes a service"),
    ("amplify", "delete", "", GONE, "removes an application"),
    ("amplify", "push", "", DEPLOYED, "deploys"),
    ("amplify", "publish", "", DEPLOYED, "deploys"),
    ("helm", "uninstall", "", GONE, "removes a release from a cluster"),
    ("helm", "delete", "", GONE, "removes a release from a cluster"),
    ("helm", "del", "", GONE, "removes a release from a cluster"),
    ("helm", "un", "", GONE, "removes a release from a cluster"),
    ("helm", "rollback", "", CHANGED, "changes what runs in a cluster"),
    ("helm", "install", "", CHANGED.or(DEPLOYED), "changes what runs in a cluster"),
    ("helm", "upgrade", "", CHANGED.or(DEPLOYED), "changes what runs in a cluster"),
    ("helm", "push", "", DEPLOYED, "publishes a chart"),
    ("helm", "get values", "all a", Traits::NONE, ""),
    ("helm", "plugin install", "", Traits::INSTALLS_UNUSUAL, "adds a program"),
    ("helmfile", "destroy", "", GONE, "removes releases from a cluster"),
    ("helmfile", "delete", "", GONE, "removes releases from a cluster"),
    ("helmfile", "apply", "", CHANGED, "changes what runs in a cluster"),
    ("helmfile", "sync", "", CHANGED, "changes what runs in a cluster"),
    ("argocd", "app delete", "", GONE, "removes an application"),
    ("argocd", "app sync", "", DEPLOYED, "deploys"),
    ("argocd", "app set", "", CHANGED, "changes an application"),
    ("argocd", "app rollback", "", DEPLOYED, "deploys"),
    ("argocd", "cluster rm", "", GONE, "removes a cluster"),
    ("argocd", "cluster add", "", ACCESS, "adds a cluster"),
    ("argocd", "repo add", "", ACCESS, "adds a repository"),
    ("argocd", "proj delete", "", GONE, "removes a project"),
    ("flux", "delete", "", GONE, "removes a deployment"),
    ("flux", "suspend", "", CHANGED, "stops a deployment"),
    ("flux", "uninstall", "", GONE, "removes deployments"),
    ("flux", "bootstrap", "", CHANGED, "changes a cluster"),
    ("kubeadm", "reset", "", GONE, "resets a cluster"),
    ("kubeadm", "join", "", CHANGED, "changes a cluster"),
    ("kubeadm", "init", "", CHANGED, "changes a cluster"),
    ("kubeadm", "token", "", ACCESS, "makes a token of a cluster"),
    ("kind minikube k3d colima lima limactl vagrant multipass orb", "delete", "", GONE, "removes a machine or cluster"),
    ("kind", "delete cluster", "", GONE, "removes a cluster"),
    ("k3d", "cluster delete", "", GONE, "removes a cluster"),
    ("vagrant", "destroy", "", GONE, "removes a machine"),
    ("multipass", "purge", "", GONE, "removes a machine"),
    ("virsh", "destroy", "", GONE, "stops a machine"),
    ("virsh", "undefine", "", GONE, "removes a machine"),
    ("virsh", "vol-delete", "", GONE, "removes a volume"),
    ("virsh", "shutdown", "", GONE, "stops a machine"),
    ("VBoxManage vboxmanage", "unregistervm", "", GONE, "removes a machine"),
    ("VBoxManage vboxmanage", "controlvm", "", GONE, "stops a machine"),
    ("qm pct", "destroy", "", GONE, "removes a machine"),
    ("qm pct", "stop", "", GONE, "stops a machine"),
    ("govc", "vm.destroy", "", GONE, "removes a machine"),
    ("govc", "vm.power", "", GONE, "stops a machine"),
    ("heroku", "apps:destroy", "", GONE, "removes an application"),
    ("heroku", "destroy", "", GONE, "removes an application"),
    ("heroku", "addons:destroy", "", GONE, "removes an add-on with its data"),
    ("heroku", "pg:reset", "", DATA, "empties a database"),
    ("heroku", "pg:push", "", DATA, "overwrites a database"),
    ("heroku", "pg:copy", "", DATA, "overwrites a database"),
    ("heroku", "pg:credentials:rotate", "", ACCESS, "changes credentials"),
    ("heroku", "config:get", "", SECRET, "shows a setting that may be secret"),
    ("heroku", "config", "", SECRET, "shows the settings of an application"),
    ("heroku", "config:set", "", CHANGED, "changes the settings of an application"),
    ("heroku", "config:unset", "", CHANGED, "changes the settings of an application"),
    ("heroku", "auth:token", "", SECRET, "shows a token"),
    ("heroku", "access:add", "", ACCESS, "gives somebody access"),
    ("heroku", "access:remove", "", ACCESS, "takes access away"),
    ("heroku", "ps:scale", "", CHANGED, "changes what runs"),
    ("heroku", "ps:stop", "", GONE, "stops what runs"),
    ("heroku", "ps:restart", "", CHANGED, "restarts what runs"),
    ("heroku", "dyno:kill", "", GONE, "stops what runs"),
    ("heroku", "releases:rollback", "", DEPLOYED, "deploys"),
    ("heroku", "rollback", "", DEPLOYED, "deploys"),
    ("heroku", "pipelines:promote", "", DEPLOYED, "deploys"),
    ("heroku", "container:release", "", DEPLOYED, "deploys"),
    ("heroku", "container:push", "", DEPLOYED, "deploys"),
    ("heroku", "domains:remove", "", GONE, "removes a domain"),
    ("heroku", "maintenance:on", "", GONE, "takes an application off"),
    ("heroku", "keys:add", "", ACCESS, "adds a key"),
    ("heroku", "authorizations:create", "", ACCESS, "makes a token"),
    ("fly flyctl", "apps destroy", "", GONE, "removes an application"),
    ("fly flyctl", "destroy", "", GONE, "removes an application"),
    ("fly flyctl", "volumes destroy", "", GONE, "removes a volume"),
    ("fly flyctl", "volumes delete", "", GONE, "removes a volume"),
    ("fly flyctl", "machine destroy", "", GONE, "removes a machine"),
    ("fly flyctl", "machines destroy", "", GONE, "removes a machine"),
    ("fly flyctl", "machine stop", "", GONE, "stops a machine"),
    ("fly flyctl", "postgres detach", "", GONE, "detaches a database"),
    ("fly flyctl", "deploy", "", DEPLOYED, "deploys"),
    ("fly flyctl", "launch", "", DEPLOYED, "deploys"),
    ("fly flyctl", "scale", "", CHANGED, "changes what runs"),
    ("fly flyctl", "secrets set", "", ACCESS, "changes secrets"),
    ("fly flyctl", "secrets unset", "", ACCESS, "changes secrets"),
    ("fly flyctl", "auth token", "", SECRET, "shows a token"),
    ("fly flyctl", "tokens create", "", ACCESS, "makes a token"),
    ("vercel vc now", "remove", "", GONE, "removes a deployment"),
    ("vercel vc now", "rm", "", GONE, "removes a deployment"),
    ("vercel vc now", "deploy", "", DEPLOYED, "deploys"),
    ("vercel vc now", "promote", "", DEPLOYED, "deploys"),
    ("vercel vc now", "rollback", "", DEPLOYED, "deploys"),
    ("vercel vc now", "alias", "", DEPLOYED, "deploys"),
    ("vercel vc now", "env pull", "", SECRET, "fetches secrets"),
    ("vercel vc now", "env add", "", ACCESS, "changes secrets"),
    ("vercel vc now", "env rm", "", ACCESS, "changes secrets"),
    ("vercel vc now", "project rm", "", GONE, "removes a project"),
    ("vercel vc now", "project remove", "", GONE, "removes a project"),
    ("vercel vc now", "domains rm", "", GONE, "removes a domain"),
    ("vercel vc now", "dns rm", "", GONE, "removes a record"),
    ("vercel vc now", "*", "prod", DEPLOYED, "deploys"),
    ("netlify ntl", "deploy", "", DEPLOYED, "deploys"),
    ("netlify ntl", "sites:delete", "", GONE, "removes a site"),
    ("netlify ntl", "env:set", "", ACCESS, "changes secrets"),
    ("netlify ntl", "env:get", "", SECRET, "shows a secret"),
    ("netlify ntl", "env:list", "", SECRET, "shows secrets"),
    ("netlify ntl", "env:unset", "", ACCESS, "changes secrets"),
    ("wrangler", "delete", "", GONE, "removes a worker"),
    ("wrangler", "deploy", "", DEPLOYED, "deploys"),
    ("wrangler", "publish", "", DEPLOYED, "deploys"),
    ("wrangler", "rollback", "", DEPLOYED, "deploys"),
    ("wrangler", "pages deploy", "", DEPLOYED, "deploys"),
    ("wrangler", "pages publish", "", DEPLOYED, "deploys"),
    ("wrangler", "pages project delete", "", GONE, "removes a project"),
    ("wrangler", "versions deploy", "", DEPLOYED, "deploys"),
    ("wrangler", "secret", "", ACCESS, "changes secrets"),
    ("wrangler", "kv:key", "", DATA, "changes data"),
    ("wrangler", "kv:namespace delete", "", DATA, "removes data"),
    ("wrangler", "kv namespace delete", "", DATA, "removes data"),
    ("wrangler", "kv key delete", "", DATA, "removes data"),
    ("wrangler", "kv bulk delete", "", DATA, "removes data"),
    ("wrangler", "r2 bucket delete", "", DATA, "removes data"),
    ("wrangler", "r2 object delete", "", DATA, "removes data"),
    ("wrangler", "d1 delete", "", DATA, "removes a database"),
    ("wrangler", "queues delete", "", DATA, "removes a queue"),
    ("wrangler", "d1 execute", "", Traits::NONE, ""),
    ("firebase", "deploy", "", DEPLOYED, "deploys"),
    ("firebase", "hosting:disable", "", GONE, "takes a site off"),
    ("firebase", "firestore:delete", "", DATA, "removes data"),
    ("firebase", "database:remove", "", DATA, "removes data"),
    ("firebase", "database:set", "", DATA, "overwrites data"),
    ("firebase", "functions:delete", "", GONE, "removes functions"),
    ("firebase", "auth:export", "", SECRET, "exports accounts"),
    ("firebase", "auth:import", "", ACCESS, "imports accounts"),
    ("firebase", "functions:secrets:access", "", SECRET, "shows a secret"),
    ("firebase", "functions:secrets:set", "", ACCESS, "changes secrets"),
    ("firebase", "login:ci", "", SECRET, "makes a token"),
    ("supabase", "db reset", "linked", DATA, "empties a database"),
    ("supabase", "db push", "", DATA, "changes a database"),
    ("supabase", "projects delete", "", GONE, "removes a project"),
    ("supabase", "functions deploy", "", DEPLOYED, "deploys"),
    ("supabase", "functions delete", "", GONE, "removes a function"),
    ("supabase", "secrets set", "", ACCESS, "changes secrets"),
    ("supabase", "branches delete", "", GONE, "removes a database branch"),
    ("neonctl neon", "projects delete", "", GONE, "removes a project"),
    ("neonctl neon", "branches delete", "", DATA, "removes a database branch"),
    ("neonctl neon", "branches reset", "", DATA, "resets a database branch"),
    ("neonctl neon", "connection-string", "", SECRET, "shows a password"),
    ("pscale", "database delete", "", DATA, "removes a database"),
    ("pscale", "branch delete", "", DATA, "removes a database branch"),
    ("pscale", "password create", "", ACCESS, "makes a password"),
    ("pscale", "deploy-request deploy", "", DATA, "changes a database"),
    ("railway", "up", "", DEPLOYED, "deploys"),
    ("railway", "down", "", GONE, "removes a deployment"),
    ("railway", "delete", "", GONE, "removes a project"),
    ("railway", "variables", "", SECRET, "shows settings that may be secret"),
    ("railway", "redeploy", "", DEPLOYED, "deploys"),
    ("render", "deploys create", "", DEPLOYED, "deploys"),
    ("eb", "deploy", "", DEPLOYED, "deploys"),
    ("eb", "terminate", "", GONE, "removes an environment"),
    ("eb", "create", "", CHANGED, "makes an environment"),
    ("eb", "setenv", "", CHANGED, "changes settings"),
    ("eb", "printenv", "", SECRET, "shows settings that may be secret"),
    ("nomad", "job stop", "", GONE, "stops a job"),
    ("nomad", "stop", "", GONE, "stops a job"),
    ("nomad", "job run", "", CHANGED, "changes what runs"),
    ("nomad", "run", "", CHANGED, "changes what runs"),
    ("nomad", "system gc", "", GONE, "removes jobs"),
    ("nomad", "node drain", "", GONE, "takes a machine out"),
    ("nomad", "namespace delete", "", GONE, "removes a name space"),
    ("nomad", "acl", "", ACCESS, "changes who may do what"),
    ("consul", "leave", "", GONE, "takes a machine out"),
    ("consul", "force-leave", "", GONE, "takes a machine out"),
    ("consul", "kv delete", "", DATA, "removes data"),
    ("consul", "kv put", "", DATA, "changes data"),
    ("consul", "acl", "", ACCESS, "changes who may do what"),
    ("consul", "snapshot restore", "", DATA, "overwrites data"),
    ("etcdctl", "del", "", DATA, "removes data"),
    ("etcdctl", "put", "", DATA, "changes data"),
    ("etcdctl", "member remove", "", GONE, "takes a machine out"),
    ("etcdctl", "snapshot restore", "", DATA, "overwrites data"),
    ("etcdctl", "user", "", ACCESS, "changes who may do what"),
    ("etcdctl", "auth", "", Traits::DISABLES_SECURITY, "changes who may do what"),
    ("zkCli.sh", "deleteall", "", DATA, "removes data"),
    ("vault bao", "secrets disable", "", DATA.or(ACCESS), "removes secrets"),
    ("vault bao", "secrets enable", "", ACCESS, "changes where secrets lie"),
    ("vault bao", "kv get", "", SECRET, "reads a secret"),
    ("vault bao", "read", "", SECRET, "reads a secret"),
    ("vault bao", "kv put", "", ACCESS, "changes secrets"),
    ("vault bao", "kv patch", "", ACCESS, "changes secrets"),
    ("vault bao", "kv delete", "", ACCESS, "removes secrets"),
    ("vault bao", "kv destroy", "", ACCESS, "removes secrets"),
    ("vault bao", "kv metadata delete", "", ACCESS, "removes secrets"),
    ("vault bao", "delete", "", ACCESS, "removes secrets"),
    ("vault bao", "write", "", ACCESS, "changes secrets"),
    ("vault bao", "token create", "", ACCESS, "makes a token"),
    ("vault bao", "token revoke", "", ACCESS, "revokes a token"),
    ("vault bao", "print token", "", SECRET, "shows a token"),
    ("vault bao", "login", "", ACCESS, "signs in"),
    ("vault bao", "policy write", "", ACCESS, "changes who may do what"),
    ("vault bao", "policy delete", "", ACCESS, "changes who may do what"),
    ("vault bao", "auth enable", "", ACCESS, "changes who may do what"),
    ("vault bao", "auth disable", "", ACCESS, "changes who may do what"),
    ("vault bao", "audit disable", "", Traits::DISABLES_SECURITY, "switches off a log"),
    ("vault bao", "operator", "", ACCESS.or(GONE), "changes the store of secrets itself"),
    ("vault bao", "lease revoke", "", ACCESS, "revokes credentials"),
    ("vault bao", "unwrap", "", SECRET, "reads a secret"),
    ("op", "item get", "", SECRET, "reads a secret"),
    ("op", "read", "", SECRET, "reads a secret"),
    ("op", "inject", "", SECRET, "reads secrets"),
    ("op", "document get", "", SECRET, "reads a secret"),
    ("op", "item delete", "", ACCESS, "removes a secret"),
    ("op", "item create", "", ACCESS, "makes a secret"),
    ("op", "item edit", "", ACCESS, "changes a secret"),
    ("op", "vault delete", "", ACCESS, "removes secrets"),
    ("op", "user", "", ACCESS, "changes accounts"),
    ("op", "service-account create", "", ACCESS, "makes an account"),
    ("pass gopass", "show", "", SECRET, "reads a secret"),
    ("pass gopass", "rm", "", ACCESS, "removes a secret"),
    ("pass gopass", "insert", "", ACCESS, "changes a secret"),
    ("pass gopass", "generate", "", ACCESS, "changes a secret"),
    ("pass gopass", "edit", "", ACCESS, "changes a secret"),
    ("bw rbw", "get", "", SECRET, "reads a secret"),
    ("bw rbw", "list", "", SECRET, "reads secrets"),
    ("bw rbw", "export", "", SECRET, "exports secrets"),
    ("bw rbw", "unlock", "", SECRET, "unlocks secrets"),
    ("bw rbw", "delete", "", ACCESS, "removes a secret"),
    ("lpass", "show", "", SECRET, "reads a secret"),
    ("lpass", "export", "", SECRET, "exports secrets"),
    ("keepassxc-cli", "show", "", SECRET, "reads a secret"),
    ("keepassxc-cli", "export", "", SECRET, "exports secrets"),
    ("secret-tool", "lookup", "", SECRET, "reads a secret"),
    ("secret-tool", "search", "", SECRET, "reads secrets"),
    ("secret-tool", "store", "", ACCESS, "changes a secret"),
    ("secret-tool", "clear", "", ACCESS, "removes a secret"),
    ("kwallet-query", "*", "", SECRET, "reads a secret"),
    ("cmdkey", "*", "", ACCESS, "changes kept passwords"),
    ("doppler infisical", "secrets", "", SECRET, "shows secrets"),
    ("doppler", "secrets set", "", ACCESS, "changes secrets"),
    ("infisical", "export", "", SECRET, "exports secrets"),
    ("doppler", "secrets download", "", SECRET, "fetches secrets"),
    ("chamber", "read", "", SECRET, "reads a secret"),
    ("chamber", "export", "", SECRET, "exports secrets"),
    ("chamber", "list", "e", SECRET, "shows secrets"),
    ("chamber", "write", "", ACCESS, "changes a secret"),
    ("chamber", "delete", "", ACCESS, "removes a secret"),
    ("berglas", "access", "", SECRET, "reads a secret"),
    ("ansible-vault", "view", "", SECRET, "shows secrets"),
    ("ansible-vault", "decrypt", "", SECRET, "decrypts secrets"),
    ("ansible-vault", "rekey", "", ACCESS, "changes a password"),
    ("kamal", "deploy", "", DEPLOYED, "deploys"),
    ("kamal", "remove", "", GONE, "removes an application"),
    ("kamal", "redeploy", "", DEPLOYED, "deploys"),
    ("kamal", "rollback", "", DEPLOYED, "deploys"),
    ("kamal", "app stop", "", GONE, "stops an application"),
    ("kamal", "secrets print", "", SECRET, "shows secrets"),
    ("cap dep deployer mina", "*", "", DEPLOYED, "deploys"),
    ("gh", "repo delete", "", Traits::DISCARDS_WORK.or(GONE), "removes a repository"),
    ("gh", "repo archive", "", Traits::DISCARDS_WORK, "archives a repository"),
    ("gh", "repo rename", "", CHANGED, "renames a repository"),
    ("gh", "repo edit", "", CHANGED.or(Traits::DISABLES_SECURITY), "changes the settings of a repository"),
    ("gh", "repo create", "push source public", Traits::SENDS_OUT.or(DEPLOYED), "sends the repository to a new place"),
    ("gh", "repo create", "", DEPLOYED, "makes a repository"),
    ("gh", "repo fork", "", Traits::SENDS_OUT, "copies a repository to another place"),
    ("gh", "repo sync", "force", Traits::REWRITES_HISTORY, "overwrites a branch"),
    ("gh", "repo deploy-key add", "", ACCESS, "adds a key"),
    ("gh", "repo deploy-key delete", "", ACCESS, "removes a key"),
    ("gh", "release create", "", DEPLOYED, "publishes a release"),
    ("gh", "release upload", "", DEPLOYED, "publishes a release"),
    ("gh", "release edit", "", DEPLOYED, "changes a release"),
    ("gh", "release delete", "", DEPLOYED.or(Traits::DISCARDS_WORK), "removes a release"),
    ("gh", "release delete-asset", "", DEPLOYED.or(Traits::DISCARDS_WORK), "removes a part of a release"),
    ("gh", "workflow run", "", DEPLOYED, "starts a pipeline"),
    ("gh", "workflow disable", "", Traits::DISABLES_SECURITY, "switches off a pipeline"),
    ("gh", "workflow enable", "", CHANGED, "switches on a pipeline"),
    ("gh", "run delete", "", Traits::DISABLES_SECURITY, "removes the record of a run"),
    ("gh", "cache delete", "all a", Traits::NONE, ""),
    ("gh", "secret set", "", ACCESS, "changes a secret"),
    ("gh", "secret delete", "", ACCESS, "removes a secret"),
    ("gh", "secret remove", "", ACCESS, "removes a secret"),
    ("gh", "variable set", "", ACCESS, "changes a variable of pipelines"),
    ("gh", "variable delete", "", ACCESS, "changes a variable of pipelines"),
    ("gh", "auth token", "", SECRET, "shows a token"),
    ("gh", "auth status", "show-token t", SECRET, "shows a token"),
    ("gh", "auth login", "", ACCESS, "signs in"),
    ("gh", "auth logout", "", ACCESS, "signs out"),
    ("gh", "auth refresh", "", ACCESS, "asks for more rights"),
    ("gh", "auth setup-git", "", ACCESS, "changes how git signs in"),
    ("gh", "ssh-key add", "", ACCESS, "adds a key"),
    ("gh", "ssh-key delete", "", ACCESS, "removes a key"),
    ("gh", "gpg-key add", "", ACCESS, "adds a key"),
    ("gh", "gpg-key delete", "", ACCESS, "removes a key"),
    ("gh", "pr merge", "admin", Traits::DISABLES_SECURITY.or(DEPLOYED), "merges past the rules"),
    ("gh", "gist create", "", Traits::SENDS_OUT, "publishes a file"),
    ("gh", "gist edit", "", Traits::SENDS_OUT, "publishes a file"),
    ("gh", "gist delete", "", Traits::DISCARDS_WORK, "removes a gist"),
    ("gh", "extension install", "", Traits::INSTALLS_UNUSUAL, "adds a program"),
    ("gh", "ext install", "", Traits::INSTALLS_UNUSUAL, "adds a program"),
    ("gh", "codespace delete", "", GONE, "removes a machine"),
    ("gh", "cs delete", "", GONE, "removes a machine"),
    ("gh", "codespace ssh", "", CHANGED, "a shell on another machine"),
    ("gh", "codespace ports visibility", "", Traits::EXPOSES_NETWORK, "opens a port to others"),
    ("gh", "issue delete", "", Traits::DISCARDS_WORK, "removes an issue"),
    ("gh", "issue transfer", "", CHANGED, "moves an issue"),
    ("gh", "label delete", "", Traits::DISCARDS_WORK, "removes a label"),
    ("gh", "project delete", "", Traits::DISCARDS_WORK, "removes a project"),
    ("gh", "ruleset delete", "", Traits::DISABLES_SECURITY, "removes a rule"),
    ("gh", "alias set", "", Traits::NONE, ""),
    ("glab", "repo delete", "", Traits::DISCARDS_WORK.or(GONE), "removes a repository"),
    ("glab", "release create", "", DEPLOYED, "publishes a release"),
    ("glab", "release delete", "", DEPLOYED, "removes a release"),
    ("glab", "release upload", "", DEPLOYED, "publishes a release"),
    ("glab", "variable set", "", ACCESS, "changes a variable of pipelines"),
    ("glab", "variable get", "", SECRET, "shows a variable of pipelines"),
    ("glab", "variable export", "", SECRET, "shows variables of pipelines"),
    ("glab", "ssh-key add", "", ACCESS, "adds a key"),
    ("glab", "deploy-key add", "", ACCESS, "adds a key"),
    ("glab", "token create", "", ACCESS, "makes a token"),
    ("glab", "ci run", "", DEPLOYED, "starts a pipeline"),
    ("glab", "ci trigger", "", DEPLOYED, "starts a pipeline"),
    ("glab", "auth login", "", ACCESS, "signs in"),
    ("glab", "snippet create", "", Traits::SENDS_OUT, "publishes a file"),
    ("hub", "release create", "", DEPLOYED, "publishes a release"),
    ("hub", "delete", "", Traits::DISCARDS_WORK, "removes a repository"),
    ("stripe", "login", "", ACCESS, "signs in"),
    ("stripe", "refunds create", "", DEPLOYED, "moves money"),
    ("stripe", "payouts create", "", DEPLOYED, "moves money"),
    ("dvc", "push", "", Traits::SENDS_OUT, "sends data to a store"),
    ("wandb huggingface-cli hf", "login", "", ACCESS, "signs in"),
    ("huggingface-cli hf", "upload", "", DEPLOYED.or(Traits::SENDS_OUT), "publishes files"),
    ("huggingface-cli hf", "repo delete", "", GONE, "removes a repository"),
    ("databricks", "clusters delete", "", GONE, "removes a cluster"),
    ("databricks", "fs rm", "", DATA, "removes data"),
    ("databricks", "secrets put-secret", "", ACCESS, "changes a secret"),
    ("snow", "sql", "", Traits::NONE, ""),
    ("kafka-topics.sh kafka-topics", "*", "delete alter", DATA, "removes or changes a topic"),
    ("kafka-delete-records.sh kafka-delete-records", "*", "", DATA, "removes data of a topic"),
    (
        "kafka-consumer-groups.sh kafka-consumer-groups",
        "*",
        "delete reset-offsets delete-offsets",
        DATA,
        "changes what consumers read",
    ),
    (
        "kafka-configs.sh kafka-acls.sh kafka-configs kafka-acls",
        "*",
        "alter add remove",
        CHANGED.or(ACCESS),
        "changes a broker",
    ),
    ("rabbitmqctl", "delete_queue", "", DATA, "removes a queue"),
    ("rabbitmqctl", "purge_queue", "", DATA, "empties a queue"),
    ("rabbitmqctl", "reset", "", DATA, "resets a broker"),
    ("rabbitmqctl", "force_reset", "", DATA, "resets a broker"),
    ("rabbitmqctl", "delete_vhost", "", DATA, "removes a host of a broker"),
    ("rabbitmqctl", "stop_app", "", GONE, "stops a broker"),
    ("rabbitmqctl", "add_user", "", ACCESS, "makes an account"),
    ("rabbitmqctl", "set_permissions", "", ACCESS, "changes who may do what"),
    ("rabbitmqctl", "set_user_tags", "", ACCESS, "changes who may do what"),
    ("rabbitmqctl", "change_password", "", ACCESS, "changes a password"),
    ("rabbitmqadmin", "delete", "", DATA, "removes a queue"),
    ("rabbitmqadmin", "purge", "", DATA, "empties a queue"),
    ("nats", "stream rm", "", DATA, "removes a stream"),
    ("nats", "stream purge", "", DATA, "empties a stream"),
    ("kadmin.local kadmin", "*", "", ACCESS, "changes accounts"),
    ("temporal", "workflow terminate", "", GONE, "stops a workflow"),
    ("ansible-pull", "*", "", Traits::RUNS_REMOTE_CODE, "runs what another repository holds"),
    ("salt", "*", "", CHANGED, "runs commands on many machines"),
    ("salt-call", "*", "", CHANGED, "changes the machine"),
    ("puppet", "apply", "", CHANGED, "changes the machine"),
    ("puppet", "agent", "", CHANGED, "changes the machine"),
    ("chef-client", "*", "", CHANGED, "changes the machine"),
    ("knife", "node delete", "", GONE, "removes a machine"),
    ("knife", "ssh", "", CHANGED, "runs commands on many machines"),
    ("pdsh clush pssh parallel-ssh", "*", "", CHANGED, "runs commands on many machines"),
    ("packer", "build", "", CHANGED, "makes an image of a machine"),
    ("juju", "destroy-model", "", GONE, "removes machines"),
    ("juju", "destroy-controller", "", GONE, "removes machines"),
    ("juju", "remove-application", "", GONE, "removes an application"),
    ("rancher", "delete", "", GONE, "removes a cluster"),
    ("velero", "backup delete", "", DATA, "removes a backup"),
    ("velero", "restore create", "", CHANGED, "restores over what runs"),
    ("restic borg kopia duplicity", "forget", "", DATA, "removes backups"),
    ("restic borg kopia duplicity", "prune", "", DATA, "removes backups"),
    ("borg", "delete", "", DATA, "removes backups"),
    ("kopia", "snapshot delete", "", DATA, "removes backups"),
    ("restic", "unlock", "", CHANGED, "breaks a lock of backups"),
    ("direnv", "allow", "", Traits::CHANGES_SUPPLY_CHAIN, "lets a file of the project run by itself"),
    ("mise", "trust", "", Traits::CHANGES_SUPPLY_CHAIN, "lets a file of the project run by itself"),
];

/// Options with a value, of all of them.
const OPTIONS: &str = "chdir var var-file target state backend-config n namespace kube-context f values set version repo R org a app confirm s stack S o output H host host-name title body b m message label l base B head F branch t token scope env e environment project p site cwd profile region bootstrap-server topic address vault account config config-file u url w workdir jq q template limit L assignee c data-center dc i inventory reference wait-timeout name method X field f raw-field host-port";

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    if name == "gh" && args.first().is_some_and(|value| value.text == "api") {
        return Some(gh_api(m, args.get(1..).unwrap_or(&[])));
    }
    if matches!(name, "ansible" | "ansible-playbook") {
        return Some(ansible(m, name, args));
    }
    let mut known = RULES.iter().filter(|(programs, ..)| programs.split(' ').any(|program| program == name)).peekable();
    known.peek()?;
    if super::is_dry(args) && !matches!(name, "gh") {
        return Some(Value::unknown(Flow::OUTPUT));
    }
    let single =
        matches!(name, "terraform" | "tofu" | "terragrunt" | "packer" | "nomad" | "consul" | "vault" | "bao" | "govc");
    let parsed = if single {
        Args::single(
            args,
            "chdir var var-file target state backend-config namespace address format field policy ttl mount method replace lock-timeout parallelism out",
        )
    } else {
        Args::of(args, OPTIONS)
    };
    let operands: Vec<&str> = parsed.rest.iter().map(|value| value.text.as_str()).collect();
    m.mark(Traits::OUTWARD, "asks another machine");
    let mut secret = false;
    for (_, sub, options, traits, why) in known {
        let words: Vec<&str> = sub.split(' ').collect();
        let named = *sub == "*" || operands.starts_with(&words);
        let options: Vec<&str> = options.split(' ').filter(|option| !option.is_empty()).collect();
        if named && (options.is_empty() || parsed.has(&options)) {
            m.mark(*traits, why);
            secret |= traits.contains(SECRET);
            if !traits.is_empty() {
                break;
            }
        }
    }
    special(m, name, &parsed);
    // A file that goes into a comment, a gist, a release.
    let sends = matches!(name, "gh" | "glab" | "hub");
    let mut flow = Flow::NONE;
    for file in parsed.values(&["F", "body-file", "notes-file", "message-file"]).cloned().collect::<Vec<_>>() {
        if file.text != "-" {
            flow = flow.with(m.read(&file).flow);
        }
    }
    flow = flow.with(m.read_operands(parsed.from(1)));
    for value in parsed.values(&["b", "body", "title", "t", "m", "message", "n", "notes"]) {
        flow = flow.with(value.flow);
    }
    if sends && (flow.has(Flow::SECRET) || m.stdin.flow.has(Flow::SECRET)) {
        m.mark(Traits::SENDS_OUT, "sends a secret to another machine");
    }
    Some(Value::unknown(if secret { Flow::SECRET } else { Flow::OUTPUT }))
}

fn special(m: &mut Machine<'_>, name: &str, parsed: &Args) {
    match (name, parsed.operand(0)) {
        ("terraform" | "tofu", "console") => {
            let text = m.stdin.text.clone();
            if let Some((_, rest)) = text.split_once("file(\"") {
                let path = rest.split('"').next().unwrap_or("").to_owned();
                m.read(&Value::known(path));
            }
        }
        ("pass" | "gopass", other)
            if !other.is_empty()
                && !matches!(
                    other,
                    "ls" | "list"
                        | "show"
                        | "rm"
                        | "insert"
                        | "generate"
                        | "edit"
                        | "find"
                        | "search"
                        | "git"
                        | "init"
                        | "version"
                        | "mv"
                        | "cp"
                        | "sync"
                        | "otp"
                        | "audit"
                ) =>
        {
            m.mark(SECRET, "reads a secret")
        }
        ("sops", _) => {}
        ("wrangler", "d1") => {
            for text in parsed.values(&["command"]) {
                let (traits, why) = crate::sql::traits(&text.text);
                m.mark(traits, why);
            }
        }
        ("vercel", "") => m.mark(DEPLOYED, "deploys"),
        ("gh", "alias") => {
            let text = parsed.operand(3).to_owned();
            if let Some(command) = text.strip_prefix('!') {
                let command = command.to_owned();
                m.text(&command);
            }
        }
        ("gh", "codespace" | "cs") => {}
        _ => {}
    }
}

fn gh_api(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "X method F f field raw-field H header q jq t template input p preview hostname cache");
    let path = parsed.operand(0).trim_start_matches('/').to_owned();
    let has_fields = parsed.has(&["F", "f", "field", "raw-field", "input"]);
    let method = parsed
        .value(&["X", "method"])
        .map_or(if has_fields { "POST" } else { "GET" }, |value| value.text.as_str())
        .to_ascii_uppercase();
    m.mark(Traits::OUTWARD, "asks another machine");
    let has = |part: &str| path.contains(part);
    if path == "graphql" {
        let changes = args.iter().any(|value| value.text.contains("mutation"));
        if changes {
            m.mark(CHANGED, "changes something on the server");
        }
        return Value::unknown(Flow::OUTPUT);
    }
    if method == "GET" || method == "HEAD" {
        return Value::unknown(Flow::OUTPUT);
    }
    if method == "DELETE" {
        m.mark(Traits::DISCARDS_WORK | GONE, "removes something on the server");
    }
    if has("/protection")
        || has("/rulesets")
        || has("vulnerability-alerts")
        || has("secret-scanning")
        || has("automated-security-fixes")
        || has("code-scanning")
    {
        m.mark(Traits::DISABLES_SECURITY, "changes what protects a repository");
    } else if has("/hooks") {
        m.mark(Traits::CHANGES_SUPPLY_CHAIN | Traits::SENDS_OUT, "sends events to another place");
    } else if has("/collaborators")
        || has("/keys")
        || has("/memberships")
        || has("/secrets")
        || has("/invitations")
        || has("/teams")
        || has("/permissions")
        || has("/variables")
    {
        m.mark(ACCESS, "changes who may do what");
    } else if has("/git/refs") {
        m.mark(Traits::REWRITES_HISTORY, "moves a branch or tag on the server");
    } else if has("/releases") || has("/dispatches") || has("/merge") || has("/deployments") {
        m.mark(DEPLOYED, "publishes or merges");
    } else if has("/contents/") {
        m.mark(Traits::CHANGES_SUPPLY_CHAIN, "changes files on the server, past the review");
    } else if method == "PATCH" && path.split('/').count() == 3 && path.starts_with("repos/")
        || has("/transfer")
        || path.starts_with("orgs/") && method != "GET" && !has("/issues")
    {
        m.mark(CHANGED | Traits::DISABLES_SECURITY, "changes the settings of a repository");
    }
    Value::unknown(Flow::OUTPUT)
}

fn ansible(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::of(
        args,
        "i inventory m module-name a args u user l limit e extra-vars f forks t tags c connection become-user vault-password-file private-key",
    );
    if parsed.has(&["C", "check", "syntax-check", "list-hosts", "list-tasks", "list-tags"]) {
        return Value::unknown(Flow::OUTPUT);
    }
    let local = parsed.operand(0) == "localhost"
        || parsed.value(&["c", "connection"]).is_some_and(|value| value.text == "local");
    if name == "ansible" {
        let module = parsed.value(&["m", "module-name"]).map_or("command", |value| value.text.as_str()).to_owned();
        let text = parsed.value(&["a", "args"]).cloned().unwrap_or_default();
        match module.rsplit('.').next().unwrap_or("") {
            "ping" | "setup" | "debug" | "stat" => return Value::unknown(Flow::OUTPUT),
            "command" | "shell" | "raw" | "script" if local => {
                m.run_text(&text);
                return Value::unknown(Flow::OUTPUT);
            }
            "file" if local && text.text.contains("state=absent") => {
                let path =
                    text.text.split_whitespace().find_map(|field| field.strip_prefix("path=")).unwrap_or("").to_owned();
                m.destroy(&Value::known(path), true);
                return Value::unknown(Flow::OUTPUT);
            }
            _ => {}
        }
    }
    m.mark(CHANGED, "changes other machines");
    Value::unknown(Flow::OUTPUT)
}
