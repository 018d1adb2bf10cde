/** `ocmem show PID`: everything about one process. */

import { hasEnded, limitsOf } from "../classify.ts";
import { UsageError } from "../errors.ts";
import { type Look, look, type Looked } from "../look.ts";
import { judgeOrphan } from "../orphan.ts";
import { ProcessTree } from "../process_tree.ts";
import { RememberingProbe } from "../remember.ts";
import type { Report } from "../report/report.ts";
import {
  buildShow,
  type Findings,
  SHOW_FORMATS,
  type ShownStanding,
  type ShowReport,
} from "../report/show.ts";
import { sample } from "../sample.ts";
import { treeOf } from "../select.ts";
import { orphanFacts } from "../standing.ts";
import type { Instance } from "../types.ts";
import type { World } from "../world.ts";
import { withChildrenOf, withSessionsOf } from "./around.ts";
import type { ProcessFlags } from "./flags.ts";
import { formatOf } from "./format.ts";
import { reportOf } from "./judging.ts";
import { isUtf8 } from "./locale.ts";
import { selectionOf } from "./selection.ts";
import { pastIn } from "./show_past.ts";
import { styleOf } from "./style.ts";
import { thresholdsOf } from "./thresholds.ts";

/** Runs the command and returns its exit code, 0 whatever the level. */
export async function show(
  flags: ProcessFlags,
  words: readonly string[],
  world: World,
): Promise<number> {
  const format = await SHOW_FORMATS[formatOf(flags, "json", "text")]();
  const report = await findOut(Number(words[0]), flags, world);
  world.stdout.write(format(report, { ...styleOf(world, flags), isAscii: !isUtf8(world) }));
  return 0;
}

/** Looks at the machine once, then asks all that can be asked about the one process. */
async function findOut(pid: number, flags: ProcessFlags, world: World): Promise<ShowReport> {
  const begin = world.elapsedMs();
  using probe = new RememberingProbe(world.openProbe(), world);
  if (pid === probe.ownPid) {
    throw new UsageError(`Cannot show ${pid}: that is ocmem itself, which never counts itself`);
  }
  const memoryBytes = probe.memoryBytes();
  const thresholds = thresholdsOf(flags, memoryBytes);
  const selection = await selectionOf({ names: flags.names, patterns: flags.patterns });
  const seen = look(probe, selection, world, { exact: false });
  const tree = new ProcessTree(probe, probe.processTable());
  const { looked, isKnown } = targetOf(pid, seen, tree, world);
  const member = looked.instance.members.find(({ info }) => info.key.pid === pid)!;
  const takenAtMs = world.nowMs();
  const frame = {
    ...{ toolVersion: world.version, takenAtMs, thresholds },
    host: { os: probe.os, arch: probe.arch, memoryBytes },
    durationMs: world.elapsedMs() - begin,
  };
  const showSecrets = flags["show-secrets"] ?? false;
  const judged = reportOf({ ...seen, found: [looked] }, frame, "normal", { showSecrets });
  const all = seen.found.map(({ instance }) => instance);
  const findings: Omit<Findings, "report" | "past"> = {
    ...{ pid, thresholds },
    directory: probe.directory(pid),
    ancestors: tree.ancestors(pid),
    parts: probe.memoryParts(member.info),
    ports: probe.ports(pid),
    standing: looked.samples.every(hasEnded)
      ? null
      : standingOf(looked.instance, all, probe, tree, takenAtMs),
  };
  const isWanted = isKnown && (flags.sessions ?? true);
  const options = { showSecrets, only: looked.instance.id };
  const report = isWanted
    ? await withSessionsOf(seen, judged, world, probe, options)
    : withChildrenOf({ ...seen, found: [looked] }, judged, options);
  const it = looked.samples[looked.instance.members.indexOf(member)]!;
  const { past, note } = await pastIn(world, flags, {
    ...{ process: member.info, machine: probe.machine() },
    limits: limitsOf(thresholds, member.role),
    footprintBytes: "reading" in it ? it.reading.footprintBytes : null,
  });
  return buildShow({ ...findings, report: noted(report, note), past });
}

interface Target {
  readonly looked: Looked;
  /** Whether it is a process of OpenCode, or one that is always looked for. */
  readonly isKnown: boolean;
}

/** The instance of a process, or it and all below it. Throws a UsageError if it is not there. */
function targetOf(pid: number, seen: Look, tree: ProcessTree, world: World): Target {
  const known = seen.found.find(({ instance }) =>
    instance.members.some(({ info }) => info.key.pid === pid)
  );
  const row = tree.get(pid);
  if (row === undefined) throw absent(pid);
  const instance = known?.instance ??
    treeOf(tree, seen.found.map((one) => one.instance), row);
  const samples = instance.members.map(({ info }, i) => {
    const isIt = info.key.pid === pid;
    // What is slow to read is read of this one alone.
    return known && !isIt ? known.samples[i]! : sample(tree.probe, info, world, { exact: isIt });
  });
  const it = samples.find(({ key }) => key.pid === pid)!;
  if ("missing" in it && it.missing === "gone") throw absent(pid);
  return { looked: { instance, samples }, isKnown: known !== undefined };
}

function absent(pid: number): UsageError {
  return new UsageError(
    `Cannot show ${pid}: no such process, or the system hides it. ocmem list shows those of OpenCode`,
  );
}

function standingOf(
  instance: Instance,
  all: readonly Instance[],
  probe: RememberingProbe,
  tree: ProcessTree,
  nowMs: number,
): ShownStanding {
  const facts = orphanFacts(instance, all, probe, nowMs);
  const { heir, hasTerminal, isService, opener } = facts;
  const parent = heir === null ? tree.get(instance.members[0]!.info.ppid) : undefined;
  return {
    pid: instance.main.info.key.pid,
    ...{ hasTerminal, isService, opener },
    parent: parent ? { pid: parent.key.pid, name: parent.name } : null,
    ...judgeOrphan(facts),
  };
}

function noted(report: Report, note: string | null): Report {
  return note === null ? report : { ...report, notes: [...report.notes, note] };
}
