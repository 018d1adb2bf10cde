/** The colours of the style sheet: enough contrast, and told apart by those who see fewer colours. */

import assert from "node:assert/strict";
import style from "../../src/page/page.css" with { type: "text" };
import { COLOURS } from "../../src/page/client/looks.js";
import { pure } from "../support.ts";

type Three = readonly [number, number, number];

/** Machado, Oliveira and Fernandes 2009, in full; linear RGB. */
const VISIONS: Readonly<Record<string, readonly [Three, Three, Three]>> = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [
    -0.003882,
    -0.048116,
    1.051998,
  ]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [
    -0.01182,
    0.04294,
    0.968881,
  ]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [
    0.004733,
    0.691367,
    0.303900,
  ]],
};

/** The colours of each theme, as the style sheet has them. */
const THEMES = {
  light: /^:root \{([^}]*)\}/m,
  dark: /prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/,
  print: /@media print \{\s*:root \{([^}]*)\}/,
};

function coloursOf(theme: RegExp): Map<string, Three> {
  const [, block = ""] = theme.exec(style) ?? [];
  return new Map(
    [...block.matchAll(/--(\w+): #(\w{6});/g)].map(([, name, hex]) => [name!, linear(hex!)]),
  );
}

function linear(hex: string): Three {
  const of = (from: number) => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [of(0), of(2), of(4)];
}

function luminance([red, green, blue]: Three): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** As WCAG 2 has it, from 1 to 21. */
function contrast(a: Three, b: Three): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function lab(colour: Three): Three {
  const [r, g, b] = colour;
  const of = (t: number) => t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
  const x = of((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = of(luminance(colour));
  const z = of((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

for (const [theme, pattern] of Object.entries(THEMES)) {
  const colours = coloursOf(pattern);
  const page = colours.get("page")!;
  const series = Array.from({ length: COLOURS }, (_, i) => colours.get(`s${i}`)!);

  pure(`${theme}: text has a contrast of 4.5, lines have one of 3`, () => {
    for (const name of ["ink", "soft", "warning", "critical"]) {
      assert.ok(contrast(colours.get(name)!, page) >= 4.5, name);
      assert.ok(contrast(colours.get(name)!, colours.get("plate")!) >= 4.5, name);
    }
    for (const [i, colour] of series.entries()) assert.ok(contrast(colour, page) >= 3, `s${i}`);
  });

  for (const [vision, rows] of Object.entries(VISIONS)) {
    pure(`${theme}: no two series look alike, ${vision}`, () => {
      const seen = series.map((colour) =>
        lab(rows.map((row) => dot(row, colour)) as unknown as Three)
      );
      seen.forEach((a, i) => {
        // 2.3 is just noticed when side by side; lines are thin and far apart.
        for (const b of seen.slice(i + 1)) {
          assert.ok(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) > 15);
        }
      });
    });
  }
}

function dot(a: Three, b: Three): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
