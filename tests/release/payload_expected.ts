/** What the metadata of an executable has to be, to the last key: a new key of Deno's is for people to judge. */

/** Deno's own V8 flags, which come before a program's. */
const DENO_V8_FLAGS = [
  "UNUSED_BUT_NECESSARY_ARG0",
  "--stack-size=1024",
  "--inspector-live-edit",
  "--external-memory-max-reasonable-size=0",
];

/**
 * Where code may be imported from if nothing is said (`deno compile --help`, --allow-import). Deno writes
 * it down whatever is denied, and what is denied counts.
 */
const DEFAULT_IMPORTS = [
  "jsr.io:443",
  "deno.land:443",
  "esm.sh:443",
  "raw.esm.sh:443",
  "cdn.jsdelivr.net:443",
  "raw.githubusercontent.com:443",
  "gist.githubusercontent.com:443",
];

/** Kinds of grants; of the last two nothing can be ignored. */
const GRANTS = ["env", "net", "ffi", "read", "run", "sys", "write", "import"];
const IGNORABLE = ["env", "read"];

/**
 * Deno's permissions for flags as they are written: a list is what is granted, an empty one grants all,
 * null nothing. Throws at a flag that is not about permissions, prompts or V8.
 */
export function permissionsOf(flags: readonly string[]): Record<string, unknown> {
  const permissions: Record<string, unknown> = { prompt: true };
  for (const kind of GRANTS) {
    permissions[`allow_${kind}`] = kind === "import" ? DEFAULT_IMPORTS : null;
    permissions[`deny_${kind}`] = null;
    if (IGNORABLE.includes(kind)) permissions[`ignore_${kind}`] = null;
  }
  for (const flag of flags) {
    const [, how, kind, value] = /^--(allow|deny)-([a-z]+)(?:=(.+))?$/.exec(flag) ?? [];
    if (how !== undefined && GRANTS.includes(kind!)) {
      permissions[`${how}_${kind}`] = value?.split(",") ?? [];
    } else if (flag === "--no-prompt") permissions.prompt = false;
    else if (!flag.startsWith("--v8-flags=")) throw new Error(`Cannot expect anything of ${flag}`);
  }
  return permissions;
}

/** The whole metadata of a program that is compiled with these flags. */
export function metadataOf(flags: readonly string[]): Record<string, unknown> {
  const v8 = flags.filter((flag) => flag.startsWith("--v8-flags="));
  return {
    argv: [],
    seed: null,
    // A cache would be a file of a known name where all users may write.
    code_cache_key: null,
    permissions: permissionsOf(flags),
    location: null,
    v8_flags: [...DENO_V8_FLAGS, ...v8.flatMap((flag) => flag.split(/=(.*)/s)[1]!.split(","))],
    // Deno's own messages are those of errors, as --quiet says when an executable is made.
    log_level: "ERROR",
    ca_stores: null,
    ca_data: null,
    unsafely_ignore_certificate_errors: null,
    env_vars_from_env_file: {},
    workspace_resolver: {
      import_map: null,
      jsr_pkgs: [],
      package_jsons: {},
      pkg_json_resolution: "Enabled",
      catalogs: {},
    },
    entrypoint_key: "ocmem.js",
    preload_modules: [],
    require_modules: [],
    node_modules: null,
    unstable_config: {
      legacy_flag_enabled: false,
      detect_cjs: false,
      lazy_dynamic_imports: false,
      raw_imports: false,
      sloppy_imports: false,
      npm_lazy_caching: false,
      tsgo: false,
      features: [],
    },
    // Whoever makes it may have OTEL_DENO set: it must not make every user's executable export.
    otel_config: {
      tracing_enabled: false,
      metrics_enabled: false,
      console: "Ignore",
      deterministic_prefix: null,
      propagators: [],
    },
    // Of the machine that makes it: macOS takes Name and name for the same file.
    vfs_case_sensitivity: Deno.build.os === "darwin" ? "i" : "s",
    app_name: "ocmem",
  };
}
