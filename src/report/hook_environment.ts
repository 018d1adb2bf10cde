/** An event as environment variables. */

import type { EventRecord } from "./event.ts";
import { jsonEvent } from "./event_json.ts";

/** Every variable that a hook can find, in the order of the documentation, by its key in JSON. */
const VARIABLES: Readonly<Record<string, string>> = {
  OCMEM_EVENT: "event",
  OCMEM_AT: "at",
  OCMEM_MESSAGE: "message",
  OCMEM_SUBJECT: "subject",
  OCMEM_INSTANCE: "instance",
  OCMEM_PID: "pid",
  OCMEM_ROLE: "role",
  OCMEM_NAME: "name",
  OCMEM_DIRECTORY: "cwd",
  OCMEM_LEVEL: "level",
  OCMEM_PREVIOUS_LEVEL: "previous_level",
  OCMEM_FOOTPRINT_BYTES: "footprint_bytes",
  OCMEM_LIMIT_BYTES: "limit_bytes",
  OCMEM_PEAK_BYTES: "peak_bytes",
  OCMEM_SLOPE_BYTES_PER_MINUTE: "slope_bytes_per_minute",
  OCMEM_SECONDS_TO_CRITICAL: "seconds_to_critical",
  OCMEM_COUNT: "count",
};

/** Their names. */
export const HOOK_VARIABLES: readonly string[] = Object.keys(VARIABLES);

/**
 * The variables of an event: the values of its JSON. What it has not is empty, not absent: a hook must
 * not find what the environment of ocmem itself holds under the same name.
 */
export function hookEnvironment(event: EventRecord): Record<string, string> {
  const json = jsonEvent(event);
  return Object.fromEntries(
    Object.entries(VARIABLES).map(([name, key]) => [name, String(json[key] ?? "")]),
  );
}
