/** Whether metrics are exported: read with every command, so it loads nothing. */

/** The variables of Deno that turn its exporter on: all that it exports, or metrics alone. */
export type Switch = "OTEL_DENO" | "OTEL_DENO_METRICS";

/** Whether the environment has Deno export metrics. Deno takes `true` and `false` and nothing else. */
export function wantsExport(env: (name: Switch) => string | undefined): boolean {
  const metrics = env("OTEL_DENO_METRICS")?.toLowerCase();
  if (metrics === "true" || metrics === "false") return metrics === "true";
  return env("OTEL_DENO")?.toLowerCase() === "true";
}
