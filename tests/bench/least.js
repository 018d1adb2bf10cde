/**
 * The least that a Deno program does which looks at Linux's processes: it opens the C library, lists
 * /proc, and reads the link to each executable. What ocmem takes more is its own.
 */

const libc = Deno.args[0];
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const path = (text) => encoder.encode(`${text}\0`);
const { symbols } = Deno.dlopen(libc, {
  fopen: { parameters: ["buffer", "buffer"], result: "pointer" },
  fileno: { parameters: ["pointer"], result: "i32" },
  fclose: { parameters: ["pointer"], result: "i32" },
  getdirentries64: { parameters: ["i32", "buffer", "usize", "buffer"], result: "isize" },
  readlink: { parameters: ["buffer", "buffer", "usize"], result: "isize" },
});

const buffer = new Uint8Array(1 << 16);
const position = new BigInt64Array(1);
const directory = symbols.fopen(path("/proc"), path("re"));
const pids = [];
for (;;) {
  const size = BigInt(buffer.length);
  const fd = symbols.fileno(directory);
  const length = Number(symbols.getdirentries64(fd, buffer, size, position));
  if (length <= 0) break;
  // struct dirent: d_reclen at 16, d_name at 19.
  for (let at = 0; at < length; at += buffer[at + 16] | buffer[at + 17] << 8) {
    const name = decoder.decode(buffer.subarray(at + 19, buffer.indexOf(0, at + 19)));
    if (name >= "0" && name < ":") pids.push(name);
  }
}
symbols.fclose(directory);
let found = 0;
for (const pid of pids) {
  const length = Number(symbols.readlink(path(`/proc/${pid}/exe`), buffer, 4096n));
  if (length > 0 && decoder.decode(buffer.subarray(0, length)).endsWith("/opencode")) found++;
}
Deno.stdout.writeSync(encoder.encode(`${pids.length} ${found}\n`));
