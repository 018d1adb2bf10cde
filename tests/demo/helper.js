// Plays a language server: waits until its input ends.
for await (const _ of Deno.stdin.readable);
