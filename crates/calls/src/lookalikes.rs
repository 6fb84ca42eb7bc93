//! Names of packages that are nearly those of well-known ones.

const NPM: &[&str] = &[
    "react", "react-dom", "lodash", "express", "axios", "typescript", "webpack", "eslint", "prettier", "moment", "chalk", "commander", "request", "async", "debug", "jquery", "vue", "next", "vite", "vitest", "babel-core", "cross-env", "dotenv", "mongoose", "mongodb", "socket.io", "bluebird", "underscore", "rxjs", "redux",
    "styled-components", "tailwindcss", "jest", "mocha", "create-react-app", "create-vite", "create-next-app", "nodemailer", "discord.js", "puppeteer", "playwright", "electron", "node-sass", "gulp", "grunt", "bootstrap", "colors", "yargs", "uuid", "semver", "node-fetch", "body-parser", "passport", "bcrypt", "jsonwebtoken", "sequelize",
    "prisma", "zod", "nodemon", "pm2", "winston", "morgan", "cors", "helmet", "graphql", "apollo-server", "crypto-js", "web3", "ethers", "ts-node", "tsx", "esbuild", "rollup", "svelte", "angular", "nuxt", "fastify", "koa", "hono", "inquirer", "rimraf", "glob", "minimist", "left-pad", "date-fns", "dayjs", "immer", "zustand", "openai", "husky", "lint-staged", "fs-extra",
];
const PYPI: &[&str] = &[
    "requests", "numpy", "pandas", "flask", "django", "urllib3", "setuptools", "python-dateutil", "beautifulsoup4", "matplotlib", "scipy", "tensorflow", "torch", "scikit-learn", "pillow", "cryptography", "boto3", "botocore", "pyyaml", "jinja2", "sqlalchemy", "pytest", "selenium", "fastapi", "uvicorn", "pydantic", "aiohttp", "click", "colorama",
    "opencv-python", "tqdm", "six", "certifi", "idna", "paramiko", "psycopg2", "redis", "celery", "httpx", "rich", "typer", "black", "ruff", "mypy", "openai", "anthropic", "langchain", "transformers", "websockets", "discord.py", "lxml", "scrapy", "gunicorn", "pipenv", "poetry", "virtualenv", "wheel", "keras", "streamlit", "pymongo", "tabulate", "pyarrow", "polars", "ipython", "jupyter",
];
const CRATES: &[&str] = &["serde", "serde_json", "tokio", "rand", "clap", "regex", "reqwest", "anyhow", "thiserror", "syn", "quote", "libc", "hyper", "axum", "tracing", "chrono", "rayon", "itertools", "futures", "rust_decimal", "once_cell", "lazy_static", "log", "env_logger", "uuid", "ripgrep", "actix-web", "diesel", "sqlx", "bindgen"];
const GEMS: &[&str] = &["rails", "rake", "bundler", "sidekiq", "devise", "nokogiri", "puma", "rspec", "rubocop", "activerecord", "sinatra", "jekyll", "capistrano", "redis", "faraday", "httparty", "rest-client", "atlas_client"];
const COMPOSER: &[&str] = &["laravel/framework", "symfony/symfony", "guzzlehttp/guzzle", "monolog/monolog", "phpunit/phpunit", "symfony/console", "doctrine/orm", "nesbot/carbon", "twig/twig"];

/// Real packages that only look like a slip.
const REAL: &[&str] = &[
    "preact", "redis", "vuex", "jest", "koa", "nest", "ruff", "rust", "hyper", "nuxt", "moment", "zod", "tsx", "pillow", "rich", "click", "typer", "async", "gulp", "log", "rand", "syn", "rake", "puma", "uuid", "cors", "yarn", "rollup", "httpx", "https", "next", "text", "test", "lodash-es", "ky", "got", "ora", "pino", "ws", "tap", "ava", "swr", "clsx", "nano", "lxml", "dash", "flask", "black", "blake3", "isort", "nox", "tox", "attrs", "react-is",
    "vitest", "immer", "torch", "vite", "mocha", "hono", "glob", "globs", "debug", "colors", "color", "chalk", "redux", "reselect", "requests", "request", "numba", "pymongo", "aiodns", "yargs-parser", "serde_yaml", "clap_derive", "slog", "regexp", "libz", "quota", "mongodb", "rxjs", "express", "prisma", "prism", "pydantic", "pydantic-ai", "faker", "pandas", "polars", "mypy", "pip", "wheel",
];

/// The well-known package that a name is one slip away from.
pub(crate) fn near(spec: &str, ecosystem: &str) -> Option<&'static str> {
    let known: &[&str] = match ecosystem {
        "npm" | "npm-create" => NPM,
        "pypi" => PYPI,
        "crates" => CRATES,
        "gem" => GEMS,
        "composer" => COMPOSER,
        _ => return None,
    };
    let mut name = spec.split(['=', '<', '>', '~', '!', '[', ';', ' ', ':']).next().unwrap_or(spec);
    if let Some(at) = name.rfind('@').filter(|at| *at > 0) {
        name = name.get(..at).unwrap_or(name);
    }
    let lower = name.to_ascii_lowercase();
    if lower.len() < 4 || lower.starts_with(['.', '/', '@', '-']) || REAL.contains(&lower.as_str()) || known.contains(&lower.as_str()) {
        return None;
    }
    let plain = |text: &str| -> String { text.chars().filter(|c| c.is_ascii_alphanumeric()).collect() };
    known.iter().find(|real| {
        let squeezed = plain(real);
        // `crossenv` for `cross-env`; `beautifulsoup` for `beautifulsoup4`.
        if plain(&lower) == squeezed && real.contains(['-', '_', '.']) {
            return !matches!((lower.as_str(), **real), ("socketio", _) | ("discordjs", _) | (_, "python-dateutil"))
                && !(ecosystem == "pypi" && lower.replace(['_', '.'], "-") == **real) && !(ecosystem == "crates" && lower.replace('_', "-") == real.replace('_', "-"));
        }
        if real.len() >= 6 && squeezed.trim_end_matches(|c: char| c.is_ascii_digit()) == lower && **real != lower && squeezed.ends_with(|c: char| c.is_ascii_digit()) {
            return true;
        }
        real.len() >= 5 && one_slip(&lower, real)
    }).copied()
}

/// One character too many, too few, another, or two exchanged.
fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 || a == b {
        return false;
    }
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (longer, shorter) = (a.len().max(b.len()), a.len().min(b.len()));
    if a.len() != b.len() {
        return start + end >= shorter;
    }
    if start + end + 1 >= longer {
        return true;
    }
    start + end + 2 >= longer && a.get(start) == b.get(start + 1) && a.get(start + 1) == b.get(start)
}
