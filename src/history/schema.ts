/** The tables of a history, and how an older file becomes one of this version. Data. */

/** "ocme" in ASCII: file(1) and others tell by it whose file this is (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x6f636d65;

/**
 * What each version adds to the one before it, the first to an empty file. A version that was published
 * never changes. `PRAGMA user_version` counts them.
 *
 * - `host`: a machine; `run`: a command that records on it, with the limits that it judges by.
 * - `series`: a process as a part of an instance, or the total of an instance, which has the identity of
 *   its main process. `alone`: an instance of nothing but a process that was asked for by its pid. Kept
 *   for ever, with its highest reading.
 * - `look`: a time at which all was read; `sample`: what was read of a series. NULL: not read.
 * - `hour`: what is left of the samples of an hour when they are older than is kept. Each of them stands
 *   until the next one, also over the end of the hour.
 * - `event`: what happened, kept for ever. `json`: as a line of `watch --format ndjson`.
 *
 * Times are milliseconds since 1970, but for `hour.hour`, which counts hours; sizes are bytes. Samples
 * stand in the order of time, so that what comes is written at the end and what is old goes from the
 * start: pages are full.
 */
export const VERSIONS: readonly string[] = [`
CREATE TABLE host (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  os TEXT NOT NULL,
  arch TEXT NOT NULL,
  memory INTEGER NOT NULL,
  UNIQUE (name, os, arch)
) STRICT;
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  host INTEGER NOT NULL REFERENCES host,
  version TEXT NOT NULL,
  command TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  interval INTEGER NOT NULL,
  thresholds TEXT NOT NULL
) STRICT;
CREATE TABLE text (
  id INTEGER PRIMARY KEY,
  value TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  host INTEGER NOT NULL REFERENCES host,
  instance INTEGER REFERENCES series,
  alone INTEGER NOT NULL,
  pid INTEGER NOT NULL,
  started TEXT NOT NULL,
  boot TEXT NOT NULL,
  ppid INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  role TEXT NOT NULL,
  name INTEGER NOT NULL REFERENCES text,
  directory INTEGER REFERENCES text,
  command INTEGER REFERENCES text,
  peak INTEGER,
  peak_at INTEGER
) STRICT;
CREATE UNIQUE INDEX series_identity
  ON series (pid, started, boot, host, coalesce(instance, 0), alone);
CREATE TABLE look (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX look_at ON look (at);
CREATE TABLE sample (
  look INTEGER NOT NULL,
  series INTEGER NOT NULL,
  footprint INTEGER,
  resident INTEGER,
  PRIMARY KEY (look, series)
) STRICT, WITHOUT ROWID;
CREATE TABLE hour (
  hour INTEGER NOT NULL,
  series INTEGER NOT NULL,
  count INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  first INTEGER,
  last INTEGER,
  min INTEGER,
  max INTEGER,
  max_at INTEGER,
  mean REAL,
  covered INTEGER NOT NULL,
  over_warning INTEGER NOT NULL,
  over_critical INTEGER NOT NULL,
  PRIMARY KEY (hour, series)
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run,
  series INTEGER REFERENCES series,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  level TEXT,
  json TEXT NOT NULL
) STRICT;
CREATE INDEX event_at ON event (at);
`];
