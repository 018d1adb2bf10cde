/** Programs that read standard input. */

import type { Outcome } from "./command_line.ts";

/** Runs a program to its end, with this text on its standard input. */
export async function fed(
  program: string,
  args: readonly string[],
  input: string,
): Promise<Outcome> {
  const streams = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  await using process = new Deno.Command(program, { args: [...args], ...streams }).spawn();
  const ended = process.output();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await ended;
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
