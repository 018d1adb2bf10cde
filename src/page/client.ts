/** The modules of the page's script, each after those that it imports. They run in a browser, never here. */

import alerts from "./client/alerts.js" with { type: "text" };
import bytes from "./client/bytes.js" with { type: "text" };
import chart from "./client/chart.js" with { type: "text" };
import columns from "./client/columns.js" with { type: "text" };
import dom from "./client/dom.js" with { type: "text" };
import draw from "./client/draw.js" with { type: "text" };
import drawn from "./client/drawn.js" with { type: "text" };
import feed from "./client/feed.js" with { type: "text" };
import history from "./client/history.js" with { type: "text" };
import join from "./client/join.js" with { type: "text" };
import keys from "./client/keys.js" with { type: "text" };
import looks from "./client/looks.js" with { type: "text" };
import main from "./client/main.js" with { type: "text" };
import merge from "./client/merge.js" with { type: "text" };
import parts from "./client/parts.js" with { type: "text" };
import plot from "./client/plot.js" with { type: "text" };
import scene from "./client/scene.js" with { type: "text" };
import signs from "./client/signs.js" with { type: "text" };
import stats from "./client/stats.js" with { type: "text" };
import table from "./client/table.js" with { type: "text" };
import theme from "./client/theme.js" with { type: "text" };
import time from "./client/time.js" with { type: "text" };
import type { ClientModule } from "./inline.ts";

/** In the order in which they are put together. */
export const CLIENT_MODULES: readonly ClientModule[] = [
  { name: "bytes.js", text: bytes },
  { name: "time.js", text: time },
  { name: "alerts.js", text: alerts },
  { name: "stats.js", text: stats },
  { name: "history.js", text: history },
  { name: "merge.js", text: merge },
  { name: "join.js", text: join },
  { name: "drawn.js", text: drawn },
  { name: "scene.js", text: scene },
  { name: "columns.js", text: columns },
  { name: "looks.js", text: looks },
  { name: "keys.js", text: keys },
  { name: "feed.js", text: feed },
  { name: "dom.js", text: dom },
  { name: "theme.js", text: theme },
  { name: "draw.js", text: draw },
  { name: "plot.js", text: plot },
  { name: "signs.js", text: signs },
  { name: "chart.js", text: chart },
  { name: "table.js", text: table },
  { name: "parts.js", text: parts },
  { name: "main.js", text: main },
];
