/**
 * Plays an OpenCode that grows: run by the Deno runtime under the name `opencode`, it starts the
 * children that its arguments name and then holds as many MiB as each line of its input says.
 */

const MIB = 1024 * 1024;
const PAGE = 4096;
const [helperScript] = Deno.args;

const children = [
  // A language server, run by OpenCode's own executable: its role is helper.
  new Deno.Command(Deno.execPath(), { args: ["run", helperScript!], stdin: "piped" }),
  // An MCP server by a shell, as many are started: its role is child.
  new Deno.Command("sh", { args: ["-c", "cat; true", "demo-mcp-server"], stdin: "piped" }),
].map((command) => command.spawn());

const held: Uint8Array[] = [];

function hold(mebibytes: number): void {
  while (held.length < mebibytes) {
    const block = new Uint8Array(MIB);
    // Memory counts once it is touched.
    for (let at = 0; at < MIB; at += PAGE) block[at] = 1;
    held.push(block);
  }
}

const encoder = new TextEncoder();
const input = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
for await (const line of input) {
  hold(Number(line));
  await Deno.stdout.write(encoder.encode("held\n"));
}
// The input has ended: so do the children, whose input ends with this process's.
for (const child of children) {
  await child.stdin.close();
  await child.status;
}
