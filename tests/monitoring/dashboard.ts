/** The dashboard, as these tests read it. */

import { ROOT } from "../support.ts";

export interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly datasource: Source;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets: readonly Target[];
  readonly fieldConfig: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

export interface Target {
  readonly refId: string;
  readonly datasource: Source;
  readonly expr: string;
  readonly legendFormat?: string;
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly allValue?: string;
}

interface Source {
  readonly type: string;
  readonly uid: string;
}

export function dashboard(): Dashboard {
  return JSON.parse(Deno.readTextFileSync(`${ROOT}monitoring/grafana-dashboard.json`));
}

/** A query as Grafana sends it, with a value for each variable. */
export function substituted(query: string, values: Readonly<Record<string, string>>): string {
  return query.replace(/\$\{?(\w+)\}?/g, (whole, name) => {
    if (values[name] === undefined) throw new Error(`There is no variable ${whole}`);
    return values[name];
  });
}

/** The values of "All". */
export function all({ templating }: Dashboard): Record<string, string> {
  return Object.fromEntries(templating.list.map(({ name, allValue }) => [name, allValue ?? name]));
}
