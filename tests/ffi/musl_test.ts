/** What linux_abi.ts takes for granted, held against the headers and the libraries of three libcs. */

import assert from "node:assert/strict";
import {
  CLOCK,
  DIRENT,
  ERRNO,
  LIBC_PATHS,
  LIBC_SYMBOLS,
  TIMESPEC_SIZE,
} from "../../src/ffi/linux_abi.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";

interface Libc {
  readonly name: string;
  readonly compiler: string;
  /** The library with the functions. */
  readonly library: string;
}

const X64 = Deno.build.arch === "x86_64";
const LIBCS: readonly Libc[] = [
  { name: "musl", compiler: "musl-gcc", library: `/lib/ld-musl-${Deno.build.arch}.so.1` },
  { name: "glibc", compiler: "gcc", library: LIBC_PATHS[Deno.build.arch]?.find(exists) ?? "" },
  ...X64
    ? [{
      name: "glibc on arm64",
      compiler: "aarch64-linux-gnu-gcc",
      library: "/usr/aarch64-linux-gnu/lib/libc.so.6",
    }]
    : [],
];

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Name of a C function → a pointer type that it must fit. */
const PROTOTYPES: Readonly<Record<keyof typeof LIBC_SYMBOLS, string>> = {
  fopen: "FILE *(*)(const char *, const char *)",
  fileno: "int (*)(FILE *)",
  read: "ssize_t (*)(int, void *, size_t)",
  fclose: "int (*)(FILE *)",
  getdirentries64: "ssize_t (*)(int, char *, size_t, off64_t *)",
  getdents: "int (*)(int, struct dirent *, size_t)",
  readlink: "ssize_t (*)(const char *, char *, size_t)",
  clock_gettime: "int (*)(clockid_t, struct timespec *)",
  memcpy: "void *(*)(void *, const void *, size_t)",
  __errno_location: "int *(*)(void)",
};

/** Size in bytes of what stands for a C type in the symbols table. */
const SIZES: Readonly<Record<string, number>> = {
  buffer: 8,
  pointer: 8,
  usize: 8,
  isize: 8,
  i32: 4,
};

/** Conditions that the headers must meet, as C expressions. */
function conditions(): string[] {
  return [
    `offsetof(struct dirent, d_reclen) == ${DIRENT.reclen}`,
    "sizeof ((struct dirent *)0)->d_reclen == 2",
    `offsetof(struct dirent, d_name) == ${DIRENT.name}`,
    `sizeof(struct timespec) == ${TIMESPEC_SIZE}`,
    "offsetof(struct timespec, tv_sec) == 0 && sizeof(time_t) == 8",
    "offsetof(struct timespec, tv_nsec) == 8 && sizeof(long) == 8",
    ...Object.entries(CLOCK).map(([name, value]) => `CLOCK_${name} == ${value}`),
    ...Object.entries(ERRNO).map(([name, value]) => `${name} == ${value}`),
    `sizeof(clockid_t) == ${SIZES.i32} && sizeof(int) == ${SIZES.i32}`,
    `sizeof(size_t) == ${SIZES.usize} && sizeof(ssize_t) == ${SIZES.isize}`,
    `sizeof(void *) == ${SIZES.pointer}`,
    "sizeof errno == 4 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__",
    // PATH_MAX of the longest link, as linux.ts reads them.
    "PATH_MAX == 4096",
  ];
}

/** The one of the two functions for directories that this libc has not. */
function missingIn(libc: string): string {
  return libc === "musl" ? "getdirentries64" : "getdents";
}

function source(libc: string): string {
  const headers = ["dirent.h", "errno.h", "limits.h", "stddef.h", "stdio.h", "string.h", "time.h"];
  return [
    "#define _GNU_SOURCE",
    ...[...headers, "sys/types.h", "unistd.h"].map((header) => `#include <${header}>`),
    ...conditions().map((condition) => `_Static_assert(${condition}, "");`),
    ...Object.entries(PROTOTYPES).filter(([name]) => name !== missingIn(libc)).map((
      [name, type],
      i,
    ) => `${type.replace("(*)", `(*p${i})`)} = ${name};`),
    "",
  ].join("\n");
}

function run(program: string, args: readonly string[]): string {
  const { success, stdout, stderr } = new Deno.Command(program, { args: [...args] }).outputSync();
  const text = new TextDecoder();
  assert(success, `${program} ${args.join(" ")}: ${text.decode(stderr)}`);
  return text.decode(stdout);
}

for (const { name, compiler, library } of LIBCS) {
  const needs = { Linux: Deno.build.os === "linux", [compiler]: hasProgram(compiler) };

  live(`layouts, constants and prototypes are those of ${name}`, needs, () => {
    using folder = temporaryFolder();
    const file = `${folder.path}/facts.c`;
    const strict = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"];
    const compile = (text: string) => {
      Deno.writeTextFileSync(file, text);
      run(compiler, [...strict, "-c", file, "-o", `${folder.path}/facts.o`]);
    };
    compile(source(name));
    // The compiler does look: a wrong fact and a wrong prototype are refused.
    const wrongFact = `${source(name)}_Static_assert(offsetof(struct dirent, d_name) == 18, "");\n`;
    assert.throws(() => compile(wrongFact), /static assertion failed/);
    assert.throws(() => compile(source(name).replace("int (*p3)", "long (*p3)")), /incompatible/);
  });

  live(`every function is exported by ${name}`, {
    ...needs,
    nm: hasProgram("nm"),
    [library || `libc of ${name}`]: exists(library),
  }, () => {
    const lines = run("nm", ["-D", "--defined-only", library]).split("\n");
    const exported = new Set(lines.map((line) => line.split(" ").at(-1)!.split("@")[0]));
    for (const symbol of Object.keys(LIBC_SYMBOLS)) {
      assert.equal(exported.has(symbol), symbol !== missingIn(name), symbol);
    }
    assert(!exported.has("no_such_function"));
  });
}

live("the symbols table says what the prototypes say", {}, () => {
  for (const [name, { parameters, result }] of Object.entries(LIBC_SYMBOLS)) {
    const prototype = PROTOTYPES[name as keyof typeof PROTOTYPES];
    const [, returned, taken] = /^(.*)\(\*\)\((.*)\)$/.exec(prototype)!;
    const kinds = taken === "void" ? [] : taken!.split(", ").map(sizeOf);
    assert.deepEqual([...parameters].map((type) => SIZES[type]), kinds, name);
    assert.equal(SIZES[result], sizeOf(returned!), name);
  }
});

/** Size of a C type on a 64-bit machine. */
function sizeOf(type: string): number {
  if (type.includes("*") || type.includes("size_t")) return 8;
  return type.trim() === "int" || type === "clockid_t" ? 4 : NaN;
}
